//! What each error of the engine means here, in our own words, with the name that was probably meant. Places are
//! `trace`'s.

use super::ids;
use super::shared::Shared;
use super::value::type_words;
use super::weave::{AROUND_TYPE, unwoven};
use super::{dialect, functions};
use crate::error::{Limit, QuantityError, ScriptCause, suggest};
use crate::sql::Text;
use rhai::{EvalAltResult, ParseErrorType, Position};

/// The names in reach of a script, for `did you mean`.
pub(super) struct Names<'n> {
    pub(super) shared: &'n Shared,
    /// Variables of the session and functions that scripts define.
    pub(super) own: Vec<String>,
}

impl Names<'_> {
    fn nearest(&self, word: &str) -> Option<String> {
        let own = self.own.iter().map(String::as_str);
        suggest::nearest(word, own.chain(functions::all().map(|function| function.name)))
    }

    /// The function of a module that is nearest to a mistyped one.
    fn nearest_in_modules(&self, word: &str) -> Option<String> {
        let sources = self.shared.sources.borrow();
        let functions = sources.keys().filter_map(|source| source.strip_prefix("fn ")?.split_once(" in "));
        suggest::nearest(word, functions.map(|(name, _)| name))
    }

    fn too_deep(&self) -> ScriptCause {
        let most = self.shared.book.stop().limits().most(Limit::Depth);
        let message = format!("calls are nested more than {most} deep");
        ScriptCause::Limit { message, limit: Some(Limit::Depth) }
    }

    fn no_variable(&self, name: &str) -> ScriptCause {
        if name == "last" {
            let message = format!("there is no `last`: {}", self.shared.book.no_last_reason());
            return ScriptCause::Argument { message, cure: "ask for a result first".to_owned() };
        }
        if name.starts_with("global::") {
            let message = format!("nothing is called `{name}` here");
            let cure = "hand the constant to the function as an argument".to_owned();
            return ScriptCause::Argument { message, cure };
        }
        let id = name.to_uppercase();
        if !ids::is_id(name) && ids::find(self.shared, &id).is_ok_and(|found| found.is_some()) {
            return ScriptCause::NoVariable { name: name.to_owned(), near: Some(id) };
        }
        let unknown = || ScriptCause::NoVariable { name: name.to_owned(), near: self.nearest(name) };
        if ids::is_id(name) { ids::missing_cause(self.shared, name).unwrap_or_else(|_| unknown()) } else { unknown() }
    }
}

/// An error of compiling; one at the very end of the text means that something is missing there.
pub(super) fn parse_cause(kind: &ParseErrorType, position: Position, text: &Text, names: &Names<'_>) -> ScriptCause {
    if let Some(missing) = dialect::missing(kind, unwoven(&text.whole, position), &text.whole) {
        return ScriptCause::Incomplete { missing };
    }
    match kind {
        ParseErrorType::VariableUndefined(name) => names.no_variable(name),
        ParseErrorType::ForbiddenVariable(name) => taken(name),
        ParseErrorType::ModuleUndefined(name) => ScriptCause::Argument {
            message: no_module(name),
            cure: format!("import it: `import \"{name}\" as {name};`"),
        },
        ParseErrorType::BadInput(error) => ScriptCause::Syntax(lower(&error.to_string())),
        ParseErrorType::AssignmentToConstant(name) if name.is_empty() => {
            ScriptCause::Syntax("a constant can't be assigned to".to_owned())
        }
        ParseErrorType::AssignmentToConstant(name) => {
            ScriptCause::Syntax(format!("`{name}` can't be assigned to: it is constant"))
        }
        ParseErrorType::ExprTooDeep => limit("the expression is nested too deep"),
        ParseErrorType::TooManyFunctions => limit("there are more than 10,000 functions"),
        kind => ScriptCause::Syntax(lower(&kind.to_string())),
    }
}

/// A bound that nothing sets otherwise.
fn limit(message: &str) -> ScriptCause {
    ScriptCause::Limit { message: message.to_owned(), limit: None }
}

/// An error of running, other than those that carry one of ours.
pub(super) fn cause_of(error: &EvalAltResult, names: &Names<'_>) -> ScriptCause {
    match error {
        EvalAltResult::ErrorVariableNotFound(name, _) => names.no_variable(name),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => no_function(signature, names),
        EvalAltResult::ErrorForbiddenVariable(name, _) => taken(name),
        EvalAltResult::ErrorPropertyNotFound(name, _) => ScriptCause::NoKey { key: name.clone(), near: None },
        EvalAltResult::ErrorModuleNotFound(name, _) => ScriptCause::Argument {
            message: no_module(name),
            cure: format!("import it: `import \"{name}\" as {name};`"),
        },
        EvalAltResult::ErrorDataRace(..) => ScriptCause::Argument {
            message: "an array can't be read by the function that is called for each of its values".to_owned(),
            cure: "take what the function needs of it before: `let first = xs[0];`".to_owned(),
        },
        EvalAltResult::ErrorArithmetic(message, _) if message.contains("by zero") => {
            ScriptCause::Quantity(Box::new(QuantityError::DivisionByZero))
        }
        EvalAltResult::ErrorArithmetic(message, _) if !message.contains("overflow") => {
            ScriptCause::Other(lower(message))
        }
        EvalAltResult::ErrorArithmetic(message, _) => {
            let operation = message.rsplit(": ").next().unwrap_or(message).to_owned();
            ScriptCause::Overflow { operation }
        }
        EvalAltResult::ErrorStackOverflow(_) => names.too_deep(),
        EvalAltResult::ErrorTooManyVariables(_) => limit("there are more than 10,000 variables"),
        EvalAltResult::ErrorTooManyModules(_) => limit("there are more than 100 modules"),
        EvalAltResult::ErrorArrayBounds(len, index, _) => ScriptCause::Argument {
            message: format!("there is no element {index}"),
            cure: format!("there are {len}, counted from 0"),
        },
        EvalAltResult::ErrorMismatchDataType(wanted, given, _)
        | EvalAltResult::ErrorMismatchOutputType(wanted, given, _) => {
            ScriptCause::Other(format!("{} is wanted here, not {}", type_words(wanted), type_words(given)))
        }
        EvalAltResult::ErrorFor(_) => {
            ScriptCause::Other("`for` goes through tables, arrays, ranges and streams only".to_owned())
        }
        EvalAltResult::ErrorIndexingType(name, _) => {
            let what = type_words(name.split([' ', '[']).next().unwrap_or(name));
            ScriptCause::Other(format!("{what} can't be indexed so"))
        }
        EvalAltResult::ErrorDotExpr(message, _) => no_property(message, names),
        EvalAltResult::ErrorAssignmentToConstant(name, _) => {
            ScriptCause::Other(format!("`{name}` can't be assigned to: it is constant"))
        }
        other => ScriptCause::Other(lower(&without_position(&other.to_string()))),
    }
}

/// The cause of a name that is the book's.
pub(super) fn taken(name: &str) -> ScriptCause {
    let message = format!("`{name}` is the book's: no variable can have this name");
    ScriptCause::Argument { message, cure: "give yours another name".to_owned() }
}

fn no_module(name: &str) -> String {
    format!("no module is imported as `{name}`")
}

/// The engine gives a call as `name (type, type)`.
fn no_function(signature: &str, names: &Names<'_>) -> ScriptCause {
    let (name, rest) = signature.split_once(" (").unwrap_or((signature, ")"));
    let types: Vec<&str> = rest
        .trim_end_matches(')')
        .split(", ")
        .filter(|name| !name.is_empty() && *name != AROUND_TYPE)
        .map(type_words)
        .collect();
    let given = if types.is_empty() { "nothing".to_owned() } else { types.join(" and ") };
    if let Some(property) = name.strip_prefix("get$").or_else(|| name.strip_prefix("set$")) {
        return ScriptCause::Other(format!("{given} has no property `{property}`"));
    }
    if matches!(name, "index$get$" | "index$set$") {
        return ScriptCause::Other(format!("{} can't be indexed so", types.first().copied().unwrap_or("this")));
    }
    if name.starts_with("anon$") {
        let message = format!(
            "the function given here takes another number of parameters than the {} handed to it",
            values(types.len())
        );
        let cure =
            "write it with as many, as `|value|`, or `|value, index|` where the place is handed on too".to_owned();
        return ScriptCause::Argument { message, cure };
    }
    let known = functions::all().find(|function| function.name == name);
    let near = match known {
        Some(function) => Some(format!("it is written `{}`", function.signature)),
        None => match name.rsplit_once("::") {
            Some((module, name)) => names.nearest_in_modules(name).map(|near| format!("{module}::{near}")),
            None => names.nearest(name),
        }
        .map(|near| format!("did you mean `{near}`?")),
    };
    ScriptCause::NoFunction { name: name.to_owned(), given, near }
}

fn values(count: usize) -> String {
    if count == 1 { "1 value".to_owned() } else { format!("{count} values") }
}

/// `Unknown property 'x' - a getter is not registered for type 'y'`.
fn no_property(message: &str, names: &Names<'_>) -> ScriptCause {
    let mut quoted = message.split('\'').skip(1).step_by(2);
    match (quoted.next(), quoted.next()) {
        (Some(property), Some(of)) => {
            let near = names.nearest(property).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            ScriptCause::Other(format!("{} has no property `{property}`{near}", type_words(of)))
        }
        _ => ScriptCause::Other(lower(message)),
    }
}

/// The engine ends its messages with ` (line 1, position 2)`; the caret says it better.
fn without_position(message: &str) -> String {
    message.split(" (line ").next().unwrap_or(message).to_owned()
}

fn lower(message: &str) -> String {
    let mut characters = message.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect::<String>().replace('\'', "`"),
        None => String::new(),
    }
}
