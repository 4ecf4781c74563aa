//! Annotations for GitHub Actions: a workflow command on a line of standard output for each finding, which the runner
//! shows beside the line of the policy that asked.
//!
//! The runner shows the first ten errors, warnings and notices of a step, so the gravest stand first.

use super::by_gate::{ByGate, State, by_gate, settling_sentence};
use super::sarif::asked_at;
use super::text::line;
use crate::record::Record;
use crate::record::v1::Finding;

/// Renders a record as workflow commands.
///
/// What failed is an error, or a warning where its gate says so. Missing evidence that the policy requires is an error
/// of its own title; what may be missing, and what somebody waived, is a notice. What passed is a line that the runner
/// shows only when it debugs.
pub fn render(record: &Record) -> String {
    let gates = by_gate(record);
    let whose = format!(
        "::debug::{} {}, record {}, exit code {}\n",
        record.tool.name, record.tool.version, record.digest, record.exit_code
    );
    let mut commands: Vec<(u8, String)> = Vec::new();
    for gate in &gates {
        for finding in &gate.findings {
            commands.push(command(record, gate, finding));
        }
    }
    commands.sort_by_key(|(order, _)| *order);
    let commands = commands.into_iter().map(|(_, command)| command);
    commands.fold(whose, |text, command| text + &command)
}

/// The command of a finding, and how grave it is: 0 is gravest.
fn command(record: &Record, gate: &ByGate<'_>, finding: &Finding) -> (u8, String) {
    let state = State::of(record, finding);
    let (order, name, what) = match (state, finding.severity.as_str()) {
        (State::Failed, "warning") => (2, "warning", "failed, a warning"),
        (State::Failed, _) => (0, "error", "failed"),
        (State::Missing, _) => (1, "error", "evidence is missing"),
        (State::Open, _) => (3, "notice", "evidence is missing, which the policy allows"),
        (State::Waived, _) => (4, "notice", "waived"),
        (State::Passed, _) => (5, "debug", "passed"),
    };
    let mut message = format!("{}. Asked: {}.", finding.detail, finding.asks);
    message.push_str(&settling_sentence(finding));
    message.push_str(&format!(" Finding: {}", finding.id));
    // A line that debugs takes no properties.
    let properties = if state == State::Passed {
        String::new()
    } else {
        properties(record, gate, what)
    };
    (
        order,
        format!("::{name}{properties}::{}\n", data(&line(&message))),
    )
}

/// Where the annotation stands and what stands above it. A policy that is built in has no place in the repository.
fn properties(record: &Record, gate: &ByGate<'_>, what: &str) -> String {
    let title = property(&line(&format!("{} ({what})", gate.title)));
    let run = record.run.as_ref();
    if run.is_none_or(|run| run.policy.is_none()) {
        return format!(" title={title}");
    }
    let (file, number) = asked_at(record, gate.gate);
    let file = file.replace('\\', "/");
    let file = property(&line(file.strip_prefix("./").unwrap_or(&file)));
    format!(" file={file},line={number},title={title}")
}

/// The message of a command, escaped as the runner reads it back.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of a command, escaped likewise.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn nothing_from_data_ends_a_command_or_a_property() {
        // As escapeData and escapeProperty of the runner's own toolkit have it.
        assert_eq!(data("5 %\r\n::error::x, y"), "5 %25%0D%0A::error::x, y");
        assert_eq!(property("a: b, %3A\n"), "a%3A b%2C %253A%0A");
    }
}
