//! The subject of a figure in a text: whether the sentence speaks of what the matched number of the book is about.
//!
//! The rule compares words by their stems, without filler words and without those of the figure itself. A number's words are its name,
//! the labels, glosses and subjects of its facts, and those of the facts that these refer to; a word of the sentence also counts for
//! the related words that the book lists, and a name for every name of its actor.
//!
//! 1. A sentence whose first-named state is none of the number's states speaks of another thing: `Russia fired 5,000 missiles`.
//! 2. Else it speaks of the number if it shares words with it that weigh at least 2, and 3 for a share in percent, and
//!    one of them, or what is counted, is no name. A word that more than a sixth of the facts have
//!    a name and a related word weigh 1, any other 2; what is counted, as `missiles`, weighs 1.
//! 3. Else, unless it has words enough of its own, the sentences before it in the paragraph, and the headings above, are read with it; together they must weigh 1 more.
//! 4. Else, for a number that is a pledge, the words of pledging count, if it has no other words of its own; that it is promised or
//!    given is no matter before (`pledging`).
//! 5. Else the book has the number of another thing; so it has where the clause of the figure says that something is done with it, as
//!    `paid`, that no stage of the number reaches (`deed`).

use super::candidates::Candidate;
use super::deed::Deed;
use super::pledges::Pledges;
use super::states;
use crate::error::Error;
use crate::quantity::Unit;
use crate::store::search::{SubjectWord, subject_words};
use crate::store::{Book, FactEntry};
use crate::syntax::WordList;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// A word that more than one of so many facts have says little.
const COMMON_SHARE: usize = 6;

/// Words that many sentences have, whatever they speak of.
pub(super) const SAYING_LITTLE: WordList = WordList(
    "all any each every no not more most less than only one two other others another some such own new who said say says also so if \
     but or nor up out over under about after before between into off there here they them he she we you i if then last first \
     next state stated states part number numbers year years day days month months time can could may might must shall should \
     would being per rounded nearly almost hundred thousand million billion trillion bn three four five six seven eight nine \
     ten dozen percent cent make makes made take takes took like way",
);

/// The weight that a sentence needs; for a share, which is one of many, 1 more.
const MIN_WEIGHT: usize = 2;

/// So many words of its own make a sentence that shares none speak of another thing than what is before it.
const MAX_OTHERS: usize = 2;

/// The most facts whose words are read for one number.
const MAX_FACTS: usize = 24;

/// The most words that a report lists.
const MAX_LISTED: usize = 5;

/// The surroundings of a figure: its sentence, and the text before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'t> {
    /// The sentence before the figure and behind it.
    pub(super) sentence: [&'t str; 2],
    /// The figure itself.
    pub(super) written: &'t str,
    /// The sentences before it, in the paragraph or the row, and the headings above.
    pub(super) context: &'t str,
}

/// The relation of a sentence to a number of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sense {
    /// The sentence shares these words with the number.
    Same { shared: Vec<String>, weight: usize, other_state: Option<String> },
    /// The text before the sentence shares these words with it.
    ByContext { shared: Vec<String>, weight: usize },
    /// It names a state that the number has nothing to do with.
    OtherState(String),
    /// It says that something is done with it which the book does not have as done.
    OtherDeed(Deed),
    /// It shares too little.
    Unrelated,
}

impl Sense {
    /// True if the sentence speaks of the number.
    pub(super) fn is_same(&self) -> bool {
        matches!(self, Self::Same { .. } | Self::ByContext { .. })
    }

    /// The rank among numbers that match equally well: less is better.
    pub(super) fn rank(&self) -> (u8, std::cmp::Reverse<usize>) {
        match self {
            Self::Same { weight, .. } => (0, std::cmp::Reverse(*weight)),
            Self::ByContext { weight, .. } => (1, std::cmp::Reverse(*weight)),
            Self::OtherState(_) | Self::OtherDeed(_) => (2, std::cmp::Reverse(0)),
            Self::Unrelated => (3, std::cmp::Reverse(0)),
        }
    }

    /// The remark beside a verdict.
    pub(super) fn remark(&self) -> Option<String> {
        let listed = |shared: &[String]| {
            let words: Vec<String> = shared.iter().take(MAX_LISTED).map(|word| format!("`{word}`")).collect();
            words.join(", ")
        };
        match self {
            Self::Same { shared, other_state: None, .. } => Some(format!("{} in the sentence", listed(shared))),
            Self::Same { shared, other_state: Some(state), .. } => Some(format!(
                "{} in the sentence, which also names `{state}`, of which the match says nothing",
                listed(shared)
            )),
            Self::ByContext { shared, .. } => Some(format!("{} in the sentence and before it", listed(shared))),
            Self::OtherState(_) | Self::OtherDeed(_) | Self::Unrelated => None,
        }
    }
}

/// The words of a number.
#[derive(Debug, Default)]
pub(super) struct Topic {
    stems: BTreeSet<String>,
    /// The states that it names, by their place in [`Subjects::states`].
    states: BTreeSet<usize>,
    /// The stems of the words of all facts of the pledge that the number is of.
    pub(super) pledge_stems: BTreeSet<String>,
}

/// The words that a text shares with a number.
#[derive(Debug, Default)]
struct Shared {
    /// The words, as written.
    words: Vec<String>,
    weight: usize,
    /// True if one of them is no name of an actor or state.
    has_matter: bool,
    /// True if one of them is no verb of pledging either.
    has_other_matter: bool,
    /// The number of its words that are neither shared nor names.
    others: usize,
}

/// The words by which subjects are compared, read once for a text.
pub(super) struct Subjects {
    related: HashMap<String, Vec<Vec<String>>>,
    /// The stems that many facts have.
    common: BTreeSet<String>,
    /// The stems of the names of actors and states.
    name_stems: BTreeSet<String>,
    /// The names of each state, and of each actor of the book, as words.
    names: HashMap<String, Vec<(Vec<String>, usize)>>,
    /// For each actor, the stems of its names, and whether it is a state, and one of the book.
    actors: Vec<Actor>,
    topics: HashMap<String, Rc<Topic>>,
    /// The pledges of the book.
    pub(super) pledges: Pledges,
}

struct Actor {
    name: String,
    stems: BTreeSet<String>,
    is_state: bool,
    is_of_book: bool,
}

/// A word of a text, for names: letters as they are written.
fn name_words(text: &str) -> Vec<&str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '.'))
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
        .collect()
}

impl Subjects {
    /// Reads the names, related and common words of a book.
    ///
    /// # Errors
    /// The book can't be read.
    pub(super) fn read(book: &Book) -> Result<Self, Error> {
        let failed = |error: rusqlite::Error| book.error(&error);
        let mut subjects = Self {
            related: book.related_stems().map_err(failed)?,
            common: common_stems(&book.facts().map_err(failed)?),
            name_stems: BTreeSet::new(),
            names: HashMap::new(),
            actors: Vec::new(),
            topics: HashMap::new(),
            pledges: Pledges::read(book)?,
        };
        for actor in book.actors().map_err(failed)? {
            subjects.add(&actor.names().collect::<Vec<_>>(), actor.kind == "state", true);
        }
        for names in states::states() {
            let is_known =
                names.iter().any(|name| subjects.actors.iter().any(|actor| actor.is_state && actor.name == *name));
            if !is_known {
                subjects.add(&names, true, false);
            }
        }
        Ok(subjects)
    }

    fn add(&mut self, names: &[&str], is_state: bool, is_of_book: bool) {
        let at = self.actors.len();
        let stems: BTreeSet<String> = names.iter().flat_map(|name| subject_words(name)).map(|word| word.stem).collect();
        self.name_stems.extend(stems.iter().cloned());
        let name = names.first().map_or_else(String::new, |name| (*name).to_owned());
        self.actors.push(Actor { name, stems, is_state, is_of_book });
        for name in names {
            let words: Vec<String> = name_words(name).into_iter().map(str::to_owned).collect();
            if let Some(first) = words.first() {
                self.names.entry(first.clone()).or_default().push((words, at));
            }
        }
    }

    /// The actors that a text names, in its order.
    fn named(&self, text: &str) -> Vec<usize> {
        let words = name_words(text);
        let mut found = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let names = self.names.get(*word).into_iter().flatten();
            let whole = names.filter(|(name, _)| {
                name.len() <= words.len() - at && name.iter().zip(&words[at..]).all(|(one, other)| one == other)
            });
            found.extend(whole.max_by_key(|(name, _)| name.len()).map(|(_, actor)| *actor));
        }
        found
    }

    /// The relation of a sentence to a candidate.
    pub(super) fn sense(&mut self, book: &Book, candidate: &Candidate, around: &Surroundings<'_>) -> Sense {
        let topic = self.topic(book, candidate);
        let topic = &*topic;
        let [before, behind] = around.sentence;
        if let Some(state) = self.first_foreign(topic, &[before, around.written, behind].join(" ")) {
            return Sense::OtherState(state);
        }
        let sentence = [before, behind].join(" ");
        let own = self.shared(topic, &sentence);
        let counted = candidate.quantity.unit().map_or(0, |unit| weight_of_unit(unit, topic));
        let needed = needed_weight(candidate);
        let weight = own.weight + counted;
        // That something is promised says nothing of what: of a pledge the terse rule decides.
        let has_matter = if self.pledges.has(candidate) { own.has_other_matter } else { own.has_matter };
        if weight >= needed && own.weight > 0 && (has_matter || counted > 0) {
            let other_state = self.foreign(topic, &sentence).into_iter().next();
            return Sense::Same { shared: own.words, weight, other_state };
        }
        let above = self.shared(topic, around.context);
        let is_other =
            !own.has_matter && own.others >= MAX_OTHERS || self.first_foreign(topic, around.context).is_some();
        let weight = weight + above.weight;
        if !is_other && above.has_matter && weight > needed {
            return Sense::ByContext { shared: own.words.into_iter().chain(above.words).collect(), weight };
        }
        Sense::Unrelated
    }

    /// True if a topic has a word, or one that is related to it.
    pub(super) fn has_word(&self, topic: &Topic, stem: &str) -> bool {
        let has = |stem: &String| topic.stems.contains(stem);
        let mut related = self.related.get(stem).into_iter().flatten();
        topic.stems.contains(stem) || related.any(|phrase| !phrase.is_empty() && phrase.iter().all(has))
    }

    /// True for a word of the name of an actor or a state.
    pub(super) fn is_name(&self, stem: &str) -> bool {
        self.name_stems.contains(stem)
    }

    /// The names of the actors that a text names, in its order, as the book has them.
    pub(super) fn names(&self, text: &str) -> Vec<&str> {
        self.named(text).into_iter().map(|actor| self.actors[actor].name.as_str()).collect()
    }

    /// True if an actor of this name is one that a topic names.
    pub(super) fn is_of_topic(&self, topic: &Topic, name: &str) -> bool {
        let of_name = self.actors.iter().filter(|actor| actor.name == name);
        of_name.flat_map(|actor| &actor.stems).any(|stem| topic.stems.contains(stem))
    }

    /// The words that a text shares with a topic.
    fn shared(&self, topic: &Topic, text: &str) -> Shared {
        let mut seen = BTreeSet::new();
        let mut shared = Shared::default();
        let has = |stem: &String| topic.stems.contains(stem);
        for SubjectWord { written, stem } in subject_words(text) {
            if SAYING_LITTLE.contains(&written.to_lowercase()) || !seen.insert(stem.clone()) {
                continue;
            }
            let is_name = self.is_name(&stem);
            if self.has_word(topic, &stem) {
                let says_little = !has(&stem) || is_name || self.common.contains(&stem);
                shared.weight += if says_little { 1 } else { 2 };
                shared.has_matter |= !is_name;
                shared.has_other_matter |= !is_name && !self.pledges.is_verb(&stem);
                shared.words.push(written);
            } else {
                shared.others += usize::from(!is_name);
            }
        }
        for actor in self.named(text).into_iter().map(|actor| &self.actors[actor]) {
            let is_new = !actor.stems.iter().any(|stem| seen.contains(stem) && topic.stems.contains(stem));
            if is_new && actor.stems.iter().any(has) && seen.insert(actor.name.clone()) {
                shared.weight += 1;
                shared.words.push(actor.name.clone());
            }
        }
        shared
    }

    /// The states that a text names and a topic does not. A topic without states has nothing to do with those that the book
    /// does not know.
    fn foreign(&self, topic: &Topic, text: &str) -> Vec<String> {
        let named = self.named(text).into_iter().filter(|actor| self.actors[*actor].is_state);
        let foreign = named.filter(|actor| self.is_foreign(topic, *actor));
        foreign.map(|actor| self.actors[actor].name.clone()).collect()
    }

    fn is_foreign(&self, topic: &Topic, actor: usize) -> bool {
        if topic.states.is_empty() { !self.actors[actor].is_of_book } else { !topic.states.contains(&actor) }
    }

    /// The first state that a text names, if the topic does not.
    fn first_foreign(&self, topic: &Topic, text: &str) -> Option<String> {
        let first = self.named(text).into_iter().find(|actor| self.actors[*actor].is_state)?;
        self.is_foreign(topic, first).then(|| self.actors[first].name.clone())
    }

    /// The words of a candidate.
    pub(super) fn topic(&mut self, book: &Book, candidate: &Candidate) -> Rc<Topic> {
        let key = format!("{}\n{}", candidate.name, candidate.quantity.facts());
        if let Some(topic) = self.topics.get(&key) {
            return Rc::clone(topic);
        }
        let topic = Rc::new(self.read_topic(book, candidate));
        self.topics.insert(key, Rc::clone(&topic));
        topic
    }

    fn read_topic(&self, book: &Book, candidate: &Candidate) -> Topic {
        let references = candidate.quantity.facts().without_questions();
        let mut ids = references.iter().take(MAX_FACTS).map(|reference| reference.to_string());
        let facts = book.facts_of(&mut ids, MAX_FACTS).unwrap_or_default();
        let mut text = fact_words(&facts);
        let mut referred = referred_facts(&text).into_iter();
        text.push_str(&fact_words(&book.facts_of(&mut referred, MAX_FACTS).unwrap_or_default()));
        for reference in references.iter().take(MAX_FACTS) {
            let cells = book.record_cells(reference).ok().flatten().map(|(_, row)| row).unwrap_or_default();
            cells.into_iter().filter_map(|(_, cell)| cell).for_each(|cell| text.push_str(&format!(" {cell}")));
        }
        text.push(' ');
        text.push_str(&candidate.name);
        let stems: BTreeSet<String> = subject_words(&text).map(|word| word.stem).collect();
        let states = self.named(&text).into_iter().filter(|actor| self.actors[*actor].is_state).collect();
        let named = self.named(&text).into_iter().flat_map(|actor| self.actors[actor].stems.iter().cloned());
        let pledge_stems = self.pledges.of(candidate).map(|pledge| pledge.stems(book)).unwrap_or_default();
        Topic { stems: stems.into_iter().chain(named).collect(), states, pledge_stems }
    }
}

/// The weight that a sentence needs to speak of a number.
pub(super) fn needed_weight(candidate: &Candidate) -> usize {
    MIN_WEIGHT + usize::from(is_share(candidate))
}

/// True for a number in percent.
fn is_share(candidate: &Candidate) -> bool {
    candidate.quantity.unit().is_some_and(|unit| unit.powers().any(|(code, _)| code == "percent"))
}

/// Units of time, of which anything may take some.
const SPANS: [&str; 3] = ["day", "month", "year"];

/// The weight of what is counted, as `missile`, where the number's words have it too.
pub(super) fn weight_of_unit(unit: &Unit, topic: &Topic) -> usize {
    let stems = unit.powers().flat_map(|(code, _)| subject_words(code).map(|word| word.stem).collect::<Vec<_>>());
    usize::from(stems.into_iter().any(|stem| topic.stems.contains(&stem) && !SPANS.contains(&stem.as_str())))
}

/// The words of facts.
fn fact_words(facts: &[FactEntry]) -> String {
    facts.iter().map(FactEntry::subject_words).collect()
}

/// The facts that the words of others refer to: `helped by F29`.
fn referred_facts(words: &str) -> Vec<String> {
    let is_id = |word: &&str| {
        word.strip_prefix('F')
            .is_some_and(|digits| digits.len() > 1 && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    name_words(words).into_iter().filter(is_id).map(str::to_owned).collect()
}

/// The stems that more than one of [`COMMON_SHARE`] facts have.
fn common_stems(facts: &[FactEntry]) -> BTreeSet<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for fact in facts {
        let stems: BTreeSet<String> = subject_words(&fact.gloss).map(|word| word.stem).collect();
        for stem in stems {
            *counts.entry(stem).or_default() += 1;
        }
    }
    counts.into_iter().filter(|(_, count)| count * COMMON_SHARE > facts.len()).map(|(stem, _)| stem).collect()
}
