//! Lints of dates, which are texts in ISO 8601 to SQLite: one in another form is compared with them character by character, and no
//! function reads it; a cast, a sum and a difference take the digits at their start, which are the year.

use super::column_scope::{ColumnScope, ScopedCore, unwrapped};
use super::plain_functions::DATE_FUNCTIONS;
use crate::import::WrittenDate;
use crate::quantity::is_calendar_day;
use crate::store::Book;
use crate::syntax::select::{BinaryOperator, Call, Expression, ExpressionKind, InSet, LikeOperator, Literal, Span};
use std::borrow::Cow;

/// Types of dates of other databases, each with the function of SQLite that reads such a value.
pub(super) const DATE_TYPES: [(&str, &str); 5] = [
    ("date", "date"),
    ("datetime", "datetime"),
    ("timestamp", "datetime"),
    ("timestamptz", "datetime"),
    ("time", "time"),
];

/// The marks between the parts of a date.
const SEPARATORS: [char; 4] = ['/', '.', '-', ' '];

/// Marks between the parts of a date that ISO 8601 has not.
pub(super) const OTHER_MARKS: [char; 3] = ['/', '.', ','];

/// The value of a parameter that is a text.
pub(super) type TextOf<'p> = dyn Fn(&str) -> Option<String> + 'p;

/// The lints of the dates in a `select`.
pub(super) struct DateLints<'l> {
    pub(super) book: &'l Book,
    pub(super) sql: &'l str,
    pub(super) scope: &'l ColumnScope<'l>,
    pub(super) parameter: &'l TextOf<'l>,
}

/// A date beside an operator.
pub(super) struct DateOperand<'l> {
    pub(super) text: &'l str,
    /// `holds dates` or `is a date`.
    pub(super) verb: &'static str,
    /// True where EDTF may stand too, as `2023`.
    pub(super) has_edtf: bool,
}

/// A text that is no date in ISO 8601.
struct OtherForm<'l> {
    /// The text as the statement spells it.
    spelled: Cow<'l, str>,
    /// What is done with it.
    done: &'static str,
    date: WrittenDate,
}

impl<'l> DateLints<'l> {
    /// The warnings about the expressions of a `select`.
    pub(super) fn warnings(&self, core: &ScopedCore<'_, '_>) -> Vec<String> {
        core.expressions
            .iter()
            .flat_map(|expression| [self.of(expression), self.of_parts(expression)].concat())
            .collect()
    }

    fn of(&self, expression: &Expression) -> Vec<String> {
        match &expression.kind {
            ExpressionKind::Binary { operator, left, right, .. } if compares(*operator) => self.compared(left, right),
            ExpressionKind::Is { left, right, .. } => self.compared(left, right),
            ExpressionKind::Between { operand, low, high, .. } => {
                [low, high].into_iter().flat_map(|end| self.compared(operand, end)).collect()
            }
            ExpressionKind::In { operand, set: InSet::List(list), .. } => list
                .iter()
                .map(|value| self.compared(operand, value))
                .find(|found| !found.is_empty())
                .unwrap_or_default(),
            ExpressionKind::Case { base: Some(base), branches, .. } => {
                branches.iter().flat_map(|(when, _)| self.compared(base, when)).collect()
            }
            ExpressionKind::Like { operator, left, right, .. } => {
                self.pattern(*operator, left, right).into_iter().collect()
            }
            ExpressionKind::Binary {
                operator: operator @ (BinaryOperator::Add | BinaryOperator::Subtract),
                left,
                right,
                ..
            } => self.calculated(expression, *operator, [left, right]).into_iter().collect(),
            ExpressionKind::Cast { operand, type_span } => {
                self.cast(expression, operand, type_span).into_iter().collect()
            }
            ExpressionKind::Call(call) => self.read_by_function(expression, call).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn text(&self, span: &Span) -> &'l str {
        &self.sql[span.clone()]
    }

    /// The warning about two sides of a comparison, one of them a date.
    fn compared(&self, left: &Expression, right: &Expression) -> Vec<String> {
        let of = |date: &Expression, other: &Expression| {
            let (date, other) = (self.date(date)?, self.other_form(other)?);
            Some(compared_warning(&date, &other))
        };
        of(left, right).or_else(|| of(right, left)).into_iter().collect()
    }

    /// The date that an expression is.
    pub(super) fn date(&self, expression: &Expression) -> Option<DateOperand<'l>> {
        let text = self.text(&expression.span);
        match &unwrapped(expression).kind {
            ExpressionKind::Column(_) => {
                let found = self.scope.column(expression).filter(|found| found.column.is_date)?;
                let has_edtf = !found.column.meaning.starts_with('`');
                Some(DateOperand { text, verb: "holds dates", has_edtf })
            }
            ExpressionKind::Literal(Literal::CurrentTime) => text
                .eq_ignore_ascii_case("current_date")
                .then_some(DateOperand { text, verb: "is a date", has_edtf: false }),
            ExpressionKind::Call(call) if call.name.text.eq_ignore_ascii_case("date") => {
                Some(DateOperand { text, verb: "is a date", has_edtf: false })
            }
            ExpressionKind::Call(call)
                if ["min", "max"].iter().any(|name| call.name.text.eq_ignore_ascii_case(name)) =>
            {
                let [argument] = &call.arguments[..] else { return None };
                Some(DateOperand { text, verb: "is a date", ..self.date(argument)? })
            }
            _ => None,
        }
    }

    /// The text that an expression is, a parameter among them.
    pub(super) fn literal(&self, expression: &Expression) -> Option<String> {
        text_value(self.sql, self.parameter, expression)
    }

    /// The text as the statement spells it; of a parameter with its value.
    pub(super) fn spelled(&self, expression: &Expression, value: &str) -> Cow<'l, str> {
        match unwrapped(expression).kind {
            ExpressionKind::Parameter => format!("'{value}'").into(),
            _ => self.text(&unwrapped(expression).span).into(),
        }
    }

    /// The date in another form that an expression is; a date without quotes is a calculation.
    fn other_form(&self, expression: &Expression) -> Option<OtherForm<'l>> {
        if let Some(value) = self.literal(expression) {
            let spelled = self.spelled(expression, &value);
            let date = WrittenDate::read(&value)?;
            return Some(OtherForm { spelled, done: "is compared character by character", date });
        }
        let text = self.text(&unwrapped(expression).span);
        let (separator, done) = match unwrapped(expression).kind {
            ExpressionKind::Binary { operator: BinaryOperator::Divide, .. } => {
                ('/', "is a division, as it has no quotes")
            }
            ExpressionKind::Binary { operator: BinaryOperator::Subtract, .. } => {
                ('-', "is a subtraction, as it has no quotes")
            }
            _ => return None,
        };
        if !text.chars().all(|c| c.is_ascii_digit() || c == separator) {
            return None;
        }
        let own = || is_calendar_day(text).then(|| WrittenDate::Day(vec![text.to_owned()]));
        Some(OtherForm { spelled: text.into(), done, date: WrittenDate::read(text).or_else(own)? })
    }

    /// The warning about a pattern that no date in ISO 8601 fits.
    fn pattern(&self, operator: LikeOperator, left: &Expression, right: &Expression) -> Option<String> {
        let any = match operator {
            LikeOperator::Like => '%',
            LikeOperator::Glob => '*',
            LikeOperator::Regexp | LikeOperator::Match => return None,
        };
        let (date, value) = (self.date(left)?, self.literal(right)?);
        let spelled = self.spelled(right, &value);
        let is_open = value.starts_with(any);
        let inner = value.trim_matches(any);
        let written = if is_open && may_end_iso(inner) {
            None
        } else {
            let rest = inner.trim_start_matches(SEPARATORS);
            WrittenDate::read(inner).or_else(|| WrittenDate::read(rest).filter(|_| is_open))
        };
        let done = "is compared character by character";
        if let Some(date_of) = written {
            return Some(compared_warning(&date, &OtherForm { spelled, done, date: date_of }));
        }
        let year = inner.trim_start_matches(SEPARATORS);
        let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        let ends = is_open && !value.ends_with(any);
        let DateOperand { text, verb, has_edtf } = date;
        let mark = value.chars().find(|c| OTHER_MARKS.contains(c)).filter(|_| !has_edtf);
        let of_mark = mark.map(|mark| {
            format!("`{text}` {verb} as `2023-03-01`: none has a `{mark}` as `{spelled}` does; write `'2023-03{any}'` for March")
        });
        let of_year = (is_year && ends && !has_edtf).then(|| {
            format!("`{text}` {verb} as `2023-03-01`: none ends in a year as `{spelled}` does; write `'{year}{any}'`")
        });
        of_year.or(of_mark)
    }

    /// The warning about days that are added to a date that a function gives, or such dates that are subtracted. A column is refused.
    fn calculated(&self, whole: &Expression, operator: BinaryOperator, sides: [&Expression; 2]) -> Option<String> {
        if sides.into_iter().any(|side| self.date_column(side).is_some()) {
            return None;
        }
        let help = self.arithmetic_help(operator, sides)?;
        Some(format!("`{}` counts with the year alone: {help}", self.text(&whole.span)))
    }

    fn cast(&self, whole: &Expression, operand: &Expression, type_span: &Span) -> Option<String> {
        let kind = self.text(type_span);
        let (_, function) = DATE_TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(kind))?;
        let (written, operand) = (self.text(&whole.span), self.text(&operand.span));
        Some(format!("`{written}` is the number that the text begins with: {}", no_date_type(kind, function, operand)))
    }

    /// The warning about a function of dates that can't read its text.
    fn read_by_function(&self, whole: &Expression, call: &Call) -> Option<String> {
        let (name, at) = DATE_FUNCTIONS.iter().find(|(name, _)| call.name.text.eq_ignore_ascii_case(name))?;
        let last = if *name == "timediff" { 1 } else { *at };
        let unread = |argument: &Expression| {
            if let Some(warning) = self.unread_column(name, argument) {
                return Some(warning);
            }
            let value = self.literal(argument)?;
            // Digits alone are the number of a day.
            let is_text = value.contains(|c: char| !c.is_ascii_digit() && c != '.') || value.matches('.').count() > 1;
            let days = match WrittenDate::read(&value).filter(|_| is_text)? {
                WrittenDate::Day(days) => days,
                WrittenDate::Month(_) => return None,
            };
            let spelled = self.spelled(argument, &value);
            Some(format!(
                "`{name}` reads no date as `{spelled}`: `{}` is NULL; {}",
                self.text(&whole.span),
                write(&days)
            ))
        };
        call.arguments.iter().take(last + 1).skip(*at).find_map(unread)
    }
}

/// The text that an expression is, a parameter among them.
pub(super) fn text_value(sql: &str, parameter: &TextOf<'_>, expression: &Expression) -> Option<String> {
    let text = &sql[unwrapped(expression).span.clone()];
    match unwrapped(expression).kind {
        ExpressionKind::Literal(Literal::Text) => Some(text.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'")),
        ExpressionKind::Parameter => parameter(text.get(1..)?),
        _ => None,
    }
}

fn compared_warning(date: &DateOperand<'_>, other: &OtherForm<'_>) -> String {
    let (DateOperand { text, verb, .. }, OtherForm { spelled, done, .. }) = (date, other);
    let write = match &other.date {
        WrittenDate::Day(days) => write(days),
        WrittenDate::Month(month) => format!("its days are `like '{month}%'`"),
    };
    format!("`{text}` {verb} as `2023-03-01`: `{spelled}` {done}; {write}")
}

/// The advice to write a day in ISO 8601.
fn write(days: &[String]) -> String {
    match days {
        [day_first, month_first, ..] => {
            format!("write `'{day_first}'` if the day is first, `'{month_first}'` if the month is")
        }
        days => format!("write `'{}'`", days.concat()),
    }
}

/// The advice on a type of dates, which SQLite does not have.
pub(super) fn no_date_type(kind: &str, function: &str, operand: &str) -> String {
    let form = if function == "time" { "12:30:00" } else { "2023-03-01" };
    format!("SQLite has no type `{kind}`; a text as `{form}` compares as it is, and `{function}({operand})` reads one")
}

/// True for a text that may be the end of a date in ISO 8601, as `23-03-01`.
fn may_end_iso(text: &str) -> bool {
    let last = text.rsplit('-').next().unwrap_or_default();
    text.chars().all(|c| c.is_ascii_digit() || c == '-') && last.len() <= 2
}

/// True for an operator that compares.
fn compares(operator: BinaryOperator) -> bool {
    matches!(
        operator,
        BinaryOperator::Equal
            | BinaryOperator::NotEqual
            | BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual
    )
}
