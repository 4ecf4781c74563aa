//! Columns whose name says that people's names stand in them.

use super::finding::{Finding, Grade, Table, listed};
use super::page::Check;
use crate::dataset::Dataset;

/// Words for a person's name, alone or as part of a column's name, in several languages.
const NAME_WORDS: [&str; 22] = [
    "name",
    "names",
    "firstname",
    "lastname",
    "fullname",
    "forename",
    "surname",
    "nickname",
    "username",
    "screenname",
    "nombre",
    "apellido",
    "apellidos",
    "nom",
    "prenom",
    "vorname",
    "nachname",
    "nome",
    "cognome",
    "sobrenome",
    "imie",
    "nazwisko",
];

/// Words beside which "name" does not mean a person's.
const THINGS: [&str; 22] = [
    "file", "product", "brand", "label", "column", "dataset", "set", "category", "class", "group",
    "topic", "model", "template", "country", "city", "domain", "company", "course", "test", "host",
    "event", "place",
];

/// Whether a column's name says that it holds names of people.
pub fn looks_like_a_name(column: &str) -> bool {
    let words = words(column);
    words.iter().any(|word| NAME_WORDS.contains(&word.as_str()))
        && !words.iter().any(|word| THINGS.contains(&word.as_str()))
}

/// The words of a column's name, in lower case without accents: `firstName`, `first_name` and `First Name` are alike.
fn words(column: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for character in column.chars() {
        if !character.is_alphanumeric() || (after_small && character.is_uppercase()) {
            words.push(String::new());
        }
        after_small = character.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase().map(|lower| match lower {
                'é' | 'è' | 'ê' => 'e',
                'ę' => 'e',
                other => other,
            }));
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Columns of the file of cases that look like names of people.
pub fn names(dataset: &Dataset) -> Finding {
    let check = Check::NameColumns;
    if dataset.columns.is_empty() {
        return Finding::new(
            check,
            Grade::Unchecked,
            "the names of the columns are not known",
        );
    }
    let found: Vec<&String> = dataset
        .columns
        .iter()
        .filter(|column| looks_like_a_name(column))
        .collect();
    if found.is_empty() {
        return Finding::new(
            check,
            Grade::Clear,
            "no column's name says that people's names stand in it",
        );
    }
    let mut table = Table::new(&[("column", "column"), ("used", "read as")]);
    for column in &found {
        table.row(vec![
            column.as_str().into(),
            used_as(dataset, column).into(),
        ]);
    }
    let names: Vec<String> = found.into_iter().cloned().collect();
    let sentence = format!("columns that look like people's names: {}", listed(&names));
    Finding::new(check, Grade::Warning, sentence).table(table)
}

fn used_as(dataset: &Dataset, column: &str) -> &'static str {
    let card = &dataset.card;
    let is = |name: &Option<crate::dataset::card::ColumnName>| {
        name.as_ref().is_some_and(|name| name.name == column)
    };
    if card
        .attributes
        .iter()
        .any(|attribute| attribute.column == column)
    {
        "an attribute"
    } else if card.id.name == column {
        "the id"
    } else if is(&card.cluster) || is(&card.set) || is(&card.wording) {
        "the cluster, set or wording"
    } else if card.text.name == column {
        "the text"
    } else {
        "nothing"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_are_told_from_names_of_things() {
        for column in [
            "name",
            "firstName",
            "Last Name",
            "author_name",
            "Prénom",
            "customer.surname",
        ] {
            assert!(looks_like_a_name(column), "{column}");
        }
        for column in [
            "file_name",
            "ProductName",
            "labelName",
            "rename",
            "text",
            "speaker",
            "country",
        ] {
            assert!(!looks_like_a_name(column), "{column}");
        }
    }
}
