//! Scope: is the declared use one that the policy allows to be audited at all?

use crate::dataset::card::{MODALITIES, Modality};
use crate::diagnostic::Problem;
use crate::document::Fields;
use crate::task::Task;

/// What a model's answers are said to be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Polarity.
    Sentiment,
    /// Emotions.
    Emotion,
    /// Intentions.
    Intention,
}

/// Every target with its name in files.
pub const TARGETS: [(&str, Target); 3] = [
    ("sentiment", Target::Sentiment),
    ("emotion", Target::Emotion),
    ("intention", Target::Intention),
];

impl From<Task> for Target {
    fn from(task: Task) -> Self {
        match task {
            Task::Sentiment => Target::Sentiment,
            // How much of an emotion is perceived is an answer about emotions.
            Task::Emotion | Task::Intensity => Target::Emotion,
        }
    }
}

/// Where a model is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// At work.
    Workplace,
    /// Choosing candidates.
    Recruitment,
    /// In schools and universities.
    Education,
    /// In care.
    Health,
    /// With customers.
    Customer,
    /// In advertising.
    Advertising,
    /// In vehicles.
    Automotive,
    /// In research.
    Research,
}

/// Every context with its name in files.
pub const CONTEXTS: [(&str, Context); 8] = [
    ("workplace", Context::Workplace),
    ("recruitment", Context::Recruitment),
    ("education", Context::Education),
    ("health", Context::Health),
    ("customer", Context::Customer),
    ("advertising", Context::Advertising),
    ("automotive", Context::Automotive),
    ("research", Context::Research),
];

/// Whether results are reported of persons or of many together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Of a person.
    Individual,
    /// Of many together.
    Aggregate,
}

/// Every unit with its name in files.
pub const UNITS: [(&str, Unit); 2] = [
    ("individual", Unit::Individual),
    ("aggregate", Unit::Aggregate),
];

/// The use that a run declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// What the models look at.
    pub modalities: Vec<Modality>,
    /// What the answers are said to be about.
    pub targets: Vec<Target>,
    /// Where they are used.
    pub context: Context,
    /// Of whom results are reported.
    pub unit: Unit,
}

/// What a rule does with a use; later is stricter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScopeOutcome {
    /// Go on.
    Proceed,
    /// Go on, with a sentence at the head of the report.
    Warn,
    /// Stop.
    Refuse,
}

/// Every outcome with its name in files.
pub const SCOPE_OUTCOMES: [(&str, ScopeOutcome); 3] = [
    ("proceed", ScopeOutcome::Proceed),
    ("warn", ScopeOutcome::Warn),
    ("refuse", ScopeOutcome::Refuse),
];

/// A rule about uses. An empty list matches everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRule {
    /// Its name.
    pub id: String,
    modalities: Vec<Modality>,
    targets: Vec<Target>,
    contexts: Vec<Context>,
    units: Vec<Unit>,
    /// What it does.
    pub outcome: ScopeOutcome,
    /// The text it rests on.
    pub reference: String,
    /// What it says to the reader.
    pub sentence: String,
}

/// What the policy makes of a use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeDecision {
    /// The strictest outcome of all rules that match; *proceed* where none does.
    pub outcome: ScopeOutcome,
    /// The rules with that outcome.
    pub rules: Vec<ScopeRule>,
}

/// Reads one rule.
pub(super) fn read_rule(table: Fields<'_>) -> ScopeRule {
    let rule = ScopeRule {
        id: table.required_text("id"),
        modalities: table.choices("modality", &MODALITIES),
        targets: table.choices("target", &TARGETS),
        contexts: table.choices("context", &CONTEXTS),
        units: table.choices("unit", &UNITS),
        outcome: table
            .required_choice("outcome", &SCOPE_OUTCOMES)
            .unwrap_or(ScopeOutcome::Refuse),
        reference: table.text("reference").unwrap_or_default(),
        sentence: table.text("sentence").unwrap_or_default(),
    };
    if rule.outcome != ScopeOutcome::Proceed && rule.sentence.is_empty() {
        table.problem(
            Problem::new(
                "policy/scope",
                table.place_of("sentence"),
                "a rule that warns or refuses says nothing",
            )
            .help("add a sentence that tells the reader why"),
        );
    }
    table.finish();
    rule
}

/// Decides about a use: the strictest rule that matches counts.
pub fn decide(rules: &[ScopeRule], scope: &Scope) -> ScopeDecision {
    let any = |allowed: bool, list_is_empty: bool| list_is_empty || allowed;
    let matching: Vec<&ScopeRule> = rules
        .iter()
        .filter(|rule| {
            any(
                rule.modalities.iter().any(|m| scope.modalities.contains(m)),
                rule.modalities.is_empty(),
            ) && any(
                rule.targets.iter().any(|t| scope.targets.contains(t)),
                rule.targets.is_empty(),
            ) && any(
                rule.contexts.contains(&scope.context),
                rule.contexts.is_empty(),
            ) && any(rule.units.contains(&scope.unit), rule.units.is_empty())
        })
        .collect();
    let outcome = matching
        .iter()
        .map(|rule| rule.outcome)
        .max()
        .unwrap_or(ScopeOutcome::Proceed);
    ScopeDecision {
        outcome,
        rules: matching
            .into_iter()
            .filter(|rule| rule.outcome == outcome)
            .cloned()
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DEFAULT, DEFAULT_NAME, Policy};
    use super::*;

    fn decided(modality: Modality, target: Target, context: Context, unit: Unit) -> ScopeOutcome {
        let policy = Policy::parse(DEFAULT_NAME, DEFAULT).expect("a valid policy");
        let scope = Scope {
            modalities: vec![modality],
            targets: vec![target],
            context,
            unit,
        };
        decide(&policy.scopes, &scope).outcome
    }

    #[test]
    fn the_default_policy_draws_its_lines_where_it_says() {
        use ScopeOutcome::{Proceed, Refuse, Warn};
        let cases = [
            (
                Modality::Voice,
                Target::Emotion,
                Context::Workplace,
                Unit::Individual,
                Refuse,
            ),
            (
                Modality::Face,
                Target::Emotion,
                Context::Recruitment,
                Unit::Aggregate,
                Refuse,
            ),
            (
                Modality::Keystroke,
                Target::Intention,
                Context::Education,
                Unit::Individual,
                Refuse,
            ),
            (
                Modality::Text,
                Target::Emotion,
                Context::Workplace,
                Unit::Individual,
                Warn,
            ),
            (
                Modality::Voice,
                Target::Emotion,
                Context::Customer,
                Unit::Individual,
                Warn,
            ),
            (
                Modality::Text,
                Target::Sentiment,
                Context::Workplace,
                Unit::Individual,
                Proceed,
            ),
            (
                Modality::Text,
                Target::Emotion,
                Context::Research,
                Unit::Aggregate,
                Proceed,
            ),
        ];
        for (modality, target, context, unit, expected) in cases {
            assert_eq!(
                decided(modality, target, context, unit),
                expected,
                "{modality:?} {target:?} {context:?} {unit:?}"
            );
        }
    }
}
