//! Completion and hints at a cursor, written `¦` in the line: SQL, scripts, commands, and text of any kind.

use super::{Completion, FunctionName, IdName, Vocabulary};
use super::{align_list, complete, language_at, signature, truncate_to_width};
use crate::script::library::ScriptHeader;
use crate::script::{Symbol, ValueShape};
use crate::store::NameKind;
use crate::terminal::classify;
use crate::terminal::highlight::matching_bracket;
use proptest::prelude::*;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn symbol(name: &str, shape: ValueShape) -> Symbol {
    Symbol { name: name.to_owned(), signature: None, shape }
}

fn id(id: &str, says: &str, holds: ValueShape) -> IdName {
    IdName { id: id.to_owned(), description: says.to_owned(), holds }
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
        attached: Vec::new(),
        is_plain: false,
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
        user_defined: vec![
            symbol("plan", ValueShape::Quantity),
            symbol("prices", ValueShape::Table(names(&["item", "cost"]))),
            symbol("pairs", ValueShape::Array(Some(names(&["left_side", "right_side"])))),
            symbol("point", ValueShape::Row(names(&["x", "y"]))),
            Symbol { signature: Some("twice(n)".to_owned()), ..symbol("twice", ValueShape::Other) },
        ],
        scripts: vec![
            ScriptHeader::read(
                "pledged_per_missile",
                "pledged_per_missile.rhai",
                "// Pledged finance per missile.\n// places: int = 2 — decimal places to print\n\
                 // sort_by: fact|stage = fact — the order of rows\n// plan: plan — the plan to print",
            )
            .unwrap(),
        ],
        names: vec![(NameKind::Plan, names(&["\"hundred days\""]))],
        modules: names(&["changes"]),
        ids: vec![
            id("F01", "they met in London", ValueShape::Row(names(&["id", "status"]))),
            id("F29", "UK would provide export finance", ValueShape::Quantity),
            id("F30", "additional missiles", ValueShape::Quantity),
            id("PL1", "UK to Ukraine", ValueShape::Row(pledges)),
        ],
        assumptions: vec![("A1".to_owned(), "the gathering is the summit".to_owned())],
        sources: vec![("S1".to_owned(), "a news text".to_owned()), ("S2".to_owned(), "a second news text".to_owned())],
    }
}

/// The line without its mark, and the position of the mark.
fn cursor(marked: &str) -> (String, usize) {
    let pos = marked.find('¦').expect("each line of this table has a cursor");
    (marked.replace('¦', ""), pos)
}

/// The start of the word, and the candidates.
fn offered(marked: &str) -> (usize, Vec<Completion>) {
    let (line, pos) = cursor(marked);
    complete(&line, pos, language_at(&line, pos, &|_| false), &vocabulary())
}

#[track_caller]
fn candidates(marked: &str, expected: &[&str]) {
    let found: Vec<String> = offered(marked).1.into_iter().map(|candidate| candidate.name).collect();
    assert_eq!(found, expected, "{marked}");
}

#[track_caller]
fn shows(marked: &str, expected: &[&str]) {
    let mut found = offered(marked).1;
    align_list(&mut found, 80);
    assert_eq!(found.into_iter().map(|candidate| candidate.display).collect::<Vec<_>>(), expected, "{marked}");
}

#[track_caller]
fn hints(marked: &str, expected: Option<&str>) {
    let (line, pos) = cursor(marked);
    let vocabulary = vocabulary();
    let found = signature(&line, pos, classify(&line, &|_| false), || &vocabulary);
    assert_eq!(found.as_deref(), expected, "{marked}");
}

/// Pieces of lines close to those that users type, between `¦`.
const BITS: &str = "select ¦from ¦pledges¦ p¦.¦(¦)¦[¦]¦{¦}¦\"¦'¦`¦${¦:¦|r| ¦, ¦;¦--¦/*¦//¦with x as ¦union ¦query(¦F29¦é漢¦\n¦\\¦.run ";

proptest! {
    #[test]
    fn no_text_and_no_cursor_makes_trouble(
        bits in prop::collection::vec(prop::sample::select(BITS.split('¦').collect::<Vec<_>>()), 0..14),
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
            for candidate in &found {
                prop_assert!(!candidate.name.contains(char::is_control));
                prop_assert!(candidate.name.to_lowercase().starts_with(&line[start..pos].to_lowercase()) || line.trim_start().starts_with('.'));
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
    candidates("select * from ¦", &all);
    candidates("select * from pl¦", &["pledges"]);
    candidates("select * from pledges p join f¦", &["figures", "filter", "from", "full"]);
    candidates("select * from pledges, fi¦ where 1", &["figures", "filter"]);
    candidates("select * from (p¦", &["pairs", "pledges", "prices", "partition", "pragma"]);
    candidates("with few as (select 1 as n) select * from fe¦", &["few"]);
    candidates("select main.p¦", &["pairs", "pledges", "prices"]);
    candidates("delete from pl¦", &["pledges"]);
    candidates("update fi¦", &["figures", "filter"]);
    candidates("drop table fi¦", &["figures", "filter"]);
    candidates("select 1; select 2 from la¦", &["last"]);
}

#[test]
fn columns_are_those_of_from_be_it_before_the_cursor_or_behind() {
    candidates("select ¦ from pledges", &["amount", "provider"]);
    candidates("select ¦ from figures, pledges", &["amount", "as_written", "id", "provider", "quantity"]);
    candidates("select provider from pledges where ¦", &["amount", "provider"]);
    candidates("select provider from pledges order by a¦", &["amount", "all", "alter", "and", "as", "asc"]);
    candidates(
        "select a from figures f left join pledges p on ¦",
        &["amount", "as_written", "id", "provider", "quantity"],
    );
    candidates("select q_sum(¦) from pledges", &["amount", "provider"]);
    candidates("select q_sum(¦ from pledges", &["amount", "provider"]);
    candidates("select q_div(quantity, am¦ from pledges", &["amount"]);
    candidates("update pledges set ¦", &["amount", "provider"]);
    candidates("insert into pledges (¦", &["amount", "provider"]);
    candidates("delete from pledges where ¦", &["amount", "provider"]);
    candidates("select ¦ from prices", &["cost", "item"]);
    candidates("select ¦ from last", &["provider", "total"]);
    candidates("select distinct ¦ from last", &["provider", "total"]);
    candidates("select distinct prov¦ider from last", &["provider"]);
    candidates("select 1 from last where total is distinct from ¦", &["provider", "total"]);
    candidates("select provider as who from pledges order by wh¦", &["who", "when", "where"]);
}

#[test]
fn before_from_columns_are_found_by_name() {
    candidates("select ¦", &ALL);
    candidates("select prov¦", &["provider"]);
    candidates("select q¦", &["q_div", "q_sum", "quantity"]);
    candidates("select * from nowhere where ¦", &ALL);
    candidates("select \"a\", ¦", &ALL);
    candidates("select 1 from prices where item in (select ¦)", &[&["cost", "item"], &ALL[..]].concat());
}

#[test]
fn behind_a_dot_stand_the_columns_of_that_table() {
    candidates("select pledges.am¦", &["amount"]);
    candidates("select p.am¦", &["amount"]);
    candidates("select p.¦ from pledges as p", &["amount", "provider"]);
    candidates("select p.¦ from figures, main.pledges p", &["amount", "provider"]);
    candidates("select \"p\".¦ from pledges p", &["amount", "provider"]);
    candidates("select x.¦ from pledges p", &[]);
    candidates(
        "select * from pledges p where exists (select 1 from figures f where f.id = p.¦)",
        &["amount", "provider"],
    );
}

#[test]
fn a_query_in_a_query_has_its_own_columns() {
    candidates("select (select ¦ from figures) from pledges", &["as_written", "id", "quantity"]);
    candidates("select ¦ from (select provider as who, amount from pledges) t", &["amount", "who"]);
    candidates("select ¦ from (select * from pledges)", &["amount", "provider"]);
    candidates("select t.¦ from (select f.*, count(*) n from figures f) t", &["as_written", "id", "n", "quantity"]);
    candidates("with few as (select id from figures) select ¦ from few", &["id"]);
    candidates("with few(a, b) as (select 1, 2) select ¦ from few", &["a", "b"]);
    candidates("with few as (select ¦ from figures) select 1 from pledges", &["as_written", "id", "quantity"]);
    candidates("select provider from pledges union select ¦ from figures", &["as_written", "id", "quantity"]);
    candidates("select ¦ from pledges union select id from figures", &["amount", "provider"]);
    candidates("with recursive n(i) as (select 1 union all select ¦ from n) select i from n", &["i"]);
}

#[test]
fn keywords_come_once_a_letter_is_typed_and_follow_its_case() {
    candidates("SELECT a FROM pledges WHE¦", &["WHEN", "WHERE"]);
    candidates("select 1 from¦", &["from"]);
    candidates("select * from pledges ¦", &[]);
    candidates("select * from pledges w¦", &["when", "where", "window", "with"]);
    candidates("select * from pledges left j¦", &["join"]);
    candidates("select amount as ¦ from pledges", &[]);
    candidates("select 1; sel¦", &["select"]);
    candidates("delete fr¦", &["from"]);
    candidates("delete ¦", &[]);
    candidates("insert in¦", &["in", "index", "inner", "insert", "intersect", "into"]);
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
    candidates("select :¦", &["plan", "F29", "F30"]);
    candidates("select :F¦", &["F29", "F30"]);
    shows("select :F2¦", &["F29  UK would provide export finance"]);
}

#[test]
fn texts_names_in_quotes_and_comments_are_left_alone() {
    candidates("select 'a¦'", &[]);
    candidates("select 'a¦", &[]);
    candidates("select \"pro¦\"", &[]);
    candidates("select 1 -- fr¦", &[]);
    candidates("select /* am¦ */ 1", &[]);
    candidates("1 // pl¦", &[]);
    candidates("let t = \"pl¦\"", &[]);
}

#[test]
fn a_script_is_offered_functions_variables_and_ids() {
    candidates("1 + pl¦", &["plan", "PL1"]);
    candidates("sele¦", &["select"]);
    candidates("f29¦", &["F29"]);
    shows("PL¦", &["plan", "PL1  UK to Ukraine"]);
}

#[test]
fn methods_are_those_of_what_stands_before_the_dot() {
    shows("F29.¦", &["unit", "percent()"]);
    shows("prices.f¦", &["filter(|row| condition)"]);
    candidates("(F29 / F30).¦", &["unit", "percent"]);
    candidates("plan.per¦", &["percent"]);
    candidates("prices.¦", &["filter", "len"]);
    candidates("prices.filter(|r| true).¦", &["filter", "len"]);
    candidates("query(\"select * from pledges\").¦", &["filter", "len"]);
    candidates("let t = query(\"select provider from pledges\"); t.¦", &["filter", "len"]);
    candidates("let n = 1; n.per¦", &["percent"]);
    candidates("[1, 2].¦", &["sort", "sort_desc"]);
    candidates("figure(\"F29\").u¦", &["unit"]);
}

#[test]
fn fields_of_rows_are_the_columns() {
    candidates("PL1.¦", &["amount", "order", "provider", "columns"]);
    candidates("F01.¦", &["id", "status", "columns"]);
    candidates("point.¦", &["x", "y", "columns"]);
    candidates("prices[0].c¦", &["cost", "columns"]);
    candidates("prices.filter(|r| r.¦", &["cost", "item", "columns"]);
    candidates("prices.filter(|r| r.it¦)", &["item"]);
    candidates("pairs.map(|p| p.¦)", &["left_side", "right_side", "columns"]);
    candidates("query(\"select provider, amount as a from pledges p\").map(|r| r.¦)", &["a", "provider", "columns"]);
    candidates("for row in query(\"select id from figures\") { row.i¦ }", &["id"]);
    candidates("let t = query(`select id from figures`);\nt.filter(|r| r.i¦)", &["id"]);
    candidates("prices.add(\"per\", |r| 1).map(|x| x.p¦)", &["per"]);
    candidates("prices.select([\"item\"]).map(|x| x.¦)", &["item", "columns"]);
    candidates("prices.map(|r| `${r.co¦}`)", &["cost", "columns"]);
    candidates("prices.group_by(\"item\").map(|g| g.¦)", &["key", "rows", "columns"]);
    candidates("row(\"select id from figures\").i¦", &["id"]);
}

#[test]
fn a_text_of_a_script_is_completed_as_what_it_is_for() {
    candidates("query(\"select * from fig¦", &["figures"]);
    candidates("query(\"select ¦ from figures\")", &["as_written", "id", "quantity"]);
    candidates("query(`select \"it's\", ¦ from figures`)", &["as_written", "id", "quantity"]);
    candidates("let s = \"say select ¦\"", &[]);
    candidates("figure(\"F2¦\")", &["F29"]);
    candidates("prices.column(\"¦\")", &["cost", "item"]);
    candidates("prices[0][\"co¦", &["cost"]);
    candidates("import \"ch¦", &["changes"]);
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
fn a_table_of_an_attached_database_is_offered_behind_its_name() {
    let attached = vec![("trade".to_owned(), "sales".to_owned(), names(&["city", "price"]))];
    let beside = Vocabulary { attached, ..vocabulary() };
    for (marked, expected) in [
        ("select * from tr¦", &["trade.sales"][..]),
        ("select * from trade.¦", &["sales"]),
        ("select ¦ from trade.sales", &["city", "price"]),
        ("select s.¦ from trade.sales as s", &["city", "price"]),
        (".schema tr¦", &["trade.sales"]),
    ] {
        let (line, pos) = cursor(marked);
        let (_, found) = complete(&line, pos, language_at(&line, pos, &|_| false), &beside);
        assert_eq!(found.iter().map(|one| &*one.name).collect::<Vec<_>>(), expected, "{marked}");
    }
}

#[test]
fn a_plain_database_is_offered_no_command_on_facts() {
    let plain = Vocabulary { is_plain: true, ..vocabulary() };
    let (_, found) = complete(".fa", 3, language_at(".fa", 3, &|_| false), &plain);
    assert!(found.is_empty());
}

#[test]
fn a_command_is_offered_its_name_and_its_argument() {
    candidates(".sch¦", &[".schema"]);
    candidates("  .qu¦", &[".quit"]);
    assert_eq!(offered("  .qu¦").0, 2);
    shows(".timer¦", &[".timer [on | off]  whether each answer says how long it took"]);
    shows(".run pl¦", &["pledged_per_missile  Pledged finance per missile"]);
    candidates(".schema ¦", &["figures", "last", "pledges"]);
    candidates(".mode j¦", &["json", "jsonl"]);
    shows(".why F3¦", &["F30  additional missiles"]);
    candidates(".why 1 t¦", &["total"]);
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
    candidates(".assume F29=1 F3¦", &["F30"]);
    candidates(".assume F29=¦", &[]);
    candidates(".assume prefer=¦", &["prefer=S1", "prefer=S2"]);
    candidates(".assume A1 prefer=s2¦", &["prefer=S2"]);
    candidates(".quit x¦", &[]);
    candidates(".help per¦", &["percent"]);
    candidates(".help prov¦", &["provider"]);
    candidates(".read Cargo.to¦", &["Cargo.toml"]);
    candidates(".run ./scripts/pre¦", &["./scripts/prelude.rhai"]);
}

#[test]
fn a_script_is_offered_its_parameters_and_their_values() {
    shows(
        ".run pledged_per_missile ¦",
        &[
            "--help              what the script answers, and what it takes",
            "--places <INT>      decimal places to print",
            "--plan <PLAN>       the plan to print",
            "--sort-by <CHOICE>  the order of rows",
        ],
    );
    candidates(".run pledged-per-missile --p¦", &["--places", "--plan"]);
    candidates(".run pledged_per_missile --places 2 --¦", &["--help", "--plan", "--sort-by"]);
    candidates(".run pledged_per_missile --places=2 --p¦", &["--plan"]);
    candidates(".run pledged_per_missile --plan hun¦", &["\"hundred days\""]);
    candidates(".run pledged_per_missile --sort-by ¦", &["fact", "stage"]);
    candidates(".run pledged_per_missile --sort_by=s¦", &["stage"]);
    candidates(".run pledged_per_missile --places ¦", &[]);
    candidates(".run nowhere --¦", &[]);
}

#[test]
fn a_signature_is_read_into_its_functions() {
    let read = FunctionName::read("round(number, places) · quantity.round(places) · round(number)");
    let found: Vec<_> = read.iter().map(|one| (&*one.name, one.receiver.as_deref(), one.calls.len())).collect();
    assert_eq!(found, [("round", None, 2), ("round", Some("quantity"), 1)]);
    assert_eq!(read[0].longest_call(), "round(number, places)");
    assert_eq!(read[0].first_argument(), Some("number"));
    assert_eq!(read.iter().map(FunctionName::method_call).collect::<Vec<_>>(), ["round(places)", "round(places)"]);
    assert_eq!(FunctionName::read("table.len")[0].method_call(), "len");
    assert_eq!(FunctionName::read("table.len")[0].name, "len");
}

#[test]
fn the_list_is_aligned_and_fits_the_window() {
    let mut candidates = [
        Completion::new("F9").with_description("a missile\u{1b}[2J"),
        Completion::new("PL10").with_description("export finance"),
    ];
    align_list(&mut candidates, 18);
    let shown: Vec<&str> = candidates.iter().map(|candidate| candidate.display.as_str()).collect();
    assert_eq!(shown, ["F9    a missile\\…", "PL10  export fin…"]);
}

#[test]
fn a_text_is_cut_by_its_width() {
    assert_eq!(truncate_to_width("abc", 3), "abc");
    assert_eq!(truncate_to_width("abcd", 3), "ab…");
    assert_eq!(truncate_to_width("漢字漢", 4), "漢…");
    assert_eq!(truncate_to_width("a b c", 3), "a…");
}
