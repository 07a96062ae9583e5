//! Lints of the parts of dates: a part that is compared with a text which it never is, as `strftime('%m', date) = '3'`, the beginning of a
//! date as a bound, as `date <= '2023-05'`, which leaves out the days behind it, and a column of texts that no function of dates reads.

use super::column_scope::{CatalogueColumn, unwrapped};
use super::date_texts::{DateLints, DateOperand, OTHER_MARKS};
use crate::quantity::{day_after, human};
use crate::store::catalogue::ColumnKind;
use crate::syntax::select::{BinaryOperator, Call, Expression, ExpressionKind, InSet, Literal};

/// The date by which the form of a part is shown.
const SAMPLE: &str = "2023-03-01";

/// The parts of a format of `strftime` that are always alike long.
const ONE_WIDTH: &str = "dmYHMSjwWFTRuUVGgI";

/// The lengths of a year, a month and a day in ISO 8601.
const BEGINNINGS: [usize; 3] = [4, 7, 10];

impl DateLints<'_> {
    /// The warnings about the parts of dates in an expression.
    pub(super) fn of_parts(&self, expression: &Expression) -> Vec<String> {
        use BinaryOperator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        let found = match &expression.kind {
            ExpressionKind::Binary { operator: operator @ (Equal | NotEqual), left, right, .. } => {
                let sides = [(left, right), (right, left)];
                let part = sides.iter().find_map(|(part, text)| self.part(part, &[text]));
                part.or_else(|| sides.iter().find_map(|(date, text)| self.bound(*operator, date, text)))
            }
            ExpressionKind::Binary { operator: operator @ (LessOrEqual | Greater), left, right, .. } => {
                self.bound(*operator, left, right)
            }
            ExpressionKind::Binary { operator: GreaterOrEqual, left, right, .. } => {
                self.bound(LessOrEqual, right, left)
            }
            ExpressionKind::Binary { operator: Less, left, right, .. } => self.bound(Greater, right, left),
            ExpressionKind::Is { is_negated: false, left, right, .. } => {
                self.part(left, &[right]).or_else(|| self.bound(Equal, left, right))
            }
            ExpressionKind::Between { operand, high, .. } => self.bound(LessOrEqual, operand, high),
            ExpressionKind::In { operand, set: InSet::List(list), .. } => {
                let part = self.part(operand, &list.iter().collect::<Vec<_>>());
                part.or_else(|| list.iter().find_map(|value| self.bound(Equal, operand, value)))
            }
            ExpressionKind::Case { base: Some(base), branches, .. } => {
                self.part(base, &branches.iter().map(|(when, _)| when).collect::<Vec<_>>())
            }
            ExpressionKind::Call(call) => self.unknown_format(expression, call).or_else(|| self.mark(call)),
            _ => None,
        };
        found.into_iter().collect()
    }

    /// The warning about a part of a date beside texts of which it is none, being of another form.
    fn part(&self, part: &Expression, texts: &[&Expression]) -> Option<String> {
        let ExpressionKind::Call(call) = &unwrapped(part).kind else { return None };
        let sample = self.part_sample(call)?;
        let (value, spelled) = texts.iter().find_map(|text| {
            let value = self.literal(text)?;
            (shape(&value) != shape(&sample)).then(|| (value.clone(), self.spelled(text, &value)))
        })?;
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let help = match (is_number(&value) && is_number(&sample), value.len()) {
            (true, length) if length < sample.len() => format!("write `'{value:0>width$}'`", width = sample.len()),
            _ if value.len() == 4 && is_number(&value) => "`strftime('%Y', …)` is the year of a date".to_owned(),
            _ => "`strftime('%Y', …)` is the year of a date, `'%m'` its month".to_owned(),
        };
        let written = self.text(&part.span);
        Some(format!("`{written}` is as `{sample}`, never `{spelled}`: {help}"))
    }

    /// The part that a call takes out of a date, of the sample.
    fn part_sample(&self, call: &Call) -> Option<String> {
        let is_call = |name: &str| call.name.text.eq_ignore_ascii_case(name);
        let is_plain = |date: &Expression| self.date(date).is_some_and(|date| !date.has_edtf);
        let is_number = |argument: &Expression| match &unwrapped(argument).kind {
            ExpressionKind::Literal(Literal::Integer) => true,
            ExpressionKind::Unary(_, operand) => matches!(operand.kind, ExpressionKind::Literal(Literal::Integer)),
            _ => false,
        };
        match &call.arguments[..] {
            [format, date] if is_call("strftime") && is_plain(date) => {
                let format = self.literal(format).filter(|format| is_of_one_width(format))?;
                self.book.written_date(&format, SAMPLE).ok().flatten()
            }
            [date, places @ ..]
                if (is_call("substr") || is_call("substring"))
                    && (1..=2).contains(&places.len())
                    && places.iter().all(is_number)
                    && is_plain(date)
                    && !self.has_times(date) =>
            {
                let places: Vec<&str> = places.iter().map(|place| self.text(&place.span)).collect();
                self.book.part_of(SAMPLE, &places.join(", ")).ok().filter(|part| !part.is_empty())
            }
            _ => None,
        }
    }

    /// True if a time of day may be behind a date.
    fn has_times(&self, date: &Expression) -> bool {
        let longer = |found: CatalogueColumn<'_>| self.book.longer_texts(found.view, &found.column.name, "");
        self.scope.column(date).is_none_or(|found| longer(found).is_ok_and(|(count, _)| count > 0))
    }

    /// The warning about the beginning of dates that they are compared with, as if it were all of them.
    fn bound(&self, operator: BinaryOperator, date: &Expression, text: &Expression) -> Option<String> {
        let CatalogueColumn { view, column } = self.scope.column(date).filter(|found| found.column.is_date)?;
        let value = self.literal(text).filter(|value| BEGINNINGS.contains(&value.len()) && is_beginning(value))?;
        let (count, first) = self.book.longer_texts(view, &column.name, &value).ok().filter(|(count, _)| *count > 0)?;
        let first = first?;
        let (name, spelled) = (self.text(&unwrapped(date).span), self.spelled(text, &value));
        let dates = human::count(count, "date");
        let (begin, are, them) = if count == 1 { ("begins", "is", "it") } else { ("begin", "are", "them") };
        let begins = format!("{dates} of `{name}` {begin} with `{spelled}`, as `{first}`");
        let next = next_beginning(&value);
        Some(match (operator, next) {
            (BinaryOperator::Equal | BinaryOperator::NotEqual, _) => {
                if self.book.has_text(view, &column.name, "=", &value).ok()? {
                    return None;
                }
                format!("{begins}, and none is just that: `{name} like '{value}%'` finds {them}")
            }
            (_, None) => return None,
            (BinaryOperator::LessOrEqual, Some(next)) => {
                format!("{begins}, and {are} behind it: `{name} < '{next}'` takes {them} in")
            }
            (_, Some(next)) => format!("{begins}, and {are} behind it: `{name} >= '{next}'` leaves {them} out"),
        })
    }

    /// The warning about a format that SQLite does not know.
    fn unknown_format(&self, whole: &Expression, call: &Call) -> Option<String> {
        let first = call.arguments.first().filter(|_| call.name.text.eq_ignore_ascii_case("strftime"))?;
        let format = self.literal(first).filter(|format| !format.is_empty())?;
        let is_unknown = self.book.written_date(&format, SAMPLE).is_ok_and(|written| written.is_none());
        let (whole, format) = (self.text(&whole.span), self.spelled(first, &format));
        is_unknown.then(|| {
            format!("`{whole}` is NULL: SQLite knows no `{format}`; `'%m'` is the number of the month, `'%d'` the day, `'%w'` the day of the week")
        })
    }

    /// The warning about a mark that is looked for in dates, which have none.
    fn mark(&self, call: &Call) -> Option<String> {
        let [date, text] = &call.arguments[..] else { return None };
        let DateOperand { text: name, verb, .. } =
            self.date(date).filter(|date| call.name.text.eq_ignore_ascii_case("instr") && !date.has_edtf)?;
        let value = self.literal(text)?;
        let mark = value.chars().find(|c| OTHER_MARKS.contains(c))?;
        Some(format!("`{name}` {verb} as `2023-03-01`: none has a `{mark}`"))
    }

    /// The warning about a column of texts or months, none of which a function of dates reads.
    pub(super) fn unread_column(&self, function: &str, argument: &Expression) -> Option<String> {
        let is_of_texts = |found: &CatalogueColumn<'_>| found.column.kind == ColumnKind::Text;
        let CatalogueColumn { view, column } = self.scope.column(argument).filter(is_of_texts)?;
        let (count, first) = self.book.unread_dates(view, &column.name).ok()?.filter(|(count, _)| *count > 0)?;
        let name = self.text(&unwrapped(argument).span);
        let rows = human::count(count, "row");
        let help = if first.len() == 7 && is_beginning(&first) {
            format!("`{name} || '-01'` is the first day of that month")
        } else {
            format!("SQLite reads a date as `{SAMPLE}`")
        };
        Some(format!("`{function}` reads no date in `{name}`, as `{first}`: NULL in {rows}; {help}"))
    }
}

/// The form of a text: digits as `0`, letters as `a`, and marks.
fn shape(text: &str) -> String {
    let of = |c: char| {
        if c.is_ascii_digit() {
            '0'
        } else if c.is_alphabetic() {
            'a'
        } else {
            c
        }
    };
    text.chars().map(of).collect()
}

/// True for a format by which all dates are written alike long.
fn is_of_one_width(format: &str) -> bool {
    format.split('%').skip(1).all(|part| part.starts_with(|c| ONE_WIDTH.contains(c)))
}

/// True for the beginning of a date in ISO 8601: a year, a month or a day.
fn is_beginning(text: &str) -> bool {
    shape(SAMPLE).starts_with(&shape(text))
}

/// The year, the month or the day behind one.
fn next_beginning(text: &str) -> Option<String> {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u32>().ok());
    let year = number(0..4)?;
    match (number(5..7), number(8..10)) {
        (None, _) => Some(format!("{:04}", year + 1)),
        (Some(12), None) => Some(format!("{:04}-01", year + 1)),
        (Some(month), None) => Some(format!("{year:04}-{:02}", month + 1)),
        (Some(_), Some(_)) => day_after(text),
    }
}
