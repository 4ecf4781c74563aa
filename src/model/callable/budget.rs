//! What asking may cost: requests are counted before they are made, repeated ones too, and none is made that would pass
//! the cap. Where answers are kept the count is kept with them, so that the cap holds over all runs together.

use std::sync::{Arc, Mutex, PoisonError};

use super::journal::Journal;
use crate::diagnostic::{Place, Problem, Problems, counted, plain};
use crate::document::Fields;

/// By how much a sum of prices may pass a cap through rounding, as a share of it.
const ROUNDING: f64 = 1e-9;

/// The code of a cap that was hit.
const SPENT: &str = "model/budget";

/// What the file of a model says of cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Caps {
    /// The most requests.
    pub max_requests: Option<u64>,
    /// The price of a request.
    pub price: Option<f64>,
    /// The most that requests may cost.
    pub max_cost: Option<f64>,
    /// What prices are in.
    pub currency: String,
}

impl Caps {
    /// Reads `max_requests`, `price_per_request`, `max_cost` and `currency`.
    pub fn read(fields: &Fields<'_>) -> Caps {
        let caps = Caps {
            max_requests: fields.count("max_requests"),
            price: fields.number_within("price_per_request", 0.0, 1e6),
            max_cost: fields.number_within("max_cost", 0.0, 1e12),
            currency: fields.text("currency").unwrap_or_default(),
        };
        if fields.has("max_cost") && !fields.has("price_per_request") {
            fields.missing(
                "price_per_request",
                "the price of a request, without which max_cost caps nothing",
            );
        }
        caps
    }

    /// The most requests that both caps leave, with the key of the cap that says so.
    pub fn most(&self) -> Option<(u64, &'static str)> {
        let requests = self.max_requests.map(|most| (most, "max_requests"));
        let cost = match (self.max_cost, self.price) {
            (Some(most), Some(price)) if price > 0.0 => {
                Some(((most * (1.0 + ROUNDING) / price) as u64, "max_cost"))
            }
            _ => None,
        };
        requests
            .into_iter()
            .chain(cost)
            .min_by_key(|(most, _)| *most)
    }

    /// What so many requests cost, in words; `None` where there is no price.
    pub fn cost(&self, requests: u64) -> Option<String> {
        self.price.map(|price| self.amount(price * requests as f64))
    }

    fn amount(&self, amount: f64) -> String {
        let mut text = format!("{amount:.6}");
        while text.ends_with('0')
            && !text.ends_with(".00")
            && text
                .split('.')
                .nth(1)
                .is_some_and(|decimals| decimals.len() > 2)
        {
            text.pop();
        }
        plain(format!("{text} {}", self.currency).trim_end())
    }

    /// A cap in words: "max_requests = 100".
    pub fn words(&self, key: &str) -> String {
        match (key, self.max_cost, self.max_requests) {
            ("max_cost", Some(most), _) => format!("max_cost = {}", self.amount(most)),
            (_, _, Some(most)) => format!("max_requests = {most}"),
            _ => key.to_owned(),
        }
    }
}

/// Counts requests.
pub struct Budget {
    file: String,
    caps: Caps,
    journal: Option<Arc<Journal>>,
    /// The requests of this run.
    made: Mutex<u64>,
}

impl Budget {
    /// A budget for the model of a file.
    pub fn new(file: &str, caps: Caps, journal: Option<Arc<Journal>>) -> Budget {
        Budget {
            file: file.to_owned(),
            caps,
            journal,
            made: Mutex::new(0),
        }
    }

    /// What the file says.
    pub fn caps(&self) -> &Caps {
        &self.caps
    }

    /// How many requests were made, in this run and, where answers are kept, before it.
    pub fn made(&self) -> u64 {
        match &self.journal {
            Some(journal) => journal.requests(),
            None => *self.made.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// What was spent, where the file of the model says anything of cost.
    pub fn spent_so_far(&self) -> Option<String> {
        let made = self.made();
        let requests = counted(made as usize, "request");
        let cost = self.caps.cost(made);
        let cap = self.caps.most();
        let cap = cap.map(|(_, key)| format!("; {}", self.caps.words(key)));
        (cost.is_some() || cap.is_some()).then(|| {
            format!(
                "{requests} made in all{}{}",
                cost.map_or_else(String::new, |cost| format!(", {cost}")),
                cap.unwrap_or_default()
            )
        })
    }

    /// Counts a request that is about to be made.
    ///
    /// # Errors
    /// One that would pass a cap, or a count that cannot be kept.
    pub fn spend(&self) -> Result<(), Problems> {
        // Held until the request is counted: two at once must not both be the last.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let before = match &self.journal {
            Some(journal) => journal.requests(),
            None => *made,
        };
        if let Some((most, key)) = self.caps.most().filter(|(most, _)| before >= *most) {
            return Err(self.spent(before, most, key));
        }
        *made += 1;
        match &self.journal {
            Some(journal) => journal.count_request(),
            None => Ok(()),
        }
    }

    /// Problems of asking that has come to its end: what is said of a cap counts what was under way when it was hit.
    pub fn settled(&self, problems: Problems) -> Problems {
        let capped = problems.iter().any(|problem| problem.code == SPENT);
        match self.caps.most().filter(|_| capped) {
            Some((most, key)) => self.spent(self.made(), most, key),
            None => problems,
        }
    }

    fn spent(&self, made: u64, most: u64, key: &'static str) -> Problems {
        let cost = self.caps.cost(made);
        let cost = cost.map_or_else(String::new, |cost| format!(" ({cost})"));
        let kept = match &self.journal {
            Some(journal) => format!(
                "{} {} kept in {}",
                counted(journal.answers(), "answer"),
                if journal.answers() == 1 { "is" } else { "are" },
                journal.path().display()
            ),
            None => "no answer is kept, since the file of the model keeps none".to_owned(),
        };
        let help = match &self.journal {
            Some(_) => format!(
                "raise {key} and run it again: what is kept is neither asked nor paid for again, and --dry-run tells what is left"
            ),
            None => format!(
                "raise {key} above {most}, and say cache = true to keep what was paid for; --dry-run tells the cost beforehand"
            ),
        };
        Problem::new(
            SPENT,
            Place::file(&self.file).key(key),
            format!(
                "the next request would pass {}: {} made{cost}, {kept}",
                self.caps.words(key),
                counted(made as usize, "request")
            ),
        )
        .help(help)
        .into()
    }
}

#[cfg(test)]
#[path = "tests/budget.rs"]
mod tests;
