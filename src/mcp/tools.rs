//! The tools: what each is for, its arguments, and its answer. The list that a client gets and the dispatch are made from one table.

use crate::error::{Error, usage_error};
use crate::script::library;
use crate::session::{Article, Asked, Recorder, Session, SharedBuffer};
use crate::sql::Output;
use crate::syntax::Text;
use crate::syntax::markup::Markup;
use crate::table::{CheckedText, Format};
use crate::terminal::Language;
use serde_json::{Map, Value, json};

/// A tool.
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its purpose, for the model that chooses.
    about: &'static str,
    arguments: &'static [Argument],
    run: fn(&mut Session, &Map<String, Value>) -> Result<Answer, Error>,
}

/// An argument of a tool.
struct Argument {
    name: &'static str,
    about: &'static str,
    is_required: bool,
    /// True for an object of texts.
    is_object: bool,
}

/// The answer of a tool: for reading, and as data.
pub struct Answer {
    /// The answer as text.
    pub text: String,
    /// The answer as data: figures or results, facts, open questions and the receipt.
    pub structured: Value,
}

const fn text(name: &'static str, about: &'static str) -> Argument {
    Argument { name, about, is_required: true, is_object: false }
}

/// Every tool.
pub const TOOLS: [Tool; 4] = [
    Tool {
        name: "ask",
        about: "Answers one SELECT on the book in SQLite's dialect. Numbers keep their unit, facts and stage; arithmetic is exact; what the \
                sources do not say is `unknown`, with the reason. Views: facts, figures, pledges, pledge_items, participants, events, sources, \
                unknowns, tensions, actors. The receipt holds the first 200 rows and the facts behind them.",
        arguments: &[text("sql", "the statement, as `select provider, sum(amount) from pledges group by provider`")],
        run: ask,
    },
    Tool {
        name: "run",
        about: "Runs a question of the library by its name, with its parameters; without a name it lists the questions.",
        arguments: &[
            Argument {
                name: "script",
                about: "its name, as `pledged_per_missile`",
                is_required: false,
                is_object: false,
            },
            Argument {
                name: "parameters",
                about: "its parameters by name, as texts: `{\"places\": \"2\"}`",
                is_required: false,
                is_object: true,
            },
        ],
        run: run_script,
    },
    Tool {
        name: "check_text",
        about: "Judges every figure of a text before it is published: stated by a source, derived from stated figures, rounded, superseded, in \
                conflict, of another subject, not in the book, or not readable; each with line, column, facts and what the sources leave open.",
        arguments: &[
            text("text", "the text, as it is to be printed"),
            Argument {
                name: "markup",
                about: "`plain`, `markdown` or `html`; plain without it",
                is_required: false,
                is_object: false,
            },
        ],
        run: check_text,
    },
    Tool {
        name: "why",
        about: "Explains a fact (F29), an open question (U17), a pledge (PL1), or a number that an expression computes (F29 / F30): its derivation, \
                its facts with their places and who says so, what is not stated, and a line to cite.",
        arguments: &[text("of", "an id of the book, or an expression")],
        run: why,
    },
];

impl Tool {
    /// The tool, as a client lists it.
    pub(super) fn description(&self) -> Value {
        let kind = |argument: &Argument| {
            if argument.is_object {
                json!({ "type": "object", "additionalProperties": { "type": "string" }, "description": argument.about })
            } else {
                json!({ "type": "string", "description": argument.about })
            }
        };
        let properties: Map<String, Value> =
            self.arguments.iter().map(|argument| (argument.name.to_owned(), kind(argument))).collect();
        let required: Vec<&str> =
            self.arguments.iter().filter(|argument| argument.is_required).map(|argument| argument.name).collect();
        json!({
            "name": self.name,
            "description": self.about,
            "inputSchema": {
                "type": "object", "properties": properties, "required": required, "additionalProperties": false,
            },
            "annotations": { "readOnlyHint": true, "openWorldHint": false },
        })
    }

    /// Refuses arguments that are not as it takes them.
    ///
    /// # Errors
    /// One that is missing, of another type, or unknown.
    pub(super) fn refuse_arguments(&self, given: &Map<String, Value>) -> Result<(), String> {
        for argument in self.arguments {
            let name = argument.name;
            match given.get(name) {
                None if argument.is_required => {
                    return Err(format!("`{}` needs `{name}`: {}", self.name, argument.about));
                }
                Some(value) if argument.is_object && !value.is_object() => {
                    return Err(format!("`{name}` is an object"));
                }
                Some(value) if !argument.is_object && !value.is_string() => return Err(format!("`{name}` is a text")),
                _ => {}
            }
        }
        match given.keys().find(|name| self.arguments.iter().all(|argument| argument.name != **name)) {
            Some(name) => Err(format!("`{}` has no argument `{name}`", self.name)),
            None => Ok(()),
        }
    }

    /// Asks it of a session.
    ///
    /// # Errors
    /// Those of the question.
    pub fn call(&self, session: &mut Session, arguments: &Map<String, Value>) -> Result<Answer, Error> {
        (self.run)(session, arguments)
    }
}

fn argument<'a>(arguments: &'a Map<String, Value>, name: &str) -> &'a str {
    arguments.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The output of a tool: a text for reading, and the record of the answer.
struct Answering {
    written: SharedBuffer,
    notices: SharedBuffer,
    recorder: Recorder,
    output: Output,
}

impl Answering {
    fn begin(session: &mut Session) -> Self {
        session.settings.format = Format::Table;
        session.settings.width = None;
        let (written, notices, recorder) = (SharedBuffer::default(), SharedBuffer::default(), session.recorder());
        let output = recorder.beside(session.output(written.clone(), notices.clone(), false));
        Self { written, notices, recorder, output }
    }

    /// The answer with its receipt, and the open questions that it names.
    fn end(self, session: &Session, asked: Asked<'_>) -> Result<Answer, Error> {
        let receipt = session.receipt(asked, &self.recorder)?;
        let notices: Vec<String> = self.notices.take().lines().map(str::to_owned).collect();
        let unknowns = session.open_questions(&self.recorder)?;
        let unknowns: Vec<Value> = unknowns
            .iter()
            .map(|(id, question, reason)| json!({ "id": id, "question": question, "reason": reason }))
            .collect();
        let text =
            [vec![self.written.take().trim_end().to_owned()], notices.clone(), vec![format!("receipt {}", receipt.id)]];
        let structured = json!({ "unknowns": unknowns, "notices": notices, "receipt": receipt });
        Ok(Answer { text: text.concat().join("\n"), structured })
    }
}

fn ask(session: &mut Session, arguments: &Map<String, Value>) -> Result<Answer, Error> {
    let sql = argument(arguments, "sql");
    let answering = Answering::begin(session);
    session.eval(&Text::new("sql", sql), Some(Language::Sql), &answering.output)?;
    answering.end(session, Asked::Text(sql, Language::Sql))
}

fn run_script(session: &mut Session, arguments: &Map<String, Value>) -> Result<Answer, Error> {
    let name = argument(arguments, "script");
    if name.is_empty() {
        let text = session.list_scripts()?;
        let names: Vec<&str> = library::names().collect();
        return Ok(Answer { text, structured: json!({ "scripts": names }) });
    }
    if library::is_path(name) {
        return Err(usage_error("a question of the library has a name and no path", "`run` without a name lists them"));
    }
    let script = library::find(name, session.settings.limits)?;
    let parameters = arguments.get("parameters").and_then(Value::as_object);
    let words: Vec<String> = parameters
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("--{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let answering = Answering::begin(session);
    let modules = session.run_with_modules(&script, &words, &answering.output)?;
    answering.end(session, Asked::Script(&script, &words, &modules))
}

fn check_text(session: &mut Session, arguments: &Map<String, Value>) -> Result<Answer, Error> {
    let markup = match argument(arguments, "markup") {
        "" => Markup::Plain,
        name => [Markup::Plain, Markup::Markdown, Markup::Html]
            .into_iter()
            .find(|markup| markup.name() == name)
            .ok_or_else(|| {
                usage_error(&format!("there is no markup `{name}`"), "there are plain, markdown and html")
            })?,
    };
    let article = Article { name: "text".to_owned(), text: argument(arguments, "text").to_owned(), markup };
    let answering = Answering::begin(session);
    let checked = session.check_articles(std::slice::from_ref(&article), &answering.output)?;
    let headline: Vec<String> = checked.iter().map(CheckedText::headline).collect();
    let mut answer = answering.end(session, Asked::Article(&article))?;
    if let Value::Object(members) = &mut answer.structured {
        members.insert("summary".to_owned(), headline.join("; ").into());
    }
    Ok(answer)
}

fn why(session: &mut Session, arguments: &Map<String, Value>) -> Result<Answer, Error> {
    let of = argument(arguments, "of").trim();
    let is_id = !of.is_empty() && of.chars().all(|c| c.is_ascii_alphanumeric() || c == ':');
    let is_sql = of.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"));
    let language = if is_sql { Language::Sql } else { Language::Script };
    let answering = Answering::begin(session);
    session.eval(&Text::new("of", of), Some(language), &answering.output)?;
    // What the explanation repeats.
    answering.written.take();
    let command = if is_id { format!(".why {of}") } else { ".why".to_owned() };
    session.eval(&Text::new("why", &command), Some(Language::Command), &answering.output)?;
    answering.end(session, Asked::Text(of, language))
}
