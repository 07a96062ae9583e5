//! Stand-ins for the operators and calls of a statement: the program of the statement with them tells what each operator would be
//! handed. No statement with one is ever run.

use super::READS_BOOK;
use rusqlite::functions::{Aggregate, Context, WindowAggregate};
use rusqlite::{Connection, Result};

/// The beginning of the names of all of them.
const PREFIX: &str = "pledgebook_probe_";

/// A stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Probe {
    /// The place in the statement that it stands for.
    pub(crate) site: usize,
    pub(crate) kind: ProbeKind,
    /// The number of its arguments.
    pub(crate) arguments: usize,
}

/// The kinds of a stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ProbeKind {
    /// Of something that hands a quantity on: an operator, a function, a term.
    Scalar,
    /// Of something that gives a plain value: a comparison, a text.
    Plain,
    /// Of an aggregate that hands a quantity on.
    Aggregate,
    /// Of an aggregate that gives a plain value.
    PlainAggregate,
    /// Of an aggregate of quantities that may give a bare number too.
    MixedAggregate,
}

impl ProbeKind {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Scalar, "s"),
        (Self::Plain, "p"),
        (Self::Aggregate, "a"),
        (Self::PlainAggregate, "pa"),
        (Self::MixedAggregate, "ma"),
    ];

    /// True for that of an aggregate.
    pub(crate) fn is_aggregate(self) -> bool {
        matches!(self, Self::Aggregate | Self::PlainAggregate | Self::MixedAggregate)
    }

    /// True if nothing of what it is handed comes out of it.
    pub(crate) fn is_plain(self) -> bool {
        matches!(self, Self::Plain | Self::PlainAggregate)
    }
}

impl Probe {
    /// Its name as a function of SQL.
    pub(crate) fn name(self) -> String {
        let letters = ProbeKind::ALL.iter().find(|(kind, _)| *kind == self.kind).map_or("", |(_, letters)| letters);
        format!("{PREFIX}{letters}{}", self.site)
    }

    /// The stand-in of a name, which is handed so many arguments.
    pub(crate) fn find(name: &str, arguments: usize) -> Option<Self> {
        let rest = name.strip_prefix(PREFIX)?;
        let (letters, site) = rest.split_at(rest.find(|c: char| c.is_ascii_digit())?);
        let (kind, _) = ProbeKind::ALL.into_iter().find(|(_, known)| *known == letters)?;
        Some(Self { site: site.parse().ok()?, kind, arguments })
    }

    pub(in crate::store) fn register(self, connection: &Connection) -> Result<()> {
        let (name, count) = (self.name(), i32::try_from(self.arguments).unwrap_or(i32::MAX));
        if self.kind.is_aggregate() {
            return connection.create_window_function(&*name, count, READS_BOOK, NoRows);
        }
        connection.create_scalar_function(&*name, count, READS_BOOK, |_| Ok(None::<i64>))
    }
}

/// An aggregate of nothing.
struct NoRows;

impl Aggregate<(), Option<i64>> for NoRows {
    fn init(&self, _: &mut Context<'_>) -> Result<()> {
        Ok(())
    }

    fn step(&self, _: &mut Context<'_>, (): &mut ()) -> Result<()> {
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, _: Option<()>) -> Result<Option<i64>> {
        Ok(None)
    }
}

impl WindowAggregate<(), Option<i64>> for NoRows {
    fn value(&self, _: Option<&mut ()>) -> Result<Option<i64>> {
        Ok(None)
    }

    fn inverse(&self, _: &mut Context<'_>, (): &mut ()) -> Result<()> {
        Ok(())
    }
}
