//! `generate_series`, a table that counts. It comes with rusqlite; nothing is computed here.

use super::{Kind, SqlFunction};
use rusqlite::vtab::series;

pub(super) const FUNCTIONS: &[SqlFunction] = &[SqlFunction {
    name: "generate_series",
    signature: "generate_series(start, stop) · generate_series(start, stop, step)",
    meaning: "a table with a column `value` that counts up from start to stop, or down from stop to start where the step is negative",
    example: "select sum(value) from generate_series(1, 4)",
    answer: "10",
    kind: Kind::Plain,
    register: |connection, _| series::load_module(connection),
}];

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;
    use crate::store::functions::values::tests::{answer, opened};

    #[test]
    fn it_counts_up_and_down() {
        let connection = opened(FUNCTIONS);
        let count = |arguments: &str| answer(&connection, &format!("value from generate_series({arguments})"));
        assert_eq!(count("1, 4"), "1 2 3 4");
        assert_eq!(count("0, 10, 5"), "0 5 10");
        assert_eq!(count("1, 4, -1"), "4 3 2 1");
        assert_eq!(answer(&connection, "count(*) from generate_series(4, 1)"), "0");
    }
}
