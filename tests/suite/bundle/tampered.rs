//! Whatever is done to a bundle, `verify` says what, and never that it holds: neither where careless hands changed it,
//! nor where somebody with a key put it together anew, nor where the archive itself plays tricks.

use std::fs;
use std::io::{Cursor, Write};

use affect_audit::bundle::archive::{self, File};
use affect_audit::bundle::key::SigningKey;
use affect_audit::record::v1::Value;
use affect_audit::record::{self, Record};
use libtest_mimic::{Failed, Trial};
use zip::write::SimpleFileOptions;

use super::hand::{edited, inside, signed};
use super::{run, small_audit, unpacked};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("bundle::careless_changes_are_named", careless),
        Trial::test("bundle::a_signer_who_lies_is_found_out", liar),
        Trial::test("bundle::advice_that_does_not_follow_is_found_out", advice),
        Trial::test("bundle::archives_that_hide_something_are_refused", hiding),
    ]
}

/// A bundle, and what `verify` makes of another in its place.
struct Bench {
    folder: tempfile::TempDir,
    files: Vec<File>,
    key: SigningKey,
}

impl Bench {
    fn new() -> Result<Bench, Failed> {
        let folder = tempfile::tempdir()?;
        small_audit(folder.path())?;
        let pem = fs::read_to_string(folder.path().join("key"))?;
        Ok(Bench {
            files: unpacked(folder.path(), "b.zip")?,
            key: SigningKey::from_pem("key", &pem).map_err(|problem| problem.to_string())?,
            folder,
        })
    }

    /// By the key of the bundle: the exit code and a word that must be said.
    fn expect(&self, what: &str, packed: &[u8], code: i32, word: &str) -> Result<(), Failed> {
        self.said(what, packed, &["--public-key", "key.pub"], code, word)
    }

    fn said(
        &self,
        what: &str,
        packed: &[u8],
        more: &[&str],
        code: i32,
        word: &str,
    ) -> Result<(), Failed> {
        fs::write(self.folder.path().join("x.zip"), packed)?;
        let words = [&["verify", "x.zip"], more].concat();
        let said = run(self.folder.path(), &words, code)
            .map_err(|failed| format!("{what}: {}", failed.message().unwrap_or_default()))?;
        if said.contains(word) && !said.contains("\nverified") {
            Ok(())
        } else {
            Err(format!("{what}: not said is {word}: {said}").into())
        }
    }
}

fn careless() -> Result<(), Failed> {
    let bench = Bench::new()?;
    let whole = archive::pack(&bench.files)?;
    for part in [0, 1, 21, whole.len() / 3, whole.len() - 30, whole.len() - 1] {
        bench.expect("cut off", &whole[..part], 2, "bundle/archive")?;
    }
    let place = whole.windows(11).position(|part| part == b"\"datasets\":");
    let mut flipped = whole.clone();
    flipped[place.ok_or("no record")?] ^= 1;
    bench.expect("a byte", &flipped, 1, "bundle/file")?;
    for file in &bench.files {
        let mut files = bench.files.clone();
        files.retain(|other| other.path != file.path);
        let (code, word) = match file.path.as_str() {
            "manifest.json" => (2, "it holds no manifest.json"),
            "manifest.sig" => (1, "there is no signature"),
            // The reader has the key, so that the enclosed one is not missed.
            "public-key.pem" => continue,
            path => (1, path),
        };
        bench.expect("one file less", &archive::pack(&files)?, code, word)?;
        let mut files = bench.files.clone();
        for other in files.iter_mut().filter(|other| other.path == file.path) {
            other.bytes.insert(other.bytes.len() / 2, b' ');
        }
        let word = match file.path.as_str() {
            "manifest.json" => "bundle/",
            path => path,
        };
        let packed = archive::pack(&files)?;
        let code = if file.path == "manifest.json" {
            None
        } else {
            Some(1)
        };
        match code {
            Some(code) => bench.expect("a blank more", &packed, code, word)?,
            // A blank in the manifest may leave it readable or not; in neither case does it hold.
            None => bench
                .expect("a blank more", &packed, 1, word)
                .or_else(|_| bench.expect("a blank more", &packed, 2, word))?,
        }
    }
    let mut more = bench.files.clone();
    more.push(File::new("reports/summary.md", "passed"));
    bench.expect(
        "one file more",
        &archive::pack(&more)?,
        1,
        "added afterwards",
    )?;
    let newer = edited(&bench.files, "manifest.json", |text| {
        text.replace("affect-audit/bundle/v1", "affect-audit/bundle/v2")
    })?;
    bench.expect(
        "newer",
        &archive::pack(&newer)?,
        2,
        "affect-audit/bundle/v2",
    )?;
    bench.expect("no bundle", b"text", 2, "bundle/archive")
}

/// A record that somebody edited, with a digest that fits again.
fn rewritten(files: &[File], change: impl Fn(&mut Record)) -> Result<Vec<File>, Failed> {
    edited(files, "audit.json", |text| {
        let Ok(mut record) = record::parse("audit.json", text) else {
            return text.to_owned();
        };
        change(&mut record);
        record.digest = record::digest(&record);
        record::to_json(&record)
    })
}

/// Somebody who holds the key lists and signs everything anew.
fn liar() -> Result<(), Failed> {
    let bench = Bench::new()?;
    let content = inside(&bench.files);
    let sign = |files: &[File]| signed(&bench.files, files, Some(&bench.key), |_| {});
    // Put together by hand without a change, it is the bundle that it was.
    if sign(&content)? != fs::read(bench.folder.path().join("b.zip"))? {
        return Err("the hand does not work as the program does".into());
    }
    let cases = [
        (
            "a finding",
            rewritten(&content, |record| {
                record.findings[0].outcome = "pass".to_owned()
            })?,
            "bundle/finding",
        ),
        (
            "its words",
            rewritten(&content, |record| record.findings[0].detail.push('!'))?,
            "bundle/finding",
        ),
        (
            "no finding",
            rewritten(&content, |record| record.findings.clear())?,
            "bundle/finding",
        ),
        (
            "a verdict",
            rewritten(&content, |record| {
                record.verdicts[0].verdict = "reliable".to_owned()
            })?,
            "bundle/verdict",
        ),
        (
            "no verdict",
            rewritten(&content, |record| record.verdicts.clear())?,
            "bundle/verdict",
        ),
        (
            "the exit code",
            rewritten(&content, |record| record.exit_code = 0)?,
            "bundle/exit-code",
        ),
        (
            "the scope",
            rewritten(&content, |record| record.scope.outcome = "warn".to_owned())?,
            "bundle/scope",
        ),
        (
            "a gate",
            rewritten(&content, |record| {
                record.policy.gates[0].title = "easy".to_owned()
            })?,
            "bundle/policy",
        ),
        (
            "the model",
            rewritten(&content, |record| {
                record.models[0].licence = "MIT".to_owned()
            })?,
            "bundle/card",
        ),
        (
            "the data",
            rewritten(&content, |record| {
                record.datasets[0].limits.push("none".to_owned())
            })?,
            "bundle/card",
        ),
        (
            "no digest",
            edited(&content, "audit.json", |text| {
                text.replacen("\"exit_code\": 3", "\"exit_code\": 0", 1)
            })?,
            "record/digest",
        ),
        (
            "the policy",
            edited(&content, "policy.toml", |text| {
                text.replacen("0.", "0.0", 1)
            })?,
            "not the policy of the audit",
        ),
        (
            "the day of the lock",
            edited(&content, "policy.toml.lock", |text| {
                text.replacen("date = \"2", "date = \"1", 1)
            })?,
            "bundle/policy",
        ),
        (
            "a card",
            edited(&content, "models/1.json", |text| {
                text.replacen("predictions", "reference", 1)
            })?,
            "bundle/card",
        ),
        (
            "the page",
            edited(&content, "reports/index.html", |text| {
                text.replacen("<p>", "<p> ", 1)
            })?,
            "bundle/report",
        ),
    ];
    for (what, files, word) in cases {
        bench.expect(what, &sign(&files)?, 1, word)?;
    }
    let newer = edited(&content, "audit.json", |text| {
        text.replacen("record/v1", "record/v2", 1)
    })?;
    bench.expect("newer record", &sign(&newer)?, 2, "affect-audit/record/v2")?;
    let mut strange = content.clone();
    strange.push(File::new("read-me.txt", "all is well"));
    bench.expect("a stranger", &sign(&strange)?, 1, "no part of a bundle")?;
    let other = signed(&bench.files, &content, Some(&bench.key), |manifest| {
        manifest.audit.exit_code = 0
    })?;
    bench.expect("another summary", &other, 1, "bundle/manifest")?;
    let other = signed(&bench.files, &content, Some(&bench.key), |manifest| {
        manifest.inputs[1].sha256 = "0".repeat(64)
    })?;
    bench.expect("another input", &other, 1, "bundle/manifest")?;
    // Somebody else's key, which comes with the bundle; none at all; and the right key beside a wrong one.
    let theirs = SigningKey::from_seed(&[7; 32]).ok_or("no key")?;
    let other = signed(&bench.files, &content, Some(&theirs), |_| {})?;
    bench.expect("another key", &other, 1, "by another key")?;
    bench.said("another key, none given", &other, &[], 3, "not verified")?;
    let unsigned = signed(&bench.files, &content, None, |_| {})?;
    bench.expect("no signature", &unsigned, 1, "there is no signature")?;
    bench.said("no signature, no key", &unsigned, &[], 3, "not verified")?;
    let mut both = bench.files.clone();
    for file in both.iter_mut().filter(|file| file.path == "public-key.pem") {
        file.bytes = theirs.public().to_pem().into_bytes();
    }
    bench.expect(
        "another key enclosed",
        &archive::pack(&both)?,
        1,
        "bundle/public-key",
    )
}

/// What a contrast advises, and by how much its arms differ, must follow from the skills beside it.
fn advice() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let audit = "audit --quiet --dataset everyday-english --format json --replicates 100 -o out";
    run(folder, &audit.split(' ').collect::<Vec<_>>(), 1)?;
    let bundle = ["bundle", "out", "-o", "b.zip", "--unsigned", "--force"];
    run(folder, &bundle, 0)?;
    let said = run(folder, &["verify", "b.zip"], 3)?;
    let file = folder.join("out/audit.json");
    let text = fs::read_to_string(&file)?;
    let whole = record::parse("out/audit.json", &text).map_err(|problems| problems.to_string())?;
    if !said.contains(&format!("{} contrasts", whole.contrasts.len())) || whole.contrasts.len() < 50
    {
        return Err(said.into());
    }
    let last = whole.contrasts.len() - 1;
    let usable =
        |record: &mut Record| record.contrasts[last].recommendation = "emotion-usable".to_owned();
    let closer = |record: &mut Record| {
        if let Value::Defined { estimate, .. } = &mut record.contrasts[0].sentiment_minus_emotion {
            *estimate += 0.01;
        }
    };
    for (closely, word) in [
        (false, "and comes out as"),
        (true, "are not those of its skills"),
    ] {
        let mut record = whole.clone();
        if closely {
            closer(&mut record);
        } else {
            usable(&mut record);
        }
        record.digest = record::digest(&record);
        fs::write(&file, record::to_json(&record))?;
        let said = run(folder, &bundle, 2)?;
        if !said.contains("bundle/contrast") || !said.contains(word) {
            return Err(format!("not said: {word}: {said}").into());
        }
    }
    Ok(())
}

/// What other programs would unpack otherwise than we do.
fn hiding() -> Result<(), Failed> {
    let bench = Bench::new()?;
    let whole = archive::pack(&bench.files)?;
    let twice = |from: &[u8; 13]| -> Result<Vec<u8>, Failed> {
        let mut files = bench.files.clone();
        files.push(File::new(std::str::from_utf8(from)?, "{}"));
        let mut packed = archive::pack(&files)?;
        while let Some(place) = packed.windows(13).rposition(|part| part == from) {
            packed[place..place + 13].copy_from_slice(b"models/1.json");
        }
        Ok(packed)
    };
    bench.expect(
        "a name twice",
        &twice(b"models/9.json")?,
        2,
        "bundle/archive",
    )?;
    let mut before = b"#!/bin/sh\n".to_vec();
    before.extend_from_slice(&whole);
    bench.expect("something before", &before, 2, "bundle/archive")?;
    let mut after = whole.clone();
    after.extend_from_slice(b"after");
    bench.expect("something after", &after, 2, "bundle/archive")?;
    for path in [
        "../evil",
        "/etc/passwd",
        "a//b",
        "c:evil",
        "a\u{202e}b",
        "a/./b",
    ] {
        let mut files = bench.files.clone();
        files.push(File::new(path, "x"));
        bench.expect(path, &archive::pack(&files)?, 2, "bundle/archive")?;
    }
    // A kilobyte that would unpack to a gigabyte.
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    out.start_file("audit.json", options)?;
    for _ in 0..64 {
        out.write_all(&vec![b' '; 1 << 20])?;
    }
    let bomb = out.finish()?.into_inner();
    bench.expect("a bomb", &bomb, 2, "compressed or encrypted")
}
