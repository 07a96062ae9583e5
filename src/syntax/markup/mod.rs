//! A text as people read it, without the markup of its file: paragraphs, headings, items and cells, in which each character knows its
//! place in the file. Code, comments, scripts and the marks of footnotes are no text, and counted.

mod html;
mod markdown;
mod plain;

use std::ops::Range;

/// The markup of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// None: all of it is text.
    Plain,
    /// Markdown, by the specification of `CommonMark`, with tables and footnotes.
    Markdown,
    /// HTML.
    Html,
}

impl Markup {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }
}

/// A text without its markup.
#[derive(Debug, Default)]
pub struct Prose {
    /// Its blocks, in the order of the file.
    pub blocks: Vec<Block>,
    /// The blocks and spans of code.
    pub code: usize,
    /// The marks of footnotes.
    pub footnote_marks: usize,
    /// The numbers of list items.
    pub list_markers: usize,
}

/// The kind of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading, or the title of a page.
    Heading,
    /// A paragraph, an item of a list, a caption.
    Paragraph,
    /// A cell of a table.
    Cell,
}

/// A stretch of text that no other joins: a paragraph, a heading, an item, a cell.
#[derive(Debug)]
pub struct Block {
    /// Its kind.
    pub kind: BlockKind,
    /// True for the first cell of a row.
    pub begins_row: bool,
    /// Its text: a line end is a blank, and [`LEFT_OUT`] stands for what is no text.
    pub text: String,
    /// The pieces of it, in their order, each with its place in the file.
    pieces: Vec<Piece>,
}

/// A character in the place of code or of the mark of a footnote.
pub const LEFT_OUT: char = '\u{fffc}';

/// A piece of a block's text, and of the file.
#[derive(Debug, Clone)]
struct Piece {
    text: Range<usize>,
    source: Range<usize>,
}

impl Piece {
    /// True if the file has the same bytes.
    fn is_verbatim(&self) -> bool {
        self.text.len() == self.source.len()
    }
}

/// The text of a file.
#[must_use]
pub fn read(source: &str, markup: Markup) -> Prose {
    match markup {
        Markup::Plain => plain::read(source),
        Markup::Markdown => markdown::read(source),
        Markup::Html => html::read(source),
    }
}

impl Block {
    /// The bytes of the file that a range of the text comes from; of an entity, all of it.
    #[must_use]
    pub fn source_range(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.piece_at(range.start).map_or(0, |piece| {
            if piece.is_verbatim() { piece.source.start + range.start - piece.text.start } else { piece.source.start }
        });
        let last = range.end.saturating_sub(1).max(range.start);
        let end = self.piece_at(last).map_or(start, |piece| {
            if piece.is_verbatim() { piece.source.start + range.end - piece.text.start } else { piece.source.end }
        });
        start..end.max(start)
    }

    fn piece_at(&self, at: usize) -> Option<&Piece> {
        let next = self.pieces.partition_point(|piece| piece.text.start <= at);
        self.pieces.get(next.checked_sub(1)?)
    }
}

/// The blocks of a text while it is read.
#[derive(Default)]
struct Writer {
    prose: Prose,
    text: String,
    pieces: Vec<Piece>,
    kind: Option<BlockKind>,
    begins_row: bool,
}

impl Writer {
    /// Ends the block here; one without text is left out.
    fn end(&mut self) {
        let (text, pieces) = (std::mem::take(&mut self.text), std::mem::take(&mut self.pieces));
        let kind = self.kind.take().unwrap_or(BlockKind::Paragraph);
        if text.contains(|c: char| !c.is_whitespace()) {
            let begins_row = kind == BlockKind::Cell && std::mem::take(&mut self.begins_row);
            self.prose.blocks.push(Block { kind, begins_row, text, pieces });
        }
    }

    /// Ends the block here, and begins one of this kind.
    fn begin(&mut self, kind: BlockKind) {
        self.end();
        self.kind = Some(kind);
    }

    /// Ends the row of a table here.
    fn begin_row(&mut self) {
        self.end();
        self.begins_row = true;
    }

    /// Adds text that comes from these bytes of the file.
    fn push(&mut self, text: &str, source: Range<usize>) {
        let start = self.text.len();
        // The length stays: that of a line end is that of a blank.
        self.text.extend(text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }));
        self.pieces.push(Piece { text: start..self.text.len(), source });
    }

    /// Adds the character for what is no text.
    fn leave_out(&mut self, source: Range<usize>) {
        self.push(LEFT_OUT.encode_utf8(&mut [0; 4]), source);
    }
}

#[cfg(test)]
mod tests {
    use super::{BlockKind, Markup, Prose, read};

    /// The texts of the blocks, and what the file has where a word stands.
    fn place(prose: &Prose, source: &str, word: &str) -> String {
        let found = prose.blocks.iter().find_map(|block| {
            let at = block.text.find(word)?;
            Some(block.source_range(&(at..at + word.len())))
        });
        found.map_or_else(String::new, |range| source[range].to_owned())
    }

    fn texts(prose: &Prose) -> Vec<&str> {
        prose.blocks.iter().map(|block| block.text.trim()).collect()
    }

    #[test]
    fn plain_text_is_cut_at_blank_lines_and_items() {
        let source = "A title\n\nOne line\nand another.\n\n1. first\n2. second\n\nend";
        let prose = read(source, Markup::Plain);
        assert_eq!(texts(&prose), ["A title", "One line and another.", "1. first", "2. second", "end"]);
        assert_eq!(prose.blocks[0].kind, BlockKind::Heading);
        assert_eq!(place(&prose, source, "second"), "second");
    }

    #[test]
    fn markdown_is_read_without_its_marks() {
        let source = "---\ntitle: 7\n---\n# 3. Head\n\n1. £1.6&nbsp;bn **5,000** mis\\*siles[^1] `5 x`\n\n[^1]: A note.\n\n```\n5\n```\n\n<div>5 <i>men</i></div>\n\n|a|b|\n|-|-|\n|5|6|\n";
        let prose = read(source, Markup::Markdown);
        assert_eq!(
            texts(&prose),
            ["3. Head", "£1.6\u{a0}bn 5,000 mis*siles\u{fffc} \u{fffc}", "A note.", "5 men", "a", "b", "5", "6"]
        );
        assert_eq!((prose.code, prose.footnote_marks, prose.list_markers), (2, 1, 1));
        assert_eq!(place(&prose, source, "£1.6\u{a0}bn 5,000"), "£1.6&nbsp;bn **5,000");
        assert_eq!(place(&prose, source, "5 men"), "5 <i>men");
    }

    #[test]
    fn html_is_read_without_its_tags() {
        let source = "<head><title>A &lt; B</title><style>p {7}</style></head><p>£1.6&nbsp;bn &amp; 5,000\r\nmis<b>siles</b><!-- 3 --><sup>2</sup></p>\
                      <script>var a = 5;</script><ul><li>one<li>two</ul><pre>9</pre>&pound;5";
        let prose = read(source, Markup::Html);
        assert_eq!(texts(&prose), ["A < B", "£1.6\u{a0}bn & 5,000  missiles\u{fffc}", "one", "two", "£5"]);
        assert_eq!((prose.code, prose.footnote_marks), (1, 1));
        assert_eq!(place(&prose, source, "missiles"), "mis<b>siles");
        assert_eq!(place(&prose, source, "£5"), "&pound;5");
    }

    #[test]
    fn broken_markup_is_read_to_its_end() {
        for source in [
            "<p>5 <b",
            "<!-- 5",
            "&",
            "&#;5",
            "<script>",
            "</p></p>5",
            "**5",
            "[5](",
            "|5|\n|-|",
            "```\n5",
            "\u{feff}5",
        ] {
            for markup in [Markup::Plain, Markup::Markdown, Markup::Html] {
                for block in read(source, markup).blocks {
                    let whole = block.source_range(&(0..block.text.len()));
                    assert!(source.get(whole).is_some(), "{source}");
                }
            }
        }
    }
}
