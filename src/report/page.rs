//! A page as HTML: one file that loads nothing and runs nothing. Every text is escaped by the template; what can't be seen, as marks
//! that turn the direction of letters, is written out.

use super::chart;
use super::facts::{Anchors, aside, noted, source, stamp};
use super::legend::reading;
use super::model::{Block, Cell, Chart, Line, Page, ReceiptText, Role, Section, Stamp, Table};
use super::order;
use super::svg::definitions;
use super::table::{LaidColumn, LaidRow, LaidTable, Overflow, lay_out};
use crate::table::visible_lines;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The stylesheet, minified by hand.
const STYLE: &str = include_str!("style.css");

/// The content-security policy: a page loads its own stylesheet, and runs nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The page as one HTML file.
#[must_use]
pub fn html(page: &Page) -> String {
    let anchors = Anchors::of(page);
    let receipts: Vec<&str> =
        page.sections.iter().filter_map(|section| section.receipt.as_ref()).map(receipt_id).collect();
    let body = html! {
        a.skip href="#q1" { "Skip to the first answer" }
        (opening(page, &anchors))
        (definitions())
        main {
            @for (at, section) in page.sections.iter().enumerate() { (question(page, section, at + 1, &anchors)) }
            (sources(page, &receipts, &anchors))
        }
        footer { (closing(page, &receipts)) }
    };
    document(&format!("{}: pledgebook", title(page)), &page.program, &foot("report", &receipts), "", &body)
}

/// A whole document; `foot` stands at the foot of each printed page, `style` behind the stylesheet that all share.
pub(super) fn document(title: &str, program: &str, foot: &str, style: &str, body: &Markup) -> String {
    let printed = format!("@media print{{@page{{@bottom-left{{content:\"{foot}\"}}}}}}");
    let whole = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="generator" content=(program);
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE.trim_end())) (PreEscaped(style)) (PreEscaped(printed)) }
            }
            body { (body) }
        }
    };
    let mut text = in_lines(&visible_lines(&whole.into_string()));
    text.push('\n');
    text
}

/// Elements that begin on a line of their own, so that two pages can be compared line by line.
const ON_OWN_LINE: [&str; 30] = [
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "nav", "li", "main", "section",
    "div", "aside", "p", "table", "tr", "tbody", "figure", "svg", "rect", "text", "desc", "details", "pre", "dt",
    "footer", "defs",
];

/// The text of a page in lines. Every `<` in it begins an element: those of texts are escaped.
fn in_lines(page: &str) -> String {
    let mut lines = String::with_capacity(page.len() + page.len() / 32);
    let mut parts = page.split('<');
    lines.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let name = part.split([' ', '>']).next().unwrap_or_default();
        if ON_OWN_LINE.contains(&name) {
            lines.push('\n');
        }
        lines.push('<');
        lines.push_str(part);
    }
    lines
}

/// The text at the foot of printed pages: letters, digits and dots alone.
pub(super) fn foot(kind: &str, receipts: &[&str]) -> String {
    let ids = match receipts {
        [] => String::new(),
        [one] => format!(" · receipt {one}"),
        several => format!(" · receipts {}", several.join(" ")),
    };
    format!("pledgebook {kind}{ids}")
}

/// The id of a receipt, if it is one that a stylesheet can hold.
pub(super) fn receipt_id(receipt: &ReceiptText) -> &str {
    let is_plain = receipt.id.chars().all(|c| c.is_ascii_alphanumeric());
    if is_plain { &receipt.id } else { "" }
}

/// The name of the page in a list of windows.
fn title(page: &Page) -> String {
    match page.sections.as_slice() {
        [] => page.heading.clone(),
        [one] => one.question.clone(),
        [first, rest @ ..] => {
            let questions = if rest.len() == 1 { "question" } else { "questions" };
            format!("{}, and {} more {questions}", first.short, rest.len())
        }
    }
}

fn opening(page: &Page, anchors: &Anchors) -> Markup {
    html! {
        header {
            div.top {
                span { b { "pledgebook" } " report" }
                span { (page.book.name) ": " (page.book.extent) }
            }
            h1 { (page.heading) }
            @if !page.lede.is_empty() { p.lede { (anchors.line(&page.lede)) } }
            @if page.sections.len() > 1 {
                nav.short aria-labelledby="short" {
                    h2 #short { "In short" }
                    ol { @for (at, section) in page.sections.iter().enumerate() { (in_short(section, at + 1, anchors)) } }
                }
            }
        }
    }
}

fn in_short(section: &Section, number: usize, anchors: &Anchors) -> Markup {
    html! {
        li {
            span aria-hidden="true" { (number) }
            div {
                a href={ "#q" (number) } { (section.short) }
                @for mark in &section.stamps { " " (stamp(*mark)) }
                @if !section.gist.is_empty() { br; (anchors.line(&section.gist)) }
            }
        }
    }
}

fn question(page: &Page, section: &Section, number: usize, anchors: &Anchors) -> Markup {
    let laid: Vec<Option<LaidTable>> = section
        .blocks
        .iter()
        .map(|block| if let Block::Table(table) = block { Some(lay_out(table)) } else { None })
        .collect();
    let is_wide = laid.iter().flatten().any(|laid| laid.overflow == Overflow::Wide);
    let heading = format!("h{number}q");
    let is_only = page.sections.len() == 1;
    html! {
        section class=(if is_wide { "q one" } else { "q" }) id={ "q" (number) } aria-labelledby=(heading) {
            header {
                @if !is_only { p.no { "Question " (number) " of " (page.sections.len()) } }
                h2 #(heading) class=[is_only.then_some("vh")] {
                    @for mark in &section.stamps { (stamp(*mark)) " " }
                    (section.question)
                }
                @if is_only { @for mark in &section.stamps { p { (stamp(*mark)) } } }
            }
            div {
                (answer(section, anchors))
                @for (at, (block, laid)) in section.blocks.iter().zip(&laid).enumerate() {
                    (drawn_block(block, laid.as_ref(), number * 100 + at, anchors))
                }
                (working(section, anchors))
            }
            (aside(section, number, anchors))
            (closing_of(section, number))
        }
    }
}

/// The value, its kind and the sentences of the answer; those of a supposed value stand behind a dashed rule.
fn answer(section: &Section, anchors: &Anchors) -> Markup {
    let value = html! {
        @if let Some(value) = &section.value {
            p.big { (value.digits) @if !value.unit.is_empty() { " " small { (value.unit) } } }
        }
        @if !section.kind.is_empty() { p.kind { (anchors.line(&section.kind)) } }
        @if !section.supposed.is_empty() { p.answer { (anchors.line(&section.supposed)) } }
    };
    html! {
        @if let Some(failure) = &section.failure {
            p.answer { "No answer: " (failure.message) }
            @if let Some(help) = &failure.help { p.s.after { "Help: " (help) } }
        }
        @if section.stamps.contains(&Stamp::WhatIf) { div.said { (value) } } @else { (value) }
        @for line in &section.answer { p.answer { (anchors.line(line)) } }
        @for notice in &section.notices { p.s.after { (NOTICE) (notice) } }
    }
}

fn drawn_block(block: &Block, laid: Option<&LaidTable>, number: usize, anchors: &Anchors) -> Markup {
    match (block, laid) {
        (Block::Table(table), Some(laid)) => drawn_table(table, laid, number, anchors),
        (Block::Table(_), None) => html! {},
        (Block::Chart(Chart::Bars(bars)), _) => chart::bars(bars, number),
        (Block::Chart(Chart::Order(order)), _) => order::order(order, number, anchors),
        (Block::Line(line), _) => html! { p.s.after { (anchors.line(line)) } },
        (Block::Listing(text), _) => html! { pre { (text) } },
    }
}

fn drawn_table(table: &Table, laid: &LaidTable, number: usize, anchors: &Anchors) -> Markup {
    let name = format!("t{number}");
    let body = if laid.is_upright { upright(laid, anchors) } else { rows(laid, anchors) };
    let caption = html! {
        caption #(name) {
            (laid.caption)
            @for line in &laid.common { span.sub { (line) } }
        }
    };
    let drawn = html! { table class=[laid.is_upright.then_some("up")] { (caption) (body) } };
    html! {
        @match laid.overflow {
            Overflow::Wraps => (drawn),
            Overflow::Scrolls => div.scroll tabindex="0" role="region" aria-labelledby=(name) { (drawn) },
            Overflow::Wide => div.scroll.wide tabindex="0" role="region" aria-labelledby=(name) { (drawn) },
        }
        @if let Some(rest) = &table.rest { p.s.after { "Every row: " code { (rest) } } }
    }
}

/// A single row, its columns one below the other.
fn upright(laid: &LaidTable, anchors: &Anchors) -> Markup {
    let row = laid.groups.iter().flat_map(|group| &group.rows).next();
    html! {
        tbody {
            @for (column, cell) in laid.columns.iter().zip(row.map(|row| &row.cells).into_iter().flatten()) {
                @let is_number = matches!(cell.0, Cell::Number(_));
                tr {
                    th scope="row" {
                        (column.column.name)
                        @if !column.column.unit.is_empty() { span.sub { (column.column.unit) } }
                    }
                    td class=(if is_number { "n" } else { "n u" }) { (cell_text(&cell.0, anchors)) }
                }
            }
        }
    }
}

fn rows(laid: &LaidTable, anchors: &Anchors) -> Markup {
    html! {
        thead { tr { @for column in &laid.columns { (column_heading(column)) } } }
        @for group in &laid.groups {
            tbody {
                @if let Some(heading) = &group.heading {
                    tr { th.g colspan=(laid.columns.len()) scope="rowgroup" { (heading) } }
                }
                @for row in &group.rows { (row_of(row, laid, anchors)) }
            }
        }
    }
}

fn column_heading(laid: &LaidColumn) -> Markup {
    let under: Vec<&str> = laid.under.iter().map(|column| column.name.as_str()).collect();
    html! {
        th scope="col" class=[(laid.column.role == Role::Number).then_some("n")] {
            b { (laid.column.name) }
            (laid.column.unit)
            (under.join(" · "))
        }
    }
}

fn row_of(row: &LaidRow, laid: &LaidTable, anchors: &Anchors) -> Markup {
    html! {
        tr {
            @for (at, ((cell, under), column)) in row.cells.iter().zip(&laid.columns).enumerate() {
                @if at == 0 {
                    th scope="row" class=[(column.column.role == Role::Number).then_some("n")] {
                        @if let Some(mark) = row.stamp { (stamp(mark)) " " }
                        (cell_text(cell, anchors)) (small_cells(under))
                    }
                } @else {
                    @let class = match (column.column.role, cell) {
                        (Role::Number, Cell::Number(_)) => Some("n"),
                        (Role::Number, _) => Some("n u"),
                        _ => None,
                    };
                    td class=[class] { (cell_text(cell, anchors)) (small_cells(under)) }
                }
            }
        }
    }
}

/// Cells that went under another.
fn small_cells(cells: &[Cell]) -> Markup {
    let words: Vec<String> = cells.iter().map(Cell::words).filter(|words| !words.is_empty()).collect();
    html! { @if !words.is_empty() { span.sub { (words.join(" · ")) } } }
}

fn cell_text(cell: &Cell, anchors: &Anchors) -> Markup {
    html! {
        @match cell {
            Cell::Null | Cell::Empty => { span aria-hidden="true" { "–" } span.vh { (cell.spoken()) } },
            Cell::Text(text) | Cell::Number(text) => (text),
            Cell::Unknown(words, ids) => {
                (words) @if !ids.is_empty() { " " (anchors.line(&Line::default().ids(ids.iter().map(String::as_str)))) }
            },
            Cell::Ids(ids, remark) => {
                (anchors.line(&Line::default().ids(ids.iter().map(String::as_str))))
                @if !remark.is_empty() { span.sub { (remark) } }
            },
        }
    }
}

fn working(section: &Section, anchors: &Anchors) -> Markup {
    html! {
        @if !section.working.lines.is_empty() {
            h3 { "How it was computed" }
            ul.calc {
                @for line in &section.working.lines { li { (anchors.line(line)) } }
                @if section.working.more > 0 { li { (more_lines(section)) } }
            }
        }
    }
}

/// `and 12 more`, and where they are.
pub(super) fn more_lines(section: &Section) -> String {
    let place = if section.receipt.is_some() { ", in the receipt" } else { "" };
    format!("and {} more{place}", section.working.more)
}

/// The line to cite and the receipt.
fn closing_of(section: &Section, number: usize) -> Markup {
    html! {
        div.foot {
            @if !section.cite.is_empty() {
                h3 { "To cite" }
                @for line in &section.cite { p.cite { (line) } }
            }
            @if let Some(receipt) = &section.receipt {
                details {
                    summary { "Receipt " (receipt.id) " " span { (receipt_note(section)) } }
                    pre id={ "receipt-" (number) } { (json_text(&receipt.text)) }
                }
            }
        }
    }
}

/// The contents of a receipt, in a few words.
pub(super) fn receipt_note(section: &Section) -> &'static str {
    if section.assumed.is_empty() { "script, book and result with their hashes" } else { "with the assumption" }
}

/// JSON in which what can't be seen is written as JSON writes it: the page would write it otherwise.
pub(super) fn json_text(text: &str) -> String {
    let is_plain =
        |c: char| matches!(c, '\n' | '\t') || visible_lines(c.encode_utf8(&mut [0; 4])).len() == c.len_utf8();
    let mut json = String::with_capacity(text.len());
    for c in text.chars() {
        if is_plain(c) {
            json.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            json.push_str(&format!("\\u{unit:04x}"));
        }
    }
    json
}

fn sources(page: &Page, receipts: &[&str], anchors: &Anchors) -> Markup {
    html! {
        section.end aria-labelledby="src" {
            div {
                h2 #src { (sources_heading(receipts)) }
                @if page.sources.is_empty() { p { "No answer rests on a source of the book." } }
                @if !page.sources.is_empty() {
                    ul.notes {
                        @for one in &page.sources { (source(one, anchors)) }
                        @for question in &page.source_questions { (noted(question, anchors)) }
                    }
                }
                @for line in &page.omitted { p.s.after { (anchors.line(line)) } }
                @if !receipts.is_empty() {
                    h3 { "Verify this page" }
                    pre { (page.verify) }
                    p.s { "Runs the questions again and says SAME, or which script, fact, parameter or program differs." }
                }
            }
            div { h3 { "How to read it" } (legend(page)) }
        }
    }
}

/// The heading of the end of a page.
pub(super) fn sources_heading(receipts: &[&str]) -> &'static str {
    if receipts.is_empty() { "Sources" } else { "Source and verification" }
}

/// The words before a notice.
pub(super) const NOTICE: &str = "Notice: ";

fn legend(page: &Page) -> Markup {
    html! {
        dl.read {
            @for (mark, meaning) in reading(page) {
                dt { @if mark == Stamp::WhatIf.word() { (stamp(Stamp::WhatIf)) } @else { (mark) } }
                dd { (meaning) }
            }
        }
    }
}

/// The last line of the page.
pub(super) fn closing(page: &Page, receipts: &[&str]) -> String {
    let digest = page.book.digest.as_ref().map(|digest| format!(" {digest}")).unwrap_or_default();
    let ids = match receipts {
        [] => String::new(),
        [one] => format!(" · receipt {one}"),
        several => format!(" · receipts {}", several.join(" ")),
    };
    format!("{} · {}{digest}{ids}", page.program, page.book.name)
}

/// True if a chart has something to draw, and not too much.
#[must_use]
pub fn is_drawn(chart: &Chart) -> bool {
    match chart {
        Chart::Bars(bars) => chart::is_drawn(bars),
        Chart::Order(order) => order::is_drawn(order),
    }
}

#[cfg(test)]
mod tests {
    use super::{html, in_lines, json_text};
    use crate::report::model::{FactNote, Facts, Line, Page, ReceiptText, Section};

    fn page(receipt: Option<ReceiptText>) -> Page {
        let fact = FactNote { id: "F29".to_owned(), gloss: "a fact".to_owned(), ..FactNote::default() };
        let section = Section {
            question: "What?".to_owned(),
            answer: vec![Line::with_references("as F29 <b> says [F29 F30]")],
            facts: Facts { told: vec![fact], more: None },
            receipt,
            ..Section::default()
        };
        Page { program: "pledgebook 1".to_owned(), sections: vec![section.clone(), section], ..Page::default() }
    }

    #[test]
    fn an_id_leads_to_the_one_place_that_tells_it() {
        let drawn = html(&page(None));
        assert_eq!(drawn.matches("id=\"F29\"").count(), 1);
        assert_eq!(drawn.matches("as F29 &lt;b&gt; says [<a href=\"#F29\">F29</a> F30]").count(), 2);
        assert!(!drawn.contains("verify"), "a page without receipts can't be verified");
    }

    #[test]
    fn a_receipt_is_text_that_a_reader_sees() {
        let text = "{\n\"a\":\"<b>\u{202e}\"\n}".to_owned();
        let drawn = html(&page(Some(ReceiptText { id: "2c4c59962974".to_owned(), text })));
        assert!(
            drawn.contains("<pre id=\"receipt-1\">{\n&quot;a&quot;:&quot;&lt;b&gt;\\u202e&quot;\n}</pre>"),
            "{drawn}"
        );
        assert!(drawn.contains("@bottom-left{content:\"pledgebook report · receipts 2c4c59962974 2c4c59962974\"}"));
        assert!(drawn.contains("Verify this page") && drawn.contains("#q2"));
        let odd = html(&page(Some(ReceiptText { id: "\"}</style>".to_owned(), text: String::new() })));
        assert_eq!(odd.matches("</style>").count(), 1);
    }

    #[test]
    fn json_stays_json() {
        assert_eq!(json_text("é\n\u{7}\u{e0041}"), "é\n\\u0007\\udb40\\udc41");
    }

    #[test]
    fn elements_begin_on_lines_of_their_own() {
        assert_eq!(in_lines("<p>a<b>c</b></p><pre>d</pre>"), "\n<p>a<b>c</b></p>\n<pre>d</pre>");
    }
}
