//! Small random tables: imported from CSV by the program's own import, made in the session, or written into the statement.

use super::amount::{Amount, Number, multiply};
use super::run::{Row, Rows, Tables};
use super::value::{self, Quantity, Value, decimal};
use crate::scratch::random::Random;
use std::collections::BTreeSet;

/// Where a table's rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A file, whose numbers are in one unit, perhaps in thousands of it, or in the unit of each row.
    Imported { has_units: bool, has_stages: bool, is_scaled: bool },
    /// A table of the session, or a common table expression of the statement.
    Given { is_inline: bool, has_units: bool },
}

/// What a column holds; a quantity of rows of several units has none of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Whole,
    Quantity(Option<&'static str>),
}

/// Cells as they are written: of text, whole numbers, and numbers whose unit stands beside them.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    text: &'static str,
    whole: Option<usize>,
    currency: &'static str,
    stage: &'static str,
    amount: String,
    item: String,
}

#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) origin: Origin,
    pub(super) cells: Vec<Cells>,
}

/// The ends of the names of copies, with what they are.
const COPIES: [(&str, &str); 2] = [("_kept", "table"), ("_shown", "view")];

const CURRENCIES: [&str; 3] = ["EUR", "GBP", "USD"];

impl Table {
    pub(super) fn random(random: &mut Random, name: String, origin: Origin) -> Self {
        // Up to 18 digits fit the whole numbers of a computer for sure, 28 the program's.
        let longest: usize = *random.pick(&[0, 0, 0, 17, 20, 28]);
        let is_scaled = matches!(origin, Origin::Imported { is_scaled: true, .. });
        let longest = longest.saturating_sub(if is_scaled { 3 } else { 0 });
        let is_empty = matches!(origin, Origin::Given { .. }) && random.chance(10);
        let count = if is_empty { 0 } else { 1 + random.below(7) };
        let mut table = Self { name, origin, cells: (0..count).map(|_| cells(random, origin, longest)).collect() };
        if let (Some(first), Origin::Imported { .. }) = (table.cells.first_mut(), origin) {
            // A column without one number is no column of quantities.
            (first.amount, first.item) = ("5".to_owned(), "2".to_owned());
        }
        table
    }

    pub(super) fn is_imported(&self) -> bool {
        matches!(self.origin, Origin::Imported { .. })
    }

    /// The names under which its rows are asked: an imported table is kept in a table of the session too, and shown in a view.
    pub(super) fn names(&self) -> Vec<String> {
        let copies = COPIES.into_iter().filter(|_| self.is_imported());
        std::iter::once(self.name.clone()).chain(copies.map(|(end, _)| format!("{}{end}", self.name))).collect()
    }

    /// What makes its copies in the session.
    pub(super) fn copies(&self) -> Vec<String> {
        let names: Vec<&str> = self.columns().into_iter().map(|(name, _)| name).collect();
        let copies = COPIES.into_iter().filter(|_| self.is_imported());
        let (name, columns) = (&self.name, names.join(", "));
        copies.map(|(end, kind)| format!("create temp {kind} {name}{end} as select {columns} from {name}")).collect()
    }

    pub(super) fn is_inline(&self) -> bool {
        matches!(self.origin, Origin::Given { is_inline: true, .. })
    }

    fn has_units(&self) -> bool {
        let (Origin::Imported { has_units, .. } | Origin::Given { has_units, .. }) = self.origin;
        has_units
    }

    fn has_stages(&self) -> bool {
        matches!(self.origin, Origin::Imported { has_stages: true, .. })
    }

    pub(super) fn columns(&self) -> Vec<(&'static str, Holds)> {
        let unit = if self.has_units() { None } else { Some("EUR") };
        let mut columns = vec![("k", Holds::Text), ("n", Holds::Whole)];
        columns.extend(self.has_units().then_some(("currency", Holds::Text)));
        columns.extend(self.has_stages().then_some(("kind", Holds::Text)));
        columns.extend([("amount", Holds::Quantity(unit)), ("item", Holds::Quantity(Some("missile")))]);
        columns
    }

    /// The file that is imported.
    pub(super) fn csv(&self) -> String {
        let names: Vec<&str> = self.columns().into_iter().map(|(name, _)| name).collect();
        let lines = self.cells.iter().map(|cells| {
            let written: Vec<String> = names.iter().map(|name| cells.written(name)).collect();
            written.join(",")
        });
        std::iter::once(names.join(",")).chain(lines).map(|line| line + "\n").collect()
    }

    /// The options of its import.
    pub(super) fn options(&self) -> String {
        let unit = match self.origin {
            Origin::Imported { has_units: true, .. } => "@currency",
            Origin::Imported { is_scaled: true, .. } => "EUR thousand",
            _ => "EUR",
        };
        let stage = if self.has_stages() { "stage = '@kind'\n" } else { "" };
        format!(
            "decimal = 'point'\ntotals = 'keep'\n{stage}unit = {{ amount = '{unit}', item = 'missile' }}\n\
             type = {{ k = 'text', n = 'integer', amount = 'decimal', item = 'decimal' }}\n"
        )
    }

    /// The select of its rows, where they are given.
    pub(super) fn query(&self) -> String {
        let names: Vec<&str> = self.columns().into_iter().map(|(name, _)| name).collect();
        let row = |cells: &Cells, only: &str| {
            let items: Vec<String> = names
                .iter()
                .map(|name| format!("{} as {name}", cells.literal(name, self.unit_of(cells, name))))
                .collect();
            format!("select {}{only}", items.join(", "))
        };
        if self.cells.is_empty() {
            let cells =
                Cells { text: "a", whole: Some(1), currency: "EUR", stage: "", amount: "5".into(), item: "2".into() };
            return row(&cells, " where 0");
        }
        self.cells.iter().map(|cells| row(cells, "")).collect::<Vec<_>>().join(" union all ")
    }

    fn scaled(&self, quantity: Quantity) -> Quantity {
        let Origin::Imported { is_scaled: true, .. } = self.origin else { return quantity };
        let thousand = Amount::Number(Number::exact(decimal("1000")));
        Quantity { amount: multiply(&quantity.amount, &thousand), ..quantity }
    }

    fn unit_of(&self, cells: &Cells, column: &str) -> &'static str {
        match column {
            "item" => "missile",
            _ if self.has_units() => cells.currency,
            _ => "EUR",
        }
    }

    /// Its rows as the oracle knows them; an imported one rests on records of the source of this number.
    pub(super) fn rows(&self, source: usize) -> Rows {
        let columns = self.columns();
        let row = |(at, cells): (usize, &Cells)| -> Row {
            let record = format!("S{source}:{}", at + 1);
            let value = |(name, _): &(&str, Holds)| match *name {
                "k" if cells.text.is_empty() => Value::Null,
                "kind" if cells.stage.is_empty() => Value::Null,
                "k" => Value::Text(cells.text.to_owned()),
                "kind" => Value::Text(cells.stage.to_owned()),
                "currency" => Value::Text(cells.currency.to_owned()),
                "n" => cells.whole.map_or(Value::Null, |whole| Value::Number(decimal(&whole.to_string()))),
                name => cells.quantity(name, self.unit_of(cells, name)).map_or(Value::Null, |quantity| {
                    let stages = if self.has_stages() && !cells.stage.is_empty() {
                        [cells.stage.to_owned()].into()
                    } else {
                        BTreeSet::new()
                    };
                    let facts = if self.is_imported() { [record.clone()].into() } else { BTreeSet::new() };
                    let quantity = if name == "amount" { self.scaled(quantity) } else { quantity };
                    Value::Quantity(Quantity { stages, facts: Some(facts), ..quantity })
                }),
            };
            columns.iter().map(value).collect()
        };
        Rows {
            names: columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
            rows: self.cells.iter().enumerate().map(row).collect(),
        }
    }
}

impl Cells {
    fn number(&self, column: &str) -> &str {
        if column == "item" { &self.item } else { &self.amount }
    }

    /// A cell of the file.
    fn written(&self, column: &str) -> String {
        match column {
            "k" => self.text.to_owned(),
            "n" => self.whole.map_or(String::new(), |whole| whole.to_string()),
            "currency" => self.currency.to_owned(),
            "kind" => self.stage.to_owned(),
            name => match self.number(name) {
                "unknown(not_stated)" => "not stated".to_owned(),
                "unknown(withheld)" => "withheld".to_owned(),
                number => number.to_owned(),
            },
        }
    }

    /// A cell of a select.
    fn literal(&self, column: &str, unit: &str) -> String {
        match column {
            "k" if self.text.is_empty() => "null".to_owned(),
            "k" => format!("'{}'", self.text),
            "n" => self.whole.map_or("null".to_owned(), |whole| whole.to_string()),
            "currency" => format!("'{}'", self.currency),
            name => match self.number(name) {
                "" => "null".to_owned(),
                number => format!("q('{number} {unit}')"),
            },
        }
    }

    fn quantity(&self, column: &str, unit: &str) -> Option<Quantity> {
        let number = self.number(column);
        (!number.is_empty()).then(|| value::read(&format!("{number} {unit}")))
    }
}

fn cells(random: &mut Random, origin: Origin, longest: usize) -> Cells {
    let is_imported = matches!(origin, Origin::Imported { .. });
    let mut cells = Cells {
        text: random.word(&["a", "b", "c", "a", "b", ""]),
        whole: if random.chance(8) { None } else { Some(1 + random.below(4)) },
        currency: random.word(&CURRENCIES),
        stage: random.word(&["pledged", "pledged", "delivered", ""]),
        amount: amount(random, is_imported, longest),
        item: amount(random, is_imported, 0),
    };
    let is_blank = [cells.text.is_empty(), cells.whole.is_none(), cells.amount.is_empty(), cells.item.is_empty()];
    if is_imported && is_blank.into_iter().filter(|is| *is).count() > 1 {
        // A row with hardly anything in it is a note at the foot of a file.
        (cells.text, cells.whole) = ("a", Some(1));
    }
    cells
}

/// The number of a cell, with what stands for none.
fn amount(random: &mut Random, is_imported: bool, longest: usize) -> String {
    match random.below(100) {
        0..8 => String::new(),
        8..14 => if is_imported {
            random.word(&["unknown(not_stated)", "unknown(withheld)"])
        } else {
            "unknown(not_in_book)"
        }
        .to_owned(),
        14..20 => format!("{}{}", random.word(&["<", "<=", ">", ">="]), number(random, 0)),
        20..26 if !is_imported => random.word(&["1..3", "2..5", "-4..-1", "0..2", "-1..5"]).to_owned(),
        26..31 if !is_imported => random.word(&["≈5", "≈2.5", "≈7", "≈0.1"]).to_owned(),
        _ => number(random, longest),
    }
}

/// A number: often one that others are too.
pub(super) fn number(random: &mut Random, longest: usize) -> String {
    let sign = if random.chance(12) { "-" } else { "" };
    match random.below(10) {
        0..6 => random.word(&["0", "1", "2", "2.5", "5", "7", "-3", "10", "100"]).to_owned(),
        6..9 if longest > 0 => {
            let whole = longest.min(*random.pick(&[3, 9, 10, 17, 18, 19, 19, 20, 27, 28]));
            let places = random.below(10);
            let places = places.min(longest - whole);
            let tail = if places == 0 { String::new() } else { format!(".{}", random.digits(places)) };
            format!("{sign}{}{tail}", random.digits(whole))
        }
        6..8 => {
            let length = 1 + random.below(7);
            format!("{sign}{}", random.digits(length))
        }
        _ => format!("{sign}{}.{}", random.below(50), 1 + random.below(9)),
    }
}

/// The tables as the oracle reads them; the sources of a book are numbered as they are imported.
pub(super) fn known(tables: &[Table]) -> Tables {
    let mut source = 0;
    let mut rows = |table: &Table| {
        source += usize::from(table.is_imported());
        table.names().into_iter().map(|name| (name, table.rows(source))).collect::<Vec<_>>()
    };
    tables.iter().flat_map(&mut rows).collect()
}
