//! One statement asked of the program and of the library alone.

use crate::scratch::printed::Printed;
use pledgebook::session::Session;
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use rusqlite::Connection;
use std::io;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Rows of CSV, without the header.
    Csv,
    /// One JSON object a line.
    Json,
}

/// What stands before each statement: ordinary tables, of this session only.
const TABLES: &str = include_str!("tables.sql");

/// The program's rows, or its first word on an error.
pub(crate) fn by_the_program(statement: &str, shape: Shape) -> String {
    let mut session = Session::open(None).expect("the bundled book opens");
    session.settings.format = match shape {
        Shape::Csv => Format::Csv,
        Shape::Json => Format::Jsonl,
    };
    let printed = Printed::default();
    let mut failed = false;
    for text in [TABLES, statement] {
        printed.0.borrow_mut().clear();
        let output = session.output(printed.clone(), io::sink(), false);
        failed = session.eval(&Text::new("test", text), None, &output).is_err();
    }
    if failed {
        return "error".to_owned();
    }
    let printed = String::from_utf8(printed.0.take()).expect("the program prints UTF-8");
    match (shape, printed.split_once('\n')) {
        (Shape::Csv, Some((_, rows))) => rows.to_owned(),
        _ => printed,
    }
}

/// The library's rows.
pub(crate) fn by_the_library(statement: &str, shape: Shape) -> String {
    let connection = Connection::open_in_memory().expect("memory is there");
    connection.execute_batch(TABLES).expect("the tables can be made");
    rows(&connection, statement, shape).unwrap_or_else(|_| "error".to_owned())
}

fn rows(connection: &Connection, statement: &str, shape: Shape) -> rusqlite::Result<String> {
    let columns: Vec<String> = connection.prepare(statement)?.column_names().map(str::to_owned).collect();
    let places: Vec<String> = (0..columns.len()).map(|at| format!("c{at}")).collect();
    let written: Vec<String> = match shape {
        Shape::Csv => places.iter().map(|place| format!("cast({place} as text)")).collect(),
        Shape::Json => {
            let pairs = columns.iter().zip(&places).map(|(name, place)| format!("'{name}', {place}"));
            vec![format!("json_object({})", pairs.collect::<Vec<_>>().join(", "))]
        }
    };
    let sql = format!("with t({}) as ({statement}) select {} from t", places.join(", "), written.join(", "));
    let mut prepared = connection.prepare(&sql)?;
    let mut rows = prepared.query([])?;
    let mut text = String::new();
    while let Some(row) = rows.next()? {
        let cells = (0..written.len()).map(|at| row.get::<_, Option<String>>(at));
        let cells: Vec<String> = cells
            .map(|cell| Ok(if shape == Shape::Csv { field(cell?) } else { cell?.unwrap_or_default() }))
            .collect::<rusqlite::Result<_>>()?;
        text += &(cells.join(",") + "\n");
    }
    Ok(text)
}

/// A field of CSV: quoted where a comma, a quote or a line break is in it; NULL is nothing, empty text is two quotes.
fn field(cell: Option<String>) -> String {
    match cell {
        None => String::new(),
        Some(text) if text.is_empty() || text.contains([',', '"', '\n', '\r']) => {
            format!("\"{}\"", text.replace('"', "\"\""))
        }
        Some(text) => text,
    }
}
