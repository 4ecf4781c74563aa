//! Requests in a row that came to nothing, by all threads together.

use std::sync::{Mutex, PoisonError};

use crate::diagnostic::Problems;

/// After so many requests in a row without an answer no more are sent.
pub const LONGEST: usize = 5;

/// A row of requests that came to nothing.
pub struct Streak(Mutex<Row>);

struct Row {
    /// How many got no answer, one after the other.
    failed: usize,
    /// How many got an answer that is of no use, with none between that is.
    unusable: usize,
    /// At how many the service is looked at.
    limit: usize,
}

impl Default for Streak {
    fn default() -> Self {
        Streak(Mutex::new(Row {
            failed: 0,
            unusable: 0,
            limit: LONGEST,
        }))
    }
}

impl Streak {
    /// A usable answer came.
    pub fn end(&self) {
        let mut row = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (row.failed, row.unusable) = (0, 0);
    }

    /// A request got no answer, however often it was repeated; whether these are so many that there is no hope.
    pub fn failed(&self) -> bool {
        let mut row = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        row.failed += 1;
        row.failed >= LONGEST
    }

    /// A request got an answer that is of no use. Where there are too many of them `look` is asked whether to go on, and
    /// the next time after twice as many. Others wait for what it says.
    ///
    /// # Errors
    /// What `look` says.
    pub fn unusable(&self, look: impl FnOnce() -> Result<(), Problems>) -> Result<(), Problems> {
        let mut row = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        row.failed = 0;
        row.unusable += 1;
        if row.unusable >= row.limit {
            look()?;
            row.unusable = 0;
            row.limit *= 2;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_is_looked_at_ever_more_seldom() {
        let streak = Streak::default();
        let mut looks = Vec::new();
        for request in 1..=40 {
            let look = || {
                looks.push(request);
                Ok(())
            };
            streak.unusable(look).expect("goes on");
        }
        assert_eq!(looks, [5, 15, 35]);
        let streak = Streak::default();
        for _ in 0..4 {
            assert!(!streak.failed());
        }
        streak.end();
        assert!(!streak.failed());
    }
}
