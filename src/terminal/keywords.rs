//! Lists of words, and the keywords of both languages for completion and colour. What a word means is for the
//! languages to say.

/// Words with a space between them: in one text, a long list stays a few lines.
pub(super) struct Words(pub(super) &'static str);

impl Words {
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.split_ascii_whitespace()
    }

    /// Whether it is one of them, in this letter case.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.iter().any(|known| known == word)
    }
}

/// Words of SQLite's SQL that a question is written with.
pub(super) const SQL: Words = Words(
    "all alter and as asc between by case cast collate create cross current_date delete desc distinct \
     drop else end escape except exists explain filter from full glob group having in index inner \
     insert intersect into is join left like limit natural not null nulls offset on or order outer \
     over partition pragma recursive regexp replace returning right select set table temp then \
     union unique update using values view when where window with",
);

/// Words of the script language.
pub(super) const SCRIPT: Words = Words(
    "break catch const continue do else false fn for if import in let loop return switch this throw true \
     try until while",
);
