//! Files of kept scores: what comes back, and what a kill, damage or other runs may do to them.

use super::*;

const SECRET_OF_TEST: [u8; SECRET] = [7; SECRET];

fn kept(folder: &Path) -> Kept {
    Kept::within(folder, &SECRET_OF_TEST, "model", 2)
}

fn add(kept: &Kept, rows: &[(&str, [f32; 2], bool)]) -> Result<(), String> {
    let texts: Vec<&str> = rows.iter().map(|(text, ..)| *text).collect();
    let names = kept.form.names(&texts, kept.together);
    kept.add(
        names
            .iter()
            .zip(rows)
            .map(|(name, (_, row, cut))| (name, &row[..], *cut)),
    )
}

/// A file with the texts `a`, `b` and `c`, its bytes, and where its first line begins.
fn three(folder: &Path) -> (Kept, Vec<u8>, usize) {
    let kept = kept(folder);
    add(&kept, &[("a", [1.0, 2.0], false), ("b", [3.0, 4.0], true)]).unwrap();
    add(&kept, &[("c", [5.0, 6.0], false)]).unwrap();
    let bytes = fs::read(&kept.path).unwrap();
    let head = kept.form.head().len();
    (kept, bytes, head)
}

#[test]
fn what_was_added_is_found_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (_, bytes, _) = three(folder.path());
    let Found { rows, trouble, .. } = kept(folder.path()).read(&["b", "d", "a"]);
    assert_eq!(
        rows,
        [
            Some((vec![3.0, 4.0], true)),
            None,
            Some((vec![1.0, 2.0], false))
        ]
    );
    assert_eq!(trouble, None);
    let names = ["a", "b", "c"].map(|text| crate::digest::sha256([text.as_bytes()]));
    for name in names {
        let half = &name.as_bytes()[..16];
        assert!(
            !bytes.windows(16).any(|part| part == half),
            "a plain digest"
        );
    }
}

#[test]
fn a_file_that_was_cut_short_anywhere_gives_its_whole_lines_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (kept, bytes, head) = three(folder.path());
    for length in 0..bytes.len() {
        fs::write(&kept.path, &bytes[..length]).unwrap();
        let whole = length.saturating_sub(head) / kept.form.length();
        let Found { rows, trouble, .. } = kept.read(&["a", "b", "c"]);
        assert_eq!(rows.iter().flatten().count(), whole, "at {length}");
        assert_eq!(trouble, None, "at {length}");
        add(&kept, &[("d", [7.0, 8.0], false)]).unwrap();
        let Found { rows, trouble, .. } = kept.read(&["a", "b", "c", "d"]);
        assert_eq!(rows.iter().flatten().count(), whole + 1, "at {length}");
        assert_eq!(trouble, None, "at {length}");
    }
}

#[test]
fn an_altered_byte_costs_its_line_at_most_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (kept, bytes, head) = three(folder.path());
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 0x20;
        fs::write(&kept.path, &altered).unwrap();
        let Found { rows, trouble, .. } = kept.read(&["a", "b", "c"]);
        if at < head {
            assert_eq!(rows, [None, None, None], "byte {at}");
            assert!(trouble.unwrap().contains("remove the file"), "byte {at}");
            // What is not ours is not written to.
            assert!(add(&kept, &[("d", [7.0, 8.0], false)]).is_err());
            assert_eq!(fs::read(&kept.path).unwrap(), altered);
            continue;
        }
        let line = (at - head) / kept.form.length();
        assert_eq!(rows[line], None, "byte {at}");
        assert_eq!(rows.iter().flatten().count(), 2, "byte {at}");
        // A line whose name is altered is that of no text.
        let in_name = (at - head) % kept.form.length() < size_of::<Name>();
        assert_eq!(trouble.is_some(), !in_name, "byte {at}");
    }
}

#[test]
fn lines_of_another_model_or_secret_are_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let (kept, bytes, _) = three(folder.path());
    for other in [
        Kept::within(folder.path(), &SECRET_OF_TEST, "other", 2),
        Kept::within(folder.path(), &[8; SECRET], "model", 2),
        Kept::within(folder.path(), &SECRET_OF_TEST, "model", 3),
    ] {
        // Even where somebody moves them there.
        fs::write(&other.path, &bytes).unwrap();
        let Found { rows, trouble, .. } = other.read(&["a", "b", "c"]);
        assert_eq!(rows, [None, None, None]);
        assert!(trouble.is_some());
        fs::write(&kept.path, &bytes).unwrap();
    }
}

#[test]
fn a_full_file_takes_no_more_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (mut kept, bytes, _) = three(folder.path());
    kept.most = bytes.len() as u64;
    let said = add(&kept, &[("d", [7.0, 8.0], false)]).unwrap_err();
    assert!(said.contains("would grow beyond"), "{said}");
    assert_eq!(fs::read(&kept.path).unwrap(), bytes);
}

#[test]
fn many_writers_lose_no_line() {
    let folder = tempfile::tempdir().unwrap();
    let texts: Vec<String> = (0..400).map(|text| format!("text {text}")).collect();
    std::thread::scope(|scope| {
        for part in texts.chunks(50) {
            let path = folder.path();
            scope.spawn(move || {
                let kept = kept(path);
                for text in part {
                    add(&kept, &[(text.as_str(), [0.5, 1.5], false)]).unwrap();
                }
            });
        }
    });
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let Found { rows, trouble, .. } = kept(folder.path()).read(&texts);
    assert!(rows.iter().all(Option::is_some));
    assert_eq!(trouble, None);
}

#[test]
fn a_folder_that_cannot_be_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let said = add(&kept(&file), &[("a", [1.0, 2.0], false)]).unwrap_err();
    assert!(said.contains("scores are not kept in"), "{said}");
}
