//! A plain number of a person's that meets a figure says that it is given: the same in SQL and in scripts, however it got
//! there, in every format. A number of the book's says nothing.

use crate::laws::generate::short_decimals;
use pledgebook::quantity::{Assumption, Assumptions, Quantity};
use pledgebook::session::{NoteLevel, Session};
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// A writer whose clones write to the same text.
#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a fresh session answers in a format.
fn answer(format: Format, questions: &[&str]) -> String {
    let mut session = Session::open(None).expect("the bundled book opens");
    (session.settings.format, session.settings.notes) = (format, NoteLevel::None);
    let written = Written::default();
    let output = session.output(written.clone(), io::sink(), false);
    for question in questions {
        session
            .eval(&Text::new("prompt", question), None, &output)
            .unwrap_or_else(|error| panic!("{question}: {error}"));
    }
    drop(output);
    String::from_utf8(written.0.take()).expect("the program prints UTF-8")
}

/// The last line: the row of a result.
fn row(questions: &[&str]) -> String {
    answer(Format::Csv, questions).lines().next_back().unwrap_or_default().to_owned()
}

/// The ways by which a person's number gets into a question, as what is asked first and the number's name then.
fn ways(number: Decimal) -> [(String, String, String); 4] {
    let sql = if number.is_integer() { number.to_string() } else { format!("q('{number}')") };
    [
        (String::new(), number.to_string(), sql),
        (format!("let n = {number}"), "n".to_owned(), ":n".to_owned()),
        (format!("let rows = [#{{n: {number}}}]"), "rows[0].n".to_owned(), "(select n from rows)".to_owned()),
        (format!("fn q_own() {{ {number} }}"), "q_own()".to_owned(), "q_own()".to_owned()),
    ]
}

proptest! {
    #![proptest_config(crate::laws::tried_on(40))]

    #[test]
    fn a_number_of_ones_own_says_so_in_sql_and_in_scripts(number in short_decimals(), divides: bool) {
        prop_assume!(number > Decimal::ZERO);
        let number = number.normalize();
        let (operator, function) = if divides { ("/", "q_div") } else { ("*", "q_mul") };
        for (first, script, sql) in ways(number) {
            let first = if first.is_empty() { "1".to_owned() } else { first };
            let in_script = row(&[&first, &format!("F29 {operator} {script}")]);
            let in_sql = row(&[&first, &format!("select {function}(amount, {sql}) as value from pledges")]);
            prop_assert_eq!(&in_script, &in_sql);
            prop_assert!(in_script.ends_with(&format!(",given={number}")), "{}", in_script);
        }
    }

    #[test]
    fn a_number_of_ones_own_says_so_in_every_format(number in 2_i64..1_000) {
        for format in Format::names().into_iter().filter_map(Format::from_name) {
            for question in [format!("F29 * {number}"), format!("select q_mul(amount, {number}) as x from pledges")] {
                let shown = answer(format, &[&question]);
                prop_assert!(shown.contains("given") && !shown.contains("WHAT-IF"), "{}", shown);
            }
        }
    }

    #[test]
    fn a_number_of_the_book_says_nothing(paragraph in 1_i64..9, divides: bool) {
        let (operator, function) = if divides { ("/", "q_div") } else { ("*", "q_mul") };
        let count = format!("select count(*) from facts where paragraph = {paragraph}");
        let in_script = row(&[&format!("F29 {operator} value(\"{count}\")")]);
        let in_sql = row(&[&format!("select {function}(amount, ({count})) as value from pledges")]);
        prop_assert_eq!(&in_script, &in_sql);
        prop_assert!(in_script.ends_with(",F29,"), "{}", in_script);
    }
}

proptest! {
    #![proptest_config(crate::laws::laws())]

    /// However often sets are united: what is told is there, and what is counted is not missed.
    #[test]
    fn no_number_that_was_given_is_missed(parts in vec(vec(0_u32..200, 0..90), 1..5)) {
        let set = |numbers: &[u32]| -> Assumptions {
            let given = |number: &u32| Quantity::plain((*number).into()).given();
            numbers.iter().flat_map(|number| given(number).assumptions().iter().cloned().collect::<Vec<_>>()).collect()
        };
        let all = parts.iter().map(|part| set(part)).fold(Assumptions::none(), |all, part| all.union(&part));
        let distinct: std::collections::BTreeSet<u32> = parts.iter().flatten().copied().collect();
        let counted = all.iter().find_map(Assumption::count);
        let told = all.iter().filter(|assumption| assumption.count().is_none()).count();
        if let Some(count) = counted { prop_assert!(count >= distinct.len() as u64 && told == 0, "{} of {}", count, distinct.len()) } else { prop_assert_eq!(told, distinct.len()) }
        let quantity = Quantity::plain(Decimal::ONE).with_assumptions(all);
        let read: Quantity = quantity.to_string().parse().unwrap();
        prop_assert_eq!(read, quantity);
    }
}
