//! Checks of the statistics against values computed outside the crate (`tests/oracles/stats.py`)
//! and at the edges where formulas break.

mod agreement;
mod bca;
mod bootstrap;
mod disparity;
mod evidence;
mod interval;
mod kurtosis;
mod mean;
mod multiplicity;
mod power;
mod test;

use super::{Interval, Reason, Undefined};
use serde_json::Value;

/// The reference values of one function.
fn oracle(name: &str) -> Value {
    let all = include_str!("../../../tests/oracles/stats.json");
    let mut all: Value = serde_json::from_str(all).expect("the oracle is JSON");
    let values = all[name].take();
    assert!(!values.is_null(), "no oracle for {name}");
    values
}

/// The reference values of one function, one per case; never none.
fn oracles(name: &str) -> Vec<Value> {
    let cases = oracle(name).as_array().expect("a list of cases").clone();
    assert!(!cases.is_empty());
    cases
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{value} is not a number"))
}

fn count(value: &Value) -> u64 {
    value
        .as_u64()
        .unwrap_or_else(|| panic!("{value} is not a count"))
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .expect("a list")
        .iter()
        .map(number)
        .collect()
}

fn counts(value: &Value) -> Vec<u64> {
    value
        .as_array()
        .expect("a list")
        .iter()
        .map(count)
        .collect()
}

fn pair(value: &Value) -> (f64, f64) {
    (number(&value[0]), number(&value[1]))
}

/// Equal within 1e-9, relative for numbers above one.
#[track_caller]
fn assert_close(ours: f64, theirs: f64) {
    let error = (ours - theirs).abs() / theirs.abs().max(1.0);
    assert!(error < 1e-9, "{ours} is not {theirs}");
}

#[track_caller]
fn assert_limits(ours: Result<Interval, Undefined>, theirs: &Value) {
    let ours = ours.expect("an interval");
    assert_close(ours.low, number(&theirs[0]));
    assert_close(ours.high, number(&theirs[1]));
}

#[track_caller]
fn assert_undefined<T: std::fmt::Debug>(ours: Result<T, Undefined>, reason: Reason) {
    assert_eq!(ours.expect_err("undefined").reason, reason);
}
