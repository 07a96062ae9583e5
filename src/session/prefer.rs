//! Reading a preference: whose statement is chosen where sources disagree, of everything or of one pledge.

use crate::error::{Error, suggest, wrong};
use crate::quantity::{Assumption, PREFER};
use crate::store::{Book, WhatIf};

/// Whether an assumption of this name is a preference.
pub(super) fn is_preference(id: &str) -> bool {
    id == PREFER || id.strip_prefix(PREFER).is_some_and(|rest| rest.starts_with('.'))
}

/// The preference `prefer=S1` or `prefer.PL1=S1`.
///
/// # Errors
/// No such source or pledge, a source that states nothing of the pledge, no source.
pub(super) fn read(book: &Book, id: &str, value: Option<&str>) -> Result<WhatIf, Error> {
    let fail = |error: rusqlite::Error| book.error(&error);
    let Some(source) = value.filter(|value| !value.is_empty()) else {
        return Err(wrong(&format!("`{id}` needs a source"), &format!("as `{id}=S1`")));
    };
    if book.source(source).map_err(fail)?.is_none() {
        let sources = book.source_ids().map_err(fail)?;
        return Err(missing("source", source, &sources, "`select id, title from sources` lists them"));
    }
    if let Some((_, owner)) = id.split_once('.') {
        let stated = book.sources_of(owner).map_err(fail)?;
        if stated.is_empty() {
            let owners = book.owners().map_err(fail)?;
            return Err(missing("pledge", owner, &owners, "`select id from pledges` lists them"));
        }
        if !stated.iter().any(|other| other == source) {
            let message = format!("{source} states nothing of {owner}");
            return Err(wrong(&message, &format!("prefer one that does: {}", stated.join(", "))));
        }
    }
    let number = source.trim_start_matches('S').parse().unwrap_or_default();
    let preference = Assumption::preferring(id, number);
    preference.map(WhatIf::Preference).map_err(|error| wrong(&error.message(), &format!("as `{PREFER}=S1`")))
}

fn missing(kind: &str, id: &str, known: &[String], list: &str) -> Error {
    let near = suggest::nearest(id, known.iter().map(String::as_str));
    let cure = near.map_or(list.to_owned(), |near| format!("did you mean `{near}`?"));
    wrong(&format!("the book has no {kind} `{id}`"), &cure)
}

/// `prefer = S1: its statements are chosen where sources disagree`.
pub(super) fn in_words(preference: &Assumption) -> String {
    let source = preference.source().unwrap_or_default();
    let of = preference.name().split_once('.').map(|(_, owner)| format!(" about {owner}")).unwrap_or_default();
    format!("{} = S{source}: its statements are chosen where sources disagree{of}", preference.name())
}
