//! The rules that keep the project in order, each a test that says what to do. What the program does is tested
//! elsewhere.

mod covered;
mod dependencies;
mod layers;
mod paths;
mod shape;

mod source;

/// Fails with every one that was found, and the cure.
#[track_caller]
fn none(found: impl IntoIterator<Item = String>, cure: &str) {
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.is_empty(), "{cure}\n  {}\n", found.join("\n  "));
}
