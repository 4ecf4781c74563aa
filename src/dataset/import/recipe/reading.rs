//! `[read]`: which files, how they are packed, encoded and written.

use encoding_rs::Encoding;

use super::filled;
use crate::dataset::table::Dialect;
use crate::diagnostic::{Place, Problem, quote};
use crate::document::Fields;

/// The most MiB that may come out of an archive where the recipe does not say.
const MOST_UNPACKED_MB: u64 = 1024;

/// The separator of records in ASCII, which hardly any text holds.
const STANDS_FOR_DELIMITER: u8 = 0x1e;

/// Every form with its name in recipes.
pub const FORMS: [(&str, FormName); 8] = [
    ("delimited", FormName::Delimited),
    ("aligned", FormName::Aligned),
    ("json-lines", FormName::JsonLines),
    ("json", FormName::Json),
    ("xlsx", FormName::Xlsx),
    ("parquet", FormName::Parquet),
    ("arrow", FormName::Arrow),
    ("spss", FormName::Spss),
];

/// The forms by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormName {
    /// Delimited text.
    Delimited,
    /// Files of one line a case.
    Aligned,
    /// One JSON object a line.
    JsonLines,
    /// An array of JSON objects.
    Json,
    /// An Excel workbook.
    Xlsx,
    /// Apache Parquet.
    Parquet,
    /// Arrow IPC.
    Arrow,
    /// SPSS.
    Spss,
}

/// Delimited text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delimited {
    /// How it is written.
    pub dialect: Dialect,
    /// A delimiter of more than one byte; that of the dialect stands for it while the file is read.
    pub long_delimiter: Option<String>,
    /// The names of the columns, in place of the header.
    pub names: Vec<String>,
    /// Lines before the first row.
    pub skip: u64,
    /// Lines that begin with this are no rows.
    pub comment: Option<String>,
    /// The column that takes what a row has too much of.
    pub overflow: Option<String>,
    /// Leave rows of another width out.
    pub drop_ragged: bool,
}

/// Files whose lines belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aligned {
    /// Names of columns and their files.
    pub files: Vec<(String, String)>,
    /// The file that maps ids to names, for labels and predictions.
    pub mapping: Option<String>,
    /// Lines that begin with this are no rows.
    pub comment: Option<String>,
}

/// A sheet of a workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workbook {
    /// The sheet; the only one where it is not named.
    pub sheet: Option<String>,
    /// The row of the header, counted from 1.
    pub header_row: Option<u64>,
    /// First and last column, first and last row, counted from 0.
    pub range: Option<[u32; 4]>,
    /// Whether there is a header.
    pub header: bool,
    /// The names of the columns, in place of the header.
    pub names: Vec<String>,
}

/// How the source is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Delimited text.
    Delimited(Delimited),
    /// Files of one line a case.
    Aligned(Aligned),
    /// One JSON object a line.
    JsonLines,
    /// An array of JSON objects under a pointer.
    Json(String),
    /// An Excel workbook.
    Xlsx(Workbook),
    /// Apache Parquet.
    Parquet,
    /// Arrow IPC.
    Arrow,
    /// SPSS; whether labels take the place of values.
    Spss {
        /// Labels rather than values.
        labels: bool,
    },
}

/// Which files, and how they are written.
#[derive(Clone, Debug)]
pub struct Reading {
    /// How they are written.
    pub form: Form,
    /// The files inside the folder, as patterns; empty for the file that is given.
    pub files: Vec<String>,
    /// The encoding; UTF-8 where the recipe does not say.
    pub encoding: Option<&'static Encoding>,
    /// The file inside a zip archive.
    pub member: Option<String>,
    /// The most bytes that may come out of an archive.
    pub most_unpacked: u64,
    /// Where the recipe says so.
    pub place: Place,
}

impl Reading {
    /// How a file of a join or codebook is read where the recipe does not say: by the ending of its name.
    pub fn by_ending(file: &str, place: Place) -> Reading {
        let mut delimited = Delimited::default();
        if file.to_ascii_lowercase().contains(".tsv") {
            delimited.dialect.delimiter = b'\t';
        }
        Reading {
            form: Form::Delimited(delimited),
            files: Vec::new(),
            encoding: None,
            member: None,
            most_unpacked: MOST_UNPACKED_MB << 20,
            place,
        }
    }
}

pub(super) fn read_reading(read: Fields<'_>) -> Option<Reading> {
    let form = read.required_choice("form", &FORMS);
    let encoding = read.text("encoding").and_then(|name| {
        // The standard knows Latin-1 by other names, and reads all of them as windows-1252.
        let label = match name.to_ascii_lowercase().as_str() {
            "latin-1" => "latin1".to_owned(),
            _ => name.clone(),
        };
        let found = Encoding::for_label(label.as_bytes());
        if found.is_none() {
            read.problem(
                Problem::new(
                    "recipe/encoding",
                    read.place_of("encoding"),
                    format!("unknown encoding {}", quote(&name)),
                )
                .help("expected utf-8, windows-1252, latin-1, utf-16, or another name of the WHATWG Encoding Standard"),
            );
        }
        found
    });
    let mut files = read.texts("files");
    files.extend(filled(&read, "file"));
    let member = filled(&read, "member");
    let most_unpacked = read.count("most_unpacked_mb").unwrap_or(MOST_UNPACKED_MB);
    let place = read.place().clone();
    let form = form.map(|form| match form {
        FormName::Delimited => Form::Delimited(read_delimited(&read)),
        FormName::Aligned => Form::Aligned(read_aligned(&read)),
        FormName::JsonLines => Form::JsonLines,
        FormName::Json => Form::Json(read.text("pointer").unwrap_or_default()),
        FormName::Xlsx => Form::Xlsx(read_workbook(&read)),
        FormName::Parquet => Form::Parquet,
        FormName::Arrow => Form::Arrow,
        FormName::Spss => Form::Spss {
            labels: read
                .choice("values", &[("labels", true), ("codes", false)])
                .unwrap_or(true),
        },
    });
    // Which keys belong here depends on the form: without it none is called unknown.
    if form.is_some() {
        read.finish();
    }
    Some(Reading {
        form: form?,
        files,
        encoding,
        member,
        most_unpacked: most_unpacked.saturating_mul(1 << 20),
        place,
    })
}

fn read_delimited(read: &Fields<'_>) -> Delimited {
    let delimiter = read.text("delimiter").unwrap_or_else(|| ",".to_owned());
    let quoting = read.boolean("quoting").unwrap_or(true);
    let help = if delimiter.is_empty() || delimiter.contains(['\n', '\r']) {
        Some("expected what stands between the fields, as in \"|\" or \"\\t\"")
    } else if quoting && (delimiter.len() > 1 || delimiter == "\"") {
        Some("a delimiter of more than one ASCII character, or a quote, needs quoting = false")
    } else {
        None
    };
    if let Some(help) = help {
        read.problem(
            Problem::new(
                "recipe/delimiter",
                read.place_of("delimiter"),
                format!("delimiter is {}", quote(&delimiter)),
            )
            .help(help),
        );
    }
    let long = delimiter.len() > 1;
    Delimited {
        dialect: Dialect {
            delimiter: match delimiter.bytes().next() {
                Some(byte) if !long => byte,
                _ => STANDS_FOR_DELIMITER,
            },
            quoting,
            header: read.boolean("header").unwrap_or(true),
            trailing_delimiter: read.boolean("trailing_delimiter").unwrap_or(false),
        },
        long_delimiter: long.then_some(delimiter),
        names: read_names(read),
        skip: read.count("skip").unwrap_or(0),
        comment: filled(read, "comment"),
        overflow: filled(read, "overflow"),
        drop_ragged: read
            .choice("ragged", &[("refuse", false), ("drop", true)])
            .unwrap_or(false),
    }
}

fn read_aligned(read: &Fields<'_>) -> Aligned {
    let mut files = Vec::new();
    for key in ["text", "labels", "predictions"] {
        if let Some(file) = filled(read, key) {
            files.push((key.to_owned(), file));
        }
    }
    if let Some(columns) = read.table("columns") {
        let more = columns.named_texts().into_iter();
        files.extend(more.map(|(name, file, _)| (name, file)));
    }
    if files.is_empty() {
        read.missing("text", "the file of texts, or other files in `columns`");
    }
    Aligned {
        files,
        mapping: filled(read, "mapping"),
        comment: filled(read, "comment"),
    }
}

fn read_workbook(read: &Fields<'_>) -> Workbook {
    let range = filled(read, "range").and_then(|text| {
        let range = cells_of(&text);
        if range.is_none() {
            read.problem(
                Problem::new(
                    "recipe/range",
                    read.place_of("range"),
                    format!("range is {}", quote(&text)),
                )
                .help("expected two cells, as in \"B3:F200\""),
            );
        }
        range
    });
    Workbook {
        sheet: filled(read, "sheet"),
        header_row: read.count("header_row"),
        range,
        header: read.boolean("header").unwrap_or(true),
        names: read_names(read),
    }
}

/// Names of columns, each of them once.
fn read_names(read: &Fields<'_>) -> Vec<String> {
    let names = read.texts("names");
    for (place, name) in names.iter().enumerate() {
        if name.trim().is_empty() || names[..place].contains(name) {
            read.problem(
                Problem::new(
                    "recipe/names",
                    read.place_of("names"),
                    format!("the name {} is blank or stands twice", quote(name)),
                )
                .help("give every column a name of its own"),
            );
        }
    }
    names
}

/// `B3:F200` as first and last column, first and last row, counted from 0.
fn cells_of(range: &str) -> Option<[u32; 4]> {
    let cell = |text: &str| -> Option<(u32, u32)> {
        let letters = text.find(|c: char| !c.is_ascii_alphabetic())?;
        let (column, row) = text.split_at(letters);
        if column.is_empty() || column.len() > 3 {
            return None;
        }
        let column = column.bytes().fold(0, |place, letter| {
            place * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
        });
        Some((column - 1, row.parse::<u32>().ok()?.checked_sub(1)?))
    };
    let (from, to) = range.split_once(':')?;
    let ((left, top), (right, bottom)) = (cell(from.trim())?, cell(to.trim())?);
    (left <= right && top <= bottom).then_some([left, right, top, bottom])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_spreadsheets_write_them() {
        assert_eq!(cells_of("B3:F200"), Some([1, 5, 2, 199]));
        assert_eq!(cells_of("a1:AA1"), Some([0, 26, 0, 0]));
        for wrong in ["", "B3", "B0:C4", "F3:B200", "3:4", "ABCD1:ABCD2", "B3:"] {
            assert_eq!(cells_of(wrong), None, "{wrong}");
        }
    }
}
