//! What is worth a remark about an answer: what functions found in its rows. It refuses nothing.

use crate::store::Remarks;

/// The remarks on what functions found, each a sentence.
pub(super) fn on_rows(remarks: &Remarks) -> Vec<String> {
    let mut told = Vec::new();
    match remarks.undecided {
        0 => {}
        1 => told.push("`q_cmp` could not compare 1 pair of values, and gave NULL for it".to_owned()),
        count => told.push(format!("`q_cmp` could not compare {count} pairs of values, and gave NULL for them")),
    }
    match remarks.without_number {
        0 => {}
        1 => told.push("`q_amount` gave NULL for 1 unknown value".to_owned()),
        count => told.push(format!("`q_amount` gave NULL for {count} unknown values")),
    }
    match remarks.rounded {
        0 => {}
        1 => told.push("`q_amount` gave 1 inexact value as a plain whole number".to_owned()),
        count => told.push(format!("`q_amount` gave {count} inexact values as plain whole numbers")),
    }
    if !remarks.counted_twice.is_empty() {
        told.push(format!("more than one of the values summed rests on {}: counted twice?", remarks.counted_twice));
    }
    if let Some((known, all)) = remarks.known {
        told.push(format!("`q_sum_known` summed {known} of {all} rows; {} unknown", all - known));
    }
    told
}
