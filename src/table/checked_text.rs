//! A text whose figures were checked, as plain data for whoever draws it: its paragraphs with marks at their figures, and the
//! verdict on each with what belongs beside it; and the report of it for people.

use super::notes_block;
use crate::quantity::prose::NonFigure;
use crate::sql::Note;
use std::ops::Range;

/// A checked text.
#[derive(Debug, Clone, Default)]
pub struct CheckedText {
    /// Its name: a file as it was named.
    pub name: String,
    /// Its paragraphs, headings, items and cells, in order.
    pub paragraphs: Vec<Paragraph>,
    /// Its figures, in order.
    pub figures: Vec<TextFigure>,
    /// The numbers in it that are no figures: of each kind how many.
    pub skipped: Vec<(NonFigure, usize)>,
    /// The sources that the verdicts rest on, in words; empty if there is none.
    pub sources: String,
}

/// The kind of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParagraphKind {
    /// A heading.
    Heading,
    /// A paragraph, or an item of a list.
    Paragraph,
    /// A cell of a table.
    Cell,
}

/// A paragraph as pieces of text and marked figures.
#[derive(Debug, Clone)]
pub struct Paragraph {
    /// Its kind.
    pub kind: ParagraphKind,
    /// Its pieces, in order.
    pub pieces: Vec<TextPiece>,
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextPiece {
    /// Text without a figure.
    Text(String),
    /// A figure, by its place among the figures of the text.
    Figure(usize),
}

/// The verdict on a figure of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigureVerdict {
    /// A source states it.
    Stated,
    /// It follows from what sources state.
    Derived,
    /// It is a number of the book, rounded.
    Rounded,
    /// A source stated it, and a fact corrects it.
    Superseded,
    /// Sources disagree about it.
    Conflict,
    /// The book has the number of another thing than the sentence speaks of.
    OtherSubject,
    /// The book does not have it.
    NotInBook,
    /// It can't be read.
    #[default]
    Unreadable,
}

impl FigureVerdict {
    /// Every verdict, in the order of a summary.
    pub const ALL: [Self; 8] = [
        Self::Stated,
        Self::Derived,
        Self::Rounded,
        Self::Superseded,
        Self::Conflict,
        Self::OtherSubject,
        Self::NotInBook,
        Self::Unreadable,
    ];

    /// The code for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Derived => "derived",
            Self::Rounded => "rounded",
            Self::Superseded => "superseded",
            Self::Conflict => "conflict",
            Self::OtherSubject => "other_subject",
            Self::NotInBook => "not_in_book",
            Self::Unreadable => "cant_be_read",
        }
    }

    /// The words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::OtherSubject => "other subject",
            Self::NotInBook => "not in book",
            Self::Unreadable => "can't be read",
            _ => self.code(),
        }
    }

    /// True if the book supports the figure.
    #[must_use]
    pub fn is_confirmed(self) -> bool {
        matches!(self, Self::Stated | Self::Derived | Self::Rounded)
    }
}

/// A figure of a text with its verdict and what belongs beside it.
#[derive(Debug, Clone)]
pub struct TextFigure {
    /// The figure as the text has it, without markup.
    pub written: String,
    /// Its bytes in the file.
    pub range: Range<usize>,
    /// Its line, from 1.
    pub line: usize,
    /// The column of its first character, from 1.
    pub column: usize,
    /// The line of the file that it begins on, and the number of its characters there.
    pub line_text: String,
    /// The characters of the figure on that line.
    pub width: usize,
    /// The verdict.
    pub verdict: FigureVerdict,
    /// The reason for it, in words: `S1 states it, ¶4.2`.
    pub reason: String,
    /// The number of the book that it matches, with its facts and stage.
    pub matched: Option<String>,
    /// The facts that the verdict rests on: `F29`.
    pub facts: Vec<String>,
    /// The stages of the match: `proposed`.
    pub stages: Vec<String>,
    /// The questions that the sources leave open about the match: `approval (U18)`.
    pub not_stated: Vec<String>,
    /// The nearest number of its unit, with its distance, where the book does not have it.
    pub nearest: Option<String>,
    /// Further remarks, each with a label.
    pub remarks: Vec<(String, String)>,
    /// The help.
    pub help: Option<String>,
}

impl TextFigure {
    /// The remarks as lines with labels, in the order of a report.
    fn notes(&self) -> Vec<Note> {
        let line = |label: &str, text: &Option<String>| text.as_ref().map(|text| Note::new(label, "", text));
        let mut notes: Vec<Note> =
            [line("match", &self.matched), line("nearest", &self.nearest)].into_iter().flatten().collect();
        notes.extend(self.remarks.iter().map(|(label, text)| Note::new(label, "", text)));
        if !self.not_stated.is_empty() {
            let text = format!("{}: not stated", self.not_stated.join(", "));
            notes.push(Note::new("not shown", "", &text));
        }
        notes.extend(line("help", &self.help));
        notes
    }

    /// The reason in one line, for editors: `not in book: no fact states it …; nearest 320,000 GBP/missile …`.
    #[must_use]
    pub fn summary(&self) -> String {
        let nearest = self.nearest.as_ref().map(|nearest| format!("nearest {nearest}"));
        let parts = [Some(self.reason.clone()), nearest, self.help.clone()];
        let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        format!("{}: `{}`: {}", self.verdict.words(), self.written, parts.join("; "))
    }
}

impl CheckedText {
    /// The figures that need attention: all that the book does not support, and those that can't be read.
    pub fn attention(&self) -> impl Iterator<Item = &TextFigure> {
        self.figures.iter().filter(|figure| !figure.verdict.is_confirmed())
    }

    /// The report for people: a line for the text, and a block for each figure.
    #[must_use]
    pub fn report(&self) -> String {
        let mut blocks = vec![format!("{}: {}", self.name, self.headline())];
        for figure in &self.figures {
            let verdict = figure.verdict.words().to_uppercase();
            let place = format!("{}:{}:{}", self.name, figure.line, figure.column);
            let head = format!("{place}: “{}” {verdict}: {}", figure.written, figure.reason);
            blocks.push(format!("{head}\n{}", notes_block(&figure.notes(), None)).trim_end().to_owned());
        }
        if !self.sources.is_empty() {
            blocks.push(notes_block(&[Note::new("rests on", "", &self.sources)], None).trim_end().to_owned());
        }
        blocks.join("\n\n")
    }

    /// `3 of 8 figures need attention, 1 of them can't be read; 4 dates and 1 section number are no figures`.
    #[must_use]
    pub fn headline(&self) -> String {
        let (all, attention) = (self.figures.len(), self.attention().count());
        let unreadable = self.figures.iter().filter(|figure| figure.verdict == FigureVerdict::Unreadable).count();
        let figures = match (all, attention) {
            (0, _) => "no figures".to_owned(),
            (all, 0) => format!("{} in the book", counted(all, ("figure is", "figures are"))),
            (all, _) => {
                let verb = if attention == 1 { "needs" } else { "need" };
                let unreadable = match unreadable {
                    0 => String::new(),
                    1 if attention == 1 => ": it can't be read".to_owned(),
                    count if count == attention => ": they can't be read".to_owned(),
                    count => format!(", {count} of which can't be read"),
                };
                format!("{attention} of {} {verb} attention{unreadable}", counted(all, ("figure", "figures")))
            }
        };
        let skipped: Vec<String> = self.skipped.iter().map(|(kind, count)| counted(*count, kind.words())).collect();
        let count: usize = self.skipped.iter().map(|(_, count)| count).sum();
        match skipped.split_last() {
            None => figures,
            Some((last, [])) => {
                format!("{figures}; {last} {} no figure{}", if count == 1 { "is" } else { "are" }, plural_mark(count))
            }
            Some((last, first)) => format!("{figures}; {} and {last} are no figures", first.join(", ")),
        }
    }
}

fn plural_mark(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn counted(count: usize, (one, several): (&str, &str)) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

#[cfg(test)]
mod tests {
    use super::{CheckedText, NonFigure};

    #[test]
    fn a_headline_counts_what_was_passed_by() {
        let text = |skipped: &[(NonFigure, usize)]| {
            CheckedText { skipped: skipped.to_vec(), ..CheckedText::default() }.headline()
        };
        assert_eq!(text(&[]), "no figures");
        assert_eq!(text(&[(NonFigure::Date, 1)]), "no figures; 1 date is no figure");
        assert_eq!(
            text(&[(NonFigure::Date, 4), (NonFigure::Section, 1)]),
            "no figures; 4 dates and 1 section number are no figures"
        );
    }
}
