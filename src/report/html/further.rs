//! Findings that are too many for the page they belong to: further pages, which hold nothing else. Which findings stay
//! is left to `findings`.

use std::collections::BTreeSet;

use super::findings;
use super::lookup::Lookup;
use super::site::bare;
use super::table::Link;
use crate::record::Record;

/// Most findings of a further page, to begin with.
pub const MOST: usize = 1000;

/// Below so many the findings of a page are not divided further, however long their names are.
pub const LEAST: usize = 50;

/// The further pages of one page.
#[derive(Default)]
pub struct Further {
    /// The pages in their order.
    pub leaves: Vec<Leaf>,
}

/// A page of findings.
pub struct Leaf {
    /// Its path from the folder of the first page.
    pub path: String,
    /// Its address from the page that it continues.
    address: String,
    /// The address of that page.
    pub back: String,
    anchors: BTreeSet<String>,
    /// Its findings, in a record that holds no measurements besides.
    pub record: Record,
}

/// Where a page lies that others continue, and where those lie.
pub struct Place {
    /// What the paths of the others begin with, from the folder of the first page.
    pub stem: String,
    /// What their addresses begin with, from the page that they continue.
    pub near: String,
    /// The address of that page, from them.
    pub back: String,
}

impl Further {
    /// The findings that leave a page, on pages of no more than `most`.
    pub fn new(lookup: Lookup<'_>, place: &Place, most: usize) -> Self {
        let leaving = findings::leaving(lookup);
        let leaf = |(number, some): (usize, &[&_])| {
            let name = format!("findings-{}.html", number + 1);
            Leaf {
                path: format!("{}{name}", place.stem),
                address: format!("{}{name}", place.near),
                back: place.back.clone(),
                anchors: some.iter().map(|one| lookup.anchor(one)).collect(),
                record: Record {
                    findings: some.iter().map(|one| (*one).clone()).collect(),
                    ..bare(lookup.record)
                },
            }
        };
        Further {
            leaves: leaving.chunks(most).enumerate().map(leaf).collect(),
        }
    }

    /// The address of the page that holds a finding, from the page that it belongs to; none where it stayed there.
    pub fn address(&self, anchor: &str) -> Option<&str> {
        let holds = |leaf: &&Leaf| leaf.anchors.contains(anchor);
        self.leaves
            .iter()
            .find(holds)
            .map(|leaf| leaf.address.as_str())
    }

    /// The pages that hold any of these findings.
    pub fn links(&self, anchors: &[String]) -> Vec<Link> {
        let leaves = self.leaves.iter().zip(1..);
        let holds =
            leaves.filter(|(leaf, _)| anchors.iter().any(|anchor| leaf.anchors.contains(anchor)));
        let link = |(leaf, number): (&Leaf, usize)| Link {
            address: leaf.address.clone(),
            name: format!("page {number} of further findings"),
        };
        holds.map(link).collect()
    }
}
