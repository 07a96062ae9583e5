//! Pages in a browser, where one is on this machine: none scrolls sideways, and printed they are few. Without a browser nothing is
//! tested here, as a line says.

use super::{FOUR, scratch, written};
use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The widths of a small and a usual telephone, of a tablet and of a desk, in pixels.
const WIDTHS: [u32; 4] = [320, 360, 768, 1200];

/// The most printed pages of four questions.
const MOST_PAGES: usize = 6;

/// The first browser that is found where programs are.
fn browser() -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    let found =
        env::split_paths(&paths).flat_map(|path| BROWSERS.map(|name| path.join(name))).find(|path| path.is_file());
    if found.is_none() {
        // A failure to say so fails nothing.
        let _ = writeln!(std::io::stderr(), "skipped: there is no {} here", BROWSERS.join(", "));
    }
    found
}

/// Runs the browser without a window; returns what it prints.
fn browse(browser: &Path, directory: &Path, words: &[&str]) -> String {
    let mut command = Command::new(browser);
    let profile = format!("--user-data-dir={}", directory.join("profile").display());
    command.args(["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", &profile]).args(words);
    let done = command.output().expect("the browser runs");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// A page that reports how wide it is, to the one that it is framed by.
fn reporting(page: &str) -> String {
    let policy = page.lines().find(|line| line.contains("Content-Security-Policy")).expect("it has one");
    let script = "<script>addEventListener('load', () => parent.postMessage([innerWidth, document.documentElement.scrollWidth], '*'))</script>";
    page.replace(policy, script)
}

#[test]
fn no_page_scrolls_sideways() {
    let Some(browser) = browser() else { return };
    let directory = scratch::directory("page_widths");
    for (name, words) in [("four", &FOUR[..]), ("all", &["report", "--all"]), ("facts", &["-c", "select * from facts"])]
    {
        let page = written(&directory, "page.html", words);
        std::fs::write(directory.join("framed.html"), reporting(&page)).expect("it is written");
        let frames: String =
            WIDTHS.map(|width| format!("<iframe src=framed.html width={width} height=800></iframe>")).concat();
        let probe = format!(
            "<!DOCTYPE html><p id=p></p><script>addEventListener('message', e => {{ p.textContent += e.data.join(' ') + ';' }})</script>{frames}"
        );
        std::fs::write(directory.join("probe.html"), probe).expect("it is written");
        let address = format!("file://{}", directory.join("probe.html").display());
        let seen = browse(&browser, &directory, &["--virtual-time-budget=5000", "--dump-dom", &address]);
        let told = seen.split("<p id=\"p\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
        let widths: Vec<Vec<u32>> = told
            .split_terminator(';')
            .map(|pair| pair.split(' ').map(|width| width.parse().expect("a width")).collect())
            .collect();
        assert_eq!(widths.len(), WIDTHS.len(), "{name}: {seen}");
        for width in widths {
            assert!(width[1] <= width[0], "{name}: {} pixels in a window of {}", width[1], width[0]);
        }
    }
}

#[test]
fn four_questions_are_few_printed_pages() {
    let Some(browser) = browser() else { return };
    let directory = scratch::directory("page_printed");
    written(&directory, "four.html", &FOUR);
    let printed = format!("--print-to-pdf={}", directory.join("four.pdf").display());
    let address = format!("file://{}", directory.join("four.html").display());
    browse(&browser, &directory, &["--no-pdf-header-footer", &printed, &address]);
    let pdf = std::fs::read(directory.join("four.pdf")).expect("it was printed");
    let pdf = String::from_utf8_lossy(&pdf);
    let pages =
        pdf.matches("/Type /Page\n").count() + pdf.matches("/Type/Page/").count() + pdf.matches("/Type /Page/").count();
    assert!((1..=MOST_PAGES).contains(&pages), "{pages} pages");
}
