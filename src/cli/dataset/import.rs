//! `dataset import`: data as its owners publish it, by a recipe, into a dataset folder.

use std::path::{Path, PathBuf};

use clap::Args;

use super::croissant;
use super::fetch::fetch_all;
use crate::cli::{check, output};
use crate::dataset::catalogue;
use crate::dataset::import::recipe::schema::schema;
use crate::dataset::import::{CASES, Imported, RATINGS, Recipe, Telling, import};
use crate::dataset::read::CARD;
use crate::diagnostic::{Place, Problem, Problems, counted, plain, plain_lines};

/// What to import, and where to.
#[derive(Args)]
pub struct Import {
    /// The recipe (TOML)
    #[arg(long, value_name = "FILE", required_unless_present_any = ["schema", "catalogue", "croissant"])]
    recipe: Option<String>,
    /// A recipe of the catalogue, by name (see `dataset list`)
    #[arg(long, value_name = "NAME", conflicts_with = "recipe")]
    catalogue: Option<String>,
    /// The part of the recipe to read, such as a split [default: its first]
    #[arg(long, value_name = "NAME")]
    part: Option<String>,
    /// The file, the files, or the folder of the files that the recipe names; with --download, the folder to keep them in
    #[arg(long, value_name = "PATH", num_args = 1.., required_unless_present_any = ["schema", "download", "croissant"])]
    from: Vec<PathBuf>,
    /// Fetch the files that are lacking from where their owners publish them [into --from, or DIR/source]
    #[arg(long)]
    download: bool,
    /// The most MiB of one file to fetch, where the recipe does not know its size
    #[arg(long, value_name = "N", default_value_t = 1024, requires = "download")]
    most_mb: u64,
    /// A Croissant file (MLCommons, JSON-LD): the card is made from it, and nothing is fetched
    #[arg(long, value_name = "FILE", conflicts_with_all = ["recipe", "catalogue", "from", "part", "download"])]
    croissant: Option<String>,
    /// The dataset folder to write
    #[arg(short, long, value_name = "DIR", required_unless_present = "schema")]
    out: Option<String>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write over files that are there
    #[arg(long)]
    force: bool,
    /// Print the JSON Schema of recipes, for editors, and do nothing else
    #[arg(long, exclusive = true)]
    schema: bool,
}

/// Shown under the help.
pub const EXAMPLE: &str = "\
Examples:
  affect-audit dataset import --recipe reviews.toml --from reviews.txt -o my-data --dry-run
  affect-audit dataset import --catalogue meld --part train --from MELD/ -o meld-train
  affect-audit dataset import --catalogue isear --download -o isear
  affect-audit dataset import --croissant croissant.json -o my-data

Example of a recipe:
  [dataset]
  name = \"reviews\"
  language = [\"en\"]
  licence = \"as its owners state it\"
  [read]
  form = \"delimited\"          # or \"aligned\": files of equal length
  delimiter = \"|\"
  quoting = false             # quotes are literal
  trailing_delimiter = true
  overflow = \"review\"         # takes surplus delimiters
  [columns.text]
  from = \"review\"
  [tasks.sentiment]
  scheme = \"three-way\"
  source = \"perceived\"
  from = \"stars\"
  map = { 1 = \"negative\", 3 = \"neutral\", 5 = \"positive\" }
  [attributes.country]
  about = \"author\"
  kind = \"culture\"
  from = \"country\"
  missing = [\"0\"]";

/// Runs the command.
pub fn run(arguments: &Import) -> Result<u8, Problems> {
    if arguments.schema {
        output::print(&format!("{:#}\n", schema()))?;
        return Ok(0);
    }
    let out = Path::new(arguments.out.as_deref().unwrap_or_default());
    if let Some(file) = &arguments.croissant {
        return croissant::import(file, out, arguments.dry_run, arguments.force);
    }
    let part = arguments.part.as_deref();
    let recipe = match &arguments.catalogue {
        Some(name) => catalogue::recipe(name, part)?,
        None => {
            let file = arguments.recipe.as_deref().unwrap_or_default();
            Recipe::parse_part(file, &output::read_text(file)?, part)?
        }
    };
    let mut from = arguments.from.clone();
    if arguments.download {
        if !arguments.dry_run {
            output::refuse_overwrite(&out.join(CARD), arguments.force)?;
            output::check_writable(&out.join(CARD))?;
        }
        let folder = kept_in(&from, out)?;
        fetch_all(&recipe, &folder, arguments.most_mb)?;
        from = vec![folder];
    }
    let mut telling = Telling::default();
    let imported = import(&recipe, &from, &mut telling);
    // How the source was read helps to see why it is refused.
    tell_part(&recipe);
    tell(&telling);
    write(&imported?, out, arguments.dry_run, arguments.force)
}

/// The folder in which fetched files are kept.
fn kept_in(from: &[PathBuf], out: &Path) -> Result<PathBuf, Problems> {
    match from {
        [] => Ok(out.join("source")),
        [folder] if !folder.is_file() => Ok(folder.clone()),
        [first, ..] => Err(Problem::new(
            "import/from",
            Place::file(first.display().to_string()),
            "with --download, --from is the one folder in which the files are kept",
        )
        .help("name one folder, or leave --from out")
        .into()),
    }
}

fn tell_part(recipe: &Recipe) {
    if let Some(part) = &recipe.part {
        let others: Vec<&str> = recipe
            .parts
            .iter()
            .filter(|other| *other != part)
            .map(String::as_str)
            .collect();
        output::note(&plain(&format!(
            "part {part} of the recipe (others: {})",
            if others.is_empty() {
                "none".to_owned()
            } else {
                others.join(", ")
            }
        )));
    }
}

fn tell(telling: &Telling) {
    for reading in &telling.reading {
        output::note(&plain(&format!("read {reading}")));
    }
    for notice in &telling.notices {
        output::note(&plain(&format!("notice: {notice}")));
    }
    for (kind, count) in &telling.found {
        output::note(&plain(&format!("counted {count}: {kind}")));
    }
    for (reason, count) in &telling.dropped {
        output::note(&plain(&format!("left out {count}: {reason}")));
    }
}

fn write(imported: &Imported, folder: &Path, dry_run: bool, force: bool) -> Result<u8, Problems> {
    let mut files = vec![
        (folder.join(CARD), &imported.card),
        (folder.join(CASES), &imported.cases),
    ];
    files.extend(
        imported
            .ratings
            .iter()
            .map(|text| (folder.join(RATINGS), text)),
    );
    for (_, text) in &imported.predictions {
        files.push((folder.join("predictions.csv"), text));
    }
    let dataset = imported.read_back(&folder.display().to_string())?;
    if dry_run {
        output::print(&plain_lines(imported.card.lines()))?;
        output::print(&format!("\n{}", plain_lines(first_cases(imported).lines())))?;
        output::note(&format!(
            "{}; nothing was written",
            counted(dataset.cases.len(), "case")
        ));
        output::note(&check::short(&dataset)?);
        return Ok(0);
    }
    let mut problems = Problems::new();
    for (path, _) in &files {
        problems.take(
            output::refuse_overwrite(path, force).and_then(|()| output::check_writable(path)),
        );
    }
    problems.or(())?;
    for (path, text) in &files {
        output::write(path, text.as_bytes())?;
    }
    output::note(&format!(
        "{} written to {}",
        counted(dataset.cases.len(), "case"),
        folder.display()
    ));
    output::note(&check::short(&dataset)?);
    output::note(&format!(
        "affect-audit dataset check {} says more",
        folder.display()
    ));
    Ok(0)
}

/// The header and the first cases, a line each; columns that name persons are withheld.
fn first_cases(imported: &Imported) -> String {
    const SHOWN: usize = 4;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(imported.cases.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().take(SHOWN).flatten().collect();
    let Some(header) = records.first() else {
        return String::new();
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    for (row, record) in records.iter().enumerate() {
        let cells = header.iter().zip(record).map(|(name, cell)| {
            if row > 0 && imported.private.iter().any(|private| private == name) {
                "(withheld)"
            } else {
                cell
            }
        });
        let _ = writer.write_record(cells);
    }
    let text = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&text).trim_end().to_owned()
}
