//! `.parameter`: the parameters of SQL as sqlite3 sets them. Here they are the variables of scripts: `let least = 5000;` makes
//! `:least`.

use super::Session;
use super::save::string_literal;
use crate::error::{Error, usage_error};
use crate::sql::Output;
use crate::syntax::Text;
use crate::terminal::Language;

const LETTERS: [char; 3] = [':', '@', '$'];

/// Runs a line of it.
///
/// # Errors
/// A name or a value is missing or none; a part of it that sqlite3 has.
pub(super) fn run(session: &mut Session, line: &str, output: &Output) -> Result<(), Error> {
    let rest = after_word(line.trim());
    let (verb, rest) = (first_word(rest), after_word(rest));
    match verb {
        "" | "list" => list(session, output),
        "set" => set(session, first_word(rest), after_word(rest), output),
        "clear" | "unset" | "init" => {
            let help = "`.parameter set :x 5` gives one another value; a new session has none";
            Err(usage_error(&format!("`.parameter {verb}` is no command here"), help))
        }
        _ => Err(usage_error(&format!("`.parameter` has no `{verb}`"), "write `.parameter set :x 5`, or `.parameter`")),
    }
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

fn after_word(text: &str) -> &str {
    text.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim())
}

/// Lists the parameters by name, each with its value.
fn list(session: &Session, output: &Output) -> Result<(), Error> {
    let lines: Vec<String> =
        session.variable_values().into_iter().map(|(name, value)| format!(":{name} = {value}")).collect();
    let text = if lines.is_empty() { "none: `.parameter set :x 5` makes one".to_owned() } else { lines.join("\n") };
    output.say(&text).map_err(Error::from)
}

fn set(session: &mut Session, name: &str, value: &str, output: &Output) -> Result<(), Error> {
    let bare = name.trim_start_matches(LETTERS);
    let is_name = bare.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && bare.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name || value.is_empty() {
        return Err(usage_error("`.parameter set` takes a name and a value", "as `.parameter set :least 5000`"));
    }
    let script = Text::new(".parameter", &format!("let {bare} = {};", literal(value)));
    session.eval_script(&script, output)?;
    session.record_entry(&script, Language::Script, false);
    Ok(())
}

/// The value as a script writes it: a number, or else a text, with quotes or without.
fn literal(value: &str) -> String {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (whole, places) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if is_digits(whole) && is_digits(places) {
        return value.to_owned();
    }
    let text = match value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(quoted) => quoted.replace("''", "'"),
        None => value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value).to_owned(),
    };
    string_literal(&text)
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn a_number_is_a_number_and_anything_else_a_text() {
        for (value, written) in [
            ("5000", "5000"),
            ("-1.5", "-1.5"),
            ("'5000'", "\"5000\""),
            ("state", "\"state\""),
            ("'it''s'", "\"it's\""),
            ("\"a\\b\"", "`a\\b`"),
            ("1.", "\"1.\""),
            ("-", "\"-\""),
        ] {
            assert_eq!(literal(value), written);
        }
    }
}
