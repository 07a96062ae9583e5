//! The bundled book with as many more pledges and facts as are asked for; of actors, events, their order, parts, open
//! questions and tensions there is one for ten pledges. A second source states the money of every tenth pledge again: half
//! of the times the same, half of the times another number.

use pledgebook::store::bundled;
use rusqlite::Connection;

/// Facts of the first pledge and of the first text about none; ids of each kind go up from there.
const FIRST_MONEY: usize = 1_000;

/// Fills an empty database.
pub(crate) fn fill(connection: &Connection, pledges: usize, facts: usize) {
    connection.execute_batch("begin").expect("a transaction begins");
    connection.execute_batch(bundled::SCHEMA).expect("the schema runs");
    for (name, sql) in bundled::DATA {
        connection.execute_batch(sql).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    connection.execute_batch(&sql(pledges, facts)).expect("the pledges fit the schema");
    connection.execute_batch("commit").expect("the transaction ends");
}

fn sql(pledges: usize, facts: usize) -> String {
    let (goods, texts) = (FIRST_MONEY + pledges, FIRST_MONEY + 2 * pledges);
    let more = facts.saturating_sub(2 * pledges + pledges / TEN);
    let actors = pledges / TEN;
    format!(
        "create temp table n (i integer primary key);
         insert into n with recursive t(i) as (select 1 union all select i + 1 from t where i < {facts}) select i from t;
         insert into source (id, description, sha256, authority) select 'S2', 'a second text', sha256, 'press' from source;
         insert into actor (id, kind, name) select 'grown' || i, 'organisation', 'State ' || i from n where i <= {actors};
         insert into pledge select 'PL' || (i + 99), 'grown' || (1 + i % {actors}), 'ukraine', null, 'grant'
         from n where i <= {pledges};
         insert into fact (id, source, paragraph, sentence, subject, action, object, gloss, kind, status, certainty, attribution)
         select printf('F%02d', i + {FIRST_MONEY} - 1), 'S1', i, 1, 'State', 'provides', 'finance', 'finance of {{}}',
                'pledge', 'planned', 'proposed', 'author' from n where i <= {pledges}
         union all select printf('F%02d', i + {goods} - 1), 'S1', i, 2, 'State', 'delivers', 'goods', '{{}} of goods',
                'pledge', 'planned', 'proposed', 'author' from n where i <= {pledges}
         union all select printf('F%02d', i + {texts} - 1), 'S1', i, 3, 'State', 'says', 'a word', 'a word of State ' || i,
                'event', 'occurred', 'asserted', 'author' from n where i <= {more}
         union all select printf('S2F%02d', i), 'S2', i, 1, 'State', 'provides', 'finance', 'finance of {{}}',
                'pledge', 'planned', 'proposed', 'author' from n where i <= {pledges} / {TEN};
         insert into figure (fact, bound, amount_minor, unit, minor_per_unit, basis, as_written, sig_figs, label, stage)
         select printf('F%02d', i + {FIRST_MONEY} - 1), 'exact', i * 700000, 'GBP', 100, 'stated', i * 7000, 1, 'finance',
                iif(i % 3 = 0, 'committed', 'proposed') from n where i <= {pledges}
         union all select printf('F%02d', i + {goods} - 1), 'exact', i * 3, 'missile', 1, 'stated', i * 3, 1, 'missiles',
                iif(i % 3 = 0, 'committed', 'proposed') from n where i <= {pledges}
         union all select printf('S2F%02d', i), 'exact', i * {TEN} * 700000 + (i % 2) * 100, 'GBP', 100, 'stated', 'again', 1,
                'finance', iif(i * {TEN} % 3 = 0, 'committed', 'proposed') from n where i <= {pledges} / {TEN};
         insert into pledge_stage select 'PL' || (i + 99), printf('F%02d', i + {FIRST_MONEY} - 1) from n where i <= {pledges};
         insert into pledge_stage select 'PL' || (i * {TEN} + 99), printf('S2F%02d', i) from n where i <= {pledges} / {TEN};
         insert into pledge_item
         select 'PL' || (i + 99), printf('F%02d', i + {goods} - 1), 'missile', null, null, null, 'not_stated'
         from n where i <= {pledges};
         insert into mention select printf('F%02d', i + {texts} - 1), 'grown' || (1 + i % {actors}), 'subject'
         from n where i <= {more};
         insert into event select 'E' || (i + 99), 'event ' || i, null, null, 'not_stated', printf('F%02d', i + {texts} - 1)
         from n where i <= {actors};
         insert into event_pair select 'E' || (i + 99), 'before', 'E' || (i + 100), printf('F%02d', i + {texts} - 1)
         from n where i < {actors} / 2;
         insert into participation (actor, initiative, role, is_counted, fact)
         select 'grown' || i, 'I1', 'participates', 0, printf('F%02d', i + {texts} - 1) from n where i <= {actors};
         insert into unknown select 'U' || (i + 99), 'What of ' || i || '?', 'a thing', 'not_stated', 'a thing', 'nothing', 'a source'
         from n where i <= {actors};
         insert into unknown_fact select 'U' || (i + 99), printf('F%02d', i + {texts} - 1), 'closest', null from n where i <= {actors};
         insert into unknown_fact select 'U' || (i + 99), printf('F%02d', i + {FIRST_MONEY} - 1), 'limits', 1 from n where i <= {actors};
         insert into tension select 'X' || (i + 99), 'two statements', 'both stay' from n where i <= {actors};
         insert into tension_fact select 'X' || (i + 99), printf('F%02d', i + {FIRST_MONEY} - 1) from n where i <= {actors};
         drop table temp.n;"
    )
}

/// One pledge of so many is stated again.
const TEN: usize = 10;
