//! A page as plain data: every text is finished, and none is escaped. What is drawn is what stands here, in this order, in HTML
//! as in Markdown.

/// A page: the answers to some questions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// The program and its version: `pledgebook 0.1.0`.
    pub program: String,
    /// The book that was asked.
    pub book: BookNote,
    /// The heading: the question where there is one, and otherwise how many there are.
    pub heading: String,
    /// The sentences on the sources, under the heading.
    pub lede: Line,
    /// The questions, in order.
    pub sections: Vec<Section>,
    /// The sources that the answers rest on.
    pub sources: Vec<SourceNote>,
    /// The open questions about those sources.
    pub source_questions: Vec<Noted>,
    /// The command that verifies its receipts.
    pub verify: String,
    /// The omissions of the page, a line each.
    pub omitted: Vec<Line>,
}

/// A book in a few words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookNote {
    /// Its name, without a path.
    pub name: String,
    /// Its contents: `55 facts from 1 source`.
    pub extent: String,
    /// The digest of its contents, where a receipt has one.
    pub digest: Option<String>,
}

/// A question and everything on its answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Section {
    /// The question.
    pub question: String,
    /// Its name in the list of contents.
    pub short: String,
    /// The answer in the list of contents.
    pub gist: Line,
    /// The marks of an answer that is not to be taken as it stands.
    pub stamps: Vec<Stamp>,
    /// The one number that the answer is.
    pub value: Option<Value>,
    /// Its kind, exactness, stage and facts.
    pub kind: Line,
    /// The sentences on what is assumed.
    pub supposed: Line,
    /// The sentences of the answer.
    pub answer: Vec<Line>,
    /// The notices on it: rows that were left out, and the like.
    pub notices: Vec<String>,
    /// Tables, charts and printed lines, in order.
    pub blocks: Vec<Block>,
    /// The computation of the numbers.
    pub working: Working,
    /// The assumptions, each with the statement of the sources.
    pub assumed: Vec<Noted>,
    /// The facts.
    pub facts: Facts,
    /// The records of imported tables.
    pub records: Vec<Noted>,
    /// The open questions that are told whole.
    pub questions: Vec<Noted>,
    /// The other open questions, each in a word or two with its id.
    pub others_open: Vec<Line>,
    /// The sources that disagree, and what each states.
    pub conflicts: Vec<Noted>,
    /// The statements that pull apart, and their handling.
    pub tensions: Vec<Noted>,
    /// The ids that earlier sections have reported, by the number of the question.
    pub told_before: Vec<Told>,
    /// The assumptions in words; none if empty.
    pub assumptions: Vec<String>,
    /// The lines to cite.
    pub cite: Vec<String>,
    /// The proof of what was asked and answered.
    pub receipt: Option<ReceiptText>,
    /// The error that ended the script.
    pub failure: Option<Failure>,
}

/// A mark of an answer that is not to be taken as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// It rests on a number that the reader supplied.
    WhatIf,
    /// Sources disagree about it.
    Conflict,
    /// The script failed.
    Failed,
}

impl Stamp {
    /// The word on it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Stamp::WhatIf => "WHAT-IF",
            Stamp::Conflict => "CONFLICT",
            Stamp::Failed => "FAILED",
        }
    }
}

/// A number with its unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Value {
    /// Its digits.
    pub digits: String,
    /// Its unit; empty for a plain number.
    pub unit: String,
}

/// A text of several kinds of words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Piece>);

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// Words that must not be overlooked.
    Strong(String),
    /// A number with its unit, on one line.
    Value(String),
    /// An id, which leads to where the page tells it.
    Id(String),
    /// A mark.
    Stamp(Stamp),
    /// The number of a question, which leads there.
    Question(usize),
}

impl Line {
    /// A line of words.
    #[must_use]
    pub fn of(text: impl Into<String>) -> Self {
        Self::default().text(text)
    }

    /// The line with more words.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.0.push(Piece::Text(text));
        }
        self
    }

    /// The line with another part.
    #[must_use]
    pub fn then(mut self, piece: Piece) -> Self {
        self.0.push(piece);
        self
    }

    /// The line with ids, a blank between two.
    #[must_use]
    pub fn ids<'i>(mut self, ids: impl IntoIterator<Item = &'i str>) -> Self {
        for (at, id) in ids.into_iter().enumerate() {
            if at > 0 {
                self.0.push(Piece::Text(" ".to_owned()));
            }
            self.0.push(Piece::Id(id.to_owned()));
        }
        self
    }

    /// A text in which the ids within brackets lead to where the page tells them: `1,600,000,000 GBP [F29]`.
    #[must_use]
    pub fn with_references(text: &str) -> Self {
        let mut line = Self::default();
        let mut rest = text;
        while let Some((before, inside, after)) = bracketed(rest) {
            line = line.text(format!("{before}["));
            for word in split_keeping(inside) {
                line = if is_id(word) { line.then(Piece::Id(word.to_owned())) } else { line.text(word) };
            }
            line = line.text("]");
            rest = after;
        }
        line.text(rest)
    }

    /// True if there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its words alone.
    #[must_use]
    pub fn plain(&self) -> String {
        let word = |piece: &Piece| match piece {
            Piece::Text(text) | Piece::Strong(text) | Piece::Value(text) | Piece::Id(text) => text.clone(),
            Piece::Stamp(stamp) => stamp.word().to_owned(),
            Piece::Question(number) => format!("question {number}"),
        };
        self.0.iter().map(word).collect()
    }
}

/// The text before a bracket, within it, and behind it.
fn bracketed(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('[')?;
    let (inside, after) = rest.split_once(']')?;
    Some((before, inside, after))
}

/// The words of a text, and what stands between them.
fn split_keeping(text: &str) -> Vec<&str> {
    text.split_inclusive([' ', ';', ',', '–'])
        .flat_map(|word| {
            let end = word.trim_end_matches([' ', ';', ',', '–']).len();
            [&word[..end], &word[end..]]
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// True for an id of a book: `F29`, `S2F03`, `S2:37`, `U28`, `X1`.
#[must_use]
pub fn is_id(word: &str) -> bool {
    let mut rest = word.chars().peekable();
    if !rest.next().is_some_and(|c| c.is_ascii_uppercase()) {
        return false;
    }
    let digits = |rest: &mut std::iter::Peekable<std::str::Chars<'_>>| {
        std::iter::from_fn(|| rest.next_if(char::is_ascii_digit)).count()
    };
    if digits(&mut rest) == 0 {
        return false;
    }
    match rest.next() {
        None => true,
        Some('F' | ':') => digits(&mut rest) > 0 && rest.next().is_none(),
        Some(_) => false,
    }
}

/// A part of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A table.
    Table(Table),
    /// A chart of the table beside it.
    Chart(Chart),
    /// A printed line.
    Line(Line),
    /// Printed lines as they stand, in letters of one width.
    Listing(String),
}

/// A table of finished cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Its caption.
    pub caption: String,
    /// The values that every row has, under the caption.
    pub common: Vec<String>,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The shown rows.
    pub rows: Vec<Row>,
    /// The number of all rows.
    pub total: usize,
    /// The command that gives the rest.
    pub rest: Option<String>,
}

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The unit that its numbers share; empty if they share none.
    pub unit: String,
    /// The kind of its cells.
    pub role: Role,
}

/// The kind of the cells of a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Role {
    /// Texts.
    #[default]
    Text,
    /// Words of a code list that say how firm a fact is: stage, certainty.
    Firmness,
    /// Numbers.
    Number,
    /// Ids.
    Ids,
}

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// The mark of the whole row.
    pub stamp: Option<Stamp>,
    /// Its cells, one for each column.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Cell {
    /// It does not apply, as the book says.
    #[default]
    Null,
    /// It has no value, in a table that does not say why.
    Empty,
    /// A text.
    Text(String),
    /// A number, with the unit that its column does not have.
    Number(String),
    /// An unknown in words, with the open questions about it.
    Unknown(String, Vec<String>),
    /// Ids, or spans of them, and a remark on them.
    Ids(Vec<String>, String),
}

impl Cell {
    /// The words of a dash where it is read aloud; none for other cells.
    #[must_use]
    pub fn spoken(&self) -> &'static str {
        match self {
            Cell::Null => "does not apply",
            Cell::Empty => "no value",
            _ => "",
        }
    }

    /// Its words; a NULL has none.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Cell::Null | Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Number(text) => text.clone(),
            Cell::Unknown(words, ids) => [std::slice::from_ref(words), ids].concat().join(" "),
            Cell::Ids(ids, remark) if remark.is_empty() => ids.join(" "),
            Cell::Ids(ids, remark) => format!("{}, {remark}", ids.join(" ")),
        }
    }
}

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Bars.
    Bars(Bars),
    /// The order of events.
    Order(Order),
}

/// Horizontal bars from 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bars {
    /// Its text.
    pub title: String,
    /// The unit of the numbers.
    pub unit: String,
    /// The key to the marks; empty for plain bars.
    pub remark: String,
    /// The bars, from the top.
    pub bars: Vec<Bar>,
    /// The number of those that are not drawn.
    pub left_out: usize,
}

/// A bar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bar {
    /// Its name.
    pub label: String,
    /// Its number in words.
    pub value: String,
    /// Words behind the number.
    pub tail: String,
    /// Its end.
    pub extent: Extent,
    /// Its drawing.
    pub drawn: Drawn,
    /// The range that its number may lie in, in words and drawn under it.
    pub range: Option<(String, Extent)>,
}

/// The extent of a number.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Extent {
    /// It is not known: no bar.
    #[default]
    Unknown,
    /// A number.
    To(f64),
    /// At least a number.
    AtLeast(f64),
    /// At most a number.
    AtMost(f64),
    /// From a number to another; true for an end that does not belong to it.
    Between((f64, bool), (f64, bool)),
}

/// The drawing of a bar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Drawn {
    /// Solid: stated, or derived.
    #[default]
    Solid,
    /// Hatched with a dashed outline: it rests on an assumption.
    Supposed,
}

/// Events, and the pairs of them that have an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// The pairs.
    pub pairs: Vec<Pair>,
    /// The events in no order with any other.
    pub alone: Vec<String>,
}

/// Two events and what stands between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pair {
    /// The first event; the earlier one where the relation is `before`.
    pub earlier: String,
    /// Its relation to the other.
    pub relation: String,
    /// The other event.
    pub later: String,
    /// The interval between them in words.
    pub interval: String,
    /// True if a source states the interval.
    pub is_stated: bool,
    /// True if the order rests on an assumption.
    pub is_assumed: bool,
    /// The facts that put them in order.
    pub facts: Vec<String>,
}

/// The computation of numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Working {
    /// The shown lines.
    pub lines: Vec<Line>,
    /// The number of further ones.
    pub more: usize,
}

/// The facts of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Those that are told whole.
    pub told: Vec<FactNote>,
    /// The others.
    pub more: Option<MoreFacts>,
}

/// A fact, told whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactNote {
    /// Its id.
    pub id: String,
    /// Its text.
    pub gloss: String,
    /// Its stage, or else its certainty.
    pub firmness: String,
    /// Its status, and whose statement it is.
    pub by: String,
    /// Its place in the source, and how that writes its number.
    pub place: String,
}

/// Facts that are not told whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MoreFacts {
    /// The number of all.
    pub count: usize,
    /// Their ids in spans.
    pub spans: String,
    /// Some of them, each with what it says.
    pub listed: Vec<(String, String)>,
}

/// Something with an id that is told in a sentence, and in smaller letters what follows from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// Its id.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// The consequence; empty if nothing is said of that.
    pub small: String,
}

/// The ids that an earlier section has reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The number of that question, from 1.
    pub question: usize,
    /// The ids.
    pub ids: Vec<String>,
}

/// A source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceNote {
    /// Its id.
    pub id: String,
    /// Its description.
    pub description: String,
    /// The digest of its text.
    pub sha256: String,
}

/// The proof of what was asked and answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptText {
    /// Its id, in hexadecimal digits.
    pub id: String,
    /// Its whole text, JSON.
    pub text: String,
}

/// The error that ended a script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failure {
    /// The error in words.
    pub message: String,
    /// The help.
    pub help: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::{Line, Piece, is_id};

    #[test]
    fn ids_are_known_by_their_form() {
        for id in ["F29", "S2F03", "S2:37", "U28", "X1", "A6", "S1"] {
            assert!(is_id(id), "{id}");
        }
        for word in ["", "F", "29", "F29x", "f29", "FOO1", "S2:", "G7-led", "¶4.2", "S2:*"] {
            assert!(!is_id(word), "{word}");
        }
    }

    #[test]
    fn references_in_brackets_are_ids_and_other_words_are_not() {
        let line = Line::with_references("1 GBP [F29] ÷ 2 [F30; given] of F16");
        let ids: Vec<&Piece> = line.0.iter().filter(|piece| matches!(piece, Piece::Id(_))).collect();
        assert_eq!(ids, [&Piece::Id("F29".to_owned()), &Piece::Id("F30".to_owned())]);
        assert_eq!(line.plain(), "1 GBP [F29] ÷ 2 [F30; given] of F16");
    }
}
