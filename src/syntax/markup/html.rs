//! HTML as blocks: the text between the tags, with entities decoded. Scripts, styles, comments and code are no text.

use super::{BlockKind, Prose, Writer};
use html5gum::{DefaultEmitter, Token, Tokenizer};
use std::ops::Range;

/// Elements whose content is no text.
const SILENT: [&str; 6] = ["script", "style", "template", "svg", "math", "textarea"];

/// Elements whose content is code.
const CODE: [&str; 5] = ["pre", "code", "kbd", "samp", "var"];

/// Elements within a paragraph; every other one ends it.
const INLINE: [&str; 34] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font", "i", "img", "input",
    "ins", "label", "link", "mark", "meta", "nobr", "q", "s", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "wbr",
];

/// The elements of headings.
const HEADINGS: [&str; 8] = ["h1", "h2", "h3", "h4", "h5", "h6", "title", "caption"];

/// The most characters of the mark of a footnote: `[12]`.
const LONGEST_MARK: usize = 5;

/// The blocks of a page.
pub(super) fn read(source: &str) -> Prose {
    let mut reader = Reader::default();
    reader.read(source, 0);
    reader.writer.end();
    reader.writer.prose
}

/// Reads HTML within another text, from this offset of the file on, into the blocks of that.
pub(super) fn read_into(writer: &mut Writer, source: &str, offset: usize) {
    let mut reader = Reader { writer: std::mem::take(writer), ..Reader::default() };
    reader.read(source, offset);
    *writer = reader.writer;
}

/// The blocks of a page while it is read.
#[derive(Default)]
struct Reader {
    writer: Writer,
    /// The silent or code element that is open, and how often.
    closed: Option<(String, usize)>,
    is_superscript: bool,
}

impl Reader {
    fn read(&mut self, source: &str, offset: usize) {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(source, emitter).flatten() {
            match token {
                Token::StartTag(tag) if !tag.self_closing || !is_one_of(&CODE, &name(&tag.name)) => {
                    self.open(&name(&tag.name), offset + tag.span.start..offset + tag.span.end);
                }
                Token::EndTag(tag) => self.close(&name(&tag.name)),
                Token::String(text) => {
                    let (start, end) = (text.span.start.min(source.len()), text.span.end.min(source.len()));
                    if let Some(written) = source.get(start..end) {
                        self.text(written, offset + start);
                    }
                }
                _ => {}
            }
        }
    }

    fn open(&mut self, name: &str, source: Range<usize>) {
        if let Some((element, depth)) = &mut self.closed {
            *depth += usize::from(element == name);
            return;
        }
        if is_one_of(&SILENT, name) || is_one_of(&CODE, name) {
            if is_one_of(&CODE, name) {
                self.writer.prose.code += 1;
                if name == "pre" { self.writer.end() } else { self.writer.leave_out(source) }
            }
            self.closed = Some((name.to_owned(), 1));
        } else if name == "sup" {
            self.is_superscript = true;
        } else if name == "br" {
            self.writer.push(" ", source);
        } else if is_one_of(&HEADINGS, name) {
            self.writer.begin(BlockKind::Heading);
        } else if name == "tr" {
            self.writer.begin_row();
        } else if name == "td" || name == "th" {
            self.writer.begin(BlockKind::Cell);
        } else if !is_one_of(&INLINE, name) {
            self.writer.end();
        }
    }

    fn close(&mut self, name: &str) {
        if let Some((element, depth)) = &mut self.closed {
            *depth -= usize::from(element == name);
            if *depth == 0 {
                self.closed = None;
            }
            return;
        }
        if name == "sup" {
            self.is_superscript = false;
        } else if name != "br" && !is_one_of(&INLINE, name) {
            self.writer.end();
        }
    }

    /// Adds text, entity by entity.
    fn text(&mut self, written: &str, offset: usize) {
        if self.closed.is_some() {
            return;
        }
        let mark = written.trim().trim_matches(['[', ']', '(', ')']);
        if self.is_superscript && written.len() <= LONGEST_MARK && is_mark(mark) {
            self.writer.prose.footnote_marks += 1;
            self.writer.leave_out(offset..offset + written.len());
            return;
        }
        let mut at = 0;
        while let Some(start) = written[at..].find('&').map(|found| at + found) {
            let end = entity_end(written, start);
            if start > at {
                self.writer.push(&written[at..start], offset + at..offset + start);
            }
            self.writer.push(&decoded(&written[start..end]), offset + start..offset + end);
            at = end;
        }
        if at < written.len() {
            self.writer.push(&written[at..], offset + at..offset + written.len());
        }
    }
}

fn name(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.contains(&name)
}

/// True for the mark of a footnote: `2`, `*`, `†`, `a`.
fn is_mark(mark: &str) -> bool {
    mark.chars().all(|c| c.is_ascii_digit()) || mark.chars().count() == 1
}

/// The end of the entity that may begin at `start`.
fn entity_end(text: &str, start: usize) -> usize {
    let rest = &text[start + 1..];
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '#')).unwrap_or(rest.len());
    start + 1 + end + usize::from(rest[end..].starts_with(';'))
}

/// An entity as the standard decodes it.
fn decoded(entity: &str) -> String {
    let mut text = String::new();
    for token in Tokenizer::new(entity).flatten() {
        if let Token::String(value) = token {
            text.push_str(&String::from_utf8_lossy(&value.value));
        }
    }
    text
}
