//! Reads waivers and how many of them a policy bears. Applying them to findings is left to `finding`.

use super::Waiver;
use super::read::date;
use crate::diagnostic::{Problem, quote};
use crate::document::Fields;

/// Every waiver of a policy. Two for one finding would hide each other's end.
pub(super) fn read_waivers(fields: &Fields<'_>) -> Vec<Waiver> {
    let mut waivers: Vec<Waiver> = Vec::new();
    for table in fields.tables("waiver") {
        let waiver = read_waiver(&table);
        if !waiver.finding.is_empty() && waivers.iter().any(|known| known.finding == waiver.finding)
        {
            table.problem(
                Problem::new(
                    "policy/duplicate-waiver",
                    table.place_of("finding"),
                    format!("{} is waived twice", quote(&waiver.finding)),
                )
                .help("keep the waiver that holds, with its reason and its date"),
            );
        }
        table.finish();
        waivers.push(waiver);
    }
    waivers
}

fn read_waiver(table: &Fields<'_>) -> Waiver {
    let waiver = Waiver {
        finding: table.required_text("finding"),
        owner: table.required_text("owner"),
        reason: table.required_text("reason"),
        expires: date(table, "expires"),
        line: table.place().line.unwrap_or_default(),
    };
    if !table.has("expires") || waiver.expires.is_empty() {
        table.missing(
            "expires",
            "a date such as \"2027-03-31\": no waiver is for ever",
        );
    }
    waiver
}

/// How many findings may be waived at once; `None` where the policy does not say.
pub(super) fn read_budget(fields: &Fields<'_>) -> Option<u64> {
    let table = fields.table("waiver_budget")?;
    if !table.has("most") {
        table.missing("most", "how many findings may be waived at once");
    }
    let most = table.count("most");
    table.finish();
    most
}

#[cfg(test)]
mod tests {
    use super::super::Policy;

    const GATE: &str = "[policy]\nname = \"p\"\nversion = \"1\"\n[[gate]]\nid = \"g\"\nmeasure = \"skill\"\nby = \"overall\"\nmin = 0.1\n";

    fn waiver(finding: &str) -> String {
        format!(
            "[[waiver]]\nfinding = \"{finding}\"\nowner = \"o\"\nreason = \"r\"\nexpires = \"2027-03-31\"\n"
        )
    }

    #[test]
    fn what_cannot_be_a_waiver_or_a_budget_is_told() {
        for (text, code) in [
            (
                format!("{}{}", waiver("g/m"), waiver("g/m")),
                "policy/duplicate-waiver",
            ),
            (waiver("g/m").replace("2027-03-31", "soon"), "policy/date"),
            (
                waiver("g/m").replace("owner = \"o\"\n", ""),
                "toml/missing-key",
            ),
            (
                waiver("g/m").replace("reason = \"r\"", "reason = \" \""),
                "toml/blank",
            ),
            (
                waiver("g/m").replace("owner = \"o\"", "owner = \"\\u200B\\u2060\""),
                "toml/blank",
            ),
            (
                waiver("g/m").replace("reason = \"r\"", "reason = \"\\u3164\\u00AD\""),
                "toml/blank",
            ),
            ("[waiver_budget]\n".to_owned(), "toml/missing-key"),
            ("[waiver_budget]\nmost = -1\n".to_owned(), "toml/wrong-type"),
        ] {
            let problems = Policy::parse("p.toml", &format!("{GATE}{text}")).expect_err(&text);
            let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
            assert_eq!(codes, [code], "{text}");
        }
        for reserved in ["waiver", "policy"] {
            let text = GATE.replace("\"g\"", &format!("\"{reserved}\""));
            assert!(Policy::parse("p.toml", &text).is_err(), "{reserved}");
        }
        let text = format!(
            "{GATE}{}{}[waiver_budget]\nmost = 2\n",
            waiver("g/m"),
            waiver("g/n")
        );
        let policy = Policy::parse("p.toml", &text).expect("a valid policy");
        assert_eq!((policy.waivers.len(), policy.most_waivers), (2, Some(2)));
    }
}
