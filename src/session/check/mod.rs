//! `check`: whether a figure that somebody has written is in the book, follows from it, is rounded from it, is corrected or
//! contradicted, or is absent.
//!
//! Reading order: this file; `candidates` for the numbers of the book, `comparison` and `verdict` for the judgement,
//! `report` for its text and its row; `article` for the figures of a whole text, and `subject` for what its sentences speak of, with `deed`
//! for what they say is done, and `pledging` for those that say little else than that something is pledged.

mod article;
mod candidates;
mod comparison;
mod deed;
mod imported;
mod pledges;
mod pledging;
mod report;
mod states;
mod subject;
mod verdict;

use super::{Session, require_book};
use crate::error::{Error, FunctionCause, usage_error};
use crate::quantity::{Approximation, Quantity, Unit, WrittenFigure, truncated};
use crate::sql::{Cell, Header, Origin, Output};
use crate::store::Book;
use crate::table::Format;
pub(super) use candidates::library_metrics;
use candidates::{Candidate, Disputes};
use verdict::Verdict;

pub use article::Article;

/// A figure that was read, with its verdict, or the cause of an unreadable one.
type CheckedFigure = Result<(Claim, Verdict), FunctionCause>;

impl Session {
    /// Reports the verdict on each figure, as people write them: `£320,000 per missile`.
    ///
    /// # Errors
    /// One figure alone that can't be read; figures that can't be read, or that the book does not confirm, after the report;
    /// a book that can't be read.
    pub fn check(&mut self, texts: &[String], output: &Output) -> Result<(), Error> {
        self.begin_work()?;
        let done = self.check_figures(texts, output);
        self.finish(done, output)
    }

    fn check_figures(&mut self, texts: &[String], output: &Output) -> Result<(), Error> {
        require_book(&self.book, "figures")?;
        let claims: Vec<_> = texts.iter().map(|text| Claim::read(&self.book, text)).collect();
        refuse_sentence(texts, &claims)?;
        if let [Err(cause)] = claims.as_slice() {
            return Err(usage_error(&cause.message(), &cause.help().unwrap_or_default()));
        }
        refuse_unquoted(&self.book, texts, &claims)?;
        let checked = self.judge(claims)?;
        // An assumption can have changed any number that a figure is compared with, and which of them sources disagree about.
        output.add_assumptions(&self.supposed.iter().filter_map(|supposed| supposed.assumption().ok()).collect());
        if self.settings.format == Format::Table {
            let reports: Vec<String> = texts.iter().zip(&checked).map(|(text, one)| self.report(text, one)).collect();
            output.say(reports.join("\n\n").as_str())?;
        } else {
            self.report_rows(&checked, output)?;
        }
        output.flush()?;
        outcome_of_all(&checked)
    }

    /// The verdict on a figure as one sentence: `Stated: S1 states it, ¶4.2 [F29]`.
    ///
    /// # Errors
    /// A figure that can't be read; a book that can't be read.
    pub(super) fn check_summary(&mut self, text: &str) -> Result<String, Error> {
        let claim = Claim::read(&self.book, text);
        let claim = claim.map_err(|cause| usage_error(&cause.message(), &cause.help().unwrap_or_default()))?;
        let checked = self.judge(vec![Ok(claim)])?;
        let summary = |(claim, verdict): &(Claim, Verdict)| report::summary(&self.book, claim, verdict);
        Ok(checked.iter().flatten().map(summary).collect())
    }

    fn judge(&mut self, claims: Vec<Result<Claim, FunctionCause>>) -> Result<Vec<CheckedFigure>, Error> {
        let (candidates, disputes) = self.numbers_for(&claims.iter().flatten().collect::<Vec<_>>())?;
        let judged = |claim: Claim| {
            let verdict = verdict::verdict(&claim, &candidates, &disputes);
            (claim, verdict)
        };
        Ok(claims.into_iter().map(|claim| claim.map(judged)).collect())
    }

    /// The numbers that figures are compared with, and the questions on which their sources disagree.
    fn numbers_for(&mut self, claims: &[&Claim]) -> Result<(Vec<Candidate>, Disputes), Error> {
        let mut candidates = candidates::candidates(self)?;
        if self.book.catalogue().has_imports() {
            candidates.extend(imported::imported_candidates(&self.book, claims)?);
        }
        let disputes = if are_of_several_sources(&candidates) { Disputes::read(self)? } else { Disputes::default() };
        Ok((candidates, disputes))
    }

    /// The report for people.
    fn report(&self, text: &str, checked: &CheckedFigure) -> String {
        match checked {
            Ok((claim, verdict)) => report::text(&self.book, claim, verdict).trim_end().to_owned(),
            Err(cause) => {
                let help = cause.help().map(|help| format!("\n  = help: {help}")).unwrap_or_default();
                let why = cause.message();
                let why = why.split_once("`: ").map_or(why.as_str(), |(_, why)| why);
                format!("{} CAN'T BE READ: {why}{help}", truncated(text))
            }
        }
    }

    /// Writes a row a figure, for programs.
    fn report_rows(&self, checked: &[CheckedFigure], output: &Output) -> Result<(), Error> {
        output.begin(&Header { columns: report::columns(), ..Header::default() })?;
        for one in checked {
            let cells: Vec<Cell<'static>> = match one {
                Ok((claim, verdict)) => report::row(&self.book, claim, verdict),
                Err(cause) => report::unreadable_row(&cause.message()),
            };
            output.row(&cells)?;
        }
        output.end(Origin::Untold).map_err(Error::from)
    }
}

/// True if there is more than one source, so that one could contradict another.
fn are_of_several_sources(candidates: &[Candidate]) -> bool {
    let facts = candidates.iter().flat_map(|candidate| candidate.quantity.facts().iter());
    let mut sources = facts.filter_map(verdict::source_of);
    sources.next().is_some_and(|first| sources.any(|other| other != first))
}

/// The result for the exit code: an error unless every figure is stated, derived or rounded.
fn outcome_of_all(checked: &[CheckedFigure]) -> Result<(), Error> {
    let is_confirmed = |(_, verdict): &(Claim, Verdict)| verdict.outcome.is_confirmed();
    if !checked.iter().flatten().all(is_confirmed) {
        return Err(Error::NotInBook);
    }
    match checked.iter().filter(|one| one.is_err()).count() {
        0 => Ok(()),
        failed => Err(Error::NotRead(failed, checked.len())),
    }
}

/// A figure to check.
#[derive(Debug, Clone)]
struct Claim {
    /// Its number or range, and its unit.
    quantity: Quantity,
    /// The fewest significant figures that its digits imply: zeros behind the point count.
    written_figures: u32,
    /// Its hedge, as `nearly`.
    hedge: Option<Approximation>,
    /// True if it is a number for each of an item that is not named: `£320,000 each`.
    is_per_item: bool,
    /// Words that do not change the number and were skipped.
    skipped: Vec<String>,
}

impl Claim {
    /// Reads a figure in the units of a book.
    ///
    /// # Errors
    /// A text that is no figure, or could mean two things.
    fn read(book: &Book, text: &str) -> Result<Self, FunctionCause> {
        Ok(Self::of(book.read_written(text)?))
    }

    /// The figure that was written.
    fn of(written: WrittenFigure) -> Self {
        Self {
            written_figures: written.number().map_or(0, |number| number.significant_figures),
            hedge: written.approximation,
            is_per_item: written.per_unnamed_item,
            skipped: written.skipped,
            quantity: written.quantity,
        }
    }

    /// True if it is a plain number, which may be of any unit.
    fn is_without_unit(&self) -> bool {
        self.quantity.unit().is_none_or(Unit::is_one)
    }

    /// A figure without a hedge.
    #[cfg(test)]
    fn exactly(quantity: Quantity, written_figures: u32) -> Self {
        Self { quantity, written_figures, hedge: None, is_per_item: false, skipped: Vec::new() }
    }
}

/// The fewest words, without digits, of a sentence.
const MIN_SENTENCE_WORDS: usize = 4;

/// The least words before the first number of a text that is no figure.
const MIN_FIRST_WORDS: usize = 2;

/// The words that a bound or an approximation ends in: `More than 5`.
const BOUND_ENDS: [&str; 8] = ["about", "around", "as", "least", "most", "some", "than", "to"];

/// Refuses a sentence in the place of a figure, and names the ways to check one.
///
/// # Errors
/// A text of many words that is no figure; several arguments that are its words.
fn refuse_sentence(texts: &[String], claims: &[Result<Claim, FunctionCause>]) -> Result<(), Error> {
    let words = |text: &str| {
        let is_word = |word: &&str| word.contains(char::is_alphabetic) && !word.contains(|c: char| c.is_ascii_digit());
        text.split_whitespace().filter(is_word).count()
    };
    // A sentence begins with who does something: `Germany pledged €500 million`.
    let begins_as_sentence = |text: &str| {
        let begin = text.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
        let is_name = |word: &str| word.starts_with(char::is_uppercase);
        let last = begin.split_whitespace().rfind(|word| word.contains(char::is_alphabetic)).unwrap_or_default();
        let has_bound = BOUND_ENDS.contains(&&*last.to_lowercase());
        begin.len() < text.len()
            && words(begin) >= MIN_FIRST_WORDS
            && begin.split_whitespace().any(is_name)
            && !has_bound
    };
    let unread = || texts.iter().zip(claims).filter(|(_, claim)| claim.is_err()).map(|(text, _)| text);
    let whole = unread().find(|text| words(text) >= MIN_SENTENCE_WORDS || begins_as_sentence(text)).cloned();
    // Without quotes each word is an argument.
    let is_spread = || {
        texts.iter().all(|text| !text.contains(' '))
            && unread().map(|text| words(text)).sum::<usize>() >= MIN_SENTENCE_WORDS
    };
    match whole.or_else(|| is_spread().then(|| texts.join(" "))) {
        None => Ok(()),
        Some(sentence) => {
            let help = "`pledgebook check --text TEXT` checks the figures of a text, and so does the name of its file, or `-` for standard input; `check` and `.check` take a figure alone, as `£1.6bn`";
            Err(usage_error(&format!("`{}` is a sentence, and no figure", truncated(&sentence)), help))
        }
    }
}

const MAX_FIGURE_WORDS: usize = 8;

/// Refuses words that are a figure only together, and suggests to quote them.
///
/// # Errors
/// A word that is no figure by itself, beside others that make it one.
fn refuse_unquoted(book: &Book, texts: &[String], claims: &[Result<Claim, FunctionCause>]) -> Result<(), Error> {
    for (at, _) in claims.iter().enumerate().filter(|(_, claim)| claim.is_err()) {
        let windows = (2..=MAX_FIGURE_WORDS.min(texts.len())).rev().flat_map(|width| {
            let first = (at + 1).saturating_sub(width);
            (first..=at).filter_map(move |from| texts.get(from..from + width))
        });
        let whole = windows.map(|words| words.join(" ")).find(|whole| Claim::read(book, whole).is_ok());
        if let Some(whole) = whole {
            let quote = if whole.contains('\'') { '"' } else { '\'' };
            let help = format!("quote a figure that has blanks: `pledgebook check {quote}{whole}{quote}`");
            return Err(usage_error(&format!("`{}` is no figure by itself", texts[at]), &help));
        }
    }
    Ok(())
}
