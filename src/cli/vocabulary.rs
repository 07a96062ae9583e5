//! The names that Tab completes, as they stand now. What can't be read is not offered.

use crate::script::library::Script;
use crate::script::{Holds, ParameterType, functions, library};
use crate::session::Session;
use crate::store::NameKind;
use crate::store::{catalogue, udf as sql_functions};
use crate::terminal::{FunctionName, IdName, ParameterName, ScriptNames, Vocabulary};

/// The names of a session's book, of its scripts and of the languages.
#[must_use]
pub fn vocabulary(session: &Session) -> Vocabulary {
    let book = session.book();
    let ids = ids(session);
    let mut relations = book.relations_with_columns().unwrap_or_default();
    relations
        .extend(Some(session.last_columns()).filter(|columns| !columns.is_empty()).map(|of| ("last".to_owned(), of)));
    let prelude = library::prelude_signatures().flat_map(FunctionName::read);
    let scripted = functions::all().flat_map(|function| FunctionName::read(function.signature));
    Vocabulary {
        relations,
        sql_functions: in_sql(session),
        script_functions: scripted.chain(prelude).collect(),
        own: session.own_names(),
        scripts: scripts(&ids, &names(session)),
        modules: library::modules().map(str::to_owned).collect(),
        ids,
        assumptions: book.assumption_summaries().unwrap_or_default(),
        sources: book.source_summaries().unwrap_or_default(),
    }
}

/// Every function of SQL: how SQLite's own are called is told where that is known, else their names.
fn in_sql(session: &Session) -> Vec<FunctionName> {
    let mut known: Vec<FunctionName> = sql_functions::signatures().flat_map(FunctionName::read).collect();
    for name in session.book().sql_functions().unwrap_or_default() {
        if !known.iter().any(|function| function.name == name) {
            known.extend(FunctionName::read(&name));
        }
    }
    known
}

fn ids(session: &Session) -> Vec<IdName> {
    let columns =
        |view| catalogue::find(view).map(|view| view.columns.iter().map(|column| column.name.to_owned()).collect());
    let holds = |view| columns(view).map_or(Holds::Other, Holds::Row);
    let told = session.book().id_summaries().unwrap_or_default().into_iter();
    told.map(|told| IdName { id: told.id, says: told.summary, holds: told.view.map_or(Holds::Quantity, holds) })
        .collect()
}

/// The names of the book, those with blanks in quotes, as they are typed; more than anybody reads are left out.
fn names(session: &Session) -> impl Fn(NameKind) -> Vec<String> + '_ {
    const MOST: usize = 2_000;
    let typed = |name: String| if name.contains(' ') { format!("\"{name}\"") } else { name };
    move |named| {
        let names =
            if session.book().is_book() { session.book().names_of(named).unwrap_or_default() } else { Vec::new() };
        names.into_iter().take(MOST).filter(|name| !name.contains('"')).map(typed).collect()
    }
}

/// The scripts of the library, with their parameters and the values that those take where they can be listed.
fn scripts(ids: &[IdName], names: &dyn Fn(NameKind) -> Vec<String>) -> Vec<ScriptNames> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let values = |kind: &ParameterType| match kind {
        ParameterType::Choice(choices) => choices.clone(),
        ParameterType::Bool => words(&["true", "false"]),
        ParameterType::Fact => ids.iter().filter(|id| id.id.contains('F')).map(|id| id.id.clone()).collect(),
        ParameterType::Named(named) => names(*named),
        _ => Vec::new(),
    };
    let named = |script: Script| ScriptNames {
        parameters: script
            .header
            .parameters
            .iter()
            .map(|one| ParameterName {
                name: one.flag(),
                placeholder: one.kind.placeholder().to_owned(),
                meaning: one.meaning.clone(),
                values: values(&one.kind),
            })
            .collect(),
        name: script.header.name,
        summary: script.header.summary,
    };
    library::all().unwrap_or_default().into_iter().map(named).collect()
}
