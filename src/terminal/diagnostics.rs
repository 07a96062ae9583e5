//! Errors as people and as programs read them: a report in, text out. What is said comes from `error`; nothing
//! here prints.

use crate::error::{Frame, Place, Report};
use crate::table::{visible, visible_lines};
use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns of a source line are shown, so that the caret is found under it on most terminals.
const LINE_COLUMNS: usize = 100;

/// How many of these are kept for what follows the caret where the line is too long on both sides.
const AFTER_COLUMNS: usize = 30;

/// What stands for a tab: stops would depend on what stands before the line.
const TAB: &str = "    ";

const RED: &str = "\u{1b}[31m";
const RED_BOLD: &str = "\u{1b}[1;31m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// The report as lines for people, each ended by a line feed: the message, each place with its line and a caret
/// beneath, the cure. The caret stands by display width, not by characters.
#[must_use]
pub fn draw(report: &Report, color: bool) -> String {
    let paint = |style: &str, text: &str| if color { format!("{style}{text}{PLAIN}") } else { text.to_owned() };
    let mut lines = vec![format!("{}: {}", paint(RED_BOLD, "error"), visible_lines(&report.message))];
    for Frame { place, label } in &report.frames {
        let Excerpt { line, start, width } = Excerpt::of(place);
        let carets = paint(RED, &"^".repeat(width));
        lines.push(format!(" --> {}:{}:{}", visible(&place.source), place.line, place.column));
        lines.push(format!("  | {line}").trim_end().to_owned());
        lines.push(match label {
            Some(label) => format!("  | {:start$}{carets} {}", "", visible(label)),
            None => format!("  | {:start$}{carets}", ""),
        });
    }
    if let Some(cure) = &report.cure {
        lines.push(format!("  = {}: {}", paint(BOLD, "cure"), visible_lines(cure)));
    }
    lines.join("\n") + "\n"
}

/// What is shown of a source line, and where the caret stands beneath it, in columns.
struct Excerpt {
    line: String,
    start: usize,
    width: usize,
}

impl Excerpt {
    /// The whole line where it is short enough; what surrounds the caret otherwise, cut ends marked by `…`.
    fn of(place: &Place) -> Self {
        let mut characters = place.line_text.chars();
        let mut next = |count: usize| shown(&characters.by_ref().take(count).collect::<String>());
        let before = next(place.column.saturating_sub(1));
        let under = next(place.width);
        let after = next(usize::MAX);

        let under = first_columns(&under, LINE_COLUMNS / 2);
        let room = LINE_COLUMNS - under.width();
        let before = last_columns(&before, room - after.width().min(AFTER_COLUMNS));
        let after = first_columns(&after, room - before.width());
        let line = format!("{before}{under}{after}");
        Self { line, start: before.width(), width: under.width().max(1) }
    }
}

/// Text with tabs as spaces and everything else that would move the cursor written out.
fn shown(text: &str) -> String {
    visible(&text.replace('\t', TAB)).into_owned()
}

/// The beginning of `text` in at most `limit` columns.
fn first_columns(text: &str, limit: usize) -> String {
    if text.width() <= limit {
        return text.to_owned();
    }
    let mut kept: String = fitting(text.chars(), limit.saturating_sub(1)).collect();
    kept.push('…');
    kept
}

/// The end of `text` in at most `limit` columns.
fn last_columns(text: &str, limit: usize) -> String {
    if text.width() <= limit {
        return text.to_owned();
    }
    let kept: Vec<char> = fitting(text.chars().rev(), limit.saturating_sub(1)).collect();
    std::iter::once('…').chain(kept.into_iter().rev()).collect()
}

fn fitting(text: impl Iterator<Item = char>, limit: usize) -> impl Iterator<Item = char> {
    text.scan(0, |columns, c| {
        *columns += c.width().unwrap_or(0);
        Some((*columns, c))
    })
    .take_while(move |(columns, _)| *columns <= limit)
    .map(|(_, c)| c)
}

/// The report as one line of JSON, ended by a line feed, for `--errors json`.
#[must_use]
pub fn json(report: &Report, exit_code: u8) -> String {
    let places = report.frames.iter().map(JsonPlace::of).collect();
    let error = JsonError { message: &report.message, exit_code, places, cure: report.cure.as_deref() };
    JsonDocument { error }.to_line()
}

#[derive(Serialize)]
struct JsonDocument<'r> {
    error: JsonError<'r>,
}

impl JsonDocument<'_> {
    fn to_line(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers always serialize") + "\n"
    }
}

#[derive(Serialize)]
struct JsonError<'r> {
    message: &'r str,
    exit_code: u8,
    places: Vec<JsonPlace<'r>>,
    cure: Option<&'r str>,
}

/// Line, column and width as in [`Place`].
#[derive(Serialize)]
struct JsonPlace<'r> {
    source: &'r str,
    line: usize,
    column: usize,
    width: usize,
    text: &'r str,
    label: Option<&'r str>,
}

impl<'r> JsonPlace<'r> {
    fn of(Frame { place, label }: &'r Frame) -> Self {
        let Place { source, line, column, width, line_text } = place;
        Self { source, line: *line, column: *column, width: *width, text: line_text, label: label.as_deref() }
    }
}

#[cfg(test)]
mod tests {
    use super::{draw, json};
    use crate::error::{Frame, Place, Report};

    fn report(text: &str, offset: usize, width: usize, label: Option<&str>) -> Report {
        let place = Place::at_byte("prompt", text, offset, width);
        let frames = vec![Frame { place, label: label.map(str::to_owned) }];
        Report { message: "`pledges` has no column `ammount`".to_owned(), frames, cure: None }
    }

    #[test]
    fn a_place_is_its_line_with_a_caret_and_the_label_beside_it() {
        let text = "select provider, ammount from pledges;";
        assert_eq!(
            draw(&report(text, 17, 7, Some("did you mean `amount`?")), false),
            "error: `pledges` has no column `ammount`\n --> prompt:1:18\n  | select provider, ammount from pledges;\n  \
             |                  ^^^^^^^ did you mean `amount`?\n"
        );
    }

    #[test]
    fn frames_follow_each_other_and_the_cure_ends_them() {
        let mut report = report("x", 0, 1, None);
        report
            .frames
            .push(Frame { place: Place::at_byte("a.rhai", "f()\n\n", 5, 1), label: Some("called here".into()) });
        report.cure = Some("write `F29 / F30`".to_owned());
        let drawn = draw(&report, false);
        let rest =
            " --> prompt:1:1\n  | x\n  | ^\n --> a.rhai:3:1\n  |\n  | ^ called here\n  = cure: write `F29 / F30`\n";
        assert_eq!(drawn.split_once('\n').unwrap().1, rest);
    }

    #[test]
    fn the_caret_stands_by_display_width() {
        let drawn = draw(&report("\t'北京\u{7}', nme", 12, 3, None), false);
        assert!(drawn.ends_with("  |     '北京\\u{7}', nme\n  |                  ^^^\n"), "{drawn}");
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret() {
        let text = format!("select {} wrong {}", "a, ".repeat(100), "b, ".repeat(100));
        let drawn = draw(&report(&text, 308, 5, None), false);
        let lines: Vec<Vec<char>> = drawn.lines().map(|line| line.chars().collect()).collect();
        let caret = lines[3].iter().position(|c| *c == '^').unwrap();
        assert_eq!(lines[2][caret..caret + 5].iter().collect::<String>(), "wrong");
        assert_eq!((lines[2][4], lines[2].last()), ('…', Some(&'…')));
        assert!(lines[2].len() <= 104);
    }

    #[test]
    fn a_caret_wider_than_the_screen_is_cut_too() {
        let text = "x".repeat(1_000);
        let drawn = draw(&report(&text, 400, 500, None), false);
        assert!(drawn.lines().all(|line| line.chars().count() <= 104), "{drawn}");
    }

    #[test]
    fn colour_marks_the_word_error_the_carets_and_the_word_cure() {
        let mut report = report("x", 0, 1, None);
        report.cure = Some("none".to_owned());
        let drawn = draw(&report, true);
        assert!(drawn.starts_with("\u{1b}[1;31merror\u{1b}[0m: "));
        assert!(drawn.contains("  | \u{1b}[31m^\u{1b}[0m\n  = \u{1b}[1mcure\u{1b}[0m: none\n"));
    }

    #[test]
    fn json_is_one_line_and_carries_the_places() {
        let expected = "{\"error\":{\"message\":\"`pledges` has no column `ammount`\",\"exit_code\":1,\"places\":[{\"source\":\
                        \"prompt\",\"line\":1,\"column\":8,\"width\":3,\"text\":\"select nme\",\"label\":null}],\"cure\":null}}\n";
        assert_eq!(json(&report("select nme", 7, 3, None), 1), expected);
    }
}
