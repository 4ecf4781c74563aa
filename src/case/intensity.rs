//! How strong or how high something was perceived to be: numbers on the dimensions of a scheme.
//!
//! Reading them from columns is left to `dataset`, comparing answers with them to `measure`.

use std::sync::Arc;

use super::LabelSource;
use crate::task::Scheme;

/// The gold numbers of the task `intensity`.
#[derive(Clone, Debug, PartialEq)]
pub struct Intensity {
    /// The dimensions, by name.
    pub scheme: Arc<Scheme>,
    /// Where the numbers come from.
    pub source: LabelSource,
    /// What is known of each dimension, in the order of the scheme.
    pub dimensions: Vec<Dimension>,
}

/// One dimension, such as valence from 1 to 5.
#[derive(Clone, Debug, PartialEq)]
pub struct Dimension {
    /// The ends of its scale.
    pub scale: Scale,
    /// For each case its number, within the scale; `None` where it is missing.
    pub values: Vec<Option<f64>>,
    /// For each case the numbers that single raters gave, in ascending order, which tells nobody; empty where the
    /// dataset does not hold them.
    pub ratings: Vec<Vec<f64>>,
}

/// The ends of a scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The lowest number.
    pub low: f64,
    /// The highest number, which is above it.
    pub high: f64,
}

impl Scale {
    /// How far its ends lie apart.
    pub fn width(self) -> f64 {
        self.high - self.low
    }
}

impl Intensity {
    /// Whether a case has a number on any dimension.
    pub fn is_known(&self, case: usize) -> bool {
        let mut dimensions = self.dimensions.iter();
        dimensions.any(|dimension| dimension.values[case].is_some())
    }
}
