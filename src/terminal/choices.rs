//! The words that settings take, for the commands that set them and for completion.

use super::edit_mode::EditMode;
use super::screen::ColorChoice;
use crate::error::Limit;

/// The words of `.notes`: the usual notes, all that the book has on each fact, nothing.
pub const NOTE_LEVELS: [&str; 3] = ["brief", "full", "none"];

/// The words of a setting that is on or off.
pub const SWITCHES: [&str; 2] = ["on", "off"];

pub(super) fn switches() -> Vec<&'static str> {
    SWITCHES.to_vec()
}

pub(super) fn formats() -> Vec<&'static str> {
    crate::table::Format::names().collect()
}

pub(super) fn colors() -> Vec<&'static str> {
    ColorChoice::WORDS.to_vec()
}

pub(super) fn limits() -> Vec<&'static str> {
    Limit::ALL.map(|limit| limit.about().name).to_vec()
}

pub(super) fn pagers() -> Vec<&'static str> {
    vec!["auto", "off"]
}

pub(super) fn edit_modes() -> Vec<&'static str> {
    EditMode::WORDS.to_vec()
}

pub(super) fn note_levels() -> Vec<&'static str> {
    NOTE_LEVELS.to_vec()
}
