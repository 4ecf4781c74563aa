//! What people do not agree on, so that no model can be right about it, in the same words for every summary.

use super::html::words::list_up_to;
use crate::record::Record;
use crate::record::v1::Verdict;

/// How many labels a sentence names before it only counts.
const NAMED: usize = 8;

/// A sentence for each task of a dataset.
pub fn sentences(record: &Record) -> Vec<String> {
    let of_people = record.verdicts.iter();
    let of_people: Vec<&Verdict> = of_people
        .filter(|one| one.verdict == "not-auditable" && one.slice.is_empty())
        .collect();
    let mut asked: Vec<(&str, &str)> = Vec::new();
    for one in &of_people {
        let of = (one.dataset.as_str(), one.task.as_str());
        if !asked.contains(&of) {
            asked.push(of);
        }
    }
    let sentence = |(dataset, task): (&str, &str)| {
        let here = of_people.iter();
        let here = here.filter(|one| (one.dataset.as_str(), one.task.as_str()) == (dataset, task));
        let mut labels: Vec<String> = here.filter_map(|one| one.label.clone()).collect();
        labels.sort_unstable();
        labels.dedup();
        let what = match labels.is_empty() {
            true => "the labels".to_owned(),
            false => list_up_to(&labels, NAMED),
        };
        format!(
            "{task} on {dataset}: people do not agree on {what}, so that no model can be told right from wrong there"
        )
    };
    asked.into_iter().map(sentence).collect()
}
