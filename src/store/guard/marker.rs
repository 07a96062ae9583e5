//! The marker function, by which the pass over a statement's program recognizes quantities, and the tag that it puts in front of their
//! text forms. It puts the parts of a form together, with the numbers of a what-if, and changes nothing else.

use crate::store::what_if::WhatIfNumbers;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};
use rust_decimal::Decimal;
use std::hash::{BuildHasher, Hasher, RandomState};

/// The marker function: returns its first argument and what follows the second one, as one text, tagged; the second names the column.
pub const TAG_FUNCTION: &str = "pledgebook_quantity";

/// The function by which the views of imported tables write a whole number of smallest parts as a decimal.
pub(super) const DECIMAL_FUNCTION: &str = "pledgebook_decimal";

/// The call of the marker for the parts of a text form, one at least, in a column of this name.
pub(in crate::store) fn marked(parts: &[String], column: &str) -> String {
    let (first, others) = parts.split_at(1);
    let label = [format!("'{}'", column.replace('\'', "''"))];
    format!("{TAG_FUNCTION}({})", [first, &label, others].concat().join(", "))
}

/// Registers the marker: it tags the text form, as a what-if has it; NULL if a part of it is. A form that is tagged already was
/// computed, and stays. Anything else it makes a tagged text too, which is refused when it is read.
pub(in crate::store) fn register_marker(connection: &Connection, tag: &Tag, numbers: &WhatIfNumbers) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let (tag, numbers) = (tag.clone(), numbers.clone());
    connection.create_scalar_function(TAG_FUNCTION, -1, flags, move |context| {
        let mut tagged = tag.begun();
        let (start, mut is_computed) = (tagged.len(), false);
        for at in (0..context.len()).filter(|at| *at != 1) {
            match context.get_raw(at) {
                ValueRef::Null => return Ok(None),
                ValueRef::Text(part) => match str::from_utf8(part) {
                    Ok(part) => {
                        let form = tag.strip(part);
                        is_computed |= form.is_some();
                        tagged.push_str(form.unwrap_or(part));
                    }
                    Err(_) => tagged.push_str(&String::from_utf8_lossy(part)),
                },
                ValueRef::Integer(whole) if context.len() > 2 => tagged.push_str(itoa::Buffer::new().format(whole)),
                other => tagged.push_str(&format!("{other:?}")),
            }
        }
        if numbers.is_any() && !is_computed {
            let column = context.get_raw(1).as_str().unwrap_or_default();
            if let Some(form) = numbers.applied(&tagged[start..], column) {
                tagged.truncate(start);
                tagged.push_str(&form);
            }
        }
        Ok(Some(tagged))
    })?;
    connection.create_scalar_function(DECIMAL_FUNCTION, 2, flags, |context| {
        let minor: Option<i64> = context.get(0)?;
        let places: u32 = context.get(1)?;
        Ok(minor.map(|minor| Decimal::from_i128_with_scale(minor.into(), places.min(28)).normalize().to_string()))
    })
}

/// The prefix of a quantity's text form inside SQL: a few random characters for each book that is opened, printed
/// nowhere. No statement can write it, so that a text of the user never passes for a quantity, and a quantity in a
/// wrong place is noticed.
#[derive(Debug, Clone)]
pub(crate) struct Tag(String);

impl Tag {
    /// A random tag that nobody can guess.
    pub(in crate::store) fn new() -> Self {
        // It begins with a control character: no text that people write does, and SQL reads no number there.
        Self(format!("\u{1}{:016x}\u{1}", RandomState::new().build_hasher().finish()))
    }

    /// The beginning of a tagged text.
    fn begun(&self) -> String {
        let mut begun = String::with_capacity(self.0.len() + 48);
        begun.push_str(&self.0);
        begun
    }

    /// The text form of a quantity, tagged.
    pub(crate) fn attach(&self, form: &str) -> String {
        [&self.0, form].concat()
    }

    /// The text form behind the tag; `None` if there is none.
    pub(crate) fn strip<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.strip_prefix(&self.0)
    }

    /// True if the tag is anywhere in a text.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        text.contains(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Tag;

    #[test]
    fn a_seal_opens_only_what_it_has_sealed() {
        let (tag, other) = (Tag::new(), Tag::new());
        let tagged = tag.attach("5 GBP");
        assert_eq!((tag.strip(&tagged), other.strip(&tagged), tag.strip("5 GBP")), (Some("5 GBP"), None, None));
        assert!(tag.is_in(&format!("about {tagged}")) && !tag.is_in("about 5 GBP"));
    }
}
