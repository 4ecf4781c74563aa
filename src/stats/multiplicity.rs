//! Adjusted p-values for families of tests. An adjusted value at or under a level means that the
//! test stands at that level within its family.

/// What an adjustment that bounds the expected share of false claims takes for granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discovery {
    /// Tests are independent, or depend on each other positively: [`benjamini_hochberg`].
    PositiveDependence,
    /// Nothing: [`benjamini_yekutieli`].
    AnyDependence,
}

impl Discovery {
    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Discovery::PositiveDependence => "benjamini-hochberg",
            Discovery::AnyDependence => "benjamini-yekutieli",
        }
    }

    /// Adjusted p-values, in the order of the input.
    pub fn adjust(self, p_values: &[f64]) -> Vec<f64> {
        match self {
            Discovery::PositiveDependence => benjamini_hochberg(p_values),
            Discovery::AnyDependence => benjamini_yekutieli(p_values),
        }
    }
}

/// Holm's step-down adjustment, which bounds the chance of any false claim in the family whatever
/// the dependence between the tests (Holm 1979). Results are in the order of the input.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, index) in ascending(p_values).into_iter().enumerate() {
        largest = largest.max(p_values[index] * (p_values.len() - rank) as f64);
        adjusted[index] = largest.min(1.0);
    }
    adjusted
}

/// Benjamini and Hochberg's step-up adjustment, which bounds the expected share of false claims
/// for independent or positively dependent tests (Benjamini & Hochberg 1995). Results are in the
/// order of the input.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    step_up(p_values, 1.0)
}

/// As [`benjamini_hochberg`], under any dependence between the tests (Benjamini & Yekutieli 2001).
pub fn benjamini_yekutieli(p_values: &[f64]) -> Vec<f64> {
    step_up(
        p_values,
        (1..=p_values.len()).map(|rank| 1.0 / rank as f64).sum(),
    )
}

fn step_up(p_values: &[f64], penalty: f64) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut smallest = 1.0_f64;
    for (rank, index) in ascending(p_values).into_iter().enumerate().rev() {
        let scaled = p_values[index] * penalty * p_values.len() as f64 / (rank + 1) as f64;
        smallest = smallest.min(scaled);
        adjusted[index] = smallest;
    }
    adjusted
}

/// The places of the p-values from the smallest up. This is the inverse of their ranks, not their
/// ranks; and of equal values the running extremum gives each the same result.
fn ascending(p_values: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..p_values.len()).collect();
    places.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    places
}
