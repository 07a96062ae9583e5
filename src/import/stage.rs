//! The stage of the numbers of a table: one for all, or by a column whose words are mapped to the stages of the book. Numbers of
//! different stages are then not added up.

use super::column::ColumnProfile;
use super::file::ImportFile;
use super::marks;
use super::options::ImportOptions;
use crate::error::{Error, usage_error};
use crate::quantity::Stage;
use std::collections::BTreeMap;

/// Nouns for stages, beside the stages themselves.
const NOUNS: [(&str, Stage); 10] = [
    ("allocation", Stage::Allocated),
    ("cancellation", Stage::Cancelled),
    ("commitment", Stage::Committed),
    ("contract", Stage::Contracted),
    ("delivery", Stage::Delivered),
    ("disbursement", Stage::Disbursed),
    ("guarantee", Stage::Guaranteed),
    ("pledge", Stage::Pledged),
    ("proposal", Stage::Proposed),
    ("suspension", Stage::Suspended),
];

/// The word by which an option says that numbers have no stage.
const NO_STAGE: &str = "none";

/// The most unknown words that an error lists.
const MAX_LISTED: usize = 6;

/// The stage of the numbers of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum StagePlan {
    /// None is stated.
    #[default]
    None,
    /// All are at this stage.
    Fixed(Stage),
    /// Each is at the stage that a column of its row names.
    Column {
        /// The column, by index among the cells.
        index: usize,
        /// Its name.
        name: String,
        /// The stage of each word that an option maps.
        words: BTreeMap<String, Stage>,
    },
}

impl StagePlan {
    /// The stage that the options say; the words of a column are held to its profile. `find` gives the place and the name of a column.
    ///
    /// # Errors
    /// It is no stage; a word of the column is none, and no option maps it.
    pub(super) fn new(
        file: &ImportFile,
        options: &ImportOptions,
        find: impl Fn(&str) -> Option<(usize, String)>,
        profiles: &[ColumnProfile],
    ) -> Result<Self, Error> {
        let Some(stage) = &options.stage else {
            return if options.stages.is_empty() {
                Ok(Self::None)
            } else {
                Err(usage_error("`stages` maps the words of no column", "name the column: `stage = \"@COLUMN\"`"))
            };
        };
        if stage == NO_STAGE {
            return Ok(Self::None);
        }
        let Some(column) = stage.strip_prefix('@') else { return Ok(Self::Fixed(parse(stage)?)) };
        let Some((index, name)) = find(column) else {
            return Err(usage_error(
                &format!("there is nothing in the column `{column}` of `--stage`"),
                "leave it out",
            ));
        };
        let words = options.stages.iter().map(|(word, stage)| Ok((word.clone(), parse(stage)?)));
        let plan = Self::Column { index, name, words: words.collect::<Result<_, Error>>()? };
        let unknown: Vec<_> = profiles[index].texts.all().iter().filter(|text| plan.is_unknown(&text.text)).collect();
        match unknown.first() {
            Some(first) => {
                let listed: Vec<&str> = unknown.iter().take(MAX_LISTED).map(|text| text.text.as_str()).collect();
                Err(plan.unknown(file, first.first_line, &listed))
            }
            None => Ok(plan),
        }
    }

    /// The stage that a word of the column means.
    pub(super) fn of_word(&self, word: &str) -> Option<Stage> {
        let Self::Column { words, .. } = self else { return None };
        words.get(word).copied().or_else(|| of_word(word))
    }

    /// True for a word that is no stage, and no mark for that there is none.
    pub(super) fn is_unknown(&self, word: &str) -> bool {
        self.of_word(word).is_none() && !word.is_empty() && marks::reason(word).is_none()
    }

    /// The error of words that are no stage, on a line.
    pub(super) fn unknown(&self, file: &ImportFile, line: u64, words: &[&str]) -> Error {
        let name = if let Self::Column { name, .. } = self { name.as_str() } else { "" };
        let listed = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let mapped = words.iter().map(|word| format!("{word}=STAGE")).collect::<Vec<_>>().join(",");
        let (verb, first) = (if words.len() == 1 { "is no stage" } else { "are no stages" }, words.first().copied());
        let stages = Stage::ALL.iter().map(|stage| stage.as_str()).collect::<Vec<_>>().join(", ");
        let help = format!("say what each means by `--stage '@{name}:{mapped}'`; the stages are {stages}");
        file.undecided(Some((line, first.unwrap_or_default())), &format!("{listed} in `{name}` {verb}"), &help)
    }
}

/// The stage that a word means in any table.
pub(super) fn of_word(word: &str) -> Option<Stage> {
    let lower = word.to_lowercase();
    let noun = || {
        NOUNS.iter().find(|(noun, _)| *noun == lower || *noun == lower.trim_end_matches('s')).map(|(_, stage)| *stage)
    };
    lower.parse().ok().or_else(noun)
}

/// The words of a header that name the stage of its numbers, beside the stages themselves.
const HEADER_NOUNS: [&str; 6] =
    ["allocations", "commitments", "deliveries", "disbursements", "disbursement", "pledges"];

/// The stage that a header names for its numbers: `Total monetary value delivered in EUR`; `None` where it names none, or several.
pub(super) fn of_header(header: &str) -> Option<Stage> {
    let stage = |word: &str| {
        let word = word.to_lowercase();
        let is_noun = HEADER_NOUNS.contains(&word.as_str());
        let singular =
            word.strip_suffix("ies").map_or_else(|| word.trim_end_matches('s').to_owned(), |stem| format!("{stem}y"));
        word.parse().ok().or_else(|| of_word(&singular).filter(|_| is_noun))
    };
    let mut stages = header.split(|c: char| !c.is_alphabetic()).filter_map(stage);
    let first = stages.next()?;
    stages.all(|other| other == first).then_some(first)
}

/// The stage that options name, but `none`.
pub(super) fn stated(options: &ImportOptions) -> Option<&str> {
    options.stage.as_deref().filter(|stage| *stage != NO_STAGE)
}

fn parse(stage: &str) -> Result<Stage, Error> {
    stage.parse().map_err(|_| {
        let stages = Stage::ALL.iter().map(|stage| stage.as_str()).collect::<Vec<_>>().join(", ");
        usage_error(&format!("`{stage}` is no stage"), &format!("it is one of {stages}, or `@COLUMN`, or `none`"))
    })
}
