//! Errors of the script engine as errors of the program: the cause as data with the name that was probably meant, every
//! position in the source as it was written, and the token that an unfinished script lacks. Only here are the engine's errors read.

use super::inject_scope::{SCOPE_TYPE_NAME, original_position, without_documentation};
use super::operators::NULL_HELP;
use super::runtime::{FailedExpectation, Runtime, Sources};
use super::value::{Exception, describe, describe_type, literal, unknown_key};
use super::{foreign, ids};
use crate::error::{
    Error, Frame, FunctionCause, Limit, Place, QuantityError, ScriptCause, ScriptError,
    suggest::{self, did_you_mean},
};
use crate::syntax::Text;
use crate::syntax::rhai::{map_keys, open_bracket, open_comment_or_string, tokens};
use crate::syntax::typography::Typographic;
use crate::syntax::{Token, TokenKind};
use rhai::{Dynamic, Engine, EvalAltResult, LexError, ParseError, ParseErrorType, Position};
use std::collections::BTreeSet;

/// The key in [`Sources`] of the source that a function was defined in: merging the functions of several sources loses which
/// came from where.
pub(super) fn function_source(name: &str) -> String {
    format!("fn {name}")
}

/// The key of a function of one source, as a module is.
pub(super) fn module_function_source(source: &str, name: &str) -> String {
    format!("fn {name} in {source}")
}

/// Converts a compile error of `text`.
pub(super) fn compile_error(error: &ParseError, text: &Text, names: &NamesInScope<'_>) -> Error {
    let position = error.position();
    let cause = parse_cause(error.err_type(), position, text, names);
    let place = match error.err_type() {
        ParseErrorType::MissingToken(token, _) if token == ";" => place_of_missing(names.runtime, text, position),
        _ => source_place(names.runtime, text, position),
    };
    ScriptError::at(cause, place)
}

/// The place where a token is missing: at the end of the line that lacks it, if what the engine met instead is on a later one.
fn place_of_missing(runtime: &Runtime, text: &Text, position: Position) -> Option<Place> {
    let (start, met) = line_and_byte(&text.whole, source_position(runtime, text, position))?;
    let is_before = |token: &Token| token.kind != TokenKind::Comment && token.range.end <= met;
    let last = tokens(&text.whole).take_while(|token| token.range.start < met).filter(is_before).last();
    match last.filter(|token| token.range.end <= start) {
        Some(token) => Some(text.place(token.range.end, 1)),
        None => source_place(runtime, text, position),
    }
}

/// The bytes of a text at which the line of a position and the position itself are.
fn line_and_byte(text: &str, position: Position) -> Option<(usize, usize)> {
    let mut lines = text.split_inclusive('\n');
    let start: usize = lines.by_ref().take(position.line()? - 1).map(str::len).sum();
    let line = lines.next().unwrap_or_default();
    let column = line.char_indices().nth(position.position()?.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    Some((start, start + column))
}

/// Converts a runtime error of `text`, with a frame for each call in its stack.
pub(super) fn run_error(error: &EvalAltResult, text: &Text, sources: &Sources, names: &NamesInScope<'_>) -> Error {
    let (mut calls, mut is_reduced) = (Vec::new(), false);
    let mut current = text.clone();
    let mut inner = error;
    loop {
        inner = match inner {
            EvalAltResult::ErrorInFunctionCall(name, source, within, position) => {
                is_reduced |= matches!(name.as_str(), "reduce" | "reduce_rev");
                let label = if name.starts_with("anon$") {
                    "in a function called here".to_owned()
                } else {
                    format!("in `{name}`, called here")
                };
                calls.extend(
                    source_place(names.runtime, &current, *position).map(|place| Frame { place, label: Some(label) }),
                );
                let defined =
                    sources.get(&module_function_source(source, name)).or_else(|| sources.get(&function_source(name)));
                if let Some(defined) = defined.or_else(|| sources.get(source)) {
                    current = defined.clone();
                }
                within
            }
            EvalAltResult::ErrorInModule(name, within, position) => {
                let label = Some(format!("in the module `{name}`, imported here"));
                calls.extend(source_place(names.runtime, &current, *position).map(|place| Frame { place, label }));
                if let Some(module) = sources.get(name) {
                    current = module.clone();
                }
                within
            }
            leaf if is_reduced => return on_reduced(leaf_error(leaf, &current, calls, names)),
            leaf => return leaf_error(leaf, &current, calls, names),
        };
    }
}

/// The error of a function that `reduce` calls, where it is handed NULL: what it has from the value before at first.
fn on_reduced(error: Error) -> Error {
    let Error::Script(failed) = &error else { return error };
    match &failed.cause {
        ScriptCause::Function(cause) if cause.help().as_deref() == Some(NULL_HELP) => {
            let help = "`reduce` begins with NULL where no start is given: `xs.reduce(|sum, x| sum + x, 0)`; \
                        `xs.filter(|x| x != ())` leaves out what is NULL";
            ScriptError { cause: ScriptCause::argument(cause.message(), help), frames: failed.frames.clone() }.into()
        }
        _ => error,
    }
}

fn leaf_error(error: &EvalAltResult, text: &Text, mut calls: Vec<Frame>, names: &NamesInScope<'_>) -> Error {
    calls.reverse();
    let here = source_place(names.runtime, text, error.position());
    let framed = |cause: ScriptCause, mut frames: Vec<Frame>| {
        frames.extend(here.clone().map(|place| Frame { place, label: None }));
        frames.extend(calls.clone());
        Error::from(ScriptError { cause, frames })
    };
    match error {
        EvalAltResult::ErrorTerminated(..) => Error::Interrupted,
        EvalAltResult::ErrorRuntime(value, _) => {
            if let Some(carried) = value.read_lock::<Exception>() {
                return carried_error(&carried.0, &framed);
            }
            framed(ScriptCause::Thrown(thrown_text(value)), Vec::new())
        }
        EvalAltResult::ErrorParsing(kind, position) => framed(parse_cause(kind, *position, text, names), Vec::new()),
        other => framed(runtime_cause(other, names), Vec::new()),
    }
}

/// The text of a value that a script throws.
fn thrown_text(value: &Dynamic) -> String {
    match value.clone().into_string() {
        Ok(text) => text,
        Err(_) if value.is_map() || value.is_array() => literal(value),
        Err(_) => describe(value),
    }
}

/// Converts an error of the program that passed through the engine: SQL within a script is shown in both.
fn carried_error(carried: &Error, framed: &dyn Fn(ScriptCause, Vec<Frame>) -> Error) -> Error {
    match carried {
        Error::Script(error) => framed(error.cause.clone(), error.frames.clone()),
        Error::Sql(error) => framed(ScriptCause::Sql(Box::new(error.cause.clone())), error.frames()),
        other => other.clone(),
    }
}

/// A frame for each failed expectation, labelled with its text.
pub(super) fn expectation_frames(runtime: &Runtime, failed: &[FailedExpectation], text: &Text) -> Vec<Frame> {
    let sources = runtime.sources.borrow();
    let frame = |failed: &FailedExpectation| {
        let source = failed.source.as_ref().and_then(|source| sources.get(source)).unwrap_or(text);
        source_place(runtime, source, failed.position).map(|place| Frame { place, label: Some(failed.text.clone()) })
    };
    failed.iter().filter_map(frame).collect()
}

/// Maps a position of the compiled text to the source.
fn source_position(runtime: &Runtime, text: &Text, position: Position) -> Position {
    original_position(&text.whole, &runtime.insertions(text), position)
}

/// The byte of the source at a position of the compiled text.
pub(super) fn source_offset(runtime: &Runtime, text: &Text, position: Position) -> Option<usize> {
    line_and_byte(&text.whole, source_position(runtime, text, position)).map(|(_, at)| at)
}

/// The place of a position of the compiled text.
pub(super) fn source_place(runtime: &Runtime, text: &Text, position: Position) -> Option<Place> {
    let position = source_position(runtime, text, position);
    let line = position.line()?;
    Some(text.place_at_line(line, position.position().unwrap_or(1)))
}

/// The names in scope of a script, for "did you mean".
pub(super) struct NamesInScope<'n> {
    pub(super) runtime: &'n Runtime,
    /// Variables in scope.
    pub(super) variables: Vec<String>,
    /// Functions that scripts in scope define.
    pub(super) functions: Vec<String>,
}

impl NamesInScope<'_> {
    fn nearest(&self, word: &str) -> Option<String> {
        suggest::nearest(word, self.of_scripts().chain(self.runtime.signatures.iter().map(|(name, _)| *name)))
    }

    /// The names that scripts have made.
    fn of_scripts(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().chain(&self.functions).map(String::as_str)
    }

    /// The nearest key among those that maps in the sources have: the map itself is out of reach when the error is reported.
    fn nearest_key(&self, key: &str) -> Option<String> {
        let sources = self.runtime.sources.borrow();
        let keys: BTreeSet<&str> = sources.values().flat_map(|text| map_keys(&text.whole)).collect();
        suggest::nearest(key, keys)
    }

    /// The nearest name among the functions of modules.
    fn nearest_in_modules(&self, word: &str) -> Option<String> {
        let sources = self.runtime.sources.borrow();
        let functions = sources.keys().filter_map(|source| source.strip_prefix("fn ")?.split_once(" in "));
        suggest::nearest(word, functions.map(|(name, _)| name))
    }

    /// The cause of a name that is no variable where it stands.
    pub(super) fn no_variable(&self, name: &str) -> ScriptCause {
        if !ids::is_id(name) && self.variables.iter().any(|known| known == name) {
            let help = Some(foreign::UNSEEN.to_owned());
            return ScriptCause::UndefinedVariable { name: name.to_owned(), near: None, help };
        }
        if name == "last" {
            let message = format!("there is no `last`: {}", self.runtime.book.no_last_reason());
            return ScriptCause::argument(message, "ask for a result first");
        }
        if name.starts_with("global::") {
            let message = format!("nothing is called `{name}` here");
            return ScriptCause::argument(message, "hand the constant to the function as an argument");
        }
        if let Some((module, constant)) = name.rsplit_once("::") {
            let help = format!(
                "a module hands out what it exports: `export const {constant} = …;` in it, or a function, `{module}::f()`"
            );
            return ScriptCause::argument(format!("nothing is called `{name}`"), help);
        }
        let id = name.to_uppercase();
        if !ids::is_id(name) && ids::find(self.runtime, &id).is_ok_and(|found| found.is_some()) {
            return ScriptCause::UndefinedVariable { name: name.to_owned(), near: Some(id), help: None };
        }
        if name.starts_with('S') && self.runtime.book.source(name).is_ok_and(|source| source.is_some()) {
            let help = format!(
                "`.why {name}` shows the source, and `.why {name}:1` its first record; in SQL `where record = '{name}:1'`"
            );
            return ScriptCause::argument(format!("`{name}` is a source, which has no value"), help);
        }
        let unknown = || {
            let own = suggest::nearest(name, self.of_scripts());
            let help = if own.is_none() { foreign::help(name).map(str::to_owned) } else { None };
            let near = if help.is_none() { self.nearest(name) } else { None };
            ScriptCause::UndefinedVariable { name: name.to_owned(), near, help }
        };
        if ids::is_id(name) {
            ids::unknown_id_cause(self.runtime, name).unwrap_or_else(|_| unknown())
        } else {
            unknown()
        }
    }
}

/// The cause of a compile error; one at the very end of the text is a missing token.
fn parse_cause(kind: &ParseErrorType, position: Position, text: &Text, names: &NamesInScope<'_>) -> ScriptCause {
    if let Some(missing) = missing_at_end(kind, source_position(names.runtime, text, position), &text.whole) {
        let incomplete = ScriptCause::incomplete(&missing);
        let is_text = matches!(kind, ParseErrorType::BadInput(LexError::UnterminatedString));
        let open_text = source_offset(names.runtime, text, position).filter(|_| is_text);
        return match foreign::help_at_end(&text.whole, open_text) {
            Some(help) => ScriptCause::argument(incomplete.message(), help),
            None => incomplete,
        };
    }
    if let Some(foreign) = foreign_cause(kind, source_position(names.runtime, text, position), &text.whole) {
        return foreign;
    }
    let too_long = QuantityError::TooManyDigits { offset: 0 };
    match kind {
        ParseErrorType::BadInput(LexError::ImproperSymbol(_, message)) if *message == too_long.message() => {
            FunctionCause::from(too_long).into()
        }
        ParseErrorType::VariableUndefined(name) => {
            let at = source_offset(names.runtime, text, position);
            match at.and_then(|at| foreign::help_on_name(&text.whole, at)) {
                Some(help) => ScriptCause::UndefinedVariable { name: name.clone(), near: None, help: Some(help) },
                None => names.no_variable(name),
            }
        }
        ParseErrorType::ForbiddenVariable(name) => reserved_name(name),
        ParseErrorType::ModuleUndefined(name) => no_module(name),
        ParseErrorType::BadInput(LexError::UnexpectedInput(input)) if Typographic::find(input).is_some() => {
            typographic(input)
        }
        ParseErrorType::BadInput(error) => ScriptCause::Other(normalize_message(&error.to_string())),
        ParseErrorType::AssignmentToConstant(name) if name.is_empty() => {
            ScriptCause::Other("a constant can't be assigned to".to_owned())
        }
        ParseErrorType::AssignmentToConstant(name) => is_constant(name),
        ParseErrorType::ExprTooDeep => fixed_limit("the expression is nested too deep"),
        ParseErrorType::TooManyFunctions => fixed_limit("there are more than 10,000 functions"),
        kind => ScriptCause::Other(normalize_message(&kind.to_string())),
    }
}

/// The cause of a word, a mark or a spelling of another language, with what to write in its place.
fn foreign_cause(kind: &ParseErrorType, position: Position, text: &str) -> Option<ScriptCause> {
    let message = normalize_message(&kind.to_string());
    match kind {
        ParseErrorType::Reserved(word) => Some(ScriptCause::argument(message, foreign::help(word)?)),
        ParseErrorType::UnknownOperator(mark) => Some(ScriptCause::argument(message, foreign::help(mark)?)),
        ParseErrorType::BadInput(LexError::ImproperSymbol(mark, _)) => {
            Some(ScriptCause::argument(format!("`{mark}` is no operator of a script"), foreign::help(mark)?))
        }
        ParseErrorType::BadInput(LexError::MalformedEscapeSequence(sequence)) => {
            let help =
                format!("in quotes a backslash is written twice, `\\{sequence}`; in backquotes it stands for itself");
            Some(ScriptCause::argument(message, help))
        }
        ParseErrorType::MissingToken(wanted, _) => {
            let (_, at) = line_and_byte(text, position)?;
            if let Some((range, digits)) = foreign::number_around(text, at) {
                return Some(ScriptCause::argument(message, foreign::without_commas(&text[range], &digits)));
            }
            let met = tokens(text).find(|token| token.range.contains(&at))?;
            Some(ScriptCause::argument(message, foreign::help_in_place_of(wanted, &met, text)?))
        }
        _ => None,
    }
}

/// The cause of a character from a text processor, and what to write in its place.
fn typographic(input: &str) -> ScriptCause {
    match Typographic::find(input) {
        Some((_, _, Typographic::Blank)) => {
            ScriptCause::argument("a no-break space is no blank in a script", "write a plain space in its place")
        }
        Some((_, c, Typographic::Dash)) => {
            ScriptCause::argument(format!("`{c}` is no minus in a script"), "write `-` in its place")
        }
        _ => ScriptCause::argument(
            format!("`{input}` is no quote in a script"),
            "a text stands in straight double quotes: `\"state\"`",
        ),
    }
}

fn is_constant(name: &str) -> ScriptCause {
    if ids::is_id(name) {
        let help = format!("`.assume {name}=4500` supposes another number, and every answer says so");
        return ScriptCause::argument(format!("`{name}` is the book's, and can't be assigned to"), help);
    }
    ScriptCause::Other(format!("`{name}` can't be assigned to: it is constant"))
}

/// The cause of exceeding a bound that no setting changes.
fn fixed_limit(message: &str) -> ScriptCause {
    ScriptCause::LimitReached { message: message.to_owned(), limit: None }
}

/// The cause of a runtime error that carries no [`Exception`].
fn runtime_cause(error: &EvalAltResult, names: &NamesInScope<'_>) -> ScriptCause {
    match error {
        EvalAltResult::ErrorVariableNotFound(name, _) => names.no_variable(name),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => no_function(signature, names),
        EvalAltResult::ErrorForbiddenVariable(name, _) => reserved_name(name),
        EvalAltResult::ErrorPropertyNotFound(name, _) => unknown_key(name, names.nearest_key(name)),
        EvalAltResult::ErrorModuleNotFound(name, _) => no_module(name),
        EvalAltResult::ErrorDataRace(..) => ScriptCause::argument(
            "an array can't be read by the function that is called for each of its values",
            "take what the function needs of it before: `let first = xs[0];`",
        ),
        EvalAltResult::ErrorArithmetic(message, _) if message.contains("by zero") => {
            FunctionCause::from(QuantityError::DivisionByZero).into()
        }
        EvalAltResult::ErrorArithmetic(message, _) if !message.contains("overflow") => {
            ScriptCause::Other(normalize_message(message))
        }
        EvalAltResult::ErrorArithmetic(message, _) => {
            ScriptCause::overflow(message.rsplit(": ").next().unwrap_or(message))
        }
        EvalAltResult::ErrorStackOverflow(_) => {
            let most = names.runtime.book.stop().limits().most(Limit::Depth);
            let message = format!("calls are nested more than {most} deep");
            ScriptCause::LimitReached { message, limit: Some(Limit::Depth) }
        }
        EvalAltResult::ErrorTooManyVariables(_) => fixed_limit("there are more than 10,000 variables"),
        EvalAltResult::ErrorTooManyModules(_) => fixed_limit("there are more than 100 modules"),
        EvalAltResult::ErrorArrayBounds(len, index, _) => {
            ScriptCause::argument(format!("there is no element {index}"), format!("there are {len}, counted from 0"))
        }
        EvalAltResult::ErrorMismatchDataType(_, given, _) if given.contains("Range") || given.starts_with("range") => {
            let help = "`array.extract(0..2)` takes a part of it, `array.extract(-2..)` the last two";
            ScriptCause::argument("an array has no element at a range", help)
        }
        EvalAltResult::ErrorMismatchDataType(wanted, given, _)
        | EvalAltResult::ErrorMismatchOutputType(wanted, given, _) => {
            ScriptCause::Other(format!("{} is wanted here, not {}", describe_type(wanted), describe_type(given)))
        }
        EvalAltResult::ErrorFor(_) => ScriptCause::argument(
            "`for` goes through tables, arrays, ranges and streams only",
            "through a map by its keys: `for key in map.keys() { print(map[key]); }`",
        ),
        EvalAltResult::ErrorNonPureMethodCallOnConstant(method, _) => ScriptCause::argument(
            format!("`{method}` changes in place, and this is a constant or a parameter of the script"),
            format!("change a copy: `let copy = NAME; copy.{method}(…);`"),
        ),
        EvalAltResult::ErrorIndexingType(name, _) => {
            let what = describe_type(name.split([' ', '[']).next().unwrap_or(name));
            ScriptCause::Other(format!("{what} can't be indexed so"))
        }
        EvalAltResult::ErrorDotExpr(message, _) => no_property(message, names),
        EvalAltResult::ErrorAssignmentToConstant(name, _) => is_constant(name),
        other => {
            // The frame shows the position.
            let message = other.to_string();
            ScriptCause::Other(normalize_message(message.split(" (line ").next().unwrap_or(&message)))
        }
    }
}

/// The cause of a variable that has the name of an id of the book.
pub(super) fn reserved_name(name: &str) -> ScriptCause {
    ScriptCause::argument(format!("`{name}` is the book's: no variable can have this name"), "give yours another name")
}

fn no_module(name: &str) -> ScriptCause {
    let help = format!("import it: `import \"{name}\" as {name};`");
    ScriptCause::argument(format!("no module is imported as `{name}`"), help)
}

/// The cause of an unknown function; `signature` is `name (type, type)`.
fn no_function(signature: &str, names: &NamesInScope<'_>) -> ScriptCause {
    let (name, rest) = signature.split_once(" (").unwrap_or((signature, ")"));
    let types: Vec<&str> = rest
        .trim_end_matches(')')
        .split(", ")
        .filter(|name| !name.is_empty() && *name != SCOPE_TYPE_NAME)
        .map(describe_type)
        .collect();
    let given = if types.is_empty() { "nothing".to_owned() } else { types.join(" and ") };
    if let Some(property) = name.strip_prefix("get$").or_else(|| name.strip_prefix("set$")) {
        return ScriptCause::Other(format!("{given} has no property `{property}`"));
    }
    if matches!(name, "index$get$" | "index$set$") {
        return ScriptCause::Other(format!("{} can't be indexed so", types.first().copied().unwrap_or("this")));
    }
    if name.starts_with("anon$") {
        let values = if types.len() == 1 { "1 value".to_owned() } else { format!("{} values", types.len()) };
        let message =
            format!("the function given here takes another number of parameters than the {values} handed to it");
        let help = "write it with as many, as `|value|`, or `|value, index|` where the place is handed on too";
        return ScriptCause::argument(message, help);
    }
    let known = names.runtime.signatures.iter().find(|(known, _)| *known == name);
    let of_first = types.first().and_then(|of| foreign::help_on_methods(of, name));
    let help = if let Some(help) = of_first {
        Some(help.to_owned())
    } else if let Some((_, signature)) = known {
        Some(format!("it is written `{signature}`"))
    } else if let Some((module, name)) = name.rsplit_once("::") {
        did_you_mean(names.nearest_in_modules(name).map(|near| format!("{module}::{near}")).as_ref())
    } else {
        foreign::help(name).map(str::to_owned).or_else(|| did_you_mean(names.nearest(name).as_ref()))
    };
    ScriptCause::NotFound { message: format!("there is no function `{name}` for {given}"), near: None, help }
}

/// The cause of a call of what is no function, before it is known what is handed to it.
pub(super) fn no_such_function(name: &str, names: &NamesInScope<'_>) -> ScriptCause {
    let message = format!("there is no function `{name}`");
    match foreign::help(name) {
        Some(help) => ScriptCause::argument(message, help),
        None => ScriptCause::NotFound { message, near: names.nearest(name), help: None },
    }
}

/// The cause of an unknown property, from `Unknown property 'x' - a getter is not registered for type 'y'`.
fn no_property(message: &str, names: &NamesInScope<'_>) -> ScriptCause {
    let mut quoted = message.split('\'').skip(1).step_by(2);
    match (quoted.next(), quoted.next()) {
        (Some(property), Some(of)) => {
            let of = describe_type(of);
            if let Some(help) = foreign::help_on_assignment(of, property).filter(|_| message.contains("setter")) {
                return ScriptCause::argument(format!("{of} can't be changed"), help);
            }
            let message = format!("{of} has no property `{property}`");
            match (foreign::help(property), names.nearest(property)) {
                (Some(help), _) => ScriptCause::argument(message, help),
                (None, Some(near)) => ScriptCause::Other(format!("{message}; did you mean `{near}`?")),
                (None, None) => ScriptCause::Other(message),
            }
        }
        _ => ScriptCause::Other(normalize_message(message)),
    }
}

fn normalize_message(message: &str) -> String {
    let mut characters = message.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect::<String>().replace('\'', "`"),
        None => String::new(),
    }
}

/// The token that `text` lacks to be a complete script: `a closing }`; `None` for a complete one, or one with another syntax
/// error.
#[must_use]
pub fn missing_token(text: &str) -> Option<String> {
    if let Some(open) = open_comment_or_string(text) {
        return Some(open.to_owned());
    }
    let text = &without_documentation(text);
    match Engine::new_raw().compile(text) {
        Ok(_) => None,
        Err(error) if is_text_over_lines(&error, text) => None,
        Err(error) => missing_at_end(error.err_type(), error.position(), text),
    }
}

/// True for a text in quotes that goes on in the next line, which has no end to wait for.
fn is_text_over_lines(error: &ParseError, text: &str) -> bool {
    let is_text = matches!(error.err_type(), ParseErrorType::BadInput(LexError::UnterminatedString));
    let at = line_and_byte(text, error.position()).filter(|_| is_text);
    at.is_some_and(|(_, at)| foreign::help_at_end(text, Some(at)).is_some())
}

/// True if `text` compiles as one script.
#[must_use]
pub fn is_complete(text: &str) -> bool {
    Engine::new_raw().compile(without_documentation(text)).is_ok()
}

/// The token missing where the engine met the end of the text.
fn missing_at_end(kind: &ParseErrorType, position: Position, text: &str) -> Option<String> {
    if matches!(kind, ParseErrorType::BadInput(LexError::UnterminatedString)) {
        return Some(open_comment_or_string(text).unwrap_or("a closing `\"`").to_owned());
    }
    if !is_past_end(position, text) {
        return None;
    }
    match kind {
        ParseErrorType::MissingToken(token, _) if token.chars().all(|c| !c.is_alphanumeric()) => {
            Some(format!("a closing `{token}`"))
        }
        ParseErrorType::MissingToken(token, _) => Some(format!("`{token}`")),
        ParseErrorType::UnexpectedEOF => {
            Some(open_bracket(text).map_or_else(|| "the rest of it".to_owned(), |close| format!("a closing `{close}`")))
        }
        ParseErrorType::PropertyExpected => Some("the name of a property".to_owned()),
        ParseErrorType::VariableExpected | ParseErrorType::FnMissingName => Some("a name".to_owned()),
        ParseErrorType::FnMissingParams(_) => Some("a list of parameters".to_owned()),
        ParseErrorType::FnMissingBody(_) => Some("a body `{ … }`".to_owned()),
        ParseErrorType::ExprExpected(_) => Some("an expression".to_owned()),
        _ => None,
    }
}

/// True if a position is past the last character that is not white space.
fn is_past_end(position: Position, text: &str) -> bool {
    let trimmed = text.trim_end();
    let last_line = trimmed.matches('\n').count() + 1;
    let last_column = trimmed.rsplit('\n').next().unwrap_or_default().chars().count();
    match (position.line(), position.position()) {
        (Some(line), column) => line > last_line || (line == last_line && column.unwrap_or(0) > last_column),
        (None, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::missing_token;

    #[test]
    fn the_missing_token_of_an_unfinished_script_is_named() {
        for whole in [
            "1 + 2",
            "let x = 5;",
            "/* a /* b */ c */ 1",
            "\"/*\"",
            "fn f(x) { x }",
            "x.y",
            "let = 5",
            "'\"'",
            "#\"a ` quote\"#",
            "##\"a \"# ` quote\"##",
            "let m = #{a: 1};",
            "`a ${`b ${1} c`} d`",
            "`a ${ #\"` }\"# } b`",
            "`a ${ if true { \"}\" } else { '`' } } b`",
            "`a $ b ``c`` d`",
            "`a ${/* ` */ 1} b`",
        ] {
            assert_eq!(missing_token(whole), None, "{whole}");
        }
        for (text, missing) in [
            ("fn f(x) {", "a closing `}`"),
            ("f(1,", "a closing `)`"),
            ("/* open", "a closing `*/`"),
            ("let x = `open", "a closing backquote"),
            ("let x = `a ${`b`", "a closing backquote"),
            ("let x = #\"open `", "a closing `\"#`"),
        ] {
            assert_eq!(missing_token(text).as_deref(), Some(missing), "{text}");
        }
        assert!(missing_token("1 +").is_some());
    }
}
