//! What is worth a remark about a statement that is right as it stands. It refuses nothing.

use super::lex::{Token, TokenKind, tokens};

/// The remark on a statement that divides a column of whole minor units: SQL drops the remainder without a word.
pub(super) fn remark(sql: &str) -> Option<String> {
    let tokens: Vec<Token> = tokens(sql).filter(|token| token.kind != TokenKind::Comment).collect();
    let divided = tokens.windows(2).find(|pair| {
        let name = pair[0].text(sql);
        pair[0].kind == TokenKind::Word && name.ends_with("_minor") && pair[1].text(sql) == "/"
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
        assert_eq!(remark("select amount_minor, 6 / 3, 'amount_minor / 3' from figure"), None);
    }
}
