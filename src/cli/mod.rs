//! The command line: its arguments, the plan that follows from them, and the execution of the plan. It computes nothing and
//! prints through the terminal alone.
//!
//! Reading order: `arguments` (the parser) with `word_order` and `free_words` (what is no option) and `endings`, `plan` (the decisions), `config` (the user's own
//! settings), `batch` (texts, files, scripts) with `interruptible_read` and `output_file` (`-o FILE`), `prompt` (a person at a terminal)
//! with `redirect` (`.once FILE`), `receipts` and `verify`, `article_check` (`check`), `serve_mcp`, `report` (several scripts as one page), `help` (options by name), `examples` (`test`), `script_check` (`check-script`), `at_once` (tables
//! beside a question), `attachment` (databases beside the book), `own_book` and `import_options` (a book of one's own), `server_address` and
//! `shared` (a book on a server).

mod arguments;
mod article_check;
mod at_once;
mod attachment;
mod batch;
mod book_check;
mod book_diff;
mod config;
mod endings;
mod examples;
mod export;
mod facts_by_hand;
mod free_words;
mod help;
mod import_asking;
mod import_options;
mod interruptible_read;
mod option_words;
mod output_directory;
mod output_file;
mod own_book;
mod parser_message;
mod plan;
mod prompt;
mod receipts;
mod redirect;
mod report;
mod script_check;
mod serve_mcp;
mod server_address;
mod shared;
mod verify;
mod word_order;

pub use prompt::vocabulary;

use crate::error::{Error, Limit, usage_error};
use crate::script::library;
use crate::table::{json_schema, visible_lines};
use crate::terminal::{self, ErrorStyle};
use arguments::Action;
use batch::{run_book_diff, run_diff, run_inputs, run_script, run_standard_input};
use plan::{Plan, Task};
use std::ffi::OsString;
use std::io::Write;
use std::thread;

/// Parses the command line and executes it; returns the exit code of the process. `allocated_bytes` returns the memory that
/// the process has allocated, for the limit on it.
pub fn run(args: Vec<OsString>, allocated_bytes: fn() -> usize) -> u8 {
    library::reserve_option_names(arguments::option_names);
    let as_json = parser_message::asks_for_json_errors(&args);
    if let Err(error) = server_address::refuse_passwords(&args) {
        return fail(&error, ErrorStyle { color: false, as_json });
    }
    let command_line = match arguments::parse(args) {
        Ok(command_line) => command_line,
        Err(shown) if as_json && shown.use_stderr() => {
            return fail(&parser_message::parser_error(&shown), ErrorStyle { color: false, as_json });
        }
        Err(shown) => return parser_message::print_parser_message(*shown),
    };
    let report = command_line.reporting();
    match plan::resolve(command_line, allocated_bytes) {
        Ok(plan) => run_in_thread(plan, report),
        Err(error) => fail(&error, report),
    }
}

/// Stack for one call of a script or of SQL within others: eight times what the largest seen took in a debug build.
const STACK_BYTES_PER_CALL: u64 = 256 << 10;

/// The least number of calls that the stack is made for: other work needs a stack too, as the parsing of deep expressions.
const MIN_CALLS: u64 = 256;

/// Executes the plan in a thread whose stack is large enough for the calls that it allows; returns the exit code. A panic has
/// been reported by the panic hook of `main`.
fn run_in_thread(plan: Plan, report: ErrorStyle) -> u8 {
    let calls = plan.settings.limits.most(Limit::Depth).max(MIN_CALLS);
    let stack_bytes = usize::try_from(calls * STACK_BYTES_PER_CALL).unwrap_or(usize::MAX);
    let work = move || execute(&plan).map_or_else(|error| fail(&error, report), |()| 0);
    match thread::Builder::new().stack_size(stack_bytes).spawn(work) {
        Ok(worker) => worker.join().unwrap_or_else(|_| Error::Fault(String::new()).exit_code()),
        Err(error) => {
            let message = format!("a stack of {} MiB can't be had: {error}", stack_bytes >> 20);
            fail(&usage_error(&message, "set a lower `--limit-depth`"), report)
        }
    }
}

/// Reports the error that ends the program; a closed pipe ends it silently.
fn fail(error: &Error, report: ErrorStyle) -> u8 {
    terminal::report_error(error, report.color, report.as_json);
    error.exit_code()
}

/// Executes the plan.
///
/// # Errors
/// The first error of the task; at the prompt, only one that ends the prompt itself.
fn execute(plan: &Plan) -> Result<(), Error> {
    plan.note_unused_options();
    let action = match &plan.task {
        Task::Prompt => return prompt::run(plan.open_session()?, plan),
        Task::StandardInput => return run_standard_input(plan),
        Task::Inputs(inputs) => return run_inputs(plan, inputs),
        Task::Action(action) => action,
    };
    match action {
        Action::Run { script, words } => run_script(plan, script, words),
        Action::Report { scripts, all } => report::run(plan, scripts, *all),
        Action::Check { figure, text } => article_check::run(plan, figure, text),
        Action::Diff { sources, key, summary, exit_code } => match &plan.older_book {
            Some(older) => run_book_diff(plan, older, key, *exit_code),
            None => run_diff(plan, sources, key, *summary, *exit_code),
        },
        Action::Cite { what, form, url, author } => {
            let reviewer = url.as_deref().zip(author.as_deref());
            print_document(&plan.open_session()?.cite(what, *form, reviewer)?)
        }
        Action::Verify { files, script, article } => verify::run(plan, files, script.as_deref(), article),
        Action::ServeMcp => serve_mcp::run(plan),
        Action::CheckScript { files } => script_check::run(plan, files),
        Action::Scripts => print(&format!("{}\n", visible_lines(&plan.open_session()?.list_scripts()?))),
        Action::Completions { shell } => print_document(&help::shell_completions(*shell)),
        Action::Man => print_document(&help::manual_page()?),
        Action::Config => print_document(&config::documented_config()),
        Action::JsonSchema => print_document(&json_schema(plan.settings.json_numbers)),
        Action::Test { scripts } => examples::run(plan.open_session()?, plan, scripts),
        Action::Init { file, empty } => own_book::init(plan, file, *empty),
        Action::Import { files, arguments } => match &plan.shared {
            Some(shared) => shared::import(plan, shared, files, arguments),
            None => own_book::import(plan, files, arguments),
        },
        Action::Drop { source } => own_book::drop_import(plan, source),
        Action::Push { create, .. } => match &plan.pushed_to {
            Some(server) => shared::push(plan, server, *create),
            None => Ok(()),
        },
        Action::Pull { file, without_rows } => shared::pull(plan, file, !without_rows),
        Action::CheckBook => book_check::run(plan),
        Action::Log => own_book::log(plan),
        Action::Export { target, facts: true } => facts_by_hand::export(plan, target, plan.force),
        Action::Export { target, facts: false } => export::export(plan, target, plan.force),
        Action::Help { name: None } => print(&help::long_help()),
        Action::Help { name: Some(name) } => print(&visible_lines(&plan.open_session()?.help(name, help::topics())?)),
    }
}

/// Writes a text for people to standard output at once.
fn print(text: &str) -> Result<(), Error> {
    terminal::print(text).map_err(Error::from)
}

/// Writes a document for other programs.
fn print_document(text: &str) -> Result<(), Error> {
    let mut out = terminal::results();
    out.write_all(text.as_bytes())?;
    out.flush().map_err(Error::from)
}
