//! Generated and spoilt input for every place where text or bytes come in: nothing may panic, hang, change a file or
//! send a terminal what moves its cursor.
//!
//! Usually each kind of input has a second; `PLEDGEBOOK_FUZZ_SECONDS` gives each so many, from a seed that the clock
//! decides. `PLEDGEBOOK_SEED` does the case of one seed again, as printed with a failure, and `PLEDGEBOOK_CASES` says
//! how many from there on. What is found becomes a case elsewhere: in a transcript, the corpus or a unit test.

mod asker;
mod batch;
mod bytecode;
mod cells;
mod command_line;
mod commands;
mod database;
mod driver;
mod expression;
mod figures;
mod material;
mod mutate;
mod quantities;
mod scripts;
mod second;
mod shrink;
mod statements;
mod tame;
mod twin;
mod watchdog;

use crate::scratch;
use crate::scratch::random::Random;

/// One kind of input.
trait Target {
    /// How many cases one process does: what a session leaves behind may matter to the next case, but not to all, and
    /// an open book is never given back.
    const BATCH: u64 = 100;

    /// Makes ready for cases: a session, a file.
    fn new() -> Self;

    /// The input that a seed decides, in pieces: a failing one is made smaller by leaving some out.
    fn input(random: &mut Random) -> Vec<String>;

    /// What is wrong with what the program does with it.
    fn check(&mut self, pieces: &[String]) -> Result<(), String>;
}

#[test]
fn quantities() {
    driver::run::<quantities::Quantities>("quantities");
}

#[test]
fn figures() {
    driver::run::<figures::Figures>("figures");
}

#[test]
fn statements() {
    driver::run::<statements::Statements>("statements");
}

#[test]
fn bytecode() {
    driver::run::<bytecode::Bytecode>("bytecode");
}

#[test]
fn scripts() {
    driver::run::<scripts::Scripts>("scripts");
}

#[test]
fn commands() {
    driver::run::<commands::Commands>("commands");
}

#[test]
fn command_lines() {
    driver::run::<command_line::CommandLines>("command_lines");
}

#[test]
fn databases() {
    driver::run::<database::Databases>("databases");
}

#[test]
fn cells() {
    driver::run::<cells::Cells>("cells");
}
