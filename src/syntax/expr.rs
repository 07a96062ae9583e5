//! The operands of an operator and the arguments of a function in the text of a statement, found by their tokens and the binding
//! powers of operators. It knows no meaning of either. Positions are indices of tokens.

use super::sql::tokens;
use super::{Token, TokenKind, WordList, bracket_pairs};
use std::ops::Range;

/// A statement's tokens without comments.
pub(crate) struct Tokens<'s> {
    sql: &'s str,
    list: Vec<Token>,
    /// The bracket that matches the one at each position.
    pairs: Vec<Option<usize>>,
}

/// Tokens that end an expression, or begin one.
const CLAUSES: WordList = WordList(
    "select distinct all from where group order by having limit offset union except intersect join on using \
     as and or not when then else case end asc desc between in is like over filter values with window collate",
);

impl<'s> Tokens<'s> {
    pub(crate) fn new(sql: &'s str) -> Self {
        let list: Vec<Token> = tokens(sql).filter(|token| token.kind != TokenKind::Comment).collect();
        let pairs = bracket_pairs(&list, sql);
        Self { sql, list, pairs }
    }

    /// The number of tokens.
    pub(crate) fn count(&self) -> usize {
        self.list.len()
    }

    /// The token at a position.
    pub(crate) fn token(&self, at: usize) -> Option<&Token> {
        self.list.get(at)
    }

    /// The kind of the token at a position.
    pub(crate) fn kind(&self, at: usize) -> Option<TokenKind> {
        self.token(at).map(|token| token.kind)
    }

    /// The position of a token.
    pub(crate) fn position(&self, token: &Token) -> Option<usize> {
        self.list.iter().position(|other| other.range == token.range)
    }

    /// The token at a position in lower case; empty beyond the ends.
    pub(crate) fn word(&self, at: usize) -> String {
        self.list.get(at).map(|token| token.text(self.sql).to_ascii_lowercase()).unwrap_or_default()
    }

    /// The text of a range of tokens.
    pub(crate) fn text(&self, range: &Range<usize>) -> &'s str {
        &self.sql[self.bytes(range)]
    }

    /// The range in bytes of a range of tokens.
    pub(crate) fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        match (self.list.get(range.start), range.end.checked_sub(1).and_then(|last| self.list.get(last))) {
            (Some(first), Some(last)) if first.range.start <= last.range.end => first.range.start..last.range.end,
            _ => 0..0,
        }
    }

    /// The positions of binary operators that are spelled as one of `spellings`.
    pub(crate) fn binary_operators<'a>(&'a self, spellings: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
        (0..self.count()).filter(move |at| spellings.contains(&&*self.word(*at)) && self.is_binary(*at))
    }

    /// The arguments of each call of a function, or of each word that is written like one.
    pub(crate) fn calls<'a>(&'a self, function: &'a str) -> impl Iterator<Item = Vec<Range<usize>>> + 'a {
        let positions = (0..self.count()).filter(move |at| self.word(*at) == function);
        positions.filter_map(|at| self.arguments(at + 1)).map(|(arguments, _)| arguments)
    }

    /// A range of tokens without the parentheses around all of it.
    pub(crate) fn without_parentheses(&self, range: &Range<usize>) -> Range<usize> {
        let mut range = range.clone();
        while self.word(range.start) == "("
            && self.arguments(range.start).is_some_and(|(_, end)| end == range.end)
            && range.len() > 2
        {
            range = range.start + 1..range.end - 1;
        }
        range
    }

    /// The parameters in the order of their numbers, each with its mark.
    pub(crate) fn parameters(&self) -> Vec<&'s str> {
        let mut found: Vec<&str> = Vec::new();
        for token in self.list.iter().filter(|token| token.kind == TokenKind::Parameter) {
            let name = token.text(self.sql);
            if !found.contains(&name) {
                found.push(name);
            }
        }
        found
    }

    /// The left operand of the operator at `at`; `None` where it has none.
    pub(crate) fn left(&self, at: usize) -> Option<Range<usize>> {
        let power = binding_power(&self.word(at));
        let mut start = self.value_before(at)?;
        while let Some(operator) = start.checked_sub(1).filter(|before| self.is_binary(*before))
            && binding_power(&self.word(operator)) >= power
        {
            start = self.value_before(operator)?;
        }
        Some(start..at)
    }

    /// The right operand of the operator at `at`.
    pub(crate) fn right(&self, at: usize) -> Option<Range<usize>> {
        let power = binding_power(&self.word(at));
        let mut end = self.value_after(at + 1)?;
        while self.is_binary(end) && binding_power(&self.word(end)) > power {
            end = self.value_after(end + 1)?;
        }
        Some(at + 1..end)
    }

    /// A whole expression without `and`, `or` and comparisons, from `at` on.
    pub(crate) fn expression(&self, at: usize) -> Option<Range<usize>> {
        let mut end = self.value_after(at)?;
        while self.is_binary(end) && binding_power(&self.word(end)) > 2 {
            end = self.value_after(end + 1)?;
        }
        Some(at..end)
    }

    /// The arguments between the parentheses that open at `open`, and the position behind them.
    pub(crate) fn arguments(&self, open: usize) -> Option<(Vec<Range<usize>>, usize)> {
        let close = self.matching(open).filter(|_| self.word(open) == "(")?;
        let (mut found, mut start, mut depth) = (Vec::new(), open + 1, 0_usize);
        for at in open + 1..=close {
            match self.word(at).as_str() {
                "(" => depth += 1,
                ")" if at < close => depth = depth.saturating_sub(1),
                "," if depth == 0 => {
                    found.push(start..at);
                    start = at + 1;
                }
                _ => {}
            }
        }
        found.push(start..close);
        Some((found, close + 1))
    }

    /// The last token of the name or the constant that begins at a position, as of `f.amount`; `None` where a call begins there,
    /// or a longer expression.
    pub(crate) fn column_from(&self, first: usize) -> Option<usize> {
        let last = self.value_after(first)?.checked_sub(1)?;
        (self.kind(last)? != TokenKind::Punct && self.word(last) != "end").then_some(last)
    }

    /// True for an operator with a value on its left.
    pub(crate) fn is_binary(&self, at: usize) -> bool {
        binding_power(&self.word(at)) > 0 && at.checked_sub(1).is_some_and(|before| self.ends_value(before))
    }

    fn ends_value(&self, at: usize) -> bool {
        let Some(token) = self.list.get(at) else { return false };
        match token.kind {
            TokenKind::Word => matches!(self.word(at).as_str(), "end") || !CLAUSES.contains(&self.word(at)),
            TokenKind::Punct => self.word(at) == ")",
            _ => true,
        }
    }

    /// The start of the value that ends before `at`, with its sign.
    pub(crate) fn value_before(&self, at: usize) -> Option<usize> {
        let last = at.checked_sub(1).filter(|last| self.ends_value(*last))?;
        let mut start = match self.word(last).as_str() {
            ")" => {
                let open = self.matching(last)?;
                if let Some(at) = open.checked_sub(1).filter(|at| matches!(self.word(*at).as_str(), "over" | "filter"))
                {
                    return self.value_before(at);
                }
                let is_call = open
                    .checked_sub(1)
                    .is_some_and(|name| self.list[name].kind == TokenKind::Word && !CLAUSES.contains(&self.word(name)));
                if is_call { open - 1 } else { open }
            }
            "end" => (0..last).rev().find(|at| self.word(*at) == "case")?,
            _ if last > 0 && self.word(last - 1) == "over" => return self.value_before(last - 1),
            _ => last,
        };
        while start >= 2 && self.word(start - 1) == "." {
            start -= 2;
        }
        let is_signed = |start: usize| {
            start >= 1 && matches!(self.word(start - 1).as_str(), "-" | "+" | "~") && !self.is_binary(start - 1)
        };
        while is_signed(start) {
            start -= 1;
        }
        Some(start)
    }

    /// The end of the value that begins at `at`.
    fn value_after(&self, at: usize) -> Option<usize> {
        let is_sign = |at: &usize| {
            let kind = self.list.get(*at).map(|token| token.kind);
            kind == Some(TokenKind::Punct) && matches!(self.word(*at).as_str(), "-" | "+" | "~")
        };
        let at = (at..self.list.len()).find(|at| !is_sign(at))?;
        let token = self.list.get(at)?;
        let word = self.word(at);
        match (token.kind, word.as_str()) {
            (TokenKind::Punct, "(") => Some(self.matching(at)? + 1),
            (TokenKind::Punct, _) => None,
            (TokenKind::Word, "case") => (at..self.list.len()).find(|at| self.word(*at) == "end").map(|end| end + 1),
            (TokenKind::Word, word) if CLAUSES.contains(word) => None,
            (TokenKind::Word | TokenKind::QuotedName, _) => {
                let mut end = at + 1;
                while self.word(end) == "." {
                    end += 2;
                }
                if self.word(end) == "(" {
                    end = self.matching(end)? + 1;
                    while matches!(self.word(end).as_str(), "over" | "filter") {
                        end = if self.word(end + 1) == "(" { self.matching(end + 1)? + 1 } else { end + 2 };
                    }
                }
                Some(end)
            }
            _ => Some(at + 1),
        }
    }

    /// The bracket that matches the one at a position.
    fn matching(&self, bracket: usize) -> Option<usize> {
        self.pairs.get(bracket).copied().flatten()
    }
}

/// The most arguments that a call of a function in a text has; `None` where none is found.
pub(crate) fn most_arguments(sql: &str, function: &str) -> Option<usize> {
    let tokens = Tokens::new(sql);
    let unquoted = |at: usize| tokens.word(at).trim_matches(['"', '`', '[', ']']).to_owned();
    let calls = (0..tokens.list.len()).filter(|at| unquoted(*at) == function);
    calls.filter_map(|at| tokens.arguments(at + 1)).map(|(arguments, _)| arguments.len()).max()
}

/// The binding power of a binary operator; 0 for any other token.
fn binding_power(operator: &str) -> u8 {
    match operator {
        "||" | "->" | "->>" => 7,
        "*" | "/" | "%" => 6,
        "+" | "-" => 5,
        "&" | "|" | "<<" | ">>" => 4,
        "<" | "<=" | ">" | ">=" => 2,
        "=" | "==" | "<>" | "!=" | "is" | "in" | "like" | "between" => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::Tokens;

    #[track_caller]
    fn check(sql: &str, operator: &str, left: Option<&str>, right: Option<&str>) {
        let tokens = Tokens::new(sql);
        let at = (0..tokens.list.len()).find(|at| tokens.word(*at) == operator).unwrap();
        let sides = [tokens.left(at), tokens.right(at)].map(|side| side.map(|side| tokens.text(&side)));
        assert_eq!(sides, [left, right], "{sql}");
    }

    #[test]
    fn operands_reach_as_far_as_they_bind() {
        check("select a / 2 from t", "/", Some("a"), Some("2"));
        check("select 1 + t.a * -2 / f(b, c) - 1", "/", Some("t.a * -2"), Some("f(b, c)"));
        check("select 1 + a * 2 - 1", "-", Some("1 + a * 2"), Some("1"));
        check("select 1 + a * 2 - 1", "+", Some("1"), Some("a * 2"));
        check("where (a + b) > c * 2 and d", ">", Some("(a + b)"), Some("c * 2"));
        check("select - a from t", "-", None, Some("a"));
        check("select case when x then a end || b", "||", Some("case when x then a end"), Some("b"));
        check("select max(a, b) < (select 1)", "<", Some("max(a, b)"), Some("(select 1)"));
        check("select sum(a) over (order by b) / 2", "/", Some("sum(a) over (order by b)"), Some("2"));
        check("select 2 / sum(a) filter (where b) over w", "/", Some("2"), Some("sum(a) filter (where b) over w"));
        check("select sum(a) over w / 2", "/", Some("sum(a) over w"), Some("2"));
    }
}
