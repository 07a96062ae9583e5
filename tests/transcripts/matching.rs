//! Whether what came out is what should, where `[..]` stands for anything, and how the two differ.

/// Stands for any text within a line; alone on a line, for any lines.
const ANYTHING: &str = "[..]";

/// Whether the lines are those expected.
pub(crate) fn matches(expected: &[String], actual: &[String]) -> bool {
    match expected {
        [] => actual.is_empty(),
        [first, rest @ ..] if first == ANYTHING => (0..=actual.len()).any(|skipped| matches(rest, &actual[skipped..])),
        [first, rest @ ..] => {
            actual.split_first().is_some_and(|(line, others)| fits(first, line) && matches(rest, others))
        }
    }
}

fn fits(expected: &str, actual: &str) -> bool {
    let Some((head, tail)) = expected.split_once(ANYTHING) else { return expected == actual };
    let ends = |rest: &str| rest.char_indices().map(|(at, _)| at).chain([rest.len()]).collect::<Vec<_>>();
    actual.strip_prefix(head).is_some_and(|rest| ends(rest).into_iter().any(|at| fits(tail, &rest[at..])))
}

/// The lines with what they share unmarked, what is missing after `-` and what came instead after `+`.
pub(crate) fn difference(expected: &[String], actual: &[String]) -> String {
    let same = |pairs: &mut dyn Iterator<Item = (&String, &String)>| pairs.take_while(|(a, b)| fits(a, b)).count();
    let before = same(&mut expected.iter().zip(actual));
    let after = same(&mut expected[before..].iter().rev().zip(actual[before..].iter().rev()));
    let (missing, end) = expected[before..].split_at(expected.len() - before - after);
    let instead = &actual[before..actual.len() - after];
    let marked = |mark: char, lines: &[String]| -> Vec<String> {
        lines.iter().map(|line| format!("  {mark} {line}\n")).collect()
    };
    let parts = [marked(' ', &expected[..before]), marked('-', missing), marked('+', instead), marked(' ', end)];
    parts.concat().concat()
}

#[cfg(test)]
mod tests {
    use super::{difference, matches};

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn an_elision_stands_for_any_text_or_any_lines_and_nothing_else_does() {
        let check = |expected, actual| matches(&lines(expected), &lines(actual));
        assert!(check("a [..] c\n[..]\nz", "a b ü c\n1\n2\nz"));
        assert!(check("[..]\nz", "z"));
        assert!(!check("a [..] c", "a b d"));
        assert!(!check("a", "a\nb"));
        assert!(!check("a ", "a"));
    }

    #[test]
    fn a_difference_shows_what_is_missing_and_what_came_instead() {
        assert_eq!(difference(&lines("a\nb\nd"), &lines("a\nc\nd")), "    a\n  - b\n  + c\n    d\n");
    }
}
