//! Fills the templates. They place what they are given and escape all of it; what is said is left to the other modules.

use std::io;

use serde::Serialize;
use sha2::{Digest, Sha256};
use tera::{Context, Tera};

use crate::diagnostic::plain;

/// The style sheet of the page.
const STYLE: &str = include_str!("../../../templates/report.css");

/// What sorts, filters and downloads tables, for browsers that run it.
pub(super) const SCRIPT: &str = include_str!("../../../templates/report.js");

/// The templates, by the names they use for each other.
const TEMPLATES: [(&str, &str); 22] = [
    (
        "components.html",
        include_str!("../../../templates/components.html"),
    ),
    ("frame.html", include_str!("../../../templates/frame.html")),
    (
        "baseline.html",
        include_str!("../../../templates/baseline.html"),
    ),
    ("end.html", include_str!("../../../templates/end.html")),
    ("first.html", include_str!("../../../templates/first.html")),
    (
        "signing.html",
        include_str!("../../../templates/signing.html"),
    ),
    (
        "answers.html",
        include_str!("../../../templates/answers.html"),
    ),
    ("pairs.html", include_str!("../../../templates/pairs.html")),
    (
        "findings.html",
        include_str!("../../../templates/findings.html"),
    ),
    ("gates.html", include_str!("../../../templates/gates.html")),
    (
        "further.html",
        include_str!("../../../templates/further.html"),
    ),
    (
        "repair.html",
        include_str!("../../../templates/repair.html"),
    ),
    (
        "evidence.html",
        include_str!("../../../templates/evidence.html"),
    ),
    (
        "controls.html",
        include_str!("../../../templates/controls.html"),
    ),
    (
        "detail.html",
        include_str!("../../../templates/detail.html"),
    ),
    (
        "behaviour.html",
        include_str!("../../../templates/behaviour.html"),
    ),
    ("data.html", include_str!("../../../templates/data.html")),
    (
        "glossary.html",
        include_str!("../../../templates/glossary.html"),
    ),
    (
        "background.html",
        include_str!("../../../templates/background.html"),
    ),
    (
        "report.html",
        include_str!("../../../templates/report.html"),
    ),
    (
        "overview.html",
        include_str!("../../../templates/overview.html"),
    ),
    (
        "dataset-check.html",
        include_str!("../../../templates/dataset-check.html"),
    ),
];

/// What every page begins and ends with.
#[derive(Serialize)]
pub struct Frame {
    title: String,
    style: &'static str,
    style_digest: String,
    script: &'static str,
    script_digest: String,
}

impl Frame {
    /// The frame of a page with this title and this script, which may be empty.
    pub fn new(title: impl Into<String>, script: &'static str) -> Self {
        let digest = |text: &str| base64(&Sha256::digest(text.as_bytes()));
        Frame {
            title: title.into(),
            style: STYLE,
            style_digest: digest(STYLE),
            script,
            script_digest: digest(script),
        }
    }
}

/// Fills a template.
pub fn fill(template: &str, page: &impl Serialize) -> Result<String, String> {
    let mut tera = Tera::new();
    tera.set_escape_fn(escape);
    tera.add_raw_templates(TEMPLATES)
        .map_err(|error| error.to_string())?;
    let context = Context::from_serialize(page).map_err(|error| error.to_string())?;
    let page = tera
        .render(template, &context)
        .map_err(|error| error.to_string())?;
    Ok(compact(page))
}

/// Leaves out end tags that HTML leaves to the parser (section 13.1.2.4 of the standard): they are a twentieth of a
/// page of tables. Text is escaped, so that an end tag in it is none.
fn compact(page: String) -> String {
    let ends = [
        "</td>", "</th>", "</tr>", "</thead>", "</tbody>", "</li>", "</dt>", "</dd>",
    ];
    ends.iter().fold(page, |page, end| page.replace(end, ""))
}

/// Escapes text for HTML, in elements and in attributes, and writes out characters that would hide or turn text.
pub(super) fn escape(text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    tera::escape_html(&plain(text), out)
}

/// Base64 of RFC 4648 with padding, as a content security policy wants its hashes.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .zip([16, 8, 0])
            .fold(0_u32, |bits, (byte, shift)| {
                bits | u32::from(*byte) << shift
            });
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            if place <= chunk.len() {
                text.push(char::from(DIGITS[(bits >> shift) as usize & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}
