//! Reads findings back from each format with a parser of that format, and spells ids as the format does.

use affect_audit::diagnostic::plain;
use libtest_mimic::Failed;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use quick_xml::Reader;
use quick_xml::events::Event as Xml;
use serde_json::Value;

/// A test case of JUnit.
#[derive(Default)]
pub struct Case {
    pub name: String,
    /// The element in it.
    pub state: String,
    pub text: String,
}

/// On one line, with control characters written out.
pub fn line(id: &str) -> String {
    plain(id).replace('\n', "\\n")
}

/// In a code span.
pub fn spelled(id: &str) -> String {
    line(id.trim())
        .replace('`', "\\u{60}")
        .replace('|', "\\u{7c}")
}

/// In a cell of a table.
pub fn cell(id: &str) -> String {
    let line = line(id);
    if line.trim_start().starts_with(['=', '+', '-', '@']) {
        format!("'{line}")
    } else {
        line
    }
}

/// In an attribute of HTML.
pub fn escaped(id: &str) -> String {
    let mut out = Vec::new();
    let _ = tera::escape_html(&plain(id), &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

pub fn html(text: &str) -> Result<Vec<String>, Failed> {
    let mut ids = Vec::new();
    for part in text.split("<small class=\"id\">").skip(1) {
        ids.extend(part.split('<').next().map(str::to_owned));
    }
    // What passed stands in lists that say once what the ids in them begin with.
    for list in text.split("data-under=\"").skip(1) {
        let list = list.split("</ul>").next().unwrap_or_default();
        let under = list.split('"').next().unwrap_or_default();
        for part in list.split("\"><b>").skip(1) {
            ids.extend(
                part.split("</b>")
                    .next()
                    .map(|rest| format!("{under}{rest}")),
            );
        }
    }
    Ok(ids)
}

pub fn json(text: &str) -> Result<Vec<String>, Failed> {
    ids(&serde_json::from_str::<Value>(text)?["findings"], "/id")
}

pub fn sarif(text: &str) -> Result<Vec<String>, Failed> {
    let log: Value = serde_json::from_str(text)?;
    ids(
        &log["runs"][0]["results"],
        "/locations/0/logicalLocations/0/fullyQualifiedName",
    )
}

/// The ids that end the messages of workflow commands. The runner takes a line for a command that begins with two
/// colons, and reads properties up to the next two.
pub fn github(text: &str) -> Result<Vec<String>, Failed> {
    let mut ids = Vec::new();
    let mut lines = text.lines();
    if !lines
        .next()
        .is_some_and(|line| line.starts_with("::debug::"))
    {
        return Err("the first line does not say whose record it is".into());
    }
    for command in lines {
        let (head, message) = command
            .strip_prefix("::")
            .and_then(|rest| rest.split_once("::"))
            .ok_or_else(|| format!("no command: {command}"))?;
        let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
        if !["error", "warning", "notice", "debug"].contains(&name) {
            return Err(format!("the command {name}").into());
        }
        for property in properties.split(',').filter(|text| !text.is_empty()) {
            let key = property.split('=').next().unwrap_or_default();
            if !["file", "line", "title"].contains(&key) {
                return Err(format!("the property {key}").into());
            }
        }
        let message = message
            .replace("%0D", "\r")
            .replace("%0A", "\n")
            .replace("%25", "%");
        let (_, id) = message
            .rsplit_once(" Finding: ")
            .ok_or_else(|| format!("no finding: {message}"))?;
        ids.push(id.to_owned());
    }
    Ok(ids)
}

fn ids(list: &Value, pointer: &str) -> Result<Vec<String>, Failed> {
    let list = list.as_array().ok_or("there is no list of findings")?;
    let id = |item: &Value| Some(item.pointer(pointer)?.as_str()?.to_owned());
    list.iter()
        .map(|item| id(item).ok_or_else(|| Failed::from("a finding without id")))
        .collect()
}

pub fn ml_bom(text: &str) -> Result<Vec<String>, Failed> {
    let bom: Value = serde_json::from_str(text)?;
    let mut properties = bom["properties"].as_array().cloned().unwrap_or_default();
    for component in bom["components"].as_array().into_iter().flatten() {
        properties.extend(
            component["properties"]
                .as_array()
                .cloned()
                .unwrap_or_default(),
        );
    }
    let word = |property: &Value, key: &str| property[key].as_str().unwrap_or_default().to_owned();
    Ok(properties
        .iter()
        .filter(|property| word(property, "name").starts_with("affect-audit:finding:"))
        .map(|property| {
            let value = word(property, "value");
            value.split(" | ").next().unwrap_or_default().to_owned()
        })
        .collect())
}

pub fn csv(text: &str) -> Result<Vec<String>, Failed> {
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers()?.clone();
    let place = |name: &str| header.iter().position(|column| column == name);
    let (Some(row), Some(finding)) = (place("row"), place("finding")) else {
        return Err("the columns row and finding are not there".into());
    };
    let mut ids = Vec::new();
    for record in reader.records() {
        let record = record?;
        if &record[row] == "finding" {
            ids.push(record[finding].to_owned());
        }
    }
    Ok(ids)
}

pub fn junit(text: &str) -> Result<Vec<String>, Failed> {
    let cases = junit_cases(text)?;
    Ok(cases.into_iter().map(|case| case.name).collect())
}

/// Every test case. The numbers that suites state must be those of their cases.
pub fn junit_cases(text: &str) -> Result<Vec<Case>, Failed> {
    let mut reader = Reader::from_str(text);
    let mut cases: Vec<Case> = Vec::new();
    let mut stated = 0;
    loop {
        match reader.read_event()? {
            Xml::Start(element) | Xml::Empty(element) => {
                let attribute = |name: &str| -> Result<String, Failed> {
                    let found = element
                        .try_get_attribute(name)?
                        .ok_or(format!("no {name}"))?;
                    Ok(found
                        .normalized_value(quick_xml::XmlVersion::Explicit1_0)?
                        .into_owned())
                };
                let name = element.name();
                let name = name.as_ref();
                match name {
                    "testsuite" => stated += attribute("tests")?.parse::<usize>()?,
                    "testcase" => cases.push(Case {
                        name: attribute("name")?,
                        ..Case::default()
                    }),
                    "failure" | "error" | "skipped" | "system-out" => {
                        if let Some(case) = cases.last_mut() {
                            case.state.push_str(name);
                        }
                    }
                    _ => {}
                }
            }
            Xml::Text(text) => {
                if let Some(case) = cases.last_mut() {
                    case.text.push_str(&text);
                }
            }
            Xml::GeneralRef(reference) => {
                let character = match &*reference {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    "quot" => "\"",
                    "apos" => "'",
                    other => return Err(format!("the entity {other}").into()),
                };
                if let Some(case) = cases.last_mut() {
                    case.text.push_str(character);
                }
            }
            Xml::Eof => break,
            _ => {}
        }
    }
    if stated == cases.len() {
        Ok(cases)
    } else {
        Err(format!("suites state {stated} tests and hold {}", cases.len()).into())
    }
}

/// The code spans in the second column of tables whose first two columns are "Outcome" and "Finding".
pub fn markdown(text: &str) -> Result<Vec<String>, Failed> {
    let mut ids = Vec::new();
    let (mut in_head, mut of_findings, mut column) = (false, false, 0);
    for event in Parser::new_ext(
        text,
        Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS,
    ) {
        match event {
            Event::Start(Tag::TableHead) => (in_head, of_findings, column) = (true, false, 0),
            Event::End(TagEnd::TableHead) => in_head = false,
            Event::Start(Tag::TableRow) => column = 0,
            Event::End(TagEnd::TableCell) => column += 1,
            Event::Text(title) if in_head && column == 1 => of_findings = &*title == "Finding",
            Event::Code(code) if of_findings && !in_head && column == 1 => {
                ids.push(code.to_string())
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                return Err(format!("a link to {dest_url}").into());
            }
            Event::Html(html) | Event::InlineHtml(html) if html.contains("<script") => {
                return Err("a script".into());
            }
            _ => {}
        }
    }
    Ok(ids)
}
