//! The numbers that a figure is compared with: those that the facts state or imply, and the default answer of every
//! question of the library; and the statements among them that other sources contradict.

use crate::error::Error;
use crate::quantity::{Assumption, Facts, Quantity, Ref};
use crate::script::Interpreter;
use crate::script::library::{self, Script};
use crate::session::Session;
use crate::session::output::CaptureSink;
use crate::sql::{Cell, Layout};
use crate::syntax::Text;

/// The quantities that the facts of texts state and imply. The label of a number that no source writes is the fact
/// itself.
const FACTS_SQL: &str = "select coalesce(n.label, f.gloss) as label, f.quantity, n.id is not null as is_stated \
                     from facts f left join figures n on n.id = f.id where f.quantity is not null order by f.id";

/// The quantities that records of tables state.
const RECORDS_SQL: &str =
    "select label, quantity, 1 as is_stated from figures where locator like 'record %' order by id";

/// The call by which a script shows a number. One without it has none to compare with.
const METRIC_CALL: &str = "metric(";

/// A number that the book states or stated, or that a question of the library computes.
#[derive(Debug, Clone)]
pub(in crate::session) struct Candidate {
    /// The label of the number.
    pub(in crate::session) name: String,
    pub(in crate::session) quantity: Quantity,
    pub(super) origin: CandidateOrigin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CandidateOrigin {
    /// A source writes it.
    Stated,
    /// A source wrote it, and a fact corrects it.
    Superseded {
        /// `S1`.
        source: String,
        /// Its place in the source.
        locator: String,
        /// The fact that corrects it.
        by: String,
    },
    /// A fact implies it, or a question of the library computes it.
    Derived,
    /// A question of the library computes it from an assumption of its own, which the session does not make.
    Hypothetical,
}

impl Candidate {
    /// True if a source writes it.
    pub(super) fn is_stated(&self) -> bool {
        self.origin == CandidateOrigin::Stated
    }
}

/// The candidates, stated ones first.
///
/// # Errors
/// The book can't be asked; Ctrl-C. A script that can't answer has no number to compare with.
pub(super) fn candidates(session: &mut Session) -> Result<Vec<Candidate>, Error> {
    let mut found = session.as_stated(fact_candidates)?;
    if !session.supposed.is_empty() {
        let is_other = |candidate: &Candidate| !candidate.quantity.assumptions().is_empty();
        found.extend(fact_candidates(session)?.into_iter().filter(is_other));
    }
    found.extend(superseded_candidates(session)?);
    found.extend(library_metrics(session)?);
    Ok(found)
}

/// The numbers that the questions of the library compute by default. A script that can't answer has none.
///
/// # Errors
/// The book can't be read; Ctrl-C.
pub(in crate::session) fn library_metrics(session: &Session) -> Result<Vec<Candidate>, Error> {
    let (mut found, mut interpreter) = (Vec::new(), None);
    for script in
        library::in_book(&session.book)?.working.into_iter().filter(|script| script.text.whole.contains(METRIC_CALL))
    {
        match script_candidates(session, &script, &mut interpreter) {
            Ok(derived) => found.extend(derived),
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(_) => {}
        }
    }
    Ok(found)
}

fn fact_candidates(session: &mut Session) -> Result<Vec<Candidate>, Error> {
    let capture = CaptureSink::default();
    for sql in [FACTS_SQL, RECORDS_SQL] {
        session.eval_sql(&Text::new("SQL", sql), &capture.output())?;
    }
    let rows = capture.take().into_iter().flat_map(|result| result.rows);
    let candidate = |row: Vec<Cell<'static>>| match row.as_slice() {
        [Cell::Text(name), Cell::Quantity(quantity), Cell::Integer(is_stated)] => {
            let is_stated = *is_stated == 1 && quantity.assumptions().is_empty();
            let origin = if is_stated { CandidateOrigin::Stated } else { CandidateOrigin::Derived };
            Some(Candidate { name: name.to_string(), quantity: (**quantity).clone(), origin })
        }
        _ => None,
    };
    Ok(rows.filter_map(candidate).collect())
}

/// The numbers that sources stated and later facts correct.
fn superseded_candidates(session: &Session) -> Result<Vec<Candidate>, Error> {
    let book = session.book();
    let figures = book.superseded_figures().map_err(|error| book.error(&error))?;
    let candidate = |figure: crate::store::SupersededFigure| Candidate {
        name: figure.label,
        quantity: figure.quantity,
        origin: CandidateOrigin::Superseded { source: figure.source, locator: figure.locator, by: figure.by },
    };
    Ok(figures.into_iter().map(candidate).collect())
}

/// The metrics of a script, and their ranges; none of one with a required parameter.
fn script_candidates(
    session: &Session,
    script: &Script,
    interpreter: &mut Option<Interpreter>,
) -> Result<Vec<Candidate>, Error> {
    if script.header.parameters.iter().any(|parameter| parameter.default.is_none()) {
        return Ok(Vec::new());
    }
    let capture = CaptureSink::default();
    session.run_isolated(script, interpreter, &capture.output())?;
    let metrics = capture.take().into_iter().filter(|result| result.header.layout == Layout::Metrics);
    Ok(metrics.flat_map(|result| result.rows).flat_map(|row| metric_candidates(session, &row)).collect())
}

fn metric_candidates(session: &Session, row: &[Cell<'static>]) -> Vec<Candidate> {
    let [Cell::Text(name), value, range, _, note] = row else { return Vec::new() };
    let candidate = |name: String, cell: &Cell<'static>| match cell {
        Cell::Quantity(quantity) => {
            let origin = if has_own_assumption(session, quantity) {
                CandidateOrigin::Hypothetical
            } else {
                CandidateOrigin::Derived
            };
            Some(Candidate { name, quantity: (**quantity).clone(), origin })
        }
        _ => None,
    };
    let condition = if let Cell::Text(note) = note { format!(", {note}") } else { String::new() };
    [candidate(name.to_string(), value), candidate(format!("{name}{condition}"), range)].into_iter().flatten().collect()
}

/// True if a number rests on an assumption that the session does not make: the script's own.
fn has_own_assumption(session: &Session, quantity: &Quantity) -> bool {
    let is_supposed =
        |assumption: &Assumption| session.supposed.iter().any(|supposed| supposed.id() == assumption.name());
    !quantity.assumptions().iter().all(is_supposed)
}

/// Every statement that another source may contradict.
const CONFLICTS_SQL: &str = "select id, question, source, quantity from conflicts order by id, source, fact";

/// A question on which sources disagree.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Dispute {
    /// `PL1@proposed`, or the id of its record.
    pub(super) id: String,
    pub(super) question: String,
    /// The statements, each with its source, in the order of the sources.
    pub(super) statements: Vec<(String, Quantity)>,
}

/// The questions on which sources of a book disagree.
#[derive(Debug, Default)]
pub(super) struct Disputes {
    all: Vec<Dispute>,
    /// The facts that another source contradicts.
    contradicted: Facts,
    /// Those of them whose source the session prefers.
    preferred: Facts,
}

impl Disputes {
    /// Reads them from the book, without the assumptions of the session.
    ///
    /// # Errors
    /// The book can't be asked.
    pub(super) fn read(session: &mut Session) -> Result<Self, Error> {
        let capture = CaptureSink::default();
        session.as_stated(|session| session.eval_sql(&Text::new("SQL", CONFLICTS_SQL), &capture.output()))?;
        let mut disputes: Vec<Dispute> = Vec::new();
        for row in capture.take().into_iter().flat_map(|result| result.rows) {
            let [Cell::Text(id), Cell::Text(question), Cell::Text(source), Cell::Quantity(quantity)] = row.as_slice()
            else {
                continue;
            };
            let statement = (source.to_string(), (**quantity).clone());
            match disputes.last_mut().filter(|dispute| dispute.id == *id && dispute.question == *question) {
                Some(dispute) => dispute.statements.push(statement),
                None => disputes.push(Dispute {
                    id: id.to_string(),
                    question: question.to_string(),
                    statements: vec![statement],
                }),
            }
        }
        let statements = session.book().statements().map_err(|error| session.book().error(&error))?;
        let preferred = statements.preference_outcomes().filter_map(|(fact, by)| by.map(|_| fact)).collect();
        let mut contradicted = Facts::none();
        for dispute in &disputes {
            for (_, quantity) in dispute.statements.iter().filter(|statement| dispute.contradicts(statement)) {
                contradicted.extend(&quantity.facts().without_questions());
            }
        }
        Ok(Self { all: disputes, contradicted, preferred })
    }

    /// True if a number rests on a statement that another source contradicts, except one whose source the session
    /// prefers, or that it replaces by an assumption.
    pub(super) fn is_disputed(&self, quantity: &Quantity) -> bool {
        let replaced: Facts = quantity.assumptions().iter().filter_map(Assumption::replaced).collect();
        let contradicted = quantity.facts().intersection(&self.contradicted);
        contradicted.iter().any(|fact| !self.preferred.contains(fact) && !replaced.contains(fact))
    }

    /// The disputes behind some numbers.
    pub(super) fn behind<'q>(&self, quantities: impl Iterator<Item = &'q Quantity>) -> Vec<Dispute> {
        let facts = quantities.fold(Facts::none(), |facts, quantity| facts.union(quantity.facts()));
        let rests_on = |(_, statement): &(String, Quantity)| {
            let is_behind = |fact| self.contradicted.contains(fact) && facts.contains(fact);
            statement.facts().iter().any(|fact: Ref| is_behind(fact))
        };
        self.all.iter().filter(|dispute| dispute.statements.iter().any(rests_on)).cloned().collect()
    }
}

impl Dispute {
    /// True if another source states another value.
    fn contradicts(&self, (source, quantity): &(String, Quantity)) -> bool {
        self.statements.iter().any(|(other, stated)| {
            other != source && (stated.amount() != quantity.amount() || stated.unit() != quantity.unit())
        })
    }
}
