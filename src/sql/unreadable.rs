//! What of a database is no UTF-8, and so can't be read or not as it is.

/// What SQLite says where the guard can't be asked about a name that is no UTF-8, which it takes for a refusal.
pub(super) fn name(message: &str) -> Option<String> {
    let named = message.strip_prefix("access to ").and_then(|rest| rest.strip_suffix(" is prohibited"));
    let name = named.map_or("a name in the database".to_owned(), |name| format!("the name `{name}`"));
    (named.is_some() || message == "not authorized").then(|| format!("{name} is not valid UTF-8"))
}
