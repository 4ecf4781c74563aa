//! Case weights as the record tells of them.

use serde::{Deserialize, Serialize};

/// How far the cases of a dataset stand for different numbers of cases of the population. What one case weighs is not
/// told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// How many cases of equal weight would tell as much, were weights unrelated to what is measured: (sum of weights)²
    /// / sum of squares (Kish 1965).
    pub effective: f64,
    /// The largest weight over the smallest.
    pub ratio: f64,
}
