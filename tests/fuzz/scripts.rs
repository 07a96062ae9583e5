//! Scripts: those of the library and lines of the transcripts, spoilt.

use crate::asker::Asker;
use crate::random::Random;
use crate::{Target, material, mutate};
use pledgebook::table::Format;
use pledgebook::terminal::Language;

/// A session that is asked in script, or as at the prompt.
pub(crate) struct Scripts(Asker);

impl Target for Scripts {
    fn new() -> Self {
        Self(Asker::bundled(Format::Line))
    }

    fn input(random: &mut Random) -> Vec<String> {
        mutate::spoilt(random, &material::SCRIPTS)
    }

    fn check(&mut self, pieces: &[String]) -> Result<(), String> {
        let text = pieces.concat();
        self.0.ask(&text, Language::Script)?.tame()?;
        self.0.entries(&text)?.tame()
    }
}
