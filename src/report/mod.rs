//! Reports: pure functions of the record. Each carries all findings; none measures or judges.

mod advice;
mod by_gate;
pub mod chart;
pub mod comparison;
pub mod csv;
pub mod dataset_check;
pub mod github;
pub mod html;
pub mod junit;
pub mod local_law_144;
pub mod markdown;
pub mod ml_bom;
pub mod model_check;
pub mod model_card;
mod not_auditable;
pub mod outcome;
mod pair;
#[cfg(feature = "polars")]
pub mod parquet;
pub mod sarif;
pub mod terminal;
mod text;
mod tidy;
mod weights;
