//! The reason beside a gate: what a policy in Markdown says above the block that a gate stands in.

/// The heading over a line and the paragraphs between it (or the block before) and the block that holds the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// The nearest heading above; empty where there is none.
    pub heading: String,
    /// The paragraphs, each on one line.
    pub paragraphs: Vec<String>,
}

/// Finds the reason for what stands on a line, counted from 1. A policy in plain TOML gives none.
pub fn reason(markdown: &str, line: u64) -> Reason {
    let is_fence =
        |line: &str| line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
    let lines: Vec<&str> = markdown.lines().collect();
    let end = usize::try_from(line).unwrap_or(usize::MAX).min(lines.len());
    let Some(opening) = lines[..end].iter().rposition(|line| is_fence(line)) else {
        return Reason::default();
    };
    let above = &lines[..opening];
    let (mut heading, mut start, mut in_block) = (None, 0, false);
    for (place, line) in above.iter().enumerate() {
        if is_fence(line) {
            (start, in_block) = (place + 1, !in_block);
        } else if !in_block && line.starts_with('#') {
            (start, heading) = (place + 1, Some(place));
        }
    }
    let mut paragraphs: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in &above[start..] {
        let line = line.trim();
        match paragraphs.last_mut() {
            Some(last) if is_open && !line.is_empty() => {
                last.push(' ');
                last.push_str(line);
            }
            _ if !line.is_empty() => paragraphs.push(line.to_owned()),
            _ => {}
        }
        is_open = !line.is_empty();
    }
    Reason {
        heading: heading.map_or_else(String::new, |place| {
            lines[place].trim_start_matches('#').trim().to_owned()
        }),
        paragraphs,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DEFAULT, DEFAULT_NAME, Policy};
    use super::reason;

    #[test]
    fn the_reason_is_what_stands_above_the_block() {
        let text = "# A\n\nfirst\n\n```text\n# no heading\n```\n\n## B\n\none\ntwo\n\nthree\n\n```toml\n[[gate]]\nid = 1\n```\n\nfour\n\n```toml\nx\n```\n";
        let of = |line| {
            let reason = reason(text, line);
            (reason.heading, reason.paragraphs)
        };
        assert_eq!(
            of(17),
            (
                "B".to_owned(),
                vec!["one two".to_owned(), "three".to_owned()]
            )
        );
        assert_eq!(of(24), ("B".to_owned(), vec!["four".to_owned()]));
        assert_eq!(reason("[[gate]]\n", 1), super::Reason::default());
        assert_eq!(reason("", 9), super::Reason::default());
    }

    #[test]
    fn every_gate_of_the_default_policy_has_a_reason() {
        let policy = Policy::parse(DEFAULT_NAME, DEFAULT).expect("a valid policy");
        for gate in &policy.gates {
            let reason = reason(DEFAULT, gate.line);
            assert!(
                !reason.heading.is_empty() && !reason.paragraphs.is_empty(),
                "{}",
                gate.id
            );
        }
    }
}
