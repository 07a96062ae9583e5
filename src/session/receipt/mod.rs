//! The receipt of an answer: what was asked, of which facts in which book under which assumptions, and the digest of the result, as
//! JSON that a later run is compared with. It proves that a number is the same, not that it is true or who says it.
//!
//! Reading order: this file, for the receipt and its text; `recorder` for what is kept of an answer; `making` for a receipt of one;
//! `reading` for those in a file or page; `verification` for the comparison.

mod making;
mod reading;
mod recorder;
mod verification;

pub use making::{Asked, Recorder};
pub use reading::read_receipts;
pub(super) use recorder::{Recorded, Recording};
pub use verification::Given;

use super::fact_state::FactState;
use crate::store::hexadecimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The version of the form; a receipt of another one is refused.
const FORM: u32 = 1;

/// The digits of a receipt's id.
const ID_DIGITS: usize = 12;

/// A receipt. Members that are not known are ignored when it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The version of the form.
    #[serde(rename = "receipt")]
    form: u32,
    /// The program that answered: `pledgebook 0.1.0`.
    program: String,
    /// The script that was run, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    script: Option<ScriptState>,
    /// The statement or the script that was typed, otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    statement: Option<Statement>,
    /// The text whose figures were checked, otherwise; its rows are the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<TextState>,
    /// The assumptions in force, by their name; `true` for one without a value.
    assumptions: BTreeMap<String, Value>,
    book: BookState,
    sources: Vec<SourceState>,
    facts: Vec<FactState>,
    /// The number of all facts, and the digest of what would be said of each, where not all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    all_facts: Option<AllFacts>,
    /// The records of imported tables, as `S2:1-400`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    records: String,
    /// The lines that the script printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    printed: Vec<String>,
    /// The results, an array each, where they are short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    result: Option<Vec<Value>>,
    result_rows: u64,
    /// The digest of the bytes that `--json` writes.
    result_sha256: String,
    /// The first digits of the digest of all the rest.
    #[serde(default)]
    pub id: String,
    /// The file that it was read from, as it was named.
    #[serde(skip)]
    file: String,
}

/// A script, as it was run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct ScriptState {
    /// Its name in the library, or its file as it was named.
    name: String,
    sha256: String,
    /// The first digits of the digest of each line, so that a change has a place.
    lines: String,
    /// The values of all parameters.
    parameters: BTreeMap<String, Value>,
    /// The modules that it imported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    modules: Vec<ModuleState>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ModuleState {
    name: String,
    sha256: String,
}

/// A statement, or a script that was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Statement {
    text: String,
    is_sql: bool,
}

/// A text whose figures were checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct TextState {
    /// Its file as it was named.
    name: String,
    sha256: String,
    characters: u64,
    /// `plain`, `markdown` or `html`.
    markup: String,
}

/// The book, as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct BookState {
    name: String,
    /// The words that name the files it was made of, where it was asked at once: `rc.csv`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    asked: String,
    facts: u64,
    sources: u64,
    /// The digest of all views and imported tables.
    content_sha256: String,
    /// The first digits of the digest of each of them: what the digest covers.
    parts: BTreeMap<String, String>,
    /// The digests of tables and views of one's own that the question names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    own: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SourceState {
    id: String,
    sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct AllFacts {
    count: u64,
    sha256: String,
}

impl Receipt {
    /// The same with its id.
    fn signed(mut self) -> Self {
        self.id = self.digest();
        self
    }

    /// The id that belongs to what it says.
    fn digest(&self) -> String {
        let mut whole = serde_json::to_value(self).unwrap_or_default();
        if let Value::Object(members) = &mut whole {
            members.shift_remove("id");
        }
        id_of(&whole)
    }

    /// The same as read from a file of this name, which the command that verifies it says.
    #[must_use]
    pub fn read_from(mut self, file: &str) -> Self {
        file.clone_into(&mut self.file);
        self
    }

    /// The question, in a few words.
    #[must_use]
    pub fn question(&self) -> String {
        match (&self.script, &self.statement, &self.text) {
            (Some(script), ..) => script.name.clone(),
            (None, Some(statement), _) => statement.text.lines().next().unwrap_or_default().to_owned(),
            (None, None, Some(text)) => text.name.clone(),
            (None, None, None) => String::new(),
        }
    }

    /// Its text: JSON with a member, a fact or a row on a line of its own, so that a comparison of texts shows what changed.
    #[must_use]
    pub fn text(&self) -> String {
        let Ok(Value::Object(members)) = serde_json::to_value(self) else { return String::new() };
        let lines: Vec<String> =
            members.iter().map(|(name, value)| format!("\"{name}\":{}", member_text(value))).collect();
        format!("{{\n{}\n}}\n", lines.join(",\n"))
    }
}

/// A member as text: the elements of a list of objects, or of results, on a line each.
fn member_text(value: &Value) -> String {
    let has_lines = |list: &[Value]| list.iter().any(|one| one.is_object() || one.is_array());
    match value {
        Value::Array(list) if has_lines(list) => {
            let lines: Vec<String> = list.iter().map(|one| member_text(one).replace('\n', "\n ")).collect();
            format!("[\n {}\n]", lines.join(",\n "))
        }
        value => value.to_string(),
    }
}

/// The id of a receipt whose members, the id apart, are these: of the JSON with sorted names and no blank between.
fn id_of(members: &Value) -> String {
    digest(&canonical(members))[..ID_DIGITS].to_owned()
}

/// The SHA-256 of a text, in hexadecimal digits.
fn digest(text: &str) -> String {
    hexadecimal(&Sha256::digest(text))
}

/// JSON with the names of each object sorted.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<&String, &Value> = members.iter().collect();
            let members: Vec<String> = sorted
                .iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(list) => format!("[{}]", list.iter().map(canonical).collect::<Vec<_>>().join(",")),
        value => value.to_string(),
    }
}
