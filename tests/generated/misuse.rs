//! Statements in which a quantity is handed to what knows no units, in the same wrappings as the sound ones.

use super::case::rows_of;
use super::misuses::{AGGREGATES, EXPRESSIONS, STATEMENTS};
use super::source::Source;
use super::wrap::{Columns, Setup, wrapped};
use crate::scratch::random::Random;
use std::iter;

/// A statement that must be refused.
pub(crate) struct Misuse {
    pub(crate) setup: Setup,
    pub(crate) sql: String,
}

/// What stands for `Q`.
const QUANTITIES: [&str; 8] =
    ["x", "x", "x", "coalesce(x, y)", "(select x)", "q_add(x, x)", "q_neg(x)", "case when 1 then x end"];

impl Misuse {
    pub(crate) fn random(random: &mut Random) -> Self {
        // Two copies of a view with a long program make a statement that is long in explaining.
        let source = iter::repeat_with(|| Source::random(random)).find(|source| source.most_wraps > 1);
        let source = source.expect("most sources are short");
        let mut setup = Setup::default();
        let rows = format!("({})", rows_of(random, &source, false, &mut setup));
        let quantity = random.word(&QUANTITIES);
        let sql = match random.below(6) {
            0..=2 => {
                let expression = random.word(&EXPRESSIONS);
                let asked = format!("select id, {} as c1 from {rows} s", expression.replace('Q', quantity));
                let all = vec![("id".to_owned(), false), ("c1".to_owned(), false)];
                wrapped(random, asked, &Columns { key: Some("id"), all }, source.most_wraps.min(2), &mut setup)
            }
            3 => {
                let expression = random.word(&AGGREGATES);
                let group = random.word(&["", " group by k"]);
                let asked = format!("select {} as c1 from {rows} s{group}", expression.replace('Q', quantity));
                let all = vec![("c1".to_owned(), false)];
                wrapped(random, asked, &Columns { key: None, all }, source.most_wraps.min(2), &mut setup)
            }
            _ => random
                .word(&STATEMENTS)
                .replace('Q', quantity)
                .replace("S ", &format!("{rows} "))
                .replace(" S", &format!(" {rows}")),
        };
        Self { setup, sql }
    }
}
