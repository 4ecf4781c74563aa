//! `predict`: the answers of one model on one dataset, as a predictions file.

use std::path::Path;

use clap::Args;

use super::{output, progress};
use crate::dataset;
use crate::diagnostic::{Place, Problem, Problems, counted};
use crate::model;
use crate::prediction::{Answer, Predictions};
use crate::score::score;

/// What to predict.
#[derive(Args)]
#[command(
    after_help = "Example:\n  affect-audit predict --model reference:emotion --dataset everyday-english -o emotion.csv"
)]
pub struct Arguments {
    /// The model, as `model list` shows
    #[arg(long, value_name = "SPEC")]
    model: String,
    /// The name of a bundled dataset, or a folder with dataset.toml and cases.csv, .jsonl or .parquet
    #[arg(long, value_name = "NAME-or-PATH")]
    dataset: String,
    /// The predictions file to write (.csv); - for standard output
    #[arg(short, long, value_name = "FILE")]
    out: String,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
    /// Fetch a model that is named as on the Hugging Face hub (onnx:OWNER/NAME@REVISION), or send texts to a service
    /// (http:FILE.toml) [default: only what is on this machine is used]
    #[arg(long)]
    allow_network: bool,
    /// No progress
    #[arg(short, long)]
    quiet: bool,
}

/// Scores and writes.
pub fn run(arguments: &Arguments) -> Result<u8, Problems> {
    let path = Path::new(&arguments.out);
    if arguments.out != "-" {
        if path.extension().is_none_or(|extension| extension != "csv") {
            return Err(Problem::new(
                "predict/format",
                Place::file(&arguments.out),
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
        &output::downloads(arguments.allow_network),
    ));
    let dataset = problems.take(dataset::read(&arguments.dataset));
    let (Some(model), Some(dataset)) = (model, dataset) else {
        return Err(problems);
    };
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
    if arguments.out == "-" {
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
