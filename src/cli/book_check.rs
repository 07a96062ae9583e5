//! `check-book`: the check of a whole book, shown as a table of what is wrong, or as JSON.

use super::facts_by_hand::{print_json, show};
use super::plan::Plan;
use crate::error::{Error, usage_error};
use crate::sql::Cell;
use crate::table::{Format, visible};
use crate::terminal;

/// Checks the book, and shows what is wrong in it.
///
/// # Errors
/// Something is wrong; it is no book; the work was stopped.
pub(super) fn run(plan: &Plan) -> Result<(), Error> {
    let session = plan.open_session()?;
    let watch = plan.watch_change(session.book().stop());
    let shown = plan.book.as_ref().map_or("the bundled book".to_owned(), |book| book.display().to_string());
    if !session.book().is_book() {
        let help = "`pragma integrity_check` checks a plain database";
        return Err(usage_error(&format!("`{shown}` is a plain database, and no book"), help));
    }
    let check = session.book().check_book()?;
    drop(watch);
    if plan.settings.format == Format::Json {
        print_json(&serde_json::json!({
            "book": shown,
            "views": check.views.iter().map(|(view, rows)| serde_json::json!({ "view": view, "rows": rows })).collect::<Vec<_>>(),
            "imports": check.imports,
            "findings": check.findings,
        }))?;
    } else if check.findings.is_empty() {
        let (views, imports) = (check.views.len(), check.imports);
        let tables = if imports == 1 { "1 imported table".to_owned() } else { format!("{imports} imported tables") };
        terminal::print(&format!("{}: sound; {views} views answer, {tables}\n", visible(&shown)))?;
    } else {
        let rows = check.findings.iter().map(|finding| {
            vec![Cell::Text(finding.place.as_str().into()), Cell::Text(finding.message.as_str().into())]
        });
        show(plan, visible(&shown).into_owned(), &["where", "what is wrong"], rows, &[])?;
    }
    match check.findings.len() {
        0 => Ok(()),
        count => Err(Error::UnsoundBook(visible(&shown).into_owned(), count)),
    }
}
