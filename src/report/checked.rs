//! An article with its figures checked: paragraphs in which each figure leads to its note, the notes beside them, and a table of all
//! figures. A verdict is told by a glyph, a kind of line and a word, and each of them alone would do.

use super::model::{BookNote, Cell, Line, ReceiptText, SourceNote};
use super::page::{document, foot, json_text, receipt_id};
use crate::table::FigureVerdict;
use maud::{Markup, html};

/// The stylesheet of an article, minified by hand, behind that of every page.
const STYLE: &str = include_str!("checked.css");

/// The most figures of which the summary lists those that are right, too.
const MOST_LISTED: usize = 50;

/// An article with its figures checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CheckedPage {
    /// The program and its version.
    pub program: String,
    /// The book that it was checked against.
    pub book: BookNote,
    /// The text that was checked.
    pub text: TextSource,
    /// Its title.
    pub title: String,
    /// The kind of text, over its title; empty if nothing is said of that.
    pub eyebrow: String,
    /// The paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// The figures, in the order of the text.
    pub figures: Vec<Figure>,
    /// The numbers that were counted and not checked, as dates and section numbers, in a sentence; empty if there were none.
    pub uncounted: String,
    /// The sources that the figures rest on.
    pub sources: Vec<SourceNote>,
    /// The proof of what was checked.
    pub receipt: Option<ReceiptText>,
}

/// The file of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextSource {
    /// Its name, without a directory.
    pub name: String,
    /// The digest of its bytes.
    pub sha256: String,
}

/// A paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// Its words and figures, in order.
    pub parts: Vec<Part>,
}

/// A part of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words.
    Words(String),
    /// The figure at this place in the list of figures, from 0.
    Figure(usize),
}

/// A figure of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figure {
    /// Its characters in the text.
    pub written: String,
    /// The verdict of the book.
    pub verdict: FigureVerdict,
    /// The rest of the first line of its note, behind the verdict.
    pub note: Line,
    /// The further lines of its note: match, facts, stage, what is not stated, nearest, help.
    pub more: Vec<Line>,
    /// The number that the book has, for the table.
    pub in_book: Cell,
    /// Its facts, for the table.
    pub facts: Vec<String>,
}

fn mark(verdict: FigureVerdict) -> &'static str {
    match verdict {
        FigureVerdict::Stated => "✓",
        FigureVerdict::Derived => "=",
        FigureVerdict::Rounded => "≈",
        FigureVerdict::Superseded => "↻",
        FigureVerdict::Conflict => "≠",
        FigureVerdict::OtherSubject => "⇄",
        FigureVerdict::NotInBook => "×",
        FigureVerdict::Unreadable => "?",
    }
}

fn meaning(verdict: FigureVerdict) -> &'static str {
    match verdict {
        FigureVerdict::Stated => "a source states this number in this unit",
        FigureVerdict::Derived => "no source states it; facts give it",
        FigureVerdict::Rounded => "a stated or derived number, to fewer figures",
        FigureVerdict::Superseded => "a source stated it, and a later statement has taken its place",
        FigureVerdict::Conflict => "sources state different numbers; none is chosen",
        FigureVerdict::OtherSubject => "the book has the number, of another thing than the sentence speaks of",
        FigureVerdict::NotInBook => "no fact and no question gives it: not the same as wrong",
        FigureVerdict::Unreadable => "it could mean two things, and is not guessed",
    }
}

/// The class of its glyph.
fn glyph_class(verdict: FigureVerdict) -> &'static str {
    match verdict {
        FigureVerdict::NotInBook => "k x",
        FigureVerdict::Superseded
        | FigureVerdict::Conflict
        | FigureVerdict::OtherSubject
        | FigureVerdict::Unreadable => "k c",
        FigureVerdict::Stated | FigureVerdict::Derived | FigureVerdict::Rounded => "k",
    }
}

/// The class of the figure in the text.
fn figure_class(verdict: FigureVerdict) -> &'static str {
    match verdict {
        FigureVerdict::Stated => "f",
        FigureVerdict::Derived => "f d",
        FigureVerdict::Rounded => "f r",
        FigureVerdict::NotInBook => "f x",
        FigureVerdict::Superseded
        | FigureVerdict::Conflict
        | FigureVerdict::OtherSubject
        | FigureVerdict::Unreadable => "f c",
    }
}

/// The article as one HTML file.
#[must_use]
pub fn checked_html(article: &CheckedPage) -> String {
    let receipts: Vec<&str> = article.receipt.iter().map(receipt_id).collect();
    let count = article.figures.len();
    let figures = if count == 1 { "figure" } else { "figures" };
    let title = format!("{count} {figures} checked in “{}”: pledgebook", article.title);
    let digest = article.book.digest.as_ref().map(|digest| format!(" {digest}")).unwrap_or_default();
    let ids = receipts.first().map(|id| format!(" · receipt {id}")).unwrap_or_default();
    let body = html! {
        a.skip href="#text" { "Skip to the text" }
        (opening(article))
        main {
            (text(article))
            (all(article))
            (sources(article))
        }
        footer { (article.program) " · " (article.book.name) (digest) (ids) }
    };
    document(&title, &article.program, &foot("check", &receipts), STYLE.trim_end(), &body)
}

/// The heading: how many figures need attention.
fn heading(article: &CheckedPage) -> String {
    let all = article.figures.len();
    let wrong = article.figures.iter().filter(|figure| !figure.verdict.is_confirmed()).count();
    match (all, wrong) {
        (0, _) => "No figures were found".to_owned(),
        (1, 0) => "The figure is in the book or follows from it".to_owned(),
        (_, 0) => format!("All {all} figures are in the book or follow from it"),
        (_, 1) => format!("1 of {all} {} needs attention", if all == 1 { "figure" } else { "figures" }),
        _ => format!("{wrong} of {all} figures need attention"),
    }
}

fn opening(article: &CheckedPage) -> Markup {
    let of = |verdict: FigureVerdict| article.figures.iter().filter(|figure| figure.verdict == verdict).count();
    let is_long = article.figures.len() > MOST_LISTED;
    let digest: String = article.text.sha256.chars().take(12).collect();
    html! {
        header {
            div.top {
                span { b { "pledgebook" } " check" }
                span { (article.text.name) ", sha256 " (digest) " · " (article.book.name) ": " (article.book.extent) }
            }
            h1 { (heading(article)) }
            p.lede {
                "Only figures are checked: no verb, name or claim around them is."
                @if !article.uncounted.is_empty() { " " (article.uncounted) }
            }
            ul.sum {
                @for verdict in FigureVerdict::ALL {
                    @if of(verdict) > 0 && !(is_long && verdict.is_confirmed()) {
                        li { (glyph(verdict)) b { (of(verdict)) } " " (verdict.words()) }
                    }
                }
            }
        }
    }
}

fn glyph(verdict: FigureVerdict) -> Markup {
    html! { span class=(glyph_class(verdict)) aria-hidden="true" { (mark(verdict)) } }
}

fn text(article: &CheckedPage) -> Markup {
    html! {
        section.text #text aria-labelledby="title" {
            @if !article.eyebrow.is_empty() { p.no { (article.eyebrow) } }
            h2 #title { (article.title) }
            @for paragraph in &article.paragraphs { (self::paragraph(article, paragraph)) }
        }
    }
}

fn paragraph(article: &CheckedPage, paragraph: &Paragraph) -> Markup {
    let figures: Vec<(usize, &Figure)> = paragraph
        .parts
        .iter()
        .filter_map(|part| if let Part::Figure(at) = part { Some((*at, article.figures.get(*at)?)) } else { None })
        .collect();
    html! {
        div.par {
            p {
                @for part in &paragraph.parts {
                    @match part {
                        Part::Words(words) => (words),
                        Part::Figure(at) => { @if let Some(figure) = article.figures.get(*at) { (link(figure, at + 1)) } }
                    }
                }
            }
            @if let Some((first, _)) = figures.first() {
                ol.margin start=[(*first > 0).then_some(first + 1)] {
                    @for (at, figure) in &figures { (note(figure, at + 1)) }
                }
            }
        }
    }
}

/// A figure in the text, which leads to its note.
fn link(figure: &Figure, number: usize) -> Markup {
    html! {
        a class=(figure_class(figure.verdict)) id={ "t" (number) } href={ "#n" (number) } {
            (figure.written)
            span.vh { ", figure " (number) ", " (figure.verdict.words()) }
            sup aria-hidden="true" { (number) (mark(figure.verdict)) }
        }
    }
}

fn note(figure: &Figure, number: usize) -> Markup {
    let class = (!figure.verdict.is_confirmed()).then_some("hot");
    html! {
        li id={ "n" (number) } {
            (glyph(figure.verdict))
            b class=[class] { (number) " " (figure.verdict.words()) }
            @if !figure.note.is_empty() { ": " (line(&figure.note)) }
            @for more in &figure.more { span.s { (line(more)) } }
        }
    }
}

/// A line of a note; an article tells no fact whole, and so has no links to one.
fn line(line: &Line) -> Markup {
    use super::model::Piece;
    html! {
        @for piece in &line.0 {
            @match piece {
                Piece::Text(text) | Piece::Value(text) | Piece::Id(text) => (text),
                Piece::Strong(text) => b { (text) },
                Piece::Stamp(stamp) => (super::facts::stamp(*stamp)),
                Piece::Question(number) => { "question " (number) },
            }
        }
    }
}

fn all(article: &CheckedPage) -> Markup {
    let figures = if article.figures.len() == 1 { "figure" } else { "figures" };
    html! {
        section.all aria-labelledby="all" {
            h2 #all { "All figures" }
            table {
                caption { (article.figures.len()) " " (figures) " in the order of the text" }
                thead {
                    tr {
                        th.n scope="col" { b { "no." } }
                        th scope="col" { b { "as written" } }
                        th scope="col" { b { "verdict" } }
                        th scope="col" { b { "in the book" } "facts" }
                    }
                }
                tbody { @for (at, figure) in article.figures.iter().enumerate() { (row(figure, at + 1)) } }
            }
        }
    }
}

fn row(figure: &Figure, number: usize) -> Markup {
    let is_right = figure.verdict.is_confirmed();
    html! {
        tr {
            td.n { (number) }
            th scope="row" { a href={ "#t" (number) } { (figure.written) } }
            td class=[is_right.then_some("nb")] {
                (glyph(figure.verdict))
                @if is_right { (figure.verdict.words()) } @else { span.hot { (figure.verdict.words()) } }
            }
            td {
                @match &figure.in_book {
                    Cell::Null | Cell::Empty => { span aria-hidden="true" { "–" } span.vh { "nothing" } },
                    cell => (cell.words()),
                }
                @if !figure.facts.is_empty() { span.sub { (figure.facts.join(" ")) } }
            }
        }
    }
}

fn sources(article: &CheckedPage) -> Markup {
    html! {
        section.end aria-labelledby="src" {
            div {
                h2 #src { (super::page::sources_heading(&article.receipt.iter().map(receipt_id).collect::<Vec<_>>())) }
                ul.notes {
                    @for source in &article.sources {
                        li {
                            span.id { (source.id) }
                            div { (source.description) span.s { "sha256 " code { (source.sha256) } } }
                        }
                    }
                }
                @if let Some(receipt) = &article.receipt {
                    h3 { "Verify this page" }
                    pre { "pledgebook verify PAGE --article " (article.text.name) }
                    p.s { "Checks the figures again against the book, and says SAME or which verdict differs." }
                    details {
                        summary { "Receipt " (receipt.id) " " span { "text, book and verdicts with their hashes" } }
                        pre id="receipt-1" { (json_text(&receipt.text)) }
                    }
                }
            }
            div {
                h3 { "The marks" }
                dl.read {
                    @for verdict in FigureVerdict::ALL {
                        dt { (glyph(verdict)) (verdict.words()) }
                        dd { (meaning(verdict)) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CheckedPage, Figure, Paragraph, Part, checked_html};
    use crate::report::model::Line;
    use crate::table::FigureVerdict;

    fn article(verdicts: &[FigureVerdict]) -> CheckedPage {
        let figure = |verdict: &FigureVerdict| Figure {
            written: "5,000 <b>".to_owned(),
            verdict: *verdict,
            note: Line::of("S1 states it"),
            ..Figure::default()
        };
        let parts = (0..verdicts.len()).flat_map(|at| [Part::Words("Some ".to_owned()), Part::Figure(at)]).collect();
        CheckedPage {
            title: "A text".to_owned(),
            paragraphs: vec![Paragraph { parts }],
            figures: verdicts.iter().map(figure).collect(),
            ..CheckedPage::default()
        }
    }

    #[test]
    fn each_figure_leads_to_its_note_and_back() {
        let page = checked_html(&article(&FigureVerdict::ALL));
        for number in 1..=FigureVerdict::ALL.len() {
            for part in [format!("id=\"t{number}\""), format!("href=\"#n{number}\""), format!("id=\"n{number}\"")] {
                assert_eq!(page.matches(&part).count(), 1, "{part}");
            }
        }
        assert!(page.contains("<h1>5 of 8 figures need attention</h1>"), "{page}");
        assert!(page.contains("5,000 &lt;b&gt;") && !page.contains("5,000 <b>"));
    }

    #[test]
    fn the_heading_says_how_many_need_attention() {
        for (verdicts, heading) in [
            (&[][..], "No figures were found"),
            (&[FigureVerdict::Stated][..], "The figure is in the book or follows from it"),
            (&[FigureVerdict::Stated, FigureVerdict::Rounded][..], "All 2 figures are in the book or follow from it"),
            (&[FigureVerdict::NotInBook][..], "1 of 1 figure needs attention"),
            (&[FigureVerdict::NotInBook, FigureVerdict::Stated][..], "1 of 2 figures needs attention"),
        ] {
            assert_eq!(super::heading(&article(verdicts)), heading);
        }
    }
}
