//! `verify FILE…`: the files of receipts, and the script that is not where one says.

use super::article_check::read_article;
use super::batch::run_batch;
use super::interruptible_read::read_file;
use super::plan::Plan;
use crate::error::Error;
use crate::script::library;
use crate::session::{Given, read_receipts};
use std::path::{Path, PathBuf};

/// Asks the questions of the receipts in files again; `script` and `articles` are the files that are not where they say.
///
/// # Errors
/// A file that can't be read or holds no receipt; a receipt that differs, after the report.
pub(super) fn run(plan: &Plan, files: &[PathBuf], script: Option<&Path>, articles: &[String]) -> Result<(), Error> {
    let limits = plan.settings.limits;
    let script = script.map(|path| library::find(&path_name(path), limits)).transpose()?;
    run_batch(plan, |session, batch| {
        let _watch = plan.watch(session);
        let read = |file: &String| read_article(plan, file, session.book().stop());
        let articles = articles.iter().map(read).collect::<Result<_, _>>()?;
        let given = Given { script: script.clone(), articles };
        let mut receipts = Vec::new();
        for file in files {
            let text = read_file(file, limits, session.book().stop())?;
            let name = file.display().to_string();
            receipts.extend(read_receipts(&name, &text)?.into_iter().map(|receipt| receipt.read_from(&name)));
        }
        session.verify(&receipts, &given, batch.output())
    })
}

/// A path, by which a script is no name of the library.
fn path_name(path: &Path) -> String {
    let name = path.display().to_string();
    if name.contains('/') { name } else { format!("./{name}") }
}
