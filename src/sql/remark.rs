//! What is worth a remark about a statement that is right as it stands: by its text, or by what functions found in its
//! rows. It refuses nothing.

use super::lex::{Token, TokenKind, tokens};
use crate::store::Remarks;

/// The remarks on what functions found, each a sentence.
pub(super) fn on_rows(remarks: &Remarks) -> Vec<String> {
    let mut told = Vec::new();
    match remarks.undecided {
        0 => {}
        1 => told.push("`q_cmp` could not compare 1 pair of values, and gave NULL for it".to_owned()),
        count => told.push(format!("`q_cmp` could not compare {count} pairs of values, and gave NULL for them")),
    }
    if !remarks.counted_twice.is_empty() {
        told.push(format!("more than one of the values summed rests on {}: counted twice?", remarks.counted_twice));
    }
    if let Some((known, all)) = remarks.known {
        told.push(format!("`q_sum_known` summed {known} of {all} rows; {} unknown", all - known));
    }
    told
}

/// The remark on a statement that divides a column of whole minor units: SQL drops the remainder without a word.
pub(super) fn remark(sql: &str) -> Option<String> {
    let tokens: Vec<Token> = tokens(sql).filter(|token| token.kind != TokenKind::Comment).collect();
    // By a number with a point SQL divides exactly enough to keep the remainder.
    let is_whole = |divisor: &Token| divisor.kind != TokenKind::Number || !divisor.text(sql).contains(['.', 'e', 'E']);
    let divided = tokens.windows(3).find(|three| {
        let name = three[0].text(sql);
        let is_minor = three[0].kind == TokenKind::Word && name.ends_with("_minor");
        is_minor && three[1].text(sql) == "/" && is_whole(&three[2])
    })?;
    let name = divided[0].text(sql);
    Some(format!("`{name} / …` divides whole numbers and drops the remainder, which `{name} % …` gives"))
}

#[cfg(test)]
mod tests {
    use super::remark;

    #[test]
    fn only_a_division_of_minor_units_is_remarked() {
        assert!(remark("select amount_minor / 3 from figure").is_some());
        assert!(remark("select f.amount_minor/*x*// 3 from figure f").is_some());
        assert_eq!(remark("select amount_minor / 3.0 from figure"), None);
        assert_eq!(remark("select amount_minor, 6 / 3, 'amount_minor / 3' from figure"), None);
    }
}
