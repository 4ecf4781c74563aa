//! JUnit XML, for test reports of CI servers: a suite for each gate, a test case for each finding.
//!
//! The shape is that of the schema of Jenkins, where a skipped test has text and no attributes.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::by_gate::{ByGate, State, by_gate, settling_sentence};
use super::text::line;
use crate::record::Record;
use crate::record::v1::Finding;

/// Where the XML goes.
type Out = Writer<Vec<u8>>;

/// Renders a record as JUnit XML.
///
/// Failed is a failure. Missing evidence is an error where the policy requires it, and skipped where the policy lets
/// it be; waived is skipped with who accepted it and why. Nothing but a pass is a passed test.
pub fn render(record: &Record) -> String {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Memory takes everything, so that writing cannot fail.
    let written = document(&mut out, record);
    debug_assert!(written.is_ok());
    let mut text = String::from_utf8_lossy(&out.into_inner()).into_owned();
    text.push('\n');
    text
}

fn document(out: &mut Out, record: &Record) -> io::Result<()> {
    let suites = by_gate(record);
    let total = |state| -> usize { suites.iter().map(|gate| gate.count(record, state)).sum() };
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    out.create_element("testsuites")
        .with_attributes([
            ("name", record.tool.name.as_str()),
            ("tests", &record.findings.len().to_string()),
            ("failures", &total(State::Failed).to_string()),
            ("errors", &total(State::Missing).to_string()),
        ])
        .write_inner_content(|out| {
            let mut suites = suites.iter();
            suites.try_for_each(|gate| suite(out, record, gate))
        })?;
    Ok(())
}

fn suite(out: &mut Out, record: &Record, gate: &ByGate<'_>) -> io::Result<()> {
    let count = |state| gate.count(record, state).to_string();
    let skipped = gate.count(record, State::Open) + gate.count(record, State::Waived);
    let id = line(gate.id);
    let mut element = out.create_element("testsuite").with_attributes([
        ("name", id.as_str()),
        ("tests", &gate.findings.len().to_string()),
        ("failures", &count(State::Failed)),
        ("errors", &count(State::Missing)),
        ("skipped", &skipped.to_string()),
    ]);
    if let Some(run) = &record.run {
        element = element.with_attribute(("timestamp", line(&run.started).as_str()));
    }
    let references = gate
        .gate
        .map_or_else(String::new, |gate| gate.reference.join("; "));
    let place = gate.gate.map_or_else(String::new, |gate| {
        format!("{}:{}", record.policy.file, gate.line)
    });
    element.write_inner_content(|out| {
        out.create_element("properties")
            .write_inner_content(|out| {
                for (name, value) in [
                    ("title", gate.title),
                    ("asks", gate.asks),
                    ("severity", gate.severity),
                    ("policy", &place),
                    ("relevant to", &references),
                    ("record digest", &record.digest),
                ] {
                    if !value.is_empty() {
                        out.create_element("property")
                            .with_attributes([("name", name), ("value", &line(value))])
                            .write_empty()?;
                    }
                }
                Ok(())
            })?;
        let mut findings = gate.findings.iter();
        findings.try_for_each(|finding| case(out, record, finding))
    })?;
    Ok(())
}

fn case(out: &mut Out, record: &Record, finding: &Finding) -> io::Result<()> {
    let detail = line(&finding.detail);
    let said = said(finding);
    let text = BytesText::new(&said);
    out.create_element("testcase")
        .with_attributes([
            ("name", line(&finding.id).as_str()),
            ("classname", &line(&finding.gate)),
            ("status", &line(&finding.outcome)),
        ])
        .write_inner_content(|out| {
            let problem = match State::of(record, finding) {
                State::Passed => "system-out",
                State::Failed => "failure",
                State::Missing => "error",
                State::Open | State::Waived => "skipped",
            };
            let mut element = out.create_element(problem);
            if matches!(problem, "failure" | "error") {
                // A failed gate of severity warning is told apart by its type.
                let kind = if problem == "failure" {
                    &finding.severity
                } else {
                    &finding.outcome
                };
                element = element.with_attributes([
                    ("type", line(kind).as_str()),
                    ("message", &format!("{}: {detail}", line(&finding.outcome))),
                ]);
            }
            element.write_text_content(text).map(|_| ())
        })?;
    Ok(())
}

/// What was asked, what was found and what would settle it.
fn said(finding: &Finding) -> String {
    format!(
        "{}: {}. Asked: {}.{}",
        line(&finding.outcome),
        line(&finding.detail),
        line(&finding.asks),
        line(&settling_sentence(finding))
    )
}
