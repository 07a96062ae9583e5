//! Articles whose figures are marked, and how many of them `check` finds and judges as marked. A file `NAME.marks` has the figures of
//! `NAME` in their order, each as a reader sees it, with the verdict that it must have, and in its last line the numbers that are no
//! figures. The marks say what a reader would, and not what comes out.
//!
//! `cargo test articles -- --nocapture` prints what was found, and every difference.

use crate::corpus::case;
use crate::scratch::printed::Printed;
use pledgebook::error::Place;
use pledgebook::session::{Article, Session};
use pledgebook::syntax::markup::Markup;
use pledgebook::table::{CheckedText, FigureVerdict, TextFigure, TextPiece};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The fewest of 1,000 marked figures that are found, and of 1,000 found ones that are marked.
const FLOOR_FOUND: usize = 990;

/// The fewest of 1,000 figures, found and marked, whose verdict is that of the mark.
const FLOOR_JUDGED: usize = 985;

/// The counts over some articles.
#[derive(Default)]
struct Score {
    marked: usize,
    found: usize,
    both: usize,
    judged: usize,
    /// Articles, and those whose numbers that are no figures are counted as marked.
    articles: usize,
    counted: usize,
    /// Figures that are stated by the verdict and not by the mark.
    wrongly_stated: Vec<String>,
    differences: Vec<String>,
}

#[test]
fn figures_of_articles_are_found_and_judged_as_marked() {
    let mut score = Score::default();
    let files = articles();
    for (file, checked) in files.iter().zip(checked(&files)) {
        score.add(file, &checked);
    }
    let share = |part: usize, of: usize| part * 1_000 / of.max(1);
    let (recall, precision) = (share(score.both, score.marked), share(score.both, score.found));
    let judged = share(score.judged, score.both);
    let counts = format!(
        "{} articles, {} figures marked, {} found; of 1,000: found {recall}, marked {precision}, judged as marked {judged}; \
         numbers that are no figures counted as marked in {} articles",
        score.articles, score.marked, score.found, score.counted
    );
    writeln!(std::io::stdout(), "{}\n{counts}", score.differences.join("\n")).expect("it can be printed");
    assert!(score.articles >= 12 && score.marked >= 200, "{} articles, {} figures", score.articles, score.marked);
    assert_eq!(score.wrongly_stated, Vec::<String>::new(), "stated, and not in the book");
    assert!(recall >= FLOOR_FOUND && precision >= FLOOR_FOUND, "found {recall} {precision}: {:#?}", score.differences);
    assert!(judged >= FLOOR_JUDGED, "judged {judged}: {:#?}", score.differences);
    assert_eq!(score.counted, score.articles, "{:#?}", score.differences);
}

/// Each figure has the line and column of its first byte, and stands once in the paragraphs, where the text has it.
#[test]
fn figures_have_their_place_in_the_file_and_in_the_paragraphs() {
    let files = articles();
    for (file, checked) in files.iter().zip(checked(&files)) {
        let text = case::text(file);
        for figure in &checked.figures {
            let place = Place::at_byte(&checked.name, &text, figure.range.start, figure.range.len());
            let found = (figure.line, figure.column, figure.width);
            assert_eq!(found, (place.line, place.column, place.width), "{}: {}", checked.name, figure.written);
            assert_eq!(figure.line_text, place.line_text.trim_end(), "{}", checked.name);
        }
        let pieces = checked.paragraphs.iter().flat_map(|paragraph| &paragraph.pieces);
        let marked: Vec<usize> = pieces
            .filter_map(|piece| match piece {
                TextPiece::Figure(figure) => Some(*figure),
                TextPiece::Text(_) => None,
            })
            .collect();
        assert_eq!(marked, (0..checked.figures.len()).collect::<Vec<_>>(), "{}", checked.name);
    }
}

fn articles() -> Vec<PathBuf> {
    case::files("articles")
        .into_iter()
        .filter(|file| file.extension().is_some_and(|ending| ending != "marks"))
        .collect()
}

fn markup(file: &Path) -> Markup {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("md") => Markup::Markdown,
        Some("html") => Markup::Html,
        _ => Markup::Plain,
    }
}

/// All articles with their verdicts, checked at once.
fn checked(files: &[PathBuf]) -> Vec<CheckedText> {
    let mut session = Session::open(None).expect("the bundled book opens");
    let output = session.output(Printed::default(), Printed::default(), false);
    let article = |file: &PathBuf| Article { name: name(file), text: case::text(file), markup: markup(file) };
    let articles: Vec<Article> = files.iter().map(article).collect();
    session.check_articles(&articles, &output).expect("texts are checked")
}

fn name(file: &Path) -> String {
    file.file_name().expect("it has a name").to_string_lossy().into_owned()
}

impl Score {
    fn add(&mut self, file: &Path, checked: &CheckedText) {
        let marks = case::text(&file.with_file_name(format!("{}.marks", name(file))));
        let cases: Vec<case::Case<'_>> = marks.lines().filter_map(case::read).collect();
        let (figures, others) = cases.split_at(cases.len() - 1);
        let name = name(file);
        self.articles += 1;
        self.marked += figures.len();
        self.found += checked.figures.len();
        let mut from = 0;
        for mark in figures {
            let is_marked = |figure: &TextFigure| is_as_marked(figure, mark);
            let at = (from..checked.figures.len()).find(|at| is_marked(&checked.figures[*at]));
            let Some(at) = at else {
                self.differences.push(format!("{name}: not found: {} => {}", mark.question, mark.expected));
                continue;
            };
            for figure in &checked.figures[from..at] {
                self.unmarked(&name, figure);
            }
            from = at + 1;
            self.both += 1;
            let figure = &checked.figures[at];
            if figure.verdict.code() == mark.expected {
                self.judged += 1;
            } else {
                let line = format!("{name}:{}: {}, marked {}", figure.line, figure.summary(), mark.expected);
                if figure.verdict == FigureVerdict::Stated {
                    self.wrongly_stated.push(line.clone());
                }
                self.differences.push(line);
            }
        }
        for figure in &checked.figures[from..] {
            self.unmarked(&name, figure);
        }
        let counts = checked
            .skipped
            .iter()
            .map(|(kind, count)| format!("{count} {}", if *count == 1 { kind.words().0 } else { kind.words().1 }));
        let (mut counts, mut marked): (Vec<String>, Vec<String>) = (
            counts.collect(),
            others[0].expected.split("; ").filter(|part| !part.is_empty()).map(str::to_owned).collect(),
        );
        counts.sort();
        marked.sort();
        if counts == marked {
            self.counted += 1;
        } else {
            self.differences.push(format!("{name}: counted {counts:?}, marked {marked:?}"));
        }
    }

    fn unmarked(&mut self, name: &str, figure: &TextFigure) {
        let line = format!("{name}:{}: not marked: {}", figure.line, figure.summary());
        if figure.verdict == FigureVerdict::Stated {
            self.wrongly_stated.push(line.clone());
        }
        self.differences.push(line);
    }
}

/// True if a figure is that of a mark. Of one that can't be read, the mark may have less or more of the words behind the number.
fn is_as_marked(figure: &TextFigure, mark: &case::Case<'_>) -> bool {
    let written = figure.written.as_str();
    let is_loose = figure.verdict == FigureVerdict::Unreadable || mark.expected == "cant_be_read";
    written == mark.question || is_loose && (written.contains(mark.question) || mark.question.contains(written))
}
