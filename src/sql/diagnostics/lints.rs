//! Lints: warnings about a statement that is valid and may not mean what it says, for whole numbers divided by whole numbers and
//! texts taken for numbers, as far as no counter of the statement counts them, for texts compared with numbers, and about its rows.
//! Each names an operand as the statement spells it; code of the book's own views gets none. Nothing is refused.

use super::operator_warnings::{gap_warnings, operator_warnings};
use super::source_map::{SourceMap, SourceOperand};
use super::{StatementContext, enumerate};
use crate::quantity::Facts;
use crate::sql::counter::CountedCoercions;
use crate::sql::dataflow::bytecode::Op;
use crate::sql::dataflow::coercions::{Coercion, Converted, Finding};
use crate::sql::dataflow::storage_class::{AbstractValue, StorageClasses};
use crate::store::catalogue::{Catalogue, ColumnKind, ViewColumn};
use crate::store::{RESERVED_PREFIX, Remarks, StoredColumn, TextFilter};
use crate::syntax::TokenKind;
use crate::syntax::expr::Tokens;
use std::collections::BTreeSet;

/// The most warnings about one statement.
const MAX_WARNINGS: usize = 6;

/// Functions and keywords by which a statement may compare, sum up or convert a text; the program of a statement without any
/// need not be read.
const SUSPECT: [&str; 14] = [
    "sum", "total", "avg", "abs", "round", "max", "min", "printf", "format", "cast", "between", "in", "using",
    "natural",
];

/// Scales as names of columns end in them, of one thing or many.
const SCALES: [&str; 14] =
    ["hundred", "thousand", "million", "billion", "trillion", "k", "m", "mn", "mio", "mln", "bn", "mrd", "tn", "000"];

/// Aggregates of plain numbers.
const PLAIN_AGGREGATES: [&str; 10] =
    ["sum", "total", "avg", "median", "percentile_cont", "stddev_samp", "stddev_pop", "corr", "max", "min"];

/// Aggregates that a statement may name, besides those of quantities alone.
pub(super) const AGGREGATES: [&str; 12] = [
    "sum",
    "total",
    "avg",
    "median",
    "percentile_cont",
    "stddev_samp",
    "stddev_pop",
    "corr",
    "max",
    "min",
    "count",
    "group_concat",
];

/// True if a statement has anything in its text that a lint could be about.
pub(crate) fn is_suspect(tokens: &Tokens<'_>) -> bool {
    (0..tokens.count()).any(|at| match (tokens.kind(at), tokens.word(at).as_str()) {
        (Some(TokenKind::Punct), "*") => tokens.is_binary(at),
        (Some(TokenKind::Punct), mark) => !matches!(mark, "(" | ")" | "," | "." | ";" | "||" | "->" | "->>"),
        (Some(TokenKind::Word), word) => {
            SUSPECT.contains(&word) || matches!(word, "where" | "not" | "case" | "having" | "on")
        }
        _ => false,
    })
}

/// The kinds of coercions in a program that can be counted while it runs.
pub(crate) fn counted_coercions(context: &StatementContext, program: &[Op], found: &[Finding]) -> CountedCoercions {
    let mut counted = CountedCoercions::default();
    for finding in found {
        match &finding.coercion {
            Coercion::Division => counted.divisions = true,
            Coercion::Operator(written) => drop(counted.operators.insert(written)),
            Coercion::Function(name) => drop(counted.functions.insert(name.clone())),
            Coercion::Cast => counted.casts = true,
            Coercion::Condition => {
                counted.conditions |= is_text(finding) || stored_column(context, program, finding).is_some();
            }
            Coercion::Comparison(_) | Coercion::Number | Coercion::Extreme(_) => {}
        }
    }
    counted
}

/// The warnings about a statement whose program has been read, each a sentence. `written` is its text as the operators of the program
/// are in it: of a translation its own, for it has fewer.
pub(crate) fn lint(context: &StatementContext, written: &str, program: &[Op], found: &[Finding]) -> Vec<String> {
    if found.is_empty() {
        return Vec::new();
    }
    let views = context.user_views();
    let mut lints = Lints { context, program, source_map: SourceMap::new(written, &views, program) };
    lints.set_column_names();
    let (mut warnings, mut seen) = (Vec::new(), BTreeSet::new());
    warnings.extend(lints.divisions(found));
    for finding in found.iter().filter(|finding| finding.coercion != Coercion::Division) {
        let warning = lints.warning(finding);
        warnings.extend(warning.filter(|warning| seen.insert(warning.clone())));
    }
    // Nobody has written what a translation calls.
    warnings.retain(|warning| !warning.contains(RESERVED_PREFIX));
    warnings
}

/// The first warnings, and how many more there are.
pub(crate) fn first_warnings(mut warnings: Vec<String>) -> Vec<String> {
    let more = warnings.len().saturating_sub(MAX_WARNINGS);
    warnings.truncate(MAX_WARNINGS);
    if more > 0 {
        warnings.push(format!("{more} more such remarks are left out"));
    }
    warnings
}

/// The warning about a hexadecimal literal that is negative: whole numbers of SQL have 64 bits.
pub(crate) fn overflowing_literal(tokens: &Tokens<'_>) -> Option<String> {
    let is_number = |at: &usize| tokens.kind(*at) == Some(TokenKind::Number);
    let numbers =
        (0..tokens.count()).filter(is_number).map(|at| (tokens.text(&(at..at + 1)), tokens.word(at).replace('_', "")));
    let overflowing_literal = |(_, digits): &(&str, String)| {
        let value = digits.strip_prefix("0x").and_then(|digits| u64::from_str_radix(digits, 16).ok());
        value.filter(|value| i64::try_from(*value).is_err()).map(u64::cast_signed)
    };
    let mut numbers = numbers.filter_map(|number| overflowing_literal(&number).map(|value| (number.0, value)));
    let (written, value) = numbers.next()?;
    Some(format!("`{written}` is {value} in SQL, whose whole numbers have 64 bits"))
}

struct Lints<'l> {
    context: &'l StatementContext,
    program: &'l [Op],
    source_map: SourceMap<'l>,
}

impl Lints<'_> {
    /// Gives the source map the names of the table columns that the program reads.
    fn set_column_names(&mut self) {
        let columns = self.program.iter().enumerate().filter(|(_, op)| op.opcode == "Column");
        let names: Vec<(usize, String)> = columns
            .filter_map(|(at, _)| Some((at, self.column(AbstractValue::new(StorageClasses::NONE, at))?.name)))
            .collect();
        self.source_map.set_column_names(names);
    }

    /// The warning that names every division that may have dropped a remainder.
    fn divisions(&self, found: &[Finding]) -> Option<String> {
        let divisions =
            found.iter().filter(|finding| finding.coercion == Coercion::Division && may_drop(self.program, finding));
        let pairs: Vec<[AbstractValue; 2]> = divisions.map(|finding| [finding.value, finding.other]).collect();
        let operands = self.source_map.divisions(&pairs);
        let named: Vec<String> = operands.iter().map(|[left, right]| format!("`{left} / {right}`")).collect();
        match &operands[..] {
            [] => None,
            [[left, right]] => Some(format!(
                "{} may drop the remainder, which `{left} % {right}` gives; `{left} * 1.0 / {right}` keeps it",
                named[0]
            )),
            _ => Some(format!("{} may drop the remainder: `* 1.0` before `/` keeps it", enumerate(&named))),
        }
    }

    fn warning(&self, finding: &Finding) -> Option<String> {
        let is_sure = is_text(finding);
        if finding.coercion != Coercion::Number && !self.is_text(finding, is_sure) {
            return None;
        }
        let SourceOperand { text, is_literal } = self.source_map.operand(finding)?;
        let is_text = match (is_literal, is_sure) {
            (true, _) if finding.value.classes.has(StorageClasses::TEXT) => "is no number",
            (_, true) => "is text",
            _ if self.stored(finding).is_some() => "holds texts",
            _ => "may hold texts",
        };
        Some(match &finding.coercion {
            Coercion::Division => return None,
            Coercion::Cast if is_literal && finding.value.classes.has(StorageClasses::REAL_TEXT) => {
                format!("`{text}` is no whole number of 64 bits: SQL counts the digits at its start")
            }
            Coercion::Operator(_) | Coercion::Function(_) | Coercion::Cast | Coercion::Condition => {
                format!("`{text}` {is_text}: SQL counts the digits at its start, or 0 where there are none")
            }
            Coercion::Comparison(Converted::TextToNumber) if !is_literal => {
                format!("`{text}` {is_text}: where it is no number, SQL finds it greater than any")
            }
            Coercion::Comparison(Converted::Neither | Converted::TextToNumber) => {
                format!("`{text}` {is_text}: SQL finds it equal to no number, and greater than any")
            }
            Coercion::Comparison(Converted::NumberToText) => {
                format!("`{text}` {is_text}: SQL compares it with the number character by character, as `'9' > '10'`")
            }
            Coercion::Number => {
                format!("`{text}` is text: SQL compares it with the number character by character, as `'9' > '10'`")
            }
            Coercion::Extreme(name) => {
                format!("`{text}` {is_text}: `{name}` compares it character by character, as `'9' > '10'`")
            }
        })
    }

    /// True if a value that may be a text is one. The rows of a column without a type are looked up, and those of one whose texts are
    /// ordered for texts that look like numbers.
    fn is_text(&self, finding: &Finding, is_sure: bool) -> bool {
        let book = &self.context.book;
        let stored = self.stored(finding);
        let texts = match finding.coercion {
            Coercion::Extreme(_) => TextFilter::LikeNumbers,
            Coercion::Comparison(_) => TextFilter::Any,
            _ => TextFilter::NoNumbers,
        };
        let is_extreme = texts == TextFilter::LikeNumbers;
        match stored {
            Some(column) if is_extreme || !is_sure => book.has_texts(&column, texts),
            Some(_) => true,
            // A value out of JSON is mostly a condition on purpose.
            None if !is_sure && finding.coercion == Coercion::Condition => false,
            None if is_extreme => {
                let classes = finding.value.classes;
                classes.has(StorageClasses::NUMBER_TEXT)
                    && !classes.has(StorageClasses::TEXT.or(StorageClasses::MAYBE_TEXT))
            }
            None if !is_sure => {
                let written = self.source_map.json_literals();
                written.is_none_or(|texts| texts.iter().any(|json| book.has_json_texts(json)))
            }
            None => true,
        }
    }

    /// The column of a table that a finding is about.
    fn stored(&self, finding: &Finding) -> Option<StoredColumn> {
        stored_column(self.context, self.program, finding)
    }

    /// The column of a table that a value was read from.
    fn column(&self, value: AbstractValue) -> Option<StoredColumn> {
        read_column(self.context, self.program, value)
    }
}

/// True if a division of whole numbers can have a remainder: that of constants is known.
fn may_drop(program: &[Op], finding: &Finding) -> bool {
    let constant = |value: AbstractValue| {
        let op = &program[value.made_by()?];
        match op.opcode {
            "Integer" => Some(op.p1),
            "Int64" | "String8" => op.p4.trim().parse().ok(),
            _ => None,
        }
    };
    match (constant(finding.value), constant(finding.other)) {
        (_, Some(-1..=1)) | (Some(0), _) => false,
        (Some(left), Some(right)) => left % right != 0,
        _ => true,
    }
}

/// True if a value is a text for all that is known before rows are read, rather than that it may be one.
fn is_text(finding: &Finding) -> bool {
    finding.value.classes.has(StorageClasses::TEXT.or(StorageClasses::NUMBER_TEXT))
}

/// The column of a table that a finding is about.
fn stored_column(context: &StatementContext, program: &[Op], finding: &Finding) -> Option<StoredColumn> {
    finding.column.clone().or_else(|| read_column(context, program, finding.value))
}

/// The column of a table that a value was read from.
fn read_column(context: &StatementContext, program: &[Op], value: AbstractValue) -> Option<StoredColumn> {
    let op = program.get(value.made_by()?).filter(|op| op.opcode == "Column")?;
    let opens = |open: &&Op| matches!(open.opcode, "OpenRead" | "OpenWrite" | "ReopenIdx") && open.p1 == op.p1;
    let open = program.iter().find(opens)?;
    let columns = context.book.stored_columns(open.p3, open.p2).ok()?;
    usize::try_from(op.p2).ok().and_then(|index| columns.get(index).cloned())
}

/// The warnings about the rows of an answer, from the remarks of functions, each a sentence; `are_totals_shown` of one that has a row for
/// each of those that are added up. `argument_at` returns the text of the
/// argument of the aggregate at a site of the statement.
pub(crate) fn row_warnings(
    remarks: &Remarks,
    are_totals_shown: bool,
    argument_at: &dyn Fn(i64) -> Option<String>,
) -> Vec<String> {
    let mut warnings = Vec::new();
    match remarks.undecided {
        0 => {}
        1 => warnings.push("`q_cmp` could not compare 1 pair of values, and gave NULL for it".to_owned()),
        count => warnings.push(format!("`q_cmp` could not compare {count} pairs of values, and gave NULL for them")),
    }
    match remarks.without_number {
        0 => {}
        1 => warnings.push("`q_amount` gave NULL for 1 unknown value".to_owned()),
        count => warnings.push(format!("`q_amount` gave NULL for {count} unknown values")),
    }
    match remarks.rounded {
        0 => {}
        1 => warnings.push("`q_amount` gave 1 inexact value as a plain whole number".to_owned()),
        count => warnings.push(format!("`q_amount` gave {count} inexact values as plain whole numbers")),
    }
    if !remarks.counted_twice.is_empty() {
        warnings.push(format!("more than one of the values summed rests on {}: counted twice?", remarks.counted_twice));
    }
    if !remarks.totals_left_out.is_empty() {
        let totals = &remarks.totals_left_out;
        warnings.push(if are_totals_shown {
            format!(
                "{} with the others: `where not is_total` leaves such rows out",
                totals_text(totals, "not added up or compared")
            )
        } else {
            format!("{}: `where is_total` shows them", totals_text(totals, "left out"))
        });
    }
    if remarks.adds_totals {
        warnings.push("totals of other rows are added up: one may be the total of the others".to_owned());
    }
    if let Some((known, all)) = remarks.known {
        warnings.push(format!("`q_sum_known` summed {known} of {all} rows; {} unknown", all - known));
    }
    warnings.extend(operator_warnings(&remarks.operators));
    warnings.extend(gap_warnings(&remarks.gaps, argument_at));
    warnings
}

/// The warning about totals among plain numbers, of which it is not known what becomes; `None` where nothing aggregates them, or the
/// statement names `is_total`.
pub(crate) fn plain_totals(remarks: &Remarks, tokens: &Tokens<'_>) -> Option<String> {
    let aggregates = |at: usize| PLAIN_AGGREGATES.contains(&&*tokens.word(at));
    if names_totals(tokens) || !(0..tokens.count()).any(aggregates) {
        return None;
    }
    let totals = totals_text(&remarks.plain_totals, "among the plain numbers");
    Some(format!("{totals}: `where not is_total` leaves them out"))
}

fn totals_text(totals: &Facts, what: &str) -> String {
    match totals.len() {
        1 => format!("1 total of other rows is {what}"),
        count => format!("{count} totals of other rows are {what}"),
    }
}

/// The warning about a number that took the unit of an imported column which is named after a scale: its values are in the unit
/// itself. `None` where no number took one.
pub(crate) fn scaled_name(catalogue: &Catalogue, remarks: &Remarks, sql: &str) -> Option<String> {
    let unit = remarks.operators.taken_units.iter().next()?.to_string();
    let tokens = Tokens::new(sql);
    let is_named = |name: &str| (0..tokens.count()).any(|at| tokens.word(at) == name.to_lowercase());
    let is_scaled = |column: &&ViewColumn| {
        let is_in_unit = column.kind == ColumnKind::Quantity && column.meaning.ends_with(&format!(", in {unit}"));
        is_in_unit && scale_in(&column.name).is_some_and(|scale| scale != unit) && is_named(&column.name)
    };
    let column = catalogue.imported().flat_map(|view| view.columns.iter()).find(is_scaled)?;
    Some(format!("`{}` is in `{unit}`, whatever scale its name has, and so is a number beside it", column.name))
}

/// The scale that the name of a column ends in, without the ending of the plural.
fn scale_in(name: &str) -> Option<&str> {
    let (_, last) = name.rsplit_once('_')?;
    let scale = last.trim_end_matches('s');
    SCALES.iter().any(|one| scale.eq_ignore_ascii_case(one)).then_some(scale)
}

pub(super) fn names_totals(tokens: &Tokens<'_>) -> bool {
    let is_name = |at: usize| tokens.word(at).trim_matches(['"', '`', '[', ']']) == "is_total";
    (0..tokens.count()).any(is_name)
}

#[cfg(test)]
mod tests {
    use super::{Tokens, is_suspect};

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
            assert_eq!(is_suspect(&Tokens::new(sql)), expected, "{sql}");
        }
    }
}
