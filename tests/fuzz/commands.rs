//! Lines of the prompt that begin with a dot, with a question before them that they may speak of.

use crate::fuzz::asker::Asker;
use crate::fuzz::{Target, material, mutate};
use crate::scratch::random::Random;
use pledgebook::table::Format;
use pledgebook::terminal::COMMANDS;

/// A session at the prompt.
pub(crate) struct Commands(Asker);

impl Target for Commands {
    fn new() -> Self {
        Self(Asker::bundled(Format::Table))
    }

    fn input(random: &mut Random) -> Vec<String> {
        let mut pieces = Vec::new();
        if random.chance(50) {
            pieces.extend([random.pick::<String>(&material::QUESTIONS).clone(), "\n".to_owned()]);
        }
        let line = if random.chance(60) {
            mutate::spoilt(random, &material::COMMANDS)
        } else {
            let mut line = vec![random.pick(COMMANDS).name.to_owned(), " ".to_owned()];
            line.extend(mutate::spoilt(random, &material::QUESTIONS));
            line
        };
        pieces.extend(line.into_iter().map(|piece| piece.replace('\n', " ")));
        pieces
    }

    fn check(&mut self, pieces: &[String]) -> Result<(), String> {
        let answer = self.0.entries(&pieces.concat())?;
        let format = self.0.0.settings.format;
        // What programs read is written as it is; a session that was told to write so goes on in tables.
        self.0.0.settings = pledgebook::session::Settings::default();
        if format.is_for_machines() { Ok(()) } else { answer.tame() }
    }
}
