//! What sources disagree about: the statements behind a figure that other sources contradict.

use crate::error::Error;
use crate::quantity::{Facts, Quantity, Ref};
use crate::session::Session;
use crate::session::capture::Capture;
use crate::sql::Cell;
use crate::syntax::Text;

/// Every statement that another source may contradict.
const CONFLICTS: &str = "select id, question, source, quantity from conflicts order by id, source, fact";

/// One question on which sources disagree.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Dispute {
    /// `PL1@proposed`, or the id under which it is on record.
    pub(super) id: String,
    pub(super) question: String,
    /// What each source states, by source.
    pub(super) statements: Vec<(String, Quantity)>,
}

/// The questions on which sources of a book disagree.
#[derive(Debug, Default)]
pub(super) struct Conflicts {
    disputes: Vec<Dispute>,
    /// The facts that another source contradicts.
    contradicted: Facts,
    /// Those of them that the session chooses, by preferring their source.
    chosen: Facts,
}

impl Conflicts {
    /// Reads them from the book, as the sources state them.
    ///
    /// # Errors
    /// The book can't be asked.
    pub(super) fn read(session: &mut Session) -> Result<Self, Error> {
        let capture = Capture::default();
        session.as_stated(|session| session.eval_sql(&Text::new("SQL", CONFLICTS), &capture.output()))?;
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
        let chosen = statements.decided().filter_map(|(fact, by)| by.map(|_| fact)).collect();
        Ok(Self { chosen, ..Self::of_disputes(disputes) })
    }

    fn of_disputes(disputes: Vec<Dispute>) -> Self {
        let mut contradicted = Facts::none();
        for dispute in &disputes {
            for (_, quantity) in dispute.statements.iter().filter(|statement| dispute.contradicts(statement)) {
                contradicted.extend(&quantity.facts().without_questions());
            }
        }
        Self { disputes, contradicted, chosen: Facts::none() }
    }

    /// Whether a number rests on a statement that another source contradicts: none that the session chooses, or puts another
    /// number in the place of.
    pub(super) fn is_disputed(&self, quantity: &Quantity) -> bool {
        let names = quantity.assumptions().iter().filter_map(|assumption| assumption.name().parse::<Ref>().ok());
        let replaced: Facts = names.collect();
        let contradicted = quantity.facts().intersection(&self.contradicted);
        contradicted.iter().any(|fact| !self.chosen.contains(fact) && !replaced.contains(fact))
    }

    /// The questions that these numbers rest on.
    pub(super) fn of<'q>(&self, quantities: impl Iterator<Item = &'q Quantity>) -> Vec<Dispute> {
        let facts = quantities.fold(Facts::none(), |facts, quantity| facts.union(quantity.facts()));
        let rests_on = |(_, statement): &(String, Quantity)| {
            let is_behind = |fact| self.contradicted.contains(fact) && facts.contains(fact);
            statement.facts().iter().any(|fact: Ref| is_behind(fact))
        };
        self.disputes.iter().filter(|dispute| dispute.statements.iter().any(rests_on)).cloned().collect()
    }
}

impl Dispute {
    /// Whether another source states another value.
    fn contradicts(&self, (source, quantity): &(String, Quantity)) -> bool {
        self.statements.iter().any(|(other, stated)| {
            other != source && (stated.amount() != quantity.amount() || stated.unit() != quantity.unit())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Conflicts, Dispute};
    use crate::quantity::{Facts, Quantity, Ref};

    fn q(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    #[test]
    fn what_rests_on_a_contradicted_statement_is_disputed_unless_a_source_is_chosen() {
        let statement = |source: &str, quantity: &str| (source.to_owned(), q(quantity));
        let dispute = |id: &str, statements: Vec<(String, Quantity)>| Dispute {
            id: id.to_owned(),
            question: "how much".to_owned(),
            statements,
        };
        let conflicts = Conflicts::of_disputes(vec![
            dispute("K1", vec![statement("S1", "16 GBP [F29]"), statement("S2", "12 GBP [S2F01]")]),
            dispute("K2", vec![statement("S1", "5 missile [F30]"), statement("S2", "5 missile [S2F02]")]),
        ]);
        assert!(conflicts.is_disputed(&q("16 GBP [F29]")));
        assert!(conflicts.is_disputed(&q("3.2 GBP/missile [F29 F30]")));
        assert!(!conflicts.is_disputed(&q("15 GBP [F29; F29=15 GBP]")));
        let chosen = Conflicts { chosen: "F29".parse::<Ref>().unwrap().into(), ..conflicts };
        assert!(!chosen.is_disputed(&q("16 GBP [F29]")) && chosen.is_disputed(&q("12 GBP [S2F01]")));
        let conflicts = Conflicts { chosen: Facts::none(), ..chosen };
        assert!(!conflicts.is_disputed(&q("5 missile [F30]")));
        let behind = conflicts.of([q("3.2 GBP/missile [F29 F30]")].iter());
        assert_eq!(behind.iter().map(|dispute| dispute.id.as_str()).collect::<Vec<_>>(), ["K1"]);
    }
}
