//! The same page as Markdown, in the same order and the same words: for editors of text, notes and archives. A chart is told in
//! sentences.

use super::chart;
use super::facts::{assumptions, others_open, told_before};
use super::legend::reading;
use super::model::{Block, Cell, Chart, Line, Noted, Page, Piece, Role, Section, Table};
use super::order;
use super::page::{NOTICE, closing, json_text, more_lines, receipt_id, receipt_note, sources_heading};
use crate::table::{escape_markdown, markdown_paragraph};

/// The page as one Markdown file.
#[must_use]
pub fn markdown(page: &Page) -> String {
    let mut text = Writer::default();
    text.paragraph(&format!("# {}", escape_markdown(&page.heading)));
    text.paragraph(&line(&page.lede));
    text.paragraph(&escape_markdown(&format!("{}: {}", page.book.name, page.book.extent)));
    if page.sections.len() > 1 {
        text.paragraph("## In short");
        text.items(page.sections.iter().map(in_short), true);
    }
    for (at, section) in page.sections.iter().enumerate() {
        question(&mut text, page, section, at + 1);
    }
    sources(&mut text, page);
    text.0
}

/// A text in paragraphs.
#[derive(Default)]
struct Writer(String);

impl Writer {
    /// A paragraph of finished Markdown; nothing for an empty one.
    fn paragraph(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(text);
        self.0.push('\n');
    }

    /// A list of finished lines.
    fn items(&mut self, lines: impl IntoIterator<Item = String>, is_numbered: bool) {
        let mark = |at: usize| if is_numbered { format!("{}.", at + 1) } else { "-".to_owned() };
        let lines: Vec<String> =
            lines.into_iter().enumerate().map(|(at, line)| format!("{} {line}", mark(at))).collect();
        self.paragraph(&lines.join("\n"));
    }

    /// A heading of the third level and its list; nothing for an empty one.
    fn titled(&mut self, title: &str, lines: impl IntoIterator<Item = String>) {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_some() {
            self.paragraph(&format!("### {title}"));
            self.items(lines, false);
        }
    }

    /// Lines in letters of one width, whatever is in them.
    fn listing(&mut self, text: &str) {
        let fence = if text.contains("```") { "~~~~~~" } else { "```" };
        self.paragraph(&format!("{fence}\n{}\n{fence}", crate::table::visible_lines(text).trim_end()));
    }
}

fn words(text: &str) -> String {
    markdown_paragraph(&escape_markdown(text))
}

fn line(line: &Line) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) | Piece::Value(text) | Piece::Id(text) => escape_markdown(text),
        Piece::Strong(text) => strong(text),
        Piece::Stamp(stamp) => strong(stamp.word()),
        Piece::Question(number) => format!("question {number}"),
    };
    markdown_paragraph(&line.0.iter().map(piece).collect::<String>())
}

fn strong(text: &str) -> String {
    format!("**{}**", escape_markdown(text))
}

fn stamps(section: &Section) -> String {
    section.stamps.iter().flat_map(|stamp| [strong(stamp.word()), " ".to_owned()]).collect()
}

fn in_short(section: &Section) -> String {
    format!("{}{}<br>{}", stamps(section), escape_markdown(&section.short), line(&section.gist))
}

fn question(text: &mut Writer, page: &Page, section: &Section, number: usize) {
    let of = page.sections.len();
    if of > 1 {
        let question = escape_markdown(&section.question);
        text.paragraph(&format!("## Question {number} of {of}: {}{question}", stamps(section)));
    } else {
        // The heading of the page is the question.
        text.paragraph(stamps(section).trim_end());
    }
    if let Some(failure) = &section.failure {
        text.paragraph(&words(&format!("No answer: {}", failure.message)));
        text.paragraph(&failure.help.as_ref().map(|help| words(&format!("Help: {help}"))).unwrap_or_default());
    }
    if let Some(value) = &section.value {
        text.paragraph(&strong(format!("{} {}", value.digits, value.unit).trim_end()));
    }
    text.paragraph(&line(&section.kind));
    text.paragraph(&line(&section.supposed));
    section.answer.iter().for_each(|sentence| text.paragraph(&line(sentence)));
    section.notices.iter().for_each(|notice| text.paragraph(&words(&format!("{NOTICE}{notice}"))));
    for block in &section.blocks {
        match block {
            Block::Table(table) => self::table(text, table),
            Block::Chart(Chart::Bars(bars)) => {
                text.paragraph(&words(&format!("{}. {}", bars.title, chart::in_words(bars))));
            }
            Block::Chart(Chart::Order(order)) => {
                text.paragraph(&words(&format!("Order within each frame only. {}", order::in_words(order))));
            }
            Block::Line(said) => text.paragraph(&line(said)),
            Block::Listing(lines) => text.listing(lines),
        }
    }
    let more = (section.working.more > 0).then(|| more_lines(section));
    text.titled("How it was computed", section.working.lines.iter().map(line).chain(more));
    beside(text, section);
    text.titled("To cite", section.cite.iter().map(|cite| words(cite)));
    if let Some(receipt) = &section.receipt {
        text.paragraph(&format!("### Receipt {}", escape_markdown(&receipt.id)));
        text.paragraph(&words(receipt_note(section)));
        text.listing(&json_text(&receipt.text));
    }
}

/// The notes that stand beside the answer in HTML.
fn beside(text: &mut Writer, section: &Section) {
    text.titled("Assumed", section.assumed.iter().map(noted));
    section.told_before.iter().for_each(|told| text.paragraph(&line(&told_before(told))));
    let facts = section.facts.told.iter().map(|fact| {
        let parts = [&fact.gloss, &fact.firmness, &fact.by, &fact.place].map(|part| escape_markdown(part));
        let [gloss, firmness, by, place] = parts;
        let place = if place.is_empty() { place } else { format!(" · {place}") };
        format!("{}: {gloss}<br>**{firmness}** · {by}{place}", escape_markdown(&fact.id))
    });
    text.titled("Facts", facts.chain(section.records.iter().map(noted)));
    if let Some(more) = &section.facts.more {
        text.paragraph(&words(&format!("{} more: {}", more.count, more.spans)));
        text.items(more.listed.iter().map(|(id, gloss)| escape_markdown(&format!("{id}: {gloss}"))), false);
    }
    text.titled("Not stated", section.questions.iter().map(noted));
    if !section.others_open.is_empty() {
        text.paragraph(&line(&others_open(section)));
    }
    text.titled("Where sources disagree", section.conflicts.iter().map(noted));
    text.titled("Where statements pull apart", section.tensions.iter().map(noted));
    text.paragraph(&words(&assumptions(section)));
}

fn noted(note: &Noted) -> String {
    let small = if note.small.is_empty() { String::new() } else { format!("<br>{}", escape_markdown(&note.small)) };
    format!("{}: {}{small}", escape_markdown(&note.id), escape_markdown(&note.text))
}

fn table(text: &mut Writer, table: &Table) {
    let common: String = table.common.iter().flat_map(|line| ["; ", line]).collect();
    text.paragraph(&words(&format!("{}{common}", table.caption)));
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let heading = |column: &super::model::Column| {
        let unit = if column.unit.is_empty() { String::new() } else { format!(" ({})", column.unit) };
        escape_markdown(&format!("{}{unit}", column.name))
    };
    let rule = |column: &super::model::Column| if column.role == Role::Number { "---:" } else { "---" }.to_owned();
    let cell = |cell: &Cell| match cell {
        Cell::Null | Cell::Empty => "–".to_owned(),
        cell => escape_markdown(&cell.words()),
    };
    let mut lines =
        vec![row(table.columns.iter().map(heading).collect()), row(table.columns.iter().map(rule).collect())];
    for one in &table.rows {
        let mut cells: Vec<String> = one.cells.iter().map(cell).collect();
        if let (Some(stamp), Some(first)) = (one.stamp, cells.first_mut()) {
            *first = format!("{} {first}", strong(stamp.word()));
        }
        lines.push(row(cells));
    }
    text.paragraph(&lines.join("\n"));
    if let Some(rest) = &table.rest {
        text.paragraph(&words(&format!("Every row: {rest}")));
    }
}

fn sources(text: &mut Writer, page: &Page) {
    let receipts: Vec<&str> =
        page.sections.iter().filter_map(|section| section.receipt.as_ref()).map(receipt_id).collect();
    text.paragraph(&format!("## {}", sources_heading(&receipts)));
    let source = |source: &super::model::SourceNote| {
        let parts = [&source.id, &source.description, &source.sha256].map(|part| escape_markdown(part));
        let [id, description, sha256] = parts;
        format!("{id}: {description}<br>sha256 {sha256}")
    };
    if page.sources.is_empty() {
        text.paragraph("No answer rests on a source of the book.");
    }
    text.items(page.sources.iter().map(source).chain(page.source_questions.iter().map(noted)), false);
    page.omitted.iter().for_each(|omitted| text.paragraph(&line(omitted)));
    if !receipts.is_empty() {
        text.paragraph("### Verify this page");
        text.listing(&page.verify);
    }
    text.paragraph("### How to read it");
    text.items(reading(page).iter().map(|(mark, meaning)| escape_markdown(&format!("{mark}: {meaning}"))), false);
    text.paragraph(&escape_markdown(&closing(page, &receipts)));
}
