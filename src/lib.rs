//! `affect-audit` audits sentiment and emotion models: how well they answer, for whom they fail, and where emotion
//! inference is unreliable while plain sentiment analysis holds up.
//!
//! A **model** gives **predictions** for the **cases** of a **dataset**; **tallies** count them; **measures** turn
//! tallies into **estimates**; the **policy**'s gates judge estimates into **findings**; findings add up to
//! **verdicts**; the **record** keeps it all and **reports** show it.
//!
//! The modules stand in that order, and each names only those before it.

// words
pub mod diagnostic;
pub mod digest;
pub mod document;
pub mod task;
pub mod attribute;
pub mod case;
// input
pub mod dataset;
// models
pub mod prediction;
pub mod model;
pub mod score;
// counting
pub mod tally;
pub mod stats;
pub mod measure;
// judging
pub mod policy;
pub mod check;
pub mod finding;
pub mod verdict;
pub mod audit;
// telling
pub mod record;
pub mod report;
pub mod bundle;
// edge
pub mod cli;
