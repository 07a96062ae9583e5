//! The names that can be completed, as a snapshot: who makes one asks the book and the session; nothing here does.

use crate::script::{Symbol, ValueShape};

/// The names that can be completed, as they are when Tab is pressed.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Tables and views, each with its columns.
    pub relations: Vec<(String, Vec<String>)>,
    /// Functions of SQL.
    pub sql_functions: Vec<FunctionName>,
    /// Functions of scripts.
    pub script_functions: Vec<FunctionName>,
    /// Variables and functions of the session.
    pub own: Vec<Symbol>,
    /// Scripts of the library.
    pub scripts: Vec<ScriptNames>,
    /// Modules of the library.
    pub modules: Vec<String>,
    /// Ids of the book that scripts and SQL can name.
    pub ids: Vec<IdName>,
    /// Assumptions of the book: id, and what is supposed.
    pub assumptions: Vec<(String, String)>,
    /// Sources of the book, of which one can be preferred: id, and what it is.
    pub sources: Vec<(String, String)>,
}

/// A function, or a method of one kind of value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionName {
    /// Its name.
    pub name: String,
    /// What it is called on, as its signature names it: `table`; `None` for a function.
    pub receiver: Option<String>,
    /// The ways to call it, one of them at least.
    pub calls: Vec<String>,
}

/// An id and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdName {
    /// `F29`.
    pub id: String,
    /// What the book says under it, in a line.
    pub says: String,
    /// What it is in a script.
    pub holds: ValueShape,
}

/// A script and what can be typed behind it.
#[derive(Debug, Clone, Default)]
pub struct ScriptNames {
    /// Its name.
    pub name: String,
    /// What it answers, in a line.
    pub summary: String,
    /// Its parameters.
    pub parameters: Vec<ParameterName>,
}

/// A parameter of a script.
#[derive(Debug, Clone, Default)]
pub struct ParameterName {
    /// As it is typed, without dashes.
    pub name: String,
    /// What stands for a value: `INT`.
    pub placeholder: String,
    /// What it is, in a few words.
    pub meaning: String,
    /// The values that it takes; none where those are not a list.
    pub values: Vec<String>,
}

impl FunctionName {
    /// The functions and methods of a signature, whose variants are separated by ` · `: `min(a, b) · max(a, b)` has two.
    #[must_use]
    pub fn read(signature: &str) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for call in signature.split(" · ").map(str::trim) {
            let called = call.split('(').next().unwrap_or(call);
            let (receiver, name) = match called.rsplit_once('.') {
                Some((receiver, name)) => (Some(receiver.to_owned()), name.to_owned()),
                None => (None, called.to_owned()),
            };
            match found.iter_mut().find(|known| known.name == name && known.receiver == receiver) {
                Some(known) => known.calls.push(call.to_owned()),
                None => found.push(Self { name, receiver, calls: vec![call.to_owned()] }),
            }
        }
        found
    }

    /// The fullest way to call it.
    pub(super) fn fullest(&self) -> &str {
        self.calls.iter().max_by_key(|call| call.chars().count()).map_or(&self.name, String::as_str)
    }

    /// The fullest way to call it behind the dot of its receiver, or of its first argument.
    pub(super) fn behind_dot(&self) -> String {
        let call = self.fullest();
        if let Some(receiver) = &self.receiver {
            return call[receiver.len() + 1..].to_owned();
        }
        match (call.split_once('('), self.first_argument()) {
            (Some((name, arguments)), Some(first)) => {
                let rest = arguments.strip_prefix(first).unwrap_or(arguments);
                format!("{name}({}", rest.trim_start_matches([',', ' ']))
            }
            _ => call.to_owned(),
        }
    }

    /// What its first argument is called.
    pub(super) fn first_argument(&self) -> Option<&str> {
        let (_, arguments) = self.calls.first()?.split_once('(')?;
        arguments.split([',', ')']).next().map(str::trim)
    }
}

impl Vocabulary {
    /// The columns of a table or view, be it the book's or a variable's; letter case is ignored, as SQL ignores it.
    pub(super) fn columns(&self, relation: &str) -> Option<&[String]> {
        let known = self.relations.iter().find(|(name, _)| name.eq_ignore_ascii_case(relation));
        let held =
            || self.own_tables().find(|(name, _)| name.eq_ignore_ascii_case(relation)).map(|(_, columns)| columns);
        known.map(|(_, columns)| columns.as_slice()).or_else(held)
    }

    /// The variables that SQL can read as tables.
    pub(super) fn own_tables(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.own.iter().filter_map(|own| match &own.shape {
            ValueShape::Table(columns) | ValueShape::Array(Some(columns)) => {
                Some((own.name.as_str(), columns.as_slice()))
            }
            _ => None,
        })
    }

    /// What a name of the session or an id of the book holds.
    pub(super) fn holds(&self, name: &str) -> Option<&ValueShape> {
        let own = self.own.iter().rev().find(|own| own.name == name).map(|own| &own.shape);
        own.or_else(|| self.ids.iter().find(|id| id.id == name).map(|id| &id.holds))
    }
}

#[cfg(test)]
mod tests {
    use super::FunctionName;

    #[test]
    fn a_signature_is_read_into_its_functions() {
        let read = FunctionName::read("round(number, places) · quantity.round(places) · round(number)");
        let told: Vec<_> = read.iter().map(|one| (&*one.name, one.receiver.as_deref(), one.calls.len())).collect();
        assert_eq!(told, [("round", None, 2), ("round", Some("quantity"), 1)]);
        assert_eq!(read[0].fullest(), "round(number, places)");
        assert_eq!(read[0].first_argument(), Some("number"));
        assert_eq!(read.iter().map(FunctionName::behind_dot).collect::<Vec<_>>(), ["round(places)", "round(places)"]);
        assert_eq!(FunctionName::read("table.len")[0].behind_dot(), "len");
        assert_eq!(FunctionName::read("table.len")[0].name, "len");
    }
}
