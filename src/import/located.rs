//! A table found in its file: where its header is, under the options that are typed and those that an earlier import kept.

use super::file::ImportFile;
use super::layout::Layout;
use super::options::ImportOptions;
use super::repeat::{self, Kept};
use super::source::TableSource;
use crate::error::Error;

/// A table whose place in its file is known.
pub(super) struct LocatedTable {
    pub(super) source: TableSource,
    pub(super) layout: Layout,
}

impl LocatedTable {
    fn find(file: &ImportFile, options: &ImportOptions) -> Result<Self, Error> {
        let source = TableSource::open(file.clone(), options)?;
        let certain = source.certain_header();
        let wanted = certain.map_or_else(|| options.header_lines(), |line| Ok(Some(line..=line)))?;
        let has_notes = certain.is_none();
        let mut layout = Layout::find(&source.file, &mut *source.records()?, wanted, has_notes)?;
        layout.above.extend_from_slice(source.members());
        Ok(Self { source, layout })
    }

    /// Finds a table under the options that are typed and, for the rest, those of an earlier import: the one that is named, or the
    /// newest with the same header.
    pub(super) fn like(
        file: &ImportFile,
        typed: &ImportOptions,
        kept: &[Kept],
    ) -> Result<(Self, ImportOptions, Option<String>), Error> {
        let with = |kept: &Kept, located| (located, kept.complete(typed), Some(kept.source.clone()));
        if let (Some(_), [kept, ..]) = (&typed.like, kept) {
            return Ok(with(kept, Self::find(file, &kept.complete(typed))?));
        }
        let found = Self::find(file, typed);
        if let Ok(located) = &found
            && let Some(same) = kept.iter().find(|kept| kept.has_headers(&located.layout.headers))
        {
            let there = same.has_place().then(|| Self::find(file, &same.complete(typed)));
            return match there {
                None => Ok(with(same, found?)),
                Some(Ok(there)) if same.has_headers(&there.layout.headers) => Ok(with(same, there)),
                // The header stands on another line now.
                Some(_) => Ok((found?, same.complete_elsewhere(typed), Some(same.source.clone()))),
            };
        }
        for kept in repeat::tried(kept) {
            let tried = Self::find(file, &kept.complete(typed));
            if let Ok(located) = tried
                && kept.has_headers(&located.layout.headers)
            {
                return Ok(with(kept, located));
            }
        }
        Ok((found?, typed.clone(), None))
    }
}
