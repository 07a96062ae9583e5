//! JSON as the program writes it: what a terminal would act on is escaped, U+007F to U+009F too, which JSON itself lets
//! stand as they are.

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// Appends `value` on one line.
///
/// # Errors
/// The writer's.
pub fn write_json(out: impl Write, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Escaping)).map_err(io::Error::from)
}

/// The usual compact form.
struct Escaping;

impl Formatter for Escaping {
    /// A piece of a text in which nothing has to be escaped as JSON goes.
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        // The one begins with 7F, the others with C2 in UTF-8.
        if !fragment.bytes().any(|byte| matches!(byte, 0x7f | 0xc2)) {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(char::is_control) {
            let (before, behind) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            let mut behind = behind.chars();
            behind.next().map_or(Ok(()), |c| write!(out, "\\u{:04x}", u32::from(c)))?;
            rest = behind.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::write_json;

    #[test]
    fn every_control_character_is_escaped_and_reads_back() {
        let text: String = (0..0x2ff).filter_map(char::from_u32).chain("\u{2028}\u{feff}é£\u{202e}".chars()).collect();
        let mut written = Vec::new();
        write_json(&mut written, &text).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert!(!written.contains(char::is_control), "{written:?}");
        assert!(written.contains("~\\u007f\\u0080") && written.contains("\\u009f\u{a0}"), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
