//! `cite`: the lines to cite for a fact, for the numbers of a script, or for what a text computes, in the forms that papers, footnotes
//! and reference managers take; and the review of a claim.
//!
//! Reading order: this file, for what is cited; `forms` for how it is written.

mod forms;

use super::citation::{cite_fact, cite_quantity};
use super::last_result::FoundQuantity;
use super::{Session, last_result, require_book};
use crate::error::{Error, usage_error};
use crate::quantity::{Facts, Quantity, Ref};
use crate::script::library;
use crate::sql::Output;
use crate::syntax::Text;
use crate::table::{Medium, Selection};
use std::io;

pub use forms::CitationForm;

/// The most numbers of an answer that are cited.
const MAX_CITED: usize = 20;

/// A fact or a number, with its line to cite.
struct Citation {
    line: String,
    facts: Facts,
}

impl Session {
    /// The citation of a fact, a script's numbers or an expression; `reviewer` is the address of a review and its author.
    ///
    /// # Errors
    /// Nothing to cite; those of the text; a review without an address and an author.
    pub fn cite(&mut self, what: &str, form: CitationForm, reviewer: Option<(&str, &str)>) -> Result<String, Error> {
        self.begin_work()?;
        require_book(&self.book, "sources")?;
        if form == CitationForm::ClaimReview {
            let help = "as `--url https://example.org/check --author 'Example Checks'`";
            let reviewer = reviewer.ok_or_else(|| usage_error("a review needs an address and an author", help))?;
            return self.claim_review(what, reviewer);
        }
        let citations = match self.fact_citation(what)? {
            Some(citation) => vec![citation],
            None => self.computed_citations(what)?,
        };
        forms::written(&self.book, &citations, form)
    }

    /// The citation of a fact by its id; `None` for any other text.
    fn fact_citation(&self, what: &str) -> Result<Option<Citation>, Error> {
        let book = &self.book;
        let Ok(reference @ Ref::Fact { .. }) = what.trim().to_uppercase().parse::<Ref>() else { return Ok(None) };
        let id = reference.to_string();
        let Some(fact) = book.fact(&id).map_err(|error| book.error(&error))? else { return Ok(None) };
        let facts = std::iter::once(reference).collect();
        let figure = book.stated_figure(&id).map_err(|error| book.error(&error))?;
        let line = match figure.filter(|_| fact.as_written.is_some()) {
            Some(quantity) => self.quantity_line(&quantity, None),
            None => cite_fact(&fact),
        };
        Ok(Some(Citation { line, facts }))
    }

    fn quantity_line(&self, quantity: &Quantity, derivation: Option<&str>) -> String {
        cite_quantity(&self.book, quantity, derivation, &self.settings.style(&self.book, false))
    }

    /// The citations of the numbers that a script or a text computes.
    fn computed_citations(&mut self, what: &str) -> Result<Vec<Citation>, Error> {
        let output = self.silent_output();
        let is_script = library::is_path(what) && !what.contains(' ') || library::names().any(|name| name == what);
        if is_script {
            let script = library::find(what, self.settings.limits)?;
            self.run_script(&script, &[], &output)?;
        } else {
            self.eval(&Text::new("cite", what), None, &output)?;
        }
        let found = self.last.result().map(|kept| last_result::all_quantities(&kept)).unwrap_or_default();
        if found.is_empty() {
            let help = "name a fact, as F30, a script that computes one, or a text in SQL or a script";
            return Err(usage_error(&format!("`{what}` has no number to cite"), help));
        }
        let citation = |found: &FoundQuantity| {
            let line = self.quantity_line(&found.quantity, found.derivation.as_deref());
            Ok(Citation { line, facts: found.quantity.facts().without_questions() })
        };
        found.iter().take(MAX_CITED).map(citation).collect()
    }

    /// An output that shows nothing and keeps the last result.
    fn silent_output(&self) -> Output {
        let settings = super::Settings { keep_last: true, ..self.settings.clone() };
        self.output_by(&settings, Medium::Stream, Selection::default(), io::sink(), io::sink(), false)
    }

    /// The review of a claimed figure, as JSON-LD.
    fn claim_review(&mut self, claim: &str, (url, author): (&str, &str)) -> Result<String, Error> {
        let verdict = self.check_summary(claim)?;
        forms::claim_review(claim, &verdict, url, author)
    }
}
