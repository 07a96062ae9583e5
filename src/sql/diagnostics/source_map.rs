//! The map from a program back to its statement: the source text of an operand of an operator or a function, found by the origin of
//! its value. An operand in a view of the user's has the text of the view, one in the book's own views has none.

use crate::sql::dataflow::bytecode::{Op, number};
use crate::sql::dataflow::coercions::{Coercion, Finding};
use crate::sql::dataflow::storage_class::AbstractValue;
use crate::syntax::TokenKind;
use crate::syntax::expr::Tokens;
use std::collections::BTreeMap;
use std::ops::Range;

/// The longest operand that is shown whole, in characters.
const MAX_OPERAND_CHARS: usize = 60;

/// The spellings of a comparison.
const COMPARISONS: [&str; 12] = ["=", "==", "<>", "!=", "<", "<=", ">", ">=", "is", "in", "between", "like"];

/// An operand as the source spells it.
pub(super) struct SourceOperand {
    pub(super) text: String,
    /// True for a constant or a parameter.
    pub(super) is_literal: bool,
}

/// A statement and the user's views that it reads, beside their program.
pub(super) struct SourceMap<'s> {
    sources: Vec<Tokens<'s>>,
    program: &'s [Op],
    /// The names of the columns that instructions read, by the instruction.
    column_names: BTreeMap<usize, String>,
}

impl<'s> SourceMap<'s> {
    pub(super) fn new(sql: &'s str, views: &'s [String], program: &'s [Op]) -> Self {
        let sources = std::iter::once(sql).chain(views.iter().map(String::as_str)).map(Tokens::new).collect();
        Self { sources, program, column_names: BTreeMap::new() }
    }

    /// Sets the names of the columns that instructions read.
    pub(super) fn set_column_names(&mut self, column_names: Vec<(usize, String)>) {
        self.column_names = column_names.into_iter().collect();
    }

    /// Both sides of each division, as they are written; a division that is compiled twice is listed once.
    pub(super) fn divisions(&self, found: &[[AbstractValue; 2]]) -> Vec<[String; 2]> {
        let mut written: Vec<(usize, usize)> = Vec::new();
        for sides in found {
            let best = self.sources.iter().enumerate().filter_map(|(source, tokens)| {
                let scored = tokens.binary_operators(&["/"]).filter_map(|at| {
                    let score = self.score(tokens, &tokens.left(at)?, sides[0])?
                        + self.score(tokens, &tokens.right(at)?, sides[1])?;
                    Some((score, at))
                });
                first_best(scored).map(|at| (source, at))
            });
            let best = best.collect::<Vec<_>>().into_iter().next();
            written.extend(best.filter(|place| !written.contains(place)));
        }
        written.sort_unstable();
        let sides = |(source, at): (usize, usize)| {
            let tokens: &Tokens<'_> = &self.sources[source];
            Some([shortened(tokens.text(&tokens.left(at)?)), shortened(tokens.text(&tokens.right(at)?))])
        };
        written.into_iter().filter_map(sides).collect()
    }

    /// The operand of a finding.
    pub(super) fn operand(&self, finding: &Finding) -> Option<SourceOperand> {
        if finding.coercion == Coercion::Number {
            let text = self
                .sources
                .iter()
                .find_map(|tokens| in_operand(tokens).or_else(|| self.side(tokens, &COMPARISONS, finding)))?;
            return Some(SourceOperand { text: shortened(&text), is_literal: false });
        }
        if let Some(literal) = self.literal(finding.value) {
            return Some(SourceOperand { text: literal, is_literal: true });
        }
        let found = self.sources.iter().find_map(|tokens| match &finding.coercion {
            Coercion::Operator(written) => self.side(tokens, &[*written], finding),
            Coercion::Comparison(_) => {
                self.side(tokens, &COMPARISONS, finding).or_else(|| self.case_operand(tokens, finding))
            }
            Coercion::Function(name) | Coercion::Extreme(name) => self.argument(tokens, name, finding.value),
            Coercion::Cast => self.argument(tokens, "cast", finding.value),
            Coercion::Condition | Coercion::Division | Coercion::Number => None,
        });
        let text = found.or_else(|| self.column(finding)).or_else(|| self.call(finding.value))?;
        Some(SourceOperand { text: shortened(&text), is_literal: false })
    }

    /// The JSON literals that the statement passes to `json_each` and the like; `None` if an argument is no literal.
    pub(super) fn json_literals(&self) -> Option<Vec<String>> {
        let calls = self.sources.iter().flat_map(|tokens| {
            let calls =
                (0..tokens.count()).filter(|at| tokens.word(*at).starts_with("json_") && tokens.word(*at + 1) == "(");
            calls
                .map(move |at| (tokens.kind(at + 2) == Some(TokenKind::String)).then(|| tokens.text(&(at + 2..at + 3))))
        });
        let literals: Option<Vec<&str>> = calls.collect();
        let unquoted = |text: &str| text[1..text.len() - 1].replace("''", "'");
        literals.filter(|found| !found.is_empty()).map(|found| found.into_iter().map(unquoted).collect())
    }

    /// A constant or a parameter as it is written.
    fn literal(&self, value: AbstractValue) -> Option<String> {
        let op = &self.program[value.made_by()?];
        match op.opcode {
            "String8" | "String" => Some(format!("'{}'", shortened(&op.p4).replace('\'', "''"))),
            "Variable" => {
                let names = self.sources[0].parameters();
                usize::try_from(op.p1 - 1).ok().and_then(|index| names.get(index).map(|name| (*name).to_owned()))
            }
            _ => None,
        }
    }

    /// The operand that holds a value, of an operator whose other operand fits too.
    fn side(&self, tokens: &Tokens<'_>, written: &[&str], finding: &Finding) -> Option<String> {
        let sides = tokens.binary_operators(written).filter_map(|at| {
            let (left, right) = (tokens.left(at)?, tokens.right(at));
            let right = right.or_else(|| tokens.arguments(at + 1).map(|(_, end)| at + 1..end))?;
            let fits = |this: &Range<usize>, that: &Range<usize>| {
                Some(self.score(tokens, this, finding.value)? + self.score(tokens, that, finding.other)?)
            };
            // A number that becomes a text is on the side that is not asked for, and a list is on none.
            let sides = [fits(&left, &right), fits(&right, &left).filter(|_| tokens.word(at) != "in")];
            let [one, other] = if finding.coercion == Coercion::Number { [sides[1], sides[0]] } else { sides };
            let (score, side) = if one >= other { (one?, left) } else { (other?, right) };
            Some((score, side))
        });
        let found: Vec<(u32, Range<usize>)> = sides.collect();
        let best = found.iter().map(|(score, _)| *score).max()?;
        let mut texts = found.iter().filter(|(score, _)| *score == best).map(|(_, side)| tokens.text(side));
        let first = texts.next()?;
        // Which of several calls of a function it was is not known.
        let is_known = self.call(finding.value).is_none() || texts.all(|text| text == first);
        is_known.then(|| first.to_owned())
    }

    /// The operand of `case`.
    fn case_operand(&self, tokens: &Tokens<'_>, finding: &Finding) -> Option<String> {
        let cases = (0..tokens.count()).filter(|at| tokens.word(*at) == "case" && tokens.word(at + 1) != "when");
        let mut values = cases.filter_map(|at| tokens.expression(at + 1));
        let value = values.find(|value| self.score(tokens, value, finding.value).is_some())?;
        Some(tokens.text(&value).to_owned())
    }

    /// The argument of a function that holds a value.
    fn argument(&self, tokens: &Tokens<'_>, name: &str, value: AbstractValue) -> Option<String> {
        let arguments = tokens.calls(name).flatten().map(|argument| {
            let start = argument.start + usize::from(tokens.word(argument.start) == "distinct");
            let end = (start..argument.end).find(|at| tokens.word(*at) == "as").unwrap_or(argument.end);
            start..end
        });
        let scored = arguments.filter(|argument| !argument.is_empty());
        let scored = scored.filter_map(|argument| Some((self.score(tokens, &argument, value)?, argument)));
        first_best(scored).map(|argument| tokens.text(&argument).to_owned())
    }

    /// The column of a table that a value was read from, if a source names it.
    fn column(&self, finding: &Finding) -> Option<String> {
        let name = match &finding.column {
            Some(column) => column.name.clone(),
            None => self.column_name(finding.value)?,
        };
        let is_named = |tokens: &Tokens<'_>| (0..tokens.count()).any(|at| tokens.word(at) == name.to_lowercase());
        self.sources.iter().any(is_named).then_some(name)
    }

    /// The function that made a value, if a source calls it.
    fn call(&self, value: AbstractValue) -> Option<String> {
        let op = self.program.get(value.made_by()?)?;
        let (name, _) = op.function();
        let is_call = matches!(op.opcode, "Function" | "PureFunc" | "AggStep");
        let is_named = |tokens: &Tokens<'_>| (0..tokens.count()).any(|at| tokens.word(at) == name);
        (is_call && self.sources.iter().any(is_named)).then(|| format!("{name}(…)"))
    }

    fn column_name(&self, value: AbstractValue) -> Option<String> {
        self.column_names.get(&value.made_by()?).cloned()
    }

    /// The score by which a range of a source fits a value, the higher the better; `None` if it can't be that.
    fn score(&self, tokens: &Tokens<'_>, range: &Range<usize>, value: AbstractValue) -> Option<u32> {
        let range = tokens.without_parentheses(range);
        let op = value.made_by().and_then(|at| self.program.get(at));
        let opcode = op.map_or("", |op| op.opcode);
        let is_constant = matches!(opcode, "Integer" | "Int64" | "Real" | "String8" | "String" | "Variable");
        let last = range.end.checked_sub(1)?;
        let word = tokens.word(last);
        let is_single = range.len() == 1 || range.len() == 2 && matches!(tokens.word(range.start).as_str(), "-" | "+");
        match (tokens.kind(last)?, op) {
            (TokenKind::Number | TokenKind::String, Some(op)) if is_single => {
                let written = tokens.text(&(last..range.end));
                let same = match opcode {
                    "String8" | "String" => written.trim_matches('\'').replace("''", "'") == op.p4,
                    _ => number(op).is_some_and(|number| {
                        literal_value(written).is_some_and(|read| number.abs().total_cmp(&read).is_eq())
                    }),
                };
                same.then_some(4)
            }
            (TokenKind::Number | TokenKind::String, _) if is_single => None,
            (TokenKind::Parameter, _) if is_single => (opcode == "Variable").then_some(4),
            _ if is_constant => Some(0),
            (TokenKind::Word | TokenKind::QuotedName, _) if tokens.column_from(range.start) == Some(last) => {
                let name = word.trim_matches(['"', '`', '[', ']']);
                let is_same = self.column_name(value).is_some_and(|column| column.eq_ignore_ascii_case(name));
                Some(if is_same { 4 } else { 1 })
            }
            (_, Some(op)) => {
                let calls = tokens.word(range.start + 1) == "("
                    && tokens.arguments(range.start + 1).is_some_and(|(_, end)| end == range.end);
                let name = match opcode {
                    "Count" => "count",
                    "Function" | "PureFunc" | "AggStep" => op.function().0,
                    _ => "",
                };
                Some(match (calls && tokens.word(range.start) == name, opcode) {
                    (true, _) => 4,
                    (_, "Column" | "Function" | "PureFunc" | "AggStep" | "Count") => 0,
                    _ if !calls => 2,
                    _ => 1,
                })
            }
            _ => Some(1),
        }
    }
}

/// The left operand of an `in` with a number in its list.
fn in_operand(tokens: &Tokens<'_>) -> Option<String> {
    tokens.binary_operators(&["in"]).find_map(|at| {
        let (members, _) = tokens.arguments(at + 1)?;
        let is_number = |member: &Range<usize>| {
            let last = member.end.checked_sub(1).and_then(|last| tokens.kind(last));
            (1..3).contains(&member.len()) && last == Some(TokenKind::Number)
        };
        members.iter().any(is_number).then(|| tokens.left(at)).flatten().map(|left| tokens.text(&left).to_owned())
    })
}

/// The value of a numeric literal, without its sign.
#[allow(clippy::cast_precision_loss)] // it is compared with another that is as near
fn literal_value(written: &str) -> Option<f64> {
    let digits = written.replace('_', "").to_ascii_lowercase();
    match digits.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(|bits| bits.cast_signed().abs() as f64),
        None => digits.parse().ok(),
    }
}

fn shortened(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= MAX_OPERAND_CHARS {
        text
    } else {
        text.chars().take(MAX_OPERAND_CHARS).chain(['…']).collect()
    }
}

/// The first of those that have the greatest score.
fn first_best<T>(scored: impl Iterator<Item = (u32, T)>) -> Option<T> {
    let best = scored.fold(None, |best: Option<(u32, T)>, (score, item)| match best {
        Some((known, _)) if known >= score => best,
        _ => Some((score, item)),
    });
    best.map(|(_, item)| item)
}
