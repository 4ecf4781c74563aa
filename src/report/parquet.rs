//! All measurements and findings as Parquet, for data frames.

use polars::prelude::{DataFrame, IntoColumn, KeyValueMetadata, NamedFrom, ParquetWriter, Series};

use super::tidy::{Values, columns};
use crate::record::Record;

/// Renders a record as Parquet, a row for each measurement and each finding.
///
/// # Errors
/// The message of the library, should it refuse the table.
pub fn render(record: &Record) -> Result<Vec<u8>, String> {
    let columns = columns(record)
        .into_iter()
        .map(|column| {
            let name = column.name.into();
            let series = match column.values {
                Values::Text(values) => Series::new(name, values),
                Values::Whole(values) => Series::new(name, values),
                Values::Number(values) => Series::new(name, values),
            };
            series.into_column()
        })
        .collect();
    let height = record.measurements.len() + record.findings.len();
    let mut frame = DataFrame::new(height, columns).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    // Columns are compressed; whose file it is must be readable without a reader of Parquet.
    let whose = KeyValueMetadata::from_static(vec![
        ("tool".to_owned(), record.tool.name.clone()),
        ("record".to_owned(), record.digest.clone()),
    ]);
    ParquetWriter::new(&mut bytes)
        .with_key_value_metadata(Some(whose))
        .finish(&mut frame)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}
