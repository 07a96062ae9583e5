//! `at(series, key, date)`: the same value, notices and errors in SQL and in a script, for generated series; what a series may be;
//! and that its cost does not grow with rows times rows.

use super::empty_book;
use crate::scratch::long;
use crate::scratch::printed::Printed;
use crate::scratch::random::Random;
use pledgebook::import::{ImportOptions, Mode, import};
use pledgebook::session::Session;
use pledgebook::store::BookWriter;
use pledgebook::syntax::Text;
use std::fs;
use std::path::Path;

/// Imports a table of this text, which has this name.
fn add(book: &Path, name: &str, text: &str, options: &str) {
    let file = book.with_file_name(format!("{name}.csv"));
    fs::write(&file, text).expect("the directory is writable");
    let options: ImportOptions = toml::from_str(options).expect("the options are TOML");
    let mut writer = BookWriter::open(book).expect("it is a book");
    import(&mut writer, &file, &options, Mode::Write, false).expect("it is imported");
}

/// What an entry prints, or its message and help.
fn ask(session: &mut Session, entry: &str) -> Result<(String, String), (String, Option<String>)> {
    let (printed, noticed) = (Printed::default(), Printed::default());
    let output = session.output(printed.clone(), noticed.clone(), false);
    let done = session.eval(&Text::new("entry", entry), None, &output);
    drop(output);
    let text = |printed: Printed| String::from_utf8(printed.0.take()).expect("the program prints UTF-8");
    match done {
        Ok(_) => Ok((text(printed), text(noticed))),
        Err(error) => {
            let report = error.report().expect("it is no stop");
            let label = report.frames.into_iter().find_map(|frame| frame.label);
            Err((report.message, report.help.or(label)))
        }
    }
}

/// A date of a year, a month or a day.
fn date(random: &mut Random) -> String {
    let year = 2020 + random.below(4);
    match random.below(3) {
        0 => year.to_string(),
        1 => format!("{year}-{:02}", 1 + random.below(12)),
        _ => format!("{year}-{:02}-{:02}", 1 + random.below(12), 1 + random.below(28)),
    }
}

#[test]
fn a_series_has_the_same_values_in_sql_and_in_scripts() {
    let mut random = Random::new(16);
    let mut kinds = [0; 3];
    for case in 0..if long::is_asked() { 60 } else { 6 } {
        let book = empty_book(&format!("series_{case}"));
        let mut text = "code,date,rate\n".to_owned();
        for _ in 0..=random.below(30) {
            let value = random.word(&["", "n/a", "5", "7.25", "1200"]);
            text += &format!("{},{},{value}\n", random.word(&["NOK", "DKK", "SEK"]), date(&mut random));
        }
        add(&book, "rates", &text, "unit = { rate = 'EUR' }\ntype = { date = 'text', rate = 'decimal' }");
        let mut session = Session::open(Some(&book)).expect("it is a book");
        session.settings.header = false;
        for _ in 0..30 {
            let (key, date) = (random.word(&["NOK", "DKK", "SEK", "SKE", "none"]), date(&mut random));
            let sql = format!("select at('rates', '{key}', '{date}') as value");
            let script =
                format!("show([#{{value: at(query(\"select code, date, rate from rates\"), \"{key}\", \"{date}\")}}])");
            let (in_sql, in_script) = (ask(&mut session, &sql), ask(&mut session, &script));
            match &in_sql {
                Ok((_, notices)) if notices.is_empty() => kinds[0] += 1,
                Ok(_) => kinds[1] += 1,
                Err(_) => kinds[2] += 1,
            }
            // The note on the series says in SQL alone what its columns are.
            let plain = |answer: Result<(String, String), _>| {
                answer.map(|(printed, notices)| (printed.lines().next().map(str::trim).map(str::to_owned), notices))
            };
            assert_eq!(plain(in_sql), plain(in_script), "{sql}\n{text}");
        }
    }
    assert!(kinds.iter().all(|count| *count > 5), "each kind of answer is met: {kinds:?}");
}

/// What a series may be, and what it may not: the call, and its value or a part of the error with its help.
const CALLS: &[(&str, Result<&str, &str>)] = &[
    ("at('gdp', 'Norway', 2022)", Ok("450 EUR [S1:1]")),
    ("at(gdp, 'Norway', '2023-06-30')", Ok("447 EUR [S1:2]")),
    ("at('GDP.people', 'Norway', 2022)", Ok("5")),
    ("at(gdp.people, 'Denmark', '2023')", Ok("6")),
    ("at((select country, year, people from gdp where year = 2023), 'Norway', 2024)", Ok("5")),
    ("at((select year as date, product as value from gdp where country = :who), 2023)", Ok("447 EUR [S1:2]")),
    ("at((with g as (select * from gdp) select country, year, product from g), 'Denmark', 2023)", Ok("372 EUR [S1:3]")),
    ("at((select 'a', 2022, at('gdp', 'Norway', 2022)), 'a', 2022)", Ok("450 EUR [S1:1]")),
    ("at('rates.usd', '2024-02-01')", Ok("1.1 USD/EUR [S2:1]")),
    ("at('rates.usd', null)", Ok("NULL")),
    ("at('gdp', null, 2022)", Ok("NULL")),
    ("q_add(at('gdp', 'Norway', 2022), at('gdp', 'Norway', 2023))", Ok("897 EUR [S1:1-2]")),
    ("q_amount(at('gdp', 'Norway', 2022))", Ok("450")),
    ("at(held, 'a', 2024)", Ok("7")),
    ("at('rates', '2024-02-01')", Err("name one, as `at('rates.usd', …)`")),
    (
        "at('wide', 'x', 2024)",
        Err(
            "several columns of `wide` could be the key of a series: `country`, `code`; choose: `at((select country, year, product from wide), …)`",
        ),
    ),
    ("at('gdp.peple', 'Norway', 2022)", Err("did you mean `people`?")),
    ("at('gpd', 'Norway', 2022)", Err("did you mean `gdp`?")),
    ("at('gdp', 'Norwya', 2022)", Err("did you mean `Norway`?")),
    ("at('gdp', 'Norway', 2021)", Err("it begins at 2022")),
    ("at('gdp', 'Norway', '1/2/2024')", Err("`1/2/2024` is no date")),
    ("at('gdp', 'Norway', 2022.5)", Err("`at` does not take the REAL 2022.5")),
    ("at('gdp', product, 2022) from gdp", Err("`at` in SQL would drop")),
    ("at('gdp', 'Norway', 2022) - at('gdp', 'Norway', 2023)", Ok("3 EUR [S1:1-2]")),
    ("at((select country, year from gdp), 'Norway', 2022)", Err("this table has 2")),
    ("at((select country, yaer, product from gdp), 'Norway', 2022)", Err("did you mean `year`?")),
    ("at(lower('gdp'), 'Norway', 2022)", Err("is no series")),
    ("at('gdp', 'Norway', 2022, 5)", Err("it is written `at(series, key, date)")),
    ("at('g', 2022) from (with g as (select 1) select * from g)", Err("a series is read before the statement")),
];

#[test]
fn a_series_is_a_table_a_column_or_a_query() {
    let book = empty_book("series_calls");
    let gdp = "country,year,product,people\nNorway,2022,450,5\nNorway,2023,447,5\nDenmark,2023,372,6\n";
    add(&book, "gdp", gdp, "unit = { product = 'EUR' }");
    let rates = "day,usd,nok\n2024-02-01,1.1,11.5\n2024-03-15,1.09,11.6\n";
    add(&book, "rates", rates, "unit = { usd = 'USD/EUR', nok = 'NOK/EUR' }");
    add(&book, "wide", "country,code,year,product\nNorway,NO,2022,5\n", "unit = { product = 'EUR' }");
    let mut session = Session::open(Some(&book)).expect("it is a book");
    session.settings.header = false;
    ask(&mut session, "let who = \"Norway\"; let held = [#{key: \"a\", date: 2023, value: 7}]").expect("it is set");
    for (call, expected) in CALLS {
        let answer = ask(&mut session, &format!("select {call}"));
        match (expected, &answer) {
            (Ok(value), Ok((printed, _))) => assert_eq!(printed.lines().next().map(str::trim), Some(*value), "{call}"),
            (Err(part), Err((message, help))) => {
                let said = format!("{message}; {}", help.as_deref().unwrap_or_default());
                assert!(said.contains(part), "{call}: {said}");
            }
            _ => panic!("{call}: {answer:?}"),
        }
    }
    let (_, help) =
        ask(&mut session, "create temp view v as select at('gdp', 'Norway', 2022)").expect_err("it is kept");
    assert!(help.is_some_and(|help| help.contains("in a variable")));
}

#[test]
fn an_answer_rests_on_what_its_series_rests_on() {
    let mut session = Session::open(None).expect("the bundled book opens");
    ask(&mut session, ".assume F30=4500").expect("it is supposed");
    let looked_up = "q_amount(at((select id, 2024, quantity from figures), 'F30', 2024))";
    let (answer, _) = ask(&mut session, &format!("select {looked_up} as n")).expect("it answers");
    assert!(answer.contains("4500") && answer.contains("WHAT-IF"), "{answer}");
    let (message, _) = ask(&mut session, &format!("create temp table kept as select {looked_up} as n")).unwrap_err();
    assert!(message.contains("assumption"), "{message}");
}

#[test]
fn a_statement_is_not_what_its_series_is() {
    let book = empty_book("series_apart");
    add(&book, "gdp", "land,year,product\nA,2023,1\nB,2023,2\nTotal,2023,3\n", "unit = { product = 'EUR' }");
    let mut session = Session::open(Some(&book)).expect("it is a book");
    let series = "(select year, product from gdp where is_total = 0 and land = 'A')";
    let sql = format!("select q_sum(product) as total, max(q_amount(at({series}, 2023))) as a from gdp");
    let (answer, notices) = ask(&mut session, &sql).expect("it answers");
    assert!(answer.contains(" 3 ") && notices.contains("1 total"), "{answer}{notices}");
    // A value that is computed is not described as the column whose name it has.
    let twice = "(select year, q_mul(product, 2) as product from gdp where land = 'A')";
    let (answer, _) = ask(&mut session, &format!("select at({twice}, 2023) as a")).expect("it answers");
    assert!(!answer.contains("`product`"), "{answer}");
    let joined = "select count(*) as n from gdp g join gdp h on at((select year, product from gdp where land = 'A'), g.year) > 0";
    let (answer, _) = ask(&mut session, joined).expect("it answers");
    assert!(answer.contains(" 9"), "{answer}");
}

#[test]
fn many_rows_of_a_long_series_are_looked_up_at_once() {
    let book = empty_book("series_long");
    let count = if long::is_asked() { 200_000 } else { 20_000 };
    let rows = |rows: &mut dyn Iterator<Item = String>| rows.collect::<Vec<_>>().join("\n");
    let day = |row: usize| format!("{}-{:02}-{:02}", 1000 + row / 336, 1 + row / 28 % 12, 1 + row % 28);
    let series = rows(&mut (0..count).map(|row| format!("k{},{},{row}", row % 7, day(row))));
    add(&book, "series", &format!("key,date,value\n{series}\n"), "");
    let asked = rows(&mut (0..count).map(|row| format!("k{},{}", row % 7, day(row))));
    add(&book, "asked", &format!("who,at_day\n{asked}\n"), "");
    let mut session = Session::open(Some(&book)).expect("it is a book");
    session.settings.header = false;
    let sum = "select sum(at('series', who, at_day)) from asked";
    let (printed, _) = ask(&mut session, sum).expect("it is answered");
    let expected = count * (count - 1) / 2;
    assert_eq!(printed.chars().filter(char::is_ascii_digit).collect::<String>(), expected.to_string());
    let script = "let series = query(\"select key, date, value from series\"); let sum = 0;
        for row in query(\"select who, at_day from asked limit 2000\") { sum += at(series, row.who, row.at_day) } sum";
    let (printed, _) = ask(&mut session, script).expect("it is answered");
    assert!(printed.replace(',', "").starts_with("1999000"), "{printed}");
}
