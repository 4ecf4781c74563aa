//! The audit: everything that is measured and judged about models on datasets. Pure: what it needs is handed in.

mod behaviour;
mod contrasts;
mod grouping;
mod groups;
mod intensity;
mod pairs;
mod people;
mod releases;
mod scores;
mod scoring_rates;

use crate::dataset::Dataset;
use crate::finding::{Background, Finding, judge};
use crate::measure::change::changes;
use crate::measure::confusion::{self, Confused};
use crate::measure::contrast::Contrast;
use crate::measure::control::{self, Control};
use crate::measure::counterfactual::{self, SetMeasured};
use crate::measure::curve::{Curve, Point};
use crate::measure::disparity::Request;
use crate::measure::disparity::crossing::Crossing;
use crate::measure::disparity::overlap::Overlap;
use crate::measure::disparity::suppression::Suppressed;
use crate::measure::error_slice::Search;
use crate::measure::intensity::{Judged, judge as judge_numbers};
use crate::measure::quality;
use crate::measure::slice::Slice;
use crate::measure::{Comparison, Measure, Measurement, Rules};
use crate::model::ModelCard;
use crate::policy::Policy;
use crate::prediction::Predictions;
use crate::stats::{Estimate, Reason, Undefined};
use crate::tally::{Evaluation, evaluate};
use crate::task::Scheme;
use crate::verdict::{Recommendation, Verdict, verdicts};

use self::contrasts::contrasts;
use self::pairs::pairs;
use self::releases::releases;

pub use self::releases::{Before, judged, release, values};

/// What stands for a model where people are measured.
pub const PEOPLE: &str = "raters";

/// A model's answers on one dataset.
pub struct Answers<'a> {
    /// The model.
    pub model: &'a ModelCard,
    /// The dataset.
    pub dataset: &'a Dataset,
    /// The answers.
    pub predictions: Predictions,
}

/// The emotion and the sentiment model of a contrast, and what came out.
pub struct Contrasted {
    /// The emotion model.
    pub emotion_model: String,
    /// The sentiment model.
    pub sentiment_model: String,
    /// The dataset.
    pub dataset: String,
    /// Whether polarity in gold was labelled as such; otherwise it follows from the emotion labels.
    pub polarity_is_labelled: bool,
    /// What was measured.
    pub contrast: Contrast,
    /// What to use.
    pub recommendation: Recommendation,
}

/// How one model met one dataset.
pub struct Meeting {
    /// The model.
    pub model: String,
    /// The dataset.
    pub dataset: String,
    /// The labels that the model may answer with.
    pub model_scheme: std::sync::Arc<Scheme>,
    /// What was judged; `None` where there is no gold for the model's task.
    pub evaluation: Option<Evaluation>,
    /// What was judged where the model answers with numbers; `None` where there is no gold for them.
    pub numbers: Option<Judged>,
    /// Cases whose text was longer than the model reads.
    pub cut: u64,
    /// How sure the model is, against how often it is right.
    pub curves: Vec<Scored>,
    /// The labels that are confused most.
    pub confused: Vec<Confused>,
    /// Where the model fails more than elsewhere; `None` where there is no gold.
    pub failing: Option<Result<Search, Undefined>>,
    /// By attribute: what is suppressed of its groups.
    pub suppressed: Vec<Suppressed>,
}

/// A curve with its points.
pub struct Scored {
    /// What it shows.
    pub curve: Curve,
    /// Its points, from left to right.
    pub points: Vec<Point>,
}

/// Everything that an audit found.
pub struct Audit {
    /// How models met datasets.
    pub meetings: Vec<Meeting>,
    /// What was measured.
    pub measurements: Vec<Measurement>,
    /// Emotion against sentiment.
    pub contrasts: Vec<Contrasted>,
    /// Comparisons whose right answer is known.
    pub controls: Vec<Control>,
    /// What the gates make of it.
    pub findings: Vec<Finding>,
    /// What may be said of each label.
    pub verdicts: Vec<Verdict>,
}

/// Measures and judges. `baseline` is the earlier audit that changes are measured from; `today` is `YYYY-MM-DD`, for waivers.
pub fn audit(
    datasets: &[Dataset],
    answers: &[Answers<'_>],
    policy: &Policy,
    rules: &Rules,
    request: &Request,
    baseline: Option<Before<'_>>,
    today: &str,
) -> Audit {
    let mut meetings = Vec::new();
    let mut measurements = Vec::new();
    let mut controls = Vec::new();
    for answer in answers {
        let cases = &answer.dataset.cases;
        let scheme = &answer.predictions.scheme;
        let gold = cases.gold(scheme.task);
        let evaluation = gold.and_then(|gold| evaluate(cases, gold, &answer.predictions));
        let gold = cases.intensity.as_ref().filter(|_| scheme.is_continuous());
        let numbers = gold.map(|gold| judge_numbers(cases, gold, &answer.predictions));
        let mut meeting = Measuring {
            answer,
            rules,
            request,
            overlap: &Overlap::new(&cases.attributes),
            coverage_hidden: Vec::new(),
            measurements: &mut measurements,
            controls: &mut controls,
        };
        let (mut curves, mut confused, mut failing) = (Vec::new(), Vec::new(), None);
        let mut suppressed = Vec::new();
        match (&evaluation, &numbers) {
            (Some(evaluation), _) => {
                confused = meeting.quality(evaluation);
                suppressed = meeting.groups(evaluation);
                curves = meeting.scores(evaluation);
                failing = Some(meeting.failing(evaluation));
            }
            (None, Some(judged)) => meeting.intensity(judged),
            (None, None) => meeting.no_gold(),
        }
        meeting.counterfactual();
        // Functional tests are about labels and their scores.
        if !scheme.is_continuous() {
            meeting.behaviour(evaluation.as_ref());
        }
        meetings.push(Meeting {
            model: answer.model.name.clone(),
            dataset: answer.dataset.card.name.clone(),
            model_scheme: scheme.clone(),
            evaluation,
            numbers,
            cut: answer.predictions.cut,
            curves,
            confused,
            failing,
            suppressed,
        });
    }
    measurements.extend(pairs(answers, &meetings, rules));
    for dataset in answered(answers) {
        measurements.extend(people::human_ceiling(dataset, rules));
        measurements.extend(intensity::human_ceiling(dataset, rules));
    }
    let background = background(datasets, answers, &meetings, rules.min_n);
    let verdicts = verdicts(&measurements, &policy.reliability, &background);
    let contrasts = contrasts(answers, &meetings, policy, rules, &verdicts);
    if let Some(before) = baseline {
        let releases = releases(answers, &meetings, before.answers, rules);
        let of = policy.change_measures();
        measurements.extend(changes(&measurements, before.measurements, &of, &releases));
    }
    Audit {
        findings: judge(policy, &measurements, &background, today),
        verdicts,
        meetings,
        measurements,
        contrasts,
        controls,
    }
}

/// The datasets that some model answered, each once.
fn answered<'a>(answers: &[Answers<'a>]) -> Vec<&'a Dataset> {
    let mut datasets: Vec<&Dataset> = Vec::new();
    for answer in answers {
        if !datasets
            .iter()
            .any(|known| known.card.name == answer.dataset.card.name)
        {
            datasets.push(answer.dataset);
        }
    }
    datasets
}

/// What gates need to know of the data.
fn background(
    datasets: &[Dataset],
    answers: &[Answers<'_>],
    meetings: &[Meeting],
    compared_from: u64,
) -> Background {
    let mut background = Background {
        compared_from,
        ..Background::default()
    };
    for (answer, meeting) in answers.iter().zip(meetings) {
        let (model, task) = (&answer.model.name, answer.predictions.scheme.task);
        let answered = (model.clone(), answer.dataset.card.name.clone(), task);
        background.answered.push(answered.clone());
        let carried_over = |evaluation: &Evaluation| evaluation.bridge.merges();
        if meeting.evaluation.as_ref().is_some_and(carried_over) {
            background.carried_over.push(answered);
        }
    }
    for dataset in datasets {
        let name = &dataset.card.name;
        background.datasets.push(name.clone());
        let of_raters = &dataset.cases.rater_attributes;
        let attributes = dataset.cases.attributes.iter().chain(of_raters);
        let kinds = attributes.map(|(of, _)| (name.clone(), of.name.clone(), of.kind));
        background.kinds.extend(kinds);
        let of_raters = of_raters.iter();
        let of_raters = of_raters.map(|(of, _)| (name.clone(), of.name.clone()));
        background.of_raters.extend(of_raters);
        let gold = dataset.cases.gold.iter();
        let sources = gold.map(|gold| (name.clone(), gold.scheme.task, gold.source));
        background.sources.extend(sources);
        let gold = dataset.cases.intensity.iter();
        let sources = gold.map(|gold| (name.clone(), gold.scheme.task, gold.source));
        background.sources.extend(sources);
    }
    background
}

/// Measures one model on one dataset. Values are kept as the record shows them, so that a saved record is judged alike.
struct Measuring<'a> {
    answer: &'a Answers<'a>,
    rules: &'a Rules,
    request: &'a Request,
    overlap: &'a Overlap,
    /// By attribute, then combination: the groups whose coverage is suppressed, once that is known.
    coverage_hidden: Vec<Vec<bool>>,
    measurements: &'a mut Vec<Measurement>,
    controls: &'a mut Vec<Control>,
}

impl Measuring<'_> {
    fn blank(&self, measure: Measure) -> Measurement {
        Measurement {
            model: self.answer.model.name.clone(),
            dataset: self.answer.dataset.card.name.clone(),
            task: self.answer.predictions.scheme.task,
            measure,
            label: None,
            slice: Vec::new(),
            comparison: None,
            n: 0,
            clusters: 0,
            result: Err(Undefined::new(Reason::NotApplicable, "not measured")),
        }
    }

    /// Overall and by label; what is confused most is returned.
    fn quality(&mut self, evaluation: &Evaluation) -> Vec<Confused> {
        let cases = &self.answer.dataset.cases;
        let units = cases.units();
        let whole = Slice::new(
            evaluation
                .outcomes
                .iter()
                .enumerate()
                .filter_map(|(case, outcome)| Some((units[case], (*outcome)?))),
        );
        let mut measured = quality::overall(evaluation, &whole, self.rules);
        measured.extend(quality::by_label(evaluation, &whole, self.rules));
        for measured in measured {
            let blank = self.blank(measured.measure);
            self.measurements.push(Measurement {
                label: measured
                    .label
                    .map(|label| evaluation.scheme.labels[label].name.clone()),
                n: measured.n,
                clusters: whole.clusters,
                result: measured.result.map(Estimate::rounded),
                ..blank
            });
        }
        confusion::most(evaluation, &whole, self.rules)
    }

    /// Accuracy without gold is refused, and the record says so.
    fn no_gold(&mut self) {
        for measure in [Measure::Skill, Measure::Accuracy] {
            let blank = self.blank(measure);
            let detail = match self.answer.dataset.cases.gold(blank.task) {
                Some(gold) => format!(
                    "the labels of the dataset ({}) and of the model ({}) have too little in common",
                    gold.scheme.name, self.answer.predictions.scheme.name
                ),
                None => format!(
                    "the dataset has no {} labels to compare with",
                    blank.task.as_str()
                ),
            };
            self.measurements.push(Measurement {
                result: Err(Undefined::new(Reason::NoGold, detail)),
                ..blank
            });
        }
    }

    fn counterfactual(&mut self) {
        let cases = &self.answer.dataset.cases;
        let predictions = &self.answer.predictions;
        let swapped = counterfactual::swapped(cases);
        for place in &swapped {
            let attribute = &cases.attributes[*place].0;
            for measured in counterfactual::measure(cases, *place, predictions, self.rules) {
                let slice = measured
                    .group
                    .clone()
                    .map(|group| (attribute.name.clone(), group));
                self.push_within_sets(&attribute.name, slice.into_iter().collect(), measured);
            }
            let subject = self.subject(&attribute.name);
            self.controls.extend(control::identical_pairs(
                cases,
                *place,
                predictions,
                &subject,
                self.rules,
            ));
        }
        // Two groups may be alike by either attribute, and their combinations not.
        for crossing in Crossing::among(cases, &swapped, self.request.intersections) {
            let attribute = crossing.attribute(cases);
            let slices = crossing.slices(cases);
            let groups = crossing.groups();
            let combined = (&groups, &crossing.attributes[..]);
            for measured in counterfactual::shifts(cases, combined, predictions, self.rules) {
                let own = |group: &String| crossing.names().iter().position(|name| name == group);
                let place = measured.group.as_ref().and_then(own);
                let slice = place.map_or_else(Vec::new, |place| slices[place].clone());
                self.push_within_sets(&attribute, slice, measured);
            }
        }
    }

    fn push_within_sets(
        &mut self,
        attribute: &str,
        slice: Vec<(String, String)>,
        measured: SetMeasured,
    ) {
        let labels = &self.answer.predictions.scheme.labels;
        let blank = self.blank(measured.measure);
        self.measurements.push(Measurement {
            label: measured.label.map(|label| labels[label].name.clone()),
            slice,
            comparison: Some(match measured.other {
                None => Comparison::WithinSets(attribute.to_owned()),
                Some(other) => Comparison::WithinSetsToGroup(attribute.to_owned(), other),
            }),
            n: measured.n,
            clusters: measured.clusters,
            result: measured.result.map(Estimate::rounded),
            ..blank
        });
    }

    fn subject(&self, attribute: &str) -> String {
        format!(
            "{}, {}, {attribute}",
            self.answer.model.name, self.answer.dataset.card.name
        )
    }
}
