//! What Tab offers: the names that fit where the cursor stands. Names come as a snapshot; nothing here asks the book.

use super::commands::{self, Argument, COMMANDS, LISTS};
use super::keywords::{self, Words};
use super::language::Language;

/// The names that can be completed, as they are when Tab is pressed.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Tables and views, each with its columns.
    pub relations: Vec<(String, Vec<String>)>,
    /// Functions of SQL.
    pub sql_functions: Vec<String>,
    /// Functions of scripts, those of the session too.
    pub script_functions: Vec<String>,
    /// Variables of the session.
    pub variables: Vec<String>,
    /// Scripts of the library.
    pub scripts: Vec<ScriptNames>,
    /// Ids of the book.
    pub ids: Vec<String>,
}

/// A script and what can be typed behind it.
#[derive(Debug, Clone, Default)]
pub struct ScriptNames {
    /// Its name.
    pub name: String,
    /// Its parameters, as they are typed without dashes, each with the values that it takes; none where those are
    /// not a list.
    pub parameters: Vec<(String, Vec<String>)>,
}

/// Words behind which a table or view is named.
const BEFORE_RELATION: Words = Words("from join into update table");

/// Where the word that ends `before`, the text before the cursor, begins, and what it may become; sorted, without
/// repeats. Letter case is ignored, except that keywords follow the first letter typed.
pub(super) fn complete(before: &str, language: Language, vocabulary: &Vocabulary) -> (usize, Vec<String>) {
    let start = before.len() - before.chars().rev().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
    let (left, word) = before.split_at(start);
    let (start, word, mut found) = match language {
        Language::Command => command(before, vocabulary),
        Language::Sql => (start, word, sql(left, word, vocabulary)),
        Language::Script if is_in_text(left) => (start, word, sql(left, word, vocabulary)),
        Language::Script => (start, word, script(left, word, vocabulary)),
    };
    found.retain(|name| begins_with(name, word));
    found.sort_unstable();
    found.dedup();
    (start, found)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn begins_with(name: &str, word: &str) -> bool {
    name.to_lowercase().starts_with(&word.to_lowercase())
}

/// Whether the cursor stands in a text of a script, where SQL is written.
fn is_in_text(left: &str) -> bool {
    left.matches(['"', '`']).count() % 2 == 1
}

/// Where the name of a command or its first argument begins, what was typed of it, and all that could stand there.
fn command<'b>(before: &'b str, vocabulary: &Vocabulary) -> (usize, &'b str, Vec<String>) {
    let typed = before.trim_start();
    let Some((name, argument)) = typed.split_once(char::is_whitespace) else {
        return (before.len() - typed.len(), typed, COMMANDS.iter().map(|info| info.name.to_owned()).collect());
    };
    let argument = argument.trim_start();
    let names = match commands::find(name).map_or(Argument::None, |info| info.argument) {
        Argument::None => Vec::new(),
        Argument::Relation => relations(vocabulary).collect(),
        Argument::Script if argument.contains(char::is_whitespace) => return parameters(before, argument, vocabulary),
        Argument::Script => vocabulary.scripts.iter().map(|script| script.name.clone()).collect(),
        Argument::Fact => vocabulary.ids.clone(),
        Argument::Word(words) => words().into_iter().map(str::to_owned).collect(),
        Argument::Topic => {
            let commands = COMMANDS.iter().map(|info| info.name.to_owned());
            let functions = vocabulary.script_functions.iter().chain(&vocabulary.sql_functions).cloned();
            let lists = LISTS.iter().map(|list| (*list).to_owned());
            let scripts = vocabulary.scripts.iter().map(|script| script.name.clone());
            let names = functions.chain(scripts).chain(lists).chain(columns(vocabulary, |_| true));
            commands.chain(relations(vocabulary)).chain(names).collect()
        }
    };
    (before.len() - argument.len(), argument, names)
}

/// What can stand behind the name of a script: the values of the parameter before it, or the parameters not yet given.
fn parameters<'b>(before: &'b str, argument: &'b str, vocabulary: &Vocabulary) -> (usize, &'b str, Vec<String>) {
    let mut words: Vec<&str> = argument.split_whitespace().collect();
    let last = argument.rsplit(char::is_whitespace).next().unwrap_or_default();
    if !last.is_empty() {
        words.pop();
    }
    let at = |word: &str| before.len() - word.len();
    let script = words.first().and_then(|name| {
        let name = name.replace('-', "_");
        vocabulary.scripts.iter().find(|script| script.name == name)
    });
    let Some(script) = script else { return (at(last), last, Vec::new()) };
    let values = |flag: &str| {
        let name = flag.strip_prefix("--")?.replace('_', "-");
        script.parameters.iter().find(|(parameter, _)| *parameter == name).map(|(_, values)| values.clone())
    };
    if let Some((flag, value)) = last.split_once('=') {
        return (at(value), value, values(flag).unwrap_or_default());
    }
    if let Some(values) = words.last().and_then(|word| values(word)).filter(|_| !last.starts_with('-')) {
        return (at(last), last, values);
    }
    let is_given = |name: &str| words.iter().any(|word| word.trim_start_matches('-').split('=').next() == Some(name));
    let free = script.parameters.iter().map(|(name, _)| name.as_str()).filter(|name| !is_given(name));
    (at(last), last, free.chain(["help"]).map(|name| format!("--{name}")).collect())
}

/// Names that SQL takes behind `left`; a keyword only where something of it was typed.
fn sql(left: &str, word: &str, vocabulary: &Vocabulary) -> Vec<String> {
    if let Some(qualified) = left.strip_suffix('.') {
        let own = columns(vocabulary, |relation| ends_with_word(qualified, relation));
        // What stands there instead is an alias, of any of them.
        return if own.is_empty() { columns(vocabulary, |_| true) } else { own };
    }
    if left.ends_with(':') {
        return vocabulary.variables.iter().chain(&vocabulary.ids).cloned().collect();
    }
    if BEFORE_RELATION.iter().any(|before| ends_with_word(left.trim_end(), before)) {
        return relations(vocabulary).collect();
    }
    let columns = columns(vocabulary, |_| true);
    if word.is_empty() {
        return columns;
    }
    let is_upper = word.starts_with(char::is_uppercase);
    let keywords = keywords::SQL.iter().map(|word| if is_upper { word.to_uppercase() } else { word.to_owned() });
    let functions = vocabulary.sql_functions.iter().cloned();
    columns.into_iter().chain(relations(vocabulary)).chain(keywords).chain(functions).collect()
}

/// Names that a script takes behind `left`: methods behind a dot, else nothing before something was typed.
fn script(left: &str, word: &str, vocabulary: &Vocabulary) -> Vec<String> {
    let functions = vocabulary.script_functions.iter().cloned();
    if left.ends_with('.') {
        return functions.collect();
    }
    if word.is_empty() {
        return Vec::new();
    }
    let keywords = keywords::SCRIPT.iter().map(str::to_owned);
    let verb = keywords::SQL.iter().filter(|_| left.trim().is_empty()).map(str::to_owned);
    functions.chain(keywords).chain(verb).chain(vocabulary.variables.iter().chain(&vocabulary.ids).cloned()).collect()
}

fn relations(vocabulary: &Vocabulary) -> impl Iterator<Item = String> {
    vocabulary.relations.iter().map(|(name, _)| name).filter(|name| is_plain(name)).cloned()
}

fn columns(vocabulary: &Vocabulary, of: impl Fn(&str) -> bool) -> Vec<String> {
    let relations = vocabulary.relations.iter().filter(|(relation, _)| of(relation));
    relations.flat_map(|(_, columns)| columns).filter(|name| is_plain(name)).cloned().collect()
}

/// Whether a name can be written without quotes. A foreign book may hold any other; those are not offered.
fn is_plain(name: &str) -> bool {
    name.chars().all(is_word) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether the last word of `text` is `word`, in any letter case.
fn ends_with_word(text: &str, word: &str) -> bool {
    let last = text.rsplit(|c| !is_word(c)).next();
    last.is_some_and(|last| last.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::{ScriptNames, Vocabulary, complete};
    use crate::terminal::classify;

    fn offered(before: &str) -> (usize, Vec<String>) {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let vocabulary = Vocabulary {
            relations: vec![
                ("pledges".to_owned(), names(&["provider", "amount", "two words", "\u{1b}[2J"])),
                ("figures".to_owned(), names(&["quantity", "as_written"])),
            ],
            sql_functions: names(&["q_sum", "max"]),
            script_functions: names(&["query", "percent"]),
            variables: names(&["plan"]),
            scripts: vec![ScriptNames {
                name: "pledged_per_missile".to_owned(),
                parameters: vec![("places".to_owned(), Vec::new()), ("sort-by".to_owned(), names(&["fact", "stage"]))],
            }],
            ids: names(&["F29", "F30", "PL1"]),
        };
        complete(before, classify(before, &|_| false), &vocabulary)
    }

    #[track_caller]
    fn offers(before: &str, start: usize, names: &[&str]) {
        assert_eq!(offered(before), (start, names.iter().map(|name| (*name).to_owned()).collect()), "{before}");
    }

    #[test]
    fn sql_is_offered_what_fits_the_place() {
        offers("select * from pl", 14, &["pledges"]);
        offers("select * from ", 14, &["figures", "pledges"]);
        offers("select pledges.am", 15, &["amount"]);
        offers("select p.am", 9, &["amount"]);
        offers("select prov", 7, &["provider"]);
        offers("select q", 7, &["q_sum", "quantity"]);
        offers("SELECT a FROM pledges WHE", 22, &["WHEN", "WHERE"]);
        offers("select :F", 8, &["F29", "F30"]);
        offers("select 1 from", 9, &["from"]);
    }

    #[test]
    fn a_script_is_offered_functions_variables_and_ids() {
        offers("1 + pl", 4, &["PL1", "plan"]);
        offers("F29.per", 4, &["percent"]);
        offers("sele", 0, &["select"]);
        offers("f29", 0, &["F29"]);
        offers("query(\"select * from fig", 21, &["figures"]);
        offers("", 0, &[]);
    }

    #[test]
    fn a_command_is_offered_its_name_and_its_argument() {
        offers(".sc", 0, &[".schema", ".scripts"]);
        offers("  .qu", 2, &[".quit"]);
        offers(".run pl", 5, &["pledged_per_missile"]);
        offers(".schema ", 8, &["figures", "pledges"]);
        offers(".mode j", 6, &["json", "jsonl"]);
        offers(".why F3", 5, &["F30"]);
        offers(".quit x", 6, &[]);
        offers(".help per", 6, &["percent"]);
        offers(".help prov", 6, &["provider"]);
    }

    #[test]
    fn a_script_is_offered_its_parameters_and_their_values() {
        offers(".run pledged_per_missile ", 25, &["--help", "--places", "--sort-by"]);
        offers(".run pledged-per-missile --p", 25, &["--places"]);
        offers(".run pledged_per_missile --places 2 --", 36, &["--help", "--sort-by"]);
        offers(".run pledged_per_missile --places=2 --p", 36, &[]);
        offers(".run pledged_per_missile --sort-by ", 35, &["fact", "stage"]);
        offers(".run pledged_per_missile --sort_by=s", 35, &["stage"]);
        offers(".run pledged_per_missile --places ", 34, &[]);
        offers(".run nowhere --", 13, &[]);
    }
}
