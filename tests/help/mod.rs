//! The help: every name has its page, every example on it answers as it says, and what nothing bears is not explained.

use crate::scratch::printed::Printed;
use pledgebook::error::Error;
use pledgebook::script::{functions, library};
use pledgebook::session::Session;
use pledgebook::store::catalogue::VIEWS;
use pledgebook::store::udf as sql_functions;
use pledgebook::syntax::Text;
use pledgebook::terminal::COMMANDS;

/// What a prompt at which `F30` has been asked prints for an entry; a table is without its head, so that every cell has its
/// own unit.
fn answer(entry: &str) -> Result<String, Error> {
    let mut session = Session::open(None)?;
    let asked = session.output(Printed::default(), Printed::default(), false);
    session.eval(&Text::new("example", "F30"), None, &asked)?;
    session.settings.header = !entry.starts_with("select");
    let printed = Printed::default();
    let output = session.output(printed.clone(), printed.clone(), false);
    match session.eval(&Text::new("example", entry), None, &output) {
        // That of `.quit` leaves.
        Ok(_) | Err(Error::Exit(0, _)) => {}
        Err(error) => return Err(error),
    }
    drop(output);
    Ok(String::from_utf8(printed.0.take()).expect("the program prints UTF-8"))
}

/// Checks that one of the lines of an answer is what an example promises, or begins so.
#[track_caller]
fn check(entry: &str, promised: &str) {
    let printed = answer(entry).unwrap_or_else(|error| panic!("{entry}: {error}"));
    let is_there = printed.lines().any(|line| line.trim_start().starts_with(promised));
    assert!(is_there || (promised.is_empty() && printed.is_empty()), "{entry} does not say `{promised}`:\n{printed}");
}

fn help(name: &str) -> Result<String, Error> {
    Session::open(None)?.help(name, Vec::new())
}

/// The page of a name, and what it promises: the example and its answer.
#[track_caller]
fn page(name: &str) -> (String, Option<(String, String)>) {
    let page = help(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let after = |label: &str| page.lines().find_map(|line| line.strip_prefix(label)).map(str::to_owned);
    let example = after(" example  ").zip(after(" answer   "));
    (page, example)
}

#[test]
fn every_example_of_a_function_is_its_answer() {
    functions::all().for_each(|function| check(function.example, function.answer));
    sql_functions::all().for_each(|function| check(function.example, function.answer));
}

#[test]
fn every_example_of_a_command_is_its_answer() {
    for command in COMMANDS {
        check(command.example, command.answer);
    }
}

#[test]
fn every_view_and_column_shows_a_cell_of_the_book() {
    for view in VIEWS.iter().filter(|view| view.name != "conflicts") {
        let names = view.columns.iter().map(|column| format!("{}.{}", view.name, column.name));
        for name in names {
            let (page, example) = page(&name);
            let (entry, promised) = example.unwrap_or_else(|| panic!("{name} has no example:\n{page}"));
            check(&entry, &promised);
        }
        let page = page(&view.name).0;
        assert!(page.contains(&format!("where {}", view.sample)), "{page}");
    }
    assert!(page("conflicts.question").1.is_none(), "the bundled book has no conflict");
}

#[test]
fn every_name_has_its_page() {
    let scripts = library::names().map(str::to_owned);
    let commands = COMMANDS.iter().map(|command| command.name.to_owned());
    let functions = functions::all().map(|function| function.name().to_owned());
    let sql = sql_functions::all().map(|function| function.name.to_owned());
    for name in scripts.chain(commands).chain(functions).chain(sql) {
        let page = help(&name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(page.contains(&name), "{page}");
    }
}

#[test]
fn every_function_that_rhai_brings_is_found_with_a_signature() {
    assert!(functions::engine_methods().len() > 60, "{}", functions::engine_methods().len());
    for method in functions::engine_methods() {
        let page = help(&method.name).unwrap_or_else(|error| panic!("{}: {error}", method.name));
        assert!(page.contains(&method.signature), "{page}");
    }
    for name in [
        "split",
        "to_upper",
        "pad",
        "parse_json",
        "push",
        "keys",
        "trim",
        "reduce",
        "is_empty",
        "contains",
        "sub_string",
    ] {
        assert!(help(name).unwrap_or_default().contains(name), "{name}");
    }
    assert_eq!(answer("divide(1.0, 3.0)").unwrap().trim(), "≈0.333333", "by name, division rounds no more silently");
    assert!(help("get").unwrap().contains("array.get(index) · map.get(property) · text.get(index)"));
}

#[test]
fn every_line_of_the_page_on_the_language_answers_as_it_says() {
    let page = help("language").unwrap();
    let lines: Vec<(&str, &str)> = page.lines().filter_map(|line| line.get(15..)?.split_once(" → ")).collect();
    assert!(lines.len() > 20, "{page}");
    for (entry, promised) in lines {
        check(entry, promised);
    }
    assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
    for word in ["let", "switch", "closures", "catch", "type_of"] {
        assert_eq!(help(word).unwrap(), page, "{word}");
    }
}

#[test]
fn every_word_for_the_parameters_of_a_script_leads_to_the_page_on_headers() {
    let page = help("header").unwrap();
    for word in ["Header", "param", "params", "parameters", "script header"] {
        assert_eq!(help(word).unwrap(), page, "{word}");
        assert_eq!(answer(&format!(".help {word}")).unwrap().trim(), page.trim(), "{word}");
    }
    assert!(help("parameter").unwrap().contains(".parameter"), "the command has this name");
}

#[test]
fn what_nothing_bears_is_wrong_use() {
    assert_eq!(help("zebra").unwrap_err().exit_code(), 2);
}
