//! Refuses what must not be read, or holds no data in a form that is read, by its first bytes: with the reason and the
//! way round.

use super::recipe::reading::Form;
use crate::diagnostic::{Place, Problem, Problems};

/// What pickles begin with: protocols 2 to 5, then older ones of lists, dicts and objects.
const PICKLES: [&[u8]; 12] = [
    b"\x80\x02",
    b"\x80\x03",
    b"\x80\x04",
    b"\x80\x05",
    b"]q\x00",
    b"}q\x00",
    b"(lp0\n",
    b"(lp1\n",
    b"(dp0\n",
    b"(dp1\n",
    b"ccopy_reg\n",
    b"cpandas",
];

/// First bytes, what the file then is, and the way round.
const FOREIGN: [(&[u8], &str, &str); 15] = [
    (b"BZh", "a bzip2 archive", UNPACK),
    (b"\xfd7zXZ\0", "an xz archive", UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an Office file of before 2007",
        "save it as .xlsx or CSV",
    ),
    (
        b"\x89HDF\r\n\x1a\n",
        "an HDF5 file",
        "write its table as CSV or Parquet",
    ),
    (
        b"SQLite format 3\0",
        "an SQLite database",
        "export a table: sqlite3 -header -csv IN.db \"select * from TABLE\" > OUT.csv",
    ),
    (
        b"\x93NUMPY",
        "a NumPy array",
        "write it as CSV with numpy.savetxt",
    ),
    (
        b"RDX2\n",
        "an R workspace",
        "in R: write.csv(OBJECT, \"OUT.csv\", row.names = FALSE)",
    ),
    (
        b"RDX3\n",
        "an R workspace",
        "in R: write.csv(OBJECT, \"OUT.csv\", row.names = FALSE)",
    ),
    (
        b"X\n\0\0\0",
        "an R object",
        "in R: write.csv(readRDS(\"IN.rds\"), \"OUT.csv\", row.names = FALSE)",
    ),
    (
        b"<stata_dta>",
        "a Stata file",
        "in Stata: export delimited; in Python: pandas.read_stata(\"IN.dta\").to_csv(\"OUT.csv\", index=False)",
    ),
    (
        b"Obj\x01",
        "an Avro file",
        "write it as JSON lines or Parquet",
    ),
    (b"%PDF-", "a PDF", "get the data itself from its owners"),
];

const UNPACK: &str = "unpack it, and name the file inside";

/// Refuses a file by its first bytes.
///
/// # Errors
/// Pickles, pointers to data that was not fetched, SPSS and other foreign files, and files of another form than the
/// recipe says.
pub(super) fn refuse(bytes: &[u8], name: &str, form: &Form) -> Result<(), Problems> {
    if PICKLES.iter().any(|first| bytes.starts_with(first)) {
        return Err(pickle(name));
    }
    if bytes.starts_with(b"version https://git-lfs.github.com/spec/") {
        return Err(problem(
            "import/lfs-pointer",
            name,
            "this is a git-LFS pointer: the data itself was not fetched",
            "run git lfs pull in the repository, or download the file itself",
        ));
    }
    let is_spss = matches!(form, Form::Spss { .. });
    if bytes.starts_with(b"$FL2") || bytes.starts_with(b"$FL3") || is_spss {
        if cfg!(feature = "spss") {
            return if is_spss {
                Ok(())
            } else {
                let help = "write form = \"spss\" in [read]";
                Err(foreign(name, "an SPSS file", help))
            };
        }
        return Err(problem(
            "import/spss",
            name,
            "this build does not read SPSS files",
            "build it with --features spss, or turn the file into CSV, with its value labels: pspp-convert IN.sav OUT.csv, or pandas.read_spss(\"IN.sav\").to_csv(\"OUT.csv\", index=False)",
        ));
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Err(foreign(name, "a tar archive", UNPACK));
    }
    if let Some((_, what, help)) = FOREIGN.iter().find(|(first, ..)| bytes.starts_with(first)) {
        return Err(foreign(name, what, help));
    }
    let other = match form {
        Form::Parquet | Form::Arrow | Form::Xlsx(_) => None,
        _ if bytes.starts_with(b"PAR1") => {
            Some(("a Parquet file", "write form = \"parquet\" in [read]"))
        }
        _ if bytes.starts_with(b"ARROW1") => {
            Some(("an Arrow file", "write form = \"arrow\" in [read]"))
        }
        _ if is_page(bytes) => Some((
            "a web page",
            "download the file itself, not the page that shows it (often a link named Raw or Download)",
        )),
        _ => None,
    };
    match other {
        Some((what, help)) => Err(foreign(name, what, help)),
        None => Ok(()),
    }
}

/// Refuses zip archives that are no archives of data files, by the names of their members.
///
/// # Errors
/// Workbooks, pickles of frameworks, NumPy arrays.
pub(super) fn refuse_container(members: &[String], name: &str) -> Result<(), Problems> {
    let any = |test: &dyn Fn(&str) -> bool| members.iter().any(|member| test(member));
    if any(&|member| member == "xl/workbook.xml" || member == "xl/workbook.bin") {
        return Err(foreign(
            name,
            "an Excel workbook",
            "write form = \"xlsx\" in [read]; save .xlsb as .xlsx first",
        ));
    }
    if any(&|member| member == "content.xml") && any(&|member| member == "mimetype") {
        return Err(foreign(
            name,
            "an OpenDocument file",
            "save it as .xlsx or CSV",
        ));
    }
    if any(&|member| member.ends_with("/data.pkl") || member == "data.pkl") {
        return Err(pickle(name));
    }
    if !members.is_empty() && !any(&|member| !member.ends_with(".npy")) {
        return Err(foreign(
            name,
            "an archive of NumPy arrays",
            "write them as CSV with numpy.savetxt",
        ));
    }
    Ok(())
}

fn is_page(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    [&b"<!doctype html"[..], b"<html"].iter().any(|first| {
        start
            .get(..first.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(first))
    })
}

fn pickle(name: &str) -> Problems {
    problem(
        "import/pickle",
        name,
        "this is a Python pickle, which can run any code when it is read",
        "have its owners give CSV or JSON lines; or turn it into one on a machine where that is safe",
    )
}

fn foreign(name: &str, what: &str, help: &str) -> Problems {
    problem("import/other-form", name, &format!("this is {what}"), help)
}

fn problem(code: &'static str, name: &str, message: &str, help: &str) -> Problems {
    Problem::new(code, Place::file(name), message)
        .help(help)
        .into()
}
