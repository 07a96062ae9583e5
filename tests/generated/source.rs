//! Where rows come from: a view of the book, or a list of quantities that are given. Each has the columns `id`, plain and
//! different in each row, `k` and `n`, plain, and `x` and `y`, quantities; once in SQL, once as rows of a script.

use super::amounts::{self, Habit};
use crate::scratch::random::Random;

/// Rows in both languages.
pub(crate) struct Source {
    /// A `select`.
    pub(crate) sql: String,
    /// An expression that gives the same rows.
    pub(crate) script: String,
    /// Texts that `k` holds.
    pub(crate) keys: &'static [&'static str],
    pub(crate) habit: Habit,
    /// How the assumptions of a least or greatest can be told by operators: see `f_extreme` in the prelude. `None` where
    /// they can't.
    pub(crate) rests_on_all: Option<bool>,
    /// How often it may be wrapped: each time may write it twice, and the program of `pledges` is long.
    pub(crate) most_wraps: usize,
}

const CERTAINTIES: &[&str] = &["proposed", "asserted", "expected", "likely"];
const STAGES: &[&str] = &["proposed", "delivered", "contracted"];
const ROLES: &[&str] = &["participates", "gives", "is asked"];

/// The views with the expressions that give the columns.
const VIEWS: [(&str, &str, &[&str]); 8] = [
    ("figures", "id, certainty as k, sig_figs as n, quantity as x, quantity as y", CERTAINTIES),
    ("figures", "id, source as k, sig_figs as n, quantity as x, quantity as y", &["S1", "S2", "S3"]),
    ("facts", "id, source as k, paragraph as n, quantity as x, quantity as y", &["S1", "S2", "S3"]),
    ("pledges", "facts as id, stage as k, length(id) as n, amount as x, item_count as y", STAGES),
    ("pledges", "facts as id, provider as k, length(stage) as n, item_count as x, amount as y", &["France"]),
    ("pledge_items", "facts as id, stage as k, length(item) as n, item_count as x, item_count as y", STAGES),
    (
        "participants",
        "actor || role || in_what || coalesce(fact, '') as id, role as k, length(actor) as n, number as x, number as y",
        ROLES,
    ),
    (
        "event_order",
        "earlier || relation || later || fact as id, relation as k, length(earlier) as n, days as x, days as y",
        &["before", "during"],
    ),
];

impl Source {
    pub(crate) fn random(random: &mut Random) -> Self {
        let mut source = match random.below(10) {
            0..=4 => Self::list(random),
            5 => Self::joined(random),
            _ => Self::view(random),
        };
        if random.chance(12) {
            let most = 1 + random.below(20);
            let ids = format!("select id from ({}) order by id limit {most}", source.sql);
            source.sql = format!("select * from ({}) where id in ({ids})", source.sql);
            source.script = format!("f_head({}, {most})", source.script);
        }
        source
    }

    fn view(random: &mut Random) -> Self {
        let (view, columns, keys) = *random.pick(&VIEWS);
        let sql = format!("select {columns} from {view}");
        let script = format!("f_rows(query(\"{sql}\"))");
        let most_wraps = if view.starts_with("pledge") { 1 } else { 3 };
        Self { sql, script, keys, habit: Habit::new(random), rests_on_all: Some(false), most_wraps }
    }

    /// Two views side by side, which the script joins by hand.
    fn joined(random: &mut Random) -> Self {
        let sql = "select a.id, b.kind as k, a.sig_figs as n, a.quantity as x, b.quantity as y \
                   from figures a join facts b on a.id = b.id"
            .to_owned();
        let script = "f_joined(query(\"select id, sig_figs, quantity from figures\"), \
                      query(\"select id, kind, quantity from facts\"))"
            .to_owned();
        Self {
            sql,
            script,
            keys: &["pledge", "claim"],
            habit: Habit::new(random),
            rests_on_all: Some(false),
            most_wraps: 2,
        }
    }

    fn list(random: &mut Random) -> Self {
        let habit = Habit::new(random);
        let rows: Vec<[String; 5]> = (1..=1 + random.below(9)).map(|id| Self::row(random, &habit, id)).collect();
        let scripts = rows.iter().map(|[id, k, n, x, y]| {
            let [k, x, y] = [k, x, y].map(|cell| cell.replace("null", "()").replace('\'', "\""));
            format!("#{{id: {id}, k: {k}, n: {}, x: {x}, y: {y}}}", n.replace("null", "()"))
        });
        let script = format!("[{}]", scripts.collect::<Vec<_>>().join(", "));
        let sql = if random.chance(50) {
            let rows: Vec<String> = rows.iter().map(|row| format!("({})", row.join(", "))).collect();
            format!("with list(id, k, n, x, y) as (values {}) select * from list", rows.join(", "))
        } else {
            let row =
                |[id, k, n, x, y]: &[String; 5]| format!("select {id} as id, {k} as k, {n} as n, {x} as x, {y} as y");
            rows.iter().map(row).collect::<Vec<_>>().join(" union all ")
        };
        let rests_on_all = (!habit.has_facts()).then_some(true);
        Self { sql, script, keys: &["a", "b", "c"], habit, rests_on_all, most_wraps: 3 }
    }

    fn row(random: &mut Random, habit: &Habit, id: usize) -> [String; 5] {
        let quantity = |random: &mut Random, absent: usize| {
            if random.chance(absent) { "null".to_owned() } else { format!("q('{}')", amounts::quantity(random, habit)) }
        };
        // The first is there, so that the columns hold quantities.
        let (x, y) = if id == 1 {
            (quantity(random, 0), quantity(random, 0))
        } else {
            (quantity(random, 10), quantity(random, 25))
        };
        let k = if random.chance(8) { "null".to_owned() } else { format!("'{}'", random.word(&["a", "b", "c"])) };
        let n = if random.chance(8) { "null".to_owned() } else { random.below(6).to_string() };
        [id.to_string(), k, n, x, y]
    }
}
