//! Units that a book lacks and an import adds: `--new-unit MGA=currency:ariary`.

use super::options::ImportOptions;
use crate::error::{Error, usage_error};
use crate::quantity::{BaseUnit, UnitRegistry};

/// The kinds of units.
const KINDS: [&str; 4] = ["currency", "count", "time", "ratio"];

/// The units that the options add to those of the book.
///
/// # Errors
/// One has no name, or a kind or code that none can have; the book has it as another.
pub(super) fn added(options: &ImportOptions, units: &UnitRegistry) -> Result<Vec<BaseUnit>, Error> {
    let mut added = Vec::new();
    for (code, words) in &options.new_unit {
        let unit = parse(code, words)?;
        match units.get(code) {
            None => added.push(unit),
            Some(known) if known.kind == unit.kind => {}
            Some(known) => {
                let message = format!("the book has a unit `{code}` already: {}, a {}", known.name, known.kind);
                return Err(usage_error(&message, "choose another code for the new one"));
            }
        }
    }
    Ok(added)
}

fn parse(code: &str, words: &str) -> Result<BaseUnit, Error> {
    let is_code = code.starts_with(|c: char| c.is_ascii_alphabetic())
        && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let (kind, name) = words.split_once(':').unwrap_or((words, ""));
    let (kind, name) = (kind.trim(), name.trim());
    if !is_code || name.is_empty() || !KINDS.contains(&kind) {
        let help =
            format!("write a code of letters, its kind ({}) and its name: `MGA=currency:ariary`", KINDS.join(", "));
        return Err(usage_error(&format!("`--new-unit {code}={words}` makes no unit"), &help));
    }
    let places = if kind == "currency" { 2 } else { 0 };
    Ok(BaseUnit { code: code.to_owned(), kind: kind.to_owned(), places, name: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{BaseUnit, ImportOptions, UnitRegistry, added};

    #[test]
    fn a_unit_has_a_code_a_kind_and_a_name() {
        let options = |text: &str| toml::from_str::<ImportOptions>(text).unwrap();
        let known = BaseUnit { code: "USD".into(), kind: "currency".into(), places: 2, name: "US dollar".into() };
        let units = UnitRegistry::new([known]);
        let new = added(&options("new-unit = { MGA = 'currency:ariary', USD = 'currency:dollar' }"), &units).unwrap();
        let codes: Vec<(&str, u32)> = new.iter().map(|unit| (unit.code.as_str(), unit.places)).collect();
        assert_eq!(codes, [("MGA", 2)]);
        for wrong in ["MGA = 'currency'", "MGA = 'money:ariary'", "'1x' = 'count:x'", "USD = 'count:dollars'"] {
            assert!(added(&options(&format!("new-unit = {{ {wrong} }}")), &units).is_err(), "{wrong}");
        }
    }
}
