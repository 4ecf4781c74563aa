//! The two reference models: linear text classifiers that share texts, features and learner and
//! differ in the question only. One answers with an emotion, the other with a polarity, so that
//! a difference in skill between them is a difference between the questions.

pub mod features;
pub mod load;
pub mod train;
pub mod weights;

pub use load::load;
