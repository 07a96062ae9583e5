//! The words and marks of other languages, each with what a script writes in its place. One table: the errors of unknown names,
//! of reserved words and of marks that do not fit all look here.

use crate::syntax::rhai::{bound_names, tokens};
use crate::syntax::{Token, TokenKind};
use std::ops::Range;

/// Words and marks, separated by blanks, and the help on them.
const FOREIGN: &[(&str, &str)] = &[
    ("avg average", "the mean is `mean(values)`"),
    ("total", "the sum is `values.sum()`"),
    (
        "date strptime to_date",
        "a date is a text, as `\"2025-03-31\"`; `parse_date(text, format)` reads another spelling, and `days_between(first, second)` counts the days",
    ),
    ("now clock time", NO_CLOCK),
    (
        "datetime",
        "a date is a text, as `\"2025-03-31\"`; `parse_date(text, format)` reads another spelling, `days_between(first, second)` counts the days",
    ),
    (
        "strftime date_format format_date toISOString",
        "a date is a text, as `\"2025-03-31\"`: `date.year()`, `date.month()` and `date.day()` are its parts",
    ),
    ("datediff date_diff", "`days_between(first, second)` counts the days"),
    ("matches match_all find_all findall regex regex_match is_match search_text re Regex RegExp", PATTERNS),
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
    ("sys process os", "`exit(3)` ends a script with a code, and a value comes in as a parameter of its header"),
    ("assert", "`expect(condition, text)` reports the text where the condition is false"),
    ("JSON json", "`parse_json(text)` reads JSON, and `map.to_json()` writes it"),
    ("math Math np numpy", "numbers have their functions without it: `abs(x)`, `round(x, 2)`, `[a, b].max()`"),
    (
        "open read_file readFile File fs",
        "a script reads no file: `pledgebook --table FILE run SCRIPT` hands it over as a table",
    ),
    ("sql execute sql_query", "SQL is asked by `query(\"select …\")`, `row(…)` or `value(…)`"),
    ("pd pandas duckdb sqlite3", "the book and its tables are asked by `query(\"select …\")`"),
    ("repeat", "`\"\".pad(3, \"x\")` repeats a piece up to a length"),
    ("toFixed to_fixed", "`round(x, 2)` rounds, and `thousands(x, 2)` writes a number with two places"),
    ("toLocaleString", "`thousands(x, 2)` writes a number with its groups and two places"),
    ("finally", "what has to be done in any case stands behind `try { … } catch (error) { … }`"),
    ("del delete", "`map.remove(key)` takes a key out of a map, `array.remove(0)` a value out of an array"),
    ("from_json json_decode loads", "`parse_json(text)` reads JSON"),
    (
        "read read_text read_json read_csv read_lines load",
        "a script reads no file: `pledgebook --table FILE run SCRIPT` hands it over as a table",
    ),
    ("median", MEDIAN),
    ("enumerate", PLACES),
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

/// The help on the place of a value in a loop.
const PLACES: &str = "the place is the second variable: `for (value, i) in values { … }`";

/// The help on the median, which scripts ask SQL for.
const MEDIAN: &str = "SQL has it: `value(\"select median(amount) from pledges\")`";

/// The help on patterns.
const PATTERNS: &str = "`regexp(pattern, text)` says whether a pattern matches, `text.captures(pattern)` gives the first match \
                        and `text.all_captures(pattern)` every one";

/// The help on numbers with a point.
const NUMBERS: &str = "numbers are exact: `parse_float(text)` reads one, and `decimal(x)` makes a decimal";

/// The functions of other languages that an array has under another name; tables and texts have some of the same name.
const OF_ARRAYS: &[(&str, &str)] = &[
    ("add append push_back concat", "`array.push(value)` adds a value, and `a += b` all values of an array"),
    ("slice head take", "`array.extract(1..3)` takes a part of it, `array.extract(-2..)` the last two"),
    ("sort_by order_by", "`array.sort_by(|value| value.name)` sorts by a key, `array.sort_desc()` downwards"),
    ("forEach each iter", "each value is taken by `for value in array { … }`"),
    ("enumerate", PLACES),
    ("unique distinct uniq", "`array.sort()` and then `array.dedup()` leave one of each"),
    ("flatten flat flat_map flatMap", "`array.reduce(|all, part| all + part, [])` puts arrays one behind the other"),
    ("zip", "`first.map(|value, i| [value, second[i]])` pairs the values of two arrays"),
    ("fold inject", "`array.reduce(|sum, value| sum + value, 0)` takes the values together"),
    ("every", "the test is `array.all(|value| condition)`"),
    ("any", "the test is `array.some(|value| condition)`"),
    ("extend", "`array.append(other)` adds all values of another array"),
    ("index indexOf findIndex", "`array.index_of(value)` is the place of a value"),
    ("sorted", "`array.sort()` sorts it"),
    ("count", "`array.len()` counts its values, `array.filter(|value| condition).len()` those that fit"),
];

/// The functions of other languages that a map has under another name.
const OF_MAPS: &[(&str, &str)] = &[
    (
        "items entries iter iteritems for_each",
        "through a map by its keys: `for key in map.keys() { print(map[key]); }`",
    ),
    ("get get_or getOrDefault setdefault", "`map.get(key) ?? 0` is 0 where there is none"),
    ("has has_key hasOwnProperty containsKey contains_key", "the test is `map.contains(key)`"),
    ("push insert add", "a key is set by `map.name = value;` or `map[key] = value;`"),
    ("update extend merge", "`map += other` takes in all keys of another map"),
    ("pop delete", "`map.remove(key)` takes a key out, and gives its value"),
];

/// The functions of other languages that a text has under another name.
const OF_TEXTS: &[(&str, &str)] = &[
    ("slice left right", "`text.sub_string(1..3)` is a part of it, `text.sub_string(-2..)` the last two letters"),
    (
        "padStart padEnd zfill rjust ljust center",
        "`text.pad(6, \" \")` fills it up at its end; `\"\".pad(6 - text.len(), \"0\") + text` at its beginning",
    ),
    (
        "format",
        "a value is put into a text by `${x}` in backquotes, and `thousands(x, 2)` writes a number with its groups",
    ),
];

/// The functions of other languages that take a whole number.
const OF_NUMBERS: &[(&str, &str)] = &[("range", "a range is `0..3`, and with its end `0..=3`")];

/// The functions of other languages, and of arrays, that a table has under another name or as an index.
const OF_TABLES: &[(&str, &str)] = &[
    (
        "sort sort_desc order_by orderBy arrange",
        "a table is sorted by `table.sort_by(column)`, or `table.sort_by(column, \"desc\")`",
    ),
    (
        "to_array toArray rows to_list tolist values iterrows itertuples",
        "`table.map(|row| row)` gives an array of the rows",
    ),
    ("extract slice head limit take top first_n", "the first rows are `table[0..10]`"),
    ("tail last_n", "the last rows are `table[-10..]`"),
    (
        "enumerate for_each forEach each iter items",
        "each row is taken by `for row in table { … }`, with its place by `for (row, i) in table { … }`",
    ),
    ("median", MEDIAN),
    ("where query", "`table.filter(|row| condition)` has the rows that fit"),
    ("groupBy groupby", "`table.group_by(column)` gives the rows of each value"),
    (
        "shift unshift push append",
        "a table stays as it was asked for: `table.map(|row| row)` gives an array of the rows",
    ),
];

/// The help on a method that a kind of value, as `an array`, has under another name.
pub(super) fn help_on_methods(of: &str, method: &str) -> Option<&'static str> {
    let list = match of {
        "an array" => OF_ARRAYS,
        "a table" => OF_TABLES,
        "a map" => OF_MAPS,
        "a text" => OF_TEXTS,
        "a whole number" => OF_NUMBERS,
        _ => return None,
    };
    listed(list, method)
}

/// The help on an assignment to a property of what has none that can be set.
pub(super) fn help_on_assignment(of: &str, property: &str) -> Option<String> {
    match of {
        "a row" => Some(format!(
            "`==` compares: `row.{property} == value`; `table.add(name, |row| value)` makes a table with one more column"
        )),
        "a table" => Some("`table.add(name, |row| value)` makes a table with one more column".to_owned()),
        _ => None,
    }
}

/// The help on a word in a list of words and helps.
fn listed<'h>(list: &[(&str, &'h str)], word: &str) -> Option<&'h str> {
    list.iter().find(|(words, _)| words.split(' ').any(|known| known == word)).map(|(_, help)| *help)
}

/// The help on a word or mark of another language; `None` for any other.
pub(super) fn help(word: &str) -> Option<&'static str> {
    listed(FOREIGN, word)
}

/// The help on a token that is met where the parser wants another.
pub(super) fn help_in_place_of(wanted: &str, met: &Token, text: &str) -> Option<String> {
    let before = tokens(text).take_while(|token| token.range.end <= met.range.start).last();
    let before = before.as_ref().map(|token| token.text(text));
    let known = match (met.text(text), before) {
        (",", _) if wanted == "in" => Some(PLACES),
        ("(", Some("]" | ")")) => Some("a function out of an array or a map is called by `values[1].call(5)`"),
        (":", _) => Some("a map is `#{name: value}`; a variable is made without a type"),
        (name, Some("mut")) => return Some(format!("every variable can be changed: `let {name} = …;`")),
        ("to" | "into" | "as", Some(value)) => {
            let target = tokens(text).find(|token| token.range.start >= met.range.end)?;
            return conversion_help(value, target.text(text));
        }
        (word, _) => help(word),
    };
    known.map(str::to_owned)
}

/// The help on a name at a byte of the text that is no variable by what stands beside it.
pub(super) fn help_on_name(text: &str, at: usize) -> Option<String> {
    let list: Vec<Token> = tokens(text).filter(|token| token.kind != TokenKind::Comment).collect();
    let here = list.iter().position(|token| token.range.contains(&at))?;
    let word = |at: Option<usize>| at.and_then(|at| list.get(at)).map_or("", |token| token.text(text));
    let (name, after) = (word(Some(here)), word(here.checked_add(1)));
    let is_beside = list.get(here + 1).is_some_and(|next| next.range.start == list[here].range.end);
    if matches!(word(here.checked_sub(1)), "in" | "%") && word(here.checked_sub(3)) != "for" {
        let value = word(here.checked_sub(2));
        let help = match name {
            "of" => Some(format!("`%` is the remainder: {value} percent of {after} is `{after} * {value} / 100`")),
            name => conversion_help(value, name),
        };
        if help.is_some() {
            return help;
        }
    }
    if after == ":" && word(here.checked_sub(1)) == "{" {
        return Some("a map is `#{name: value}`".to_owned());
    }
    if name == "f" && is_beside && after.starts_with(['"', '\'', '`']) {
        return Some("a value is put into a text by `${x}` in backquotes".to_owned());
    }
    if after == "=" && matches!(word(here.checked_sub(1)), "" | ";" | "{" | "}") && word(here.checked_add(2)) != ">" {
        return Some(format!("a variable is made by `let {name} = …;`"));
    }
    if after == "=" && word(here.checked_add(2)) == ">" {
        return Some(format!("a closure is `|{name}| …`"));
    }
    if is_unseen(&list, text, here, name) && defines(&list[..here], text, name) {
        return Some(UNSEEN.to_owned());
    }
    let is_own =
        |at: usize| word(Some(at)) == "let" && word(Some(at + 1)) == name && word(Some(at + 3)).starts_with('|');
    let is_in_itself = (0..here).rev().find(|at| matches!(word(Some(*at)), "let" | ";")).is_some_and(is_own);
    is_in_itself.then(|| format!("a closure does not see itself: `fn {name}(…) {{ … }}` can call itself"))
}

/// The help on a script that ends too early: on a text in quotes, open from a byte on, that goes on in the next line, and on a share
/// as `20%`.
pub(super) fn help_at_end(text: &str, open_text: Option<usize>) -> Option<String> {
    if let Some(at) = open_text {
        let goes_on = text.get(at..)?.split_once('\n').is_some_and(|(_, rest)| rest.contains('"'));
        let help = "a text over several lines stands in backquotes; one in quotes ends with its line";
        return goes_on.then(|| help.to_owned());
    }
    let list: Vec<Token> = tokens(text).filter(|token| token.kind != TokenKind::Comment).collect();
    let [.., number, percent] = &list[..] else { return None };
    let share = number.text(text);
    (number.kind == TokenKind::Number && percent.text(text) == "%").then(|| {
        format!("`%` is the remainder: {share} percent is `{share} / 100`, and `percent({share} / 100)` as a quantity")
    })
}

/// Words for currencies with the codes of these.
const CURRENCIES: [(&str, &str); 4] = [
    ("dollar dollars usd", "USD"),
    ("euro euros eur", "EUR"),
    ("pound pounds sterling gbp", "GBP"),
    ("hryvnia hryvnias uah", "UAH"),
];

/// Words for the scales of money with the names of these.
const SCALES: [(&str, &str); 3] =
    [("thousand thousands k", "thousand"), ("million millions m mn", "million"), ("billion billions bn", "billion")];

/// The help on a value that is asked for in another currency or scale, as `F29 in dollars`; `None` for another word.
fn conversion_help(value: &str, target: &str) -> Option<String> {
    let lower = target.to_lowercase();
    if let Some((_, scale)) = SCALES.iter().find(|(words, _)| words.split(' ').any(|word| word == lower)) {
        return Some(format!("`.scale {scale}` shows money in {scale}s, and `--scale {scale}` on the command line"));
    }
    if matches!(&*lower, "percent" | "percentage") {
        return Some(format!("`percent({value})` is a share in percent"));
    }
    let is_code = target.len() == 3 && target.bytes().all(|byte| byte.is_ascii_uppercase());
    let code = listed(&CURRENCIES, &lower).or_else(|| is_code.then_some(target))?;
    let from = if code == "GBP" { "EUR" } else { "GBP" };
    Some(format!("`convert({value}, q(\"… {code}/{from}\"))` converts money by a rate that you give"))
}

/// The help on a variable that is there, outside the function that names it.
pub(super) const UNSEEN: &str =
    "a function sees no variable and no parameter of the script: hand it over, as `fn f(x, it) { … }`";

/// True if a name at a byte of the text is within a function that does not bind it.
pub(super) fn is_unseen_at(text: &str, at: usize, name: &str) -> bool {
    let list: Vec<Token> = tokens(text).filter(|token| token.kind != TokenKind::Comment).collect();
    list.iter().position(|token| token.range.contains(&at)).is_some_and(|here| is_unseen(&list, text, here, name))
}

/// As [`is_unseen_at`], for a token of the text.
fn is_unseen(list: &[Token], text: &str, here: usize, name: &str) -> bool {
    let Some(start) = enclosing_function(&list[..here], text) else { return false };
    let mut bound = (start..here).flat_map(|at| bound_names(list, text, at));
    !bound.any(|at| list[at].text(text) == name) && !defines(&list[start..here], text, name)
}

/// The token `fn` of the function in whose body some tokens end.
fn enclosing_function(list: &[Token], text: &str) -> Option<usize> {
    let (mut depth, mut begun, mut enclosing) = (0_usize, None, None);
    for (at, token) in list.iter().enumerate() {
        match token.text(text) {
            "fn" => begun = Some(at),
            "{" => {
                enclosing = enclosing.or(begun.take().map(|at| (at, depth)));
                depth += 1;
            }
            "}" => {
                depth = depth.saturating_sub(1);
                enclosing = enclosing.filter(|(_, opened)| *opened < depth);
            }
            _ => {}
        }
    }
    enclosing.map(|(at, _)| at)
}

/// True if some tokens make a variable or a constant of a name.
fn defines(list: &[Token], text: &str, name: &str) -> bool {
    let mut pairs = list.iter().zip(list.iter().skip(1));
    pairs.any(|(word, of)| matches!(word.text(text), "let" | "const") && of.text(text) == name)
}

/// The names that a place has in a loop.
const PLACE_NAMES: [&str; 3] = ["i", "idx", "index"];

/// The two variables of a loop of which the first has the name of a place and the second has none, with their bytes.
pub(super) fn swapped_places(text: &str) -> Option<(Range<usize>, [&str; 2])> {
    if !text.contains("for") {
        return None;
    }
    let list: Vec<Token> = tokens(text).filter(|token| token.kind != TokenKind::Comment).collect();
    let is_of_place = |name: &str| PLACE_NAMES.contains(&name) || name.len() == 1;
    list.windows(7).find_map(|tokens| {
        let words: Vec<&str> = tokens.iter().map(|token| token.text(text)).collect();
        let [_, _, first, _, second, ..] = words[..] else { return None };
        let is_loop = [words[0], words[1], words[3], words[5], words[6]] == ["for", "(", ",", ")", "in"];
        let is_swapped = is_loop && PLACE_NAMES.contains(&first) && !is_of_place(second);
        is_swapped.then(|| (tokens[2].range.start..tokens[4].range.end, [first, second]))
    })
}

/// The comment behind an operand that is a number, or begins with one and has operators alone; `None` where there is none.
pub(super) fn quotient_comment(text: &str) -> Option<Range<usize>> {
    if !text.contains("//") {
        return None;
    }
    let list: Vec<Token> = tokens(text).collect();
    list.windows(2).find_map(|pair| {
        let [operand, comment] = pair else { return None };
        let between = &text[operand.range.end..comment.range.start];
        let is_operand =
            matches!(operand.kind, TokenKind::Number | TokenKind::Word) || matches!(operand.text(text), ")" | "]");
        let divisor = comment.text(text).strip_prefix("//")?.trim().trim_end_matches(';');
        let is_number = divisor.starts_with(|c: char| c.is_ascii_digit() || c == '(')
            && divisor.chars().all(|c| c.is_ascii_digit() || " _.+-*/%()".contains(c));
        let found = comment.kind == TokenKind::Comment && is_operand && !between.contains('\n') && is_number;
        found.then(|| comment.range.clone())
    })
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
    use super::{FOREIGN, number_around, number_in_a_list, swapped_places, without_commas};
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

    #[test]
    fn a_loop_with_the_place_first_is_found() {
        for (text, found) in [
            ("for (i, row) in t { }", Some(["i", "row"])),
            ("let x = 1; for (index, name) in names { }", Some(["index", "name"])),
            ("for (row, i) in t { }", None),
            ("for (i, n) in t { }", None),
            ("f(i, row)", None),
        ] {
            assert_eq!(swapped_places(text).map(|(_, names)| names), found, "{text}");
        }
    }
}
