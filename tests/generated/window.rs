//! Windows: which rows are beside which, and in which frame; in both languages.

use super::shape::Column;
use crate::scratch::random::Random;

/// A window over the rows in the order of their ids.
pub(crate) struct Window {
    partition: Option<&'static str>,
    descends: bool,
    frame: (Option<usize>, Option<usize>),
    is_named: bool,
}

impl Window {
    pub(crate) fn random(random: &mut Random) -> Self {
        let end = |random: &mut Random| if random.chance(20) { None } else { Some(random.below(4)) };
        let after = if random.chance(60) { Some(0) } else { end(random) };
        let partition = if random.chance(60) { Some(random.word(&["k", "n"])) } else { None };
        Self { partition, descends: random.chance(30), frame: (end(random), after), is_named: random.chance(20) }
    }

    /// The `over` clause, and what stands behind the tables for it.
    pub(crate) fn sql(&self) -> (String, String) {
        let partition = self.partition.map(|column| format!("partition by {column} ")).unwrap_or_default();
        let direction = if self.descends { " desc" } else { "" };
        let end = |end: Option<usize>, way: &str| match end {
            None => format!("unbounded {way}"),
            Some(0) => "current row".to_owned(),
            Some(rows) => format!("{rows} {way}"),
        };
        let (before, after) = (end(self.frame.0, "preceding"), end(self.frame.1, "following"));
        let window = format!("({partition}order by id{direction} rows between {before} and {after})");
        if self.is_named {
            ("over w".to_owned(), format!(" window w as {window}"))
        } else {
            (format!("over {window}"), String::new())
        }
    }

    /// A script that fills `out` from the rows in `kept`.
    pub(crate) fn script(&self, column: &Column) -> String {
        let key = self.partition.map_or("()".to_owned(), |column| format!("r.{column}"));
        let order = if self.descends { "kept.reverse();\n" } else { "" };
        let wide = 1_000_000;
        let (before, after) = (self.frame.0.unwrap_or(wide), self.frame.1.unwrap_or(wide));
        let within = match column.function {
            "lag" => "f_at(values, at - 1)".to_owned(),
            "lead" => "f_at(values, at + 1)".to_owned(),
            "first_value" => format!("f_at(values, max(0, at - {before}))"),
            "last_value" => format!("f_at(values, min(values.len() - 1, at + {after}))"),
            _ => column.script_of_all(&format!("f_frame(values, at, {before}, {after})")),
        };
        format!(
            "{order}for group in f_groups(kept, kept.map(|r| [{key}])) {{\n    let values = [];\n    \
             for r in group {{ values.push({}); }}\n    \
             for at in 0..group.len() {{ out.push(#{{id: group[at].id, c1: {within}}}); }}\n}}\n",
            column.script_of_row()
        )
    }
}
