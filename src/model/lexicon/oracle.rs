//! Holds the scorer against the Python package on hand-made sentences; `tests/oracles/vader.py`
//! made the figures.

use super::{Lexicon, Polarity, Vader};
use serde_json::Value;

const WORDS: &str = include_str!("../../../tests/oracles/vader_lexicon.txt");
const EMOJI: &str = include_str!("../../../tests/oracles/vader_emoji.txt");
const ORACLE: &str = include_str!("../../../tests/oracles/vader.json");

fn scores(polarity: Polarity) -> [f64; 4] {
    let Polarity {
        negative,
        neutral,
        positive,
        compound,
    } = polarity;
    [negative, neutral, positive, compound]
}

fn four(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap())
        .collect()
}

#[test]
fn scores_equal_those_of_the_python_package() {
    let vader = Vader::new(Lexicon::parse(WORDS, Some(EMOJI)).unwrap());
    let oracle: Value = serde_json::from_str(ORACLE).unwrap();
    let cases = oracle["cases"].as_array().unwrap();
    assert!(cases.len() >= 60);
    for case in cases {
        let text = case["text"].as_str().unwrap();
        let ours = scores(vader.score(text));
        for (ours, exact) in ours.iter().zip(four(&case["exact"])) {
            assert!(
                (ours - exact).abs() < 1e-12,
                "{text:?}: {ours} instead of {exact}"
            );
        }
        for ((ours, published), digits) in
            ours.iter().zip(four(&case["published"])).zip([3, 3, 3, 4])
        {
            let rounded: f64 = format!("{ours:.digits$}").parse().unwrap();
            assert_eq!(rounded, published, "{text:?}");
        }
    }
}
