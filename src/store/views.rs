//! The public views, made again in TEMP with their quantity columns behind a marker function, so that the pass
//! over a statement's program can tell which of its values are quantities. The marker changes no value.

use super::catalogue::{self, ColumnKind, View};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Result};

/// The marker function: hands its first argument on; the second names the column.
pub const MARKER: &str = "q_text";

/// The marker as a prepared program names it.
pub const MARKER_CALL: &str = "q_text(2)";

/// Registers the marker.
pub(super) fn register_marker(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function(MARKER, 2, flags, |context| Ok(context.get_arg(0)))
}

/// Makes each public view that the book has again in TEMP.
///
/// # Errors
/// Says which view can't be made again and why.
pub(super) fn mark_views(connection: &Connection) -> std::result::Result<(), String> {
    let mut script = String::new();
    for (name, sql) in stored_views(connection).map_err(|error| error.to_string())? {
        let Some(view) = catalogue::find(&name) else { continue };
        let body = definition(&sql).ok_or_else(|| format!("the definition of the view `{name}` can't be read"))?;
        script.push_str(&marked(view, body));
    }
    connection.execute_batch(&script).map_err(|error| error.to_string())
}

/// Checks that every column of every marked view can be read: SQLite looks into a view only when it is used.
pub(super) fn check_views(connection: &Connection) -> std::result::Result<(), String> {
    for view in catalogue::VIEWS {
        connection
            .prepare(&format!("select * from {}", view.name))
            .map_err(|error| format!("`{}`: {error}", view.name))?;
    }
    Ok(())
}

fn stored_views(connection: &Connection) -> Result<Vec<(String, String)>> {
    let mut statement = connection.prepare("select name, sql from main.sqlite_schema where type = 'view'")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// `create temp view …` for one view; `body` begins after the view's name: a list of columns or nothing, `as`,
/// the select.
fn marked(view: &View, (columns, select): (&str, &str)) -> String {
    let list: Vec<String> = view
        .columns
        .iter()
        .map(|column| match column.kind {
            ColumnKind::Quantity => format!("{MARKER}({0}, '{0}') as {0}", quoted(column.name)),
            _ => quoted(column.name),
        })
        .collect();
    format!(
        "create temp view {} as with stated{columns} as ({}) select {} from stated;\n",
        quoted(view.name),
        select.trim_end().trim_end_matches(';'),
        list.join(", ")
    )
}

/// A catalogue name is plain letters, so it needs no quotes in the marker's label and none in SQL.
fn quoted(name: &str) -> String {
    name.to_owned()
}

/// Splits `CREATE VIEW name (columns) AS select` into its list of columns (empty, or with parentheses) and its
/// select, at the first `AS` that stands outside parentheses.
fn definition(sql: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut list = None;
    let mut word_start = None;
    for (at, byte) in sql.bytes().enumerate() {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            word_start.get_or_insert(at);
            continue;
        }
        let word = word_start.take().map(|start| &sql[start..at]);
        if depth == 0 && word.is_some_and(|word| word.eq_ignore_ascii_case("as")) {
            return Some((list.map_or("", |(from, to)| &sql[from..to]), &sql[at..]));
        }
        match byte {
            b'(' => {
                list.get_or_insert((at, at));
                depth += 1;
            }
            b')' => {
                depth = depth.checked_sub(1)?;
                list = list.map(|(from, _)| (from, at + 1));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::definition;

    #[test]
    fn a_definition_is_split_at_its_first_as() {
        assert_eq!(definition("CREATE VIEW v AS select 1 as a"), Some(("", " select 1 as a")));
        assert_eq!(definition("create view v(as_of, b)\nas\nselect 1, 2"), Some(("(as_of, b)", "\nselect 1, 2")));
        assert_eq!(definition("create view v"), None);
    }
}
