//! A question and its answer as a section of a page: heading, value, sentences, tables and charts in order, working, the line to cite.

use super::basis::{Basis, Tellings, tension_before};
use super::cells::{is_unknown_for, only_cell, table, value_text};
use super::record::{AnswerPart, Question, RecordedResult, RepeatableQuestion};
use super::{assumptions, disputed, drawings};
use crate::error::Error;
use crate::quantity::{Quantity, Reason, Sentence, human};
use crate::report::{Block, Chart, Failure, Line, Piece, ReceiptText, Section, Stamp, Value, Working, is_drawn, is_id};
use crate::session::{self, Session, citation};
use crate::sql::{Cell, Layout, Origin};
use crate::store::BookDigest;
use crate::table::Style;

/// The most characters of a heading: a longer text that was asked stands below it.
const MOST_HEADING: usize = 120;

/// So many lines of working are shown; of more, the first few.
const MOST_WORKING: usize = 5;
const FEW_WORKING: usize = 3;

/// More rows than a reader takes in at a glance: the chart comes first.
const GLANCE: usize = 6;

/// The section of a question.
///
/// # Errors
/// The book can't be read.
pub(super) fn section(
    session: &Session,
    asked: &Question,
    content: &BookDigest,
    tellings: &mut Tellings,
) -> Result<Section, Error> {
    let style = Style { rows: None, width: None, ..session.settings.style(&session.book, false) };
    let basis = Basis::of(asked);
    tellings.begin();
    let mut section = Section { question: heading(asked), ..Section::default() };
    if basis.has_conflict(asked) {
        section.stamps.push(Stamp::Conflict);
    }
    assumptions::tell(session, asked, &basis.assumptions, &mut section)?;
    if let Some((message, help)) = &asked.failure {
        section.failure = Some(Failure { message: message.clone(), help: help.clone() });
        section.stamps.push(Stamp::Failed);
    }
    section.blocks = blocks(asked, &style);
    if basis.is_unknown_by_conflict()
        && let Some(result) = disputed::statements(session, &basis.facts)?
    {
        let caption = "What each source states";
        section.blocks.push(Block::Table(table(&result, caption, None, &style)));
        section.blocks.extend(drawings::chart(&result, caption, &style).map(Block::Chart));
    }
    section.answer = asked.sentences.iter().map(|sentence| Line::of(Sentence::read(sentence).words)).collect();
    section.notices.clone_from(&asked.notices);
    section.working = working(asked, &style);
    basis.tell(session.book(), &mut section, tellings)?;
    if let Some((result, row, column)) = only_cell(&asked.parts) {
        tell_value(session, (result, row, column), &style, &mut section);
    } else {
        section.cite = cite_whole(session, &section, &basis);
    }
    if section.stamps.contains(&Stamp::Conflict) {
        section.answer.insert(0, Line::of("Sources state different numbers; none is chosen or averaged."));
    }
    section.short = short(asked, &section);
    if section.stamps.contains(&Stamp::WhatIf) && !section.assumptions.is_empty() {
        let condition = format!(", if {}", section.assumptions[0]);
        section.question = match section.question.strip_suffix('?') {
            Some(question) => format!("{question}{condition}?"),
            None => format!("{}{condition}", section.question),
        };
        section.short.push_str(&condition);
    }
    section.gist = gist(asked, &section);
    section.receipt = receipt(session, asked, content)?;
    Ok(section)
}

/// The receipt of a question that was answered.
fn receipt(session: &Session, asked: &Question, content: &BookDigest) -> Result<Option<ReceiptText>, Error> {
    let (Some(question), Some(recorded), None) = (&asked.repeatable, &asked.recorded, &asked.failure) else {
        return Ok(None);
    };
    let question = match question {
        RepeatableQuestion::Script(script, words, modules) => session::Asked::Script(script, words, modules),
        RepeatableQuestion::Text(text, language) => session::Asked::Text(text, *language),
    };
    let receipt = session.receipt_of(question, recorded, content)?;
    Ok(Some(ReceiptText { id: receipt.id.clone(), text: receipt.text() }))
}

/// The heading: the script's question, or the text that was asked.
fn heading(asked: &Question) -> String {
    let whole = asked.heading.split_whitespace().collect::<Vec<_>>().join(" ");
    if whole.chars().count() <= MOST_HEADING {
        return if whole.is_empty() { "What does the book say?".to_owned() } else { whole };
    }
    format!("{}…", whole.chars().take(MOST_HEADING).collect::<String>().trim_end())
}

/// The title of the first result that has one, in two parts at its colon.
fn title(asked: &Question) -> Option<(String, String)> {
    let title = asked.results().find_map(|result| result.header.title.clone())?;
    Some(match title.split_once(": ") {
        Some((name, rest)) if !is_id(name) => (name.to_owned(), rest.to_owned()),
        _ => (title, String::new()),
    })
}

/// The name of a question in the list of contents.
fn short(asked: &Question, section: &Section) -> String {
    title(asked).map_or_else(|| section.question.clone(), |(name, _)| name)
}

/// The value, and half a sentence on it.
fn gist(asked: &Question, section: &Section) -> Line {
    if let Some(failure) = &section.failure {
        return Line::of(format!("no answer: {}", failure.message));
    }
    let about = title(asked).map(|(_, rest)| rest).filter(|rest| !rest.is_empty());
    if let Some(value) = &section.value {
        let line =
            Line::default().then(Piece::Strong(format!("{} {}", value.digits, value.unit).trim_end().to_owned()));
        let is_supposed = section.stamps.contains(&Stamp::WhatIf);
        let about = if is_supposed { Some("your assumption, which no source states".to_owned()) } else { about };
        return line.text(about.map(|about| format!(": {about}")).unwrap_or_default());
    }
    let first = section.answer.first().map(Line::plain).unwrap_or_default();
    let sentence = first.split(". ").next().unwrap_or_default();
    Line::of(sentence.trim_end_matches('.'))
}

/// Tables, charts and printed lines.
fn blocks(asked: &Question, style: &Style) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(text) =
        asked.text.as_ref().filter(|text| text.trim().contains('\n') || text.chars().count() > MOST_HEADING)
    {
        blocks.push(Block::Listing(text.clone()));
    }
    let only = only_cell(&asked.parts).map(|(result, ..)| result);
    let mut sql = String::new();
    let mut parts = asked.parts.iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            AnswerPart::Printed(text) if tension_before(text).is_some() => {}
            AnswerPart::Printed(text) => blocks.extend(printed(text)),
            AnswerPart::Sql(line) => sql.push_str(&format!("{line}\n")),
            AnswerPart::Result(result) => {
                let next = parts
                    .peek()
                    .and_then(|next| if let AnswerPart::Result(next) = next { Some(&**next) } else { None });
                let alone = next.filter(|next| drawings::is_unordered(next));
                let order = drawings::order(result, alone).map(Chart::Order).filter(is_drawn);
                if order.is_some() && alone.is_some() {
                    parts.next();
                }
                let is_plain = only.is_some_and(|only| std::ptr::eq(only, &raw const **result))
                    && result.header.layout != Layout::Metrics;
                blocks.extend(drawn(asked, result, order, is_plain, style));
            }
        }
    }
    if !sql.is_empty() {
        blocks.push(Block::Listing(sql));
    }
    blocks
}

/// A printed text: a line, or several as they stand.
fn printed(text: &str) -> Option<Block> {
    match text.trim_end() {
        "" => None,
        one if !one.contains('\n') => Some(Block::Line(Line::with_references(one))),
        several => Some(Block::Listing(several.to_owned())),
    }
}

/// A result as table and chart; a single value needs neither.
fn drawn(asked: &Question, result: &RecordedResult, order: Option<Chart>, is_value: bool, style: &Style) -> Vec<Block> {
    let caption = caption(result);
    if is_value {
        return Vec::new();
    }
    if result.rows.is_empty() {
        return vec![Block::Line(Line::of(format!("{caption}: no rows")))];
    }
    let table = table(result, &caption, asked.command.as_deref(), style);
    let is_order = order.is_some();
    let chart = order.or_else(|| drawings::chart(result, &caption, style));
    let is_first = is_order || table.rows.len() > GLANCE;
    let (table, chart) = (Block::Table(table), chart.map(Block::Chart));
    match chart {
        None => vec![table],
        Some(chart) if is_first => vec![chart, table],
        Some(chart) => vec![table, chart],
    }
}

/// The caption of a result: its title without what its colon adds, or the name of its only metric.
fn caption(result: &RecordedResult) -> String {
    let title = result.header.title.as_deref().map(|title| match title.split_once(": ") {
        Some((name, _)) if !is_id(name) && result.header.layout == Layout::Metrics => name.to_owned(),
        _ => title.to_owned(),
    });
    let metric = || match result.rows.first().map(|row| &row[0]) {
        Some(Cell::Text(name)) if result.header.layout == Layout::Metrics && result.rows.len() == 1 => {
            let mut letters = name.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect())
        }
        _ => None,
    };
    title.or_else(metric).unwrap_or_else(|| if result.is_value { "Value" } else { "Rows" }.to_owned())
}

/// The computation of the numbers, line by line.
fn working(asked: &Question, style: &Style) -> Working {
    let mut lines = Vec::new();
    for result in asked.results() {
        let Origin::Computed(derivations) = &result.evidence.origin else { continue };
        for (row, column, derivation) in derivations {
            let shown = result.rows.get(*row).and_then(|cells| cells.get(*column));
            // A range that the table leaves out is left out here too.
            if let Some(Cell::Quantity(quantity)) = shown {
                let value = citation::value_text(quantity, style);
                let line = Line::default().then(Piece::Strong(value)).text(" = ");
                let derivation = if quantity.is_exact() { without_rounding(derivation) } else { derivation };
                let line = Line(line.0.into_iter().chain(Line::with_references(derivation).0).collect());
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
    }
    let more = if lines.len() > MOST_WORKING { lines.len() - FEW_WORKING } else { 0 };
    lines.truncate(if more > 0 { FEW_WORKING } else { MOST_WORKING });
    Working { lines, more }
}

/// Tells the one number that the answer is.
fn tell_value(
    session: &Session,
    (result, row, column): (&RecordedResult, usize, usize),
    style: &Style,
    section: &mut Section,
) {
    let cell = &result.rows[row][column];
    let Cell::Quantity(quantity) = cell else {
        let (digits, unit) = value_text(cell, style);
        section.value = Some(Value { digits, unit });
        return;
    };
    let derivation = derivation(result, row, column);
    section.cite = vec![citation::cite_quantity(session.book(), quantity, derivation, style)];
    if quantity.is_unknown() {
        let reasons = human::amount(quantity.amount(), None);
        let mut letters = reasons.chars();
        let begun: String =
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
        let is_said = section.answer.first().is_some_and(|line| line.plain().to_lowercase().starts_with("unknown"));
        if !is_said && !is_unknown_for(quantity, Reason::Conflict) {
            section.answer.insert(0, Line::of(format!("{begun}: that is neither 0 nor “none”.")));
        }
        return;
    }
    let (digits, unit) = value_text(cell, style);
    section.value = Some(Value { digits, unit });
    section.kind = kind(session, quantity, derivation);
}

fn derivation(result: &RecordedResult, row: usize, column: usize) -> Option<&str> {
    let Origin::Computed(derivations) = &result.evidence.origin else { return None };
    derivations.iter().find(|(r, c, _)| (*r, *c) == (row, column)).map(|(.., derivation)| derivation.as_str())
}

/// `derived, exact · stage proposed · F29 ÷ F30`.
fn kind(session: &Session, quantity: &Quantity, derivation: Option<&str>) -> Line {
    let is_stated = citation::stating_facts(session.book(), quantity).is_some();
    let word = if !quantity.assumptions().about_book().is_empty() {
        "assumed"
    } else if is_stated {
        "stated"
    } else if !quantity.is_exact() && derivation.is_some_and(|derivation| derivation.starts_with("round(")) {
        "rounded"
    } else if quantity.facts().is_empty() {
        "computed"
    } else {
        "derived"
    };
    let exactness = if quantity.is_exact() { ", exact" } else { ", ≈ a digit was rounded" };
    let mut line = Line::default().then(Piece::Strong(word.to_owned())).text(exactness);
    if !quantity.stages().is_empty() {
        line = line.text(" · stage ").then(Piece::Strong(quantity.stages().to_string()));
    }
    let formula = derivation.map(without_rounding).and_then(formula).filter(|_| !is_stated);
    match formula {
        Some(formula) => Line(line.text(" · ").0.into_iter().chain(formula.0).collect()),
        None if quantity.facts().is_empty() => line.text(" · no source of the book states it"),
        None => {
            let facts = human::facts(quantity.facts());
            let words: Vec<&str> = facts.split(' ').collect();
            if words.iter().all(|word| is_id(word)) {
                line.text(" · ").ids(words)
            } else {
                line.text(format!(" · {facts}"))
            }
        }
    }
}

/// The rounded expression of a derivation that ends in rounding: a number without a digit that went is the same.
fn without_rounding(derivation: &str) -> &str {
    let inside = derivation.strip_prefix("round(").and_then(|rest| rest.strip_suffix(')'));
    let rounded = inside.and_then(|inside| inside.rsplit_once(", "));
    let is_one = |(whole, places): &(&str, &str)| places.chars().all(|c| c.is_ascii_digit()) && is_closed(whole);
    rounded.filter(is_one).map_or(derivation, |(whole, _)| whole)
}

/// True if every bracket of a text closes within it.
fn is_closed(text: &str) -> bool {
    let mut open = 0_i32;
    let mut is_within = true;
    for c in text.chars() {
        open += i32::from(c == '(') - i32::from(c == ')');
        is_within &= open >= 0;
    }
    is_within && open == 0
}

/// `F29 ÷ F30` of `1,600,000,000 GBP [F29] ÷ 5,000 missiles [F30]`: the facts in the place of their numbers, where each has one.
fn formula(derivation: &str) -> Option<Line> {
    const OPERATORS: [&str; 4] = [" ÷ ", " × ", " + ", " − "];
    let mut line = Line::default();
    let mut rest = derivation;
    loop {
        let next = OPERATORS.iter().filter_map(|operator| Some((rest.find(operator)?, operator))).min();
        let operand = next.map_or(rest, |(at, _)| &rest[..at]);
        let (number, id) = operand.strip_suffix(']')?.rsplit_once(" [")?;
        if !is_id(id) || number.contains(['(', '[']) {
            return None;
        }
        line = line.then(Piece::Id(id.to_owned()));
        let Some((at, operator)) = next else { return Some(line) };
        line = line.text(*operator);
        rest = &rest[at + operator.len()..];
    }
}

/// The line to cite for an answer that is no one number: its sentences, its facts and its sources.
fn cite_whole(session: &Session, section: &Section, basis: &Basis) -> Vec<String> {
    if basis.facts.without_questions().is_empty() || section.failure.is_some() {
        return Vec::new();
    }
    let said: Vec<String> = section.answer.iter().map(Line::plain).collect();
    let said = if said.is_empty() { section.question.clone() } else { said.join(" ") };
    let assumed = if section.supposed.is_empty() {
        String::new()
    } else {
        format!("; {}", section.supposed.plain().trim_end_matches('.'))
    };
    let sources = citation::cite_facts(session.book(), &basis.facts);
    vec![format!("{}{assumed} ({}){sources}", said.trim_end_matches('.'), basis.named_facts())]
}

#[cfg(test)]
mod tests {
    use super::formula;

    #[test]
    fn facts_stand_in_the_place_of_their_numbers() {
        let short = |derivation: &str| formula(derivation).map(|line| line.plain());
        assert_eq!(short("1,600,000,000 GBP [F29] ÷ 5,000 missiles [F30]").as_deref(), Some("F29 ÷ F30"));
        assert_eq!(short("round(1 GBP [F29] ÷ 3 [F30], 2)"), None);
        assert_eq!(short("2 ÷ 5 missiles [F30]"), None);
        assert_eq!(super::without_rounding("round(1 GBP [F29] ÷ 3 [F30], 2)"), "1 GBP [F29] ÷ 3 [F30]");
        assert_eq!(super::without_rounding("round(1, 2) ÷ round(3, 2)"), "round(1, 2) ÷ round(3, 2)");
        assert_eq!(short("sum of 3 numbers [F29 F30 F31]"), None);
    }
}
