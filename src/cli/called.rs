//! What `audit` and `predict` do about models that are called and may cost something: what comes before anybody's texts,
//! and what it would cost to ask.

use std::collections::HashSet;
use std::fmt::Write;

use super::output;
use crate::check::Grade;
use crate::check::sanity::{Judgement, judge};
use crate::dataset::Dataset;
use crate::diagnostic::{Place, Problem, Problems, counted, plain};
use crate::model::callable::Callable;
use crate::model::sentences::probe;
use crate::model::spec::{Engine, Model};

/// Asks the models that are called sentences of ours, before anybody's texts are sent and the budget is spent; what a
/// report must say of answers that are kept goes into their cards. In a replay nobody is asked.
///
/// # Errors
/// Every model that cannot be asked, has changed, or cannot be meant to answer as it does.
pub fn begin(models: &mut [Model], datasets: &[Dataset], replay: bool) -> Result<(), Problems> {
    let texts: Vec<&str> = datasets.iter().flat_map(texts).collect();
    let mut problems = Problems::new();
    for model in models {
        let Some(called) = model.called() else {
            continue;
        };
        let Some(begun) = problems.take(called.begin(&texts, replay)) else {
            continue;
        };
        if begun.asks && called.is_checked() {
            problems.take(sane(model));
        }
        model.card.limits.extend(begun.caveats);
    }
    problems.or(())
}

/// Looks at the answers to sentences of ours. What a bad model may do is only told; what no model is meant to do ends
/// the run.
fn sane(model: &Model) -> Result<(), Problems> {
    let Some((judgement, _)) = asked_plainly(model)? else {
        return Ok(());
    };
    let mut problems = Problems::new();
    for finding in &judgement.findings {
        let page = finding.check.page();
        let id = page.id;
        if finding.grade < Grade::Problem {
            output::note(&plain(&format!(
                "warning: {} on plain sentences: {} (affect-audit explain {id})",
                model.card.name, finding.sentence
            )));
            continue;
        }
        problems.push(
            Problem::new(
                "model/sanity",
                Place::file(&model.card.spec),
                format!(
                    "{id}, before any text was sent: {}",
                    finding.sentence
                ),
            )
            .help(format!(
                "{} See affect-audit model check {}; where it is meant to answer so, say sanity = false in its file, and where the sentences are not in its language, which they are: languages = [...]",
                page.advice, model.card.spec
            )),
        );
    }
    problems.or(())
}

/// What the answers of a model to plain sentences say of it, and its own notes; `None` where no sentence is of its labels.
///
/// # Errors
/// A model that cannot be asked.
pub fn asked_plainly(model: &Model) -> Result<Option<(Judgement, Vec<String>)>, Problems> {
    let Engine::Text { scheme, model } = &model.engine else {
        return Ok(None);
    };
    let Some(probe) = probe(scheme) else {
        return Ok(None);
    };
    let answered = model.answer_all(&probe.texts(), &|_| {})?;
    let judgement = judge(&probe, &answered.answers, scheme.is_multi_label());
    Ok(Some((judgement, answered.notes)))
}

/// What asking would take and cost. Nothing is sent or written.
pub fn dry_run(models: &[Model], datasets: &[Dataset]) -> String {
    let mut out = String::from("A dry run: nothing is sent or written.\n");
    for model in models {
        let _ = match model.called() {
            Some(called) => write!(
                out,
                "\n{}\n{}",
                plain(&model.card.spec),
                bill(called, datasets)
            ),
            None => writeln!(
                out,
                "\n{}\n  nothing to ask, and nothing to pay",
                plain(&model.card.spec)
            ),
        };
    }
    out
}

fn bill(called: &Callable, datasets: &[Dataset]) -> String {
    let caps = called.budget().caps();
    let cost = |requests| caps.cost(requests).unwrap_or_else(|| "no price".to_owned());
    let width = datasets
        .iter()
        .map(|dataset| dataset.card.name.chars().count())
        .fold("sentences of ours".len(), usize::max);
    let mut out = format!(
        "  {:<width$}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}  cost\n",
        "dataset", "cases", "texts", "kept", "to ask", "requests"
    );
    let mut known: HashSet<&str> = HashSet::new();
    let mut requests = 0;
    for dataset in datasets {
        let distinct: HashSet<&str> = texts(dataset).collect();
        let open: Vec<&str> = distinct
            .iter()
            .filter(|text| !called.is_kept(text) && !known.contains(*text))
            .copied()
            .collect();
        let asked = called.requests(open.len());
        requests += asked;
        let _ = writeln!(
            out,
            "  {:<width$}  {:>8}  {:>8}  {:>8}  {:>8}  {asked:>8}  {}",
            plain(&dataset.card.name),
            dataset.cases.len(),
            distinct.len(),
            distinct.len() - open.len(),
            open.len(),
            cost(asked)
        );
        // What one dataset is paid for is kept for the next.
        if called.keeps() {
            known.extend(open);
        }
    }
    if requests > 0 {
        let ours = called.beforehand();
        requests += ours;
        let line = |out: &mut String, what: &str, requests: u64| {
            let _ = writeln!(
                out,
                "  {what:<width$}  {:>8}  {:>8}  {:>8}  {:>8}  {requests:>8}  {}",
                "",
                "",
                "",
                "",
                cost(requests)
            );
        };
        line(&mut out, "sentences of ours", ours);
        line(&mut out, "in all", requests);
    }
    let made = called.budget().made();
    if made > 0 {
        let _ = writeln!(
            out,
            "  made before: {}{}",
            counted(made as usize, "request"),
            caps.cost(made)
                .map_or_else(String::new, |cost| format!(", {cost}"))
        );
    }
    if let Some((most, key)) = caps.most() {
        let left = most.saturating_sub(made);
        let words = caps.words(key);
        let left = counted(left as usize, "request");
        let _ = if most.saturating_sub(made) < requests {
            let short = requests + made - most;
            writeln!(
                out,
                "  THE CAP WOULD BE HIT: {words} leaves {left}, {short} too few; the run would stop there, and what was answered stays kept"
            )
        } else {
            writeln!(
                out,
                "  {words} leaves {left}; requests that are repeated after a failure count too"
            )
        };
    }
    out
}

fn texts(dataset: &Dataset) -> impl Iterator<Item = &str> {
    dataset.cases.texts.iter().flatten().map(String::as_str)
}
