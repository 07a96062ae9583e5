//! A book as a Frictionless data package (<https://datapackage.org>): one CSV file a table, with plain numbers for pandas, R and
//! spreadsheets, and a descriptor that keeps what a plain file loses: meanings, units, keys, sources. Nothing here opens a file.

mod columns;
mod descriptor;
mod readme;
mod rows;

pub use columns::TableStatistics;
pub use descriptor::{Package, PackageSource, PackageTable, resource_name};
pub use rows::{TableFile, WrittenFile};
