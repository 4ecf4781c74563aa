//! The answers behind the models that are compared: whose they are, whether they are those that the records were made
//! of, and the cases that two models have in common.

use std::path::Path;

use crate::audit::{Answers, judged, release, values};
use crate::cli::audit::{Earlier, answers_of};
use crate::dataset::{self, Dataset};
use crate::diagnostic::{Place, Problem, Problems, quote};
use crate::measure::Rules;
use crate::record::answers::Origin;
use crate::record::side_by_side::{Comparison, PAIRED_CASES, Paired, Read};
use crate::tally::Evaluation;

/// The code of answers that cannot be paired.
const CODE: &str = "compare/predictions";

/// A file of answers of a model of one record.
pub struct Given {
    /// The number of the record.
    record: usize,
    answers: Earlier,
}

/// Answers to one dataset and what they came to.
pub struct Met<'a> {
    record: usize,
    answers: Answers<'a>,
    evaluation: Evaluation,
}

fn origin<'a>(read: &'a Read, option: &'a str) -> Origin<'a> {
    Origin {
        file: &read.file,
        record: &read.record,
        measurements: &read.measurements,
        code: CODE,
        option,
    }
}

/// Reads the files of answers, each of a model of one or more records: FILE by itself is of those that were audited on
/// it, RECORD=FILE and RECORD:MODEL=FILE of those that are named.
pub fn read(files: &[String], records: &[Read], problems: &mut Problems) -> Vec<Given> {
    let mut all: Vec<Given> = Vec::new();
    for given in files {
        let (named, file) = match given.split_once('=') {
            // A path may hold the sign too.
            Some((named, file)) if !Path::new(given).is_file() => (Some(named), file),
            _ => (None, given.as_str()),
        };
        for (record, model) in whose(named, file, records, problems) {
            let Some(mut answers) = Earlier::load(file, CODE, problems) else {
                break;
            };
            let option = format!("--predictions {record}:");
            let card = &mut answers.model.card;
            let of = origin(&records[record - 1], &option);
            let whose = of.whose((model.as_deref(), file), &card.name, &card.digest);
            let Some(name) = problems.take(whose) else {
                continue;
            };
            card.name = name;
            let name = &answers.model.card.name;
            let twice = |one: &Given| one.record == record && one.answers.model.card.name == *name;
            if all.iter().any(twice) {
                problems.push(problem(
                    file,
                    format!("another file holds answers of {} of record {record} too", quote(name)),
                    "give one file a model of a record; it may hold the answers to several datasets",
                ));
                continue;
            }
            all.push(Given { record, answers });
        }
    }
    all
}

/// The records that a file of answers is of, by number, with the name of the model where one was given or there is but
/// one.
fn whose(
    named: Option<&str>,
    file: &str,
    records: &[Read],
    problems: &mut Problems,
) -> Vec<(usize, Option<String>)> {
    let about: Vec<String> = records
        .iter()
        .enumerate()
        .map(|(place, read)| format!("record {} is about {}", place + 1, origin(read, "").held()))
        .collect();
    let way_out = format!(
        "say whose answers these are, --predictions 1={file} or --predictions 1:MODEL={file}; {}",
        about.join("; ")
    );
    let Some(named) = named else {
        let Some(answers) = Earlier::load(file, CODE, problems) else {
            return Vec::new();
        };
        let digest = &answers.model.card.digest;
        let audited = |read: &Read| {
            let mut models = read.record.models.iter();
            models
                .find(|model| model.digest == *digest)
                .map(|model| model.name.clone())
        };
        let found: Vec<(usize, Option<String>)> = records
            .iter()
            .enumerate()
            .filter_map(|(place, read)| Some((place + 1, Some(audited(read)?))))
            .collect();
        if found.is_empty() {
            let message = "no record has a model that was audited on this file";
            problems.push(problem(file, message.to_owned(), &way_out));
        }
        return found;
    };
    let (number, model) = match named.split_once(':') {
        Some((number, model)) => (number, Some(model.to_owned())),
        None => (named, None),
    };
    match number
        .parse::<usize>()
        .ok()
        .filter(|number| (1..=records.len()).contains(number))
    {
        Some(number) => {
            let only = match records[number - 1].record.models.as_slice() {
                [only] => Some(only.name.clone()),
                _ => None,
            };
            vec![(number, model.or(only))]
        }
        None => {
            let message = format!("{} is the number of no record", quote(number));
            problems.push(problem(file, message, &way_out));
            Vec::new()
        }
    }
}

fn problem(file: &str, message: String, help: &str) -> Problem {
    Problem::new(CODE, Place::file(file), message).help(help)
}

/// Reads the data that was answered, which must be that of the records.
pub fn datasets(names: &[String], records: &[Read], problems: &mut Problems) -> Vec<Dataset> {
    let mut datasets: Vec<Dataset> = Vec::new();
    for name in names {
        let Some((dataset, more)) = problems.take(dataset::examine(name)) else {
            continue;
        };
        problems.extend(more);
        let mut known = false;
        for (place, read) in records.iter().enumerate() {
            let mut held = read.record.datasets.iter();
            let Some(held) = held.find(|held| held.name == dataset.card.name) else {
                continue;
            };
            known = true;
            if held.digest != dataset.digest {
                let message = format!(
                    "{} was another in record {} (digest {:.8} instead of {:.8})",
                    quote(&held.name),
                    place + 1,
                    held.digest,
                    dataset.digest
                );
                problems.push(
                    Problem::new("compare/dataset", Place::file(name), message).help(
                        "give the data of that audit, unchanged; or audit both models on this",
                    ),
                );
            }
        }
        if !known {
            let message = format!(
                "no record is about the dataset {}",
                quote(&dataset.card.name)
            );
            problems.push(
                Problem::new("compare/dataset", Place::file(name), message)
                    .help("give the data that the models were audited on"),
            );
        }
        datasets.push(dataset);
    }
    datasets
}

/// The answers to the data, which must come to what the records say of them.
pub fn met<'a>(
    given: &'a [Given],
    datasets: &'a [Dataset],
    records: &[Read],
    problems: &mut Problems,
) -> Vec<Met<'a>> {
    let mut met = Vec::new();
    for one in given {
        let read = &records[one.record - 1];
        for answers in answers_of(std::slice::from_ref(&one.answers), datasets, problems) {
            let mut held = read.record.datasets.iter();
            if !held.any(|held| held.name == answers.dataset.card.name) {
                continue;
            }
            let values = values(&answers, &rules(read));
            problems.take(origin(read, "").check_values(&one.answers.file, &values));
            if let Some(evaluation) = judged(&answers) {
                met.push(Met {
                    record: one.record,
                    answers,
                    evaluation,
                });
            }
        }
    }
    met
}

/// The answers of every other record against those of the first, to the same cases.
pub fn paired<'a>(met: &'a [Met<'a>], records: &[Read]) -> Vec<Paired<'a>> {
    let firsts = met.iter().filter(|one| one.record == 1);
    let pairs = firsts.flat_map(|first| {
        let others = met.iter().filter(|other| other.record != 1);
        others.map(move |other| (first, other))
    });
    pairs
        .filter(|(first, other)| {
            first.answers.dataset.card.name == other.answers.dataset.card.name
                && first.evaluation.scheme.task == other.evaluation.scheme.task
        })
        .filter_map(|(first, other)| {
            let (one, two) = (rules(&records[0]), rules(&records[other.record - 1]));
            let stricter = Rules {
                min_n: one.min_n.max(two.min_n),
                suppress_below: one.suppress_below.max(two.suppress_below),
                ..one
            };
            let releases = release(&other.answers, &other.evaluation, &first.answers, &stricter)?;
            Some(Paired {
                first: &first.answers.model.name,
                record: other.record,
                releases,
            })
        })
        .collect()
}

/// What a record was measured by; nothing is resampled.
fn rules(read: &Read) -> Rules {
    let settings = &read.record.settings;
    Rules {
        level: settings.level,
        min_n: settings.min_n,
        suppress_below: settings.suppress_below,
        seed: settings.seed,
        replicates: 0,
    }
}

/// Notes answers that no comparison was paired with, and data that served for none: whoever gives them means them to count.
pub fn check_used(
    given: &[Given],
    datasets: &[Dataset],
    comparison: &Comparison,
    problems: &mut Problems,
) {
    let paired = || {
        comparison
            .pairs
            .iter()
            .filter(|pair| pair.basis == PAIRED_CASES)
    };
    for one in given {
        let name = &one.answers.model.card.name;
        let used = paired().any(|pair| {
            let sides = [&pair.first, &pair.other];
            sides
                .iter()
                .any(|side| side.record == one.record && side.model == *name)
        });
        if !used {
            problems.push(problem(
                &one.answers.file,
                format!("the answers of {} of record {} were paired with none", quote(name), one.record),
                "give those of the model that it is compared with too, and the data that both answered",
            ));
        }
    }
    for dataset in datasets {
        if !paired().any(|pair| pair.dataset == dataset.card.name) {
            let message = format!("no two models were paired on {}", quote(&dataset.card.name));
            problems.push(
                Problem::new("compare/dataset", Place::file(&dataset.origin), message)
                    .help("give the answers of both models to it, or leave it out"),
            );
        }
    }
}
