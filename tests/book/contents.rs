//! That the bundled facts say what the source says, in number and in substance.

use super::{bundled, check};

/// Checks one question on the book as it ships.
#[track_caller]
fn ships(sql: &str, expected: &[&str]) {
    check(&bundled(), sql, expected);
}

#[test]
fn the_three_axes_count_as_the_source_does() {
    let statuses = ["planned | 21", "occurred | 20", "ongoing | 8", "hypothetical | 6"];
    ships("select status, count(*) from facts group by 1 order by 2 desc", &statuses);
    let certainties = [
        "asserted | 28",
        "aimed | 6",
        "possible | 4",
        "required | 4",
        "likely | 3",
        "proposed | 3",
        "called_for | 2",
        "envisioned | 2",
        "expected | 2",
        "interest_expressed | 1",
    ];
    ships("select certainty, count(*) from facts group by 1 order by 2 desc, 1", &certainties);
    let attributions = ["author | 41", "Starmer | 9", "plan | 5"];
    ships("select attribution, count(*) from facts group by 1 order by 2 desc", &attributions);
    ships("select id from facts where is_evaluation order by id", &["F17", "F32", "F34", "F35", "F54"]);
    ships("select count(*), min(id), max(id) from facts", &["55 | F01 | F55"]);
}

#[test]
fn the_parts_of_the_book_count_as_the_source_does() {
    let kinds = ["group | 2", "organisation | 3", "person | 4", "region | 1", "state | 10", "unnamed_group | 6"];
    ships("select kind, count(*) from actors group by 1 order by 1", &kinds);
    ships("select count(*), min(id), max(id) from unknowns", &["31 | U01 | U31"]);
    ships("select count(*) from tensions", &["14"]);
    ships("select count(distinct point), count(*), count(condition) from plan_points", &["4 | 7 | 1"]);
    ships("select clause from plan_points where condition is not null", &["3"]);
    ships("select count(*) from conflicts", &["0"]);
    ships("select count(*) from office", &["4"]);
    ships("select id, authority, unknown, title, published from sources", &["S1 | unknown | U28 | - | -"]);
}

#[test]
fn the_figures_are_those_that_the_source_states() {
    let figures = [
        "F16 | 1 day [F16] | a day | 1 | 2.1",
        "F18 | 4 point [F18] | four | 1 | 3.1",
        "F29 | 1600000000 GBP [F29; @proposed] | £1.6 billion | 2 | 4.2",
        "F30 | 5000 missile [F30; @proposed] | 5,000 | 1 | 4.2",
    ];
    ships("select id, quantity, as_written, sig_figs, locator from figures order by id", &figures);
    let others = ["unknown(not_stated) troop [F38 U11]", ">=2 state [F44]", "3 state [F53]"];
    ships("select quantity from facts where id in ('F38', 'F44', 'F53') order by id", &others);
    let gloss = ["with its help Ukraine would acquire 5,000 additional missiles"];
    ships("select gloss from facts where id = 'F30'", &gloss);
}

#[test]
fn the_pledge_is_one_row() {
    let pledge = "PL1 | United Kingdom | Ukraine | Keir Starmer | export finance | 1600000000 GBP [F29; @proposed] \
                  | air-defence missile | 5000 missile [F30; @proposed] | proposed | proposed | - | F29 F30 F31";
    ships("select * from pledges", &[pledge]);
    let item = "5000 missile [F30; @proposed] | additional | not_stated | not_stated | F30 F31";
    ships("select item_count, qualifier, baseline, cost_coverage, facts from pledge_items", &[item]);
}

#[test]
fn participants_are_told_apart_by_certainty() {
    let sql = "select certainty, actor, in_what, number from participants \
               where kind = 'state' and in_kind = 'initiative' or in_kind = 'group' order by certainty, actor";
    let participants = [
        "expected | France | the initiative | -",
        "expected | United Kingdom | the initiative | -",
        "interest_expressed | several countries (unnamed) | the coalition | >=2 state [F44]",
        "likely | Estonia | the initiative | -",
        "likely | Latvia | the initiative | -",
        "likely | Lithuania | the initiative | -",
        "not_stated | none stated | the coalition | unknown(not_stated)",
        "possible | various European and NATO countries (unnamed) | the coalition | unknown(unnamed) state [F39 U12]",
    ];
    ships(sql, &participants);
}

#[test]
fn who_takes_part_is_told_apart_from_whom_something_is_done_to() {
    let sql = "select takes_part, kind, group_concat(distinct actor) from (select * from participants order by actor) \
               where kind in ('state', 'person') group by takes_part, kind order by 1 desc, 2";
    let told = [
        "1 | person | Donald Trump,Volodymyr Zelenskyy",
        "1 | state | Estonia,France,Latvia,Lithuania,United Kingdom",
        "0 | person | Keir Starmer",
        "0 | state | Russia,Ukraine,United States",
    ];
    ships(sql, &told);
    ships("select actor, role from participants where takes_part is null", &["none stated | member"]);
}

#[test]
fn four_orders_are_established_and_one_interval() {
    let orders = [
        "White House disagreement | announcement of the initiative | unknown(not_stated) day [F08]",
        "London gathering | Commons speech | 1 day [F16]",
        "several countries show interest | Starmer's remark on that interest | unknown(not_stated) day [F44]",
        "Lancaster House summit | start of the initiative | unknown(not_stated) day [F47]",
    ];
    ships("select earlier, later, days from event_order order by fact", &orders);
    ships("select count(date), count(*) filter (where date_basis = 'relative_only') from events", &["0 | 1"]);
}

#[test]
fn an_actor_is_found_under_every_name() {
    let facts = ["F06", "F07", "F09", "F26", "F27", "F33"];
    ships("select fact from mentions where actor = 'United States' order by fact", &facts);
    let about_starmer = "select fact from mentions where actor = 'Keir Starmer' and role = 'topic' order by fact";
    ships(about_starmer, &["F08", "F16", "F18", "F36", "F54"]);
    let in_a_name = ["F12", "F39"];
    ships("select fact from mentions where actor = 'Europe' and role = 'named' order by fact", &in_a_name);
    let aliases = ["Trump; US President", "US; Washington"];
    ships("select aliases from actors where id in ('trump', 'united_states') order by name", &aliases);
}

#[test]
fn open_questions_name_the_facts_that_they_touch() {
    let sql = "select distinct unknown, short from unknown_fact join unknown on id = unknown \
               where fact in ('F29', 'F30') and brief_ord is not null order by brief_ord";
    ships(sql, &["U17 | whole cost or part", "U18 | approval", "U16 | delivery"]);
    ships("select closest from unknowns where id in ('U11', 'U26') order by id", &["F38 F39", "F28"]);
    ships("select facts from tensions where id = 'X4'", &["F29 F32"]);
    let closest = ["U26 | F28", "U28 | -", "U30 | F48 F49 F50 F51 F52", "U31 | F29"];
    let sql = "select id, closest from unknowns where id in ('U26', 'U28', 'U30', 'U31') order by id";
    ships(sql, &closest);
}
