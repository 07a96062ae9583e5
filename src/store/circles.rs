//! Circles among rows that each lead to one other: corrections of facts, pledges within pledges.

use std::collections::{HashMap, HashSet};

/// The members of circles, where each leads to one other: every step is taken once.
pub(crate) fn circular(next: &HashMap<String, String>) -> HashSet<&str> {
    let mut done: HashMap<&str, usize> = HashMap::new();
    let mut found = HashSet::new();
    for (walk, start) in next.keys().enumerate() {
        let mut path = Vec::new();
        let mut at = start.as_str();
        while !done.contains_key(at) {
            done.insert(at, walk);
            path.push(at);
            match next.get(at) {
                Some(to) => at = to,
                None => break,
            }
        }
        // The walk has met its own path: from there on it is a circle.
        if done.get(at) == Some(&walk) && next.contains_key(at) {
            let circle = path.iter().skip_while(|member| **member != at);
            found.extend(circle.copied());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::circular;
    use std::collections::HashMap;

    #[test]
    fn circles_are_told_from_chains() {
        let steps = [("a", "b"), ("b", "c"), ("c", "b"), ("d", "e"), ("f", "f"), ("g", "a")];
        let next: HashMap<String, String> = steps.iter().map(|(from, to)| ((*from).into(), (*to).into())).collect();
        let mut found: Vec<&str> = circular(&next).into_iter().collect();
        found.sort_unstable();
        assert_eq!(found, ["b", "c", "f"]);
    }
}
