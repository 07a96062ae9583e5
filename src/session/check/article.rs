//! `check` of a whole text: every figure in it is found, read, and judged among the numbers of the book, which are read once; what the
//! sentence speaks of decides between numbers that match equally well.

use super::candidates::{Candidate, Disputes};
use super::deed::Deed;
use super::pledging;
use super::report::{self, Parts};
use super::subject::{Sense, Subjects, Surroundings};
use super::verdict::{Verdict, agreeing, verdict};
use super::{Claim, require_book};
use crate::error::Error;
use crate::quantity::WrittenFigure;
use crate::quantity::prose::{self, Findings, FoundFigure, NonFigure};
use crate::session::Session;
use crate::sql::{Cell, Column, Header, Origin, Output};
use crate::store::Book;
use crate::syntax::markup::{self, Block, BlockKind, Markup, Prose};
use crate::table::{CheckedText, FigureVerdict, Format, Paragraph, ParagraphKind, TextFigure, TextPiece};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// The most bytes of a sentence on either side of a figure, and of what is before the sentence, that are looked at.
const MAX_AROUND: usize = 1_000;

/// The most numbers that a figure agrees with whose subjects are compared.
const MAX_COMPARED: usize = 64;

/// A text to check.
#[derive(Debug, Clone)]
pub struct Article {
    /// Its name: a file as it was named.
    pub name: String,
    /// Its text, with its markup.
    pub text: String,
    /// Its markup.
    pub markup: Markup,
}

/// The columns of a figure of a text, before those of a figure by itself.
const PLACE_COLUMNS: [&str; 4] = ["file", "line", "column", "written"];

/// A text as it was read.
struct Reading<'a> {
    article: &'a Article,
    prose: Prose,
    /// The findings of each block.
    findings: Vec<Findings>,
}

/// The row of a figure for programs.
type Row = Vec<Cell<'static>>;

impl Session {
    /// Reports the verdict on each figure of some texts, and returns the texts with the verdicts.
    ///
    /// # Errors
    /// A book that can't be read; the work is stopped.
    pub fn check_articles(&mut self, articles: &[Article], output: &Output) -> Result<Vec<CheckedText>, Error> {
        self.begin_work()?;
        let done = self.judge_articles(articles, output);
        match done {
            Ok(texts) => self.finish(Ok(()), output).map(|()| texts),
            Err(error) => self.finish(Err(error), output).map(|()| Vec::new()),
        }
    }

    fn judge_articles(&mut self, articles: &[Article], output: &Output) -> Result<Vec<CheckedText>, Error> {
        require_book(&self.book, "figures")?;
        let readings = articles.iter().map(|article| self.read_article(article)).collect::<Result<Vec<_>, _>>()?;
        let claims: Vec<Claim> = readings.iter().flat_map(Reading::claims).collect();
        let (candidates, disputes) = self.numbers_for(&distinct(&claims))?;
        let subjects = Subjects::read(&self.book)?;
        let book = std::rc::Rc::clone(&self.book);
        let mut judge = Judge { book: &book, candidates: &candidates, disputes: &disputes, subjects };
        let mut texts = Vec::new();
        let mut rows = Vec::new();
        for reading in &readings {
            texts.push(judge.text(reading, &mut rows)?);
        }
        output.add_assumptions(&self.supposed.iter().filter_map(|supposed| supposed.assumption().ok()).collect());
        if self.settings.format == Format::Table && !output.is_for_programs() {
            let reports: Vec<String> = texts.iter().map(CheckedText::report).collect();
            output.say(reports.join("\n\n").as_str())?;
            output.record().map_or(Ok(()), |record| write_rows(&rows, record))?;
        } else {
            write_rows(&rows, output)?;
        }
        output.flush()?;
        Ok(texts)
    }

    /// Finds the figures of a text.
    fn read_article<'a>(&self, article: &'a Article) -> Result<Reading<'a>, Error> {
        let units = self.book.units().map_err(|error| self.book.error(&error))?;
        let prose = markup::read(&article.text, article.markup);
        let mut findings = Vec::with_capacity(prose.blocks.len());
        for block in &prose.blocks {
            let is_stopped = || self.book.stop().is_raised();
            findings.push(prose::find(&block.text, block.kind == BlockKind::Heading, units, &is_stopped));
        }
        refuse_stopped(&self.book)?;
        Ok(Reading { article, prose, findings })
    }
}

/// Writes a row a figure.
fn write_rows(rows: &[Row], output: &Output) -> io::Result<()> {
    output.begin(&Header { columns: columns(), ..Header::default() })?;
    rows.iter().try_for_each(|row| output.row(row))?;
    output.end(Origin::Untold)
}

fn refuse_stopped(book: &Book) -> Result<(), Error> {
    if book.stop().is_raised() { Err(book.stop().cause()) } else { Ok(()) }
}

/// Each figure once: an imported table is compared with each.
fn distinct(claims: &[Claim]) -> Vec<&Claim> {
    let mut seen = BTreeSet::new();
    let key =
        |claim: &Claim| format!("{} {} {} {:?}", claim.quantity, claim.written_figures, claim.is_per_item, claim.hedge);
    claims.iter().filter(|claim| seen.insert(key(claim))).collect()
}

fn columns() -> Vec<Column> {
    let place = PLACE_COLUMNS.map(|name| Column { name: name.to_owned(), is_quantity: false });
    place.into_iter().chain(report::columns()).collect()
}

impl Reading<'_> {
    /// The figures that can be read.
    fn claims(&self) -> impl Iterator<Item = Claim> + '_ {
        let figures = self.findings.iter().flat_map(|findings| &findings.figures);
        figures.filter_map(|figure| figure.reading.as_ref().ok()).map(claim)
    }

    /// The surroundings of a figure.
    fn surroundings<'t>(&'t self, at: usize, figure: &FoundFigure, buffer: &'t mut [String; 2]) -> Surroundings<'t> {
        let block = &self.prose.blocks[at];
        let before = tail(&block.text[figure.sentence.start..figure.range.start]);
        let behind = head(&block.text[figure.range.end..figure.sentence.end]);
        let [row, context] = buffer;
        *row = format!("{} {before}", self.row_before(at));
        *context = self.context(at, tail(&block.text[..figure.sentence.start]));
        Surroundings { sentence: [row, behind], written: &block.text[figure.range.clone()], context }
    }

    /// The cells before one in its row.
    fn row_before(&self, at: usize) -> String {
        let blocks = &self.prose.blocks;
        let mut first = at;
        while blocks[first].kind == BlockKind::Cell && !blocks[first].begins_row && first > 0 && at - first < MAX_CELLS
        {
            first -= 1;
        }
        let cells: Vec<&str> = blocks[first..at].iter().map(|block| tail(&block.text)).collect();
        cells.join(", ")
    }

    /// The sentences before one in its paragraph, or the paragraph before, of a heading that behind; and the headings above: the
    /// first and the last.
    fn context(&self, at: usize, before: &str) -> String {
        let above = self.prose.blocks[..at].iter().rev().take(MAX_BLOCKS_ABOVE);
        let heading =
            above.clone().find(|block| block.kind == BlockKind::Heading).map_or("", |block| head(&block.text));
        let first =
            self.prose.blocks.iter().take(at.min(MAX_BLOCKS_ABOVE)).find(|block| block.kind == BlockKind::Heading);
        let title = first.map_or("", |block| head(&block.text));
        let is_heading = self.prose.blocks[at].kind == BlockKind::Heading;
        let beside = if is_heading { self.prose.blocks.get(at + 1) } else { above.clone().next() };
        let beside = beside.filter(|block| before.trim().is_empty() && block.kind == BlockKind::Paragraph);
        let paragraph = beside.map_or("", |block| if is_heading { head(&block.text) } else { tail(&block.text) });
        format!("{before} {paragraph} {heading} {title}")
    }

    /// The numbers that are no figures, counted by kind.
    fn skipped(&self) -> Vec<(NonFigure, usize)> {
        let mut counts: BTreeMap<NonFigure, usize> = BTreeMap::new();
        let others = self.findings.iter().flat_map(|findings| &findings.others);
        others.for_each(|(kind, _)| *counts.entry(*kind).or_default() += 1);
        let of_markup = [
            (NonFigure::Code, self.prose.code),
            (NonFigure::Footnote, self.prose.footnote_marks),
            (NonFigure::ListMarker, self.prose.list_markers),
        ];
        for (kind, count) in of_markup {
            *counts.entry(kind).or_default() += count;
        }
        NonFigure::ALL
            .into_iter()
            .filter_map(|kind| counts.get(&kind).map(|count| (kind, *count)))
            .filter(|(_, count)| *count > 0)
            .collect()
    }
}

/// The most cells of a row before a figure, and the most blocks above one, that are looked at.
const MAX_CELLS: usize = 8;
const MAX_BLOCKS_ABOVE: usize = 40;

/// The end of a text, as much as is looked at.
fn tail(text: &str) -> &str {
    let start = (text.len().saturating_sub(MAX_AROUND)..=text.len()).find(|at| text.is_char_boundary(*at));
    &text[start.unwrap_or(text.len())..]
}

/// The start of a text, as much as is looked at.
fn head(text: &str) -> &str {
    let end = (0..=text.len().min(MAX_AROUND)).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}

fn claim(written: &WrittenFigure) -> Claim {
    Claim::of(written.clone())
}

/// The numbers of a book, for the figures of texts.
struct Judge<'b> {
    book: &'b Book,
    candidates: &'b [Candidate],
    disputes: &'b Disputes,
    subjects: Subjects,
}

impl Judge<'_> {
    /// The verdicts on a text, and a row for each.
    fn text(&mut self, reading: &Reading<'_>, rows: &mut Vec<Row>) -> Result<CheckedText, Error> {
        let mut checked =
            CheckedText { name: reading.article.name.clone(), skipped: reading.skipped(), ..CheckedText::default() };
        let mut lines = Lines::of(&reading.article.text);
        let mut sources = BTreeSet::new();
        for (at, (block, findings)) in reading.prose.blocks.iter().zip(&reading.findings).enumerate() {
            let first = checked.figures.len();
            checked.paragraphs.push(paragraph(block, &findings.figures, first));
            for figure in &findings.figures {
                refuse_stopped(self.book)?;
                let mut buffer = [String::new(), String::new()];
                let around = reading.surroundings(at, figure, &mut buffer);
                let (judged, cells) = self.figure(figure, &around, &mut sources);
                let located = lines.locate(judged, block.source_range(&figure.range));
                rows.push(place_cells(&checked.name, &located).into_iter().chain(cells).collect());
                checked.figures.push(located);
            }
        }
        let mut sources: Vec<String> = sources.into_iter().collect();
        sources.sort_by_key(|id| (id.len(), id.clone()));
        checked.sources = report::sources_text(self.book, sources.iter()).unwrap_or_default();
        Ok(checked)
    }

    /// The verdict on a figure, without its place, and its cells.
    fn figure(
        &mut self,
        figure: &FoundFigure,
        around: &Surroundings<'_>,
        sources: &mut BTreeSet<String>,
    ) -> (TextFigure, Row) {
        let written = around.written.split_whitespace().collect::<Vec<_>>().join(" ");
        let claim = match &figure.reading {
            Ok(written) => claim(written),
            Err(unreadable) => {
                let empty = empty_figure(written, FigureVerdict::Unreadable, unreadable.why.clone());
                let cells = report::unreadable_row(&unreadable.why);
                return (TextFigure { help: unreadable.help.clone(), ..empty }, cells);
            }
        };
        let (verdict, sense) = self.verdict(&claim, around);
        let parts = report::parts(self.book, &claim, &verdict);
        sources.extend(parts.evidence.sources.iter().cloned());
        let mut cells = report::row(self.book, &claim, &verdict);
        let figure = text_figure(written, &verdict, sense.as_ref(), parts);
        if let Some(note) = cells.last_mut() {
            *note = note_cell(&figure);
        }
        (figure, cells)
    }

    /// The verdict on a figure among the numbers that are about what its sentence speaks of; without one, among all.
    fn verdict(&mut self, claim: &Claim, around: &Surroundings<'_>) -> (Verdict, Option<Sense>) {
        let agreeing: Vec<&Candidate> = agreeing(claim, self.candidates).take(MAX_COMPARED).collect();
        if agreeing.is_empty() {
            return (verdict(claim, self.candidates, self.disputes), None);
        }
        let mut judged: Vec<(Sense, Candidate)> = Vec::with_capacity(agreeing.len());
        for candidate in agreeing {
            judged.push((pledging::sense(&mut self.subjects, self.book, candidate, around), candidate.clone()));
        }
        judged.sort_by_key(|(sense, _)| sense.rank());
        let is_same = judged[0].0.is_same();
        let among: Vec<Candidate> = judged
            .iter()
            .filter(|(sense, _)| sense.is_same() == is_same)
            .map(|(_, candidate)| candidate.clone())
            .collect();
        let mut found = verdict(claim, &among, self.disputes);
        let sense = found.matches.first().and_then(|found| {
            judged.iter().find(|(_, candidate)| {
                candidate.name == found.candidate.name && candidate.quantity == found.candidate.quantity
            })
        });
        let sense = sense.map(|(sense, _)| sense.clone());
        if !is_same {
            found.outcome = FigureVerdict::OtherSubject;
        }
        (found, sense)
    }
}

/// The cell of the remarks on a figure, and of why it is of another subject.
fn note_cell(figure: &TextFigure) -> Cell<'static> {
    let reason = Some(&figure.reason).filter(|_| figure.verdict == FigureVerdict::OtherSubject).cloned();
    let remarks = figure.remarks.iter().map(|(label, text)| format!("{label}: {text}"));
    let notes: Vec<String> = reason.into_iter().chain(remarks).collect();
    if notes.is_empty() { Cell::Null } else { Cell::Text(notes.join("; ").into()) }
}

/// The cells of the place of a figure.
fn place_cells(name: &str, figure: &TextFigure) -> Row {
    let number = |number: usize| Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    let text = |text: &str| Cell::Text(text.to_owned().into());
    vec![text(name), number(figure.line), number(figure.column), text(&figure.written)]
}

fn empty_figure(written: String, verdict: FigureVerdict, reason: String) -> TextFigure {
    TextFigure {
        written,
        verdict,
        reason,
        range: 0..0,
        line: 0,
        column: 0,
        line_text: String::new(),
        width: 0,
        matched: None,
        facts: Vec::new(),
        stages: Vec::new(),
        not_stated: Vec::new(),
        nearest: None,
        remarks: Vec::new(),
        help: None,
    }
}

/// A figure with its verdict and the parts of its report.
fn text_figure(written: String, verdict: &Verdict, sense: Option<&Sense>, parts: Parts) -> TextFigure {
    let outcome = verdict.outcome;
    let name = verdict.matches.first().map_or("", |found| found.candidate.name.as_str());
    let reason = match sense {
        Some(Sense::OtherState(state)) => {
            format!("matches `{name}`, which is not what the sentence speaks of: it names `{state}`")
        }
        Some(Sense::OtherDeed(Deed { word, stages })) => format!(
            "matches `{name}`, which is not what the sentence speaks of: it says `{word}`, and the book has it as {stages}"
        ),
        Some(Sense::Unrelated) => format!("matches `{name}`, which is not what the sentence speaks of"),
        _ => parts.reason,
    };
    let candidate = verdict.candidate();
    let stages = candidate.map(|candidate| candidate.quantity.stages().iter().map(|stage| stage.to_string()).collect());
    let subject = sense.and_then(Sense::remark).map(|remark| ("subject".to_owned(), remark));
    let mut figure = empty_figure(written, outcome, reason);
    figure.facts = parts.evidence.all.iter().take(MAX_COMPARED).map(|fact| fact.to_string()).collect();
    figure.stages = stages.unwrap_or_default();
    figure.not_stated = if matches!(outcome, FigureVerdict::NotInBook | FigureVerdict::OtherSubject) {
        Vec::new()
    } else {
        parts.limits
    };
    figure.matched = parts.matched;
    figure.nearest = parts.nearest;
    figure.remarks = subject.into_iter().chain(parts.remarks).collect();
    figure
}

/// The pieces of a block around its figures, of which the first has this number.
fn paragraph(block: &Block, figures: &[FoundFigure], first: usize) -> Paragraph {
    let kind = match block.kind {
        BlockKind::Heading => ParagraphKind::Heading,
        BlockKind::Paragraph => ParagraphKind::Paragraph,
        BlockKind::Cell => ParagraphKind::Cell,
    };
    let text = |range: std::ops::Range<usize>| TextPiece::Text(block.text[range].replace(markup::LEFT_OUT, ""));
    let mut pieces = Vec::new();
    let mut at = 0;
    for (n, figure) in figures.iter().enumerate() {
        if figure.range.start > at {
            pieces.push(text(at..figure.range.start));
        }
        pieces.push(TextPiece::Figure(first + n));
        at = figure.range.end;
    }
    if at < block.text.len() {
        pieces.push(text(at..block.text.len()));
    }
    Paragraph { kind, pieces }
}

/// The lines of a file, gone through once while figures are located in their order.
struct Lines<'t> {
    text: &'t str,
    /// The place that was located last: its offset, line and column.
    at: (usize, usize, usize),
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        Self { text, at: (0, 1, 1) }
    }

    /// A figure with its place in the file.
    fn locate(&mut self, figure: TextFigure, range: std::ops::Range<usize>) -> TextFigure {
        let (mut from, mut line, mut column) = self.at;
        if range.start < from {
            (from, line, column) = (0, 1, 1);
        }
        // A byte order mark is no character of its line.
        for c in self.text[from..range.start].chars().filter(|c| *c != '\u{feff}') {
            (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        self.at = (range.start, line, column);
        let written = self.text[range.clone()].lines().next().unwrap_or_default();
        let (width, line_text) = (written.chars().count().max(1), self.line_around(&range));
        TextFigure { range, line, column, line_text, width, ..figure }
    }

    /// The line that a range begins on; of a very long one, the range alone.
    fn line_around(&self, range: &std::ops::Range<usize>) -> String {
        let before = tail(&self.text[..range.start]);
        let start = before.rfind('\n').map(|newline| newline + 1).or((before.len() < MAX_AROUND).then_some(0));
        let behind = head(&self.text[range.start..]);
        let end = behind.find('\n').or((behind.len() < MAX_AROUND).then_some(behind.len()));
        match start.zip(end) {
            Some((start, end)) => format!("{}{}", &before[start..], behind[..end].trim_end_matches('\r')),
            None => self.text[range.clone()].to_owned(),
        }
    }
}
