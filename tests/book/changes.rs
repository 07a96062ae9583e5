//! That a changed number, a second source or a correction shows in every view that rests on it, and that the schema
//! refuses what cannot be.

use super::{bundled, canonical_quantities, check};
use rusqlite::Connection;

/// A copy of the book, changed.
#[track_caller]
fn changed(change: &str) -> Connection {
    let book = bundled();
    book.execute_batch(change).expect(change);
    book
}

/// A second source, with one fact and one record about the pledge of the first.
const SECOND_SOURCE: &str = "
    insert into source (id, description, sha256, authority) select 'S2', 'a table', sha256, 'press' from source;
    insert into fact (id, source, record, paragraph, sentence, subject, action, gloss,
                      kind, status, certainty, attribution) values
    ('S2F01', 'S2', null, 1, 1, 'United Kingdom', 'provides', 'finance of {}',
     'pledge', 'planned', 'proposed', 'author'),
    ('S2:37', 'S2', 37, null, null, 'United Kingdom', 'orders', 'an order',
     'pledge', 'occurred', 'asserted', 'author');
    insert into figure (fact, bound, amount_minor, unit, minor_per_unit, basis, as_written, sig_figs, label, stage)
    values ('S2F01', 'exact', 116000000000, 'GBP', 100, 'stated', '£1.16 billion', 3, 'export finance', 'proposed');
    insert into figure (fact, reason, unit, minor_per_unit, stage)
    values ('S2:37', 'not_stated', 'GBP', 100, 'contracted');
    insert into pledge_stage (pledge, fact) values ('PL1', 'S2F01'), ('PL1', 'S2:37');";

#[test]
fn a_changed_bound_shows_wherever_the_number_does() {
    let book = changed("update figure set bound = 'more_than' where fact = 'F30'");
    for sql in [
        "select item_count from pledges",
        "select item_count from pledge_items",
        "select quantity from facts where id = 'F30'",
        "select quantity from figures where id = 'F30'",
    ] {
        check(&book, sql, &[">5000 missile [F30; @proposed]"]);
    }
}

#[test]
fn every_bound_has_its_text_form() {
    for (change, expected) in [
        ("bound = 'at_least'", ">=1600000000 GBP"),
        ("bound = 'up_to'", "<=1600000000 GBP"),
        ("bound = 'less_than'", "<1600000000 GBP"),
        ("bound = 'about'", "≈1600000000 GBP"),
        ("bound = 'between', upper_minor = 160000000050", "1600000000..1600000000.5 GBP"),
        ("amount_minor = -5", "-0.05 GBP"),
        ("amount_minor = 0", "0 GBP"),
        ("unit = 'KWD', minor_per_unit = 1000, amount_minor = 1250", "1.25 KWD"),
        ("unit = 'JPY', minor_per_unit = 1, amount_minor = 9223372036854775807", "9223372036854775807 JPY"),
    ] {
        let book = changed(&format!("update figure set {change} where fact = 'F29'"));
        check(&book, "select value from figure where fact = 'F29'", &[expected]);
        canonical_quantities(&book);
    }
}

#[test]
fn the_schema_refuses_what_cannot_be() {
    for change in [
        "update figure set unit = 'GPB' where fact = 'F29'",
        "update figure set minor_per_unit = 1 where fact = 'F29'",
        "update figure set reason = 'not_stated' where fact = 'F29'",
        "update figure set amount_minor = null where fact = 'F29'",
        "update figure set amount_minor = 1.5 where fact = 'F29'",
        "update figure set bound = 'between' where fact = 'F29'",
        "update figure set unknown = 'U12' where fact = 'F38'",
        "update fact set id = 'F056' where id = 'F31'",
        "update fact set source = 'S2' where id = 'F31'",
        "update fact set paragraph = null where id = 'F29'",
        "update fact set superseded_by = id where id = 'F29'",
        "update fact set certainty = 'certain' where id = 'F29'",
        "insert into pledge_stage values ('PL1', 'F16')",
        "insert into pledge_item values ('PL1', 'F16', 'day', null, null, null, 'not_stated')",
        "update pledge_stage set fact = 'F16' where fact = 'F29'",
        "update pledge_item set fact = 'F16' where fact = 'F30'",
        "update figure set stage = null where fact = 'F29'",
        "update figure set stage = null where fact = 'F30'",
        "update participation set plan = 'P1' where fact = 'F48'",
        "update unit set code = 'GBP/day' where code = 'day'",
    ] {
        assert!(bundled().execute_batch(change).is_err(), "{change}");
    }
}

#[test]
fn a_second_source_stands_beside_the_first() {
    let book = changed(SECOND_SOURCE);
    let pledges = [
        "1160000000 GBP [S2F01; @proposed] | air-defence missile | 5000 missile [F30; @proposed] | F30 F31 S2F01",
        "1600000000 GBP [F29; @proposed] | air-defence missile | 5000 missile [F30; @proposed] | F29 F30 F31",
        "unknown(not_stated) GBP [S2:37; @contracted] | - | - | S2:37",
    ];
    check(&book, "select amount, item, item_count, facts from pledges order by amount", &pledges);
    let conflicts = [
        "PL1@proposed | 1600000000 GBP [F29; @proposed] | F29 | S1 | -",
        "PL1@proposed | 1160000000 GBP [S2F01; @proposed] | S2F01 | S2 | -",
    ];
    check(&book, "select id, quantity, fact, source, counting_rule from conflicts order by fact", &conflicts);
    check(&book, "select count(*) from facts where source = 'S2'", &["1"]);
    canonical_quantities(&book);
}

#[test]
fn a_source_s_own_number_of_items_goes_with_its_money() {
    let book = changed(SECOND_SOURCE);
    book.execute_batch(
        "insert into fact (id, source, record, subject, action, gloss, kind, status, certainty, attribution) values
         ('S2:2', 'S2', 2, 'Ukraine', 'acquires', 'missiles', 'pledge', 'planned', 'proposed', 'author');
         insert into figure (fact, bound, amount_minor, unit, minor_per_unit, basis, stage) values
         ('S2:2', 'exact', 4500, 'missile', 1, 'counted', 'proposed');
         insert into pledge_item values ('PL1', 'S2:2', 'air-defence missile', null, null, null, 'not_stated')",
    )
    .expect("insert");
    let counts = ["4500 missile [S2:2; @proposed] | S2:2 S2F01", "5000 missile [F30; @proposed] | F29 F30 F31"];
    check(&book, "select item_count, facts from pledges where stage = 'proposed' order by amount", &counts);
    let sql = "select id, fact from conflicts where id glob '*missile' order by fact";
    check(&book, sql, &["PL1@proposed air-defence missile | F30", "PL1@proposed air-defence missile | S2:2"]);
}

#[test]
fn a_recorded_conflict_takes_the_place_of_the_found_one() {
    let book = changed(SECOND_SOURCE);
    book.execute_batch(
        "insert into conflict values ('K1', 'how much finance was proposed');
         insert into conflict_member values ('K1', 'F29', null), ('K1', 'S2F01', 'first tranche')",
    )
    .expect("insert");
    let conflicts = ["K1 | F29 | -", "K1 | S2F01 | first tranche"];
    check(&book, "select id, fact, counting_rule from conflicts order by fact", &conflicts);
}

#[test]
fn a_recorded_conflict_without_a_later_source_s_figure_does_not_hide_the_found_one() {
    let book = changed(SECOND_SOURCE);
    book.execute_batch(
        "insert into conflict values ('K1', 'how much finance was proposed');
         insert into conflict_member values ('K1', 'F29', null), ('K1', 'S2F01', null);
         insert into source (id, description, sha256, authority) select 'S3', 'a third', sha256, 'press' from source
         where id = 'S1';
         insert into fact (id, source, record, subject, action, gloss, kind, status, certainty, attribution) values
         ('S3:1', 'S3', 1, 'United Kingdom', 'provides', 'finance', 'pledge', 'planned', 'proposed', 'author');
         insert into figure (fact, bound, amount_minor, unit, minor_per_unit, basis, stage) values
         ('S3:1', 'exact', 200000000000, 'GBP', 100, 'counted', 'proposed');
         insert into pledge_stage values ('PL1', 'S3:1')",
    )
    .expect("insert");
    let conflicts = ["K1 | F29", "K1 | S2F01", "PL1@proposed | F29", "PL1@proposed | S2F01", "PL1@proposed | S3:1"];
    check(&book, "select id, fact from conflicts order by id, fact", &conflicts);
}

#[test]
fn goods_without_money_stay_a_pledge_of_unknown_money() {
    let book = changed("delete from pledge_stage; delete from figure where fact = 'F29'");
    let pledge = "unknown(not_stated) [@proposed] | 5000 missile [F30; @proposed] | proposed | F30 F31";
    check(&book, "select amount, item_count, stage, facts from pledges", &[pledge]);
    canonical_quantities(&book);
}

#[test]
fn several_kinds_of_goods_have_no_one_number() {
    let book = changed(
        "insert into fact (id, source, paragraph, sentence, subject, action, gloss,
                           kind, status, certainty, attribution)
         values ('F91', 'S1', 4, 2, 'Ukraine', 'acquires', 'launchers', 'pledge', 'planned', 'proposed', 'Starmer');
         insert into figure (fact, reason, stage) values ('F91', 'not_stated', 'proposed');
         insert into pledge_item values ('PL1', 'F91', 'launcher', null, null, null, 'not_stated')",
    );
    check(&book, "select item, item_count, facts from pledges", &["several | - | F29 F30 F31 F91"]);
}

#[test]
fn a_superseded_fact_is_shown_nowhere() {
    let book = changed(SECOND_SOURCE);
    book.execute_batch("update fact set superseded_by = 'S2F01' where id = 'F29'").expect("update");
    check(&book, "select facts from pledges where stage = 'proposed'", &["F30 F31 S2F01"]);
    check(&book, "select count(*) from conflicts", &["0"]);
    check(&book, "select id from facts where id = 'F29' union all select id from figures where id = 'F29'", &[]);
}
