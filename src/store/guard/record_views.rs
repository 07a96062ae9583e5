//! The views of imported tables in TEMP. Their definitions in the file put a quantity together from plain columns, in SQL that any
//! program reads; here each is one call of the marker, which does the same at once, and it is known which the plain columns are. A
//! definition of another form is left to `tagged_views`.

use super::marker::{DECIMAL_FUNCTION, marked};
use crate::store::catalogue::{ColumnKind, View};
use crate::store::quote_identifier;
use crate::syntax::select::{self, BinaryOperator, Expression, ExpressionKind, Literal, TableKind, TableOrSubquery};

/// The most decimal places of a whole number of smallest parts: its power of ten has 64 bits.
const MAX_PLACES: u32 = 18;

/// The test of a value that is there, behind its column.
const IS_THERE: &str = " IS NOT NULL";

/// The canonical decimal of a whole number of smallest parts, as the view of an imported table writes it.
#[must_use]
pub(crate) fn decimal_expression(minor: &str, places: u32) -> String {
    if places == 0 {
        return minor.to_owned();
    }
    let power = 10_u64.pow(places);
    format!(
        "rtrim(rtrim(iif({minor} < 0, '-', '') || (abs({minor}) / {power}) || '.' || \
         substr({power} + abs({minor}) % {power}, 2), '0'), '.')"
    )
}

/// The view of an imported table, taken apart.
#[derive(Debug)]
pub(in crate::store) struct RecordView {
    name: String,
    pub(in crate::store) columns: Vec<RecordColumn>,
    /// The table with its plain columns.
    pub(in crate::store) table: String,
}

/// A column of it.
#[derive(Debug)]
pub(in crate::store) struct RecordColumn {
    pub(in crate::store) name: String,
    /// Its expression over the plain columns; of a quantity calls of the marker.
    pub(in crate::store) expression: String,
    /// The plain columns of a quantity whose unit and stage are the same in all rows.
    pub(in crate::store) plain: Option<PlainColumn>,
}

/// The plain columns of a quantity, as SQL names them.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::store) struct PlainColumn {
    /// The whole number of smallest parts; NULL where the quantity is unknown.
    pub(in crate::store) minor: String,
    /// The reason why it is unknown; `None` where it never is.
    pub(in crate::store) reason: Option<String>,
    /// The decimal places of the smallest part.
    pub(in crate::store) places: u32,
    /// The text between the number and that of its record, as ` GBP [S2:`.
    pub(in crate::store) before_record: String,
    /// The text behind it, as `; @pledged]`.
    pub(in crate::store) after_record: String,
}

impl RecordView {
    /// Takes a view apart, from the list of columns and the select of its definition; `None` for one of another form.
    pub(in crate::store) fn of(view: &View, (columns, body): (&str, &str)) -> Option<Self> {
        // What no import has written is not parsed.
        let select = if body.contains(" || record || ") { select::parse(body)? } else { return None };
        let [core] = &select.cores[..] else { return None };
        let is_plain =
            columns.is_empty() && select.common_tables.is_empty() && view.columns.len() == core.columns.len();
        let [TableOrSubquery { kind: TableKind::Table(table), .. }] = &core.from[..] else { return None };
        if !is_plain || select.span.end != table.name.span.end {
            return None;
        }
        let list = view.columns.iter().zip(&core.columns).map(|(column, result)| {
            let (expression, name) = (result.expression.as_ref()?, column.name.to_string());
            Some(match column.kind {
                ColumnKind::Quantity => RecordColumn {
                    expression: tagged(body, expression, &name),
                    plain: PlainColumn::of(body, expression),
                    name,
                },
                _ => RecordColumn { expression: body[expression.span.clone()].to_owned(), plain: None, name },
            })
        });
        Some(Self {
            name: view.name.to_string(),
            columns: list.collect::<Option<_>>()?,
            table: table.name.text.clone(),
        })
    }

    /// Its select over the table of plain columns, with other columns of that behind its own.
    pub(in crate::store) fn select(&self, others: &[String]) -> String {
        let own =
            self.columns.iter().map(|column| format!("{} as {}", column.expression, quote_identifier(&column.name)));
        let list: Vec<String> = own.chain(others.iter().cloned()).collect();
        format!("select {} from main.{}", list.join(", "), quote_identifier(&self.table))
    }

    /// The `create temp view …` of it.
    pub(super) fn create_statement(&self) -> String {
        format!("create temp view {} as {}", quote_identifier(&self.name), self.select(&[]))
    }
}

impl PlainColumn {
    /// The plain columns of an expression that puts a quantity together; `None` where more than the number and the record differ from row
    /// to row.
    fn of(body: &str, expression: &Expression) -> Option<Self> {
        let ExpressionKind::Case { base: None, branches, otherwise: None, .. } = &expression.kind else {
            return Self::of_number(body, expression);
        };
        let [(is_known, known), (is_unknown, unknown)] = &branches[..] else { return None };
        let found = Self::of_number(body, known)?;
        let part = |expression: &Expression| &body[expression.span.clone()];
        let form = part(known).strip_prefix(&*decimal_expression(&found.minor, found.places))?;
        let reason = part(is_unknown).strip_suffix(IS_THERE)?;
        let is_its_own = part(is_known).strip_suffix(IS_THERE)? == found.minor
            && part(unknown) == format!("'unknown(' || {reason} || ')'{form}");
        is_its_own.then(|| Self { reason: Some(reason.to_owned()), ..found })
    }

    fn of_number(body: &str, expression: &Expression) -> Option<Self> {
        let mut parts = Vec::new();
        push_parts(body, expression, &mut parts);
        let [number, unit, record, end] = &parts[..] else { return None };
        let call = number.strip_prefix(DECIMAL_FUNCTION).and_then(|call| call.strip_prefix('(')?.strip_suffix(')'));
        let (minor, places) = match call.and_then(|arguments| arguments.rsplit_once(", ")) {
            Some((minor, places)) => (minor, places.parse().ok()?),
            None => (number.as_str(), 0),
        };
        let text = |part: &str| Some(part.strip_prefix('\'')?.strip_suffix('\'')?.to_owned());
        let (before_record, after_record) = (text(unit)?, text(end)?);
        let minor = minor.to_owned();
        (record == "record").then_some(Self { minor, reason: None, places, before_record, after_record })
    }
}

/// An expression that puts a quantity together, as a call of the marker; of a choice, each of its branches.
fn tagged(body: &str, expression: &Expression, column: &str) -> String {
    if let ExpressionKind::Case { base: None, branches, otherwise, .. } = &expression.kind {
        let branches = branches
            .iter()
            .map(|(when, then)| format!(" when {} then {}", &body[when.span.clone()], tagged(body, then, column)));
        let otherwise = otherwise.as_ref().map(|otherwise| format!(" else {}", tagged(body, otherwise, column)));
        return format!("case{}{} end", branches.collect::<String>(), otherwise.unwrap_or_default());
    }
    let mut parts = Vec::new();
    push_parts(body, expression, &mut parts);
    marked(&parts, column)
}

/// Adds the parts of a text that is put together; texts that stand beside each other are one.
fn push_parts(body: &str, expression: &Expression, parts: &mut Vec<String>) {
    let text = &body[expression.span.clone()];
    match &expression.kind {
        ExpressionKind::Binary { operator: BinaryOperator::Concatenate, left, right, .. } => {
            push_parts(body, left, parts);
            push_parts(body, right, parts);
        }
        ExpressionKind::Literal(Literal::Text) => match parts.last_mut().filter(|last| last.starts_with('\'')) {
            Some(last) => {
                last.pop();
                last.push_str(&text[1..]);
            }
            None => parts.push(text.to_owned()),
        },
        _ => parts.push(decimal_call(text).unwrap_or_else(|| text.to_owned())),
    }
}

/// The call that writes the decimal of [`decimal_expression`].
fn decimal_call(text: &str) -> Option<String> {
    let minor = text.strip_prefix("rtrim(rtrim(iif(")?.split_once(" < 0, '-', '')")?.0;
    let places = (1..=MAX_PLACES).find(|places| decimal_expression(minor, *places) == text)?;
    Some(format!("{DECIMAL_FUNCTION}({minor}, {places})"))
}
