//! How many degrees of freedom a variance has that is estimated from values with long tails.

/// Degrees of freedom of the variance of independent values, each given with how often it occurs.
///
/// A sample variance varies as chi-squared does with 2 n / (κ - (n - 3) / (n - 1)) degrees of freedom, κ being the
/// kurtosis (O'Neill 2014, The American Statistician 68): n - 1 where values are normal, and a few where a handful of far
/// ones decide. κ is 3 + G2 of Joanes & Gill (1998). Tails shorter than the normal ones are taken for those, since few
/// values do not show how long theirs are.
pub fn degrees_of_freedom(values: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let n: f64 = values.clone().map(|(_, times)| times).sum();
    let usual = (n - 1.0).max(1.0);
    if n < 4.0 {
        return usual;
    }
    let mean = values
        .clone()
        .map(|(value, times)| times * value)
        .sum::<f64>()
        / n;
    let moment = |power: i32| {
        let terms = values.clone();
        let sum: f64 = terms
            .map(|(value, times)| times * (value - mean).powi(power))
            .sum();
        sum / n
    };
    let variance = moment(2);
    let excess = moment(4) / variance.powi(2) - 3.0;
    let unbiased = (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * excess + 6.0);
    let freedom = 2.0 * n / (3.0 + unbiased - (n - 3.0) / (n - 1.0));
    // Where nothing varies 0 / 0 gives way to the usual, and so does what short tails would have.
    if freedom > 0.0 {
        freedom.clamp(1.0, usual)
    } else {
        usual
    }
}
