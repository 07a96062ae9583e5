//! Searching the book for words. A word is found in any form, an actor under every name and code; rows that have the
//! words elsewhere than in their text, or have related words, are found only if no row has them in its text.
//!
//! Reading order: `stemmer`; `terms` for the words and actors of a search; this file for the rows; `records` for imported tables.

mod joined_names;
mod records;
mod stemmer;
mod subject;
mod terms;

pub use records::FoundRecords;
pub use subject::{SubjectWord, subject_words};
pub use terms::{ActorEntry, SearchTerms};

use super::Book;
use crate::error::suggest;
use rusqlite::{Result, Row};
use std::collections::HashMap;
use stemmer::tokens;

/// The result of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchResults {
    /// The rows that have the words, in the order of the book.
    pub entries: Vec<SearchEntry>,
    /// The words that no row need have, each with the related words that were searched for in its place.
    pub related: Vec<(String, Vec<String>)>,
}

/// The rank of a match, the best first; each includes the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum MatchRank {
    /// The words are in the text of the row.
    Text,
    /// The words are anywhere in the row, or related words in its text.
    Row,
    /// The words or related words are anywhere in the row.
    Related,
}

impl Book {
    /// The rows of these searched views that have the words; if none has them in its text, those that have them
    /// elsewhere, or have related words.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    pub fn search(&self, views: &[&str], terms: &SearchTerms) -> Result<SearchResults> {
        let mut found: Vec<(MatchRank, bool, SearchEntry)> = Vec::new();
        for view in views {
            let mut entries = self.entries(view)?;
            if *view == "facts" {
                self.add_actors(&mut entries, terms.actors())?;
            }
            let ranked = |entry: SearchEntry| terms.rank(&entry).map(|(rank, has_related)| (rank, has_related, entry));
            found.extend(entries.into_iter().filter_map(ranked));
        }
        let nearest = found.iter().map(|(rank, ..)| *rank).min();
        found.retain(|(rank, ..)| Some(*rank) == nearest);
        let related = if found.iter().any(|(_, has_related, _)| *has_related) { terms.related() } else { Vec::new() };
        Ok(SearchResults { entries: found.into_iter().map(|(.., entry)| entry).collect(), related })
    }

    /// The actors that some words name: by a whole name, alias or code, or else by a part of a name.
    ///
    /// # Errors
    /// As [`Book::search`].
    pub fn actors_named(&self, words: &str) -> Result<Vec<String>> {
        let actors = self.actors()?;
        let found = terms::named(&actors, words);
        Ok(found.into_iter().map(|actor| actor.name.clone()).collect())
    }

    /// The nearest word of the book, or name of an actor, to one that is absent; `None` if none is near.
    ///
    /// # Errors
    /// As [`Book::search`].
    pub fn nearest_word(&self, words: &str) -> Result<Option<String>> {
        let mut known: Vec<String> = Vec::new();
        for actor in self.actors()? {
            known.extend(actor.names().map(str::to_owned));
        }
        known.extend(self.related_words()?.into_iter().map(|(word, _)| word));
        for view in STATEMENT_VIEWS {
            known.extend(self.entries(view)?.iter().flat_map(SearchEntry::words));
        }
        known.sort();
        known.dedup();
        // Stricter than for a mistyped name of the program: many words of a book are close to each other.
        let near = suggest::nearest(words, known.iter().map(String::as_str));
        Ok(near.filter(|near| suggest::distance(words, near) <= words.chars().count() / 4))
    }
}

/// A row that a search can find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchEntry {
    /// The view or list of codes, as in [`SEARCHED`].
    pub view: &'static str,
    /// `F29`; for a row without an id, its code or clause.
    pub id: String,
    /// The text of the row, in a line.
    pub summary: String,
    /// The words searched first: its text, its parts, its codes.
    text: String,
    /// The words searched where nothing else is found: remarks, and secondary columns.
    rest: String,
    /// The actors of the search who are in it under any name.
    actors: Vec<String>,
}

/// The names of everything that is searched, in the order of the results: views, and lists of codes.
pub const SEARCHED: [&str; 12] = [
    "facts",
    "unknowns",
    "pledges",
    "plan_points",
    "tensions",
    "events",
    "assumptions",
    "sources",
    "stages",
    "certainties",
    "statuses",
    "units",
];

/// The searched views of what sources say; the others are lists of words that a book may use.
pub const STATEMENT_VIEWS: [&str; 8] =
    ["facts", "unknowns", "pledges", "plan_points", "tensions", "events", "assumptions", "sources"];

/// For each of them a query of id, line, text and the rest of its rows.
const QUERIES: [&str; SEARCHED.len()] = [
    "select f.id, f.gloss, concat_ws(' ', f.id, f.gloss, f.subject, f.action, f.object, f.kind, f.certainty, q.stage, c.text), \
     concat_ws(' ', f.note, q.label, f.status, f.attribution, f.time_relation) \
     from main.facts f join main.fact t on t.id = f.id left join main.figure q on q.fact = f.id \
     left join main.condition c on c.id = t.condition order by length(f.id), f.id",
    "select id, question, concat_ws(' ', id, question, about), concat_ws(' ', means, needs, reason) \
     from main.unknowns order by length(id), id",
    "select p.id, concat(p.instrument, ', ', a.name, ' to ', b.name), concat_ws(' ', p.id, 'pledge', p.instrument, a.name, b.name, c.name, \
     (select group_concat(concat_ws(' ', i.item, i.qualifier), ' ') from main.pledge_item i where i.pledge = p.id), \
     (select group_concat(q.stage, ' ') from main.pledge_stage s join main.figure q on q.fact = s.fact where s.pledge = p.id)), '' \
     from main.pledge p join main.actor a on a.id = p.provider join main.actor b on b.id = p.recipient \
     left join main.actor c on c.id = p.announcer order by length(p.id), p.id",
    "select clause, text, concat_ws(' ', text, plan, actor, force, condition), '' from main.plan_points order by plan, clause",
    "select id, statement, concat_ws(' ', id, statement), handling from main.tensions order by length(id), id",
    "select id, label, concat_ws(' ', id, label), coalesce(place, '') from main.events order by length(id), id",
    "select id, statement, concat_ws(' ', id, statement), changes from main.assumptions order by length(id), id",
    "select id, concat_ws(', ', description, title, publisher), concat_ws(' ', id, description, title, publisher), '' \
     from main.sources order by length(id), id",
    "select code, meaning, '', code from main.stage order by ord",
    "select code, meaning, '', code from main.certainty order by ord desc, code",
    "select code, meaning, '', code from main.status order by code",
    "select code, name, '', concat_ws(' ', code, iif(kind = 'currency', name, '')) from main.units order by code",
];

impl Book {
    /// The rows of one of the searched names, without their actors.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    fn entries(&self, view: &str) -> Result<Vec<SearchEntry>> {
        let Some((view, sql)) = SEARCHED.into_iter().zip(QUERIES).find(|(known, _)| *known == view) else {
            return Ok(Vec::new());
        };
        self.query_rows(sql, [], |row| entry(view, row))
    }

    /// Adds to each fact those of these actors who are in it under any name.
    fn add_actors(&self, facts: &mut [SearchEntry], actors: &[ActorEntry]) -> Result<()> {
        let mut actors_of: HashMap<String, Vec<String>> = HashMap::new();
        for actor in actors {
            for fact in self.mentions_of(&actor.name)? {
                actors_of.entry(fact).or_default().push(actor.name.clone());
            }
        }
        for fact in facts {
            fact.actors = actors_of.remove(&fact.id).unwrap_or_default();
        }
        Ok(())
    }

    /// The pairs of words that a book lists as related; none in a book that was made without such a list.
    fn related_words(&self) -> Result<Vec<(String, String)>> {
        self.word_list("search_word", "word, near")
    }

    /// The names under which people look for actors although no source uses them, each with its actor's key.
    fn common_names(&self) -> Result<Vec<(String, String)>> {
        self.word_list("search_name", "actor, name")
    }

    fn word_list(&self, table: &str, columns: &str) -> Result<Vec<(String, String)>> {
        let exists = "select exists (select 1 from main.sqlite_schema where type = 'table' and name = ?1)";
        let sql = format!("select {columns} from main.{table} order by 1, 2");
        if !self.query_row(exists, [table], |row| row.get(0))? {
            return Ok(Vec::new());
        }
        self.query_rows(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

impl SearchEntry {
    /// The words by which it is found.
    fn words(&self) -> Vec<String> {
        let words = tokens(&self.text).into_iter().chain(tokens(&self.rest));
        words.filter(|word| word.chars().all(char::is_alphabetic)).collect()
    }
}

fn entry(view: &'static str, row: &Row<'_>) -> Result<SearchEntry> {
    let text = |at: usize| row.get::<_, Option<String>>(at).map(Option::unwrap_or_default);
    Ok(SearchEntry { view, id: text(0)?, summary: text(1)?, text: text(2)?, rest: text(3)?, actors: Vec::new() })
}
