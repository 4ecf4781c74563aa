//! Reports: pure functions of the record. Each carries all findings; none measures or judges.

pub mod html;
pub mod terminal;
