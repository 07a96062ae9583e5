//! Names in `group by` that stand for result columns: SQLite takes a name there for a column of a table first, and where there is none for
//! the result column of that name. The expression of that is put in its place, so that it is known for the key of the groups.

use super::rewrite::{Edit, bare, named};
use crate::sql::dataflow::bytecode::explain;
use crate::store::Book;
use crate::syntax::select::{Node, Select, SelectCore, Term};

/// The beginning of SQLite's error of a name that is no column.
const NO_COLUMN: &str = "no such column";

/// The edits that put expressions in the place of such names, in every select of a statement.
pub(super) fn edits(book: &Book, sql: &str, statement: &Select) -> Vec<Edit> {
    let mut edits = Vec::new();
    Node::Select(statement).walk(|node| {
        if let Node::Select(select) = node
            && let [core] = select.cores.as_slice()
        {
            // Common tables of selects between are not known to the trial, which then fails otherwise.
            let common_tables = |of: &Select| &sql[of.span.start..of.cores[0].span.start];
            let is_inner = select.span != statement.span;
            let scope = (if is_inner { common_tables(statement) } else { "" }, common_tables(select));
            edits.extend(core.group_by.iter().filter_map(|term| edit(book, sql, scope, core, term)));
        }
        true
    });
    edits
}

/// The edit of a term in a select that knows common tables of the statement, and some of its own.
fn edit(book: &Book, sql: &str, (outer, own): (&str, &str), core: &SelectCore, term: &Term) -> Option<Edit> {
    let column = core.columns[named(&term.expression, &core.columns)?].expression.as_ref()?;
    let written = &sql[bare(&term.expression).span.clone()];
    // A column that has its own name is known for the key as it is.
    if sql[column.span.clone()].eq_ignore_ascii_case(written) || written.starts_with('\'') {
        return None;
    }
    let (first, last) = (core.from.first()?, core.from.last()?);
    let from = &sql[first.span.start..last.span.end];
    let trial = format!("{outer} select * from ({own} select {written} from {from})");
    let is_no_column = explain(book, &trial).is_err_and(|failed| failed.error.to_string().contains(NO_COLUMN));
    is_no_column.then(|| (term.expression.span.clone(), format!("({})", &sql[column.span.clone()])))
}
