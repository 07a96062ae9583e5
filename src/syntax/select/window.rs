//! The grammar of windows: `window`, `filter` and `over` with the frames in them.

use super::ast::{Expression, Frame, FrameUnit, NamedWindow, Over, Window};
use super::cursor::{Parsed, Unparsed};
use super::parser::Parser;

impl Parser<'_> {
    /// The definitions of `window`; none if it does not follow.
    pub(super) fn windows(&mut self) -> Parsed<Vec<NamedWindow>> {
        // Where the word is an alias, it was read with the table before it.
        Ok(self.behind(&["window"], |parser| parser.list(Self::named_window))?.unwrap_or_default())
    }

    fn named_window(&mut self) -> Parsed<NamedWindow> {
        let name = self.cursor.name()?;
        self.cursor.expect("as")?;
        Ok(NamedWindow { name, window: self.in_parentheses(Self::window)? })
    }

    /// The condition of `filter` behind a call.
    pub(super) fn filter(&mut self) -> Parsed<Option<Expression>> {
        if self.cursor.word() != "filter" || self.cursor.peek(1) != "(" {
            return Ok(None);
        }
        self.cursor.advance(1);
        let condition = self.in_parentheses(|parser| {
            parser.cursor.expect("where")?;
            parser.expression()
        })?;
        Ok(Some(condition))
    }

    /// The window of `over` behind a call.
    pub(super) fn over(&mut self) -> Parsed<Option<Over>> {
        if !self.cursor.is_at_over() {
            return Ok(None);
        }
        self.cursor.advance(1);
        Ok(Some(match self.in_parentheses_if_any(Self::window)? {
            Some(window) => Over::Window(window),
            None => Over::Named(self.cursor.name()?),
        }))
    }

    fn window(&mut self) -> Parsed<Window> {
        let start = self.cursor.start();
        let base = match self.cursor.word() {
            "partition" | "order" | "range" | "rows" | "groups" | ")" => None,
            _ => Some(self.cursor.name()?),
        };
        let partition_by = self.behind(&["partition", "by"], |parser| parser.list(Self::term))?.unwrap_or_default();
        let order_by = self.order_by()?;
        let frame = self.frame()?;
        Ok(Window { span: self.cursor.span_from(start), base, partition_by, order_by, frame })
    }

    fn frame(&mut self) -> Parsed<Option<Frame>> {
        let unit = match self.cursor.word() {
            "rows" => FrameUnit::Rows,
            "range" => FrameUnit::Range,
            "groups" => FrameUnit::Groups,
            _ => return Ok(None),
        };
        let start = self.cursor.start();
        self.cursor.advance(1);
        let is_between = self.cursor.eat("between");
        let mut offsets = Vec::from_iter(self.frame_bound()?);
        if is_between {
            self.cursor.expect("and")?;
            offsets.extend(self.frame_bound()?);
        }
        self.behind(&["exclude"], Self::excluded)?;
        Ok(Some(Frame { span: self.cursor.span_from(start), unit, offsets }))
    }

    /// The offset of a bound that has one.
    fn frame_bound(&mut self) -> Parsed<Option<Expression>> {
        if self.cursor.eat("current") {
            return self.cursor.expect("row").map(|()| None);
        }
        let offset = if self.cursor.eat("unbounded") { None } else { Some(self.expression()?) };
        if self.cursor.eat("preceding") || self.cursor.eat("following") { Ok(offset) } else { Err(Unparsed) }
    }

    fn excluded(&mut self) -> Parsed<()> {
        let choices: [&[&str]; 4] = [&["no", "others"], &["current", "row"], &["group"], &["ties"]];
        if choices.iter().any(|words| self.cursor.eat_all(words)) { Ok(()) } else { Err(Unparsed) }
    }
}
