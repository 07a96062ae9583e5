//! The paths by which modules use each other, read from their code: where each leads, through the names that a
//! module hands on.

use crate::tidy::source::{Source, words};
use std::collections::{BTreeMap, BTreeSet};

/// The names that lead from the root of the library to a module or to an item in it.
pub(crate) type ModulePath = Vec<String>;

/// For each module of the program, those that it, or a module within it, uses among the modules beside it.
pub(crate) type Graph = BTreeMap<ModulePath, BTreeSet<ModulePath>>;

/// Every path of a file that begins with `crate`, `super` or the library's name, from the root on, with its place.
pub(crate) fn uses(source: &Source) -> Vec<(usize, ModulePath)> {
    let own = source.module();
    let parent = own.len().saturating_sub(1);
    let mut found = Vec::new();
    for (start, depth) in [("crate::", 0), ("pledgebook::", 0), ("super::", parent)] {
        for at in words(&source.code, start).filter(|at| !source.code[..*at].ends_with("::")) {
            for path in expand(&source.code[at + start.len()..]) {
                let ups = path.iter().take_while(|name| *name == "super").count();
                let base = own[..depth.saturating_sub(ups)].iter().map(ToString::to_string);
                found.push((at, base.chain(path.into_iter().skip(ups)).collect()));
            }
        }
    }
    found
}

/// The graph of a program's modules. A module and the one it stands in may use each other: they are one.
pub(crate) fn graph(program: &[Source]) -> Graph {
    let modules: BTreeSet<ModulePath> = program.iter().map(own_path).collect();
    let handed_on: BTreeMap<ModulePath, ModulePath> = program.iter().flat_map(hands_on).collect();
    let mut graph = Graph::new();
    for source in program {
        let own = own_path(source);
        for (_, path) in uses(source) {
            let handed = (1..=path.len()).find_map(|length| handed_on.get(&path[..length]));
            let path = handed.unwrap_or(&path);
            let longest = (0..=path.len()).rev().find(|length| modules.contains(&path[..*length]));
            let target = &path[..longest.unwrap_or_default()];
            let shared = own.iter().zip(target).take_while(|(a, b)| a == b).count();
            if let (Some(from), Some(to)) = (own.get(..=shared), target.get(..=shared)) {
                graph.entry(from.to_vec()).or_default().insert(to.to_vec());
            }
        }
    }
    graph
}

fn own_path(source: &Source) -> ModulePath {
    source.module().iter().map(ToString::to_string).collect()
}

/// The names that a module hands on from the modules in it, as `use` from elsewhere writes them, and whose they are.
fn hands_on(source: &Source) -> Vec<(ModulePath, ModulePath)> {
    let own = own_path(source);
    let starts = ["pub use ", "pub(crate) use ", "pub(super) use "]
        .into_iter()
        .flat_map(|start| words(&source.code, start).map(|at| at + start.len()).collect::<Vec<_>>());
    let paths = starts.flat_map(|at| expand(&source.code[at..]));
    paths
        .filter_map(|path| Some(([&own[..], &[path.last()?.clone()]].concat(), [&own[..], &path[..]].concat())))
        .collect()
}

/// Every path of what a `use` or an expression goes on with: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand(tree: &str) -> Vec<ModulePath> {
    let tree = tree.trim_start();
    if let Some(group) = tree.strip_prefix('{') {
        return branches(group).into_iter().flat_map(expand).collect();
    }
    let end = tree.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(tree.len());
    let name = tree[..end].to_owned();
    match tree[end..].strip_prefix("::") {
        None => vec![vec![name]],
        Some(rest) => expand(rest).into_iter().map(|path| [vec![name.clone()], path].concat()).collect(),
    }
}

/// The parts of a group up to its closing brace.
fn branches(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_usize, 0, Vec::new());
    for (at, byte) in group.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            b',' | b'}' if depth == 0 => {
                parts.push(&group[start..at]);
                start = at + 1;
                if byte == b'}' {
                    break;
                }
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn a_tree_is_all_its_paths() {
        let paths: Vec<String> = expand("a::{b, c::{d, e}, f::g};").iter().map(|path| path.join("::")).collect();
        assert_eq!(paths, ["a::b", "a::c::d", "a::c::e", "a::f::g"]);
        assert_eq!(expand("a::B::new(x)").concat().join("::"), "a::B::new");
    }
}
