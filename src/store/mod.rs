//! The store: the one way to a connection, the book that it holds, what its views mean, and what a question
//! may do to it. Nothing here knows of results, scripts or printing.
//!
//! Reading order: [`open`], `check`, `guard`, `views`, [`catalogue`], [`book`], `names`.

pub mod book;
pub mod catalogue;
mod check;
mod facts;
mod guard;
mod held;
mod names;
mod offer;
mod open;
mod reserved;
mod stop;
mod views;

pub(crate) use check::similar_name;
pub use facts::{FactEntry, Limit, SourceEntry};
pub use guard::Denial;
pub use names::RelationKind;
pub use offer::Offer;
pub use open::{Book, open};
pub use stop::Stop;
pub use views::MARKER;
