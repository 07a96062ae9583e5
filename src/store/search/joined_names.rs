//! Texts of two columns that are names of one actor and no match for each other: `UK` and `United Kingdom`, `USA` and `United States`.

use super::terms::{ActorEntry, name_words};
use crate::store::catalogue::{View, ViewColumn};
use crate::store::{Book, quote_identifier};
use rusqlite::Result;
use std::collections::{BTreeSet, HashMap};

/// The most different texts of a column that are looked up.
const MAX_TEXTS: usize = 2_000;

impl Book {
    /// The pairs of texts of two columns that name one actor and differ, where one of each has no match in the other column; true behind
    /// them if the names that the book uses are those of the right.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn unmatched_names(
        &self,
        left: (&View, &ViewColumn),
        right: (&View, &ViewColumn),
    ) -> Result<(Vec<(String, String)>, bool)> {
        let actors = self.actors()?;
        if actors.is_empty() {
            return Ok((Vec::new(), true));
        }
        let (left, right) = (self.different_texts(left)?, self.different_texts(right)?);
        let names = names_of(&actors);
        let actor = |text: &str| names.get(&name_words(text)).copied().flatten();
        let mut of_actors: HashMap<usize, Vec<&String>> = HashMap::new();
        for text in &right {
            if let Some(actor) = actor(text) {
                of_actors.entry(actor).or_default().push(text);
            }
        }
        let mut pairs = Vec::new();
        for text in &left {
            for other in actor(text).and_then(|actor| of_actors.get(&actor)).into_iter().flatten() {
                let is_matched = right.contains(text) && left.contains(*other);
                if text != *other && !is_matched {
                    pairs.push((text.clone(), (*other).clone()));
                }
            }
        }
        let is_used = |name: &str| actors.iter().any(|actor| actor.name == name);
        let is_of_right = !pairs.iter().any(|(one, other)| is_used(one) && !is_used(other));
        Ok((pairs, is_of_right))
    }

    /// The texts of a column; none where there are too many to be names.
    fn different_texts(&self, (view, column): (&View, &ViewColumn)) -> Result<BTreeSet<String>> {
        let (view, column) = (quote_identifier(&view.name), quote_identifier(&column.name));
        let sql = format!(
            "select distinct {column} from main.{view} where typeof({column}) = 'text' limit {}",
            MAX_TEXTS + 1
        );
        let texts: Vec<String> = self.query_rows(&sql, [], |row| row.get(0))?;
        Ok(if texts.len() > MAX_TEXTS { BTreeSet::new() } else { texts.into_iter().collect() })
    }
}

/// The actor of each name and code, by its place; `None` for a name of several.
fn names_of(actors: &[ActorEntry]) -> HashMap<Vec<String>, Option<usize>> {
    let mut names: HashMap<Vec<String>, Option<usize>> = HashMap::new();
    for (at, actor) in actors.iter().enumerate() {
        for name in actor.names().chain(actor.codes.iter().map(String::as_str)) {
            let known = names.entry(name_words(name)).or_insert(Some(at));
            *known = known.filter(|other| *other == at);
        }
    }
    names.remove(&Vec::new());
    names
}
