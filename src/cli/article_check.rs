//! `check`: its arguments as figures or as texts, and what needs attention in a text, a line each, for editors and hooks.

use super::arguments::Errors;
use super::batch::{run_check, run_check_texts};
use super::endings::{is_text_file, markup_of};
use super::interruptible_read::{read_file, read_standard_input};
use super::output_file::OutputFile;
use super::plan::Plan;
use crate::error::{Error, Frame, Place, Report, usage_error};
use crate::report::checked_html;
use crate::session::Article;
use crate::store::Stop;
use crate::syntax::markup::Markup;
use crate::table::{CheckedText, FigureVerdict, Format, TextFigure, visible};
use crate::terminal;
use std::io::Write;
use std::path::Path;

/// Checks figures, or the figures of texts.
///
/// # Errors
/// Figures beside texts; a text that can't be read; a figure that the book does not support.
pub(super) fn run(plan: &Plan, arguments: &[String], texts: &[String]) -> Result<(), Error> {
    let is_file = arguments.iter().map(|argument| is_text_file(argument)).collect::<Vec<_>>();
    if texts.is_empty() && !is_file.contains(&true) {
        return run_check(plan, arguments);
    }
    if let Some(figure) = arguments.iter().zip(&is_file).find_map(|(argument, is_file)| (!is_file).then_some(argument))
    {
        let help =
            "check the figures by themselves, as `pledgebook check '5,000 missiles'`, and the texts by themselves";
        return Err(usage_error(&format!("`{figure}` is no file, and there is a text beside it"), help));
    }
    if let Some(output) = plan.output_file.as_ref().filter(|output| output.is_page(plan.settings.format)) {
        return write_page(plan, output, arguments, texts);
    }
    let checked = run_check_texts(plan, &|stop| {
        let files = arguments.iter().map(|file| read_article(plan, file, stop));
        let given = texts.iter().map(|text| Ok(article("--text", text.clone(), Markup::Plain)));
        files.chain(given).collect()
    })?;
    report(plan, &checked);
    if checked.iter().flat_map(|text| &text.figures).all(leaves_code) { Ok(()) } else { Err(Error::NotInBook) }
}

/// Writes a checked text as one page.
fn write_page(plan: &Plan, output: &OutputFile, arguments: &[String], texts: &[String]) -> Result<(), Error> {
    if plan.settings.format != Format::Html || arguments.len() + texts.len() != 1 {
        let help = "one text a page, as `-o checked.html`; `--format markdown` writes the figures as a table";
        return Err(usage_error("a checked text is one page of HTML", help));
    }
    output.refuse_existing()?;
    let mut session = plan.open_session()?;
    let article = match arguments {
        [file, ..] => read_article(plan, file, session.book().stop())?,
        [] => article("--text", texts.concat(), Markup::Plain),
    };
    let _watch = plan.watch(&session);
    let (page, checked) = session.checked_page(&article)?;
    output.write(&checked_html(&page))?;
    if let (Some(path), Some(receipt)) = (&plan.receipt, &page.receipt) {
        let file = OutputFile { path: path.clone(), force: plan.force, is_by_ending: false, command: None };
        file.write(&receipt.text)?;
    }
    report(plan, std::slice::from_ref(&checked));
    if checked.figures.iter().all(leaves_code) { Ok(()) } else { Err(Error::NotInBook) }
}

/// True for a figure that the book supports, and for one that can't be read: the book says nothing against it.
fn leaves_code(figure: &TextFigure) -> bool {
    figure.verdict.is_confirmed() || figure.verdict == FigureVerdict::Unreadable
}

fn article(name: &str, text: String, markup: Markup) -> Article {
    Article { name: name.to_owned(), text, markup }
}

/// Reads a text to check, or standard input.
///
/// # Errors
/// It can't be read, or is no text in UTF-8.
pub(super) fn read_article(plan: &Plan, file: &str, stop: &Stop) -> Result<Article, Error> {
    let limits = plan.settings.limits;
    if file == "-" {
        let text = read_standard_input(limits, stop)?.into_utf8()?;
        return Ok(article("standard input", text, Markup::Plain));
    }
    let text = read_file(Path::new(file), limits, stop)?;
    Ok(article(file, text, markup_of(file).unwrap_or(Markup::Plain)))
}

/// Reports what needs attention, a line each; on a terminal the report above has said it.
fn report(plan: &Plan, texts: &[CheckedText]) {
    let as_json = plan.errors == Errors::Json;
    if !as_json && plan.settings.to_terminal && plan.settings.format == Format::Table {
        return;
    }
    for (text, figure) in texts.iter().flat_map(|text| text.attention().map(move |figure| (text, figure))) {
        if as_json {
            terminal::report_error(&error(text, figure), false, true);
            continue;
        }
        let line = format!("{}:{}:{}: {}", text.name, figure.line, figure.column, figure.summary());
        // A closed standard error leaves the exit code.
        let _ = writeln!(plan.notices(), "{}", visible(&line));
    }
}

/// A figure that needs attention, as an error with its place.
fn error(text: &CheckedText, figure: &TextFigure) -> Error {
    let place = Place {
        source: text.name.clone(),
        line: figure.line,
        column: figure.column,
        width: figure.width,
        line_text: figure.line_text.clone(),
    };
    let frames = vec![Frame { place, label: Some(figure.verdict.words().to_owned()) }];
    let exit_code = if leaves_code(figure) { 0 } else { Error::NotInBook.exit_code() };
    Error::Finding(Report { frames, ..Report::plain(figure.summary(), figure.help.clone()) }, exit_code)
}
