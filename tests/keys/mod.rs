//! The prompt under real keys: the program on a pseudo-terminal of its own, as a person has it before them. What it
//! answers is told in the transcripts; here is what only a terminal shows.

mod asking;
mod clipboard;
mod editing;
mod endless;
mod keeping;
mod offered;
mod outside;
mod pasted;
mod prompt;
mod redirected;
mod seen;
mod stopping;
mod terminal;
mod waiting;
mod wild;
mod windows;
