//! Comment lines that look like a line of a header and are none: they declare nothing, and nothing else would say so.

use super::header::{DECLARATION, ScriptHeader, comment_lines, read_parameter};
use super::parameter::ParameterType;
use crate::error::{Error, Frame, Report};
use crate::syntax::Text;

/// The help of every message about a header.
const PAGE: &str = "`.help header` has every line of a header";

/// Tags that declare a parameter in the comments of other languages.
const TAGS: [&str; 6] = ["@param", "@arg", "@argument", "\\param", ":param", "param"];

/// Titles of lists of parameters.
const TITLES: [&str; 6] = ["parameters:", "params:", "arguments:", "args:", "options:", "usage:"];

/// A warning for each such line of a script, whose text is called `source`.
pub fn lookalikes(header: &ScriptHeader, source: &str, script: &str) -> Vec<Error> {
    let at = |line: &str| line.as_ptr() as usize - script.as_ptr() as usize;
    let mut found: Vec<(&str, String)> =
        comment_lines(script).filter_map(|line| Some((line, explain(line, header)?))).collect();
    let end = comment_lines(script).last().map_or(0, |line| at(line) + line.len());
    // Below the header a comment may say what it likes, unless the script seems to declare nothing.
    if header.parameters.is_empty() {
        let below = script.lines().filter(|line| at(line) > end || end == 0);
        let comments = below.filter_map(|line| line.strip_prefix("//")).map(str::trim);
        let declared = comments.filter(|line| matches!(read_parameter(line, 0), Ok(Some(_))));
        let why = "it stands below the header, which ends at the first line that is no comment";
        found.extend(declared.map(|line| (line, format!("`{line}` declares nothing: {why}"))));
    }
    let text = Text::new(source, script);
    let warning = |(line, message): (&str, String)| {
        let frames = vec![Frame { place: text.place(at(line), line.len()), label: None }];
        Error::Usage(Report { frames, ..Report::plain(message, Some(PAGE.to_owned())) })
    };
    found.into_iter().map(warning).collect()
}

/// The reason why a line of a header is none; `None` for one that is, and for prose.
fn explain(line: &str, header: &ScriptHeader) -> Option<String> {
    let lower = line.to_lowercase();
    let first = lower.split_whitespace().next()?;
    let is_title = TITLES.contains(&&*lower) || (first == "usage:" && header.parameters.is_empty());
    let is_tag = TAGS.contains(&first) && line.split_whitespace().count() > 1 && !lower.ends_with(['.', ',']);
    if is_title || is_tag {
        return Some(format!("`{first}` declares no parameter: that is written {DECLARATION}"));
    }
    for word in ["example:", "needs:", "question:"] {
        if lower.starts_with(word) && !line.starts_with(word) {
            return Some(format!("`{}` is prose: write `{word}` in small letters", &line[..word.len()]));
        }
    }
    is_almost_parameter(line).then(|| format!("`{line}` declares no parameter: that is written {DECLARATION}"))
}

/// True for a line that is a parameter but for its name, its blanks or its dash.
fn is_almost_parameter(line: &str) -> bool {
    if matches!(read_parameter(line, 0), Ok(Some(_)) | Err(_)) {
        return false;
    }
    let Some((name, rest)) = line.split_once(':') else { return false };
    let name = name.trim().trim_matches(['`', '*', '-']).trim();
    let is_name = name.starts_with(|c: char| c.is_alphabetic())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let mut words = rest.split_whitespace();
    let kind = words.next().map(str::to_lowercase).unwrap_or_default();
    let rest: Vec<&str> = words.skip_while(|word| kind == "int" && word.contains("..")).collect();
    let is_declared = rest.first().is_none_or(|next| matches!(*next, "=" | "-" | "--" | "–" | "—" | ":"));
    is_name && is_declared && ParameterType::read(&kind).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{ScriptHeader, lookalikes};
    use crate::script::library::all;

    #[track_caller]
    fn warned(script: &str, expected: &[&str]) {
        let (header, _) = ScriptHeader::read_all("x", "x.rhai", script);
        let found = lookalikes(&header, "x.rhai", script);
        let found: Vec<String> = found.iter().map(|error| error.report().unwrap().message).collect();
        assert_eq!(found.len(), expected.len(), "{found:?}");
        assert!(found.iter().zip(expected).all(|(found, start)| found.starts_with(start)), "{found:?}");
    }

    #[test]
    fn what_looks_like_a_line_of_a_header_and_is_none_is_warned_of() {
        for (line, expected) in [
            ("// @param name the name", "`@param` declares no"),
            ("// Parameters:", "`parameters:` declares no"),
            ("// usage: x.rhai NAME", "`usage:` declares no"),
            ("// count: int - how many", "`count: int - how many` declares no"),
            ("// count: int = 2 -- how many", "`count: int"),
            ("// count:int — how many", "`count:int"),
            ("// Count: int — how many", "`Count: int"),
            ("// count: int 0..9 = 2", "`count: int 0..9 = 2` declares no"),
            ("// by: stage|certainty = stage", "`by: stage|certainty"),
            ("// Example: → 5", "`Example:` is prose"),
            ("// A summary.\n\n// count: int — how many", "`count: int — how many` declares nothing: it stands below"),
            ("// A summary.\nlet x = 1;\n// count: int — how many", "`count: int — how many` declares nothing"),
        ] {
            warned(&format!("{line}\nprint(1);\n"), &[expected]);
        }
    }

    #[test]
    fn headers_and_prose_are_not() {
        for script in [
            "// A parameter of the pledge.\n// count: int = 2 — how many\n",
            "// note: text of the pledge as it stands\n",
            "// Statements: quantity and unit\n",
            "// options are given by name\n",
            "// example: → 5\n// needs: facts\n",
            "// count: int = 2 — how many\nlet x = 1;\n// other: int — a comment\n",
            "\n// count: int = 2 — how many\n",
            "#!/usr/bin/env pledgebook\n// fact: fact — the fact\n",
        ] {
            warned(script, &[]);
        }
        for script in all().unwrap() {
            warned(&script.text.whole, &[]);
        }
    }
}
