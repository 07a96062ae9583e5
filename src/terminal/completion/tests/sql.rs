//! What is offered in a statement of SQL.

use super::{offers, shows};

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
