//! The ids that texts of a result name: a column of facts is as much part of what an answer rests on as a quantity.

use crate::report::is_id;

/// Words of the names of columns whose texts are ids of facts.
const ID_WORDS: [&str; 10] = ["fact", "facts", "id", "ids", "record", "records", "closest", "in", "on", "unknown"];

/// True if the texts of a column of this name may be ids.
pub(super) fn may_name_ids(column: &str) -> bool {
    column.split('_').any(|word| ID_WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// The ids in a text that holds nothing else, spans written out: `F48–F52 F38`; none in any other text.
pub(super) fn ids_in_text(text: &str) -> Option<Vec<String>> {
    let mut ids = Vec::new();
    for word in text.split_whitespace() {
        match word.split_once('–') {
            None if is_id(word) => ids.push(word.to_owned()),
            Some((first, last)) if is_id(first) && is_id(last) => ids.extend(span(first, last)?),
            _ => return None,
        }
    }
    (!ids.is_empty()).then_some(ids)
}

/// The most ids of a span.
const MOST_OF_SPAN: u32 = 1_000;

/// The ids from one to another.
fn span(first: &str, last: &str) -> Option<Vec<String>> {
    let split = |id: &str| {
        let digits = id.len() - id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (mark, number) = id.split_at(id.len() - digits);
        Some((mark.to_owned(), number.len(), number.parse::<u32>().ok()?))
    };
    let ((mark, width, from), (other, _, to)) = (split(first)?, split(last)?);
    let is_span = mark == other && from <= to && to - from < MOST_OF_SPAN;
    is_span.then(|| (from..=to).map(|number| format!("{mark}{number:0width$}")).collect())
}

#[cfg(test)]
mod tests {
    use super::{ids_in_text, may_name_ids};

    #[test]
    fn spans_of_ids_are_written_out() {
        assert_eq!(ids_in_text("F08–F10 U11"), Some(["F08", "F09", "F10", "U11"].map(str::to_owned).into()));
        assert_eq!(ids_in_text("S2:9–S2:11").map(|ids| ids.len()), Some(3));
        for text in ["", "F16 jets", "F10–F08", "F01–U02", "F1–F999999"] {
            assert_eq!(ids_in_text(text), None, "{text}");
        }
    }

    #[test]
    fn only_columns_for_ids_have_them() {
        assert!(["fact", "stated_in", "other_fact", "closest", "ID"].iter().all(|name| may_name_ids(name)));
        assert!(["aircraft", "identity", "gloss"].iter().all(|name| !may_name_ids(name)));
    }
}
