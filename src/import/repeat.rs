//! The options that repeat an import: kept with their source, and taken again for a file with the same header, so that the next
//! release of a table needs no answer twice.

use super::header;
use super::options::ImportOptions;
use crate::error::Error;
use crate::store::{BookWriter, EarlierImport};
use std::collections::BTreeMap;

/// The most earlier imports whose lines of the header are tried on a file.
const MAX_TRIED: usize = 3;

/// An earlier import, with its options.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// The source.
    pub(super) source: String,
    headers: Vec<String>,
    options: ImportOptions,
}

/// The earlier imports of a book whose options may be taken again, the newest first: the one that is named, none, or all.
///
/// # Errors
/// There is no import of that name; the book can't be read.
pub(super) fn kept(book: &BookWriter, like: Option<&str>) -> Result<Vec<Kept>, Error> {
    if like.is_some_and(|like| like.eq_ignore_ascii_case("none")) {
        return Ok(Vec::new());
    }
    let known = |import: EarlierImport| {
        let options = toml::from_str(&import.options).ok()?;
        Some(Kept { source: import.source, headers: import.headers, options })
    };
    let mut all: Vec<Kept> = book.earlier_imports()?.into_iter().filter_map(known).collect();
    if let Some(like) = like {
        let source = book.source_named(like)?;
        all.retain(|kept| kept.source == source);
    }
    all.retain(|kept| kept.options != ImportOptions::default());
    Ok(all)
}

impl Kept {
    /// True if a table has the same columns.
    #[must_use]
    pub(super) fn has_headers(&self, headers: &[String]) -> bool {
        headers.iter().filter(|header| !header.is_empty()).eq(self.headers.iter())
    }

    /// The options that are typed, and for the rest those that are kept.
    #[must_use]
    pub(super) fn complete(&self, typed: &ImportOptions) -> ImportOptions {
        let kept = self.options.clone();
        let mut options = typed.clone();
        let texts = [
            (&mut options.sheet, kept.sheet),
            (&mut options.path, kept.path),
            (&mut options.header_row, kept.header_row),
            (&mut options.encoding, kept.encoding),
            (&mut options.separator, kept.separator),
            (&mut options.quote, kept.quote),
            (&mut options.publisher, kept.publisher),
            (&mut options.licence, kept.licence),
            (&mut options.long, kept.long),
            (&mut options.long_name, kept.long_name),
            (&mut options.long_value, kept.long_value),
            (&mut options.stage, kept.stage),
        ];
        for (option, kept) in texts {
            if option.is_none() {
                *option = kept;
            }
        }
        for (option, kept) in [(&mut options.fill, kept.fill), (&mut options.key, kept.key)] {
            if option.is_empty() {
                *option = kept;
            }
        }
        options.ragged |= kept.ragged;
        options.totals = options.totals.or(kept.totals);
        fill(&mut options.stages, kept.stages);
        options.decimal = options.decimal.or(kept.decimal);
        fill(&mut options.unit, kept.unit);
        fill(&mut options.new_unit, kept.new_unit);
        fill(&mut options.types, kept.types);
        fill(&mut options.date, kept.date);
        fill(&mut options.missing, kept.missing);
        options
    }

    /// The same for a file in which the table stands where nothing but what is typed says.
    #[must_use]
    pub(super) fn complete_elsewhere(&self, typed: &ImportOptions) -> ImportOptions {
        let place = typed.clone();
        ImportOptions {
            sheet: place.sheet,
            path: place.path,
            header_row: place.header_row,
            encoding: place.encoding,
            separator: place.separator,
            quote: place.quote,
            ..self.complete(typed)
        }
    }

    /// True if these options say where in a file the table is.
    #[must_use]
    pub(super) fn has_place(&self) -> bool {
        let options = &self.options;
        let texts =
            [&options.sheet, &options.path, &options.header_row, &options.encoding, &options.separator, &options.quote];
        texts.into_iter().any(Option::is_some)
    }
}

/// Adds what is kept of the columns that are not typed, whether by their name or by their header.
fn fill<V>(typed: &mut BTreeMap<String, V>, kept: BTreeMap<String, V>) {
    for (column, value) in kept {
        if !typed.keys().any(|key| header::snake_case(key) == header::snake_case(&column)) {
            typed.insert(column, value);
        }
    }
}

/// As many as are tried on a file.
pub(super) fn tried(kept: &[Kept]) -> impl Iterator<Item = &Kept> {
    kept.iter().filter(|kept| kept.has_place()).take(MAX_TRIED)
}

#[cfg(test)]
mod tests {
    use super::{ImportOptions, Kept};

    #[test]
    fn what_is_typed_goes_before_what_is_kept() {
        let options = |text: &str| toml::from_str::<ImportOptions>(text).unwrap();
        let kept = Kept {
            source: "S1".to_owned(),
            headers: vec!["a".to_owned(), "b".to_owned()],
            options: options("as = 'old'\ntitle = 'Old'\ndecimal = 'comma'\nunit = { a = 'EUR', b = 'USD' }"),
        };
        let complete = kept.complete(&options("as = 'new'\nunit = { a = 'GBP' }"));
        assert_eq!(complete, options("as = 'new'\ndecimal = 'comma'\nunit = { a = 'GBP', b = 'USD' }"));
        assert!(kept.has_headers(&["a", "b", ""].map(str::to_owned)));
        assert!(!kept.has_headers(&["b", "a"].map(str::to_owned)));
        assert!(!kept.has_place());
    }
}
