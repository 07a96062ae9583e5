//! Markdown as blocks: the text of its paragraphs, headings, items and cells; HTML within it is read as such.

use super::{BlockKind, Prose, Writer, html};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// The blocks of a text in Markdown.
pub(super) fn read(source: &str) -> Prose {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader =
        Reader { source, writer: Writer::default(), is_skipped: false, is_ordered: Vec::new(), html: None };
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        reader.event(event, range);
    }
    reader.writer.end();
    reader.writer.prose
}

/// The blocks of a text while it is read.
struct Reader<'s> {
    source: &'s str,
    writer: Writer,
    /// True within a block of code or of metadata.
    is_skipped: bool,
    /// For each list that is open, true if its items have numbers.
    is_ordered: Vec<bool>,
    /// The HTML that is gathered.
    html: Option<Range<usize>>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if !self.is_skipped => self.writer.push(&text, range),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                self.writer.prose.code += 1;
                self.writer.leave_out(range);
            }
            Event::FootnoteReference(_) => {
                self.writer.prose.footnote_marks += 1;
                self.writer.leave_out(range);
            }
            Event::Html(_) => {
                let start = self.html.as_ref().map_or(range.start, |html| html.start);
                self.html = Some(start..range.end);
            }
            Event::SoftBreak | Event::HardBreak => self.writer.push(" ", range),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { .. } => self.writer.begin(BlockKind::Heading),
            Tag::TableHead | Tag::TableRow => self.writer.begin_row(),
            Tag::TableCell => self.writer.begin(BlockKind::Cell),
            Tag::CodeBlock(_) => {
                self.writer.end();
                self.writer.prose.code += 1;
                self.is_skipped = true;
            }
            Tag::MetadataBlock(_) => self.is_skipped = true,
            Tag::List(first) => {
                self.writer.end();
                self.is_ordered.push(first.is_some());
            }
            Tag::Item => {
                self.writer.end();
                self.writer.prose.list_markers += usize::from(self.is_ordered.last() == Some(&true));
            }
            Tag::Paragraph | Tag::BlockQuote(_) | Tag::HtmlBlock | Tag::FootnoteDefinition(_) => self.writer.end(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock | TagEnd::MetadataBlock(_) => self.is_skipped = false,
            TagEnd::List(_) => {
                self.writer.end();
                self.is_ordered.pop();
            }
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    html::read_into(&mut self.writer, &self.source[html.clone()], html.start);
                }
                self.writer.end();
            }
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell => self.writer.end(),
            _ => {}
        }
    }
}
