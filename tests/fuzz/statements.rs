//! SQL: statements of the corpus and of the transcripts, spoilt.

use crate::asker::Asker;
use crate::random::Random;
use crate::{Target, material, mutate};
use pledgebook::table::Format;
use pledgebook::terminal::Language;

/// A session that is asked in SQL.
pub(crate) struct Statements(Asker);

impl Target for Statements {
    fn new() -> Self {
        Self(Asker::bundled(Format::Table))
    }

    fn input(random: &mut Random) -> Vec<String> {
        mutate::spoilt(random, &material::SQL)
    }

    fn check(&mut self, pieces: &[String]) -> Result<(), String> {
        self.0.ask(&pieces.concat(), Language::Sql)?.tame()
    }
}
