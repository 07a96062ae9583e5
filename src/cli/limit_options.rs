//! The options that set limits, one for each row of the table of limits.

use crate::error::Limit;
use crate::store::Limits;
use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};

/// The limits that the command line sets.
#[derive(Debug, Clone, Default)]
pub(super) struct LimitOptions(Vec<(Limit, u64)>);

impl LimitOptions {
    /// These limits, with those that the command line sets in their places.
    pub(super) fn above(&self, limits: Limits) -> Limits {
        self.0.iter().fold(limits, |limits, (limit, most)| limits.with(*limit, *most))
    }
}

/// The option of a limit.
fn option(limit: Limit) -> Arg {
    let about = limit.about();
    let read = move |word: &str| limit.read(word).ok_or_else(|| format!("it is {}", limit.range()));
    Arg::new(about.option)
        .long(about.option)
        .value_name(about.placeholder)
        .global(true)
        .help(about.meaning)
        .value_parser(read)
}

impl Args for LimitOptions {
    fn augment_args(command: Command) -> Command {
        command.args(Limit::ALL.map(option))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for LimitOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let given = |limit: Limit| matches.get_one(limit.about().option).map(|most| (limit, *most));
        Ok(Self(Limit::ALL.into_iter().filter_map(given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
