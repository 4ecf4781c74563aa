//! `audit`: the main job. Everything is read and checked before the first case is scored.

mod baseline;
mod environment;
mod groups;
mod plan;
mod reports;

pub use baseline::{Earlier, answers as answers_of, read_baseline};
pub use plan::Arguments;
use plan::Plan;

use std::time::Instant;

use super::policy::read_policy;
use super::{called, kept, output, progress};
use crate::attribute::word;
use crate::audit::{Answers, Before, audit};
use crate::dataset::{self, Dataset};
use crate::diagnostic::{Place, Problem, Problems, plain};
use crate::measure::Rules;
use crate::model;
use crate::model::spec::{Engine, Model};
use crate::policy::bundled::PREFIX;
use crate::policy::scope::{CONTEXTS, Context, ScopeOutcome, decide};
use crate::policy::{Policy, Scope, ScopeDecision};
use crate::prediction::Predictions;
use crate::record::{self, v1};
use crate::score::{score, texts};
use crate::task::Task;

/// The code of a predictions file that answers no case of a dataset.
const NO_OVERLAP: &str = "predictions/no-overlap";

/// The exit code of a use that the policy refuses.
const OUT_OF_SCOPE: u8 = 4;

/// Runs the audit. Where it writes nothing, reports of an earlier one must not be taken for its own.
pub fn run(arguments: Arguments) -> Result<u8, Problems> {
    let out = arguments.out.clone();
    let plan = Plan::new(arguments).inspect_err(|_| reports::tell_of_earlier(out.as_deref()))?;
    let ended = carry_out(&plan);
    if !matches!(ended, Ok(code) if code != OUT_OF_SCOPE) {
        reports::tell_of_earlier(Some(&plan.out));
    }
    ended
}

/// Scores, measures, judges and reports.
fn carry_out(plan: &Plan) -> Result<u8, Problems> {
    let started = jiff::Timestamp::now();
    let clock = Instant::now();
    // Problems of every input come together, so that one run shows all there is to mend.
    let mut problems = plan.problems();
    let policy = problems.take(read_policy(plan.policy.as_deref()));
    let (mut models, datasets) = load(plan, &mut problems);
    let complete = datasets.len() == plan.datasets.len();
    let request = plan.groups.request(&datasets, complete, &mut problems);
    let filed = answers_on_file(&models, &datasets, complete, &mut problems);
    let baseline = plan.baseline.as_deref();
    let baseline = baseline.and_then(|file| problems.take(read_baseline(file)));
    let earlier = baseline::read(plan, baseline.as_ref(), &mut problems);
    let before = baseline::answers(&earlier, &datasets, &mut problems);
    if let (Some(baseline), Some(policy)) = (&baseline, &policy) {
        problems.take(baseline.check(&baseline::asked(policy, &models, &datasets), &policy.gates));
    }
    problems.or(())?;
    let policy = policy.unwrap_or_else(|| unreachable!("an unreadable policy is a problem"));
    let rules = Rules {
        level: policy.evidence.level,
        min_n: policy.evidence.min_n,
        suppress_below: policy.evidence.suppress_below,
        seed: plan.seed,
        replicates: plan.replicates as usize,
    };
    if let Some(baseline) = &baseline {
        baseline::check(baseline, &earlier, &before, &rules)?;
    }
    let scope = declared(plan, &policy, &models, &datasets);
    let decision = decide(&policy.scopes, &scope);
    if decision.outcome == ScopeOutcome::Refuse {
        return Ok(refused(&policy, &decision));
    }
    if plan.dry_run {
        output::print(&called::dry_run(&models, &datasets))?;
        return Ok(0);
    }
    called::begin(&mut models, &datasets, plan.replay)?;
    if !plan.no_cache {
        kept::begin(&mut models);
    }
    let answers = answer(&models, &datasets, filed, plan.quiet)?;
    let spinner = progress::spinner("measuring", plan.quiet);
    let audit = audit(
        &datasets,
        &answers,
        &policy,
        &rules,
        &request,
        baseline.as_ref().map(|baseline| Before {
            measurements: &baseline.measurements,
            answers: &before,
        }),
        &started.strftime("%Y-%m-%d").to_string(),
    );
    spinner.finish_and_clear();
    let record = record::build(
        &audit,
        record::Context {
            run: v1::Run {
                started: started.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
                seconds: clock.elapsed().as_secs_f64(),
                command: std::env::args().collect(),
                // A policy that is built in lies in no file.
                policy: plan.policy.clone().filter(|name| !name.starts_with(PREFIX)),
                folders: datasets
                    .iter()
                    .filter(|dataset| dataset.origin != dataset::read::BUNDLED)
                    .map(|dataset| (dataset.card.name.clone(), dataset.origin.clone()))
                    .collect(),
                environment: environment::told(),
            },
            models: models.iter().map(|model| &model.card).collect(),
            datasets: &datasets,
            policy: &policy,
            scope: &scope,
            decision: &decision,
            rules: &rules,
            request: &request,
            baseline: baseline
                .as_ref()
                .map(|baseline| baseline.described(baseline::digests(&earlier))),
        },
    );
    if let Some(baseline) = &baseline {
        baseline.check_labels(&record)?;
    }
    reports::write(plan, &record)?;
    Ok(record.exit_code)
}

/// Loads all models and datasets, as far as they can be read.
fn load(plan: &Plan, problems: &mut Problems) -> (Vec<Model>, Vec<Dataset>) {
    let mut models: Vec<Model> = Vec::new();
    for spec in &plan.models {
        match model::load_with(spec, &output::downloads(plan.allow_network)) {
            Ok(mut model) => {
                if models
                    .iter()
                    .any(|other| other.card.spec == model.card.spec)
                {
                    problems.push(
                        Problem::new(
                            "audit/model-twice",
                            Place::file(spec),
                            "this model is named twice",
                        )
                        .help("name each model once"),
                    );
                    continue;
                }
                // Two files of one name stay apart in the record.
                if models
                    .iter()
                    .any(|other| other.card.name == model.card.name)
                {
                    model.card.name = format!("{} ({})", model.card.name, model.card.spec);
                }
                models.push(model);
            }
            Err(more) => problems.extend(more),
        }
    }
    let mut datasets: Vec<Dataset> = Vec::new();
    for name in &plan.datasets {
        match dataset::examine(name) {
            Ok((dataset, more)) => {
                problems.extend(more);
                if datasets
                    .iter()
                    .any(|other| other.card.name == dataset.card.name)
                {
                    problems.push(
                        Problem::new(
                            "audit/dataset-twice",
                            Place::file(name),
                            format!("another dataset is named {} too", dataset.card.name),
                        )
                        .help("give each dataset a name of its own in its card"),
                    );
                }
                datasets.push(dataset);
            }
            Err(more) => problems.extend(more),
        }
    }
    (models, datasets)
}

/// The use that is declared. A policy that is written for a context takes it for granted, and says so.
fn declared(plan: &Plan, policy: &Policy, models: &[Model], datasets: &[Dataset]) -> Scope {
    let mut tasks: Vec<Task> = Vec::new();
    for model in models {
        match &model.engine {
            Engine::Text { scheme, .. } => tasks.push(scheme.task),
            Engine::Columns(columns) => tasks.push(columns.scheme.task),
            // A predictions file says what it answers only beside its dataset. Files that fit nowhere are told of
            // when they are matched.
            Engine::File(file) => {
                let schemes = datasets
                    .iter()
                    .filter_map(|dataset| file.scheme(dataset).ok());
                tasks.extend(schemes.map(|scheme| scheme.task));
            }
        }
    }
    tasks.sort_unstable();
    tasks.dedup();
    let mut modalities = Vec::new();
    for dataset in datasets {
        if !modalities.contains(&dataset.card.modality) {
            modalities.push(dataset.card.modality);
        }
    }
    if let (None, Some(context)) = (plan.context, policy.context) {
        output::note(&plain(&format!(
            "no context was declared: that of {}, {}, is taken; --context names another",
            policy.name,
            word(&CONTEXTS, &context)
        )));
    }
    let context = plan.context.or(policy.context);
    Scope {
        modalities,
        targets: tasks.into_iter().map(Into::into).collect(),
        context: context.unwrap_or(Context::Research),
        unit: plan.unit,
    }
}

/// Says why a use is refused, and gives the exit code of that.
pub fn refused(policy: &Policy, decision: &ScopeDecision) -> u8 {
    for rule in &decision.rules {
        output::note(&format!(
            "refused by {}: {}\n  rule {}\n  a use that the policy should allow needs a policy of your own: affect-audit policy show",
            plain(&format!("{} {}", policy.name, policy.version)),
            plain(&rule.sentence),
            plain(&format!("{} ({})", rule.id, rule.reference))
        ));
    }
    OUT_OF_SCOPE
}

/// The answers of each predictions file (by row) to each dataset (by column), checked before anything is scored. A
/// file is skipped on datasets that it holds no answer for, as long as it belongs to one of them. A text model must
/// find texts. Where the datasets are not complete, a file may belong to one that could not be read.
fn answers_on_file(
    models: &[Model],
    datasets: &[Dataset],
    complete: bool,
    problems: &mut Problems,
) -> Vec<Vec<Option<Predictions>>> {
    let mut filed = Vec::new();
    for model in models {
        let mut row = Vec::new();
        let mut strangers = Problems::new();
        let mut belongs = !complete;
        for dataset in datasets {
            let predictions = match &model.engine {
                Engine::Text { .. } => {
                    problems.take(texts(model, dataset));
                    None
                }
                Engine::Columns(columns) => {
                    belongs = true;
                    problems.take(columns.predictions(dataset))
                }
                Engine::File(file) => match file.predictions(dataset) {
                    Ok(predictions) => {
                        belongs = true;
                        Some(predictions)
                    }
                    Err(more) if more.iter().all(|problem| problem.code == NO_OVERLAP) => {
                        strangers.extend(more);
                        None
                    }
                    Err(more) => {
                        belongs = true;
                        problems.extend(more);
                        None
                    }
                },
            };
            row.push(predictions);
        }
        if !belongs {
            problems.extend(strangers);
        }
        filed.push(row);
    }
    filed
}

/// Every model on every dataset, in that order.
fn answer<'a>(
    models: &'a [Model],
    datasets: &'a [Dataset],
    filed: Vec<Vec<Option<Predictions>>>,
    quiet: bool,
) -> Result<Vec<Answers<'a>>, Problems> {
    let mut answers = Vec::new();
    for (model, row) in models.iter().zip(filed) {
        for (dataset, on_file) in datasets.iter().zip(row) {
            let predictions = match (&model.engine, on_file) {
                (Engine::File(_) | Engine::Columns(_), None) => continue,
                (_, Some(predictions)) => predictions,
                (Engine::Text { .. }, None) => {
                    let what = format!("{} on {}", model.card.name, dataset.card.name);
                    let bar = progress::bar(dataset.cases.len() as u64, &what, quiet);
                    let predictions = score(model, dataset, &|done, all| {
                        bar.set_length(all as u64);
                        bar.set_position(done as u64);
                    })?;
                    bar.finish_and_clear();
                    output::notes(&predictions.notes);
                    predictions
                }
            };
            answers.push(Answers {
                model: &model.card,
                dataset,
                predictions,
            });
        }
    }
    Ok(answers)
}
