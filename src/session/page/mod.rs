//! Answers as one page: what a run asked and what came out is recorded, and then told with everything that it rests on. What a page
//! looks like is [`crate::report`]'s.
//!
//! Reading order: `record` (what was asked and answered), `cells` (a result as a table), `drawings` (its charts), `basis` (facts, open
//! questions, sources), `assumptions`, `answers` (a section); this file puts the page together.

mod answers;
mod assumptions;
mod basis;
mod cells;
mod checked;
mod disputed;
mod drawings;
mod record;

pub use record::PageRecord;

use super::{Session, commands};
use crate::error::Error;
use crate::report::{BookNote, Line, Noted, Page, Piece, Section, SourceNote};
use crate::store::{Book, Origin, SourceEntry};
use crate::syntax::shell_word;
use answers::section;
use basis::Tellings;
use std::collections::BTreeSet;
use std::path::Path;

/// The most sources that the sentence under the heading describes.
const MOST_DESCRIBED: usize = 3;

impl Session {
    /// The page of what was recorded, for a file of this name.
    ///
    /// # Errors
    /// The book can't be read any more.
    pub fn page(&mut self, record: &PageRecord, file: &Path) -> Result<Page, Error> {
        // A question that was stopped leaves the book stopped.
        self.begin_work()?;
        let content = self.book.content_digest()?;
        let mut tellings = Tellings::default();
        let (supposed, mut sections) = (self.supposed.clone(), Vec::new());
        let tables = self.tables_beside_the_book()?;
        for mut asked in record.answered() {
            asked.note_tables(&self.book, &tables)?;
            self.set_suppositions(asked.supposed.clone())?;
            sections.push(section(self, &asked, &content, &mut tellings)?);
        }
        self.set_suppositions(supposed)?;
        let sources = self.sources_of(&tellings)?;
        let extent = self.extent_in_words()?;
        Ok(Page {
            program: concat!("pledgebook ", env!("CARGO_PKG_VERSION")).to_owned(),
            book: BookNote { name: name_without_path(&self.book), extent, digest: Some(content.whole()) },
            heading: heading(&sections, sources.len()),
            lede: lede(&sources),
            source_questions: self.source_questions(&sources, &mut tellings)?,
            sources: sources.iter().map(|source| self.source_note(source)).collect::<Result<_, _>>()?,
            sections,
            verify: self.verify_command(file),
            omitted: record.omitted().into_iter().map(Line::of).collect(),
        })
    }

    /// The command that verifies a page of this name, which is told without its directory.
    fn verify_command(&self, file: &Path) -> String {
        let name = file.file_name().map(|name| shell_word(&name.to_string_lossy())).unwrap_or_default();
        let words = ["pledgebook".to_owned(), self.book_words(), "verify".to_owned(), name];
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The names of the tables that are none of the book itself: imported ones, those of one's own, and of attached databases.
    fn tables_beside_the_book(&self) -> Result<Vec<String>, Error> {
        let failed = |error: rusqlite::Error| self.book.error(&error);
        let own = self.book.own_names().map_err(failed)?.into_keys();
        let imported = self.book.catalogue().imported().map(|view| view.name.to_string());
        let attached = self.book.attached().into_iter().map(|attached| attached.name);
        Ok(own.chain(imported).chain(attached).collect())
    }

    /// The contents of the book: `55 facts from 1 source`.
    fn extent_in_words(&self) -> Result<String, Error> {
        let extent = self.book.extent().map_err(|error| self.book.error(&error))?;
        let count = |number: i64, one: &str| crate::quantity::human::count(u64::try_from(number).unwrap_or(0), one);
        Ok(extent.map_or("a database without facts".to_owned(), |extent| {
            let facts = format!("{} from {}", count(extent.facts, "fact"), count(extent.sources, "source"));
            let tables = count(extent.tables, "table");
            match (extent.facts, extent.tables) {
                (_, 0) => facts,
                (0, _) => tables,
                _ => format!("{facts}, {tables}"),
            }
        }))
    }

    /// The sources that the answers rest on, in the order of their numbers.
    fn sources_of(&self, tellings: &Tellings) -> Result<Vec<SourceEntry>, Error> {
        let numbers: BTreeSet<u16> = tellings.sources.iter().copied().collect();
        let entries = numbers.iter().map(|number| self.book.source(&format!("S{number}")));
        let entries: rusqlite::Result<Vec<Option<SourceEntry>>> = entries.collect();
        Ok(entries.map_err(|error| self.book.error(&error))?.into_iter().flatten().collect())
    }

    /// A source, with what its import doubted.
    fn source_note(&self, source: &SourceEntry) -> Result<SourceNote, Error> {
        let licence = source.licence.as_ref().map(|licence| format!("; licence {licence}")).unwrap_or_default();
        let doubts = self.book.import_doubts(&source.id).map_err(|error| self.book.error(&error))?;
        let doubts = match &doubts[..] {
            [] => String::new(),
            [only] => format!("; in doubt at its import: {only}"),
            [first, others @ ..] => format!("; in doubt at its import: {first}; and {} more", others.len()),
        };
        let description = format!("{}{licence}{doubts}", super::provenance::source_description(source));
        Ok(SourceNote { id: source.id.clone(), description, sha256: source.sha256.clone() })
    }

    /// The open questions about the sources that no section has told.
    fn source_questions(&self, sources: &[SourceEntry], tellings: &mut Tellings) -> Result<Vec<Noted>, Error> {
        let mut notes = Vec::new();
        for id in sources.iter().filter_map(|source| source.unknown.as_deref()) {
            let entry = self.book.question(id).map_err(|error| self.book.error(&error))?;
            if let Some(entry) = entry.filter(|_| tellings.is_new(id)) {
                let small =
                    format!("{}. Needs {}.", entry.means.trim_end_matches('.'), entry.needs.trim_end_matches('.'));
                notes.push(Noted { id: entry.id, text: entry.question, small });
            }
        }
        Ok(notes)
    }
}

/// The name of a book without its directory: a page says nothing of the machine that it was made on.
fn name_without_path(book: &Book) -> String {
    let file = |path: &std::path::Path| {
        path.file_name().map_or_else(|| "a book".to_owned(), |name| name.to_string_lossy().into_owned())
    };
    match book.origin() {
        Origin::File(path) => file(path),
        Origin::Memory(Some(path)) => format!("a copy of {}", file(path)),
        Origin::Bundled | Origin::Memory(None) | Origin::Shared(_) => commands::book_name(book),
    }
}

const SMALL_NUMBERS: [&str; 13] =
    ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];

/// The heading: the question, or how many there are; the number of sources is the first caveat.
fn heading(sections: &[Section], sources: usize) -> String {
    if let [only] = sections {
        return only.question.clone();
    }
    let number = |count: usize| SMALL_NUMBERS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned());
    let from = match sources {
        0 => "answered without a source".to_owned(),
        1 => "answered from one source".to_owned(),
        count => format!("answered from {} sources", number(count).to_lowercase()),
    };
    format!("{} questions, {from}", number(sections.len()))
}

/// The sentence on the sources.
fn lede(sources: &[SourceEntry]) -> Line {
    let described = |source: &SourceEntry| {
        let known = source.known.iter().flat_map(|known| [", ", known]).collect::<String>();
        format!("{}{known}", source.description)
    };
    let unstated = |line: Line, source: &SourceEntry, whose: &str| match &source.unknown {
        None => line,
        Some(id) => {
            line.text(format!("; {whose} author, publisher and date are not stated ")).then(Piece::Id(id.clone()))
        }
    };
    match sources {
        [] => Line::default(),
        [one] => unstated(Line::of(format!("The source is {}", described(one))), one, "its")
            .text(". Everything below rests on it alone."),
        several if several.len() <= MOST_DESCRIBED => {
            let mut line = Line::default();
            for source in several {
                line = line.then(Piece::Id(source.id.clone())).text(format!(" is {}", described(source)));
                line = unstated(line, source, "its").text(". ");
            }
            line.text("Everything below rests on them.")
        }
        several => Line::of(format!("Everything below rests on {} sources, which stand at its end.", several.len())),
    }
}
