//! Tables in JSON: an array of objects, or an object on each line. A nested object's members are columns with a dot in their name; an
//! array within a row stays as it is written.

use super::file::ImportFile;
use super::json_value::{CountedLines, JsonLines, TWICE, UniqueValue};
use super::layout::NoteLine;
use super::record::{CellKind, Record};
use crate::error::{AskedOption, Choice, Error, Question};
use serde::de::DeserializeSeed;
use serde_json::Value;
use serde_json::error::Category;
use std::collections::BTreeMap;
use std::io::{BufReader, Read};

/// The longest JSON file that is read, in bytes: it is held whole.
const MAX_BYTES: u64 = 512 << 20;

/// The most columns of a table.
const MAX_COLUMNS: usize = 2_000;

/// The most texts beside a table that are kept, and the longest of them in bytes.
const MAX_MEMBERS: usize = 30;
const MAX_MEMBER_BYTES: usize = 500;

/// The most keys beside a table that are named.
const MAX_NAMES: usize = 5;

const TWICE_HELP: &str = "take one of the two values away, or give it a key of its own: which one counts is not said";

/// What a file of JSON has.
pub(super) struct JsonTable {
    /// The header, and a record for each row.
    pub(super) records: Vec<Record>,
    /// The texts beside the table, as `unit: EUR million`.
    pub(super) members: Vec<NoteLine>,
    /// The keys beside the table, whose values are in no column, in words.
    pub(super) notes: Vec<String>,
}

/// Reads the rows at a path such as `$.data.flows`; without one, the only array of objects.
///
/// # Errors
/// It is no JSON; there is nothing at the path, or several arrays and no path.
pub(super) fn read(file: &ImportFile, path: Option<&str>) -> Result<JsonTable, Error> {
    if file.length()? > MAX_BYTES {
        let message = format!("it is longer than {} MiB, which JSON is read up to", MAX_BYTES >> 20);
        return Err(file.too_large(&message, "convert it to CSV"));
    }
    let mut bytes = Vec::new();
    file.open()?.read_to_end(&mut bytes).map_err(|error| file.unreadable(&error))?;
    let (values, lines) = parse(file, bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes))?;
    let (path, rows) = match path {
        Some(path) => (path.to_owned(), at_path(file, &values, path)?),
        None => only_table(file, &values)?,
    };
    let mut members = Vec::new();
    add_members(&values, "", &mut members);
    let records = records(file, &rows, &lines_of(&values, &rows, &lines))?;
    Ok(JsonTable { records, members, notes: beside(&values, &path).into_iter().collect() })
}

/// The keys of the objects on the way to the table that do not lead to it.
fn beside(root: &Value, path: &str) -> Option<String> {
    let (mut value, mut names) = (root, Vec::new());
    for step in path.trim_start_matches('$').split('.').filter(|step| !step.is_empty()) {
        let step = step.trim_end_matches("[*]");
        let Value::Object(members) = value else { break };
        names.extend(members.keys().filter(|name| *name != step).map(|name| format!("`{name}`")));
        value = members.get(step)?;
    }
    let shown = names.iter().take(MAX_NAMES).cloned().collect::<Vec<_>>().join(", ");
    let more = if names.len() > MAX_NAMES { format!(" and {} more", names.len() - MAX_NAMES) } else { String::new() };
    (!names.is_empty()).then(|| format!("the keys beside the rows are in no column: {shown}{more}"))
}

/// The line of each row, in their order: that of its brace, or of the object before a row that is none.
fn lines_of(root: &Value, rows: &[&Value], lines: &[u64]) -> Vec<u64> {
    fn walk<'v>(
        value: &'v Value,
        rows: &mut std::iter::Peekable<impl Iterator<Item = &'v Value>>,
        lines: &mut impl Iterator<Item = u64>,
        found: &mut Vec<u64>,
        last: &mut u64,
    ) {
        if value.is_object() {
            *last = lines.next().unwrap_or(*last);
        }
        if rows.next_if(|row| std::ptr::eq(*row, value)).is_some() {
            found.push(*last);
        }
        match value {
            Value::Array(elements) => elements.iter().for_each(|element| walk(element, rows, lines, found, last)),
            Value::Object(members) => members.values().for_each(|member| walk(member, rows, lines, found, last)),
            _ => {}
        }
    }
    let mut found = Vec::with_capacity(rows.len());
    walk(root, &mut rows.iter().copied().peekable(), &mut lines.iter().copied(), &mut found, &mut 1);
    found
}

/// Adds the texts of objects that are no rows, each with its key.
fn add_members(value: &Value, name: &str, found: &mut Vec<NoteLine>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| add_members(member, name, found)),
        Value::String(text) if text.len() <= MAX_MEMBER_BYTES && found.len() < MAX_MEMBERS => {
            found.push(NoteLine { line: 1, text: format!("{name}: {text}") });
        }
        _ => {}
    }
}

/// The document, or the documents line by line, with the lines of all objects.
fn parse(file: &ImportFile, bytes: &[u8]) -> Result<(Value, Vec<u64>), Error> {
    // Of a slice the parser would not look up before its end.
    let lines = JsonLines::new();
    let watched = CountedLines { source: BufReader::new(file.watch(bytes)), lines: &lines };
    let mut parser = serde_json::Deserializer::from_reader(watched);
    let mut found = Vec::new();
    while parser.end().is_err() {
        let document = UniqueValue(&lines).deserialize(&mut parser);
        found.push(document.map_err(|error| unreadable(file, bytes, &error))?);
    }
    let root = if found.len() == 1 { found.remove(0) } else { Value::Array(found) };
    Ok((root, lines.objects.into_inner()))
}

/// The error of a text that is no JSON, or has a key of an object twice.
fn unreadable(file: &ImportFile, bytes: &[u8], error: &serde_json::Error) -> Error {
    if file.stop().is_raised() {
        return file.stop().cause();
    }
    let line = u64::try_from(error.line()).unwrap_or(u64::MAX);
    let text = bytes.split(|byte| *byte == b'\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let text = String::from_utf8_lossy(text);
    let said = error.to_string();
    let twice = said.strip_prefix(TWICE).and_then(|rest| rest.rsplit_once(" at line "));
    let help = "was the download complete? `--separator` reads it as a table of text";
    let (message, help) = match (error.classify(), twice) {
        (Category::Data, Some((key, _))) => (format!("an object has the key `{key}` twice"), TWICE_HELP),
        (Category::Eof, _) => ("it ends within its JSON".to_owned(), help),
        _ => (format!("it is no JSON: {said}"), help),
    };
    file.broken(Some((line, text.trim_end())), &message, help)
}

/// The rows at a path.
fn at_path<'v>(file: &ImportFile, root: &'v Value, path: &str) -> Result<Vec<&'v Value>, Error> {
    let mut found = vec![root];
    for step in path.trim_start_matches('$').split('.').filter(|step| !step.is_empty()) {
        let name = step.trim_end_matches("[*]");
        found = found.into_iter().flat_map(elements).filter_map(|value| value.get(name)).collect();
        if found.is_empty() {
            let names = root.as_object().map(|object| object.keys().cloned().collect::<Vec<_>>().join(", "));
            let help = names.map_or("its outermost value is an array".to_owned(), |names| format!("it has {names}"));
            return Err(file.undecided(None, &format!("there is nothing at `{path}`"), &help));
        }
    }
    Ok(found.into_iter().flat_map(elements).collect())
}

/// The elements of an array, or the value itself.
fn elements(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |array| array.iter().collect())
}

/// The path and the rows of the only array of objects, wherever it is.
fn only_table<'v>(file: &ImportFile, root: &'v Value) -> Result<(String, Vec<&'v Value>), Error> {
    let mut tables = Vec::new();
    find_tables(root, "$", &mut tables);
    match tables.as_slice() {
        [(path, rows)] => Ok((path.clone(), elements(rows))),
        [] => Err(file.broken(None, "it has no array of objects", "a table in JSON is one")),
        several => {
            let paths = several.iter().map(|(path, _)| format!("`{path}`")).collect::<Vec<_>>().join(", ");
            let message = format!("it has {} tables", several.len());
            let choices = several.iter().map(|(path, _)| Choice::plain(path.clone())).collect();
            let question =
                Question { option: AskedOption::Path, column: None, cells: Vec::new(), choices, takes_text: false };
            Err(file.asked(None, &message, &format!("name one by `--path`: {paths}"), question))
        }
    }
}

fn find_tables<'v>(value: &'v Value, path: &str, found: &mut Vec<(String, &'v Value)>) {
    match value {
        Value::Array(rows) if rows.iter().any(Value::is_object) => found.push((path.to_owned(), value)),
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| find_tables(member, &format!("{path}.{name}"), found));
        }
        _ => {}
    }
}

/// A header, as if on the line above the first row, and a record for each row.
fn records(file: &ImportFile, rows: &[&Value], lines: &[u64]) -> Result<Vec<Record>, Error> {
    let (mut names, mut columns) = (Vec::new(), BTreeMap::new());
    let flat: Vec<Vec<(usize, String, CellKind)>> = rows
        .iter()
        .map(|row| {
            let mut cells = Vec::new();
            flatten(row, "", &mut |name, text, kind| {
                let column = *columns.entry(name.to_owned()).or_insert_with(|| {
                    names.push(name.to_owned());
                    names.len() - 1
                });
                cells.push((column, text, kind));
            });
            cells
        })
        .collect();
    if names.len() > MAX_COLUMNS {
        let message =
            format!("its rows have {} different names, more than the {MAX_COLUMNS} columns of a table", names.len());
        return Err(file.broken(None, &message, "name the rows of the table by `--path`"));
    }
    let mut header = Record::default();
    let first = lines.first().copied().unwrap_or(1);
    header.begin(first.saturating_sub(1));
    for name in &names {
        header.push(name, CellKind::Text);
    }
    let next_lines = lines.iter().skip(1).copied().chain([u64::MAX]);
    let body = lines.iter().zip(next_lines).zip(flat).map(|((line, next_line), mut cells)| {
        let mut record = Record::default();
        record.begin(*line);
        // What is written between two rows belongs to the first: it is no gap.
        record.next_line = next_line;
        cells.sort_by_key(|(column, ..)| *column);
        if let Some(pair) = cells.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let name = &names[pair[0].0];
            let message =
                format!("line {line} has two values for `{name}`: a key with a dot, and one of an object within");
            return Err(file.broken(None, &message, TWICE_HELP));
        }
        for (column, text, kind) in cells {
            while record.len() < column {
                record.push("", CellKind::Text);
            }
            record.push(&text, kind);
        }
        Ok(record)
    });
    std::iter::once(Ok(header)).chain(body).collect()
}

/// Calls `add` with the name and the text of each member of a row.
fn flatten(value: &Value, name: &str, add: &mut dyn FnMut(&str, String, CellKind)) {
    let name = if name.is_empty() && !value.is_object() { "value" } else { name };
    match value {
        Value::Null => {}
        Value::Object(members) => members.iter().for_each(|(member, value)| {
            let full = if name.is_empty() { member.clone() } else { format!("{name}.{member}") };
            flatten(value, &full, add);
        }),
        Value::Number(number) => add(name, number.to_string(), CellKind::Number),
        Value::String(text) => add(name, text.clone(), CellKind::Text),
        other => add(name, other.to_string(), CellKind::Text),
    }
}
