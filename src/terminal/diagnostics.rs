//! Errors drawn for people and as JSON: a report in, text out. The words come from `error`; nothing here prints.

use crate::error::{Frame, Place, Report};
use crate::table::{visible, visible_lines, write_json};
use serde::Serialize;
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// The most columns of a source line that are drawn, so that the caret is beneath it on most terminals.
const LINE_COLUMNS: usize = 100;

/// The columns before a source line.
const PREFIX_COLUMNS: usize = 4;

/// The fewest columns of it, however narrow the window is.
const MIN_LINE_COLUMNS: usize = 16;

/// The most characters of a line that are measured: combining characters take no column, and there may be any number of
/// them. Characters are measured together, since some change the width of those before them.
const MAX_MEASURED_CHARS: usize = 4 * LINE_COLUMNS;

/// The most places of an error that are drawn, at its origin and at its outermost call; recursion may pass through
/// thousands.
const FIRST_PLACES: usize = 8;
const LAST_PLACES: usize = 4;

/// The most findings of a list that are drawn.
const MAX_FINDINGS: usize = 200;

/// The spaces drawn for a tab: a tab stop would depend on the prefix of the line.
const TAB: &str = "    ";

const RED: &str = "\u{1b}[31m";
const RED_BOLD: &str = "\u{1b}[1;31m";
const BOLD: &str = "\u{1b}[1m";
const RESET: &str = "\u{1b}[0m";

/// The report as lines for people, each ended by a line feed: the message, each place with its line and a caret
/// beneath, the help. The caret is placed by display width, not by characters; the source line is cut to `width` columns.
pub fn draw(report: &Report, color: bool, width: Option<usize>) -> String {
    let paint = |style: &str, text: &str| if color { format!("{style}{text}{RESET}") } else { text.to_owned() };
    let mut lines = vec![format!("{}: {}", paint(RED_BOLD, "error"), message(report))];
    let (first, last) = if report.is_list { (MAX_FINDINGS, 0) } else { (FIRST_PLACES, LAST_PLACES) };
    let columns =
        width.map_or(LINE_COLUMNS, |width| width.saturating_sub(PREFIX_COLUMNS).clamp(MIN_LINE_COLUMNS, LINE_COLUMNS));
    lines.extend(places(&report.frames, (first, last), columns, &|text| paint(RED, text)));
    if let Some(help) = &report.help {
        lines.push(format!("  = {}: {}", paint(BOLD, "help"), visible(help)));
    }
    lines.join("\n") + "\n"
}

/// The places, three lines each: name, source line, carets; those between the first and the last of very many are counted.
fn places(frames: &[Frame], most: (usize, usize), columns: usize, paint: &dyn Fn(&str) -> String) -> Vec<String> {
    let place = |Frame { place, label }: &Frame| {
        let Excerpt { line, start, width } = Excerpt::of(place, columns);
        let carets = format!("  | {:start$}{}", "", paint(&"^".repeat(width)));
        [
            format!(" --> {}:{}:{}", visible(&place.source), place.line, place.column),
            format!("  | {line}").trim_end().to_owned(),
            label.as_ref().map_or(carets.clone(), |label| format!("{carets} {}", visible(label))),
        ]
    };
    if frames.len() <= most.0 + most.1 {
        return frames.iter().flat_map(place).collect();
    }
    let (first, rest) = frames.split_at(most.0);
    let (unshown, last) = rest.split_at(rest.len() - most.1);
    let counted = match most.1 {
        0 => format!(" … places beyond these: {}; `--errors json` has all", unshown.len()),
        _ => format!(" … places between these: {}", unshown.len()),
    };
    first.iter().flat_map(place).chain([counted]).chain(last.iter().flat_map(place)).collect()
}

/// The message on one line; the further lines of a `throw` are indented deeper than any line of the report.
fn message(report: &Report) -> String {
    if report.has_lines {
        visible_lines(&report.message).replace('\n', "\n    ")
    } else {
        visible(&report.message).into_owned()
    }
}

/// The part of a source line that is drawn, and the column and width of its caret.
struct Excerpt {
    line: String,
    start: usize,
    width: usize,
}

impl Excerpt {
    /// The whole line where it is short enough; else the text around the caret, with `…` at each cut.
    fn of(place: &Place, columns: usize) -> Self {
        let mut characters = place.line_text.chars();
        let mut next = |count: usize| displayed(&characters.by_ref().take(count).collect::<String>());
        let before = next(place.column.saturating_sub(1));
        let under = next(place.width);
        let after = next(usize::MAX);

        let under = truncate_end(&under, columns / 2);
        let marked = truncate_start(&format!("{before}{under}"), columns - after.width().min(columns * 3 / 10));
        let line = truncate_end(&format!("{marked}{after}"), columns);
        let width = under.width().max(1);
        Self { line, start: marked.width().saturating_sub(under.width()), width }
    }
}

/// Text with tabs as spaces, and control characters escaped.
fn displayed(text: &str) -> String {
    visible(&text.replace('\t', TAB)).into_owned()
}

/// The beginning of `text` in at most `limit` columns, with `…` at the cut.
fn truncate_end(text: &str, limit: usize) -> String {
    if text.width() <= limit {
        return text.to_owned();
    }
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let kept = ends.map(|end| &text[..end]).take(MAX_MEASURED_CHARS).take_while(|kept| kept.width() < limit).last();
    format!("{}…", kept.unwrap_or_default())
}

/// The end of `text` in at most `limit` columns, with `…` at the cut.
fn truncate_start(text: &str, limit: usize) -> String {
    if text.width() <= limit {
        return text.to_owned();
    }
    let starts = text.char_indices().rev().map(|(at, _)| at);
    let kept =
        starts.map(|start| &text[start..]).take(MAX_MEASURED_CHARS).take_while(|kept| kept.width() < limit).last();
    format!("…{}", kept.unwrap_or_default())
}

/// The report as one line of JSON, ended by a line feed, for `--errors json`.
pub(super) fn json(report: &Report, exit_code: u8) -> String {
    let error =
        ErrorObject { message: &report.message, exit_code, places: &report.frames, help: report.help.as_deref() };
    let mut line = Vec::new();
    write_json(&mut line, &BTreeMap::from([("error", error)])).expect("texts and numbers always serialize");
    line.push(b'\n');
    String::from_utf8(line).expect("JSON is text")
}

#[derive(Serialize)]
struct ErrorObject<'r> {
    message: &'r str,
    exit_code: u8,
    places: &'r [Frame],
    help: Option<&'r str>,
}

#[cfg(test)]
mod tests {
    use super::draw;
    use crate::error::{Frame, Place, Report};
    use unicode_width::UnicodeWidthStr;

    fn report(text: &str, offset: usize, width: usize, label: Option<&str>) -> Report {
        let place = Place::at_byte("prompt", text, offset, width);
        let frames = vec![Frame { place, label: label.map(str::to_owned) }];
        Report { frames, ..Report::plain("`pledges` has no column `ammount`", None) }
    }

    #[test]
    fn of_very_many_places_the_first_and_the_last_are_drawn() {
        let mut report = report("x", 0, 1, None);
        let frame = |n: usize| Frame { place: Place::at_byte(&format!("f{n}"), "x", 0, 1), label: None };
        report.frames = (0..12).map(frame).collect();
        assert!(!draw(&report, false, None).contains('…'));
        report.frames = (0..100).map(frame).collect();
        let displayable = draw(&report, false, None);
        assert!(
            displayable.contains(" --> f7:1:1\n  | x\n  | ^\n … places between these: 88\n --> f96:1:1\n"),
            "{displayable}"
        );
        assert_eq!(displayable.matches(" --> ").count(), 12);
    }

    #[test]
    fn the_caret_stands_by_display_width() {
        let displayable = draw(&report("\t'北京\u{7}', nme", 12, 3, None), false, None);
        assert!(displayable.ends_with("  |     '北京\\u{7}', nme\n  |                  ^^^\n"), "{displayable}");
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret() {
        let text = format!("select {} wrong {}", "a, ".repeat(100), "b, ".repeat(100));
        let displayable = draw(&report(&text, 308, 5, None), false, None);
        let lines: Vec<Vec<char>> = displayable.lines().map(|line| line.chars().collect()).collect();
        let caret = lines[3].iter().position(|c| *c == '^').unwrap();
        assert_eq!(lines[2][caret..caret + 5].iter().collect::<String>(), "wrong");
        assert_eq!((lines[2][4], lines[2].last()), ('…', Some(&'…')));
        assert!(lines[2].len() <= 104);
    }

    #[test]
    fn a_caret_wider_than_the_screen_is_cut_too() {
        let text = "x".repeat(1_000);
        let displayable = draw(&report(&text, 400, 500, None), false, None);
        assert!(displayable.lines().all(|line| line.chars().count() <= 104), "{displayable}");
    }

    #[test]
    fn characters_that_change_each_others_width_are_measured_together() {
        for sign in ["❤️", "👩\u{200d}🚀", "🇬🇧", "a\u{301}\u{301}\u{301}", "北", "\u{301}"] {
            for before in [0, 40, 90, 1_000] {
                let text = format!("{}nme{}", sign.repeat(before), sign.repeat(90));
                for width in [1, 3, 80, 400] {
                    let displayable = draw(&report(&text, sign.len() * before, width, None), false, None);
                    let line = displayable.lines().nth(2).unwrap();
                    assert!(line.strip_prefix("  | ").unwrap().width() <= 100, "{sign} {before} {width}: {line}");
                }
            }
        }
    }

    #[test]
    fn no_text_forges_a_line() {
        let mut report = Report::plain("can't read `5 GBP\nerror: forged`", Some("a\nb".to_owned()));
        assert_eq!(draw(&report, false, None), "error: can't read `5 GBP\\nerror: forged`\n  = help: a\\nb\n");
        report = Report { has_lines: true, ..Report::plain("the script threw: a\n  | b\nerror: c", None) };
        assert_eq!(draw(&report, false, None), "error: the script threw: a\n      | b\n    error: c\n");
    }

    #[test]
    fn colour_marks_the_word_error_the_carets_and_the_word_help() {
        let mut report = report("x", 0, 1, None);
        report.help = Some("none".to_owned());
        let displayable = draw(&report, true, None);
        assert!(displayable.starts_with("\u{1b}[1;31merror\u{1b}[0m: "));
        assert!(displayable.contains("  | \u{1b}[31m^\u{1b}[0m\n  = \u{1b}[1mhelp\u{1b}[0m: none\n"));
    }
}
