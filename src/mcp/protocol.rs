//! The messages of JSON-RPC 2.0: a request or a notification in, a result or an error out.

use serde_json::{Map, Value, json};

/// The codes of errors that the protocol defines.
const NO_JSON: i64 = -32700;
pub(super) const INVALID_REQUEST: i64 = -32600;
pub(super) const UNKNOWN_METHOD: i64 = -32601;
const INVALID_PARAMETERS: i64 = -32602;

/// A request, or a notification, which has no id and gets no reply.
pub(super) struct Message {
    pub(super) id: Option<Value>,
    pub(super) method: String,
    pub(super) parameters: Map<String, Value>,
}

/// A reply.
pub(super) struct Reply(Value);

impl Message {
    /// Reads a message.
    ///
    /// # Errors
    /// The reply that says what is wrong with it.
    pub(super) fn read(line: &str) -> Result<Self, Reply> {
        let read = serde_json::from_str::<Value>(line);
        let message =
            read.map_err(|error| Reply::error(&Value::Null, NO_JSON, &format!("a message is JSON: {error}")))?;
        let invalid = |id: &Value, why: &str| Reply::error(id, INVALID_REQUEST, why);
        let Value::Object(mut members) = message else {
            return Err(invalid(&Value::Null, "a message is one object"));
        };
        let id = members.remove("id");
        if id.as_ref().is_some_and(|id| !(id.is_string() || id.is_number())) {
            return Err(invalid(&Value::Null, "an id is a text or a number"));
        }
        let shown = || id.clone().unwrap_or_default();
        let Some(Value::String(method)) = members.remove("method") else {
            return Err(invalid(&shown(), "a message has a `method`"));
        };
        let parameters = match members.remove("params") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(parameters)) => parameters,
            Some(_) => return Err(invalid(&shown(), "`params` is an object")),
        };
        Ok(Self { id, method, parameters })
    }
}

impl Reply {
    pub(super) fn result(id: &Value, result: &Value) -> Self {
        Self(json!({ "jsonrpc": "2.0", "id": id, "result": result }))
    }

    pub(super) fn error(id: &Value, code: i64, message: &str) -> Self {
        Self(json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } }))
    }

    /// The reply on one line.
    pub(super) fn text(&self) -> String {
        self.0.to_string()
    }
}

/// The reply to parameters that are not as the method takes them.
pub(super) fn invalid_parameters(id: &Value, message: &str) -> Reply {
    Reply::error(id, INVALID_PARAMETERS, message)
}
