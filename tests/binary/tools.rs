//! The tools for other programs, asked by a client that speaks the protocol: each answers with its facts and a receipt that `verify` finds
//! to be the same, what can't be answered is said in the result, and nothing that is sent ends the server or writes a file.

use super::ask;
use crate::scratch;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// A client with a server of its own.
struct Client {
    server: Child,
    requests: Option<ChildStdin>,
    replies: BufReader<ChildStdout>,
    count: u64,
}

impl Client {
    /// A client that has introduced itself.
    fn begin(directory: &Path, arguments: &[&str]) -> Self {
        let mut command = scratch::command(scratch::program(), directory);
        command.args(arguments).arg("serve-mcp").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.spawn().expect("the program runs");
        let requests = server.stdin.take();
        let replies = BufReader::new(server.stdout.take().expect("a pipe"));
        let mut client = Self { server, requests, replies, count: 0 };
        let about = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
        let begun = client.request("initialize", &about);
        assert_eq!(begun["result"]["serverInfo"]["name"], "pledgebook");
        client.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string());
        client
    }

    fn send(&mut self, line: &str) {
        let requests = self.requests.as_mut().expect("the client has not ended");
        writeln!(requests, "{line}").expect("the server reads");
    }

    fn reply(&mut self) -> Value {
        let mut line = String::new();
        self.replies.read_line(&mut line).expect("the server answers");
        serde_json::from_str(&line).expect("a reply is JSON on one line")
    }

    fn request(&mut self, method: &str, parameters: &Value) -> Value {
        self.count += 1;
        let id = self.count;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": parameters}).to_string());
        let reply = self.reply();
        assert_eq!(reply["id"], json!(id));
        reply
    }

    /// The result of a tool.
    fn call(&mut self, name: &str, arguments: &Value) -> Value {
        self.request("tools/call", &json!({"name": name, "arguments": arguments}))["result"].clone()
    }

    /// The end of the input ends the server, well.
    fn end(mut self) {
        drop(self.requests.take());
        assert!(self.server.wait().expect("the server ends").success());
    }
}

fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().expect("a text")
}

#[test]
fn each_answer_has_its_facts_and_a_receipt_that_holds() {
    let directory = scratch::directory("tools_receipts");
    let article = "The pledge of £1.6 billion is for 5,000 missiles.";
    fs::write(directory.join("text"), article).expect("the directory is writable");
    let mut client = Client::begin(&directory, &[]);
    let listed = client.request("tools/list", &json!({}));
    let names: Vec<&str> =
        listed["result"]["tools"].as_array().into_iter().flatten().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(names, ["ask", "run", "check_text", "why"]);
    let calls = [
        ("ask", json!({"sql": "select amount from pledges"})),
        ("run", json!({"script": "pledged_per_missile", "parameters": {"places": "3"}})),
        ("check_text", json!({"text": article})),
        ("why", json!({"of": "F29 / F30"})),
        ("why", json!({"of": "F29"})),
    ];
    for (name, arguments) in calls {
        let result = client.call(name, &arguments);
        assert_eq!(result["isError"], json!(false), "{result}");
        let receipt = &result["structuredContent"]["receipt"];
        let facts: Vec<&str> =
            receipt["facts"].as_array().into_iter().flatten().filter_map(|fact| fact["id"].as_str()).collect();
        assert!(facts.contains(&"F29"), "{receipt}");
        let unknowns = result["structuredContent"]["unknowns"].to_string();
        assert!(unknowns.contains("U17"), "{unknowns}");
        fs::write(directory.join("receipt.json"), receipt.to_string()).expect("the directory is writable");
        let verified = ask(&directory, &["verify", "receipt.json", "--article", "text"]);
        assert_eq!((verified.code, verified.out.contains("SAME")), (Some(0), true), "{name}: {verified:?}");
    }
    client.end();
}

#[test]
fn what_can_not_be_answered_is_said_and_ends_nothing() {
    let directory = scratch::directory("tools_refused");
    let mut client = Client::begin(&directory, &["--limit-time", "2"]);
    let refused = [
        ("ask", json!({"sql": "drop table fact"}), "can't write"),
        ("ask", json!({"sql": "select * from nothing"}), "nothing"),
        ("ask", json!({"sql": "attach 'x.db' as x"}), "error"),
        ("ask", json!({"sql": ".output x.csv"}), "error"),
        (
            "ask",
            json!({"sql": "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c"}),
            "limit of time",
        ),
        ("run", json!({"script": "no_such_script"}), "there is no script"),
        ("run", json!({"script": "../x.rhai"}), "no path"),
        ("run", json!({"script": "pledged_per_missile", "parameters": {"places": "many"}}), "places"),
        ("check_text", json!({"text": "5,000 missiles", "markup": "rtf"}), "markup"),
        ("why", json!({"of": "F999"}), "F999"),
        ("why", json!({"of": "query(\"select 1\").write(\"x.csv\")"}), "error"),
    ];
    for (name, arguments, expected) in refused {
        let result = client.call(name, &arguments);
        assert_eq!(result["isError"], json!(true), "{arguments}: {result}");
        assert!(text(&result).contains(expected), "{arguments}: {}", text(&result));
    }
    client.send("no json");
    assert_eq!(client.reply()["error"]["code"], json!(-32700));
    let unknown = client.call("ask", &json!({"sql": "select quantity from facts where id = 'F44'"}));
    assert_eq!(unknown["isError"], json!(false));
    client.end();
    let left: Vec<_> = fs::read_dir(&directory).expect("it can be read").collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_call_leaves_nothing_to_the_next() {
    let directory = scratch::directory("tools_apart");
    let mut client = Client::begin(&directory, &[]);
    client.call("ask", &json!({"sql": "create temp table t as select 1 as a"}));
    let after = client.call("ask", &json!({"sql": "select * from t"}));
    assert_eq!(after["isError"], json!(true), "{after}");
    client.call("why", &json!({"of": "let kept = 5"}));
    let after = client.call("why", &json!({"of": "kept"}));
    assert_eq!(after["isError"], json!(true), "{after}");
    client.end();
}
