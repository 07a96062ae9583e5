//! The prompt: greets, hands each entry to the session, goes on after an error, and gathers the names that Tab completes.

use super::arguments::Errors;
use super::batch::{Entries, run_entry};
use super::config::history_path;
use super::plan::Plan;
use super::redirect::Redirect;
use crate::error::{Error, usage_error};
use crate::quantity::human;
use crate::script::{ValueShape, functions, library};
use crate::session::Session;
use crate::store::{Book, Extent, NameKind, Origin, recover, udf};
use crate::syntax::Text;
use crate::table::visible;
use crate::terminal::{self, Flow, FunctionName, IdName, Pager, Prompt, PromptStyle, Screen, SqlEnd, Vocabulary};
use std::cell::RefCell;
use std::path::Path;

/// The name of typed entries in errors.
const SOURCE: &str = "prompt";

/// Reads entries until the person leaves.
///
/// # Errors
/// The terminal fails, the book is damaged, or a code to leave with; an error of an entry is reported and the prompt goes on.
pub(super) fn run(session: Session, plan: &Plan) -> Result<(), Error> {
    let watch = plan.watch(&session);
    session.check_book()?;
    drop(watch);
    terminal::print(&plan.with_short_limit(&session, greeting))?;
    let report = |error: &Error, color| terminal::report_error(error, color, plan.errors == Errors::Json);
    let error_color = |session: &Session| Screen::detect(session.settings.color).error_color;
    let stop = session.book().stop().clone();
    let session = RefCell::new(session);
    let prompt = Prompt {
        history: history_path(),
        stop,
        style: &|| style(&session.borrow()),
        vocabulary: &|| plan.with_short_limit(&session.borrow(), vocabulary),
        is_variable: &|name| session.borrow().has_variable(name),
        variables: &|| session.borrow().variable_names(),
        report: &|error| report(error, error_color(&session.borrow())),
    };
    let mut evaluation = Evaluation { plan, redirect: None };
    let left = prompt.run(&mut |entered| {
        let mut session = session.borrow_mut();
        evaluation.eval_each(&mut session, entered, &|session, error| report(error, error_color(session)))
    });
    evaluation.end_redirect()?;
    left
}

fn style(session: &Session) -> PromptStyle {
    let color = Screen::detect(session.settings.color).color;
    PromptStyle { color, edit_mode: session.settings.edit_mode }
}

/// The evaluation of entries, one after the other, and the file that answers go into.
struct Evaluation<'p> {
    plan: &'p Plan,
    redirect: Option<Redirect>,
}

impl Evaluation<'_> {
    /// Evaluates the entries of a text that was entered at once, in order; an error of one is reported and ends no other, Ctrl-C
    /// ends them all.
    ///
    /// # Errors
    /// A code to leave with.
    fn eval_each(
        &mut self,
        session: &mut Session,
        entered: &str,
        report: &dyn Fn(&Session, &Error),
    ) -> Result<Flow, Error> {
        let mut last = Flow::Continue;
        // A single entry stays as it was entered.
        let is_one = terminal::is_one_entry(entered, &|name| session.has_variable(name));
        let mut whole = is_one.then(|| Text::new(SOURCE, entered));
        let mut entries = Entries::new(entered, SOURCE, SqlEnd::Semicolon);
        let mut next = |session: &Session| {
            if is_one {
                return whole.take();
            }
            entries.next(&|name| session.has_variable(name)).map(|(_, entry)| entry)
        };
        while let Some(entry) = next(session) {
            match self.eval(session, &entry) {
                Ok(Flow::Continue) => {}
                Ok(flow) => last = flow,
                Err(exit @ Error::Exit(..)) => return Err(exit),
                Err(error) => {
                    report(session, &error);
                    if matches!(error, Error::Interrupted) {
                        break;
                    }
                }
            }
        }
        Ok(last)
    }

    /// Evaluates one entry, and those of a file that it reads, as if each was typed.
    fn eval(&mut self, session: &mut Session, entry: &Text) -> Result<Flow, Error> {
        run_entry(session, entry, 0, &mut |session, entry| {
            let flow = self.eval_one(session, entry)?;
            self.follow(session, flow)
        })
    }

    /// Does what an entry asks of the prompt, and gives what is left to do.
    fn follow(&mut self, session: &mut Session, flow: Flow) -> Result<Flow, Error> {
        match &flow {
            Flow::Save(path, text) => {
                library::save(Path::new(path), text)?;
                terminal::print(&saved(session, &visible(path)))?;
            }
            Flow::Copy { .. } if !session.settings.to_terminal => {
                let help = "`-o FILE` writes the answer into a file";
                return Err(usage_error("standard output is no terminal, so there is no clipboard to copy to", help));
            }
            Flow::Copy { text, format } => {
                terminal::copy(text)?;
                terminal::print(&format!("copied as {format}: {} bytes\n", text.len()))?;
            }
            Flow::Redirect { file, force, is_once } => {
                // A wrong name leaves the file before it open.
                let next = Redirect::begin(session, self.plan, file, *force, *is_once)?;
                self.end_redirect()?;
                next.refuse_existing()?;
                self.redirect = Some(next);
            }
            Flow::EndRedirect => self.end_redirect()?,
            Flow::Open(file) => {
                let other = open_other(session, self.plan, file.as_deref().map(Path::new))?;
                self.end_redirect()?;
                *session = other;
                terminal::print(&self.plan.with_short_limit(session, first_line))?;
            }
            Flow::Continue | Flow::Read(_) | Flow::Edit => return Ok(flow),
        }
        Ok(Flow::Continue)
    }

    /// Completes the file that answers go into, if there is one.
    fn end_redirect(&mut self) -> Result<(), Error> {
        self.redirect.take().map_or(Ok(()), Redirect::finish)
    }

    /// Evaluates one entry; a result that is longer than the screen is paged, and one into a file is not.
    fn eval_one(&mut self, session: &mut Session, entry: &Text) -> Result<Flow, Error> {
        // The window may have been resized since, and a setting changed.
        session.settings.width = terminal::width();
        session.settings.use_color = Screen::detect(session.settings.color).color;
        if let Some(mut redirect) = self.redirect.take_if(|redirect| redirect.takes(&entry.whole, session)) {
            let watch = self.plan.watch(session);
            let done = session.eval(entry, None, redirect.next_output());
            drop(watch);
            let (redirect, done) = redirect.after(done, session, self.plan);
            self.redirect = redirect;
            return done;
        }
        let pager = Pager::new(&session.settings.pager);
        let notices = if self.plan.is_quiet { self.plan.notices() } else { pager.notices() };
        let output = session.output(pager.results(), notices, false);
        let watch = self.plan.watch(session);
        let done = session.eval(entry, None, &output);
        drop(watch);
        drop(output);
        pager.finish(session.book().stop())?;
        done
    }
}

/// A session of another book.
fn open_other(session: &Session, plan: &Plan, path: Option<&Path>) -> Result<Session, Error> {
    if let Some(path) = path {
        recover(path)?;
    }
    let other = session.open_other(path)?;
    let watch = plan.watch(&other);
    other.check_book()?;
    drop(watch);
    Ok(other)
}

/// The words for a script that was saved: how it is run again, with what was asked.
fn saved(session: &Session, script: &str) -> String {
    let book = match session.book().origin() {
        Origin::Memory(_) => {
            return format!("saved: `.run {script}` runs it here, `pledgebook TABLE… {script}` with the same tables\n");
        }
        Origin::File(path) => visible(&path.display().to_string()).into_owned(),
        Origin::Shared(version) => format!("'{}'", version.address),
        Origin::Bundled => String::new(),
    };
    let quoted = |path: String| if path.contains(char::is_whitespace) { format!("'{path}'") } else { path };
    let book = if book.is_empty() { book } else { format!("{} ", quoted(book)) };
    let attached = session.book().attached().into_iter().map(|attached| {
        format!("--attach {} ", quoted(format!("{}={}", attached.name, visible(&attached.path.display().to_string()))))
    });
    let book = format!("{book}{}", attached.collect::<String>());
    format!("saved: `pledgebook {book}{script}` runs it, `.run {script}` here\n")
}

/// The three lines of the greeting: the book, the languages, examples that have an answer in it.
fn greeting(session: &Session) -> String {
    let examples = examples(session.book()).join("    ");
    format!(
        "{}SQL goes on at `...>` until its `;`. A script or a .command is run by Enter.\nTry  {examples}\n",
        first_line(session)
    )
}

/// The program, the book and what it holds.
fn first_line(session: &Session) -> String {
    let book = session.book();
    let extent = match book.extent() {
        Ok(Some(extent)) => extent_words(&extent),
        Ok(None) => plain_words(book),
        Err(_) => "facts that can't be counted".to_owned(),
    };
    let attached: Vec<String> = book.attached().into_iter().map(|database| database.name).collect();
    let extent = if attached.is_empty() { extent } else { format!("{extent}, beside it {}", attached.join(", ")) };
    let (version, name, access) = (env!("CARGO_PKG_VERSION"), session.book_name(), session.access());
    format!("pledgebook {version}, {name}: {extent}, {access}\n")
}

/// `a plain database of 2 tables`.
fn plain_words(book: &Book) -> String {
    match book.relations().map(|relations| relations.len()) {
        Ok(0) => "a plain database without tables".to_owned(),
        Ok(1) => "a plain database of 1 table".to_owned(),
        Ok(count) => format!("a plain database of {} tables", human::group_digits(count.into(), None)),
        Err(_) => "a plain database".to_owned(),
    }
}

/// `65 facts from 1 source`, `2 tables with 1,234 records`.
fn extent_words(extent: &Extent) -> String {
    let counted = |count: i64, one: &str, more: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{} {more}", human::group_digits(count.into(), None)),
    };
    let mut parts = Vec::new();
    if extent.facts > 0 {
        let sources = counted(extent.sources, "source", "sources");
        parts.push(format!("{} facts from {sources}", extent.facts));
    }
    if extent.tables > 0 {
        let records = counted(extent.records, "record", "records");
        parts.push(format!("{} with {records}", counted(extent.tables, "table", "tables")));
    }
    if parts.is_empty() { "no facts and no tables yet".to_owned() } else { parts.join(" and ") }
}

/// The first table of a plain database that is named without quotes.
fn first_plain_table(book: &Book) -> Option<String> {
    if book.is_book() {
        return None;
    }
    let relations = book.relations().unwrap_or_default();
    relations.into_iter().map(|(name, _)| name).find(|name| terminal::is_sql_identifier(name))
}

/// Entries that have an answer in a book.
fn examples(book: &Book) -> Vec<String> {
    let has = |name: &str| book.has(name).unwrap_or_default();
    let mut entries = Vec::new();
    if let Some(view) = book.catalogue().imported().next() {
        let name = visible(&view.name).into_owned();
        entries.extend([format!("select * from {name};"), format!(".schema {name}")]);
    } else if has("pledges") {
        entries.push("select * from pledges;".to_owned());
    } else if let Some(name) = first_plain_table(book) {
        entries.extend([format!("select * from {name};"), format!(".schema {name}"), ".tables".to_owned()]);
    }
    if !book.catalogue().has_imports() && has("F29") && has("F30") {
        entries.push("F29 / F30".to_owned());
    }
    match entries.is_empty() {
        true => entries.push(".tables".to_owned()),
        false if book.is_book() => entries.push(".why".to_owned()),
        false => {}
    }
    if library::in_book(book).is_ok_and(|library| !library.working.is_empty()) {
        entries.push(".scripts".to_owned());
    }
    entries.push(".help".to_owned());
    entries
}

/// The names for completion: those of a session's book, of its scripts and of the languages. Names that can't be read are
/// omitted.
pub fn vocabulary(session: &Session) -> Vocabulary {
    let book = session.book();
    let mut relations = book.relations_with_columns().unwrap_or_default();
    relations
        .extend(Some(session.last_columns()).filter(|columns| !columns.is_empty()).map(|of| ("last".to_owned(), of)));
    let prelude = library::prelude_signatures().flat_map(FunctionName::read);
    let engine = functions::engine_methods().iter().flat_map(|method| FunctionName::read(&method.signature));
    let scripted =
        functions::for_book(book.is_book()).flat_map(|function| FunctionName::read(function.signature)).chain(engine);
    let attached = book.attached_relations().unwrap_or_default().into_iter();
    Vocabulary {
        relations,
        attached: attached.map(|relation| (relation.database, relation.name, relation.columns)).collect(),
        is_plain: !book.is_book(),
        sql_functions: sql_function_names(session),
        script_functions: scripted.chain(prelude).collect(),
        user_defined: session.own_names(),
        scripts: library::in_book(book).unwrap_or_default().working.into_iter().map(|script| script.header).collect(),
        names: NameKind::ALL.map(|kind| (kind, book_names(session, kind))).to_vec(),
        modules: library::modules().map(str::to_owned).collect(),
        ids: id_names(session),
        assumptions: book.assumption_summaries().unwrap_or_default(),
        sources: book.source_summaries().unwrap_or_default(),
    }
}

/// The functions of SQL, with their parameters as far as these are known.
fn sql_function_names(session: &Session) -> Vec<FunctionName> {
    let mut known: Vec<FunctionName> = udf::signatures().flat_map(FunctionName::read).collect();
    for name in session.book().sql_functions().unwrap_or_default() {
        if !known.iter().any(|function| function.name == name) {
            known.extend(FunctionName::read(&name));
        }
    }
    known
}

fn id_names(session: &Session) -> Vec<IdName> {
    let catalogue = session.book().catalogue();
    let columns =
        |view| catalogue.find(view).map(|view| view.columns.iter().map(|column| column.name.to_string()).collect());
    let holds = |view| columns(view).map_or(ValueShape::Other, ValueShape::Row);
    let ids = session.book().id_summaries().unwrap_or_default().into_iter();
    ids.map(|id| IdName { id: id.id, description: id.summary, holds: id.view.map_or(ValueShape::Quantity, holds) })
        .collect()
}

/// The first names of a kind in the book, as they are typed: a name with a blank is quoted.
fn book_names(session: &Session, kind: NameKind) -> Vec<String> {
    const MAX_NAMES: usize = 2_000;
    let typed = |name: String| if name.contains(' ') { format!("\"{name}\"") } else { name };
    let names = if session.book().is_book() { session.book().names_of(kind).unwrap_or_default() } else { Vec::new() };
    names.into_iter().take(MAX_NAMES).filter(|name| !name.contains('"')).map(typed).collect()
}
