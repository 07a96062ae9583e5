//! Settings whose value is one of a few words: each word stands once, in the list of its type.

use clap::ValueEnum;

/// A type whose values are listed with their names.
pub trait Choice: Copy + PartialEq + 'static {
    /// The values with their names, the default first.
    const VALUES: &'static [(&'static str, Self)];

    /// The names of all values.
    fn names() -> Vec<&'static str> {
        Self::VALUES.iter().map(|(name, _)| *name).collect()
    }

    /// The name of a value.
    fn name(self) -> &'static str {
        Self::VALUES.iter().find(|(_, value)| *value == self).map_or("", |(name, _)| name)
    }

    /// The value of a name.
    fn from_name(name: &str) -> Option<Self> {
        Self::VALUES.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

impl Choice for bool {
    const VALUES: &'static [(&'static str, Self)] = &[("on", true), ("off", false)];
}

/// The condition for coloured output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal that is not `dumb`, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Also into files and pipes
    Always,
    /// Not at all
    Never,
}

impl Choice for ColorChoice {
    const VALUES: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("always", Self::Always), ("never", Self::Never)];
}

/// The level of detail under a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum NoteLevel {
    /// A line a fact, what limits the figure most, the sources.
    #[default]
    Brief,
    /// Everything that the book has on each fact.
    Full,
    /// Nothing.
    None,
}

impl Choice for NoteLevel {
    const VALUES: &'static [(&'static str, Self)] =
        &[("brief", Self::Brief), ("full", Self::Full), ("none", Self::None)];
}

/// The keys of the line editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EditMode {
    /// The keys of most shells.
    #[default]
    Emacs,
    /// The keys of `vi`.
    Vi,
}

impl Choice for EditMode {
    const VALUES: &'static [(&'static str, Self)] = &[("emacs", Self::Emacs), ("vi", Self::Vi)];
}
