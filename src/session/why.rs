//! `.why`: the explanation of a quantity of the last result, or of an id of the book: its derivation, everything that the
//! book has on its provenance, a line to cite.

use super::addends::Addends;
use super::citation;
use super::last_result::{self, FoundQuantity};
use super::locator::Locator;
use super::provenance::{Provenance, assumption_notes, question_notes, reason_notes};
use super::{Session, example, plain_sources, require_book, search};
use crate::error::{Error, usage_error};
use crate::quantity::{Amount, Assumptions, Facts, Quantity, Ref, human};
use crate::sql::{CachedResult, Cell, Note, Origin, Output};
use crate::store::catalogue::{ColumnKind, View};
use crate::store::{Book, ViewRow, WhatIf};
use crate::table::{Style, notes_block};
use std::rc::Rc;

/// `.why`, `.why ROW`, `.why ROW COLUMN`, `.why ID`, `.why ¶4.2`.
pub(super) fn run(session: &Session, words: &[String], output: &Output) -> Result<(), Error> {
    if let Some(place) = Locator::read(&words.join(" ")) {
        return output.say(explain_place(session, &place)?.trim_end()).map_err(Error::from);
    }
    let text = match words {
        [] => {
            explain_cells(session, |kept| last_result::first_quantity(session.book(), kept).map(|found| vec![found]))?
        }
        [row] if last_result::is_row(row) => explain_cells(session, |kept| last_result::quantities_of_row(kept, row))?,
        [id] => explain_id(session, id)?,
        [row, column] => match last_result::ids_of_cell(last_result(session)?.as_ref(), row, column)? {
            Some(ids) => {
                let texts = ids.split_whitespace().map(|id| explain_id(session, id));
                texts.collect::<Result<Vec<String>, _>>()?.join("\n")
            }
            None => explain_cells(session, |kept| {
                last_result::quantity_of_cell(kept, row, column).map(|found| vec![found])
            })?,
        },
        _ => return Err(usage_error("`.why` takes a row and a column, or an id", "as `.why 1 amount`, `.why F29`")),
    };
    output.say(text.trim_end()).map_err(Error::from)
}

fn last_result(session: &Session) -> Result<Rc<CachedResult>, Error> {
    let help = || format!("ask for a number first, as `{}`", example::of_number(session.book()));
    session.last.result().ok_or_else(|| usage_error("nothing has been answered yet", &help()))
}

fn explain_cells(
    session: &Session,
    choose: impl Fn(&CachedResult) -> Result<Vec<FoundQuantity>, Error>,
) -> Result<String, Error> {
    let kept = last_result(session)?;
    let found = match choose(&kept) {
        Ok(found) => found,
        Err(error) => return explain_plain(session, &kept)?.ok_or(error),
    };
    let style = session.settings.style(&session.book, false);
    let mut text = last_result::chosen_cell_text(&kept, &found).map(|line| line + "\n").unwrap_or_default();
    let asked = match &kept.origin {
        Origin::Statement(sql) => vec![Note::new("asked", "", &joined_lines(sql))],
        Origin::Computed(_) | Origin::Untold => Vec::new(),
    };
    let notes: Vec<Note> = asked.into_iter().chain(addend_notes(session, &kept, &found)).collect();
    let notes = if notes.is_empty() { String::new() } else { notes_block(&notes, session.settings.width) };
    text.push_str(&explanation(session.book(), &style, &found, &notes));
    Ok(text)
}

/// The explanation of a result without quantities: the imported tables that its plain numbers come from; `None` where they come from none.
fn explain_plain(session: &Session, kept: &CachedResult) -> Result<Option<String>, Error> {
    let has_numbers = kept.rows.iter().flatten().any(|cell| matches!(cell, Cell::Integer(_) | Cell::Real(_)));
    let Origin::Statement(sql) = &kept.origin else { return Ok(None) };
    let sources = plain_sources::of_statement(session.book(), sql)?;
    if sources.is_empty() || !has_numbers {
        return Ok(None);
    }
    let mut notes = vec![Note::new("asked", "", &joined_lines(sql))];
    for source in &sources {
        if let Some(import) = session.book().import_of(*source).map_err(|error| session.book().error(&error))? {
            let records = human::count(import.records.unsigned_abs(), "record");
            let text = format!("`{}`, {records} of {}; which of them, the question says", import.name, import.file);
            notes.push(Note::new("read", "", &text));
        }
    }
    notes.push(Note::new("", "", "a plain number without a unit names no records"));
    notes.extend(Provenance::of_sources(sources.clone()).source_notes(session.book()));
    let names: Vec<String> = sources.iter().map(|source| format!("S{source}")).collect();
    notes.push(Note::new(
        "to cite",
        "",
        &format!("computed from {}; no source of the book states the result", names.join(", ")),
    ));
    Ok(Some(notes_block(&notes, session.settings.width)))
}

/// The notes on the addends of those quantities that are sums.
fn addend_notes(session: &Session, kept: &CachedResult, found: &[FoundQuantity]) -> Vec<Note> {
    let (mut notes, is_one) = (Vec::new(), found.len() == 1);
    for FoundQuantity { quantity, derivation, column, .. } in found {
        let addends = match (&kept.origin, derivation) {
            (Origin::Statement(sql), _) => Addends::of_statement(session.book(), sql, *column, quantity),
            (_, Some(derivation)) if derivation.starts_with("sum of") => Addends::of_facts(session.book(), quantity),
            _ => None,
        };
        let name = if is_one { "" } else { &kept.columns[*column].name };
        notes.extend(addends.iter().flat_map(|addends| addends.notes(name)));
    }
    notes
}

/// A statement of several lines as one.
fn joined_lines(sql: &str) -> String {
    // A comment ends with its line.
    if sql.contains("--") {
        return sql.to_owned();
    }
    sql.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The explanation of some quantities: headings, the statement `asked`, provenance, and the lines to cite.
fn explanation(book: &Book, style: &Style, found: &[FoundQuantity], asked: &str) -> String {
    let mut facts = Facts::none();
    let mut supposed = Assumptions::none();
    for FoundQuantity { quantity, .. } in found {
        facts.extend(quantity.facts());
        supposed = supposed.union(quantity.assumptions());
    }
    let provenance = Provenance::of(book, &facts, usize::MAX);
    let reasons = found.iter().flat_map(|found| reasons(book, &found.quantity));
    let notes = provenance.full_notes(book, Vec::new(), false, reasons);
    let mut last = assumption_notes(book, &supposed);
    for (n, FoundQuantity { quantity, derivation, .. }) in found.iter().enumerate() {
        let label = if n == 0 { "to cite" } else { "" };
        last.push(Note::new(label, "", &citation::cite_quantity(book, quantity, derivation.as_deref(), style)));
    }
    let heads: String = found.iter().map(|found| heading(book, style, found) + "\n").collect();
    format!("{heads}{asked}{}{}", notes_block(&notes, style.width), notes_block(&last, style.width))
}

/// The reasons of an unknown quantity that names no question.
fn reasons(book: &Book, quantity: &Quantity) -> Vec<Note> {
    let names_question = quantity.facts().iter().any(|reference| matches!(reference, Ref::Unknown(_)));
    match quantity.amount() {
        Amount::Unknown(reasons) if !names_question => reason_notes(book, *reasons),
        _ => Vec::new(),
    }
}

/// `320,000 GBP/missile  =  1,600,000,000 GBP [F29] ÷ 5,000 missiles [F30]    exact`.
fn heading(book: &Book, style: &Style, found: &FoundQuantity) -> String {
    let quantity = &found.quantity;
    let value = citation::value_text(quantity, style);
    let exactness = match (quantity.is_unknown(), quantity.is_exact()) {
        (true, _) => "",
        (false, true) => "    exact",
        (false, false) => "    inexact",
    };
    match (&found.derivation, citation::stating_facts(book, quantity)) {
        (Some(derivation), _) => format!("{value}  =  {derivation}{exactness}"),
        (None, Some(fact)) => format!("{value}  [{fact}]    as stated"),
        (None, None) => format!("{value}{exactness}"),
    }
}

/// Everything that the book has on the facts that stand at a place.
fn explain_place(session: &Session, place: &Locator) -> Result<String, Error> {
    let book = session.book();
    require_book(book, "facts")?;
    let found = place.facts(book).map_err(|error| book.error(&error))?;
    if found.is_empty() {
        let help = "`.facts` lists the facts, each with its place";
        return Err(usage_error(&format!("no fact of the book stands at {place}"), help));
    }
    let facts = found.iter().filter_map(|fact| fact.id.parse::<Ref>().ok()).collect();
    let label = |n: usize| if n == 0 { "to cite" } else { "" };
    let cited = found.iter().enumerate().map(|(n, fact)| Note::new(label(n), "", &citation::cite_fact(fact)));
    let cited = notes_block(&cited.collect::<Vec<_>>(), session.settings.width);
    Ok(format!("{}{cited}", facts_text(book, &facts, Vec::new())))
}

/// Everything that the book has on an id.
fn explain_id(session: &Session, word: &str) -> Result<String, Error> {
    let book = session.book();
    require_book(book, "facts")?;
    let id = canonical_id(book, word);
    if let Some(entry) = book.question(&id).map_err(|error| book.error(&error))? {
        let facts = entry.closest.iter().filter_map(|fact| fact.parse::<Ref>().ok()).collect();
        let provenance = Provenance::of(book, &facts, usize::MAX);
        let mut notes = question_notes(book, &entry, true);
        notes.extend(provenance.full_notes(book, Vec::new(), true, None));
        return Ok(notes_block(&notes, session.settings.width));
    }
    if let Some(fact) = book.fact(&id).map_err(|error| book.error(&error))? {
        let figure = book.stated_figure(&id).map_err(|error| book.error(&error))?;
        if let Some(quantity) = figure.filter(|_| fact.as_written.is_some()) {
            let style = session.settings.style(&session.book, false);
            let found = FoundQuantity { quantity, derivation: None, row: 0, column: 0 };
            return Ok(explanation(book, &style, &[found], ""));
        }
        let cited = citation::cite_fact(&fact);
        let facts = id.parse::<Ref>().ok().into_iter().collect();
        let cited = notes_block(&[Note::new("to cite", "", &cited)], session.settings.width);
        return Ok(format!("{}{cited}", facts_text(book, &facts, Vec::new())));
    }
    if let Some(text) = explain_record(book, &id)? {
        return Ok(text);
    }
    match book.records(&id).map_err(|error| book.error(&error))? {
        Some((view, records)) => Ok(records_text(book, view, &records)),
        None => match book.superseded(&word.to_uppercase()).map_err(|error| book.error(&error))? {
            Some(fact) => Err(usage_error(&fact.message(), &fact.help())),
            None => Err(unknown_id(book, word)),
        },
    }
}

/// A record of an imported table: its place in the file and its cells; `None` for any other id.
fn explain_record(book: &Book, id: &str) -> Result<Option<String>, Error> {
    let Ok(reference) = id.to_uppercase().parse::<Ref>() else { return Ok(None) };
    let Some(record) = book.record_of(reference).map_err(|error| book.error(&error))? else { return Ok(None) };
    let Some((view, cells)) = book.record_cells(reference).map_err(|error| book.error(&error))? else {
        return Ok(None);
    };
    let mut notes = vec![Note::heading(&record.id, &format!("{} of {}", record.place(), record.file))];
    for (column, (name, cell)) in view.columns.iter().zip(&cells).skip(1) {
        let Some(cell) = cell else { continue };
        let from = record.filled.iter().find(|(filled, _)| filled == name);
        let from = from.map(|(_, line)| format!(" (blank here: from line {line})")).unwrap_or_default();
        let written = record.written.iter().find(|(written, _)| written == name);
        let written = written.map(|(_, text)| format!(", written \"{text}\"")).unwrap_or_default();
        let assumed = match book.what_if(&format!("{}.{name}", record.id)) {
            Some(WhatIf::Cell(_, number)) => format!("; assumed to be {}", human::quantity(&number, None)),
            _ => String::new(),
        };
        notes.push(Note::new("", name, &format!("{}{written}{from}{assumed}", cell_text(cell, column.kind))));
    }
    let provenance = Provenance::of(book, &std::iter::once(reference).collect(), 1);
    notes.extend(provenance.source_notes(book));
    let source = record.id.split(':').next().unwrap_or_default();
    if let Some(newer) = book.revision_of(source).map_err(|error| book.error(&error))? {
        let text = format!("by {newer}, which questions by the table's name read");
        notes.push(Note::new("revised", "", &text));
    }
    Ok(Some(notes_block(&notes, None)))
}

/// The id as the book writes it: `F29` for `f29`.
fn canonical_id(book: &Book, word: &str) -> String {
    let ids = book.ids().unwrap_or_default();
    ids.into_iter().find(|id| id.eq_ignore_ascii_case(word)).unwrap_or_else(|| word.to_owned())
}

fn facts_text(book: &Book, facts: &Facts, seen: Vec<String>) -> String {
    let provenance = Provenance::of(book, facts, usize::MAX);
    notes_block(&provenance.full_notes(book, seen, true, None), None)
}

/// The row column by column, then everything on the facts and open questions in it.
fn records_text(book: &Book, view: &View, records: &[ViewRow]) -> String {
    let (mut notes, mut seen) = (Vec::new(), Vec::new());
    let mut facts = Facts::none();
    for record in records {
        let id = record.iter().find(|(name, _)| *name == "id").and_then(|(_, id)| id.as_deref()).unwrap_or_default();
        notes.push(Note::heading(id, &view.meaning));
        seen.push(id.to_owned());
        if view.name == "pledges"
            && let Some(overlap) = book.overlap_of(id).ok().flatten()
        {
            notes.push(Note::new("", "overlap", &overlap));
        }
        for (column, cell) in view.columns.iter().zip(record) {
            let (name, Some(cell)) = cell else { continue };
            if matches!(&*column.name, "fact" | "facts" | "unknown") {
                facts.extend(&cell.split_whitespace().filter_map(|id| id.parse::<Ref>().ok()).collect());
            }
            if *name != "id" {
                notes.push(Note::new("", name, &cell_text(cell, column.kind)));
            }
        }
    }
    format!("{}{}", notes_block(&notes, None), facts_text(book, &facts, seen))
}

fn cell_text(cell: &str, kind: ColumnKind) -> String {
    match cell.parse::<Quantity>() {
        Ok(quantity) if kind == ColumnKind::Quantity => {
            let value = human::quantity(&quantity, None);
            if quantity.facts().is_empty() { value } else { format!("{value} [{}]", quantity.facts()) }
        }
        _ => cell.to_owned(),
    }
}

/// The error of an id that the book does not have, which suggests the id meant, or a search.
fn unknown_id(book: &Book, word: &str) -> Error {
    let ids = book.ids().unwrap_or_default();
    let parts = |id: &str| {
        let digits = id.trim_start_matches(|c: char| !c.is_ascii_digit());
        (id[..id.len() - digits.len()].to_uppercase(), digits.parse::<u64>().ok())
    };
    let meant = ids.iter().find(|id| parts(word).1.is_some() && parts(id) == parts(word));
    let help = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if search::has_words(book, word) => format!("`.find {word}` says where the book has the word"),
        None => help_on_records(book, word),
    };
    usage_error(&format!("the book has no `{word}`"), &help)
}

/// The help for an id that no other is like: the records that its source has, or the lists of ids.
fn help_on_records(book: &Book, word: &str) -> String {
    let source = match word.to_uppercase().parse::<Ref>() {
        Ok(Ref::Record { source, .. } | Ref::AllRecords(source)) => {
            book.import_of(source).ok().flatten().zip(Some(source))
        }
        _ => None,
    };
    if let Some((table, source)) = source {
        return match table.records {
            0 => format!("`{}` has no records", table.name),
            1 => format!("`{}` has one record, `S{source}:1`", table.name),
            last => format!("`{}` has the records `S{source}:1` to `S{source}:{last}`", table.name),
        };
    }
    match book.has("facts") {
        Ok(false) if book.catalogue().has_imports() => {
            "this book has no facts: `.tables` lists its tables, `select * from sources` what they are".to_owned()
        }
        _ => "`.facts` lists the facts, `.unknowns` the open questions".to_owned(),
    }
}
