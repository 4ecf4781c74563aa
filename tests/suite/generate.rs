//! The bundled counterfactual data: agreement as written out by hand, nothing unfilled, balance; and the example of
//! `docs/generate.md`, which must do what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use affect_audit::dataset::{self, Dataset, bundled};
use libtest_mimic::{Failed, Trial};

use crate::run::program;

pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("generate::sentences_read_as_written_by_hand", agreement),
        Trial::test("generate::eight_languages_are_bundled", languages),
        Trial::test("generate::polarity_is_balanced", balance),
        Trial::test("generate::articles_are_contracted", contractions),
        Trial::test("generate::elision_follows_the_sound", elision),
        Trial::test("generate::scripts_are_not_mixed", scripts),
        Trial::test(
            "generate::the_example_of_the_documentation_runs",
            documentation,
        ),
    ];
    for name in swaps() {
        trials.push(Trial::test(
            format!("generate::{name}_is_whole"),
            move || whole(name),
        ));
    }
    trials
}

/// The bundled datasets of swaps.
fn swaps() -> Vec<&'static str> {
    let mut names = bundled::names();
    names.retain(|name| name.starts_with("identity-swaps"));
    names
}

fn read(name: &str) -> Result<Dataset, Failed> {
    dataset::read(name).map_err(|problems| problems.to_string().into())
}

fn texts(dataset: &Dataset) -> BTreeMap<&str, &str> {
    let texts = dataset.cases.texts.iter().flatten().map(String::as_str);
    dataset
        .cases
        .ids
        .iter()
        .map(String::as_str)
        .zip(texts)
        .collect()
}

fn none(faults: &[String]) -> Result<(), Failed> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n").into())
    }
}

fn agreement() -> Result<(), Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/agreement.tsv");
    let table = fs::read_to_string(path)?;
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    let mut faults = Vec::new();
    for name in swaps() {
        let dataset = read(name)?;
        let texts = texts(&dataset);
        let wanted: Vec<&Vec<&str>> = rows.iter().filter(|row| row[0] == name).collect();
        if wanted.len() < 4 {
            faults.push(format!(
                "{name} has {} sentences written by hand",
                wanted.len()
            ));
        }
        for row in wanted {
            let found = texts.get(row[1]).copied().unwrap_or("(no such case)");
            if found != row[2] {
                faults.push(format!(
                    "{name} {}\n  expected {}\n  found    {found}",
                    row[1], row[2]
                ));
            }
        }
    }
    none(&faults)
}

fn languages() -> Result<(), Failed> {
    let mut found: Vec<String> = Vec::new();
    for name in swaps() {
        found.extend(read(name)?.card.language);
    }
    found.sort();
    if found == ["ar", "de", "en", "es", "fr", "hi", "sw", "zh"] {
        Ok(())
    } else {
        Err(format!("{found:?}").into())
    }
}

/// Every set is filled, and there is as much of everything as is promised.
fn whole(name: &str) -> Result<(), Failed> {
    let dataset = read(name)?;
    let coverage = dataset.card.coverage.as_ref().ok_or("no coverage")?;
    let mut faults = Vec::new();
    let mut expect = |holds: bool, what: &str| {
        if !holds {
            faults.push(format!("{name}: {what}"));
        }
    };
    expect(coverage.complete == coverage.sets, "a set is not complete");
    expect(
        coverage.groups.iter().all(|row| row.filled == row.of),
        "a group is not filled",
    );
    expect(
        coverage.groups.iter().all(|row| row.terms >= 2),
        "a group has one term only",
    );
    expect(coverage.templates >= 8, "fewer than 8 templates");
    expect(
        coverage.wordings >= 5 * coverage.templates,
        "fewer than 5 wordings a template",
    );
    expect(
        dataset.cases.attributes.len() >= 3,
        "fewer than 3 attributes",
    );
    let filled: u64 = coverage.groups.iter().map(|row| row.filled).sum();
    expect(
        filled == dataset.cases.len() as u64,
        "the coverage is not that of the cases",
    );
    let unreviewed = dataset.card.description.contains("NOT REVIEWED");
    expect(
        unreviewed || name == "identity-swaps",
        "the card does not say that nobody reviewed it",
    );
    for (id, text) in texts(&dataset) {
        let odd = text.contains(['{', '}', '|']) || text.contains("  ") || text.trim() != text;
        expect(!odd, id);
    }
    none(&faults)
}

/// As many templates of each polarity, in every language but English, whose card says how its shares are.
fn balance() -> Result<(), Failed> {
    let mut faults = Vec::new();
    for name in swaps().into_iter().filter(|name| *name != "identity-swaps") {
        let dataset = read(name)?;
        let clusters = dataset.cases.clusters.as_ref().ok_or("no templates")?;
        for gold in &dataset.cases.gold {
            let mut templates: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
            for (label, template) in gold.labels.iter().zip(clusters.codes()) {
                let label = label.and_then(|labels| labels.single()).ok_or("no label")?;
                let label = gold.scheme.labels[label].name.as_str();
                templates.entry(label).or_default().extend(template);
            }
            let shares: Vec<(&str, usize)> = templates
                .into_iter()
                .map(|(label, templates)| (label, templates.len()))
                .collect();
            let expected: &[(&str, usize)] = match gold.scheme.name.as_str() {
                "three-way" => &[("negative", 4), ("neutral", 4), ("positive", 4)],
                _ => &[
                    ("anger", 1),
                    ("disgust", 1),
                    ("fear", 1),
                    ("joy", 3),
                    ("neutral", 3),
                    ("sadness", 1),
                    ("surprise", 2),
                ],
            };
            if shares != expected {
                faults.push(format!("{name}: {shares:?}"));
            }
        }
    }
    none(&faults)
}

/// Sequences of words that a language never has.
fn lacks(name: &str, wrong: &[&str]) -> Result<(), Failed> {
    let dataset = read(name)?;
    let mut faults = Vec::new();
    for (id, text) in texts(&dataset) {
        let padded = format!(" {} ", text.to_lowercase());
        faults.extend(
            wrong
                .iter()
                .filter(|wrong| padded.contains(*wrong))
                .map(|wrong| format!("{name} {id}: {wrong}")),
        );
    }
    none(&faults)
}

fn contractions() -> Result<(), Failed> {
    lacks(
        "identity-swaps-es",
        &[" a el ", " de el ", " un mujer", " una hombre"],
    )?;
    lacks(
        "identity-swaps-fr",
        &[
            " à le ",
            " de le ",
            " à les ",
            " un femme",
            " une homme",
            " une jeune homme",
        ],
    )?;
    lacks(
        "identity-swaps-de",
        &[
            " ein frau",
            " eine mann",
            " einem frau",
            " einer mann",
            " für ein mann",
            " mit einen ",
            " bei der mann",
        ],
    )?;
    lacks(
        "identity-swaps-sw",
        &[
            " wanawake ali",
            " wanaume ali",
            " dada yangu wali",
            " mwanamke wali",
        ],
    )?;
    lacks(
        "identity-swaps-hi",
        &[
            "मैंने मेरे",
            "मैंने मेरी",
            " का एक पुरुष को",
            " का एक पुरुष ने",
            " का एक पुरुष के",
        ],
    )
}

/// What a word that is spoken with a vowel first begins with.
const VOWELS: [char; 10] = ['a', 'e', 'i', 'o', 'u', 'é', 'à', 'â', 'h', 'y'];

/// `que`, `de`, `je` and the articles stand in full before a consonant and shortened before a vowel.
fn elision() -> Result<(), Failed> {
    let dataset = read("identity-swaps-fr")?;
    let mut faults = Vec::new();
    for (id, text) in texts(&dataset) {
        let words: Vec<String> = text.to_lowercase().split(' ').map(str::to_owned).collect();
        for pair in words.windows(2) {
            // Before "huit" nothing is shortened.
            let vowel = pair[1].starts_with(VOWELS) && pair[1] != "huit";
            if vowel && ["que", "de", "je", "ne", "se", "le", "la"].contains(&pair[0].as_str()) {
                faults.push(format!("{id}: {} {}", pair[0], pair[1]));
            }
        }
        for word in &words {
            if let Some(rest) = word.strip_prefix("qu'").or_else(|| word.strip_prefix("d'"))
                && !rest.starts_with(VOWELS)
            {
                faults.push(format!("{id}: {word}"));
            }
        }
    }
    none(&faults)
}

/// Arabic, Devanagari and Han texts hold no letter of another script.
fn scripts() -> Result<(), Failed> {
    let scripts = [
        ("identity-swaps-ar", '\u{600}'..='\u{6ff}'),
        ("identity-swaps-hi", '\u{900}'..='\u{97f}'),
        ("identity-swaps-zh", '\u{4e00}'..='\u{9fff}'),
    ];
    let mut faults = Vec::new();
    for (name, script) in scripts {
        let dataset = read(name)?;
        for (id, text) in texts(&dataset) {
            if text
                .chars()
                .any(|letter| letter.is_alphabetic() && !script.contains(&letter))
            {
                faults.push(format!("{name} {id}"));
            }
        }
    }
    none(&faults)
}

/// Runs the example of the documentation: fences named `toml FILE` are files, `console` holds commands and what
/// they print, and `csv FILE` says what a file must hold then.
fn documentation() -> Result<(), Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/generate.md");
    let text = fs::read_to_string(path)?;
    let folder = tempfile::tempdir()?;
    let (mut commands, mut compared) = (0, 0);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(fence) = line.strip_prefix("```").filter(|fence| !fence.is_empty()) else {
            continue;
        };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let body = body.join("\n") + "\n";
        match fence.split_once(' ') {
            Some(("toml", file)) => fs::write(folder.path().join(file), body)?,
            Some(("csv", file)) => {
                compared += 1;
                let found = fs::read_to_string(folder.path().join(file))?;
                if found != body {
                    return Err(format!("{file} holds\n{found}").into());
                }
            }
            _ if fence == "console" => {
                for part in format!("\n{body}").split("\n$ affect-audit ").skip(1) {
                    // What is shown under a command is what it prints; nothing is shown of long output.
                    let (command, shown) = part.split_once('\n').unwrap_or((part, ""));
                    let shown = match shown {
                        "" => String::new(),
                        shown => format!("{}\n", shown.trim_end()),
                    };
                    commands += 1;
                    let words: Vec<&str> = command.split_whitespace().collect();
                    let output = program(folder.path(), &words)?;
                    let printed = [output.stdout, output.stderr].concat();
                    let printed = String::from_utf8(printed)?;
                    // An audit says by its code how the model did.
                    let expected_code = match output.status.code() {
                        Some(0 | 1 | 3) => !shown.starts_with("error"),
                        Some(2) => shown.starts_with("error"),
                        _ => false,
                    };
                    if !expected_code || !(shown.is_empty() || shown == printed) {
                        return Err(format!("{command} printed\n{printed}").into());
                    }
                }
            }
            _ => {}
        }
    }
    if commands < 5 || compared < 2 {
        return Err(
            format!("{commands} commands and {compared} files in the documentation").into(),
        );
    }
    Ok(())
}
