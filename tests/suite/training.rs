//! Training a reference model on the bundled data: the same twice, and fit to be audited.

use std::fs;

use libtest_mimic::{Failed, Trial};

use crate::run::{audit, program};

pub fn trials() -> Vec<Trial> {
    vec![Trial::test(
        "training::the_same_call_gives_the_same_bytes",
        same_bytes,
    )]
}

fn same_bytes() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let mut weights = Vec::new();
    for name in ["one", "two"] {
        let output = program(
            folder.path(),
            &[
                "model",
                "train",
                "--quiet",
                "--dataset",
                "everyday-english",
                "--dev",
                "everyday-english",
                "--task",
                "sentiment",
                "--learner",
                "bayes",
                "-o",
                name,
            ],
        )?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        weights.push(fs::read(folder.path().join(name).join("weights.bin"))?);
    }
    if weights[0] != weights[1] {
        return Err("two trainings differ".into());
    }
    let (_, record) = audit(
        folder.path(),
        &["--model", "reference:one", "--dataset", "everyday-english"],
    )?;
    // It is examined on what it learned from, so it must know the better part of it.
    let skill = crate::run::measurements(
        &record,
        &[("measure", "skill"), ("label", ""), ("slice", "")],
    );
    match skill.first().and_then(|skill| skill["estimate"].as_f64()) {
        Some(skill) if skill > 0.5 => Ok(()),
        other => Err(format!("skill on its own lessons: {other:?}").into()),
    }
}
