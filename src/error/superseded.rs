//! The error of naming a fact that a later one corrects, the same in SQL, in scripts and on the command line.

/// A fact that a later one corrects, by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupersededFact {
    /// As written: `F30`.
    pub id: String,
    /// The fact that corrects it: `F56`.
    pub by: String,
}

impl SupersededFact {
    /// What is wrong, in a line.
    #[must_use]
    pub fn message(&self) -> String {
        format!("`{}` is superseded by `{}`", self.id, self.by)
    }

    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> String {
        format!("name `{}`, the fact that corrects it", self.by)
    }
}
