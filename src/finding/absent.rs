//! Evidence that a gate asks for and nothing holds: of a model, on a set of natural cases that it was judged on, of a
//! label or an attribute that the gate names. Each is a finding, or a gate would pass on what is left.

use std::collections::BTreeSet;

use super::asks::attributes_of;
use super::{Background, Finding, Outcome, asks_words};
use crate::diagnostic::quote;
use crate::measure::Measurement;
use crate::policy::{By, Gate, Insufficient, Of};
use crate::task::{Task, same_label};

/// What a gate asks for and was not measured, where `asked` are the measurements that it asks about. Agreement between
/// people is no model's: it is asked for once, whatever the models.
pub(super) fn absent(
    gate: &Gate,
    measurements: &[Measurement],
    asked: &[usize],
    background: &Background,
) -> Vec<Finding> {
    let of_people = gate.measure.is_of_people();
    let mut subjects: Vec<Subject<'_>> = Vec::new();
    for (model, dataset, task) in &background.answered {
        if gate.task.is_some_and(|wanted| wanted != *task) {
            continue;
        }
        let model = (!of_people).then_some(model.as_str());
        let known = subjects.iter().position(|subject| subject.model == model);
        let place = known.unwrap_or_else(|| {
            subjects.push(Subject::new(model));
            subjects.len() - 1
        });
        subjects[place].answered.insert((dataset, *task));
    }
    let mut findings = Vec::new();
    for subject in &subjects {
        let asked = asked.iter().map(|place| &measurements[*place]);
        let of_subject = |one: &&Measurement| subject.model.is_none_or(|model| model == one.model);
        let measured: Vec<&Measurement> = asked.filter(of_subject).collect();
        if subject.lacks_a_task(&measured) {
            findings.push(subject.unmeasured(gate, None));
            continue;
        }
        findings.extend(subject.without_sets(gate, &measured, background));
        findings.extend(subject.without_names(gate, &measured));
        findings.extend(subject.without_groups(gate, &measured, background));
    }
    findings
}

/// A model, or the people who labelled, with what was answered: dataset and task.
struct Subject<'a> {
    model: Option<&'a str>,
    answered: BTreeSet<(&'a str, Task)>,
}

impl<'a> Subject<'a> {
    fn new(model: Option<&'a str>) -> Self {
        Subject {
            model,
            answered: BTreeSet::new(),
        }
    }

    /// Whether nothing was measured at all; for a model, of one of the tasks that it was asked.
    fn lacks_a_task(&self, measured: &[&Measurement]) -> bool {
        let lacks = |task: Task| !measured.iter().any(|one| one.task == task);
        measured.is_empty()
            || (self.model.is_some() && self.answered.iter().any(|(_, task)| lacks(*task)))
    }

    /// A finding for each set of natural cases on which nothing was measured. What needs constructed sentences is asked
    /// for once, wherever they are: no natural cases hold them.
    fn without_sets(
        &self,
        gate: &Gate,
        measured: &[&Measurement],
        background: &Background,
    ) -> Vec<Finding> {
        if gate.measure.is_of_constructed_sets() {
            return Vec::new();
        }
        let is_natural = |dataset: &str, task: Task| {
            let source = background.source(dataset, task);
            source.is_some_and(|source| {
                source.is_of_people()
                    && (gate.label_sources.is_empty() || gate.label_sources.contains(&source))
            })
        };
        let on = |dataset: &str, task: Task| {
            let mut measured = measured.iter();
            measured.any(|one| one.dataset == dataset && one.task == task)
        };
        let answered = self.answered.iter();
        let lacking: BTreeSet<&str> = answered
            .filter(|(dataset, task)| is_natural(dataset, *task) && !on(dataset, *task))
            .map(|(dataset, _)| *dataset)
            .collect();
        let of_set = |dataset: &str| {
            let about = (
                dataset.to_owned(),
                format!(" on {dataset} that this gate asks about"),
            );
            self.unmeasured(gate, Some(about))
        };
        lacking.into_iter().map(of_set).collect()
    }

    /// A finding for each label and each attribute that the gate names and no data of the audit holds.
    fn without_names(&self, gate: &Gate, measured: &[&Measurement]) -> Vec<Finding> {
        let labels = || measured.iter().filter_map(|one| one.label.as_deref());
        let attributes = || measured.iter().flat_map(|one| attributes_of(one));
        let lacking_labels = distinct(&gate.labels, same_label)
            .filter(|wanted| !labels().any(|label| same_label(wanted, label)));
        let lacking_attributes = distinct(&gate.attributes, |one, other| one == other)
            .filter(|wanted| !attributes().any(|name| name == *wanted));
        let of_label = lacking_labels.map(|name| ("labels", "label", name));
        let of_attribute = lacking_attributes.map(|name| ("attributes", "attribute", name));
        let of_name = |(key, noun, name): (&str, &str, &str)| {
            let words = format!(" by the {noun} {}, which this gate names", quote(name));
            self.unmeasured(gate, Some((format!("{key}={name}"), words)))
        };
        of_label.chain(of_attribute).map(of_name).collect()
    }

    /// A finding for each attribute of a kind that the gate asks about which no measured group is of: it is declared, and
    /// blank, or the same in all cases.
    fn without_groups(
        &self,
        gate: &Gate,
        measured: &[&Measurement],
        background: &Background,
    ) -> Vec<Finding> {
        let of_groups = matches!(gate.by, By::Group | By::LabelAndGroup);
        if !of_groups || !gate.attributes.is_empty() || gate.measure.is_of_constructed_sets() {
            return Vec::new();
        }
        let is_answered = |dataset: &str| self.answered.iter().any(|(of, _)| *of == dataset);
        let has_groups = |dataset: &str, attribute: &str| {
            let mut measured = measured.iter().filter(|one| one.dataset == dataset);
            measured.any(|one| attributes_of(one).any(|name| name == attribute))
        };
        // Where nothing at all was measured on a set of cases, that has been said of the set.
        let is_measured = |dataset: &str| measured.iter().any(|one| one.dataset == dataset);
        // Groups of raters are no groups of cases.
        let of_raters = |dataset: &str, attribute: &str| {
            let mut known = background.of_raters.iter();
            known.any(|(of, name)| of == dataset && name == attribute)
        };
        let kinds = background.kinds.iter();
        let lacking = kinds.filter(|(dataset, attribute, kind)| {
            gate.attribute_kinds.contains(kind)
                && !of_raters(dataset, attribute)
                && is_answered(dataset)
                && is_measured(dataset)
                && !has_groups(dataset, attribute)
        });
        lacking
            .map(|(dataset, attribute, _)| {
                let words = format!(
                    " by {}, which {dataset} declares: no two groups of it could be compared",
                    quote(attribute)
                );
                self.unmeasured(gate, Some((format!("{dataset}/{attribute}"), words)))
            })
            .collect()
    }

    /// The finding that nothing was measured at all, or not of one thing, given as it stands in the id and in words.
    fn unmeasured(&self, gate: &Gate, about: Option<(String, String)>) -> Finding {
        let of = self
            .model
            .map_or_else(String::new, |model| format!(" of {model}"));
        let model = self.model.map(str::to_owned);
        let (name, words) = match about {
            Some((name, words)) => (Some(name), words),
            None => (None, " that this gate asks about".to_owned()),
        };
        let parts = [Some(gate.id.clone()), model, name];
        let id: Vec<String> = parts.into_iter().flatten().collect();
        let help = match gate.of {
            Of::Change => "; it needs a baseline",
            _ => "",
        };
        Finding {
            id: id.join("/"),
            gate: gate.id.clone(),
            asks: asks_words(gate),
            severity: gate.severity,
            insufficient: if gate.required {
                gate.insufficient
            } else {
                Insufficient::Allow
            },
            outcome: Outcome::Unmeasured,
            detail: format!("nothing was measured{of}{words}{help}"),
            measurement: None,
            needed_n: None,
            waiver: None,
            before_waiver: None,
        }
    }
}

/// Names without those that are the same as an earlier one.
fn distinct(names: &[String], same: fn(&str, &str) -> bool) -> impl Iterator<Item = &str> {
    let is_first =
        move |place: usize, name: &str| !names[..place].iter().any(|one| same(one, name));
    let named = names.iter().map(String::as_str).enumerate();
    named.filter_map(move |(place, name)| is_first(place, name).then_some(name))
}
