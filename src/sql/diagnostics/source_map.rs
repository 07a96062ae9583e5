//! How a statement spells what its program does: the operands of an operator or a function, found by where the values came from.
//! What only a view does is spelt as the view does, and what only the book's own views do is not spelt at all.

use super::super::dataflow::bytecode::{Op, number};
use super::super::dataflow::coercions::{Coercion, Finding};
use super::super::dataflow::storage_class::AbstractValue;
use crate::syntax::TokenKind;
use crate::syntax::expr::Tokens;
use std::collections::BTreeMap;
use std::ops::Range;

/// The longest operand that is given back whole, in characters.
const LONGEST: usize = 60;

/// What a comparison of the program may be written as.
const COMPARISONS: [&str; 12] = ["=", "==", "<>", "!=", "<", "<=", ">", ">=", "is", "in", "between", "like"];

/// An operand as it is written.
pub(super) struct SourceOperand {
    pub(super) text: String,
    /// Whether it is a constant or a parameter.
    pub(super) is_literal: bool,
}

/// A statement and the views of one's own that it reads.
pub(super) struct SourceMap<'s> {
    texts: Vec<Tokens<'s>>,
    program: &'s [Op],
    /// What the columns are called that instructions read.
    names: BTreeMap<usize, String>,
}

impl<'s> SourceMap<'s> {
    pub(super) fn new(sql: &'s str, views: &'s [String], program: &'s [Op]) -> Self {
        let texts = std::iter::once(sql).chain(views.iter().map(String::as_str)).map(Tokens::new).collect();
        Self { texts, program, names: BTreeMap::new() }
    }

    /// Says what the columns are called that instructions read.
    pub(super) fn name_columns(&mut self, names: Vec<(usize, String)>) {
        self.names = names.into_iter().collect();
    }

    /// Both sides of each division, as they are written; a division that is compiled twice is written once.
    pub(super) fn divisions(&self, found: &[[AbstractValue; 2]]) -> Vec<[String; 2]> {
        let mut written: Vec<(usize, usize)> = Vec::new();
        for sides in found {
            let best = self.texts.iter().enumerate().filter_map(|(text, words)| {
                let scored = operators(words, &["/"]).filter_map(|at| {
                    let score = self.score(words, &words.left(at)?, sides[0])?
                        + self.score(words, &words.right(at)?, sides[1])?;
                    Some((score, at))
                });
                // The first of those that fit best.
                scored.rev_max().map(|at| (text, at))
            });
            let best = best.collect::<Vec<_>>().into_iter().next();
            written.extend(best.filter(|place| !written.contains(place)));
        }
        written.sort_unstable();
        let sides = |(text, at): (usize, usize)| {
            let words: &Tokens<'_> = &self.texts[text];
            Some([shortened(words.text(&words.left(at)?)), shortened(words.text(&words.right(at)?))])
        };
        written.into_iter().filter_map(sides).collect()
    }

    /// The operand that a finding is about.
    pub(super) fn operand(&self, finding: &Finding) -> Option<SourceOperand> {
        if finding.coercion == Coercion::Number {
            let text = self
                .texts
                .iter()
                .find_map(|words| members(words).or_else(|| self.side(words, &COMPARISONS, finding)))?;
            return Some(SourceOperand { text: shortened(&text), is_literal: false });
        }
        if let Some(literal) = self.literal(finding.value) {
            return Some(SourceOperand { text: literal, is_literal: true });
        }
        let found = self.texts.iter().find_map(|words| match &finding.coercion {
            Coercion::Operator(written) => self.side(words, &[*written], finding),
            Coercion::Comparison(_) => self.side(words, &COMPARISONS, finding).or_else(|| self.chosen(words, finding)),
            Coercion::Function(name) | Coercion::Extreme(name) => self.argument(words, name, finding.value),
            Coercion::Cast => self.argument(words, "cast", finding.value),
            Coercion::Condition | Coercion::Division | Coercion::Number => None,
        });
        let text = found.or_else(|| self.column(finding)).or_else(|| self.called(finding.value))?;
        Some(SourceOperand { text: shortened(&text), is_literal: false })
    }

    /// The texts of JSON that the statement hands to `json_each` and the like, where all are written out.
    pub(super) fn literals_of_json(&self) -> Option<Vec<String>> {
        let calls = self.texts.iter().flat_map(|words| {
            let calls =
                (0..words.count()).filter(|at| words.word(*at).starts_with("json_") && words.word(*at + 1) == "(");
            calls.map(move |at| (words.kind(at + 2) == Some(TokenKind::Text)).then(|| words.text(&(at + 2..at + 3))))
        });
        let literals: Option<Vec<&str>> = calls.collect();
        let unquoted = |text: &str| text[1..text.len() - 1].replace("''", "'");
        literals.filter(|found| !found.is_empty()).map(|found| found.into_iter().map(unquoted).collect())
    }

    /// A constant or a parameter as it is written.
    fn literal(&self, value: AbstractValue) -> Option<String> {
        let op = &self.program[value.made_by()?];
        match op.opcode.as_str() {
            "String8" | "String" => Some(format!("'{}'", shortened(&op.p4).replace('\'', "''"))),
            "Variable" => {
                let names = self.texts[0].parameters();
                usize::try_from(op.p1 - 1).ok().and_then(|index| names.get(index).map(|name| (*name).to_owned()))
            }
            _ => None,
        }
    }

    /// The side of an operator that holds a value, where the other side fits too.
    fn side(&self, words: &Tokens<'_>, written: &[&str], finding: &Finding) -> Option<String> {
        let sides = operators(words, written).filter_map(|at| {
            let (left, right) = (words.left(at)?, words.right(at));
            let right = right.or_else(|| words.arguments(at + 1).map(|(_, end)| at + 1..end))?;
            let fits = |this: &Range<usize>, that: &Range<usize>| {
                Some(self.score(words, this, finding.value)? + self.score(words, that, finding.other)?)
            };
            // A number that becomes a text is on the side that is not asked for, and a list is on none.
            let sides = [fits(&left, &right), fits(&right, &left).filter(|_| words.word(at) != "in")];
            let [one, other] = if finding.coercion == Coercion::Number { [sides[1], sides[0]] } else { sides };
            let (score, side) = if one >= other { (one?, left) } else { (other?, right) };
            Some((score, side))
        });
        let found: Vec<(u32, Range<usize>)> = sides.collect();
        let best = found.iter().map(|(score, _)| *score).max()?;
        let mut texts = found.iter().filter(|(score, _)| *score == best).map(|(_, side)| words.text(side));
        let first = texts.next()?;
        // Which of several calls of a function it was is not known.
        let is_known = self.called(finding.value).is_none() || texts.all(|text| text == first);
        is_known.then(|| first.to_owned())
    }

    /// The value that `case` chooses by.
    fn chosen(&self, words: &Tokens<'_>, finding: &Finding) -> Option<String> {
        let cases = (0..words.count()).filter(|at| words.word(*at) == "case" && words.word(at + 1) != "when");
        let mut values = cases.filter_map(|at| words.expression(at + 1));
        let value = values.find(|value| self.score(words, value, finding.value).is_some())?;
        Some(words.text(&value).to_owned())
    }

    /// The argument of a function that holds a value.
    fn argument(&self, words: &Tokens<'_>, name: &str, value: AbstractValue) -> Option<String> {
        let calls = (0..words.count()).filter(|at| words.word(*at) == name).filter_map(|at| words.arguments(at + 1));
        let arguments = calls.flat_map(|(arguments, _)| arguments).map(|argument| {
            let start = argument.start + usize::from(words.word(argument.start) == "distinct");
            let end = (start..argument.end).find(|at| words.word(*at) == "as").unwrap_or(argument.end);
            start..end
        });
        let scored = arguments.filter(|argument| !argument.is_empty());
        let scored = scored.filter_map(|argument| Some((self.score(words, &argument, value)?, argument)));
        scored.rev_max().map(|argument| words.text(&argument).to_owned())
    }

    /// The column of a table that a value was read from, where a text names it.
    fn column(&self, finding: &Finding) -> Option<String> {
        let name = match &finding.column {
            Some(column) => column.name.clone(),
            None => self.column_name(finding.value)?,
        };
        let is_named = |words: &Tokens<'_>| (0..words.count()).any(|at| words.word(at) == name.to_lowercase());
        self.texts.iter().any(is_named).then_some(name)
    }

    /// The function that made a value, where a text calls it.
    fn called(&self, value: AbstractValue) -> Option<String> {
        let op = self.program.get(value.made_by()?)?;
        let (name, _) = op.function();
        let is_call = matches!(&*op.opcode, "Function" | "PureFunc" | "AggStep");
        let is_named = |words: &Tokens<'_>| (0..words.count()).any(|at| words.word(at) == name);
        (is_call && self.texts.iter().any(is_named)).then(|| format!("{name}(…)"))
    }

    fn column_name(&self, value: AbstractValue) -> Option<String> {
        self.names.get(&value.made_by()?).cloned()
    }

    /// How well a piece of text fits a value; `None` where it can't be that.
    fn score(&self, words: &Tokens<'_>, places: &Range<usize>, value: AbstractValue) -> Option<u32> {
        let places = unwrapped(words, places);
        let op = value.made_by().and_then(|at| self.program.get(at));
        let opcode = op.map_or("", |op| op.opcode.as_str());
        let is_constant = matches!(opcode, "Integer" | "Int64" | "Real" | "String8" | "String" | "Variable");
        let last = places.end.checked_sub(1)?;
        let word = words.word(last);
        let is_single =
            places.len() == 1 || places.len() == 2 && matches!(words.word(places.start).as_str(), "-" | "+");
        match (words.kind(last)?, op) {
            (TokenKind::Number | TokenKind::Text, Some(op)) if is_single => {
                let written = words.text(&(last..places.end));
                let same = match opcode {
                    "String8" | "String" => written.trim_matches('\'').replace("''", "'") == op.p4,
                    _ => number(op)
                        .is_some_and(|number| read(written).is_some_and(|read| number.abs().total_cmp(&read).is_eq())),
                };
                same.then_some(4)
            }
            (TokenKind::Number | TokenKind::Text, _) if is_single => None,
            (TokenKind::Parameter, _) if is_single => (opcode == "Variable").then_some(4),
            _ if is_constant => Some(0),
            (TokenKind::Word | TokenKind::QuotedName, _) if words.column_from(places.start) == Some(last) => {
                let name = word.trim_matches(['"', '`', '[', ']']);
                let is_same = self.column_name(value).is_some_and(|column| column.eq_ignore_ascii_case(name));
                Some(if is_same { 4 } else { 1 })
            }
            (_, Some(op)) => {
                let calls = words.word(places.start + 1) == "("
                    && words.arguments(places.start + 1).is_some_and(|(_, end)| end == places.end);
                let name = match opcode {
                    "Count" => "count",
                    "Function" | "PureFunc" | "AggStep" => op.function().0,
                    _ => "",
                };
                Some(match (calls && words.word(places.start) == name, opcode) {
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

/// What is looked for among numbers, as `in (1, 2)` does.
fn members(words: &Tokens<'_>) -> Option<String> {
    operators(words, &["in"]).find_map(|at| {
        let (members, _) = words.arguments(at + 1)?;
        let is_number = |member: &Range<usize>| {
            let last = member.end.checked_sub(1).and_then(|last| words.kind(last));
            (1..3).contains(&member.len()) && last == Some(TokenKind::Number)
        };
        members.iter().any(is_number).then(|| words.left(at)).flatten().map(|left| words.text(&left).to_owned())
    })
}

/// A number as it is written, without its sign.
#[allow(clippy::cast_precision_loss)] // it is compared with another that is as near
fn read(written: &str) -> Option<f64> {
    let digits = written.replace('_', "").to_ascii_lowercase();
    match digits.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(|bits| bits.cast_signed().abs() as f64),
        None => digits.parse().ok(),
    }
}

/// The places of operators that have two sides.
fn operators<'w>(words: &'w Tokens<'_>, written: &'w [&str]) -> impl Iterator<Item = usize> + 'w {
    (0..words.count()).filter(move |at| written.contains(&&*words.word(*at)) && words.is_binary(*at))
}

/// A piece of text without the parentheses around all of it.
fn unwrapped(words: &Tokens<'_>, places: &Range<usize>) -> Range<usize> {
    let mut places = places.clone();
    while words.word(places.start) == "("
        && words.arguments(places.start).is_some_and(|(_, end)| end == places.end)
        && places.len() > 2
    {
        places = places.start + 1..places.end - 1;
    }
    places
}

fn shortened(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST).chain(['…']).collect() }
}

/// The first of those that have the greatest score.
trait RevMax<T> {
    fn rev_max(self) -> Option<T>;
}

impl<T, I: Iterator<Item = (u32, T)>> RevMax<T> for I {
    fn rev_max(self) -> Option<T> {
        self.fold(None, |best: Option<(u32, T)>, (score, item)| match best {
            Some((known, _)) if known >= score => best,
            _ => Some((score, item)),
        })
        .map(|(_, item)| item)
    }
}
