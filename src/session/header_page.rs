//! The page on the header of a script: every line that one can have, the types of parameters from their table, and a script that
//! the tests run.

use crate::script::library::parameter_types;
use std::fmt::Write;

/// The words that lead to the page; `.help parameter` is on the command.
const WORDS: [&str; 6] = ["header", "param", "params", "parameters", "script header", "script headers"];

/// The lines before the types, of at most 80 columns.
const LINES: &str = "\
The comment at the top of a script is its header: what it answers, what it can
be given, and how it is tried. Every line of it is optional.

// A sentence.                         the summary; the prose below it is the
//                                     description, with empty lines as here
// NAME: TYPE = DEFAULT — MEANING      a parameter, read in the script as NAME
// NAME: TYPE — MEANING                one that must be given
// NAME: TYPE =  — MEANING             one that is empty where it is not given
// question: SENTENCE?                 the heading of a page that answers it
// needs: pledges, F29                 the views, tables and ids that a book has
//                                     to have for it
// example: --NAME VALUE → ANSWER      a run, and a part of its answer, which
// example: → ANSWER                   `pledgebook test FILE` holds against it

A name has small letters, digits and `_`. The dash is `—`, the arrow is `→`. The
header ends at the first line that is no comment, an empty one too.

";

/// The lines behind the types: a script, indented, and how it is used.
const EXAMPLE: &str = "
For example, in missiles.rhai:

  // A part of the pledged money, in missiles or in percent.
  //
  // A quotient of stated figures, and no price.
  //
  // money: quantity = 16000000 GBP — the part
  // unit: missiles|percent = missiles — the unit of the answer
  // places: int 0..28 = 0 — decimal places
  //
  // needs: F29, F30
  // example: → 50 missiles
  // example: \"3300000 GBP\" percent 2 → 0.21

  let n = if unit == \"percent\" { money / F29 * 100 } else { money / F29 * F30 };
  show(round(n, places));

  pledgebook run missiles.rhai --places 2         by name, as `--places=2` too
  pledgebook run missiles.rhai \"5 million GBP\"    in the order of the header
  pledgebook run missiles.rhai --help             the header as help
  pledgebook test missiles.rhai                   the examples
  pledgebook check-script missiles.rhai           the header and the script
";

/// The page.
pub(super) fn page() -> String {
    let mut page = LINES.to_owned();
    let types = parameter_types();
    let width = types.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, expected) in &types {
        // Writing to a String does not fail.
        let _ = writeln!(page, "  {name:width$}  {expected}");
    }
    page.push_str(EXAMPLE);
    page
}

/// True for a word that leads to the page.
pub(super) fn is_word(word: &str) -> bool {
    WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn the_page_is_as_wide_as_a_terminal() {
        let wide: Vec<String> = page().lines().filter(|line| line.chars().count() > 80).map(str::to_owned).collect();
        assert!(wide.is_empty(), "{wide:?}");
    }
}
