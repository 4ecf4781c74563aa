//! Prints how often intervals hold the truth and how often gates ring without cause, as the tables of
//! docs/coverage.md. Run with `cargo bench --bench coverage -- 400`: the number says how many draws to take, and names of
//! families, such as `raters`, ask for these alone.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

mod contrasts;
mod families;
mod functional;
mod gates;
mod group_gates;
mod groups;
mod held;
mod judged;
mod models;
mod numbers;
mod probabilities;
mod questions;
mod rater_groups;
mod raters;
mod scores;
mod sets;
mod simulation;
mod slices;
mod sure;
mod tables;
mod worlds;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let draws = arguments.iter().find_map(|argument| argument.parse().ok());
    let draws = draws.unwrap_or(1000);
    println!("{draws} draws a column; nominal 95 %.");
    let named = |name: &&str| arguments.iter().any(|argument| argument == name);
    let any = families::FAMILIES.iter().any(|(name, _)| named(name));
    for (name, family) in families::FAMILIES {
        if named(&name) || !any {
            family(draws);
        }
    }
}
