//! A parser of SQLite's SELECT statements: their structure, with the place of every part. It judges nothing, since
//! SQLite has prepared the statement, resolves no name and never guesses. The tree is in `ast`, the way through it is
//! [`Node`], and [`parenthesised`] proves that the tree is SQLite's.

mod ast;
mod cursor;
mod expression;
mod node;
mod operators;
mod parenthesised;
mod parser;
mod temp_table;
mod window;

pub use ast::{
    Call, CommonTable, CompoundOperator, Direction, Expression, ExpressionKind, Frame, FrameUnit, InSet,
    JoinConstraint, JoinOperator, Limit, Literal, Name, NamedWindow, NullsOrder, Over, ResultColumn, Select,
    SelectCore, SiteId, Span, TableKind, TableName, TableOrSubquery, Term, Window,
};
pub use node::Node;
pub use operators::{BinaryOperator, LikeOperator, SetOperator, UnaryOperator};
pub use parenthesised::parenthesised;
pub use temp_table::{TempTableAs, parse_drop_table, parse_temp_table_as};

use cursor::Cursor;
use parser::Parser;

/// The tree of a SELECT statement, perhaps with `;` behind it. `None` for any other text, for one that is nested too
/// deeply or has a chain of too many operators, and for parameters as Tcl writes them: `$a::b`, `$a(b)`.
#[must_use]
pub fn parse(sql: &str) -> Option<Select> {
    let lower = sql.to_ascii_lowercase();
    Parser::new(Cursor::new(sql, &lower)?).statement().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(sql: &str) -> Select {
        parse(sql).unwrap_or_else(|| panic!("no tree of {sql}"))
    }

    /// The only expression of `select … as r`.
    fn expression(text: &str) -> Expression {
        let mut select = parsed(&format!("select {text} as r"));
        select.cores.remove(0).columns.remove(0).expression.unwrap()
    }

    /// Checks the parentheses of an expression.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let sql = format!("select {text} as r");
        assert_eq!(parenthesised(&sql, &parsed(&sql)), format!("select {expected} as r"));
    }

    #[test]
    fn operators_bind_as_tightly_as_in_sqlite() {
        check("a or b and c or d", "((a or (b and c)) or d)");
        check("not a = b and c", "((not (a = b)) and c)");
        check("a = b < c & d + e * f || g", "(a = (b < (c & (d + (e * (f || g))))))");
        check("a || b * c + d >> e >= f <> g", "((((((a || b) * c) + d) >> e) >= f) <> g)");
        check("a - b - c", "((a - b) - c)");
        check("a -> 'x' ->> 'y' || b", "(((a -> 'x') ->> 'y') || b)");
        check("- a collate x || ~ b", "(((- a) collate x) || (~ b))");
        check("a == b is not c like d", "(((a == b) is not c) like d)");
        check("a isnull + 1 not null", "(((a isnull) + 1) not null)");
        check("a in (b, c + 1) = d not in t", "(((a in (b, (c + 1))) = d) not in t)");
    }

    #[test]
    fn an_operator_before_its_operand_takes_what_binds_tighter() {
        check("a + not b = c and d", "((a + (not (b = c))) and d)");
        check("- not a < b", "(- (not (a < b)))");
        check("not a not between b and c", "(not (a not between b and c))");
        check("not exists (select 1) = 1", "(not (exists (select 1) = 1))");
    }

    #[test]
    fn the_ends_of_between_and_like_are_not_alike() {
        check("a between b = c and d = e", "((a between (b = c) and d) = e)");
        check("a between b and c and d", "((a between b and c) and d)");
        check("a between b between c and d and e", "(a between (b between c and d) and e)");
        check("a like b < c escape d < e = f", "((a like (b < c) escape (d < e)) = f)");
    }

    #[test]
    fn a_negation_is_read_from_any_of_its_forms() {
        for (text, expected) in [
            ("a is b", false),
            ("a is not b", true),
            ("a is distinct from b", true),
            ("a is not distinct from b", false),
            ("a is null", false),
            ("a is not null", true),
            ("a isnull", false),
            ("a notnull", true),
            ("a not null", true),
            ("a is distinct from null", true),
            ("a not glob b", true),
            ("a not in ()", true),
            ("a not between b and c", true),
            ("a between b and c", false),
        ] {
            let (ExpressionKind::Is { is_negated, .. }
            | ExpressionKind::IsNull { is_negated, .. }
            | ExpressionKind::Like { is_negated, .. }
            | ExpressionKind::In { is_negated, .. }
            | ExpressionKind::Between { is_negated, .. }) = expression(text).kind
            else {
                panic!("{text}")
            };
            assert_eq!(is_negated, expected, "{text}");
        }
    }

    #[test]
    fn literals_are_told_apart() {
        for (text, expected) in [
            ("null", Literal::Null),
            ("1_000", Literal::Integer),
            ("0X1F", Literal::Hexadecimal),
            (".5", Literal::Real),
            ("1E-3", Literal::Real),
            ("'it''s'", Literal::Text),
            ("X'00'", Literal::Blob),
            ("current_date", Literal::CurrentTime),
        ] {
            let ExpressionKind::Literal(literal) = expression(text).kind else { panic!("{text}") };
            assert_eq!(literal, expected, "{text}");
        }
    }

    #[test]
    fn a_name_has_no_quotes_and_its_place_has() {
        let sql = "select \"a \"\"b\"\"\".[c].`d` 'é' from t";
        let column = &parsed(sql).cores[0].columns[0];
        let Some(ExpressionKind::Column(names)) = column.expression.as_ref().map(|expression| &expression.kind) else {
            panic!("no column")
        };
        let found: Vec<(&str, &str)> =
            names.iter().chain(&column.alias).map(|name| (&*name.text, &sql[name.span.clone()])).collect();
        assert_eq!(found, [("a \"b\"", "\"a \"\"b\"\"\""), ("c", "[c]"), ("d", "`d`"), ("é", "'é'")]);
    }

    #[test]
    fn a_keyword_is_a_name_where_sqlite_reads_one() {
        for sql in [
            "select key end, rows desc from replace window order by first asc nulls last",
            "select left(a, 1), if(a, b, c), like(a, b), cross from t",
            "select case end when 1 then end else end end from t",
            "select (a) over from t",
            "select count(*) filter, count(*) over from t",
            "select sum(a) over over from t as left left join u window over as (partition by range)",
            "with materialized(by) as materialized (select 1) select by in materialized from materialized",
        ] {
            parsed(sql);
        }
        assert_eq!(parsed("select a from t window w as (order by a)").cores[0].windows[0].name.text, "w");
    }

    #[test]
    fn every_clause_has_its_place() {
        let sql = "WITH a(x, y) AS (VALUES (1, 2), (3, 4)) SELECT DISTINCT x + 1 AS z, a.* FROM a NATURAL LEFT JOIN \
                   (b, c) AS d JOIN f(1) USING (x, y) WHERE x GROUP BY x, y HAVING y UNION ALL SELECT 1 ORDER BY x \
                   DESC NULLS FIRST, y LIMIT 5, 6";
        let select = parsed(sql);
        let text = |span: &Span| &sql[span.clone()];
        assert_eq!(text(&select.span), sql);
        assert_eq!(select.with_span.as_ref().map(text), Some("WITH a(x, y) AS (VALUES (1, 2), (3, 4))"));
        assert_eq!(text(&select.common_tables[0].select.span), "VALUES (1, 2), (3, 4)");
        assert_eq!(
            (select.operators[0].operator, text(&select.operators[0].span)),
            (SetOperator::UnionAll, "UNION ALL")
        );
        assert_eq!(select.order_by_span.as_ref().map(text), Some("ORDER BY x DESC NULLS FIRST, y"));
        let term = &select.order_by[0];
        assert_eq!((term.direction, term.nulls), (Direction::Descending, Some(NullsOrder::First)));
        let limit = select.limit.as_ref().unwrap();
        assert_eq!((text(&limit.count.span), limit.offset.as_ref().map(|offset| text(&offset.span))), ("6", Some("5")));
        let core = &select.cores[0];
        assert_eq!(core.distinct.as_ref().map(text), Some("DISTINCT"));
        let columns: Vec<&str> = core.columns.iter().map(|column| text(&column.span)).collect();
        assert_eq!(columns, ["x + 1 AS z", "a.*"]);
        let tables: Vec<&str> = core.from.iter().map(|table| text(&table.span)).collect();
        assert_eq!(tables, ["a", "(b, c) AS d", "f(1) USING (x, y)"]);
        let natural: Vec<bool> = core.from.iter().flat_map(|table| &table.join).map(|join| join.is_natural).collect();
        assert_eq!(natural, [true, false]);
        assert_eq!((core.group_by.len(), core.having.is_some()), (2, true));
    }

    #[test]
    fn a_call_has_its_arguments_and_its_window() {
        let sql = "select sum(distinct a order by b) filter (where c) over (w partition by d order by e range between 5 \
                   preceding and current row exclude ties) from t";
        let select = parsed(sql);
        let Some(ExpressionKind::Call(call)) =
            select.cores[0].columns[0].expression.as_ref().map(|column| &column.kind)
        else {
            panic!("no call")
        };
        assert_eq!(&sql[call.arguments_span.clone()], "distinct a order by b");
        assert!(call.distinct.is_some() && call.filter.is_some() && !call.is_star);
        let Some(Over::Window(window)) = &call.over else { panic!("no window") };
        assert_eq!(window.base.as_ref().map(|base| &*base.text), Some("w"));
        assert_eq!((window.partition_by.len(), window.order_by.len()), (1, 1));
        let frame = window.frame.as_ref().unwrap();
        assert_eq!((frame.unit, frame.has_offset()), (FrameUnit::Range, true));
        assert_eq!(&sql[frame.span.clone()], "range between 5 preceding and current row exclude ties");
    }

    #[test]
    fn a_walk_meets_every_number_once_in_the_order_of_the_text() {
        let sql = "with a as (select 1 x) select x + max(x, 2) over (order by x), (select y from b limit 1, 2) from a join \
                   f(3) on x in (select 4) where exists (select 5) group by x having x order by x collate nocase";
        let select = parsed(sql);
        let (mut ids, mut numbers) = (Vec::new(), String::new());
        Node::Select(&select).walk(|node| {
            ids.extend(node.id());
            if let Node::Expression(Expression { kind: ExpressionKind::Literal(_), span, .. }) = node {
                numbers += &sql[span.clone()];
            }
            true
        });
        ids.sort_unstable();
        assert!(ids.into_iter().eq(select.sites.clone()));
        assert_eq!(numbers, "1212345");
        let mut count = 0;
        Node::Select(&select).walk(|node| {
            count += 1;
            matches!(node, Node::Select(inner) if inner.span == select.span)
        });
        assert_eq!(count, Node::Select(&select).children().len() + 1);
    }

    #[test]
    fn no_text_is_too_deep_or_too_long_for_the_stack() {
        let repeated = |before: &str, count: usize, after: &str| {
            parse(&format!("select {}1{}", before.repeat(count), after.repeat(count)))
        };
        assert!(repeated("(", 100, ")").is_some());
        assert!(repeated("", 300, " + 1").is_some());
        for (before, after) in
            [("(", ")"), ("not ", ""), ("case when ", " then 1 end"), ("(select ", ")"), ("", " + 1"), ("1 in (", ")")]
        {
            assert!(repeated(before, 100_000, after).is_none(), "{before}1{after}");
        }
        assert!(repeated("", 100_000, ", 1 union select 1").is_some());
    }

    #[test]
    fn what_is_no_select_has_no_tree() {
        for sql in [
            "",
            "delete from t",
            "explain select 1",
            "with a as (select 1) delete from t",
            "select 1; select 2",
            "select 1 from",
            "select 'a",
            "select 1a",
            "select a b c",
            "select $a::b",
            "select raise(ignore)",
            "select a between b or c and d",
            "select a.b c.d from t left u",
        ] {
            assert!(parse(sql).is_none(), "{sql}");
        }
        assert!(parse("/* a */ values (1); -- b").is_some());
    }
}
