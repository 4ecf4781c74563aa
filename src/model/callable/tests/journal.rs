use super::*;
use crate::task::{LabelSet, built_in};

fn open(path: &Path, scheme: &Arc<Scheme>) -> Journal {
    Journal::read("m", scheme, Some(path)).expect("read")
}

#[test]
fn answers_come_back_whatever_was_cut_off() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a/b.jsonl");
    let scheme = built_in("three-way").expect("scheme");
    let one = (Answer::Labels(LabelSet::one(2)), vec![0.1, 0.2, 0.7]);
    let two = (Answer::Abstained, Vec::new());
    let journal = open(&path, &scheme);
    assert!(!path.exists(), "reading writes nothing");
    journal.keep("one", &Ok(one.clone())).expect("kept");
    journal.count_request().expect("counted");
    journal.keep("two", &Ok(two.clone())).expect("kept");
    journal.keep("three", &Ok(one.clone())).expect("kept");
    drop(journal);
    let whole = fs::read(&path).expect("content");
    assert!(!String::from_utf8_lossy(&whole).contains("three"));
    let ends: Vec<usize> = (0..whole.len())
        .filter(|place| whole[*place] == b'\n')
        .collect();
    assert_eq!(ends.len(), 5);
    for length in 0..=whole.len() {
        fs::write(&path, &whole[..length]).expect("cut");
        let journal = open(&path, &scheme);
        // A line without its end is whole all the same where only the end is lacking.
        assert_eq!(journal.get("one").is_some(), length >= ends[1]);
        assert_eq!(journal.requests(), u64::from(length >= ends[2]));
        journal.keep("four", &Ok(one.clone())).expect("kept");
        drop(journal);
        let journal = open(&path, &scheme);
        assert_eq!(journal.get("four"), Some(one.clone()), "cut at {length}");
    }
    let journal = open(&path, &scheme);
    assert_eq!(journal.get("two"), Some(two));
    journal.keep("one", &Err("odd".to_owned())).expect("kept");
    drop(journal);
    let journal = open(&path, &scheme);
    // What failed is asked again, and a replay knows that it failed.
    assert_eq!(
        (journal.get("one"), journal.outcome("one")),
        (None, Some(None))
    );
    assert_eq!(
        (journal.outcome("five"), journal.get("three")),
        (None, Some(one))
    );
}

#[test]
fn nothing_is_added_to_files_that_hold_something_else() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a.jsonl");
    let scheme = built_in("three-way").expect("scheme");
    open(&path, &scheme).open().expect("begun");
    assert!(Journal::read("other", &scheme, Some(&path)).is_err());
    for content in ["id,text\n", "{}\n", "{\"text\":\"x\",\"failed\":true}\n"] {
        fs::write(&path, content).expect("written");
        assert!(Journal::read("m", &scheme, Some(&path)).is_err());
    }
}

#[test]
fn one_run_at_a_time_keeps_answers() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a.jsonl");
    let scheme = built_in("three-way").expect("scheme");
    let (first, second) = (open(&path, &scheme), open(&path, &scheme));
    first.open().expect("free");
    first.keep("one", &Err(String::new())).expect("kept");
    let told = second.open().expect_err("busy").to_string();
    assert!(told.contains("error[model/busy]"), "{told}");
    drop(first);
    second.open().expect("free again");
    // What the first run kept in the meantime is known.
    assert_eq!(second.outcome("one"), Some(None));
}
