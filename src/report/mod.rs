//! Reports: pure functions of the record. Each carries all findings; none measures or judges.

pub mod chart;
pub mod dataset_check;
pub mod html;
pub mod terminal;
