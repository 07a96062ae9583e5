//! Publishers whose tables are known by their headers. They say what the headers of their files do not: the unit of a column, or the
//! column that has it, and the column of the stages. What the user says goes before; a table that is only like one of theirs is named,
//! and nothing is set.

use super::column::ColumnProfile;
use super::header;
use super::marks;
use super::numeric;
use super::options::{DecimalOption, ImportOptions};
use super::stage;
use super::stated_unit::stated_unit;
use crate::quantity::UnitRegistry;

/// A publisher whose tables are known by their headers.
struct Publisher {
    name: &'static str,
    /// Headers that all its tables have, as letters and digits in lower case; of several in one text, one.
    known_by: &'static [&'static str],
    /// The units of its columns, which its files say elsewhere or nowhere.
    units: fn(&KnownTable<'_>) -> Vec<ColumnUnit>,
    /// The column of the stages of its numbers, if its tables have one.
    stages: Option<StageColumn>,
    /// A remark that a reader of its tables needs.
    remark: &'static str,
}

/// A column whose words are the stages of the numbers in their rows.
struct StageColumn {
    /// Its names through the releases, as letters and digits in lower case.
    names: &'static [&'static str],
    /// Its words that are not those of the book, with the stages that they mean.
    words: &'static [(&'static str, &'static str)],
}

/// One row for each publisher.
const PUBLISHERS: [Publisher; 7] = [
    Publisher {
        name: "the Ukraine Support Tracker of the Kiel Institute",
        known_by: &[
            "countries|donor|country",
            "announcementdate",
            "typeofaidgeneral|aidtypegeneral",
            "originalcurrency|reportedcurrency|sourcereportedcurrency",
            "monetaryvalueasgivenbysource|sourcereportedvalue",
        ],
        units: |table| {
            let amounts = ["monetaryvalueasgivenbysource", "sourcereportedvalue", "total", "allocatedtotal"];
            let currencies = ["originalcurrency", "reportedcurrency", "sourcereportedcurrency"];
            let currency = currencies.into_iter().find(|currency| table.find(currency).is_some()).unwrap_or_default();
            amounts.iter().filter_map(|amount| table.beside(amount, currency)).collect()
        },
        stages: Some(StageColumn { names: &["typeofdonation", "measure"], words: &[] }),
        remark: "a package has its total on its first row alone",
    },
    Publisher {
        name: "an indicator of the World Bank, a column a year",
        known_by: &["countryname", "countrycode", "indicatorname", "indicatorcode"],
        units: |table| table.indicator_units(),
        stages: None,
        remark: "groups of countries, as World, are among its rows",
    },
    Publisher {
        name: "the reference rates of the European Central Bank",
        known_by: &["date", "usd", "jpy", "gbp", "chf", "sek"],
        units: |table| table.rates_for_euro(),
        stages: None,
        remark: "each number is units of a currency for one euro",
    },
    Publisher {
        name: "exchange rates of the Federal Reserve, release H.10",
        known_by: &["date|timeperiod|seriesdescription", "country", "exchangerate"],
        units: |_| Vec::new(),
        stages: None,
        remark: "units of a currency for one US dollar, but for a few the other way round: the file does not say which",
    },
    Publisher {
        name: "flows of the Financial Tracking Service",
        known_by: &["amountusd", "originalamount", "originalcurrency", "budgetyear|flowtype"],
        units: |table| table.beside("originalamount", "originalcurrency").into_iter().collect(),
        stages: Some(StageColumn { names: &["status"], words: &[("paid", "disbursed")] }),
        remark: "the same money may be in a flow into and a flow out of a place",
    },
    Publisher {
        name: "contracts in the Open Contracting Data Standard",
        known_by: &["ocid"],
        units: |table| table.siblings(),
        stages: None,
        remark: "an amount has its currency beside it",
    },
    Publisher {
        name: "activities in the standard of IATI",
        known_by: &["iatiidentifier"],
        units: |table| table.siblings(),
        stages: None,
        remark: "budgets, commitments and disbursements are all among its rows, and a sum adds them unless `--stage @COLUMN` names \
                 the column that tells them apart",
    },
];

/// The fewest headers of which one may lack for a table to be named as like a publisher's.
const MIN_LIKE: usize = 4;

/// The most currencies that a sentence names.
const MAX_NAMED: usize = 5;

/// A column with its unit, as an option says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ColumnUnit {
    /// The index of the column.
    pub(super) index: usize,
    /// Its unit.
    pub(super) unit: String,
}

/// The column of the stages, as options say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownStages {
    /// The column, as `@COLUMN`.
    stage: String,
    /// The stages of its words.
    words: &'static [(&'static str, &'static str)],
}

/// A table that is recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recognised {
    /// The units that follow.
    pub(super) units: Vec<ColumnUnit>,
    /// The stages of its numbers, where a column names them.
    stages: Option<KnownStages>,
    /// The decimal mark of its publisher, all of whom write in English.
    pub(super) decimal: Option<DecimalOption>,
    /// The name of the numbers of its long rows, where the table says it in a column.
    pub(super) value_header: Option<String>,
    /// The publisher, with the units that are set, for the report.
    named: String,
    /// The sentence about the stages; empty where nothing is.
    staged: String,
    /// The remark of the publisher; empty where there is none.
    remark: &'static str,
}

/// The evidence by which a table is recognised.
pub(super) struct KnownTable<'t> {
    /// Its headers.
    pub(super) headers: &'t [String],
    /// The counts of its columns.
    pub(super) profiles: &'t [ColumnProfile],
    /// The tags below its header, where it has such a row.
    pub(super) tags: &'t [String],
    /// The units of the book.
    pub(super) units: &'t UnitRegistry,
    /// The column that the cells of long columns have become.
    pub(super) long_value: Option<usize>,
}

/// Letters and digits in lower case.
fn loose(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Recognised {
    /// A table of which nothing but units and a name is known.
    fn of(units: Vec<ColumnUnit>, named: String) -> Self {
        let (stages, staged) = (None, String::new());
        Self { units, stages, decimal: None, value_header: None, named, staged, remark: "" }
    }

    /// The sentence for the report, under the options of the user, who may have said the stages.
    pub(super) fn in_words(&self, options: &ImportOptions) -> String {
        let staged = if options.stage.is_some() { "" } else { &self.staged };
        [&self.named, staged, self.remark].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }

    /// Adds what is known to options that do not say otherwise.
    pub(super) fn complete(&self, headers: &[String], options: &mut ImportOptions) {
        options.decimal = options.decimal.or(self.decimal);
        let names = header::names(headers);
        for known in &self.units {
            let (header, name) = (&headers[known.index], &names[known.index]);
            if ![header, name].into_iter().any(|key| options.unit.contains_key(key)) {
                options.unit.insert(header.clone(), known.unit.clone());
            }
        }
        if let (Some(known), None) = (&self.stages, &options.stage) {
            options.stage = Some(known.stage.clone());
            for (word, stage) in known.words {
                options.stages.entry((*word).to_owned()).or_insert_with(|| (*stage).to_owned());
            }
        }
    }
}

impl KnownTable<'_> {
    /// Recognises the table, or the file's by headers of which some have become rows: their units are in the rows already.
    pub(super) fn recognise_as(&self, file_headers: &[String]) -> Option<Recognised> {
        let of_file = || by_headers(file_headers, self.units).filter(|known| known.decimal.is_some());
        let long = || of_file().map(|known| Recognised { units: Vec::new(), ..known });
        self.recognise().or_else(|| self.long_value.and_then(|_| long()))
    }

    /// Recognises the table; `None` if it is nobody's that is known.
    #[must_use]
    pub(super) fn recognise(&self) -> Option<Recognised> {
        let loose_headers: Vec<String> = self.headers.iter().map(|header| loose(header)).collect();
        let has = |name: &&str| name.split('|').any(|name| loose_headers.iter().any(|header| header == name));
        let lacks = |publisher: &Publisher| -> Vec<&'static str> {
            publisher.known_by.iter().copied().filter(|name| !has(name)).collect()
        };
        if let Some(publisher) = PUBLISHERS.iter().find(|publisher| lacks(publisher).is_empty()) {
            let units = (publisher.units)(self);
            let (set, lacking) = (self.describe(&units), self.describe_lacking());
            let (stages, staged) =
                publisher.stages.as_ref().map_or((None, String::new()), |column| self.stages(column));
            let named = format!("{}: {set}{lacking}", publisher.name);
            let (decimal, value_header) = (Some(DecimalOption::Point), self.long_value.and(self.indicator()));
            return Some(Recognised { units, stages, decimal, value_header, named, staged, remark: publisher.remark });
        }
        let tagged = self.tagged_units();
        if !tagged.is_empty() {
            let named = format!("tags of the Humanitarian Exchange Language: {}", self.describe(&tagged));
            return Some(Recognised::of(tagged, named));
        }
        let like =
            PUBLISHERS.iter().find(|publisher| publisher.known_by.len() >= MIN_LIKE && lacks(publisher).len() == 1)?;
        let missing = lacks(like).concat();
        Some(Recognised::of(Vec::new(), format!("like {}, but without `{missing}`: nothing is set", like.name)))
    }

    /// The currencies of its rows that the book lacks, in words.
    fn describe_lacking(&self) -> String {
        let currencies =
            self.headers.iter().zip(self.profiles).filter(|(header, _)| loose(header).ends_with("currency"));
        let lacks = |text: &&str| self.units.get(text).is_none() && marks::reason(text).is_none();
        let texts = currencies.flat_map(|(_, profile)| profile.texts.all()).map(|found| found.text.as_str());
        let lacking: Vec<String> = texts.filter(lacks).take(MAX_NAMED).map(|text| format!("`{text}`")).collect();
        match lacking.as_slice() {
            [] => String::new(),
            _ => format!(", for the book lacks {} (`--new-unit` adds one)", lacking.join(", ")),
        }
    }

    /// The units that are set, in words.
    fn describe(&self, units: &[ColumnUnit]) -> String {
        match units {
            [] => "no unit is known for its columns".to_owned(),
            [one] => format!("the unit of `{}` is {}", self.headers[one.index], one.unit),
            [first, .., last] => {
                let (count, from, to) = (units.len(), &self.headers[first.index], &self.headers[last.index]);
                format!("the units of {count} columns are set, `{from}` as {} to `{to}` as {}", first.unit, last.unit)
            }
        }
    }

    /// The stages of the numbers by a column of the table, if all its words are some; and that in words.
    fn stages(&self, known: &StageColumn) -> (Option<KnownStages>, String) {
        let Some(column) = known.names.iter().find_map(|name| self.find(name)) else {
            return (None, "no column of stages is found, and `--stage` says one".to_owned());
        };
        let header = &self.headers[column];
        let is_stage =
            |word: &str| known.words.iter().any(|(known, _)| *known == word) || stage::of_word(word).is_some();
        let words = self.profiles.get(column).map(|profile| profile.texts.all()).unwrap_or_default();
        let is_text = self.profiles.get(column).is_some_and(ColumnProfile::is_all_text);
        match words.iter().find(|found| !is_stage(&found.text)) {
            Some(other) => {
                let word = &other.text;
                let said = format!(
                    "`{word}` in `{header}` is no stage, and a sum adds all its words unless `--stage '@{header}:{word}=committed'` \
                     says what each means"
                );
                (None, said)
            }
            None if !is_text => (None, String::new()),
            None => {
                let said = format!(
                    "the stage of a number is that in `{header}`, and those of different stages are not added \
                     (`--stage none` takes none)"
                );
                (Some(KnownStages { stage: format!("@{header}"), words: known.words }), said)
            }
        }
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.headers.iter().position(|header| loose(header) == name)
    }

    /// The unit of a column that is in another, if the book has all that are written there.
    fn beside(&self, amount: &str, unit: &str) -> Option<ColumnUnit> {
        self.column_beside(self.find(amount)?, self.find(unit)?)
    }

    fn column_beside(&self, amount: usize, unit: usize) -> Option<ColumnUnit> {
        let texts = &self.profiles.get(unit)?.texts;
        let is_known = |text: &str| self.units.get(text).is_some() || marks::reason(text).is_some();
        let all = texts.all();
        (!all.is_empty() && !texts.is_full && all.iter().all(|found| is_known(&found.text)))
            .then(|| ColumnUnit { index: amount, unit: format!("@{}", self.headers[unit]) })
    }

    /// The unit of every year, where the name of the only indicator states it.
    fn indicator_units(&self) -> Vec<ColumnUnit> {
        let unit = self.indicator().and_then(|name| stated_unit(&name, self.units));
        let Some(unit) = unit.map(|unit| unit.to_string()) else { return Vec::new() };
        let years =
            self.headers.iter().enumerate().filter(|(_, header)| numeric::is_year(header)).map(|(index, _)| index);
        years.chain(self.long_value).map(|index| ColumnUnit { index, unit: unit.clone() }).collect()
    }

    /// The name of the only indicator.
    fn indicator(&self) -> Option<String> {
        let texts = &self.profiles.get(self.find("indicatorname")?)?.texts;
        match texts.all() {
            [only] if !texts.is_full => Some(only.text.clone()),
            _ => None,
        }
    }

    /// The rate of each currency that the book has.
    fn rates_for_euro(&self) -> Vec<ColumnUnit> {
        let is_code = |code: &String| code.len() == 3 && self.units.get(code).is_some() && code != "EUR";
        let codes = self.headers.iter().enumerate().filter(|(_, header)| is_code(header));
        codes.map(|(index, code)| ColumnUnit { index, unit: format!("{code}/EUR") }).collect()
    }

    /// The currency beside each amount: `award/value/currency` for `award/value/amount`, `value-currency` for `value`.
    fn siblings(&self) -> Vec<ColumnUnit> {
        let unit = |amount: usize| {
            let name = loose(&self.headers[amount]);
            let stem = name.strip_suffix("amount").unwrap_or(&name);
            let beside = self.find(&format!("{stem}currency"))?;
            self.column_beside(amount, beside)
        };
        (0..self.headers.len()).filter_map(unit).collect()
    }

    /// The currencies that the tags name: `#value+funding+usd`.
    fn tagged_units(&self) -> Vec<ColumnUnit> {
        let unit = |(index, tag): (usize, &String)| {
            let mut attributes = tag.split('+').skip(1).map(|attribute| attribute.trim().to_uppercase());
            let unit =
                attributes.find(|code| self.units.get(code).is_some_and(|unit| unit.kind.as_str() == "currency"))?;
            (tag.starts_with("#value") && index < self.headers.len()).then_some(ColumnUnit { index, unit })
        };
        self.tags.iter().enumerate().filter_map(unit).collect()
    }
}

/// The table that headers alone tell, before any row is read.
pub(super) fn by_headers(headers: &[String], units: &UnitRegistry) -> Option<Recognised> {
    KnownTable { headers, profiles: &[], tags: &[], units, long_value: None }.recognise()
}
