//! Terse sentences on a pledge: `Britain pledges £1.6bn to Ukraine` has no word of the number but the names and that it is pledged.
//! Words of pledging count for a number that is a pledge where the sentence has no other words of its own.
//!
//! Every actor that it names has to be a party of the pledge, and the recipient is none who pledges.

use super::candidates::Candidate;
use super::deed;
use super::pledges::Pledge;
use super::subject::{SAYING_LITTLE, Sense, Subjects, Surroundings, Topic, needed_weight, weight_of_unit};
use crate::store::Book;
use crate::store::search::{SubjectWord, subject_words};
use std::collections::BTreeSet;

/// The relation of a sentence to a candidate, with what it says of a pledge and what it says is done.
pub(super) fn sense(subjects: &mut Subjects, book: &Book, candidate: &Candidate, around: &Surroundings<'_>) -> Sense {
    let mut sense = subjects.sense(book, candidate, around);
    if sense == Sense::Unrelated {
        let topic = subjects.topic(book, candidate);
        sense = subjects.pledging_sense(&topic, candidate, &around.sentence.join(" ")).unwrap_or(sense);
    }
    let deed = deed::unreached(&candidate.quantity, around.sentence).filter(|_| sense.is_same());
    deed.map_or(sense, Sense::OtherDeed)
}

/// The words that a sentence shares with a pledge.
#[derive(Default)]
struct Shared {
    words: Vec<String>,
    weight: usize,
    /// The first word of pledging.
    pledging: Option<String>,
}

impl Subjects {
    /// The sense of a terse sentence on a pledge; none where it is no such.
    fn pledging_sense(&self, topic: &Topic, candidate: &Candidate, sentence: &str) -> Option<Sense> {
        let pledge = self.pledges.of(candidate)?;
        let Shared { mut words, mut weight, pledging } = self.shared_with_pledge(topic, pledge, sentence)?;
        let pledging = pledging?;
        let named = self.names(sentence);
        if !named.iter().all(|name| pledge.is_party(name)) {
            return None;
        }
        // Who is named before the word of pledging is who pledges.
        let pledger = sentence.find(&pledging).and_then(|at| self.names(&sentence[..at]).into_iter().next());
        let recipient = pledge.parties.recipient.as_deref();
        if pledger.is_some() && pledger == recipient && recipient != pledge.parties.provider.as_deref() {
            return None;
        }
        let announcer = named.iter().find(|name| pledge.parties.announcer.as_deref() == Some(**name));
        if let Some(announcer) = announcer.filter(|name| !self.is_of_topic(topic, name)) {
            words.push((*announcer).to_owned());
            weight += 1;
        }
        let counted = candidate.quantity.unit().map_or(0, |unit| weight_of_unit(unit, topic));
        let weight = weight + 1 + counted;
        words.push(pledging);
        (weight >= needed_weight(candidate)).then_some(Sense::Same { shared: words, weight, other_state: None })
    }

    /// The words that a sentence shares with a pledge; none if it has others of its own.
    fn shared_with_pledge(&self, topic: &Topic, pledge: &Pledge, sentence: &str) -> Option<Shared> {
        let (mut shared, mut seen) = (Shared::default(), BTreeSet::new());
        for SubjectWord { written, stem } in subject_words(sentence) {
            let lower = written.to_lowercase();
            if SAYING_LITTLE.contains(&lower) || !seen.insert(stem.clone()) {
                continue;
            }
            if self.pledges.has_stem(&stem) {
                shared.pledging.get_or_insert(written);
            } else if self.has_word(topic, &stem) || topic.pledge_stems.contains(&stem) || pledge.is_seat(&lower) {
                shared.weight += 1;
                shared.words.push(written);
            } else if !self.is_name(&stem) {
                return None;
            }
        }
        Some(shared)
    }
}
