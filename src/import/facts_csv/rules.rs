//! The rules that the cells of one row keep among themselves. The tables of the book hold the same rules; here each says what is
//! wrong, and at which cell.

use super::definition::FactsFile;
use crate::quantity::{Reason, Stage};

/// A row: its file and its cells, as read.
pub(super) struct Row<'r> {
    pub(super) file: &'static FactsFile,
    pub(super) cells: &'r [Option<String>],
}

/// A broken rule: the column, and what is wrong.
pub(super) type Violation = (&'static str, String);

impl Row<'_> {
    /// The cell of a column.
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        self.cells[self.file.position(column)?].as_deref()
    }

    /// The number of a column.
    fn number(&self, column: &str) -> Option<i64> {
        self.get(column)?.parse().ok()
    }

    /// The rules that are broken.
    pub(super) fn violations(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        match self.file.name {
            "facts" => self.check_fact(&mut found),
            "conditions" => self.check_span(&mut found),
            "figures" => self.check_figure(&mut found),
            "events" => self.check_event(&mut found),
            "participants" => self.check_participant(&mut found),
            "items" => self.check_item(&mut found),
            "units" => self.check_unit(&mut found),
            "plan_points" => {
                let (point, clause) = (self.get("point"), self.get("clause"));
                if !point.is_some_and(|point| clause.is_some_and(|clause| clause.starts_with(point))) {
                    found.push((
                        "clause",
                        "a clause begins with the number of its point: 2a is a clause of point 2".into(),
                    ));
                }
            }
            "actors" if self.get("iso3").is_some() && self.get("kind") != Some("state") => {
                found.push(("iso3", "only a state has one: take it out, or make the kind `state`".into()));
            }
            "unknown_facts" if self.get("brief_ord").is_some() && self.get("part") != Some("limits") => {
                found.push(("brief_ord", "only a row with `limits` has a place in short notes".into()));
            }
            "assumptions" if (self.get("takes") == Some("probability")) != self.get("certainty").is_some() => {
                found.push(("certainty", "it goes with a probability, and a probability with it".into()));
            }
            "reasons" => self.check_known("reason", Reason::ALL.iter().map(|code| code.as_str()), &mut found),
            "stage_codes" => self.check_known("stage", Stage::ALL.iter().map(|code| code.as_str()), &mut found),
            "source_links" => self.check_different("source", "origin", &mut found),
            "event_order" => self.check_different("earlier", "later", &mut found),
            "event_twins" => self.check_different("event", "twin", &mut found),
            "overlaps" => self.check_different("pledge", "other", &mut found),
            "search_words" => self.check_different("word", "near", &mut found),
            _ => {}
        }
        found
    }

    fn check_different(&self, one: &str, other: &'static str, found: &mut Vec<Violation>) {
        if self.get(one) == self.get(other) {
            found.push((other, format!("it is the same as `{one}`: a row is about two")));
        }
    }

    fn check_known(&self, what: &str, known: impl Iterator<Item = &'static str>, found: &mut Vec<Violation>) {
        let known: Vec<&str> = known.collect();
        if let Some(code) = self.get("code").filter(|code| !known.contains(code)) {
            found.push(("code", format!("`{code}` is no {what} that the program knows: {}", known.join(", "))));
        }
    }

    fn check_unit(&self, found: &mut Vec<Violation>) {
        let code = self.get("code").unwrap_or_default();
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if !code.starts_with(|c: char| c.is_ascii_alphabetic()) || !code.bytes().all(is_word) {
            found.push(("code", format!("`{code}` can't be a unit: letters, digits and `_`, a letter first")));
        }
    }

    fn check_span(&self, found: &mut Vec<Violation>) {
        let (start, end) = (self.number("char_start"), self.number("char_end"));
        match (start, end) {
            (Some(start), Some(end)) if end <= start => {
                found.push(("char_end", format!("it ends at {end}, before it has begun at {start}")));
            }
            (Some(_), None) => found.push(("char_end", "where it begins is given, and where it ends is not".into())),
            (None, Some(_)) => found.push(("char_start", "where it ends is given, and where it begins is not".into())),
            _ => {}
        }
    }

    fn check_fact(&self, found: &mut Vec<Violation>) {
        let (id, source) = (self.get("id").unwrap_or_default(), self.get("source").unwrap_or_default());
        match (self.number("record"), self.number("paragraph"), self.number("sentence")) {
            (None, None, _) => {
                let message = "where is it said? give paragraph and sentence, or the record of a table";
                found.push(("paragraph", message.into()));
            }
            (Some(_), Some(_), _) => found.push(("record", "it is in a record or in a paragraph, not in both".into())),
            (_, Some(_), None) => found.push(("sentence", "the sentence of that paragraph is missing".into())),
            (_, None, Some(_)) => found.push(("paragraph", "the paragraph of that sentence is missing".into())),
            (Some(record), None, None) if id != format!("{source}:{record}") => {
                found.push(("id", format!("record {record} of {source} has the id `{source}:{record}`")));
            }
            (None, Some(_), Some(_)) => Self::check_fact_id(id, source, found),
            (Some(_), None, None) => {}
        }
        self.check_span(found);
    }

    fn check_fact_id(id: &str, source: &str, found: &mut Vec<Violation>) {
        let start = if source == "S1" { "F".to_owned() } else { format!("{source}F") };
        let digits = id.strip_prefix(&*start).unwrap_or_default();
        let number = digits.parse::<u32>().ok().filter(|number| *number > 0);
        match number {
            Some(number) if digits == format!("{number:02}") => {}
            Some(number) => found.push(("id", format!("`{id}` is written `{start}{number:02}`"))),
            None => found.push(("id", format!("a fact of {source} has an id as `{start}01`"))),
        }
    }

    fn check_figure(&self, found: &mut Vec<Violation>) {
        let mut want = |column: &'static str, is_right: bool, message: &str| {
            if !is_right {
                found.push((column, message.to_owned()));
            }
        };
        let has = |column: &str| self.get(column).is_some();
        let is_known = has("amount");
        if is_known {
            want("reason", !has("reason"), "there is a number: a reason says why there is none");
            want("bound", has("bound"), "a number has one: exact, where the source says no more");
            want("unit", has("unit"), "a number has a unit");
            want("basis", has("basis"), "a number has one: stated, where the source writes it");
        } else {
            want("amount", has("reason"), "there is neither a number nor a reason why there is none");
            want("bound", !has("bound"), "without a number there is no bound");
            want("basis", !has("basis"), "without a number there is no basis");
        }
        want("unknown", !has("unknown") || has("reason"), "an open question goes with a reason");
        let is_range = self.get("bound") == Some("between");
        want("upper", has("upper") == is_range, "the upper end goes with `between`, and with nothing else");
        let is_stated = self.get("basis") == Some("stated");
        for (column, missing) in [
            ("as_written", "a stated number has it: the number as the source writes it"),
            ("sig_figs", "a stated number has them: 2 for \u{a3}1.6 billion"),
            ("label", "a stated number has one: what it is the number of"),
        ] {
            let message = if is_stated { missing } else { "it goes with the basis `stated`" };
            want(column, has(column) == is_stated, message);
        }
    }

    fn check_event(&self, found: &mut Vec<Violation>) {
        let has_basis = matches!(self.get("date_basis"), Some("stated" | "derived"));
        match (self.get("date").is_some(), has_basis) {
            (true, false) => found.push(("date_basis", "there is a date: it is stated or derived".into())),
            (false, true) => found.push(("date", "it is said to be stated or derived, and is not there".into())),
            _ => {}
        }
    }

    fn check_participant(&self, found: &mut Vec<Violation>) {
        let matters = ["event", "initiative", "plan", "actor_group"];
        match matters.iter().filter(|matter| self.get(matter).is_some()).count() {
            1 => {}
            0 => found.push(("event", "a part in what? give an event, an initiative, a plan or a group".into())),
            _ => found.push(("event", "a row is a part in one thing: make a row for each".into())),
        }
        if self.get("actor").is_some() != self.get("fact").is_some() {
            let message = "an actor goes with the fact that says so; where nobody is stated, both are empty";
            found.push((if self.get("fact").is_some() { "actor" } else { "fact" }, message.into()));
        }
    }

    fn check_item(&self, found: &mut Vec<Violation>) {
        let has_qualifier = self.get("qualifier").is_some();
        if has_qualifier != self.get("qualifier_fact").is_some() {
            found.push(("qualifier_fact", "a qualifier goes with the fact that states it".into()));
        }
        if self.get("baseline").is_some() && !has_qualifier {
            found.push(("baseline", "without a qualifier there is nothing that it measures".into()));
        }
    }
}
