//! `predict`: the answers of one model on one dataset, as a predictions file.

use std::path::Path;

use clap::Args;

use super::{called, kept, output, progress};
use crate::dataset;
use crate::diagnostic::{Place, Problem, Problems, counted};
use crate::model;
use crate::model::spec::Engine;
use crate::prediction::{Answer, Predictions};
use crate::score::{score, texts};

/// What to predict.
#[derive(Args)]
#[command(
    after_help = EXAMPLES
)]
pub struct Arguments {
    /// The model, as `model list` shows
    #[arg(long, value_name = "SPEC")]
    model: String,
    /// The name of a bundled dataset, or a folder with dataset.toml and cases.csv, .jsonl or .parquet
    #[arg(long, value_name = "NAME-or-PATH")]
    dataset: String,
    /// The predictions file to write (.csv); - for standard output
    #[arg(short, long, value_name = "FILE", required_unless_present = "dry_run")]
    out: Option<String>,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
    /// Fetch a model that is named as on the Hugging Face hub (onnx:OWNER/NAME@REVISION), or send texts to a service
    /// (http:FILE.toml) [default: only what is on this machine is used]
    #[arg(long)]
    allow_network: bool,
    /// Tell how many requests it would take and what they would cost, and stop there: nothing is sent or written
    #[arg(long, conflicts_with = "replay")]
    dry_run: bool,
    /// Take all answers of a program or service from what is kept of them; nobody is asked
    #[arg(long)]
    replay: bool,
    /// Score all texts anew, and keep no scores of them, where a transformer runs on this machine; what is kept of programs
    /// and services is up to their files
    #[arg(long)]
    no_cache: bool,
    /// No progress
    #[arg(short, long)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  affect-audit predict --model reference:emotion --dataset everyday-english -o emotion.csv
  affect-audit predict --model http:vendor.toml --dataset my-data --dry-run     what it would cost
  affect-audit predict --model http:vendor.toml --dataset my-data --replay -o vendor.csv";

/// Scores and writes.
pub fn run(arguments: &Arguments) -> Result<u8, Problems> {
    let out = arguments.out.as_deref().unwrap_or("-");
    let path = Path::new(out);
    if out != "-" {
        if path.extension().is_none_or(|extension| extension != "csv") {
            return Err(Problem::new(
                "predict/format",
                Place::file(out),
                "answers are written as CSV",
            )
            .help("end the name in .csv, or say -o -")
            .into());
        }
        output::refuse_overwrite(path, arguments.force)?;
        output::check_writable(path)?;
    }
    let mut problems = Problems::new();
    let model = problems.take(model::load_with(
        &arguments.model,
        // Neither a dry run nor a replay has anything to do with the network.
        &output::downloads(arguments.allow_network && !arguments.dry_run && !arguments.replay),
    ));
    let dataset = problems.take(dataset::read(&arguments.dataset));
    let (Some(model), Some(dataset)) = (model, dataset) else {
        return Err(problems);
    };
    if matches!(model.engine, Engine::Text { .. }) {
        texts(&model, &dataset)?;
    }
    let (mut models, datasets) = ([model], [dataset]);
    if arguments.dry_run {
        output::print(&called::dry_run(&models, &datasets))?;
        return Ok(0);
    }
    called::begin(&mut models, &datasets, arguments.replay)?;
    if !arguments.no_cache {
        kept::begin(&mut models);
    }
    let ([model], [dataset]) = (models, datasets);
    let bar = progress::bar(
        dataset.cases.len() as u64,
        &model.card.name,
        arguments.quiet,
    );
    let predictions = score(&model, &dataset, &|done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    output::notes(&predictions.notes);
    if predictions.cut > 0 {
        output::note(&format!(
            "{} of {} texts are longer than the model reads: it answered to their beginning",
            predictions.cut,
            dataset.cases.len()
        ));
    }
    let text = to_csv(&dataset.cases.ids, &predictions);
    if out == "-" {
        output::print(&text)?;
    } else {
        output::write(path, text.as_bytes())?;
        output::note(&format!(
            "{} written to {}",
            counted(dataset.cases.len(), "answer"),
            path.display()
        ));
    }
    Ok(0)
}

/// Answers as CSV. Cells are written as they are, even where a spreadsheet would take one for a formula (`=`, `+`,
/// `-`, `@`): answers are matched to cases by id, so an id must come back to the letter.
fn to_csv(ids: &[String], predictions: &Predictions) -> String {
    let scheme = &predictions.scheme;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header = vec![
        "id".to_owned(),
        "label".to_owned(),
        "abstained".to_owned(),
        "error".to_owned(),
    ];
    if let Some(scores) = &predictions.scores {
        header.extend(
            scores
                .labels
                .iter()
                .map(|label| format!("score:{}", scheme.labels[*label].name)),
        );
    }
    let _ = writer.write_record(&header);
    for (case, id) in ids.iter().enumerate() {
        let (label, abstained, error) = match predictions.answers[case] {
            Answer::Labels(labels) => {
                let names: Vec<&str> = labels
                    .iter()
                    .map(|label| scheme.labels[label].name.as_str())
                    .collect();
                (names.join("|"), "", "")
            }
            Answer::Abstained => (String::new(), "true", ""),
            Answer::Failed => (String::new(), "", "failed"),
            Answer::Missing => (String::new(), "", ""),
        };
        let mut row = vec![id.clone(), label, abstained.to_owned(), error.to_owned()];
        if let Some(scores) = &predictions.scores {
            match &scores.rows[case] {
                Some(row_scores) => row.extend(row_scores.iter().map(f64::to_string)),
                None => row.extend(std::iter::repeat_n(String::new(), scores.labels.len())),
            }
        }
        let _ = writer.write_record(&row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
