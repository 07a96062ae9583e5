//! The functions and methods that Rhai itself brings, as the engine registers them: name, signatures and meaning are the engine's own.
//! What the tables beside this file document too is left out.

use crate::script::engine::load_packages;
use rhai::{Engine, FuncInfo};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// A function of Rhai's own.
pub struct EngineMethod {
    /// Its name.
    pub name: String,
    /// Its signatures, separated by ` · `.
    pub signature: String,
    /// Its result, in Rhai's words.
    pub meaning: String,
}

/// The words for the types of parameters; an overload with a type that has none is of no use to a script.
const TYPES: [(&str, &str); 14] = [
    ("Array", "array"),
    ("Map", "map"),
    ("str", "text"),
    ("ImmutableString", "text"),
    ("char", "character"),
    ("INT", "number"),
    ("i64", "number"),
    ("FLOAT", "number"),
    ("Decimal", "number"),
    ("Dynamic", "value"),
    ("FnPtr", "function"),
    ("bool", "condition"),
    ("ExclusiveRange", "range"),
    ("InclusiveRange", "range"),
];

/// The words of types whose functions are written as methods.
const RECEIVERS: [&str; 6] = ["array", "map", "text", "character", "function", "range"];

/// Functions that scripts are refused.
const REFUSED: [&str; 2] = ["sleep", "set_tag"];

/// Every function of Rhai's own that is not in the tables of the program, by name.
pub fn engine_methods() -> &'static [EngineMethod] {
    static METHODS: OnceLock<Vec<EngineMethod>> = OnceLock::new();
    METHODS.get_or_init(|| {
        let documented: BTreeSet<String> =
            super::all().flat_map(|function| function.signature.split(" · ")).map(call_of).collect();
        let mut engine = Engine::new_raw();
        load_packages(&mut engine);
        let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (name, signature, meaning) in engine.collect_fn_metadata(None, overload, true) {
            if !documented.contains(&call_of(&signature)) && !documented.contains(&name) {
                found.entry(name).or_default().entry(signature).or_insert(meaning);
            }
        }
        let method = |(name, overloads): (String, BTreeMap<String, String>)| {
            let meaning = meaning_by_receiver(&overloads);
            let signature = overloads.into_keys().collect::<Vec<_>>().join(" · ");
            EngineMethod { name, signature, meaning }
        };
        found.into_iter().map(method).collect()
    })
}

/// The meaning of a function for each type that has it; of several overloads that which speaks least of single characters.
fn meaning_by_receiver(overloads: &BTreeMap<String, String>) -> String {
    let mut by_receiver: BTreeMap<&str, &str> = BTreeMap::new();
    for (signature, meaning) in overloads.iter().filter(|(_, meaning)| !meaning.is_empty()) {
        let of_characters = |text: &str| text.matches("character").count();
        let receiver = signature.split_once('.').map_or("", |(receiver, _)| receiver);
        let known = by_receiver.entry(receiver).or_insert(meaning);
        if of_characters(meaning) < of_characters(known) {
            *known = meaning;
        }
    }
    match by_receiver.into_iter().collect::<Vec<_>>().as_slice() {
        [] => "a function of Rhai's own".to_owned(),
        [(_, meaning)] => (*meaning).to_owned(),
        several => several.iter().map(|(of, meaning)| format!("{of}: {meaning}")).collect::<Vec<_>>().join("; "),
    }
}

/// The part of a signature before its parameters: `array.pad`.
fn call_of(signature: &str) -> String {
    signature.split('(').next().unwrap_or_default().trim().to_owned()
}

/// Name, signature and meaning of an overload; `None` for an operator, and for one of no use to a script.
#[allow(clippy::needless_pass_by_value)] // the engine hands it over so
fn overload(info: FuncInfo<'_>) -> Option<(String, String, String)> {
    let registered = info.metadata.name.as_str();
    let (name, is_property) = match registered.strip_prefix("get$") {
        Some(property) => (property, true),
        None => (registered, false),
    };
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.contains('$');
    let comment = info.metadata.comments.join("\n");
    if !is_name || REFUSED.contains(&name) || comment.contains("Deprecated API") {
        return None;
    }
    let parameters: Vec<(&str, &str)> =
        info.metadata.params_info.iter().map(|parameter| parameter_of(parameter)).collect::<Option<_>>()?;
    let receiver = parameters.first().map(|(_, of)| *of).filter(|of| is_property || RECEIVERS.contains(of));
    let own = &parameters[usize::from(receiver.is_some())..];
    let listed = own.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let call = receiver.map_or_else(|| name.to_owned(), |receiver| format!("{receiver}.{name}"));
    let signature = if is_property { call } else { format!("{call}({listed})") };
    Some((name.to_owned(), signature, meaning_of(&comment)))
}

/// Name and word of the type of a parameter, as `len: INT`.
fn parameter_of(parameter: &str) -> Option<(&str, &'static str)> {
    let (name, of) = parameter.split_once(':')?;
    let of = of.trim().trim_start_matches("&mut ").trim_start_matches('&');
    let (_, word) = TYPES.iter().find(|(known, _)| *known == of)?;
    Some((if name == "_" { word } else { name }, word))
}

/// The first sentence of a comment.
fn meaning_of(comment: &str) -> String {
    let lines = comment.lines().map(|line| line.trim_start_matches('/').trim()).take_while(|line| !line.is_empty());
    let whole = lines.collect::<Vec<_>>().join(" ");
    let sentence = whole.split(". ").next().unwrap_or_default().trim_end_matches('.').replace("object map", "map");
    let mut characters = sentence.chars();
    let first = characters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(characters).collect()
}
