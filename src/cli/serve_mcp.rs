//! `serve-mcp`: the tools for programs that write for people, over standard input and output. Each call has a session of its own, within
//! the limits of a sandbox.

use super::plan::Plan;
use crate::error::Error;
use crate::mcp;
use crate::terminal;
use std::io;

/// Answers the calls of standard input until it ends.
///
/// # Errors
/// The book can't be opened; a stream fails.
pub(super) fn run(plan: &Plan) -> Result<(), Error> {
    // A book that can't be opened is said at once.
    plan.open_session()?.check_book()?;
    let call = &mut |tool: &mcp::Tool, arguments: &serde_json::Map<String, serde_json::Value>| {
        let mut session = plan.open_session()?;
        session.settings.keep_last = true;
        let _watch = plan.watch(&session);
        tool.call(&mut session, arguments)
    };
    mcp::serve(io::stdin().lock(), terminal::results(), call).map_err(Error::from)
}
