//! A checked text as a page: its paragraphs with marked figures, the note on each, and the receipt of it all.

use crate::error::Error;
use crate::quantity::Ref;
use crate::report::{self, BookNote, Cell, Figure, Line, Paragraph, Part, Piece, SourceNote, TextSource};
use crate::session::{Article, Asked, Session};
use crate::store::hexadecimal;
use crate::table::{CheckedText, ParagraphKind, TextFigure, TextPiece};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

impl Session {
    /// Checks the figures of a text; the page of it, and the text with the verdicts.
    ///
    /// # Errors
    /// The book can't be read; the work was stopped.
    pub fn checked_page(&mut self, article: &Article) -> Result<(report::CheckedPage, CheckedText), Error> {
        let recorder = self.recorder();
        let checked = self.check_articles(std::slice::from_ref(article), recorder.output())?;
        let receipt = self.receipt(Asked::Article(article), &recorder)?;
        let text = checked.into_iter().next().unwrap_or_default();
        let page = report::CheckedPage {
            program: concat!("pledgebook ", env!("CARGO_PKG_VERSION")).to_owned(),
            book: BookNote {
                name: super::name_without_path(&self.book),
                extent: self.extent_in_words()?,
                digest: None,
            },
            text: TextSource {
                name: file_name(&article.name),
                sha256: hexadecimal(&Sha256::digest(article.text.as_bytes())),
            },
            title: title(&text),
            eyebrow: String::new(),
            paragraphs: text.paragraphs.iter().filter(|one| !is_title(one, &text)).map(paragraph).collect(),
            figures: text.figures.iter().map(figure).collect(),
            uncounted: uncounted(&text),
            sources: self.sources_of_figures(&text)?,
            receipt: Some(report::ReceiptText { id: receipt.id.clone(), text: receipt.text() }),
        };
        Ok((page, text))
    }

    /// The sources of the facts behind the verdicts.
    fn sources_of_figures(&self, text: &CheckedText) -> Result<Vec<SourceNote>, Error> {
        let facts = text.figures.iter().flat_map(|figure| &figure.facts).filter_map(|fact| fact.parse::<Ref>().ok());
        let numbers: BTreeSet<u16> = facts
            .filter_map(|reference| match reference {
                Ref::Fact { source, .. } | Ref::Record { source, .. } | Ref::AllRecords(source) => Some(source),
                Ref::Unknown(_) => None,
            })
            .collect();
        let entries = numbers.iter().map(|number| self.book.source(&format!("S{number}")));
        let entries: rusqlite::Result<Vec<_>> = entries.collect();
        let entries = entries.map_err(|error| self.book.error(&error))?;
        entries.iter().flatten().map(|source| self.source_note(source)).collect()
    }
}

/// A file without its directory.
fn file_name(name: &str) -> String {
    std::path::Path::new(name).file_name().map_or_else(|| name.to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The first heading, or the name of the file.
fn title(text: &CheckedText) -> String {
    let heading = text.paragraphs.iter().find(|paragraph| paragraph.kind == ParagraphKind::Heading);
    let words = heading.map(|heading| words_of(heading, text));
    words.filter(|words| !words.trim().is_empty()).unwrap_or_else(|| file_name(&text.name))
}

/// True for the paragraph that is the title, unless a figure in it has a note.
fn is_title(paragraph: &crate::table::Paragraph, text: &CheckedText) -> bool {
    let is_plain = paragraph.pieces.iter().all(|piece| matches!(piece, TextPiece::Text(_)));
    is_plain && paragraph.kind == ParagraphKind::Heading && words_of(paragraph, text) == title(text)
}

fn words_of(paragraph: &crate::table::Paragraph, text: &CheckedText) -> String {
    let word = |piece: &TextPiece| match piece {
        TextPiece::Text(text) => text.clone(),
        TextPiece::Figure(at) => text.figures.get(*at).map(|figure| figure.written.clone()).unwrap_or_default(),
    };
    paragraph.pieces.iter().map(word).collect()
}

/// A remark with the quotes of a page in the place of those of a terminal.
fn quoted(text: &str) -> String {
    let mut parts = text.split('`');
    let mut words = parts.next().unwrap_or_default().to_owned();
    for (at, part) in parts.enumerate() {
        words.push(if at % 2 == 0 { '“' } else { '”' });
        words.push_str(part);
    }
    words
}

fn paragraph(paragraph: &crate::table::Paragraph) -> Paragraph {
    let part = |piece: &TextPiece| match piece {
        TextPiece::Text(text) => Part::Words(text.clone()),
        TextPiece::Figure(at) => Part::Figure(*at),
    };
    Paragraph { parts: paragraph.pieces.iter().map(part).collect() }
}

fn figure(figure: &TextFigure) -> Figure {
    let in_book = figure.matched.as_ref().or(figure.nearest.as_ref());
    Figure {
        written: figure.written.clone(),
        verdict: figure.verdict,
        note: Line::of(quoted(&figure.reason)),
        more: note_lines(figure),
        in_book: in_book.map_or(Cell::Null, |text| Cell::Text(text.clone())),
        facts: figure.facts.clone(),
    }
}

/// The further lines of a note: what stands beside a stated figure is its stage, and what nobody states of it.
fn note_lines(figure: &TextFigure) -> Vec<Line> {
    let labelled =
        |label: &str, text: &Option<String>| text.as_ref().map(|text| Line::of(format!("{label}: {}", quoted(text))));
    let mut lines: Vec<Line> = labelled("match", &figure.matched).into_iter().collect();
    // Those of the nearest number are no stages of a figure that the book does not have.
    let stages = if figure.matched.is_some() { figure.stages.join(", ") } else { String::new() };
    if !stages.is_empty() || !figure.not_stated.is_empty() {
        let mut line = Line::default();
        if !stages.is_empty() {
            line = line.then(Piece::Strong(format!("stage {stages}")));
        }
        if !figure.not_stated.is_empty() {
            let separator = if stages.is_empty() { "" } else { "; " };
            line = line.text(format!("{separator}not stated: {}", figure.not_stated.join(", ")));
        }
        lines.push(line);
    }
    lines.extend(labelled("nearest", &figure.nearest));
    lines.extend(figure.remarks.iter().map(|(label, text)| Line::of(format!("{label}: {}", quoted(text)))));
    lines.extend(labelled("help", &figure.help));
    lines
}

/// `4 dates and 1 section number are no figures.`; empty if there are none.
fn uncounted(text: &CheckedText) -> String {
    let headline = text.headline();
    headline.split_once("; ").map(|(_, skipped)| format!("{skipped}.")).unwrap_or_default()
}
