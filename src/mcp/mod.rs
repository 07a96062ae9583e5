//! A server of the Model Context Protocol over two streams, so that a program that writes for people can have a number checked, computed and
//! explained before it is printed. Every answer has its facts, what the sources leave open, and a receipt. It reads the book and
//! nothing else, within the limits of a sandbox.
//!
//! The protocol is JSON-RPC 2.0, a message a line. It is written here: the official crate brings an asynchronous runtime and 38 crates for
//! four tools that answer one after the other.
//!
//! Reading order: `protocol` for the messages, `tools` for what can be asked.

mod protocol;
mod tools;

pub use tools::{Answer, TOOLS, Tool};

use crate::error::Error;
use protocol::{Message, Reply, invalid_parameters};
use serde_json::{Map, Value, json};
use std::io::{self, BufRead, Read, Write};

/// The versions of the protocol that are spoken, the newest first.
const VERSIONS: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/// The most bytes of a message.
const MAX_MESSAGE_BYTES: u64 = 4 << 20;

/// A note to the model that asks.
const INSTRUCTIONS: &str = "Numbers about public pledges, each with its unit, its facts and its certainty. What the sources do not say is answered \
as unknown, with the reason: that is neither 0 nor none. Check a text before it is published with `check_text`; cite the facts that an answer \
names; keep the receipt of each number that is printed.";

/// Asks a tool, with its arguments.
pub type Call<'c> = dyn FnMut(&Tool, &Map<String, Value>) -> Result<Answer, Error> + 'c;

/// Answers the messages of `input` on `output`, a line each, until `input` ends.
///
/// # Errors
/// A stream fails.
pub fn serve(mut input: impl BufRead, mut output: impl Write, call: &mut Call<'_>) -> io::Result<()> {
    while let Some(line) = read_line(&mut input)? {
        let reply = match line {
            Ok(line) if line.trim().is_empty() => None,
            Ok(line) => answer(&line, call),
            Err(TooLong) => {
                let message = format!("a message has at most {MAX_MESSAGE_BYTES} bytes");
                Some(Reply::error(&Value::Null, protocol::INVALID_REQUEST, &message))
            }
        };
        if let Some(reply) = reply {
            writeln!(output, "{}", reply.text())?;
            output.flush()?;
        }
    }
    Ok(())
}

/// A message that is too long.
struct TooLong;

/// The next line; `None` at the end.
fn read_line(input: &mut impl BufRead) -> io::Result<Option<Result<String, TooLong>>> {
    let mut bytes = Vec::new();
    if input.by_ref().take(MAX_MESSAGE_BYTES).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.len() as u64 == MAX_MESSAGE_BYTES && !bytes.ends_with(b"\n") {
        input.skip_until(b'\n')?;
        return Ok(Some(Err(TooLong)));
    }
    Ok(Some(Ok(String::from_utf8_lossy(&bytes).into_owned())))
}

/// The reply to a message; none to a notification.
fn answer(line: &str, call: &mut Call<'_>) -> Option<Reply> {
    let Message { id, method, parameters } = match Message::read(line) {
        Ok(message) => message,
        Err(reply) => return Some(reply),
    };
    let id = id?;
    let done = match method.as_str() {
        "initialize" => Ok(initialized(&parameters)),
        "ping" => Ok(json!({})),
        "tools/list" => Ok(json!({ "tools": TOOLS.iter().map(Tool::description).collect::<Vec<_>>() })),
        "tools/call" => called(&parameters, call),
        _ => return Some(Reply::error(&id, protocol::UNKNOWN_METHOD, &format!("there is no method `{method}`"))),
    };
    Some(match done {
        Ok(result) => Reply::result(&id, &result),
        Err(message) => invalid_parameters(&id, &message),
    })
}

fn initialized(parameters: &Map<String, Value>) -> Value {
    let wanted = parameters.get("protocolVersion").and_then(Value::as_str);
    let version = VERSIONS.into_iter().find(|known| Some(*known) == wanted).unwrap_or(VERSIONS[0]);
    json!({
        "protocolVersion": version,
        "capabilities": { "tools": {} },
        "serverInfo": { "name": "pledgebook", "version": env!("CARGO_PKG_VERSION") },
        "instructions": INSTRUCTIONS,
    })
}

/// The result of a call. A tool that can't answer says so in its result, so that the model reads why.
///
/// # Errors
/// No such tool; arguments that are not as it takes them.
fn called(parameters: &Map<String, Value>, call: &mut Call<'_>) -> Result<Value, String> {
    let name = parameters.get("name").and_then(Value::as_str).unwrap_or_default();
    let names = || TOOLS.iter().map(|tool| tool.name).collect::<Vec<_>>().join(", ");
    let tool = TOOLS
        .iter()
        .find(|tool| tool.name == name)
        .ok_or_else(|| format!("there is no tool `{name}`: there are {}", names()))?;
    let none = Map::new();
    let arguments = match parameters.get("arguments") {
        None | Some(Value::Null) => &none,
        Some(Value::Object(arguments)) => arguments,
        Some(_) => return Err("`arguments` is an object".to_owned()),
    };
    tool.refuse_arguments(arguments)?;
    let text = |text: String| json!([{ "type": "text", "text": text }]);
    Ok(match call(tool, arguments) {
        Ok(answer) => json!({ "content": text(answer.text), "structuredContent": answer.structured, "isError": false }),
        Err(error) => json!({ "content": text(error_text(&error)), "isError": true }),
    })
}

/// An error with its help, in lines.
fn error_text(error: &Error) -> String {
    let Some(report) = error.report() else { return "it ended without an answer".to_owned() };
    let help = report.help.map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let places =
        report.frames.iter().map(|frame| format!("\nat line {}, column {}", frame.place.line, frame.place.column));
    format!("error: {}{}{help}", report.message, places.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::{Answer, MAX_MESSAGE_BYTES, serve};
    use serde_json::{Value, json};

    /// The replies to lines, where each tool answers its arguments.
    fn replies(lines: &str) -> Vec<Value> {
        let mut written = Vec::new();
        let mut call = |_: &super::Tool, arguments: &serde_json::Map<String, Value>| {
            Ok(Answer { text: "done".to_owned(), structured: Value::Object(arguments.clone()) })
        };
        serve(lines.as_bytes(), &mut written, &mut call).unwrap();
        String::from_utf8(written).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[track_caller]
    fn check_error(line: &str, code: i64) {
        let found = replies(&format!("{line}\n"));
        assert_eq!(found[0]["error"]["code"], json!(code), "{found:?}");
    }

    #[test]
    fn a_client_is_answered_in_its_version_and_notifications_are_not() {
        let lines = [
            json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-03-26"}}),
            json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
            json!({"jsonrpc": "2.0", "id": "two", "method": "ping"}),
            json!({"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "ask", "arguments": {"sql": "select 1"}}}),
            json!({"jsonrpc": "2.0", "id": 4, "method": "initialize", "params": {"protocolVersion": "1999-01-01"}}),
        ];
        let found = replies(&lines.map(|line| line.to_string()).join("\n"));
        assert_eq!(found[0]["result"]["protocolVersion"], "2025-03-26");
        assert_eq!(found[1], json!({"jsonrpc": "2.0", "id": "two", "result": {}}));
        assert_eq!(found[2]["result"]["structuredContent"], json!({"sql": "select 1"}));
        assert_eq!(found[3]["result"]["protocolVersion"], super::VERSIONS[0]);
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn what_is_no_message_is_an_error_and_ends_nothing() {
        check_error("no json", -32700);
        check_error("[]", -32600);
        check_error("{\"jsonrpc\":\"2.0\",\"id\":1}", -32600);
        check_error("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}", -32600);
        check_error("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nothing\"}", -32601);
        let call = |name: &str, arguments: Value| {
            json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}})
                .to_string()
        };
        check_error(&call("nothing", json!({})), -32602);
        check_error(&call("ask", json!({})), -32602);
        check_error(&call("ask", json!({"sql": 1})), -32602);
        check_error(&call("ask", json!({"sql": "select 1", "more": 1})), -32602);
        check_error(&call("ask", json!("select 1")), -32602);
        let after = replies("no json\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n");
        assert_eq!(after[1]["result"], json!({}));
    }

    #[test]
    fn a_message_has_a_greatest_length() {
        let long = "x".repeat(usize::try_from(MAX_MESSAGE_BYTES).unwrap() + 10);
        let found = replies(&format!("{long}\n{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}}\n"));
        assert_eq!((found[0]["error"]["code"].clone(), found[1]["result"].clone()), (json!(-32600), json!({})));
        assert_eq!(found.len(), 2);
    }
}
