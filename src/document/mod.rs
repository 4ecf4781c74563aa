//! TOML documents whose every value knows its line and column; and JSON in which every key stands once.
//!
//! Cards, recipes, policies and configurations are all read through [`Fields`], which notes wrong types,
//! missing and unknown keys together instead of stopping at the first. What the keys mean is left to the readers.

mod fields;
pub mod json;
mod markdown;

pub use fields::Fields;

use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Place, Problem, Problems};

/// A value with the place where it is written.
#[derive(Clone, Debug)]
struct Node {
    place: Place,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Number(f64),
    Integer(i64),
    Boolean(bool),
    Array(Vec<Node>),
    Table(Table),
    /// A date, or an integer too large to keep: no key expects one.
    Other(&'static str),
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a string",
            Value::Number(_) => "a number",
            Value::Integer(_) => "an integer",
            Value::Boolean(_) => "true or false",
            Value::Array(_) => "an array",
            Value::Table(_) => "a table",
            Value::Other(kind) => kind,
        }
    }

    fn canonical(&self) -> String {
        match self {
            Value::Text(text) => format!("{text:?}"),
            Value::Number(number) => format!("{number:?}"),
            Value::Integer(integer) => integer.to_string(),
            Value::Boolean(boolean) => boolean.to_string(),
            Value::Array(nodes) => {
                let values: Vec<String> = nodes.iter().map(|node| node.value.canonical()).collect();
                format!("[{}]", values.join(","))
            }
            Value::Table(table) => table.canonical(&[]),
            Value::Other(kind) => (*kind).to_owned(),
        }
    }
}

/// A table of a TOML document with the places of its keys.
#[derive(Clone, Debug)]
pub struct Table {
    place: Place,
    entries: Vec<(String, Place, Node)>,
}

impl Table {
    /// The table under a key, where one is there.
    pub fn table(&self, key: &str) -> Option<&Table> {
        let found = self.entries.iter().find(|(name, ..)| name == key);
        found.and_then(|(.., node)| match &node.value {
            Value::Table(table) => Some(table),
            _ => None,
        })
    }

    /// The keys, in the order of the file.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, ..)| name.as_str())
    }

    /// What the table says whatever the order of its keys, without places, comments and the keys that are left out:
    /// for a digest of what depends on it.
    pub fn canonical(&self, left_out: &[&str]) -> String {
        let mut entries: Vec<String> = self
            .entries
            .iter()
            .filter(|(name, ..)| !left_out.contains(&name.as_str()))
            .map(|(name, _, node)| format!("{name:?}:{}", node.value.canonical()))
            .collect();
        entries.sort_unstable();
        format!("{{{}}}", entries.join(","))
    }

    /// Lays another table over this one: tables under the same key are laid over each other, everything else takes the
    /// place of what is there.
    pub fn lay_over(&mut self, other: &Table) {
        for (name, place, node) in &other.entries {
            let found = self.entries.iter_mut().find(|(known, ..)| known == name);
            match (found, &node.value) {
                (None, _) => self
                    .entries
                    .push((name.clone(), place.clone(), node.clone())),
                (Some((.., below)), Value::Table(table)) => match &mut below.value {
                    Value::Table(under) => under.lay_over(table),
                    _ => *below = node.clone(),
                },
                (Some((_, at, below)), _) => {
                    at.clone_from(place);
                    below.clone_from(node);
                }
            }
        }
    }
}

/// Reads a TOML document. The file name is only used in the places of problems.
///
/// # Errors
/// Every syntax error of the document.
pub fn parse(file: &str, text: &str) -> Result<Table, Problems> {
    let lines = Lines::new(file, text);
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut problems = Problems::new();
    for error in errors {
        let place = lines.place(error.span().map_or(0, |span| span.start));
        problems.push(
            Problem::new("toml/syntax", place, error.message().trim().to_owned())
                .help("the file must be valid TOML"),
        );
    }
    problems.or(())?;
    Ok(lines.table(root.get_ref(), Place::file(file)))
}

/// Reads the fenced `toml` blocks of a Markdown document as one TOML document, with the lines of the Markdown.
///
/// # Errors
/// What looks like such a block and is none, and every syntax error of the blocks.
pub fn parse_markdown(file: &str, text: &str) -> Result<Table, Problems> {
    parse(file, &markdown::blocks(file, text)?)
}

struct Lines<'a> {
    file: &'a str,
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(file: &'a str, text: &'a str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Lines { file, text, starts }
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts[line - 1];
        let column = self
            .text
            .get(start..offset)
            .map_or(1, |before| before.chars().count() + 1);
        Place::file(self.file).at(line as u64, column as u64)
    }

    fn table(&self, table: &DeTable<'_>, place: Place) -> Table {
        let mut entries: Vec<(usize, (String, Place, Node))> = table
            .iter()
            .map(|(key, value)| {
                let name = key.get_ref().to_string();
                let node = self.node(value.get_ref(), value.span().start);
                let at = key.span().start;
                (at, (name.clone(), self.place(at).key(name), node))
            })
            .collect();
        // The parser sorts keys; readers and messages follow the order of the file.
        entries.sort_by_key(|(at, _)| *at);
        Table {
            place,
            entries: entries.into_iter().map(|(_, entry)| entry).collect(),
        }
    }

    fn node(&self, value: &DeValue<'_>, offset: usize) -> Node {
        let place = self.place(offset);
        let value = match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(integer) => {
                let digits = integer.as_str().replace('_', "");
                i64::from_str_radix(&digits, integer.radix())
                    .map_or(Value::Other("an integer out of range"), Value::Integer)
            }
            DeValue::Float(float) => match float.as_str().replace('_', "").parse::<f64>() {
                Ok(number) if number.is_finite() => Value::Number(number),
                _ => Value::Other("a number that is not finite"),
            },
            DeValue::Boolean(boolean) => Value::Boolean(*boolean),
            DeValue::Datetime(_) => Value::Other("a date"),
            DeValue::Array(array) => Value::Array(
                array
                    .iter()
                    .map(|item| self.node(item.get_ref(), item.span().start))
                    .collect(),
            ),
            DeValue::Table(table) => Value::Table(self.table(table, place.clone())),
        };
        Node { place, value }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn problems_of(text: &str, read: impl Fn(&Fields<'_>)) -> Vec<String> {
        let table = parse("card.toml", text).expect("valid TOML");
        let problems = RefCell::new(Problems::new());
        let fields = Fields::new(&table, &problems);
        read(&fields);
        fields.finish();
        problems
            .into_inner()
            .iter()
            .map(|problem| format!("{} {}", problem.place, problem.message))
            .collect()
    }

    #[test]
    fn all_problems_are_noted_with_their_places() {
        let found = problems_of("nmae = 'x'\nlevel = 'high'\n", |fields| {
            fields.required_text("name");
            fields.number("level");
        });
        assert_eq!(
            found,
            [
                "card.toml (name) the key name is missing",
                "card.toml:2:9 (level) level is a string",
                "card.toml:1:1 (nmae) unknown key \"nmae\"",
            ]
        );
    }

    #[test]
    fn a_table_over_another_replaces_what_both_have_and_keeps_the_rest() {
        let mut below =
            parse("a.toml", "x = 1\n[t]\ny = 2\nz = 3\n[[list]]\nn = 1\n").expect("valid");
        let above = parse("a.toml", "x = 7\nw = 8\n[t]\nz = 9\n[[list]]\nn = 2\n").expect("valid");
        below.lay_over(&above);
        assert_eq!(below.keys().collect::<Vec<_>>(), ["x", "t", "list", "w"]);
        let problems = RefCell::new(Problems::new());
        let fields = Fields::new(&below, &problems);
        let table = fields.table("t").expect("a table");
        let list: Vec<Option<u64>> = fields
            .tables("list")
            .iter()
            .map(|one| one.count("n"))
            .collect();
        assert_eq!(
            (fields.count("x"), table.count("y"), table.count("z"), list),
            (Some(7), Some(2), Some(9), vec![Some(2)])
        );
    }

    #[test]
    fn the_canonical_form_holds_what_is_said_and_not_how() {
        let of = |text: &str| parse("a.toml", text).expect("valid").canonical(&["price"]);
        let one = of("b = 'x'\na = [1, 2.0]\nprice = 3\n[t]\nprice = true\n");
        assert_eq!(one, r#"{"a":[1,2.0],"b":"x","t":{"price":true}}"#);
        assert_eq!(
            one,
            of("t = { price = true } # once\na = [ 1, 2.0 ]\nb = \"x\"\n")
        );
        for other in [
            "a = 1",
            "a = 1.0",
            "a = '1'",
            "a = [1]",
            "a = ['1,2']",
            "a = ['1', '2']",
        ] {
            assert_ne!(of(other), of("a = [1, 2]"));
        }
        assert_ne!(of("a = 'x\",\"b'"), of("a = ['x', 'b']"));
    }

    #[test]
    fn markdown_keeps_its_line_numbers() {
        let text = "# Policy\n\nprose\n\n```toml\nlevel = \n```\n";
        let problems = parse_markdown("POLICY.md", text).expect_err("a value is missing");
        let first = problems.iter().next().expect("one problem");
        assert_eq!(first.place.line, Some(6));
    }

    #[test]
    fn numbers_that_are_not_finite_are_refused() {
        let found = problems_of("level = nan\n", |fields| {
            fields.number("level");
        });
        assert_eq!(
            found,
            ["card.toml:1:9 (level) level is a number that is not finite"]
        );
    }
}
