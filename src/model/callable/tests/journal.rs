use super::*;
use crate::task::built_in;

#[test]
fn answers_come_back_whatever_was_cut_off() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a/b.jsonl");
    let scheme = built_in("three-way").expect("scheme");
    let one = (Answer::Labels(LabelSet::one(2)), vec![0.1, 0.2, 0.7]);
    let two = (Answer::Abstained, Vec::new());
    let journal = Journal::at(&path, &scheme).expect("open");
    journal.keep("one", Some(&one), &scheme).expect("kept");
    journal.keep("two", Some(&two), &scheme).expect("kept");
    journal.keep("three", Some(&one), &scheme).expect("kept");
    drop(journal);
    let whole = fs::read(&path).expect("content");
    assert!(!String::from_utf8_lossy(&whole).contains("three"));
    let second = whole.iter().position(|byte| *byte == b'\n').expect("line") + 1;
    for length in 0..=whole.len() {
        fs::write(&path, &whole[..length]).expect("cut");
        let journal = Journal::at(&path, &scheme).expect("open");
        // A line without its end is whole all the same where only the end is lacking.
        assert_eq!(journal.get("one").is_some(), length + 1 >= second);
        journal.keep("four", Some(&one), &scheme).expect("kept");
        drop(journal);
        let journal = Journal::at(&path, &scheme).expect("open");
        assert_eq!(journal.get("four"), Some(one.clone()), "cut at {length}");
    }
    let journal = Journal::at(&path, &scheme).expect("open");
    assert_eq!(journal.get("two"), Some(two));
    journal.keep("one", None, &scheme).expect("withdrawn");
    drop(journal);
    let journal = Journal::at(&path, &scheme).expect("open");
    assert_eq!(
        (journal.get("one"), journal.get("three")),
        (None, Some(one))
    );
}
