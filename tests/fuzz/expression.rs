//! Expressions over quantities, each in two spellings: as it is asked of quantities, and as the same is asked of their
//! bare numbers, which SQLite alone works out. `twin` puts both into whole statements.

use crate::scratch::random::Random;

/// An expression.
pub(crate) struct Expression {
    /// As it is asked.
    pub(crate) asked: String,
    /// Its number, from bare numbers.
    pub(crate) number: String,
    /// Its unit; 0 too for what is no quantity.
    pub(crate) unit: Unit,
    /// Whether nothing in it drops a unit, so that it must be answered.
    pub(crate) is_sound: bool,
}

/// A unit: the power of `GBP` times a hundred, and that of `missile`.
pub(crate) type Unit = i32;

/// The units that expressions are made for.
const UNITS: [Unit; 7] = [100, 100, 1, 1, 99, 101, 0];

/// How a quantity becomes another one of its unit, and the same of numbers. `E` and `F` are two of them, `P` is a condition,
/// `D` a digit.
const SOUND: [(&str, &str); 17] = [
    ("(E)", "(E)"),
    ("+E", "+E"),
    ("q_neg(E)", "-(E)"),
    ("q_add(E, F)", "((E) + (F))"),
    ("q_sub(E, F)", "((E) - (F))"),
    ("q_mul(E, D)", "((E) * D)"),
    ("q_div(E, 1D)", "((E) / 1D.0)"),
    ("q_mul(q_div(E, F), F)", "((E) * 1.0 / (F) * (F))"),
    ("coalesce(E, F)", "coalesce(E, F)"),
    ("coalesce(null, E)", "(E)"),
    ("ifnull(E, F)", "ifnull(E, F)"),
    ("iif(P, E, F)", "iif(P, E, F)"),
    ("case when P then E else F end", "case when P then E else F end"),
    ("case n when D then E when 3 then F end", "case n when D then E when 3 then F end"),
    ("(select E)", "(select E)"),
    ("(E) collate nocase", "(E) collate nocase"),
    ("(select E where P)", "(select E where P)"),
];

/// What may be asked of a quantity by itself and is none, and the same of numbers.
const PLAIN: [(&str, &str); 8] = [
    ("n > D", "n > D"),
    ("id <> D", "id <> D"),
    ("t is not null", "t is not null"),
    ("(E) is null", "(E) is null"),
    ("(E) is not null", "(E) is not null"),
    ("typeof(E) = 'null'", "typeof(E) = 'null'"),
    ("q_cmp(E, F) > 0", "(E) > (F)"),
    ("abs(id - D) < 3", "abs(id - D) < 3"),
];

/// What drops the unit of a quantity. The same is asked of numbers, and it is well if only those answer.
const UNSOUND: [&str; 48] = [
    "E + D",
    "D - (E)",
    "(E) * F",
    "(E) / D",
    "(E) % 7",
    "-(E)",
    "~(E)",
    "not (E)",
    "(E) & 3",
    "(E) | 3",
    "(E) << 1",
    "length((E) || '')",
    "hex(D || (E))",
    "cast(E as text)",
    "cast(E as integer)",
    "cast(E as real)",
    "(E) = (F)",
    "(E) <> 40",
    "(E) > D",
    "(E) <= (F)",
    "(E) is (F)",
    "(E) is not 40",
    "(E) between D and 99",
    "(E) in (D, 9, 40)",
    "(E) in (select b from W)",
    "(E) in (select id * 10 from W)",
    "40 in (select E from W)",
    "(E) in (select D union select 40)",
    "(id, E) in (select id, a from W)",
    "(E, n) = (F, n)",
    "(E) and 1",
    "(E) or 0",
    "iif(E, 1, 2)",
    "case E when F then 1 else 2 end",
    "case when (E) > 9 then 1 end",
    "nullif(E, 40) is null",
    "max(E, D)",
    "min(E, F, D)",
    "abs(E)",
    "round(E, 1)",
    "length(E)",
    "hex(E)",
    "quote(E)",
    "substr(E, 1, 2)",
    "(E) like '1%'",
    "coalesce(E, D)",
    "(select count(*) from W where a > (E))",
    "(select value from generate_series(1, (E) collate binary) where value = 4)",
];

/// A quantity of some unit.
pub(crate) fn quantity(random: &mut Random) -> Expression {
    let (unit, depth) = (*random.pick(&UNITS), random.below(4));
    of_unit(random, unit, depth)
}

/// A condition that drops no unit.
pub(crate) fn condition(random: &mut Random) -> Expression {
    let (asked, number) = *random.pick(&PLAIN);
    let unit = *random.pick(&[100, 1]);
    let [e, f] = [0, 0].map(|depth| of_unit(random, unit, depth));
    let digit = digit(random);
    let fill = |template: &str, e: &str, f: &str, table: &str| filled(template, e, f, "", &digit, table);
    Expression {
        asked: fill(asked, &e.asked, &f.asked, "w"),
        number: fill(number, &e.number, &f.number, "w0"),
        unit: 0,
        is_sound: true,
    }
}

/// A value that has lost the unit of what it was made from.
pub(crate) fn unsound(random: &mut Random) -> Expression {
    let template = random.word(&UNSOUND);
    let unit = *random.pick(&UNITS);
    let [e, f] = [random.below(2), 0].map(|depth| of_unit(random, unit, depth));
    let digit = digit(random);
    let fill = |e: &str, f: &str, table: &str| filled(template, e, f, "", &digit, table);
    Expression {
        asked: fill(&e.asked, &f.asked, "w"),
        number: fill(&e.number, &f.number, "w0"),
        unit: 0,
        is_sound: false,
    }
}

fn of_unit(random: &mut Random, unit: Unit, depth: usize) -> Expression {
    let sound = |asked: String, number: String| Expression { asked, number, unit, is_sound: true };
    if depth > 0 {
        let (asked, number) = *random.pick(&SOUND);
        let [e, f] = [depth - 1, random.below(depth)].map(|depth| of_unit(random, unit, depth));
        let (condition, digit) = (condition(random), digit(random));
        return sound(
            filled(asked, &e.asked, &f.asked, &condition.asked, &digit, "w"),
            filled(number, &e.number, &f.number, &condition.number, &digit, "w0"),
        );
    }
    match unit {
        100 if random.chance(15) => sound(":money".to_owned(), "7".to_owned()),
        100 => sound("a".to_owned(), "a".to_owned()),
        1 if random.chance(15) => sound("q_div(a, q_div(a, b))".to_owned(), "(a / (a * 1.0 / b))".to_owned()),
        1 => sound("b".to_owned(), "b".to_owned()),
        101 => sound("q_mul(a, b)".to_owned(), "(a * b)".to_owned()),
        99 => sound("q_div(a, b)".to_owned(), "(a * 1.0 / b)".to_owned()),
        _ => sound("q_div(a, a)".to_owned(), "(a / a)".to_owned()),
    }
}

fn digit(random: &mut Random) -> String {
    (1 + random.below(9)).to_string()
}

/// A template with expressions, a condition, a digit and a table in their places.
fn filled(template: &str, e: &str, f: &str, condition: &str, digit: &str, table: &str) -> String {
    let mut text = String::new();
    for c in template.chars() {
        match c {
            'E' => text.push_str(e),
            'F' => text.push_str(f),
            'P' => text.push_str(condition),
            'D' => text.push_str(digit),
            'W' => text.push_str(table),
            c => text.push(c),
        }
    }
    text
}
