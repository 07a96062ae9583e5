//! The words and marks of other languages, each with what a script writes in its place. One table: the errors of unknown names,
//! of reserved words and of marks that do not fit all look here.

use crate::syntax::rhai::tokens;
use crate::syntax::{Token, TokenKind};
use std::ops::Range;

/// Words and marks, separated by blanks, and the help on them.
const FOREIGN: &[(&str, &str)] = &[
    ("avg average", "the mean is `mean(values)`"),
    ("total", "the sum is `values.sum()`"),
    (
        "date strptime to_date",
        "a date is a text, as `\"2025-03-31\"`; `parse_date(text, format)` reads another spelling",
    ),
    ("now clock time datetime", NO_CLOCK),
    ("matches match_all find_all findall regex regex_match is_match search_text", PATTERNS),
    ("match", "`switch x { 1 => … }` compares a value, `text.captures(pattern)` matches a pattern"),
    ("int toInt parseInt Integer", "`parse_int(text)` reads a whole number, `x.to_int()` makes one of a number"),
    ("float to_float toFloat parseFloat double Number number", NUMBERS),
    ("size count length count_rows", "`x.len()` counts"),
    ("upper toUpperCase to_uppercase", "`text.to_upper()` writes it in capitals"),
    ("lower toLowerCase to_lowercase", "`text.to_lower()` writes it in small letters"),
    ("substring substr mid", "`text.sub_string(start, length)` is a part of a text"),
    ("strip rstrip lstrip", "`text.trim()` takes the white space around a text away, in place"),
    ("startsWith startswith", "the test is `text.starts_with(beginning)`"),
    ("endsWith endswith", "the test is `text.ends_with(end)`"),
    ("includes", "the test is `x.contains(value)`"),
    ("str to_str String toString", "`x.to_string()` makes a text, and `${x}` in backquotes puts a value into one"),
    ("printf println puts echo console log_line", "`print(x)` writes a line, and `show(x)` a result"),
    ("print", "it is called with parentheses: `print(x)`"),
    ("debug", "it is called with parentheses: `debug(x)`"),
    ("typeof", "the name of a type is `type_of(x)`"),
    ("null None nil NULL undefined void nothing", "no value is `()`"),
    ("True TRUE", "it is written `true`"),
    ("False FALSE", "it is written `false`"),
    ("elif elseif elsif", "it is written `else if`"),
    ("def function func lambda", "a function is `fn f(x) { … }`, and within an expression `|x| …`"),
    ("and", "both are asked by `a && b`"),
    ("or", "one of both is asked by `a || b`"),
    ("not unless", "the opposite is `!x`"),
    ("foreach each forEach", "each value is taken by `for x in values { … }`"),
    ("var static local val", "a variable is `let x = 5;`, and a constant `const X = 5;`"),
    ("new class", "there are no classes: a map is `#{name: 1}`"),
    ("case default", "a case is `1 => …` within `switch x { … }`, and any other `_ => …`"),
    ("then begin", "what an `if` or a loop does stands in braces: `if x > 1 { … }`"),
    ("use module package require", "a module is `import \"NAME\" as name;`"),
    ("raise", "an error is raised by `throw \"…\";`"),
    ("pass", "a block that does nothing is `{ }`"),
    ("async await spawn thread go sync yield", "a script does one thing after the other"),
    ("goto", "a loop is left by `break`, and a function by `return`"),
    ("^", "the power is `**`; `^` would be the exclusive or of bits"),
    ("^=", "the power is `x = x ** y`; `^=` would be the exclusive or of bits"),
    ("/=", "write `x = x / y`: `/=` would keep a whole number whole"),
    ("++", "one more is `x += 1`"),
    ("--", "one less is `x -= 1`; a comment begins with `//`"),
    ("?", "a choice is `if x > 1 { a } else { b }`, which is an expression"),
    ("#", "a comment begins with `//`"),
    (":=", "a variable is made by `let x = 5;`, and changed by `x = 6;`"),
    ("===", "equal is `==`"),
    ("!==", "not equal is `!=`"),
    ("->", "a closure is `|x| x + 1`"),
];

/// The help on what reads a clock.
const NO_CLOCK: &str =
    "no clock is read: `--assume today=2025-03-31`, or `.assume today=2025-03-31`, is `today()` then";

/// The help on patterns.
const PATTERNS: &str = "`regexp(pattern, text)` says whether a pattern matches, `text.captures(pattern)` gives the first match \
                        and `text.all_captures(pattern)` every one";

/// The help on numbers with a point.
const NUMBERS: &str = "numbers are exact: `parse_float(text)` reads one, and `decimal(x)` makes a decimal";

/// The functions of other languages that add a value to an array; tables and texts have some of the same name.
const OF_ARRAYS: [&str; 4] = ["add", "append", "push_back", "concat"];

/// The functions of other languages, and of arrays, that a table has under another name or as an index.
const OF_TABLES: &[(&str, &str)] = &[
    (
        "sort sort_desc order_by orderBy arrange",
        "a table is sorted by `table.sort_by(column)`, or `table.sort_by(column, \"desc\")`",
    ),
    ("to_array toArray rows to_list tolist values iterrows", "`table.map(|row| row)` gives an array of the rows"),
    ("extract slice head limit take top first_n", "the first rows are `table[0..10]`"),
    ("tail last_n", "the last rows are `table[-10..]`"),
    ("where query", "`table.filter(|row| condition)` has the rows that fit"),
    ("groupBy groupby", "`table.group_by(column)` gives the rows of each value"),
    (
        "shift unshift push append",
        "a table stays as it was asked for: `table.map(|row| row)` gives an array of the rows",
    ),
];

/// The help on a function of a table that has another name here.
pub(super) fn help_on_tables(function: &str) -> Option<&'static str> {
    listed(OF_TABLES, function)
}

/// The help on a word in a list of words and helps.
fn listed(list: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    list.iter().find(|(words, _)| words.split(' ').any(|known| known == word)).map(|(_, help)| *help)
}

/// The help on a word or mark of another language; `None` for any other.
pub(super) fn help(word: &str) -> Option<&'static str> {
    listed(FOREIGN, word)
}

/// The help on a function of an array that has another name here.
pub(super) fn help_on_arrays(function: &str) -> Option<&'static str> {
    OF_ARRAYS.contains(&function).then_some("`array.push(value)` adds a value, and `a += b` all values of an array")
}

/// A number with commas between its thousands, as `1,000`, from the token at `first` on: its range and the number without them.
/// `None` where it is none.
fn grouped_at(tokens: &[Token], first: usize, text: &str) -> Option<(Range<usize>, String)> {
    let number = |at: usize| tokens.get(at).filter(|token| token.kind == TokenKind::Number);
    let is_behind = |at: usize| tokens[at].range.start == tokens[at - 1].range.end;
    let is_group = |digits: &str| {
        let whole = digits.split('.').next().unwrap_or(digits);
        whole.len() == 3 && whole.bytes().all(|byte| byte.is_ascii_digit())
    };
    let head = number(first)?.text(text);
    if head.len() > 3 || !head.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (mut last, mut digits) = (first, head.to_owned());
    while let Some(group) = number(last + 2).map(|token| token.text(text)).filter(|group| is_group(group))
        && tokens[last + 1].text(text) == ","
        && is_behind(last + 1)
        && is_behind(last + 2)
    {
        digits.push_str(group);
        last += 2;
    }
    (last > first).then(|| (tokens[first].range.start..tokens[last].range.end, digits))
}

/// The first number of a text with commas between its thousands, of which `fits` is true.
fn grouped_number(text: &str, fits: impl Fn(&Range<usize>) -> bool) -> Option<(Range<usize>, String)> {
    let list: Vec<Token> = tokens(text).collect();
    let is_inner =
        |at: usize| at >= 2 && list[at - 1].text(text) == "," && list[at - 1].range.end == list[at].range.start;
    let mut starts = (0..list.len()).filter(|at| !is_inner(*at));
    starts.find_map(|at| grouped_at(&list, at, text).filter(|(range, _)| fits(range)))
}

/// The number with commas in it, one of whose groups begins with a 0, as no number of a list does: `[1,000]` would be 1 and 0.
pub(super) fn number_in_a_list(text: &str) -> Option<(Range<usize>, String)> {
    if !text.contains(",0") {
        return None;
    }
    grouped_number(text, |range| text[range.clone()].contains(",0"))
}

/// The number with commas in it that reaches over a byte of the text.
pub(super) fn number_around(text: &str, at: usize) -> Option<(Range<usize>, String)> {
    grouped_number(text, |range| range.contains(&at))
}

/// The help on such a number: both spellings that a script takes.
pub(super) fn without_commas(written: &str, digits: &str) -> String {
    format!("write `{digits}` or `{}`", written.replace(',', "_"))
}

#[cfg(test)]
mod tests {
    use super::{FOREIGN, OF_ARRAYS, help, number_around, number_in_a_list, without_commas};
    use crate::script::functions::{all, engine_methods};

    #[test]
    fn no_word_of_another_language_is_a_function_of_scripts() {
        let words = || FOREIGN.iter().flat_map(|(words, _)| words.split(' '));
        let own: Vec<&str> = all()
            .flat_map(|function| function.signature.split(" · "))
            .filter_map(|call| call.split('(').next())
            .collect();
        for word in words().filter(|word| !matches!(*word, "print" | "debug")) {
            assert!(!own.iter().any(|call| call.rsplit('.').next() == Some(word)), "{word} is one");
            assert!(!engine_methods().iter().any(|method| method.name == word), "{word} is one of Rhai's");
            assert_eq!(words().filter(|other| *other == word).count(), 1, "{word} is there twice");
        }
        assert!(OF_ARRAYS.iter().all(|word| help(word).is_none()));
    }

    #[test]
    fn a_number_with_commas_is_found_where_it_is_no_list() {
        for (text, found) in [
            ("let a = 1,000;", Some("write `1000` or `1_000`")),
            ("[1,000, 2]", Some("write `1000` or `1_000`")),
            ("f(12,345,000.5)", Some("write `12345000.5` or `12_345_000.5`")),
            ("[1, 000]", None),
            ("[100,200]", None),
            ("[1,2,010]", None),
            ("\"1,000\"", None),
        ] {
            let help = number_in_a_list(text).map(|(range, digits)| without_commas(&text[range], &digits));
            assert_eq!(help.as_deref(), found, "{text}");
        }
        assert_eq!(number_around("let a = 1,500;", 9).map(|(_, digits)| digits).as_deref(), Some("1500"));
        assert_eq!(number_around("let a = 1,500; b", 15), None);
    }
}
