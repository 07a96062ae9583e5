//! Rules for what may use what: imports go one way, the layout of results is pure, one layer speaks to the terminal.

use crate::tidy::paths::{Graph, ModulePath, graph, uses};
use crate::tidy::source::{Source, sources, words};
use std::collections::BTreeSet;

/// Each imports only what stands left of it, and `error`; the root is the library's own page.
const LAYERS: [&str; 14] = [
    "error", "syntax", "quantity", "store", "import", "sql", "script", "table", "report", "terminal", "session", "mcp",
    "cli", "main",
];

/// Words by which a program writes to its terminal or asks about it.
const TERMINAL_WORDS: [&str; 8] =
    ["print!", "println!", "eprint!", "eprintln!", "stdout()", "stderr()", "IsTerminal", "is_terminal"];

/// Words by which a program asks its surroundings what it was not told.
const ASKING_WORDS: [&str; 2] = ["env::", "stdin"];

/// Words by which a program reaches outside itself.
const OUTSIDE_WORDS: [&str; 6] = ["std::env", "env::var", "std::fs", "fs::", "std::process", "std::net"];

fn layer(source: &Source) -> Option<usize> {
    let name = if source.path == "src/main.rs" { Some("main") } else { source.module().first().copied() };
    name.map(|name| rank(name).unwrap_or_else(|| panic!("`{name}` has no place in the layers: {}", source.path)))
}

fn rank(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == name)
}

#[test]
fn each_layer_imports_only_what_stands_left_of_it() {
    let program = sources(&["src"]);
    let wrong = program.iter().filter_map(|source| Some((source, layer(source)?))).flat_map(|(source, layer)| {
        let upward =
            uses(source).into_iter().filter(move |(_, path)| path.first().and_then(|name| rank(name)) > Some(layer));
        upward.map(|(at, path)| format!("{} uses {}", source.place(at), path.join("::")))
    });
    crate::tidy::none(wrong, &format!("imports go one way, from right to left in {}", LAYERS.join(" → ")));
}

#[test]
fn no_two_modules_import_each_other() {
    let program = sources(&["src"]);
    let told = circles(graph(&program)).into_iter().map(|(from, to)| {
        let to: Vec<String> = to.iter().map(|path| path.join("::")).collect();
        format!("{} uses {}", from.join("::"), to.join(", "))
    });
    crate::tidy::none(told, "these modules use each other in a circle: move what they share to a module of its own");
}

/// What is left of a graph when the modules that use none, and those that none uses, are taken off again and again.
fn circles(mut graph: Graph) -> Graph {
    loop {
        let used: BTreeSet<ModulePath> = graph.values().flatten().cloned().collect();
        let before = graph.len();
        graph.retain(|module, uses| !uses.is_empty() && used.contains(module));
        if graph.len() == before {
            return graph;
        }
        let left: BTreeSet<ModulePath> = graph.keys().cloned().collect();
        for uses in graph.values_mut() {
            uses.retain(|module| left.contains(module));
        }
    }
}

#[test]
fn only_terminal_and_main_speak_to_the_terminal() {
    let others =
        sources(&["src"]).into_iter().filter(|source| !is_in(source, "terminal") && source.path != "src/main.rs");
    let found = others.flat_map(|source| found(&source, &TERMINAL_WORDS));
    crate::tidy::none(found, "only `terminal` and `main` print, ask about the terminal or read keys: pass a writer in");
}

#[test]
fn what_stands_left_of_terminal_is_told_everything() {
    let terminal = rank("terminal");
    let left = sources(&["src"]).into_iter().filter(|source| layer(source).is_some_and(|layer| Some(layer) < terminal));
    let found = left.flat_map(|source| found(&source, &ASKING_WORDS));
    crate::tidy::none(found, "ask for the environment and standard input in `terminal` or right of it, and pass it in");
}

#[test]
fn the_layout_of_results_is_pure() {
    let found = sources(&["src"])
        .into_iter()
        .filter(|source| is_in(source, "table") || is_in(source, "report"))
        .flat_map(|source| found(&source, &OUTSIDE_WORDS));
    crate::tidy::none(found, "`table` and `report` make text out of data and nothing else: pass in what it needs");
}

fn is_in(source: &Source, layer: &str) -> bool {
    source.module().first() == Some(&layer)
}

fn found(source: &Source, unwanted: &[&str]) -> Vec<String> {
    let place =
        |word: &str| words(&source.code, word).map(|at| format!("{}: {word}", source.place(at))).collect::<Vec<_>>();
    unwanted.iter().flat_map(|word| place(word)).collect()
}
