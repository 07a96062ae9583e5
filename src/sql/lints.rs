//! What is worth a word about a statement that is right as it stands and may not mean what it says: whole numbers divided by
//! whole numbers, texts taken for numbers or compared with them. Each is named as the statement writes it, or not at all where
//! only the book's own views do it. It refuses nothing.

use super::coercion::{Asked, Finding, Taken, Use, findings};
use super::diagnose::Context;
use super::lex::TokenKind;
use super::operands::Words;
use super::program::Step;
use super::spelling::{Spelling, Spelt};
use super::storage::{Classes, Value};
use crate::store::{StoredColumn, TextFilter};
use std::collections::BTreeSet;

/// How many are told of one statement at most.
const MOST: usize = 6;

/// Words by which a statement may divide, compare, sum up or make a number of a text; of a statement without any the program
/// need not be read.
const SUSPECT: [&str; 14] = [
    "sum", "total", "avg", "abs", "round", "max", "min", "printf", "format", "cast", "between", "in", "using",
    "natural",
];

/// Whether a statement has anything in its text that a lint could be about.
pub(super) fn is_suspect(words: &Words<'_>) -> bool {
    (0..words.count()).any(|at| match (words.kind(at), words.word(at).as_str()) {
        (Some(TokenKind::Mark), "*") => words.is_binary(at),
        (Some(TokenKind::Mark), mark) => !matches!(mark, "(" | ")" | "," | "." | ";" | "||" | "->" | "->>"),
        (Some(TokenKind::Word), word) => {
            SUSPECT.contains(&word) || matches!(word, "where" | "not" | "case" | "having" | "on")
        }
        _ => false,
    })
}

/// The remarks on a statement whose program has been read, each a sentence.
///
/// # Errors
/// That of an interrupted statement.
pub(super) fn remarks(context: &Context, steps: &[Step], asked: &Asked<'_>) -> rusqlite::Result<Vec<String>> {
    let found = findings(&context.book, steps, asked)?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let views = context.own_views();
    let mut lints = Lints { context, steps, spelling: Spelling::new(context.sql(), &views, steps) };
    lints.name_columns();
    let (mut told, mut seen) = (Vec::new(), BTreeSet::new());
    told.extend(lints.divisions(&found));
    for finding in found.iter().filter(|finding| finding.usage != Use::Division) {
        let remark = lints.remark(finding);
        told.extend(remark.filter(|remark| seen.insert(remark.clone())));
    }
    let more = told.len().saturating_sub(MOST);
    told.truncate(MOST);
    if more > 0 {
        told.push(format!("{more} more such remarks are left out"));
    }
    Ok(told)
}

/// Whole numbers of SQL have 64 bits: what is written with more bits set than fit is a number below 0.
pub(super) fn wrapped(words: &Words<'_>) -> Option<String> {
    let is_number = |at: &usize| words.kind(*at) == Some(TokenKind::Number);
    let numbers =
        (0..words.count()).filter(is_number).map(|at| (words.text(&(at..at + 1)), words.word(at).replace('_', "")));
    let wrapped = |(_, digits): &(&str, String)| {
        let value = digits.strip_prefix("0x").and_then(|digits| u64::from_str_radix(digits, 16).ok());
        value.filter(|value| i64::try_from(*value).is_err()).map(u64::cast_signed)
    };
    let mut numbers = numbers.filter_map(|number| wrapped(&number).map(|value| (number.0, value)));
    let (written, value) = numbers.next()?;
    Some(format!("`{written}` is {value} in SQL, whose whole numbers have 64 bits"))
}

struct Lints<'l> {
    context: &'l Context,
    steps: &'l [Step],
    spelling: Spelling<'l>,
}

impl Lints<'_> {
    /// Tells the spelling what the columns of tables are called that the program reads.
    fn name_columns(&mut self) {
        let columns = self.steps.iter().enumerate().filter(|(_, step)| step.opcode == "Column");
        let names: Vec<(usize, String)> =
            columns.filter_map(|(at, _)| Some((at, self.column(Value::new(Classes::NONE, at))?.name))).collect();
        self.spelling.name_columns(names);
    }

    /// The remark that names every division that may have dropped a remainder.
    fn divisions(&self, found: &[Finding]) -> Option<String> {
        let divisions = found.iter().filter(|finding| finding.usage == Use::Division && self.may_drop(finding));
        let pairs: Vec<[Value; 2]> = divisions.map(|finding| [finding.value, finding.other]).collect();
        let spelt = self.spelling.divisions(&pairs);
        let named: Vec<String> = spelt.iter().map(|[left, right]| format!("`{left} / {right}`")).collect();
        match &spelt[..] {
            [] => None,
            [[left, right]] => Some(format!(
                "{} divides whole numbers and drops the remainder, which `{left} % {right}` gives; `{left} * 1.0 / {right}` keeps it",
                named[0]
            )),
            _ => Some(format!(
                "{} divide whole numbers and drop the remainders: `* 1.0` before `/` keeps them",
                listed(&named)
            )),
        }
    }

    /// Whether a division of whole numbers can have a remainder: one of constants is known.
    fn may_drop(&self, finding: &Finding) -> bool {
        let constant = |value: Value| {
            let step = &self.steps[value.step()?];
            match step.opcode.as_str() {
                "Integer" => Some(step.p1),
                "Int64" | "String8" => step.p4.trim().parse().ok(),
                _ => None,
            }
        };
        match (constant(finding.value), constant(finding.other)) {
            (_, Some(-1..=1)) | (Some(0), _) => false,
            (Some(left), Some(right)) => left % right != 0,
            _ => true,
        }
    }

    fn remark(&self, finding: &Finding) -> Option<String> {
        let is_sure = finding.value.classes.has(Classes::TEXT.or(Classes::NUMBER_TEXT));
        if finding.usage != Use::Number && !self.is_text(finding, is_sure) {
            return None;
        }
        let Spelt { text, is_literal } = self.spelling.operand(finding)?;
        let is_text = match (is_literal, is_sure) {
            (true, _) if finding.value.classes.has(Classes::TEXT) => "is no number",
            (_, true) => "is text",
            _ if self.stored(finding).is_some() => "holds texts",
            _ => "may hold texts",
        };
        Some(match &finding.usage {
            Use::Division => return None,
            Use::Cast if is_literal && finding.value.classes.has(Classes::REAL_TEXT) => {
                format!("`{text}` is no whole number of 64 bits: SQL counts the digits at its start")
            }
            Use::Operator(_) | Use::Function(_) | Use::Cast | Use::Condition => {
                format!("`{text}` {is_text}: SQL counts the digits at its start, or 0 where there are none")
            }
            Use::Comparison(Taken::AsNumber) if !is_literal => {
                format!("`{text}` {is_text}: where it is no number, SQL finds it greater than any")
            }
            Use::Comparison(Taken::AsText | Taken::AsNumber) => {
                format!("`{text}` {is_text}: SQL finds it equal to no number, and greater than any")
            }
            Use::Comparison(Taken::NumberAsText) => {
                format!("`{text}` {is_text}: SQL compares it with the number character by character, as `'9' > '10'`")
            }
            Use::Number => {
                format!("`{text}` is text: SQL compares it with the number character by character, as `'9' > '10'`")
            }
            Use::Extreme(name) => {
                format!("`{text}` {is_text}: `{name}` compares it character by character, as `'9' > '10'`")
            }
        })
    }

    /// Whether a value that may be a text is one. Of a column without a type its rows tell, and of texts whose order is asked for,
    /// whether they look like numbers.
    fn is_text(&self, finding: &Finding, is_sure: bool) -> bool {
        let book = &self.context.book;
        let stored = self.stored(finding);
        let texts = match finding.usage {
            Use::Extreme(_) => TextFilter::LikeNumbers,
            Use::Comparison(_) => TextFilter::Any,
            _ => TextFilter::NoNumbers,
        };
        let is_extreme = texts == TextFilter::LikeNumbers;
        match stored {
            Some(column) if is_extreme || !is_sure => book.has_texts(&column, texts),
            Some(_) => true,
            // What JSON answers is mostly asked for whether it is true.
            None if !is_sure && finding.usage == Use::Condition => false,
            None if is_extreme => {
                let classes = finding.value.classes;
                classes.has(Classes::NUMBER_TEXT) && !classes.has(Classes::TEXT.or(Classes::OPEN))
            }
            None if !is_sure => {
                let written = self.spelling.literals_of_json();
                written.is_none_or(|texts| texts.iter().any(|json| book.has_json_texts(json)))
            }
            None => true,
        }
    }

    /// The column of a table that a finding is about.
    fn stored(&self, finding: &Finding) -> Option<StoredColumn> {
        finding.column.clone().or_else(|| self.column(finding.value))
    }

    /// The column of a table that a value was read from.
    fn column(&self, value: Value) -> Option<StoredColumn> {
        let step = self.steps.get(value.step()?).filter(|step| step.opcode == "Column")?;
        let opens =
            |open: &&Step| matches!(&*open.opcode, "OpenRead" | "OpenWrite" | "ReopenIdx") && open.p1 == step.p1;
        let open = self.steps.iter().find(opens)?;
        let columns = self.context.book.stored_columns(open.p3, open.p2).ok()?;
        usize::try_from(step.p2).ok().and_then(|index| columns.get(index).cloned())
    }
}

/// `a`, `b` and `c`.
fn listed(named: &[String]) -> String {
    match named.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => named.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Words, is_suspect, wrapped};

    #[test]
    fn a_plain_list_of_columns_is_not_suspect() {
        for (sql, expected) in [
            ("select id, a.b, count(*) from facts a order by id", false),
            ("select * from facts limit 5 -- 1 / 2", false),
            ("select a || 'x / y' from t", false),
            ("select a * 2 from t", true),
            ("select count(*) / 2 from t", true),
            ("select sum(a) from t", true),
            ("select a from t where b", true),
        ] {
            assert_eq!(is_suspect(&Words::new(sql)), expected, "{sql}");
        }
    }

    #[test]
    fn a_hexadecimal_number_of_64_bits_may_be_below_0() {
        assert!(wrapped(&Words::new("select 0xFFFF_ffff_ffff_ffff")).is_some_and(|told| told.contains("is -1 ")));
        assert_eq!(wrapped(&Words::new("select 0x7fffffffffffffff, 12")), None);
    }
}
