//! Questions about a statement that its rows answer: each has a statement of its own, which counts them, and is run behind it.

use super::bare_columns::BareColumns;
use super::counted_totals::TotalsQuestion;
use super::left_out::LeftOutQuestion;
use super::undecided_cases::UndecidedQuestion;
use super::unknown_values::NullQuestion;
use crate::store::Book;

/// A question about a statement, with the statement that counts what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CountedQuestion {
    /// The unknown values where it asks for NULL.
    Unknown(NullQuestion),
    /// The columns that are of one row of a group.
    Bare(BareColumns),
    /// The totals that it takes with other rows.
    Totals(TotalsQuestion),
    /// The rows that an aggregate leaves out since a part of them is empty.
    LeftOut(LeftOutQuestion),
    /// The rows on which the conditions of a `case` do not decide.
    Undecided(UndecidedQuestion),
}

impl CountedQuestion {
    /// The statement that counts.
    pub(crate) fn counting(&self) -> &str {
        match self {
            Self::Unknown(question) => &question.counting,
            Self::Bare(columns) => &columns.counting,
            Self::Totals(question) => &question.counting,
            Self::LeftOut(question) => &question.counting,
            Self::Undecided(question) => &question.counting,
        }
    }

    /// False if the answer is known before the statement runs.
    pub(crate) fn is_open(&self, book: &Book) -> bool {
        match self {
            Self::Unknown(question) => book.may_be_unknown(&question.view, &question.column),
            Self::Bare(_) | Self::Totals(_) | Self::LeftOut(_) | Self::Undecided(_) => true,
        }
    }

    /// The warning, by the counts; `None` where there is nothing to say.
    pub(crate) fn warning(&self, counts: &[Option<i64>]) -> Option<String> {
        match self {
            Self::Unknown(question) => question.warning(counts.first().copied().flatten()?),
            Self::Bare(columns) => columns.warning(counts),
            Self::LeftOut(question) => question.warning(counts),
            Self::Totals(question) => question.warning(counts.first().copied().flatten()?),
            Self::Undecided(question) => question.warning(counts.first().copied().flatten()?),
        }
    }
}
