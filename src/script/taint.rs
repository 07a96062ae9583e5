//! Taint: the assumptions that plain values of scripts may rest on. A quantity names its assumptions; a number taken out of it,
//! or a comparison with it, can't. So whatever a run answers after such a step carries them, and so does every variable that
//! the run set, for as long as it exists.

use crate::quantity::{Assumptions, Traced};
use rhai::{Array, Dynamic, FnPtr, Map, Scope};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

thread_local! {
    /// Assumptions noted since they were last taken. The functions that look at quantities know no interpreter, and one runs at
    /// a time.
    static NOTED: RefCell<Assumptions> = RefCell::default();
}

/// Notes the assumptions of a value from which something is computed that can't name them.
pub(super) fn note(value: &Dynamic) {
    if let Some(worked) = value.read_lock::<Traced>() {
        note_worked(&worked);
    }
}

/// As [`note`], for a quantity.
pub(super) fn note_worked(worked: &Traced) {
    if !worked.quantity.assumptions().is_empty() {
        let assumed = worked.quantity.assumptions().about_book();
        NOTED.with_borrow_mut(|noted| *noted = noted.union(&assumed));
    }
}

/// Takes the noted assumptions and clears them.
pub(super) fn take() -> Assumptions {
    NOTED.take()
}

/// The tainted variables of a session, each with the assumptions that its value may rest on.
#[derive(Debug, Default)]
pub(super) struct TaintedVariables(BTreeMap<String, Assumptions>);

impl TaintedVariables {
    /// The assumptions that the value of a variable may rest on.
    pub(super) fn of(&self, name: &str) -> Assumptions {
        self.0.get(name).cloned().unwrap_or_default()
    }

    /// Sets the assumptions that the value of a variable may rest on; none untaints it.
    pub(super) fn set(&mut self, name: &str, assumed: Assumptions) {
        if assumed.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), assumed);
        }
    }

    /// The assumptions of the variables that a script names; of all, where it could build names at run time (`eval`).
    pub(super) fn named_in(&self, script: &str) -> Assumptions {
        if self.0.is_empty() {
            return Assumptions::none();
        }
        let read = words_read(script);
        let is_read = |name: &str| read.contains(name) || read.contains("eval");
        let read = self.0.iter().filter(|(name, _)| is_read(name));
        read.fold(Assumptions::none(), |all, (_, assumed)| all.union(assumed))
    }

    /// Taints every variable that a run resting on `assumed` has made or changed. A variable shared with a closure may have
    /// been changed without being named, and so may a container that holds the closure.
    pub(super) fn update(
        &mut self,
        scope: &Scope<'_>,
        is_changed: impl Fn(&str, usize, &Dynamic) -> bool,
        script: &str,
        assumed: &Assumptions,
    ) {
        let words: BTreeSet<&str> = words(script).collect();
        let has_shared = scope.iter_raw().any(|(.., value)| value.is_shared());
        let is_open =
            |value: &Dynamic| value.is_shared() || value.is::<FnPtr>() || value.is::<Array>() || value.is::<Map>();
        let (mut seen, count) = (BTreeSet::new(), scope.len());
        for (at, (name, _, value)) in scope.iter_raw().enumerate() {
            if !seen.insert(name) {
                continue;
            }
            if (words.contains(name) || words.contains("eval")) && is_changed(name, count - 1 - at, value) {
                self.set(name, assumed.clone());
            } else if has_shared && is_open(value) {
                self.set(name, self.of(name).union(assumed));
            }
        }
    }

    /// Drops the variables for which `exists` is false.
    pub(super) fn retain(&mut self, exists: impl Fn(&str) -> bool) {
        self.0.retain(|name, _| exists(name));
    }
}

/// The words of a text: runs of letters, digits and `_`.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The words of a script that may read a variable from before it. After `let x = …;` an `x` is the new one; within brackets or
/// after a string the scan is not exact, and every word counts as read.
fn words_read(script: &str) -> BTreeSet<&str> {
    let (mut read, mut made) = (BTreeSet::new(), BTreeSet::new());
    let (mut depth, mut is_plain, mut making, mut before) = (0_usize, true, None, "");
    let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = script;
    while let Some(first) = rest.chars().next() {
        let length =
            if is_of_word(first) { rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (piece, behind) = rest.split_at(length);
        rest = behind;
        match first {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            '"' | '`' | '\'' | '/' | '|' => is_plain = false,
            ';' if depth == 0 && is_plain => made.extend(making.take()),
            _ if is_of_word(first) => {
                let is_made = matches!(before, "let" | "const") && depth == 0 && is_plain && !read.contains(piece);
                if is_made {
                    making = Some(piece);
                } else if !made.contains(piece) {
                    read.insert(piece);
                }
            }
            _ => {}
        }
        before = if first.is_whitespace() { before } else { piece };
    }
    read
}

#[cfg(test)]
mod tests {
    use super::{TaintedVariables, words_read};
    use crate::quantity::{Assumptions, Quantity};
    use crate::script::interpreter::Snapshot;
    use rhai::Scope;

    #[test]
    fn a_name_that_is_only_defined_is_not_read() {
        let read = |script| words_read(script).into_iter().collect::<Vec<_>>();
        assert_eq!(read("let x = 5;"), ["5", "let"]);
        assert_eq!(read("let x = x + 1"), ["1", "let", "x"]);
        assert_eq!(read("x; let x = 2"), ["2", "let", "x"]);
        assert_eq!(read("let x = 5; x + 1"), ["1", "5", "let"]);
        assert_eq!(read("if y { let x = 5; } x"), ["5", "if", "let", "x", "y"]);
        assert_eq!(read("let x = \"a;\" + x;"), ["a", "let", "x"]);
        assert_eq!(read("let y = `${x}`"), ["let", "x"]);
        assert_eq!(read("query(\"select :x\")"), ["query", "select", "x"]);
    }

    #[test]
    fn variables_set_by_a_run_are_tainted() {
        let assumed = "1 [A1]".parse::<Quantity>().unwrap().assumptions().clone();
        let mut scope = Scope::new();
        scope.push("kept", 1_i64).push("changed", 2_i64).push("unnamed", 3_i64).push_constant("fixed", 4_i64);
        let script = "changed = 5; let made = kept + fixed;";
        let snapshot = Snapshot::of(&scope, script);
        scope.set_value("changed", 5_i64);
        scope.push("made", 5_i64);
        let mut tainted = TaintedVariables::default();
        tainted.update(&scope, |name, at, value| snapshot.is_changed(name, at, value), script, &assumed);
        for (name, is_tainted) in
            [("kept", false), ("fixed", false), ("unnamed", false), ("changed", true), ("made", true)]
        {
            assert_eq!(!tainted.of(name).is_empty(), is_tainted, "{name}");
        }
        assert!(tainted.named_in("let made = 1;").is_empty());
        assert!(!tainted.named_in("let made = made;").is_empty());
        assert!(!tainted.named_in("eval(\"ma\" + \"de\")").is_empty());
        let script = "let made = 6;";
        let snapshot = Snapshot::of(&scope, script);
        scope.push("made", 6_i64);
        tainted.update(&scope, |name, at, value| snapshot.is_changed(name, at, value), script, &Assumptions::none());
        assert!(tainted.of("made").is_empty());
        scope.rewind(0);
        tainted.retain(|name| scope.contains(name));
        assert!(tainted.of("changed").is_empty());
    }
}
