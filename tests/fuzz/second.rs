//! A second reader of the text form of quantities, which shares nothing with the program's: whatever that reads must say
//! what stands there, digit by digit.

use pledgebook::quantity::{Amount, End, Number, Quantity};
use std::collections::{BTreeMap, BTreeSet};

/// A number as it is written: its sign and digits without zeros at either end, and the power of ten behind them.
type Digits = (String, i64);

/// Whether a quantity is what its text says.
pub(crate) fn check(text: &str, quantity: &Quantity) -> Result<(), String> {
    let (stated, references) = match text.split_once('[') {
        Some((stated, references)) => {
            (stated.trim(), references.trim_end().strip_suffix(']').ok_or("`]` does not end it")?)
        }
        None => (text.trim(), ""),
    };
    let end = if stated.starts_with("unknown(") { stated.find(')').map(|at| at + 1) } else { stated.find(' ') };
    let (value, unit) = stated.split_at(end.unwrap_or(stated.len()));
    amount(value, quantity.amount())?;
    if let Some(read) = quantity.unit() {
        agree("unit", &powers(unit.trim()), &powers(&read.to_string()))?;
    }
    rests_on(references, quantity)
}

fn agree<T: PartialEq + std::fmt::Debug>(what: &str, written: &T, read: &T) -> Result<(), String> {
    if written == read { Ok(()) } else { Err(format!("the {what} {written:?} is read as {read:?}")) }
}

fn amount(value: &str, read: &Amount) -> Result<(), String> {
    if let Some(reasons) = value.strip_prefix("unknown(") {
        let words =
            |text: &str| text.trim_end_matches(')').split(',').map(|w| w.trim().to_owned()).collect::<BTreeSet<_>>();
        let Amount::Unknown(known) = read else { return Err("what is unknown is read as known".to_owned()) };
        return agree("reasons", &words(reasons), &words(&known.to_string()));
    }
    let (lo, hi) = ends(value);
    let is_exact = !value.contains('≈');
    let written = |end: Option<(&str, bool)>| match end {
        Some((number, is_closed)) => Ok(Some((digits(number)?, is_closed))),
        None => Ok::<_, String>(None),
    };
    let (lo, hi) = (written(lo)?, written(hi)?);
    match read {
        Amount::Number(number) => {
            agree("number", &(lo.clone(), is_exact), &(Some((of(*number), true)), number.is_exact()))?;
            agree("number", &hi, &lo)
        }
        Amount::Range(range) => {
            let end = |end: Option<End>| end.map(|end| (of(Number::exact(end.value)), end.closed));
            agree("range", &(lo, hi, is_exact), &(end(range.lo()), end(range.hi()), range.is_exact()))
        }
        Amount::Unknown(_) => Err("what is known is read as unknown".to_owned()),
    }
}

/// The end of a range as it is written, and whether it is closed.
type Written<'t> = (&'t str, bool);

/// The ends of a range, each with whether it is closed; a number is both its ends.
fn ends(value: &str) -> (Option<Written<'_>>, Option<Written<'_>>) {
    if let Some((lo, hi)) = value.split_once("..") {
        let (lo, is_open) = lo.strip_suffix('<').map_or((lo, false), |lo| (lo, true));
        let (hi, hi_is_open) = hi.strip_prefix('<').map_or((hi, false), |hi| (hi, true));
        return (Some((lo, !is_open)), Some((hi, !hi_is_open)));
    }
    let one_sided = |sign: &str| value.strip_prefix(sign);
    match (one_sided(">="), one_sided("<="), one_sided(">"), one_sided("<")) {
        (Some(lo), ..) => (Some((lo, true)), None),
        (_, Some(hi), ..) => (None, Some((hi, true))),
        (_, _, Some(lo), _) => (Some((lo, false)), None),
        (.., Some(hi)) => (None, Some((hi, false))),
        _ => (Some((value, true)), Some((value, true))),
    }
}

/// A number by its digits; anything else in it is no part of one.
fn digits(number: &str) -> Result<Digits, String> {
    let number = number.trim_start_matches('≈');
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => ("-", number),
        None => ("", number.strip_prefix('+').unwrap_or(number)),
    };
    let (number, power) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, places) = number.split_once('.').unwrap_or((number, ""));
    let all = [whole, places].concat();
    let power: i64 = power.parse().map_err(|_| format!("`{power}` is read as a power of ten"))?;
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("`{number}` is read as a number"));
    }
    let (kept, length) = (all.trim_end_matches('0'), all.len());
    let power = power - i64::try_from(places.len()).unwrap_or(0) + i64::try_from(length - kept.len()).unwrap_or(0);
    let kept = kept.trim_start_matches('0');
    Ok(if kept.is_empty() { (String::new(), 0) } else { ([sign, kept].concat(), power) })
}

fn of(number: Number) -> Digits {
    digits(&number.value.to_string()).unwrap_or_default()
}

/// The powers of the bases of a unit.
fn powers(unit: &str) -> BTreeMap<String, i32> {
    let mut powers = BTreeMap::new();
    for (side, sign) in unit.splitn(2, '/').zip([1, -1]) {
        for factor in side.split('*').filter(|factor| !matches!(*factor, "1" | "")) {
            let (base, power) = factor.split_once('^').unwrap_or((factor, "1"));
            *powers.entry(base.to_owned()).or_default() += sign * power.parse().unwrap_or(0);
        }
    }
    powers.retain(|_, power| *power != 0);
    powers
}

/// The facts, stages and names of assumptions; records of imported tables, which may be written together, are left out.
fn rests_on(references: &str, quantity: &Quantity) -> Result<(), String> {
    let (mut facts, mut stages, mut assumptions) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for part in references.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        // References may stand behind anything with no `;` between; what follows a supposed number is its unit.
        let words: Vec<&str> = part.split_whitespace().collect();
        let behind = words.iter().rev().take_while(|word| is_reference(word) && !word.contains('=')).count();
        let is_unit = behind < words.len() && words[words.len() - behind - 1].contains('=');
        let (before, after) = words.split_at((words.len() - behind + usize::from(is_unit)).min(words.len()));
        facts.extend(after.iter().filter(|fact| !fact.contains(':')).map(|fact| without_zeros(fact)));
        match before.first().map(|first| first.strip_prefix('@').ok_or(first)) {
            Some(Ok(_)) => stages.extend(before.concat()[1..].split('+').map(str::to_owned)),
            Some(Err(first)) => drop(assumptions.insert(first.split('=').next().unwrap_or_default().to_owned())),
            None => {}
        }
    }
    let words = |text: &str, between: char| -> BTreeSet<String> {
        text.split(between).filter(|word| !word.is_empty() && !word.contains(':')).map(without_zeros).collect()
    };
    agree("facts", &facts, &words(&quantity.facts().to_string(), ' '))?;
    agree("stages", &stages, &words(&quantity.stages().to_string(), '+'))?;
    let named = quantity.assumptions().iter().map(|assumption| assumption.name().to_owned());
    agree("assumptions", &assumptions, &named.collect())
}

/// Whether a word names a fact, an unknown or a record, as `F29`, `S2F01`, `U11`, `S2:37`.
fn is_reference(word: &str) -> bool {
    word.starts_with(['F', 'U', 'S']) && word[1..].starts_with(|c: char| c.is_ascii_digit())
}

/// A reference without the zeros before its numbers.
fn without_zeros(word: &str) -> String {
    let mut kept = String::new();
    for c in word.chars() {
        if c != '0' || kept.ends_with(|before: char| before.is_ascii_digit()) {
            kept.push(c);
        }
    }
    kept
}
