//! The receipts of a page: `verify` reads what the reader sees, says SAME on the same book, and names the fact where the book has
//! another number.

use super::{FOUR, run, written};
use crate::scratch;

#[test]
fn a_page_is_verified_as_it_stands() {
    let directory = scratch::directory("page_receipts");
    let changed = scratch::book(&directory.join("changed.db"));
    changed.execute_batch("update figure set amount_minor = 4500 where fact = 'F30'").expect("F30 has a figure");
    drop(changed);
    for name in ["page.html", "page.md"] {
        let page = written(&directory, name, &FOUR);
        assert_eq!(page.matches("\"receipt\":1").count() + page.matches("&quot;receipt&quot;:1").count(), 4, "{name}");
        let same = run(&directory, &["verify", name]);
        assert_eq!((same.out.matches("SAME").count(), same.code), (4, Some(0)), "{name}: {same:?}");
        let other = run(&directory, &["changed.db", "verify", name]);
        assert_eq!(other.code, Some(5), "{name}: {other:?}");
        assert!(other.out.contains("F30 states: 5000 missile in the receipt, 4500 missile now"), "{name}: {other:?}");
        // Those of participants and events do not rest on it.
        assert_eq!(other.out.matches("DIFFERS").count(), 2, "{name}: {other:?}");
    }
}

#[test]
fn a_checked_text_is_verified_with_the_text_beside_it() {
    let directory = scratch::directory("page_checked_receipt");
    std::fs::write(
        directory.join("article.md"),
        "# A pledge\n\nUkraine would get 5,000 missiles from the United Kingdom.\n",
    )
    .expect("the directory is writable");
    let checked = run(&directory, &["check", "article.md", "-o", "checked.html"]);
    assert_eq!(checked.code, Some(0), "{checked:?}");
    let same = run(&directory, &["verify", "checked.html", "--article", "article.md"]);
    assert_eq!((same.out.contains("SAME"), same.code), (true, Some(0)), "{same:?}");
}
