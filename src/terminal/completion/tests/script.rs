//! What is offered in a script, and the hint of a signature.

use super::{hints, offers, shows};

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
