//! Source instrumentation: what the engine can't be told otherwise is injected into the text before compilation, and positions in
//! the compiled text are mapped back to the source. A function that asks the book is handed the scope of its caller, since the
//! engine hands it nothing of the variables at the call; a closure in a variable is called by its name alone; and the value of a
//! `switch` is looked at first, since the engine compares by hash.

use crate::syntax::rhai::{after_opening, defined_names};
use rhai::Position;

/// The functions that receive the scope of their caller.
const SCOPED_FUNCTIONS: [&str; 4] = ["query", "row", "stream", "value"];

/// The injected variable; a script can neither set nor read it.
pub(super) const SCOPE_VARIABLE: &str = "__caller";

/// The engine's name of its type in errors.
pub(super) const SCOPE_TYPE_NAME: &str = "caller scope";

/// The text injected after the parenthesis of each call.
const INJECTED_ARGUMENT: &str = "__caller, ";

/// The operator before the value of a `switch`, of which it makes what the engine can compare.
pub(super) const SWITCH_OPERATOR: &str = "__switched";

/// The text injected after each `switch`; what stands left of the operator has no meaning.
const INJECTED_OPERATOR: &str = " () __switched";

/// The operator before what a loop goes over whose body is compiled: a word that begins an expression.
pub(super) const LOOP_OPERATOR: &str = "__compiled";

/// The text injected before what such a loop goes over.
const INJECTED_LOOP: &str = "__compiled ";

/// The text injected after the name of a variable that is called.
const INJECTED_CALL: &str = ".call";

/// The texts injected into the opening of a comment for documentation, which the engine takes before a function alone.
const INJECTED_SLASH: &str = "/";
const INJECTED_STAR: &str = "*";

/// A text to be injected, and the byte before which it stands.
pub(super) type Insertion = (usize, &'static str);

/// The insertions that a text needs, by ascending offset. `is_variable` tells the variables in scope that hold a function,
/// `is_function` the names of functions.
pub(super) fn insertions(
    text: &str,
    is_variable: &dyn Fn(&str) -> bool,
    is_function: &dyn Fn(&str) -> bool,
) -> Vec<Insertion> {
    let defined = defined_names(text);
    scan(text, &|name| (defined.contains(name) || is_variable(name)) && !is_function(name))
}

/// Those of a text that calls no variable.
pub(super) fn plain_insertions(text: &str) -> Vec<Insertion> {
    scan(text, &|_| false)
}

/// True if a variable is called, or a loop compiled: the text alone does not say which.
pub(super) fn depend_on_more(insertions: &[Insertion]) -> bool {
    insertions.iter().any(|(_, insertion)| matches!(*insertion, INJECTED_CALL | INJECTED_LOOP))
}

/// The insertions before words at positions in the compiled text, which had `insertions`; one of another word there is left out.
pub(super) fn loop_insertions(text: &str, insertions: &[Insertion], sites: &[(Position, String)]) -> Vec<Insertion> {
    let compiled = with_insertions(text, insertions);
    let mut starts = vec![0];
    starts.extend(compiled.match_indices('\n').map(|(at, _)| at + 1));
    let offset = |(position, word): &(Position, String)| {
        let (line, column) = (position.line()?, position.position()?);
        let rest = compiled.get(*starts.get(line.checked_sub(1)?)?..)?;
        let at = compiled.len() - rest.len() + rest.char_indices().nth(column.checked_sub(1)?)?.0;
        compiled[at..].starts_with(word.as_str()).then(|| original_offset(insertions, at))
    };
    sites.iter().filter_map(offset).map(|at| (at, INJECTED_LOOP)).collect()
}

/// Maps an offset in the compiled text back to the source.
fn original_offset(insertions: &[Insertion], compiled: usize) -> usize {
    let mut injected = 0;
    for (at, insertion) in insertions {
        if at + injected >= compiled {
            break;
        }
        injected += insertion.len();
    }
    compiled - injected
}

/// The text with ordinary comments alone, as it is parsed to find out what it lacks.
pub(super) fn without_documentation(text: &str) -> String {
    let mut found = plain_insertions(text);
    found.retain(|(_, insertion)| matches!(*insertion, INJECTED_SLASH | INJECTED_STAR));
    with_insertions(text, &found)
}

/// The text with its insertions.
pub(super) fn with_insertions(text: &str, insertions: &[Insertion]) -> String {
    let (mut injected, mut from) = (String::with_capacity(text.len()), 0);
    for (at, insertion) in insertions {
        injected.push_str(&text[from..*at]);
        injected.push_str(insertion);
        from = *at;
    }
    injected + &text[from..]
}

/// Maps a position in the compiled text, which had these insertions, back to the source.
pub(super) fn original_position(text: &str, insertions: &[Insertion], position: Position) -> Position {
    let (Some(line), Some(column)) = (position.line(), position.position()) else { return position };
    let mut original = column;
    for (at, insertion) in insertions {
        let start = text[..*at].rfind('\n').map_or(0, |newline| newline + 1);
        let column = text[start..*at].chars().count() + 1;
        if text[..start].matches('\n').count() + 1 == line && original > column {
            original = column.max(original.saturating_sub(insertion.len()));
        }
    }
    let narrow = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
    Position::new(narrow(line), narrow(original))
}

fn scan(text: &str, is_callable: &dyn Fn(&str) -> bool) -> Vec<Insertion> {
    let mut scan = Scan { text, is_callable, found: Vec::new() };
    scan.code(0, false);
    scan.found
}

/// A scan of code for the places of insertions.
struct Scan<'s> {
    text: &'s str,
    is_callable: &'s dyn Fn(&str) -> bool,
    found: Vec<Insertion>,
}

impl Scan<'_> {
    /// Scans code from a byte on, to the end or past the brace that closes it.
    fn code(&mut self, mut at: usize, is_within: bool) -> usize {
        let mut depth = 0_usize;
        while let Some(next) = self.text[at..].chars().next() {
            let rest = &self.text[at..];
            at += match next {
                '/' | '"' | '\'' | '#' => {
                    self.comment(at);
                    rest.len() - after_opening(rest).unwrap_or_default().len()
                }
                '`' => self.template(at + 1) - at,
                '}' if is_within && depth == 0 => return at + 1,
                next if next.is_alphanumeric() || next == '_' => self.word(at),
                next => {
                    depth = match next {
                        '{' => depth + 1,
                        '}' => depth.saturating_sub(1),
                        _ => depth,
                    };
                    next.len_utf8()
                }
            };
        }
        self.text.len()
    }

    /// Makes an ordinary comment of one for documentation, should one begin at `at`.
    fn comment(&mut self, at: usize) {
        let rest = &self.text[at..];
        let is = |opening: &str, longer: &str| rest.starts_with(opening) && !rest.starts_with(longer);
        let insertion = match () {
            () if is("///", "////") => INJECTED_SLASH,
            () if is("/**", "/***") && !rest.starts_with("/**/") => INJECTED_STAR,
            () => return,
        };
        self.found.push((at + 2, insertion));
    }

    /// Length of the word at `at`; records the insertion that it needs, if it does.
    fn word(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (word, before) = (&rest[..length], self.text[..at].trim_end());
        let is_other = (before.ends_with('.') && !before.ends_with("..")) || before.ends_with("::");
        let is_definition = before.strip_suffix("fn").is_some_and(|before| !before.ends_with(is_of_word));
        if is_other || is_definition {
            return length;
        }
        let arguments = rest[length..].trim_start();
        if word == "switch" {
            // A key of a map has a colon behind it.
            self.found.extend((!arguments.starts_with(':')).then_some((at + length, INJECTED_OPERATOR)));
        } else if !arguments.starts_with('(') {
        } else if SCOPED_FUNCTIONS.contains(&word) {
            let has_some = !arguments[1..].trim_start().starts_with(')');
            self.found.extend(has_some.then(|| (self.text.len() - arguments.len() + 1, INJECTED_ARGUMENT)));
        } else if (self.is_callable)(word) {
            self.found.push((at + length, INJECTED_CALL));
        }
        length
    }

    /// Scans a template string from after its opening backquote to past its closing one; the code within it is scanned as code.
    fn template(&mut self, mut at: usize) -> usize {
        while let Some(next) = self.text[at..].find(['`', '$']) {
            at += next + 1;
            if self.text[..at].ends_with('`') {
                return at;
            }
            if self.text[at..].starts_with('{') {
                at = self.code(at + 1, true);
            }
        }
        self.text.len()
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The words after `from`, `join` or a comma, and the series of `at`: possible names of tables.
pub(super) fn named_tables(text: &str) -> impl Iterator<Item = &str> {
    let words =
        text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '`' | '\'' | ')' | ';')).filter(|w| !w.is_empty());
    let is_before =
        |word: &str| word.eq_ignore_ascii_case("from") || word.eq_ignore_ascii_case("join") || word.ends_with(',');
    let pairs = words.clone().zip(words.skip(1));
    let read = pairs.filter(move |(before, _)| is_before(before)).map(|(_, word)| word.trim_end_matches(','));
    read.chain(named_series(text))
}

/// The words that begin the arguments of `at`.
fn named_series(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(['a', 'A']).filter_map(|(at, _)| {
        let is_within = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = text.get(at + 2..).filter(|_| !is_within && text[at + 1..].starts_with(['t', 'T']))?;
        let argument = rest.trim_start().strip_prefix('(')?.trim_start().trim_start_matches(['"', '`', '\'']);
        let end = argument.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(argument.len());
        Some(&argument[..end]).filter(|name| !name.is_empty())
    })
}

/// The names after a colon: variables that SQL in a text may mean by `:name`.
pub(super) fn named_parameters(text: &str) -> impl Iterator<Item = &str> {
    text.split(':').skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        Some(&rest[..end]).filter(|name| !name.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::{insertions, named_parameters, named_tables, original_position, plain_insertions, with_insertions};
    use rhai::Position;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = insertions(text, &|name| name == "known", &|name| name == "taken");
        let injected = with_insertions(text, &found);
        assert_eq!(injected.replace("__caller, ", "•").replace(" () __switched", "¤"), expected, "{text}");
    }

    #[test]
    fn calls_are_found_in_templates_and_ranges() {
        check("let t = query(\"x\"); row (`y`)", "let t = query(•\"x\"); row (•`y`)");
        check(
            "`${value(\"a\")} query(b) ${#{k: row(c)}.k}` + stream(d)",
            "`${value(•\"a\")} query(b) ${#{k: row(•c)}.k}` + stream(•d)",
        );
        check("for x in 0..value(\"n\") {}", "for x in 0..value(•\"n\") {}");
    }

    #[test]
    fn text_that_looks_like_a_call_is_unchanged() {
        for text in [
            "// query(x)\n\"query(x)\" 'q' /* row(x) /* row(y) */ row(z) */",
            "|row| row.stage; x.value(1); m::query(1); my_query(2); fn value(a) { a }",
            "#\"he said \"query(x)\"\"#; query()",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn a_variable_is_called_and_a_value_switched() {
        check("let f = |x| x; f(1) + known (2)", "let f = |x| x; f.call(1) + known.call (2)");
        check("let taken = 1; taken(2); m.f(1); other(1)", "let taken = 1; taken(2); m.f(1); other(1)");
        check("fn g(h) { `${h(1)}` } k(|a, b| b(a))", "fn g(h) { `${h.call(1)}` } k(|a, b| b.call(a))");
        check("a || (b) || if (c) { d }", "a || (b) || if (c) { d }");
        check("/// a\nx; //// b\n/** c */ /**/ \"///\"", "//// a\nx; //// b\n/*** c */ /**/ \"///\"");
        check("switch x { 1 => 2 } #{switch: 1}.switch", "switch¤ x { 1 => 2 } #{switch: 1}.switch");
        let text = "let f = 1; f(2) + y";
        let found = insertions(text, &|_| false, &|_| false);
        assert_eq!(original_position(text, &found, Position::new(1, 24)), Position::new(1, 19));
    }

    #[test]
    fn positions_map_back_to_the_source() {
        let text = "let a = 1;\nrow(value(x)) + y";
        let original_position = |text, position| original_position(text, &plain_insertions(text), position);
        for (column, original) in [(1, 1), (4, 4), (5, 5), (9, 5), (15, 5), (20, 10), (21, 11), (31, 11), (36, 16)] {
            assert_eq!(original_position(text, Position::new(2, column)), Position::new(2, original), "{column}");
        }
        assert_eq!(original_position(text, Position::new(1, 9)), Position::new(1, 9));
    }

    #[test]
    fn tables_are_named_after_from_and_join() {
        let text = "query(\"select a, b from rows join others using (a)\"); query(`select * FROM x, y`)";
        assert_eq!(named_tables(text).collect::<Vec<_>>(), ["b", "rows", "others", "x", "y"]);
        let text = "query(\"select at('rates.usd', day) + AT (gdp, a, b) + format(x)\")";
        assert_eq!(named_tables(text).collect::<Vec<_>>(), ["day", "a", "b", "rates", "gdp"]);
    }

    #[test]
    fn parameters_are_named_after_a_colon() {
        let text = "let t = query(\"select :a, :b_2 from x where y=:é\", #{c: 1}); m::f()";
        assert_eq!(named_parameters(text).collect::<Vec<_>>(), ["a", "b_2", "é", "f"]);
    }
}
