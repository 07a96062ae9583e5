//! Completion and hints at a cursor, written `¦` in the line: SQL, scripts, commands, and text of any kind.

use super::{FunctionName, IdName, Offer, ParameterName, ScriptNames, Vocabulary};
use super::{align_list, complete, language_at, signature, truncate_to_width};
use crate::script::{Holds, OwnName};
use crate::terminal::classify;
use crate::terminal::highlight::matching_bracket;
use proptest::prelude::*;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn own(name: &str, holds: Holds) -> OwnName {
    OwnName { name: name.to_owned(), signature: None, holds }
}

fn id(id: &str, says: &str, holds: Holds) -> IdName {
    IdName { id: id.to_owned(), says: says.to_owned(), holds }
}

fn functions(signatures: &[&str]) -> Vec<FunctionName> {
    signatures.iter().flat_map(|signature| FunctionName::read(signature)).collect()
}

fn vocabulary() -> Vocabulary {
    let pledges = names(&["provider", "amount", "two words", "\u{1b}[2J", "order"]);
    Vocabulary {
        relations: vec![
            ("pledges".to_owned(), pledges.clone()),
            ("figures".to_owned(), names(&["quantity", "as_written", "id"])),
            ("last".to_owned(), names(&["provider", "total"])),
        ],
        sql_functions: functions(&["q_sum(q)", "q_div(a, b)", "max(x) · max(x, y, …)"]),
        script_functions: functions(&[
            "query(sql) · query(sql, #{name: value})",
            "figure(id)",
            "percent(quantity)",
            "quantity.unit",
            "table.filter(|row| condition)",
            "table.len",
            "row.columns",
            "array.sort() · array.sort_desc()",
        ]),
        own: vec![
            own("plan", Holds::Quantity),
            own("prices", Holds::Table(names(&["item", "cost"]))),
            own("pairs", Holds::Array(Some(names(&["left_side", "right_side"])))),
            own("point", Holds::Row(names(&["x", "y"]))),
            OwnName { signature: Some("twice(n)".to_owned()), ..own("twice", Holds::Other) },
        ],
        scripts: vec![ScriptNames {
            name: "pledged_per_missile".to_owned(),
            summary: "Pledged finance per missile".to_owned(),
            parameters: vec![
                ParameterName {
                    name: "places".to_owned(),
                    placeholder: "INT".to_owned(),
                    meaning: "decimal places to print".to_owned(),
                    values: Vec::new(),
                },
                ParameterName {
                    name: "sort-by".to_owned(),
                    values: names(&["fact", "stage"]),
                    ..ParameterName::default()
                },
            ],
        }],
        modules: names(&["changes"]),
        ids: vec![
            id("F01", "they met in London", Holds::Row(names(&["id", "status"]))),
            id("F29", "UK would provide export finance", Holds::Quantity),
            id("F30", "additional missiles", Holds::Quantity),
            id("PL1", "UK to Ukraine", Holds::Row(pledges)),
        ],
        assumptions: vec![("A1".to_owned(), "the gathering is the summit".to_owned())],
        sources: vec![("S1".to_owned(), "a news text".to_owned()), ("S2".to_owned(), "a second news text".to_owned())],
    }
}

/// The line without its mark, and where that stood.
fn cursor(marked: &str) -> (String, usize) {
    let pos = marked.find('¦').expect("each line of this table has a cursor");
    (marked.replace('¦', ""), pos)
}

/// The start of the word, and the candidates.
fn offered(marked: &str) -> (usize, Vec<Offer>) {
    let (line, pos) = cursor(marked);
    complete(&line, pos, language_at(&line, pos, &|_| false), &vocabulary())
}

#[track_caller]
fn offers(marked: &str, expected: &[&str]) {
    let found: Vec<String> = offered(marked).1.into_iter().map(|offer| offer.name).collect();
    assert_eq!(found, expected, "{marked}");
}

#[track_caller]
fn shows(marked: &str, expected: &[&str]) {
    let mut found = offered(marked).1;
    align_list(&mut found, 80);
    assert_eq!(found.into_iter().map(|offer| offer.shown).collect::<Vec<_>>(), expected, "{marked}");
}

#[track_caller]
fn hints(marked: &str, expected: Option<&str>) {
    let (line, pos) = cursor(marked);
    let vocabulary = vocabulary();
    let told = signature(&line, pos, classify(&line, &|_| false), || &vocabulary);
    assert_eq!(told.as_deref(), expected, "{marked}");
}

/// Bits of which lines are made that come near to what is typed.
const BITS: [&str; 30] = [
    "select ",
    "from ",
    "pledges",
    " p",
    ".",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "`",
    "${",
    ":",
    "|r| ",
    ", ",
    ";",
    "--",
    "/*",
    "//",
    "with x as ",
    "union ",
    "query(",
    "F29",
    "é漢",
    "\n",
    "\\",
    ".run ",
];

proptest! {
    #[test]
    fn no_text_and_no_cursor_makes_trouble(
        bits in prop::collection::vec(prop::sample::select(&BITS[..]), 0..14),
        other in "\\PC{0,6}",
        share in 0.0..=1.0_f64,
    ) {
        let line = format!("{}{other}", bits.concat());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "any place will do")]
        let mut pos = (line.len() as f64 * share) as usize;
        while !line.is_char_boundary(pos) {
            pos -= 1;
        }
        let vocabulary = vocabulary();
        for language in [crate::terminal::Language::Sql, crate::terminal::Language::Script, classify(&line, &|_| false)] {
            let (start, found) = complete(&line, pos, language, &vocabulary);
            prop_assert!(start <= pos && line.is_char_boundary(start));
            for offer in &found {
                prop_assert!(!offer.name.contains(char::is_control));
                prop_assert!(offer.name.to_lowercase().starts_with(&line[start..pos].to_lowercase()) || line.trim_start().starts_with('.'));
            }
            drop(signature(&line, pos, language, || &vocabulary));
            matching_bracket(&line, pos, language);
        }
    }
}

const ALL: [&str; 6] = ["amount", "as_written", "id", "provider", "quantity", "total"];

#[test]
fn tables_views_and_what_with_names_stand_in_from() {
    let all = ["figures", "last", "pairs", "pledges", "prices"];
    offers("select * from ¦", &all);
    offers("select * from pl¦", &["pledges"]);
    offers("select * from pledges p join f¦", &["figures", "filter", "from", "full"]);
    offers("select * from pledges, fi¦ where 1", &["figures", "filter"]);
    offers("select * from (p¦", &["pairs", "pledges", "prices", "partition", "pragma"]);
    offers("with few as (select 1 as n) select * from fe¦", &["few"]);
    offers("select main.p¦", &["pairs", "pledges", "prices"]);
    offers("delete from pl¦", &["pledges"]);
    offers("update fi¦", &["figures", "filter"]);
    offers("drop table fi¦", &["figures", "filter"]);
    offers("select 1; select 2 from la¦", &["last"]);
}

#[test]
fn columns_are_those_of_from_be_it_before_the_cursor_or_behind() {
    offers("select ¦ from pledges", &["amount", "provider"]);
    offers("select ¦ from figures, pledges", &["amount", "as_written", "id", "provider", "quantity"]);
    offers("select provider from pledges where ¦", &["amount", "provider"]);
    offers("select provider from pledges order by a¦", &["amount", "all", "alter", "and", "as", "asc"]);
    offers("select a from figures f left join pledges p on ¦", &["amount", "as_written", "id", "provider", "quantity"]);
    offers("select q_sum(¦) from pledges", &["amount", "provider"]);
    offers("select q_sum(¦ from pledges", &["amount", "provider"]);
    offers("select q_div(quantity, am¦ from pledges", &["amount"]);
    offers("update pledges set ¦", &["amount", "provider"]);
    offers("insert into pledges (¦", &["amount", "provider"]);
    offers("delete from pledges where ¦", &["amount", "provider"]);
    offers("select ¦ from prices", &["cost", "item"]);
    offers("select ¦ from last", &["provider", "total"]);
    offers("select distinct ¦ from last", &["provider", "total"]);
    offers("select distinct prov¦ider from last", &["provider"]);
    offers("select 1 from last where total is distinct from ¦", &["provider", "total"]);
    offers("select provider as who from pledges order by wh¦", &["who", "when", "where"]);
}

#[test]
fn before_from_columns_are_found_by_name() {
    offers("select ¦", &ALL);
    offers("select prov¦", &["provider"]);
    offers("select q¦", &["q_div", "q_sum", "quantity"]);
    offers("select * from nowhere where ¦", &ALL);
    offers("select \"a\", ¦", &ALL);
    offers("select 1 from prices where item in (select ¦)", &[&["cost", "item"], &ALL[..]].concat());
}

#[test]
fn behind_a_dot_stand_the_columns_of_that_table() {
    offers("select pledges.am¦", &["amount"]);
    offers("select p.am¦", &["amount"]);
    offers("select p.¦ from pledges as p", &["amount", "provider"]);
    offers("select p.¦ from figures, main.pledges p", &["amount", "provider"]);
    offers("select \"p\".¦ from pledges p", &["amount", "provider"]);
    offers("select x.¦ from pledges p", &[]);
    offers("select * from pledges p where exists (select 1 from figures f where f.id = p.¦)", &["amount", "provider"]);
}

#[test]
fn a_query_in_a_query_has_its_own_columns() {
    offers("select (select ¦ from figures) from pledges", &["as_written", "id", "quantity"]);
    offers("select ¦ from (select provider as who, amount from pledges) t", &["amount", "who"]);
    offers("select ¦ from (select * from pledges)", &["amount", "provider"]);
    offers("select t.¦ from (select f.*, count(*) n from figures f) t", &["as_written", "id", "n", "quantity"]);
    offers("with few as (select id from figures) select ¦ from few", &["id"]);
    offers("with few(a, b) as (select 1, 2) select ¦ from few", &["a", "b"]);
    offers("with few as (select ¦ from figures) select 1 from pledges", &["as_written", "id", "quantity"]);
    offers("select provider from pledges union select ¦ from figures", &["as_written", "id", "quantity"]);
    offers("select ¦ from pledges union select id from figures", &["amount", "provider"]);
    offers("with recursive n(i) as (select 1 union all select ¦ from n) select i from n", &["i"]);
}

#[test]
fn keywords_come_once_a_letter_is_typed_and_follow_its_case() {
    offers("SELECT a FROM pledges WHE¦", &["WHEN", "WHERE"]);
    offers("select 1 from¦", &["from"]);
    offers("select * from pledges ¦", &[]);
    offers("select * from pledges w¦", &["when", "where", "window", "with"]);
    offers("select * from pledges left j¦", &["join"]);
    offers("select amount as ¦ from pledges", &[]);
    offers("select 1; sel¦", &["select"]);
    offers("delete fr¦", &["from"]);
    offers("delete ¦", &[]);
    offers("insert in¦", &["in", "index", "inner", "insert", "intersect", "into"]);
}

#[test]
fn functions_show_how_they_are_called() {
    shows("select q_¦ from pledges", &["q_div(a, b)", "q_sum(q)"]);
    shows("select tw¦ from pledges", &["twice(n)"]);
    shows("1 + per¦", &["percent(quantity)"]);
    shows("qu¦", &["query(sql, #{name: value})"]);
}

#[test]
fn behind_a_colon_stand_variables_and_ids() {
    offers("select :¦", &["plan", "F29", "F30"]);
    offers("select :F¦", &["F29", "F30"]);
    shows("select :F2¦", &["F29  UK would provide export finance"]);
}

#[test]
fn texts_names_in_quotes_and_comments_are_left_alone() {
    offers("select 'a¦'", &[]);
    offers("select 'a¦", &[]);
    offers("select \"pro¦\"", &[]);
    offers("select 1 -- fr¦", &[]);
    offers("select /* am¦ */ 1", &[]);
    offers("1 // pl¦", &[]);
    offers("let t = \"pl¦\"", &[]);
}

#[test]
fn a_script_is_offered_functions_variables_and_ids() {
    offers("1 + pl¦", &["plan", "PL1"]);
    offers("sele¦", &["select"]);
    offers("f29¦", &["F29"]);
    shows("PL¦", &["plan", "PL1  UK to Ukraine"]);
}

#[test]
fn methods_are_those_of_what_stands_before_the_dot() {
    shows("F29.¦", &["unit", "percent()"]);
    shows("prices.f¦", &["filter(|row| condition)"]);
    offers("(F29 / F30).¦", &["unit", "percent"]);
    offers("plan.per¦", &["percent"]);
    offers("prices.¦", &["filter", "len"]);
    offers("prices.filter(|r| true).¦", &["filter", "len"]);
    offers("query(\"select * from pledges\").¦", &["filter", "len"]);
    offers("let t = query(\"select provider from pledges\"); t.¦", &["filter", "len"]);
    offers("let n = 1; n.per¦", &["percent"]);
    offers("[1, 2].¦", &["sort", "sort_desc"]);
    offers("figure(\"F29\").u¦", &["unit"]);
}

#[test]
fn fields_of_rows_are_the_columns() {
    offers("PL1.¦", &["amount", "order", "provider", "columns"]);
    offers("F01.¦", &["id", "status", "columns"]);
    offers("point.¦", &["x", "y", "columns"]);
    offers("prices[0].c¦", &["cost", "columns"]);
    offers("prices.filter(|r| r.¦", &["cost", "item", "columns"]);
    offers("prices.filter(|r| r.it¦)", &["item"]);
    offers("pairs.map(|p| p.¦)", &["left_side", "right_side", "columns"]);
    offers("query(\"select provider, amount as a from pledges p\").map(|r| r.¦)", &["a", "provider", "columns"]);
    offers("for row in query(\"select id from figures\") { row.i¦ }", &["id"]);
    offers("let t = query(`select id from figures`);\nt.filter(|r| r.i¦)", &["id"]);
    offers("prices.add(\"per\", |r| 1).map(|x| x.p¦)", &["per"]);
    offers("prices.select([\"item\"]).map(|x| x.¦)", &["item", "columns"]);
    offers("prices.map(|r| `${r.co¦}`)", &["cost", "columns"]);
    offers("prices.group_by(\"item\").map(|g| g.¦)", &["key", "rows", "columns"]);
    offers("row(\"select id from figures\").i¦", &["id"]);
}

#[test]
fn a_text_of_a_script_is_completed_as_what_it_is_for() {
    offers("query(\"select * from fig¦", &["figures"]);
    offers("query(\"select ¦ from figures\")", &["as_written", "id", "quantity"]);
    offers("query(`select \"it's\", ¦ from figures`)", &["as_written", "id", "quantity"]);
    offers("let s = \"say select ¦\"", &[]);
    offers("figure(\"F2¦\")", &["F29"]);
    offers("prices.column(\"¦\")", &["cost", "item"]);
    offers("prices[0][\"co¦", &["cost"]);
    offers("import \"ch¦", &["changes"]);
}

#[test]
fn the_hint_is_the_signature_of_the_call_around_the_cursor() {
    hints("select q_div(¦", Some("q_div(a, b)"));
    hints("select Q_DIV(q_sum(1), ¦) from t", Some("q_div(a, b)"));
    hints("select q_div(1, (2 + ¦", Some("q_div(a, b)"));
    hints("select max(¦", Some("max(x) · max(x, y, …)"));
    hints("select q_div(1, 2)¦", None);
    hints("select x in (¦", None);
    hints("select q_div( -- ¦", None);
    hints("query(¦", Some("query(sql) · query(sql, #{name: value})"));
    hints("prices.filter(|r| ¦", Some("table.filter(|row| condition)"));
    hints("query(\"select q_div(¦\")", Some("q_div(a, b)"));
    hints("query(\"select ¦\")", None);
    hints("twice(¦", Some("twice(n)"));
    hints("select twice(¦", Some("twice(n)"));
    hints("(1 + ¦", None);
    hints(".mode ¦", Some("[FORMAT]"));
    hints(".mode c¦", None);
}

#[test]
fn a_command_is_offered_its_name_and_its_argument() {
    offers(".sc¦", &[".schema", ".scripts"]);
    offers("  .qu¦", &[".quit"]);
    assert_eq!(offered("  .qu¦").0, 2);
    shows(".timer¦", &[".timer [on | off]  whether each answer says how long it took"]);
    shows(".run pl¦", &["pledged_per_missile  Pledged finance per missile"]);
    offers(".schema ¦", &["figures", "last", "pledges"]);
    offers(".mode j¦", &["json", "jsonl"]);
    shows(".why F3¦", &["F30  additional missiles"]);
    offers(".why 1 t¦", &["total"]);
    shows(
        ".assume ¦",
        &[
            "A1         the gathering is the summit",
            "F29        UK would provide export finance",
            "F30        additional missiles",
            "none       what the sources state, and nothing else",
            "prefer=S1  a news text",
            "prefer=S2  a second news text",
        ],
    );
    offers(".assume F29=1 F3¦", &["F30"]);
    offers(".assume F29=¦", &[]);
    offers(".assume prefer=¦", &["prefer=S1", "prefer=S2"]);
    offers(".assume A1 prefer=s2¦", &["prefer=S2"]);
    offers(".quit x¦", &[]);
    offers(".help per¦", &["percent"]);
    offers(".help prov¦", &["provider"]);
    offers(".read Cargo.to¦", &["Cargo.toml"]);
    offers(".run ./scripts/pre¦", &["./scripts/prelude.rhai"]);
}

#[test]
fn a_script_is_offered_its_parameters_and_their_values() {
    shows(
        ".run pledged_per_missile ¦",
        &[
            "--help          what the script answers, and what it takes",
            "--places <INT>  decimal places to print",
            "--sort-by <>",
        ],
    );
    offers(".run pledged-per-missile --p¦", &["--places"]);
    offers(".run pledged_per_missile --places 2 --¦", &["--help", "--sort-by"]);
    offers(".run pledged_per_missile --places=2 --p¦", &[]);
    offers(".run pledged_per_missile --sort-by ¦", &["fact", "stage"]);
    offers(".run pledged_per_missile --sort_by=s¦", &["stage"]);
    offers(".run pledged_per_missile --places ¦", &[]);
    offers(".run nowhere --¦", &[]);
}

#[test]
fn a_signature_is_read_into_its_functions() {
    let read = FunctionName::read("round(number, places) · quantity.round(places) · round(number)");
    let told: Vec<_> = read.iter().map(|one| (&*one.name, one.receiver.as_deref(), one.calls.len())).collect();
    assert_eq!(told, [("round", None, 2), ("round", Some("quantity"), 1)]);
    assert_eq!(read[0].longest_call(), "round(number, places)");
    assert_eq!(read[0].first_argument(), Some("number"));
    assert_eq!(read.iter().map(FunctionName::method_call).collect::<Vec<_>>(), ["round(places)", "round(places)"]);
    assert_eq!(FunctionName::read("table.len")[0].method_call(), "len");
    assert_eq!(FunctionName::read("table.len")[0].name, "len");
}

#[test]
fn the_list_is_aligned_and_fits_the_window() {
    let mut offers = [Offer::name("F9").saying("a missile\u{1b}[2J"), Offer::name("PL10").saying("export finance")];
    align_list(&mut offers, 18);
    let shown: Vec<&str> = offers.iter().map(|offer| offer.shown.as_str()).collect();
    assert_eq!(shown, ["F9    a missile\\…", "PL10  export fin…"]);
}

#[test]
fn a_text_is_cut_by_its_width() {
    assert_eq!(truncate_to_width("abc", 3), "abc");
    assert_eq!(truncate_to_width("abcd", 3), "ab…");
    assert_eq!(truncate_to_width("漢字漢", 4), "漢…");
    assert_eq!(truncate_to_width("a b c", 3), "a…");
}
