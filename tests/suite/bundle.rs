//! Bundles: signed as OpenSSL signs, the same twice, without texts; and whatever is done to one is named.

pub mod hand;
mod tampered;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use affect_audit::bundle::archive::{self, File};
use affect_audit::bundle::key::{PublicKey, SigningKey, private_pem};
use affect_audit::record::v1::{self, CHANGE, Interval, PAIRED_CHANGE};
use affect_audit::record::{self, Record};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::run::program;

const ORACLE: &str = include_str!("../oracles/ed25519.json");

pub fn trials() -> Vec<Trial> {
    let is_here = Command::new("openssl")
        .arg("version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    let mut trials = vec![
        Trial::test("bundle::keys_and_signatures_are_those_of_rfc_8032", vectors),
        Trial::test("bundle::openssl_and_we_check_each_other", openssl).with_ignored_flag(!is_here),
        Trial::test("bundle::the_same_twice_and_verified", the_same_twice),
        Trial::test("bundle::holds_no_texts_and_no_secrets", no_texts),
        Trial::test(
            "bundle::what_changed_since_the_audit_is_refused",
            changed_since,
        ),
        Trial::test("bundle::keys_are_for_their_owner_alone", keys),
        Trial::test("bundle::paired_changes_are_judged_again", paired_changes),
    ];
    trials.extend(tampered::trials());
    trials
}

/// A small audit with everything that a bundle of it needs: 24 of 30 answers are right, and the policy is locked.
pub fn small_audit(folder: &Path) -> Result<(), Failed> {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/gate-three-answers");
    fs::create_dir(folder.join("data"))?;
    for file in [
        "p.csv",
        "policy.toml",
        "data/dataset.toml",
        "data/cases.csv",
    ] {
        fs::copy(inputs.join(file), folder.join(file))?;
    }
    // As much as the model has right, so that its 30 cases prove nothing.
    let policy = fs::read_to_string(folder.join("policy.toml"))?;
    fs::write(
        folder.join("policy.toml"),
        policy.replace("min = 0.5", "min = 0.8"),
    )?;
    run(folder, &["policy", "lock", "policy.toml"], 0)?;
    let audit = "audit --quiet --dataset data --predictions p.csv --policy policy.toml --format json --replicates 100 -o out";
    let words: Vec<&str> = audit.split(' ').collect();
    let output = program(folder, &words)?;
    if !matches!(output.status.code(), Some(0 | 1 | 3)) {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    run(folder, &["bundle", "--new-key", "key"], 0)?;
    run(folder, &["bundle", "out", "-o", "b.zip", "--key", "key"], 0)?;
    Ok(())
}

/// Runs a command that must end so, and gives what it said, stdout before stderr.
pub fn run(folder: &Path, words: &[&str], code: i32) -> Result<String, Failed> {
    let output = program(folder, words)?;
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    if output.status.code() == Some(code) {
        Ok(said)
    } else {
        Err(format!(
            "{words:?} ends with {:?}, not {code}: {said}",
            output.status.code()
        )
        .into())
    }
}

pub fn unpacked(folder: &Path, name: &str) -> Result<Vec<File>, Failed> {
    archive::unpack(name, &fs::read(folder.join(name))?)
        .map_err(|fault| format!("{fault:?}").into())
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    pairs
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

fn vectors() -> Result<(), Failed> {
    let vectors: Vec<Value> = serde_json::from_str(ORACLE)?;
    for vector in &vectors {
        let text = |key: &str| vector[key].as_str().unwrap_or_default();
        let seed: [u8; 32] = bytes(text("seed")).try_into().map_err(|_| "no seed")?;
        let key = SigningKey::from_pem("oracle", text("private_pem"))
            .map_err(|problem| problem.to_string())?;
        let public = PublicKey::from_pem("oracle", text("public_pem"))
            .map_err(|problem| problem.to_string())?;
        let (message, signature) = (bytes(text("message")), bytes(text("signature")));
        let (mut other_message, mut other_signature) = (message.clone(), signature.clone());
        other_message.push(0);
        other_signature[40] ^= 1;
        let right = [
            private_pem(&seed) == text("private_pem"),
            key.public() == public && public.to_pem() == text("public_pem"),
            public.fingerprint() == text("fingerprint"),
            key.sign(&message) == signature,
            public.holds(&message, &signature),
            !public.holds(&other_message, &signature),
            !public.holds(&message, &other_signature),
            !public.holds(&message, &[]),
        ];
        if right != [true; 8] {
            return Err(format!("{}: {right:?}", text("seed")).into());
        }
    }
    if vectors.len() < 8 {
        return Err("the oracle holds too little".into());
    }
    Ok(())
}

/// A key that OpenSSL made signs here, and OpenSSL checks what we signed with it and with a key of ours.
fn openssl() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    small_audit(folder)?;
    let openssl = |words: &str| -> Result<String, Failed> {
        let output = Command::new("openssl")
            .args(words.split(' '))
            .current_dir(folder)
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(format!("openssl {words}: {said}").into())
        }
    };
    openssl("genpkey -algorithm ed25519 -out theirs")?;
    openssl("pkey -in theirs -pubout -out theirs.pub")?;
    run(
        folder,
        &["bundle", "out", "-o", "c.zip", "--key", "theirs"],
        0,
    )?;
    run(
        folder,
        &["verify", "c.zip", "--public-key", "theirs.pub"],
        0,
    )?;
    for (archive, key) in [("b.zip", "key.pub"), ("c.zip", "theirs.pub")] {
        for file in unpacked(folder, archive)? {
            if !file.path.contains('/') {
                fs::write(folder.join(&file.path), &file.bytes)?;
            }
        }
        openssl(&format!(
            "pkeyutl -verify -pubin -inkey {key} -rawin -in manifest.json -sigfile manifest.sig"
        ))?;
        if fs::read(folder.join("public-key.pem"))? != fs::read(folder.join(key))? {
            return Err("the enclosed key is not the one that OpenSSL has".into());
        }
    }
    if openssl("pkey -in key -pubout")? != fs::read_to_string(folder.join("key.pub"))? {
        return Err("OpenSSL reads another public key from ours".into());
    }
    Ok(())
}

fn the_same_twice() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    small_audit(folder)?;
    let again = [
        "bundle",
        "out/audit.json",
        "-o",
        "again.zip",
        "--key",
        "key",
    ];
    run(folder, &again, 0)?;
    if fs::read(folder.join("b.zip"))? != fs::read(folder.join("again.zip"))? {
        return Err("two bundles of one audit differ".into());
    }
    // Far from the data and the policy, and by any of several keys.
    let away = tempfile::tempdir()?;
    for file in ["b.zip", "key.pub"] {
        fs::copy(folder.join(file), away.path().join(file))?;
    }
    run(away.path(), &["bundle", "--new-key", "other"], 0)?;
    let verify = [
        "verify",
        "b.zip",
        "--public-key",
        "other.pub",
        "--public-key",
        "key.pub",
    ];
    let said = run(away.path(), &verify, 0)?;
    for word in [
        "verified:",
        "judged again, the same",
        "rendered again, the same: index.html",
        "exit code",
    ] {
        if !said.contains(word) {
            return Err(format!("not said: {word}\n{said}").into());
        }
    }
    // Without a key that the reader brings, nothing is verified, and so it is said.
    let said = run(away.path(), &["verify", "b.zip"], 3)?;
    let unsigned = [
        "bundle",
        "out",
        "-o",
        "unsigned.zip",
        "--unsigned",
        "--format",
        "junit",
        "--format",
        "markdown",
    ];
    run(folder, &unsigned, 0)?;
    let more = run(folder, &["verify", "unsigned.zip"], 3)?;
    if said.contains("\nverified")
        || more.contains("\nverified")
        || !more.contains("junit.xml, summary.md")
    {
        return Err(format!("{said}{more}").into());
    }
    // A day that is still to come is told of.
    let record = fs::read_to_string(folder.join("out/audit.json"))?;
    let (before, after) = record.split_once("\"started\": \"").ok_or("no date")?;
    let ahead = format!("{before}\"started\": \"2999{}", &after[4..]);
    fs::write(folder.join("out/audit.json"), ahead)?;
    run(
        folder,
        &["bundle", "out", "-o", "ahead.zip", "--unsigned"],
        0,
    )?;
    let said = run(folder, &["verify", "ahead.zip"], 3)?;
    if !said.contains("still to come") || more.contains("still to come") {
        return Err(said.into());
    }
    Ok(())
}

/// Texts of cases, answers, and variables of the environment stay out; what CI services say of a job does not.
fn no_texts() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let said = Command::new(env!("CARGO_BIN_EXE_affect-audit"))
        .args("audit --quiet --model reference:sentiment --dataset everyday-english --replicates 100 -o out".split(' '))
        .current_dir(folder)
        .env("GITHUB_SHA", "5eed5eed")
        .env("MY_API_TOKEN", "hunter2hunter2")
        .env("AFFECT_AUDIT_SIGNING_KEY", "hunter3hunter3")
        .output()?;
    if said.status.code() != Some(1) {
        return Err(String::from_utf8_lossy(&said.stderr).into());
    }
    run(folder, &["bundle", "--new-key", "key"], 0)?;
    run(folder, &["bundle", "out", "-o", "b.zip", "--key", "key"], 0)?;
    let packed = fs::read(folder.join("b.zip"))?;
    let packed = String::from_utf8_lossy(&packed);
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/everyday-english/cases.csv");
    let mut reader = csv::Reader::from_path(cases)?;
    let place = reader.headers()?.iter().position(|name| name == "text");
    let place = place.ok_or("no texts")?;
    let mut looked = 0;
    for row in reader.records() {
        let row = row?;
        if row[place].len() > 12 {
            looked += 1;
            if packed.contains(&row[place]) {
                return Err("the bundle holds a text".into());
            }
        }
    }
    let secret = fs::read_to_string(folder.join("key"))?;
    let secret = secret.lines().nth(1).unwrap_or("?");
    if packed.contains("hunter") || packed.contains(secret) || !packed.contains("5eed5eed") {
        return Err("the environment is not told as it should be".into());
    }
    if looked < 1000 {
        return Err(format!("only {looked} texts were looked for").into());
    }
    Ok(())
}

/// Policy, lock and data must be those of the audit.
fn changed_since() -> Result<(), Failed> {
    type Change = fn(&str) -> String;
    let changes: [(&str, Change, &str); 3] = [
        (
            "policy.toml",
            |text| text.replace("0.", "0.1"),
            "changed-after-lock",
        ),
        (
            "data/cases.csv",
            |text| text.replacen("negative", "positive", 1),
            "bundle/dataset",
        ),
        (
            "out/audit.json",
            |text| text.replacen("\"estimate\": 0.8", "\"estimate\": 0.9", 1),
            "record/digest",
        ),
    ];
    for (file, change, code) in changes {
        let folder = tempfile::tempdir()?;
        let folder = folder.path();
        small_audit(folder)?;
        let before = fs::read_to_string(folder.join(file))?;
        let after = change(&before);
        if before == after {
            return Err(format!("{file} was not changed").into());
        }
        fs::write(folder.join(file), after)?;
        let said = run(folder, &["bundle", "out", "-o", "c.zip", "--key", "key"], 2)?;
        if !said.contains(code) || folder.join("c.zip").exists() {
            return Err(format!("{file}: {said}").into());
        }
    }
    // Without its lock the policy is the same still, but not when it was fixed; without policy there is nothing to show.
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    small_audit(folder)?;
    let bundle = ["bundle", "out", "-o", "c.zip", "--key", "key"];
    fs::remove_file(folder.join("policy.toml.lock"))?;
    run(folder, &bundle, 2)?;
    fs::rename(folder.join("policy.toml"), folder.join("moved.toml"))?;
    let said = run(folder, &bundle, 2)?;
    if !said.contains("gate/policy") {
        return Err(said.into());
    }
    Ok(())
}

/// The bundle holds no answers, and the changes that were paired with some are judged as they are recorded.
fn paired_changes() -> Result<(), Failed> {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/baseline-paired");
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    for file in [
        "policy.md",
        "data/dataset.toml",
        "data/cases.csv",
        "old/model.csv",
        "new/model.csv",
    ] {
        let place = folder.join(file);
        fs::create_dir_all(place.parent().ok_or("no folder")?)?;
        fs::copy(inputs.join(file), place)?;
    }
    let audit = |rest: &str, code: i32| {
        let all = format!(
            "audit --quiet --dataset data --policy policy.md --format json --replicates 100 {rest}"
        );
        run(folder, &all.split(' ').collect::<Vec<_>>(), code)
    };
    audit("--predictions old/model.csv -o before", 3)?;
    audit(
        "--predictions new/model.csv -o out --baseline before/audit.json --baseline-predictions old/model.csv",
        0,
    )?;
    run(folder, &["bundle", "out", "-o", "b.zip", "--unsigned"], 0)?;
    let said = run(folder, &["verify", "b.zip"], 3)?;
    let files = unpacked(folder, "b.zip")?;
    let manifest = files.iter().find(|file| file.path == "manifest.json");
    let manifest = String::from_utf8_lossy(&manifest.ok_or("no manifest")?.bytes).into_owned();
    if said.contains("judged again, the same: 2 findings")
        && manifest.contains("\"baseline-predictions\"")
    {
        invented_changes(folder, "out", &PAIRED)?;
        audit(
            "--predictions new/model.csv -o alone --baseline before/audit.json",
            3,
        )?;
        invented_changes(folder, "alone", &UNPAIRED)
    } else {
        Err(format!("{said}{manifest}").into())
    }
}

/// What somebody makes of the first change and of its record, and what is then said.
type Lie = (fn(&mut Record, usize), &'static str);

const PAIRED: [Lie; 7] = [
    (
        |record, change| drop(record.measurements.remove(change)),
        "is lacking",
    ),
    (|record, _| record.baseline = None, "names no baseline"),
    (
        |record, _| {
            if let Some(baseline) = &mut record.baseline {
                baseline.predictions.clear();
            }
        },
        "that the record does not name",
    ),
    (
        |record, change| record.measurements[change].n = 1_000_000,
        "more cases than were judged",
    ),
    (
        |record, change| with(record, change, |estimate, _| *estimate += 3.0),
        "outside its own interval",
    ),
    (
        |record, change| with(record, change, |_, interval| interval.level = 0.5),
        "another level",
    ),
    (
        |record, change| {
            record
                .measurements
                .push(record.measurements[change].clone())
        },
        "no gate asks for",
    ),
];

const UNPAIRED: [Lie; 2] = [
    (
        |record, change| {
            with(record, change, |estimate, interval| {
                (*estimate, interval.low, interval.high) = (0.99, 0.5, 1.5);
            });
        },
        "that the measure cannot have",
    ),
    (
        |record, change| {
            with(record, change, |estimate, interval| {
                (interval.low, interval.high) = (*estimate, *estimate);
            });
        },
        "surer than the value of now",
    ),
];

fn with(record: &mut Record, change: usize, edit: impl Fn(&mut f64, &mut Interval)) {
    if let v1::Value::Defined {
        estimate, interval, ..
    } = &mut record.measurements[change].value
    {
        edit(estimate, interval);
    }
}

/// Changes that no audit comes to are found out, though the digest fits.
fn invented_changes(folder: &Path, out: &str, lies: &[Lie]) -> Result<(), Failed> {
    let file = folder.join(out).join("audit.json");
    let text = fs::read_to_string(&file)?;
    let whole = record::parse(out, &text).map_err(|problems| problems.to_string())?;
    let change = whole.measurements.iter().position(|one| {
        let kind = one.comparison.as_ref().map(|to| to.kind.as_str());
        kind.is_some_and(|kind| [CHANGE, PAIRED_CHANGE].contains(&kind))
            && matches!(one.value, v1::Value::Defined { .. })
    });
    let change = change.ok_or("no change")?;
    for (lie, word) in lies {
        let mut record = whole.clone();
        lie(&mut record, change);
        record.digest = record::digest(&record);
        fs::write(&file, record::to_json(&record))?;
        let bundle = ["bundle", out, "-o", "lie.zip", "--unsigned", "--force"];
        let said = run(folder, &bundle, 2)?;
        if !said.contains("bundle/change") || !said.contains(word) {
            return Err(format!("not said: {word}: {said}").into());
        }
    }
    fs::write(&file, text)?;
    Ok(())
}

fn keys() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    run(folder, &["bundle", "--new-key", "key"], 0)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.join("key"))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(format!("others may read the key: {mode:o}").into());
        }
    }
    let before = fs::read(folder.join("key"))?;
    run(folder, &["bundle", "--new-key", "key"], 2)?;
    if fs::read(folder.join("key"))? != before {
        return Err("a key was written over".into());
    }
    fs::write(folder.join("audit.json"), "{}")?;
    fs::write(
        folder.join("bad"),
        "-----BEGIN PRIVATE KEY-----\naHVudGVy\n-----END PRIVATE KEY-----\n",
    )?;
    // No key, no private key, a public one; and nothing of a key is ever told.
    for words in [
        &["bundle", "audit.json", "-o", "c.zip"][..],
        &["bundle", "audit.json", "-o", "c.zip", "--key", "bad"],
        &["bundle", "audit.json", "-o", "c.zip", "--key", "key.pub"],
        &["verify", "audit.json", "--public-key", "key"],
        &["bundle"],
        &[
            "bundle",
            "audit.json",
            "-o",
            "c.zip",
            "--key",
            "key",
            "--unsigned",
        ],
    ] {
        let said = run(folder, words, 2)?;
        if said.contains("aHVudGVy") || said.contains("hunter") || !said.contains("error") {
            return Err(format!("{words:?}: {said}").into());
        }
    }
    Ok(())
}
