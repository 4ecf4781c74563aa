//! Reads the files of an import into one table, and says how it read them.

use super::content::{Content, content};
use super::files::Source;
use super::look;
use super::recipe::Published;
use super::recipe::reading::{Delimited, Form, Reading};
#[cfg(feature = "spss")]
use super::spss;
use super::{Telling, aligned, workbook};
use crate::dataset::table::{Leniency, Table, without_comments};
use crate::diagnostic::{Place, Problem, Problems, counted, quote};

/// Reads all files of a source into one table.
///
/// # Errors
/// Every problem of the files, and columns that one file has and another lacks.
pub fn read(
    source: &Source,
    reading: &Reading,
    published: &[Published],
    telling: &mut Telling,
) -> Result<Table, Problems> {
    if let Form::Aligned(form) = &reading.form {
        let (table, how, comments) = aligned::read(source, reading, form)?;
        telling.count("comment lines", comments);
        telling.reading.push(how);
        return Ok(table);
    }
    let mut all: Option<Table> = None;
    let mut problems = Problems::new();
    // Files that are read in the same way are told of together.
    let mut ways: Vec<(String, usize, usize)> = Vec::new();
    for path in &source.files {
        let found = content(path, reading).and_then(|content| {
            let known = published.iter().find(|file| path.ends_with(&file.path));
            if known.is_some_and(|file| !file.sha256.is_empty() && file.sha256 != content.sha256) {
                telling.notice(format!(
                    "{} is not the file that the recipe was written for: its SHA-256 is {}",
                    content.name, content.sha256
                ));
            }
            one(content, reading, telling)
        });
        match found {
            Ok((table, way)) => {
                match ways.iter_mut().find(|(known, ..)| *known == way) {
                    Some((_, files, rows)) => (*files, *rows) = (*files + 1, *rows + table.rows()),
                    None => ways.push((way, 1, table.rows())),
                }
                match &mut all {
                    None => all = Some(table),
                    Some(all) => {
                        let blanks = matches!(reading.form, Form::JsonLines | Form::Json(_));
                        if let Err(more) = all.append(&table, blanks) {
                            problems.extend(more);
                        }
                    }
                }
            }
            Err(more) => problems.extend(more),
        }
    }
    problems.or(())?;
    for (way, files, rows) in ways {
        telling.reading.push(if source.files.len() == 1 {
            format!("{}, {way}", counted(rows, "row"))
        } else {
            format!(
                "{} of {}, {way}",
                counted(rows, "row"),
                counted(files, "file")
            )
        });
    }
    all.ok_or_else(|| {
        Problem::new(
            "import/from",
            Place::file(source.folder.display().to_string()),
            "no file is given",
        )
        .help("give a file or folder with --from")
        .into()
    })
}

/// Reads a second file of an import: for joins, codebooks and ratings.
///
/// # Errors
/// Those of the file.
pub fn side(
    source: &Source,
    file: &str,
    reading: &Reading,
    place: &Place,
    telling: &mut Telling,
) -> Result<Table, Problems> {
    if matches!(reading.form, Form::Aligned(_)) {
        return Err(Problem::new(
            "import/side-file",
            reading.place.clone(),
            "a second file cannot be aligned",
        )
        .help("expected form = \"delimited\" or another form of one file")
        .into());
    }
    let content = content(&source.path(file, place)?, reading)?;
    let (table, way) = one(content, reading, telling)?;
    let rows = table.rows();
    telling
        .reading
        .push(format!("{} of {file}, {way}", counted(rows, "row")));
    Ok(table)
}

/// The names in a file, one a line.
///
/// # Errors
/// Those of the file.
pub fn names(source: &Source, file: &str, place: &Place) -> Result<Vec<String>, Problems> {
    let reading = Reading::by_ending(file, place.clone());
    let content = content(&source.path(file, place)?, &reading)?;
    let text = String::from_utf8_lossy(&content.bytes).into_owned();
    let names: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
    Ok(names.into_iter().filter(|name| !name.is_empty()).collect())
}

/// Reads one file, and says how.
fn one(
    content: Content,
    reading: &Reading,
    telling: &mut Telling,
) -> Result<(Table, String), Problems> {
    let mut how = content.how;
    let table = match &reading.form {
        Form::Delimited(form) => {
            let short = char::from(form.dialect.delimiter).to_string();
            let mut words = vec![
                format!(
                    "delimiter {}",
                    quote(form.long_delimiter.as_deref().unwrap_or(&short))
                ),
                format!(
                    "quotes {}",
                    if form.dialect.quoting {
                        "enclose fields"
                    } else {
                        "are ordinary characters"
                    }
                ),
            ];
            if !form.dialect.header {
                words.push("no header".to_owned());
            }
            words.append(&mut how);
            how = words;
            delimited(&content.name, content.bytes, form, telling)?
        }
        Form::JsonLines => {
            how.insert(0, "JSON lines".to_owned());
            Table::from_json_lines(&content.name, &content.bytes)?
        }
        Form::Json(pointer) => {
            how.insert(0, "JSON".to_owned());
            Table::from_json(&content.name, &content.bytes, pointer)?
        }
        Form::Xlsx(form) => {
            let sheet = workbook::read(&content.name, &content.bytes, form, reading.most_unpacked)?;
            how.insert(0, format!("sheet {}", quote(&sheet.name)));
            if sheet.too_long > 0 {
                telling.notice(format!(
                    "{} in {} with more than 15 digits, of which a spreadsheet keeps 15: have such ids saved as text",
                    counted(sheet.too_long, "number"),
                    content.name
                ));
            }
            sheet.table
        }
        Form::Parquet => {
            how.insert(0, "Parquet".to_owned());
            Table::from_parquet(&content.name, content.bytes)?
        }
        Form::Arrow => {
            how.insert(0, "Arrow".to_owned());
            Table::from_arrow(&content.name, content.bytes)?
        }
        #[cfg(feature = "spss")]
        Form::Spss { labels } => {
            how.insert(0, "SPSS".to_owned());
            let bytes = &content.bytes;
            let answers = spss::read(&content.name, bytes, *labels, reading.most_unpacked)?;
            spss::tell(&content.name, &answers, telling);
            answers.table
        }
        #[cfg(not(feature = "spss"))]
        Form::Spss { .. } => unreachable!("refused by its content before"),
        Form::Aligned(_) => unreachable!("read before"),
    };
    Ok((table, how.join(", ")))
}

fn delimited(
    name: &str,
    mut bytes: Vec<u8>,
    form: &Delimited,
    telling: &mut Telling,
) -> Result<Table, Problems> {
    if let Some(delimiter) = &form.long_delimiter {
        bytes = with_short_delimiter(name, &bytes, delimiter, form.dialect.delimiter)?;
    }
    if let Some(comment) = &form.comment {
        let comments;
        (bytes, comments) = without_comments(&bytes, comment.as_bytes(), form.dialect);
        telling.count("comment lines", comments);
    }
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let skipped: usize = lines
        .take(usize::try_from(form.skip).unwrap_or(usize::MAX))
        .map(<[u8]>::len)
        .sum();
    if form.skip > 0 {
        telling.count("lines before the first row", form.skip as usize);
    }
    let bytes = &bytes[skipped..];
    let leniency = Leniency {
        names: form.names.clone(),
        rename: true,
        overflow: form.overflow.clone(),
        drop_ragged: form.drop_ragged,
        lines_before: form.skip,
    };
    // Told first: where this reading is refused, the other may be the right one.
    look::two_readings(name, bytes, form.dialect, telling);
    let (table, forgiven) = Table::from_delimited_with(name, bytes, form.dialect, &leniency)?;
    if let Some(overflow) = &form.overflow
        && table.column(overflow).is_none()
    {
        return Err(super::unknown_column(&table, overflow).into());
    }
    if form.names.is_empty() && !forgiven.renamed.is_empty() {
        telling.notice(format!(
            "columns of {name} without a name, or with one that stands there twice, are named: {}",
            forgiven.renamed.join(", ")
        ));
    }
    telling.count("rows of another width than the first", forgiven.ragged);
    look::runaway_quotes(&table, form.dialect, telling);
    look::lost_first_row(&table, &forgiven, telling);
    Ok(table)
}

/// Text whose delimiter of several bytes is one of a single byte, which must not stand in the text already.
fn with_short_delimiter(
    name: &str,
    bytes: &[u8],
    long: &str,
    short: u8,
) -> Result<Vec<u8>, Problems> {
    if let Some(at) = bytes.iter().position(|byte| *byte == short) {
        let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        return Err(Problem::new(
            "import/delimiter",
            Place::file(name).at(line, 1),
            format!("this line holds the control character 0x{short:02x}, which stands for the delimiter while the file is read"),
        )
        .help("remove it, or write the file with a delimiter of one ASCII character")
        .into());
    }
    let text = String::from_utf8_lossy(bytes);
    Ok(text
        .replace(long, &char::from(short).to_string())
        .into_bytes())
}
