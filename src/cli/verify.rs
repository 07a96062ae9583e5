//! `verify FILE…`: the files of receipts, and the script that is not where one says.

use super::batch::run_batch;
use super::interruptible_read::read_file;
use super::plan::Plan;
use crate::error::Error;
use crate::script::library;
use crate::session::read_receipts;
use std::path::{Path, PathBuf};

/// Asks the questions of the receipts in files again; `script` is the file of a script that is not where a receipt says.
///
/// # Errors
/// A file that can't be read or holds no receipt; a receipt that differs, after the report.
pub(super) fn run(plan: &Plan, files: &[PathBuf], script: Option<&Path>) -> Result<(), Error> {
    let limits = plan.settings.limits;
    let script = script.map(|path| library::find(&path_name(path), limits)).transpose()?;
    run_batch(plan, |session, batch| {
        let _watch = plan.watch(session);
        let mut receipts = Vec::new();
        for file in files {
            let text = read_file(file, limits, session.book().stop())?;
            receipts.extend(read_receipts(&file.display().to_string(), &text)?);
        }
        session.verify(&receipts, script.as_ref(), batch.output())
    })
}

/// A path, by which a script is no name of the library.
fn path_name(path: &Path) -> String {
    let name = path.display().to_string();
    if name.contains('/') { name } else { format!("./{name}") }
}
