//! The store: the one way to a connection, the book that it holds, what its views mean, and what a question
//! may do to it. Nothing here knows of results, scripts or printing.
//!
//! Reading order: `open`, `check`, `guard`, `views`; `opened`, with `prepare`, `names`, `facts`, `questions`, `records`, `search`, `held`, `superseded` and `supposed` for what it can be asked; `reliance` for what an answer rests on; `reach` and `tables` for what scripts lend it; [`functions`] with `desk`, `given` and `seal` for what SQL can call;
//! [`catalogue`] and [`book`] for what is in it.

pub mod book;
pub mod catalogue;
mod causes;
mod check;
mod desk;
mod facts;
pub mod functions;
mod given;
mod given_arguments;
mod guard;
mod heap;
mod held;
mod limits;
mod names;
mod offer;
mod open;
mod opened;
mod pages;
mod parts;
mod pragmas;
mod prepare;
mod questions;
mod reach;
mod records;
mod reliance;
mod reserved;
mod schema_names;
mod seal;
pub mod search;
mod stop;
mod stored_columns;
mod superseded;
mod supposed;
mod supposition;
mod tables;
mod told;
mod undo;
mod views;
mod whole;

pub(crate) use check::similar_name;
pub use desk::{Failure, FunctionError, Remarks};
pub use facts::{FactEntry, Limit, SourceEntry};
pub use given_arguments::GivenArguments;
pub use guard::Denial;
pub use limits::Limits;
pub use names::RelationKind;
pub use offer::{Holds, Identity, Offer};
pub use open::{fixed_bounds, open};
pub use opened::Book;
pub use questions::QuestionEntry;
pub use reach::{Callable, Handed, Reach};
pub use records::Record;
pub use reserved::{PREFIX as RESERVED_PREFIX, is_reserved};
pub use search::ActorEntry;
pub use stop::Stop;
pub use stored_columns::{Affinity, StoredColumn, Texts};
pub use superseded::SupersededFigure;
pub use supposed::AssumptionEntry;
pub use supposition::{Reliance, Supposed};
pub use told::Told;
pub use views::MARKER;
