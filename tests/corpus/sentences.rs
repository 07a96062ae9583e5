//! Single sentences whose figures are marked, each checked by itself, so that no other sentence says what it speaks of. A line is
//! `sentence  =>  verdict`, with a verdict for each figure. `cargo test sentences -- --nocapture` prints how many are found.

use crate::corpus::case;
use crate::scratch::printed::Printed;
use pledgebook::session::{Article, Session};
use pledgebook::syntax::markup::Markup;
use pledgebook::table::FigureVerdict;
use std::io::Write;
use std::path::Path;

/// The fewest of 1,000 figures that are marked as stated and found so.
const FLOOR_RECALL: usize = 900;

#[test]
fn sentences_are_judged_as_marked() {
    let mut session = Session::open(None).expect("the bundled book opens");
    let output = session.output(Printed::default(), Printed::default(), false);
    for file in case::files("sentences") {
        let text = case::text(&file);
        let cases: Vec<case::Case<'_>> = text.lines().filter_map(case::read).collect();
        let article = |case: &case::Case<'_>| Article {
            name: case.question.to_owned(),
            text: case.question.to_owned(),
            markup: Markup::Plain,
        };
        let articles: Vec<Article> = cases.iter().map(article).collect();
        let checked = session.check_articles(&articles, &output).expect("texts are checked");
        let mut score = Score::default();
        for (case, checked) in cases.iter().zip(checked) {
            let verdicts: Vec<FigureVerdict> = checked.figures.iter().map(|figure| figure.verdict).collect();
            score.add(case, &verdicts);
        }
        score.report(&file);
    }
}

/// The counts over the sentences of a file.
#[derive(Default)]
struct Score {
    figures: usize,
    marked: usize,
    found: usize,
    right: usize,
    differences: Vec<String>,
}

impl Score {
    fn add(&mut self, case: &case::Case<'_>, verdicts: &[FigureVerdict]) {
        let marks: Vec<&str> = case.expected.split(' ').collect();
        assert_eq!(marks.len(), verdicts.len(), "{}: {verdicts:?}", case.question);
        for (mark, verdict) in marks.iter().zip(verdicts) {
            let (is_marked, is_found) = (*mark == "stated", *verdict == FigureVerdict::Stated);
            self.figures += 1;
            self.marked += usize::from(is_marked);
            self.found += usize::from(is_found);
            self.right += usize::from(is_marked && is_found);
            if verdict.code() != *mark {
                self.differences.push(format!("{}: {}, marked {mark}", case.question, verdict.code()));
            }
        }
    }

    fn report(&self, file: &Path) {
        let name = file.file_name().expect("it has a name").to_string_lossy();
        let share = |of: usize| self.right * 1_000 / of.max(1);
        let (recall, precision) = (share(self.marked), share(self.found));
        let counts = format!("{name}: {} figures; of 1,000: recall {recall}, precision {precision}", self.figures);
        writeln!(std::io::stdout(), "{}\n{counts}", self.differences.join("\n")).expect("it can be printed");
        assert!(self.figures >= 40, "{counts}");
        assert!(precision == 1_000 && recall >= FLOOR_RECALL, "{counts}: {:#?}", self.differences);
    }
}
