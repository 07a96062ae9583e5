//! The quantity: a number with its unit and everything that it rests on. It knows neither SQL nor scripts.
//!
//! In reading order: `wide` and `decimal` are exact arithmetic; `digits` what people write for a number; `number` with `bound`, `range`, `interval` and `amount` are how
//! much; `unit` and `units` of what; `reference`, `facts` with `group`, `stage`, `reason` and `assumption` with `gathered` on what grounds;
//! `statements` and `settled` are what several facts state of one thing; `value` is all of it, `arithmetic`, `comparison`, `conversion`, `stated`, `rounded`, `sum`, `extreme` and `days` what can be done with it;
//! `text` is the form that programs read, `reading` the one for people, `lenient` what people write; `working` and `worked` remember.

mod amount;
mod arithmetic;
mod assumption;
mod bound;
mod comparison;
mod conversion;
mod cursor;
mod days;
pub mod decimal;
mod digits;
mod extreme;
mod facts;
mod gathered;
mod group;
mod interval;
mod lenient;
mod number;
mod range;
pub mod reading;
mod reason;
mod reference;
mod rounded;
mod settled;
mod stage;
mod stated;
mod statements;
mod sum;
mod text;
mod unit;
mod units;
mod value;
mod wide;
mod words;
mod worked;
mod working;

pub use amount::Amount;
pub use assumption::{Assumption, Assumptions, GIVEN, PREFER};
pub use days::days_between;
pub use digits::Strictness;
pub use extreme::Extreme;
pub use facts::Facts;
pub use group::Group;
pub use lenient::{
    Approximation, WrittenFigure, WrittenNumber, plain_number, shortened, typed_quantity, written_figure,
};
pub use number::Number;
pub use range::{End, Range};
pub use reason::{Reason, Reasons};
pub use reference::Ref;
pub use rounded::rounded_figures;
pub use settled::Settled;
pub use stage::{Stage, Stages};
pub use stated::rounding_range;
pub use statements::{Preference, Statement, StatementGroup, StatementRemarks, Statements};
pub use sum::Sum;
pub use unit::Unit;
pub use units::{BaseUnit, Units};
pub use value::Quantity;
pub use worked::Worked;
pub use working::Working;
