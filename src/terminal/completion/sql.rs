//! What a statement of SQL can go on with at the cursor, by what stands in its FROM, be that before the cursor or behind.

use super::offer::{Offer, fitting};
use super::place::{Place, place};
use super::query::Query;
use super::sources::{Reader, Source};
use super::vocabulary::Vocabulary;
use super::words::{is_plain_in_sql, start_of_word};
use crate::script::ValueShape;
use crate::terminal::keywords;

/// Where the word at the byte `pos` of a text of SQL begins, and what it may become.
pub(super) fn complete(text: &str, pos: usize, vocabulary: &Vocabulary) -> (usize, Vec<Offer>) {
    let start = start_of_word(&text[..pos]);
    let word = &text[start..pos];
    let Some(query) = Query::at(text, start, pos) else { return (start, Vec::new()) };
    let reader = Reader { query: &query, vocabulary };
    let place = place(&query, text[..start].ends_with(':'));
    let mut found = match place {
        Place::Parameter => parameters(vocabulary),
        Place::Relation => relations(&reader),
        Place::Column(of) => reader.columns_of(of),
        Place::Keyword => Vec::new(),
        Place::Value => reader.values(word),
    };
    let takes_keywords = !matches!(place, Place::Parameter | Place::Column(_));
    if takes_keywords && !word.is_empty() {
        let is_upper = word.starts_with(char::is_uppercase);
        found.extend(
            keywords::SQL
                .iter()
                .map(|word| if is_upper { word.to_uppercase() } else { word.to_owned() })
                .map(Offer::name),
        );
    }
    (start, fitting(found, word))
}

/// Variables and ids, behind their colon. What holds rows can't be bound.
fn parameters(vocabulary: &Vocabulary) -> Vec<Offer> {
    let is_bound = |holds: &ValueShape| matches!(holds, ValueShape::Quantity | ValueShape::Other);
    let own = vocabulary.own.iter().filter(|own| own.signature.is_none() && is_bound(&own.shape));
    let ids = vocabulary.ids.iter().filter(|id| is_bound(&id.holds));
    own.map(|own| Offer::name(&own.name).first()).chain(ids.map(Offer::id)).collect()
}

/// Tables, views, what `with` names, tables in variables.
fn relations(reader: &Reader<'_, '_>) -> Vec<Offer> {
    let book = reader.vocabulary.relations.iter().map(|(name, _)| name.as_str());
    let own = reader.vocabulary.own_tables().map(|(name, _)| name);
    let all = reader.with_names().map(|(name, ..)| name).chain(book).chain(own);
    all.filter(|name| is_plain_in_sql(name)).map(|name| Offer::name(name).first()).collect()
}

fn columns<'c>(columns: impl IntoIterator<Item = &'c String>) -> Vec<Offer> {
    columns.into_iter().filter(|name| is_plain_in_sql(name)).map(|name| Offer::name(name).first()).collect()
}

impl Reader<'_, '_> {
    /// The columns behind `name.`: those of the alias, of the table or view; of all while there is no FROM.
    fn columns_of(&self, name: &str) -> Vec<Offer> {
        let sources: Vec<Source> = self.query.around().iter().flat_map(|range| self.sources_here(range)).collect();
        if let Some(source) = sources.iter().find(|source| source.name.eq_ignore_ascii_case(name)) {
            return columns(&source.columns);
        }
        if let Some(own) = self.vocabulary.columns(name) {
            return columns(own);
        }
        match name.to_ascii_lowercase().as_str() {
            "main" | "temp" => relations(self),
            // What stands there is an alias, of any of them.
            _ if sources.is_empty() => self.all_columns(),
            _ => Vec::new(),
        }
    }

    /// What can be part of a value: the columns of FROM, or all by name where it has none that is known; aliases and
    /// functions once something of them is typed. A query within that has no FROM yet may be going to read anything.
    fn values(&self, word: &str) -> Vec<Offer> {
        let (mut found, mut sources, mut is_any) = (Vec::new(), Vec::new(), false);
        for range in self.query.around() {
            sources = self.sources_here(&range);
            if sources.iter().any(|source| !source.columns.is_empty()) {
                let results = self.results_here(&range);
                found = columns(sources.iter().flat_map(|source| &source.columns).chain(&results));
                break;
            }
            is_any |= self.query.is(range.start, "select");
        }
        if found.is_empty() || is_any {
            found.extend(self.all_columns().into_iter().map(|offer| Offer { rank: 1, ..offer }));
        }
        if word.is_empty() {
            return found;
        }
        let functions = self.vocabulary.sql_functions.iter().map(Offer::function);
        let own =
            self.vocabulary.own.iter().filter_map(|own| Some(Offer::name(&own.name).shown(own.signature.clone()?)));
        found.extend(functions.chain(own));
        if sources.is_empty() {
            found.extend(relations(self));
        }
        let aliases = sources.iter().map(|source| &source.name).filter(|name| is_plain_in_sql(name));
        found.extend(aliases.map(Offer::name));
        found
    }

    fn all_columns(&self) -> Vec<Offer> {
        columns(self.vocabulary.relations.iter().flat_map(|(_, columns)| columns))
    }
}
