//! The preparation of a statement: its parameters bound, its program analyzed, and where operators are handed quantities, the
//! statement in which they are calls of functions that know units.

use super::bind::{Bound, BoundValues, Parameters, bind};
use super::dataflow::bytecode::{Op, explain};
use super::dataflow::coercions::{StatementInput, coercions};
use super::dataflow::quantities::{QuantityTypes, Violation, infer_types};
use super::dataflow::storage_class::StorageClasses;
use super::diagnostics::{ColumnFindings, CountedQuestion, SCRIPT_SOURCE, StatementContext, function_warnings, lints};
use super::instrumentation::{Instrumented, LossCounters};
use super::lowering::LoweredSql;
use super::series_calls::{self, SeriesCall, SeriesRows};
use super::translation::{Expansion, Translation, makes_texts, translate};
use super::{Cell, Column};
use crate::error::Error;
use crate::quantity::Assumptions;
use crate::store::{
    Book, Change, Findings, GuardedStatement, KeptTable, LiteralArguments, OwnedStatement, PrepareError,
    RESERVED_PREFIX,
};
use crate::syntax::Text;
use crate::syntax::expr::Tokens;
use crate::syntax::select::{self, TempTableAs};
use crate::syntax::sql::reads_tables;
use rusqlite::Statement;
use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// The author of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// A person, who gets warnings.
    Person,
    /// The program itself.
    Program,
}

/// A statement ready to be stepped, with its parameters bound and its columns typed.
pub struct Prepared {
    pub(super) statement: OwnedStatement,
    pub(super) columns: Vec<Column>,
    pub(super) context: StatementContext,
    /// The assumptions that its plain values, or which rows there are, may rest on.
    pub(super) assumed: Assumptions,
    /// The assumptions that its quantities name.
    pub(super) tracked: Assumptions,
    /// True if its rows may rest on assumptions at all.
    pub(super) is_assumed: bool,
    /// For each column, true if it is made of numbers that a person gave.
    pub(super) user_supplied: Vec<bool>,
    /// The arguments of its functions that a person gave.
    pub(super) given_arguments: Option<Arc<LiteralArguments>>,
    /// The warnings about the statement itself.
    pub(super) warnings: Vec<String>,
    /// True if a person has written it, who gets warnings.
    pub(super) is_a_persons: bool,
    /// The change that it makes to the book's file.
    pub(super) change: Option<Change>,
    /// The text that SQLite runs, where it is not the written one; counters are not shown in it.
    pub(super) executed: Option<String>,
    /// The temporary table of quantities that its rows are kept for.
    pub(super) kept: Option<KeptTable>,
    /// Its calls of `at`, with the series that they look values up in.
    pub(super) series: Vec<SeriesCall>,
    /// The counters of what its plain operators lose.
    pub(super) counters: Option<LossCounters>,
    /// The imported tables that it reads whose rows are still on a server.
    pub(super) unread: BTreeSet<String>,
    /// The questions about it, each with the statement that counts the answer.
    pub(super) counted: Vec<(CountedQuestion, Prepared)>,
}

/// The text from which statements are prepared, with the values of their parameters.
pub(super) struct Preparation<'p> {
    pub(super) book: &'p Rc<Book>,
    pub(super) text: &'p Text,
    pub(super) parameters: &'p dyn Parameters,
    pub(super) author: Author,
    /// The number of series within which it is one.
    pub(super) depth: usize,
}

/// A statement as SQLite has it, with its parameters bound.
struct BoundStatement {
    statement: OwnedStatement,
    findings: Findings,
    bound: Bound,
}

/// A statement whose columns are typed.
struct TypedStatement {
    ready: BoundStatement,
    types: QuantityTypes,
    warnings: Vec<String>,
    /// Its translation; `None` as it is written.
    translation: Option<String>,
    /// The places in the written statement that the functions of its translation stand for; none as it is written.
    sites: Vec<Range<usize>>,
    /// The temporary table of quantities that its rows are kept for.
    kept: Option<KeptTable>,
    counters: Option<LossCounters>,
}

impl TypedStatement {
    /// A statement that runs as it is written, and of which there is no warning.
    fn new(ready: BoundStatement, types: QuantityTypes) -> Self {
        Self { ready, types, warnings: Vec::new(), translation: None, sites: Vec::new(), kept: None, counters: None }
    }
}

/// The way in which a statement is linted.
#[derive(Clone, Copy)]
struct Linting<'l> {
    is_linted: bool,
    /// The statement whose losses are counted, if they may be.
    counted: Option<&'l LoweredSql<'l>>,
}

impl Preparation<'_> {
    /// Prepares the statement at a range of the text.
    pub(super) fn prepare(&self, range: Range<usize>) -> Result<Prepared, Error> {
        let &Self { book, text, author, depth, .. } = self;
        let mut context = StatementContext::new(book, text, range);
        context.refuse_by_text()?;
        let prepare = |text: &Text, range| {
            let inner = Preparation { text, author: Author::Program, depth: depth + 1, ..*self };
            book.with_writing(false, || inner.prepare(range)).map(|rows| Box::new(rows) as Box<dyn SeriesRows>)
        };
        let series = series_calls::read_all(&context, &prepare, depth)?;
        let dropped = self.dropped_kept_table(context.sql()).map_err(|error| context.step_error(error))?;
        let lowered = LoweredSql::new(&text.whole[context.range.clone()], &series, dropped);
        context.literal = lowered.only_literal();
        let mut ready = self.bind(&context, &lowered.sql(), |error| context.prepare_error(lowered.error(error)))?;
        let mut reliance = book.dependencies(&ready.findings).map_err(|error| context.step_error(error))?;
        context.knows_quantities = ready.findings.reads_quantities
            || !series.is_empty()
            || ready.bound.values.iter().any(|bound| bound.quantity.is_some());
        reliance.merge(&ready.bound.reliance);
        for call in &series {
            reliance.merge(call.reliance());
        }
        let is_assumed = book.makes_assumptions(&ready.findings) || !reliance.is_empty();
        let own_text = series_calls::without_series(context.sql(), &series);
        let tokens = Tokens::new(&own_text);
        let is_linted = author == Author::Person && (lints::is_suspect(&tokens) || ready.findings.reads_user_views);
        let names: Vec<String> = ready.statement.get().column_names().map(|name| lowered.column(name)).collect();
        let stores = !ready.statement.get().readonly() && ready.statement.get().is_explain() == 0;
        let change = ready.findings.change.take().filter(|_| stores);
        let is_looked_into = series.is_empty() && !stores && !book.calls_scripts(&ready.findings);
        let typed = self.typed(&context, &lowered, ready, is_linted)?;
        let ColumnFindings { warnings, questions, .. } = self.column_findings(&context, &own_text, &tokens)?;
        let of_text = self.text_warnings(tokens, typed.translation.as_deref());
        let types = typed.types;
        if types.slides {
            book.keep_window_rows();
        }
        if types.extracts {
            reliance.untracked = reliance.untracked.union(&reliance.tracked);
        }
        context.refuse_storing_assumed(!reliance.is_empty() && stores)?;
        Ok(Prepared {
            columns: columns(names, types.are_quantities),
            assumed: reliance.untracked,
            tracked: reliance.tracked,
            is_assumed,
            user_supplied: types.are_user_supplied,
            given_arguments: types.given_arguments,
            warnings: warnings.into_iter().chain(of_text).chain(typed.warnings).collect(),
            is_a_persons: author == Author::Person,
            change,
            executed: typed.translation.or_else(|| lowered.is_changed().then(|| lowered.sql().into_owned())),
            kept: typed.kept,
            series,
            counters: typed.counters,
            unread: typed.ready.findings.unread,
            counted: if is_looked_into { self.counted(questions) } else { Vec::new() },
            statement: typed.ready.statement,
            context: StatementContext { sites: typed.sites, ..context },
        })
    }

    /// The findings in a person's statement by the columns that it names.
    ///
    /// # Errors
    /// It calculates with a column of dates.
    fn column_findings(
        &self,
        context: &StatementContext,
        sql: &str,
        tokens: &Tokens<'_>,
    ) -> Result<ColumnFindings, Error> {
        if self.author != Author::Person {
            return Ok(ColumnFindings::default());
        }
        let parameter = |name: &str| match self.parameters.value(name) {
            Ok(Some(Cell::Text(text))) => Some(text.into_owned()),
            _ => None,
        };
        // A script asks the same of many values, most of which are the book's own.
        let is_in_script = &*self.text.source == SCRIPT_SOURCE;
        let mut found = ColumnFindings::read(self.book, (sql, tokens), &parameter, is_in_script);
        context.refuse_arithmetic(sql, found.refused.take())?;
        Ok(found)
    }

    /// The questions whose answer is open, each with the statement that counts it.
    fn counted(&self, mut questions: Vec<CountedQuestion>) -> Vec<(CountedQuestion, Prepared)> {
        questions.retain(|question| question.is_open(self.book));
        let counted = questions.into_iter().filter_map(|question| {
            let text = Text::new("SQL", question.counting());
            let inner = Preparation { text: &text, author: Author::Program, depth: self.depth + 1, ..*self };
            let counting = self.book.with_writing(false, || inner.prepare(0..text.whole.len())).ok();
            // What can't be counted, as rows that depend on those around it, is not spoken of.
            drop((self.book.take_function_error(), self.book.take_denial()));
            Some((question, counting?))
        });
        counted.collect()
    }

    /// The warnings that a text alone gives: of its literals, and of the functions in what is run of it.
    fn text_warnings(&self, written: Tokens<'_>, translation: Option<&str>) -> Vec<String> {
        let overflowing = lints::overflowing_literal(&written);
        let executed = translation.map_or(written, Tokens::new);
        let functions = function_warnings(&executed).filter(|_| self.author == Author::Person);
        overflowing.into_iter().chain(functions).collect()
    }

    /// The word `table` of a statement that drops a temporary table of quantities, which is a view.
    fn dropped_kept_table(&self, sql: &str) -> rusqlite::Result<Option<Range<usize>>> {
        let dropped = if self.book.has_kept_tables() { select::parse_drop_table(sql) } else { None };
        let Some((word, name)) = dropped else { return Ok(None) };
        Ok(self.book.is_kept_table(&name)?.then_some(word))
    }

    /// Types a statement as it is written, or else in its translation.
    fn typed(
        &self,
        context: &StatementContext,
        lowered: &LoweredSql<'_>,
        ready: BoundStatement,
        is_linted: bool,
    ) -> Result<TypedStatement, Error> {
        let sql = lowered.sql();
        let typed = self.typed_or_translated(context, lowered, &(0..sql.len()), ready, is_linted)?;
        match typed {
            Ok(typed) => Ok(typed),
            Err(refusal) => self.kept(context, lowered, is_linted)?.ok_or(refusal),
        }
    }

    /// Types what stands at a range of the lowered statement, as it is or else in its translation; or its refusal.
    fn typed_or_translated(
        &self,
        context: &StatementContext,
        lowered: &LoweredSql<'_>,
        range: &Range<usize>,
        ready: BoundStatement,
        is_linted: bool,
    ) -> Result<Result<TypedStatement, Error>, Error> {
        let (sql, is_whole) = (lowered.sql(), *range == (0..lowered.sql().len()));
        let written = if is_whole { context.sql() } else { &sql[range.clone()] };
        // What a table keeps is filled without counters.
        let linting = Linting { is_linted, counted: Some(lowered).filter(|_| is_whole) };
        match self.analyze(context, ready, (&sql[range.clone()], written), linting)? {
            Ok(typed) => Ok(Ok(typed)),
            Err((ready, violation)) => {
                let translated = self.translate(context, lowered, range, &ready.bound.values, linting)?;
                let error = |in_translation: Option<Violation>| {
                    let in_the_way = in_translation.and_then(|other| context.as_written(other));
                    context.violation_error(in_the_way.unwrap_or(violation), &ready.bound.values)
                };
                Ok(translated.map_err(error))
            }
        }
    }

    /// Types a statement that fills a temporary table with quantities: the rows are kept behind a view that tags them.
    fn kept(
        &self,
        context: &StatementContext,
        lowered: &LoweredSql<'_>,
        is_linted: bool,
    ) -> Result<Option<TypedStatement>, Error> {
        let sql = lowered.sql();
        let Some(TempTableAs { name, select }) = select::parse_temp_table_as(&sql) else { return Ok(None) };
        let error = |error| context.prepare_error(error);
        let Ok(rows) = self.bind(context, &sql[select.clone()], error) else { return Ok(None) };
        let names: Vec<String> = rows.statement.get().column_names().map(|name| lowered.column(name)).collect();
        let typed = self.typed_or_translated(context, lowered, &select, rows, is_linted)??;
        let rows = typed.translation.as_deref().unwrap_or(&sql[select]);
        // A text that is kept would be read as a number later.
        if makes_texts(rows) {
            return Ok(None);
        }
        let stored = self.book.next_kept_name();
        let keeping = format!("create temp table {stored} as {rows}");
        let ready = self.book.with_kept_name(&stored, || self.bind(context, &keeping, error))?;
        let columns = names.into_iter().zip(typed.types.are_quantities.iter().copied()).collect();
        let kept = Some(KeptTable { name, stored, columns });
        Ok(Some(TypedStatement { ready, kept, translation: Some(keeping), ..typed }))
    }

    /// Prepares a text for SQLite, and binds its parameters.
    fn bind(
        &self,
        context: &StatementContext,
        sql: &str,
        error: impl FnOnce(PrepareError) -> Error,
    ) -> Result<BoundStatement, Error> {
        let GuardedStatement { mut statement, findings } = self.book.prepare(sql).map_err(error)?;
        let bound = statement
            .with_mut(|statement| bind(self.book, statement, self.parameters))
            .map_err(|cause| context.parameter_error(cause))?;
        Ok(BoundStatement { statement, findings, bound })
    }

    /// Follows quantities through the program, and lints it if asked to; the program of a statement that needs neither is not
    /// read. Where a quantity is misused, the statement is handed back.
    fn analyze(
        &self,
        context: &StatementContext,
        ready: BoundStatement,
        (sql, written): (&str, &str),
        linting: Linting<'_>,
    ) -> Result<Result<TypedStatement, (BoundStatement, Violation)>, Error> {
        let statement = ready.statement.get();
        let width = statement.column_count();
        // Without any table there are no cells.
        let plain = QuantityTypes::plain(width, !reads_tables(context.sql()));
        let has_program = statement.is_explain() == 0 && (width > 0 || !statement.readonly());
        if !has_program || !(context.knows_quantities || linting.is_linted) {
            return Ok(Ok(TypedStatement::new(ready, plain)));
        }
        let program = explain(self.book, sql).map_err(|error| context.prepare_error(error))?;
        let types = if context.knows_quantities {
            infer_types(self.book, sql, &program, &ready.bound.values, width)
                .map_err(|error| context.prepare_error(error))?
        } else {
            Ok(plain)
        };
        let typed = match types {
            Ok(types) => TypedStatement::new(ready, types),
            Err(violation) => return Ok(Err((ready, violation))),
        };
        if linting.is_linted {
            self.linted(context, typed, (sql, written, &program), linting).map(Ok)
        } else {
            Ok(Ok(typed))
        }
    }

    /// Lints a statement by its program, with counters in it where it can have them.
    fn linted(
        &self,
        context: &StatementContext,
        mut typed: TypedStatement,
        (sql, written, program): (&str, &str, &[Op]),
        linting: Linting<'_>,
    ) -> Result<TypedStatement, Error> {
        let coercions = |ready: &BoundStatement, sql: &str, program: &[Op]| {
            let statement = ready.statement.get();
            let classes = storage_classes(statement, self.parameters);
            let input = StatementInput { sql, parameters: &classes, is_read_only: statement.readonly() };
            coercions(self.book, program, &input).map_err(|error| context.step_error(error))
        };
        let found = coercions(&typed.ready, sql, program)?;
        let wanted = lints::counted_coercions(context, program, &found);
        let lowered = linting.counted.filter(|_| !wanted.is_empty());
        let instrumented = lowered.and_then(|lowered| Instrumented::new(self.book, (sql, lowered), program, &wanted));
        let ready = match &instrumented {
            Some(instrumented) => self.instrumented(context, &typed, instrumented)?,
            None => None,
        };
        let Some((ready, Instrumented { sql, program, counters })) = ready.zip(instrumented) else {
            typed.warnings = lints::lint(context, written, program, &found);
            return Ok(typed);
        };
        // What is left is counted nowhere.
        let found = coercions(&ready, &sql, &program)?;
        let warnings = lints::lint(context, written, &program, &found);
        Ok(TypedStatement { ready, warnings, counters: Some(counters), ..typed })
    }

    /// A statement with counters, ready to run; `None` if its columns would be others.
    fn instrumented(
        &self,
        context: &StatementContext,
        typed: &TypedStatement,
        Instrumented { sql, program, .. }: &Instrumented,
    ) -> Result<Option<BoundStatement>, Error> {
        let error = |error| context.prepare_error(error);
        let Ok(ready) = self.bind(context, sql, error) else { return Ok(None) };
        if !context.knows_quantities {
            return Ok(Some(ready));
        }
        let are_quantities = &typed.types.are_quantities;
        let types = infer_types(self.book, sql, program, &ready.bound.values, are_quantities.len())
            .map_err(|error| context.prepare_error(error))?;
        Ok(types.is_ok_and(|types| types.are_quantities == *are_quantities).then_some(ready))
    }

    /// The violation by a call of `printf` that alone keeps a statement from being translated; `None` where none does.
    fn formatting(&self, sql: &str, bound: &BoundValues) -> rusqlite::Result<Option<Violation>> {
        let tokens = Tokens::new(sql);
        let formats = (0..tokens.count()).find_map(|at| {
            let is_format = matches!(tokens.word(at).as_str(), "printf" | "format");
            tokens.arguments(at + 1).filter(|_| is_format).map(|(_, end)| at..end)
        });
        let Some(call) = formats else { return Ok(None) };
        let bytes = tokens.bytes(&call);
        let without = [&sql[..bytes.start], "null", &sql[bytes.end..]].concat();
        let Some(expansion) = Expansion::new(self.book, &without) else { return Ok(None) };
        let is_translated = translate(self.book, &expansion, bound)?.is_some();
        let (operator, column) = (tokens.word(call.start), RESERVED_PREFIX.to_owned());
        Ok(is_translated.then_some(Violation { operator, column }))
    }

    /// Translates what stands at a range of the lowered statement, whose operators are handed quantities; where that can't be done
    /// soundly, the violation that is left.
    fn translate(
        &self,
        context: &StatementContext,
        lowered: &LoweredSql<'_>,
        range: &Range<usize>,
        bound: &BoundValues,
        linting: Linting<'_>,
    ) -> Result<Result<TypedStatement, Option<Violation>>, Error> {
        let interrupted = |error: rusqlite::Error| context.prepare_error(error);
        let Some(expansion) = Expansion::new(self.book, &lowered.sql()[range.clone()]) else {
            return Ok(Err(None));
        };
        let Some(Translation { texts, sites }) = translate(self.book, &expansion, bound).map_err(interrupted)? else {
            let formatting = self.formatting(&lowered.sql()[range.clone()], bound).map_err(interrupted)?;
            return Ok(Err(formatting));
        };
        let written = |site: &Range<usize>| {
            let place = expansion.written(site);
            lowered.offset(range.start + place.start)..lowered.offset(range.start + place.end)
        };
        let sites: Vec<Range<usize>> = sites.iter().map(written).collect();
        let mut left = None;
        for sql in texts {
            // A translation that SQLite does not take is none.
            let Ok(ready) = self.bind(context, &sql, |error| context.prepare_error(error)) else { continue };
            // What was suspect may be a function of quantities now.
            let is_linted = linting.is_linted && lints::is_suspect(&Tokens::new(&sql));
            match self.analyze(context, ready, (&sql, &sql), Linting { is_linted, ..linting })? {
                Ok(typed) => return Ok(Ok(TypedStatement { translation: Some(sql), sites, ..typed })),
                Err((_, violation)) => left = left.or(Some(violation)),
            }
        }
        Ok(Err(left))
    }
}

/// The columns of a result, each with its name and whether it holds quantities.
fn columns(names: Vec<String>, are_quantities: Vec<bool>) -> Vec<Column> {
    names.into_iter().zip(are_quantities).map(|(name, is_quantity)| Column { name, is_quantity }).collect()
}

/// The storage classes of a statement's parameters, from 1 on.
fn storage_classes(statement: &Statement<'_>, parameters: &dyn Parameters) -> Vec<StorageClasses> {
    let class = |index| {
        let name = statement.parameter_name(index).unwrap_or_default();
        match parameters.value(name.trim_start_matches([':', '@', '$'])) {
            Ok(Some(Cell::Text(text))) => StorageClasses::of_text(&text),
            Ok(Some(Cell::Real(_) | Cell::StoredReal(_))) => StorageClasses::REAL,
            Ok(Some(Cell::Integer(_) | Cell::Truth(_))) => StorageClasses::INTEGER,
            Ok(Some(cell @ Cell::Decimal(_))) if !cell.is_quantity() => StorageClasses::INTEGER,
            _ => StorageClasses::NONE,
        }
    };
    std::iter::once(StorageClasses::NONE).chain((1..=statement.parameter_count()).map(class)).collect()
}
