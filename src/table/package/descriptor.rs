//! `datapackage.json`: the descriptor of a package, as the Data Package standard has it in version 2. Readers of version 1 understand it
//! too: its `profile` stands beside `$schema`, and names of tables are in the letters that version 1 allows.

use super::columns::{FileColumn, Part, TableStatistics};
use super::rows::WrittenFile;
use crate::store::catalogue::ColumnKind;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The profile of the descriptor.
const PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";

/// A source as the package names it, from its row in the view `sources`: name and text of each column that is not NULL.
#[derive(Debug, Clone, Default)]
pub struct PackageSource(pub Vec<(String, String)>);

/// A table of the package.
#[derive(Debug, Clone)]
pub struct PackageTable {
    /// Its columns and rows.
    pub statistics: TableStatistics,
    /// The file that was written.
    pub file: WrittenFile,
    /// The name of the resource, and that of its file without `.csv`.
    pub resource: String,
    /// The column whose cells are different in all rows.
    pub key: Option<String>,
    /// Columns whose cells are all found in a column of another table: own column, table, column there.
    pub references: Vec<(String, String, String)>,
    /// The id of the source that the table is; `None` for one of the book itself.
    pub source: Option<String>,
}

/// A book as a package.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// Its name: small letters, digits, `-`, `.` and `_`.
    pub name: String,
    /// A title in words.
    pub title: String,
    /// The program and its version.
    pub generator: String,
    /// Its tables.
    pub tables: Vec<PackageTable>,
    /// The sources of the book.
    pub sources: Vec<PackageSource>,
    /// The names of tables that have no rows and are left out.
    pub empty: Vec<String>,
}

impl PackageSource {
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == column).map(|(_, text)| text.as_str())
    }

    /// Its title, or a few words of what it is.
    pub(super) fn title(&self) -> &str {
        self.get("title").or_else(|| self.get("description")).or_else(|| self.get("id")).unwrap_or_default()
    }

    fn json(&self) -> Value {
        let mut source = Map::new();
        source.insert("title".to_owned(), self.title().into());
        if let Some(url) = self.get("url").filter(|url| is_address(url)) {
            source.insert("path".to_owned(), url.into());
        }
        let others = self.0.iter().filter(|(name, _)| name != "title");
        source.extend(others.map(|(name, text)| (name.clone(), text.as_str().into())));
        source.into()
    }
}

/// A name in the letters that resources may have, different from those taken, which it joins.
pub fn resource_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let letter = |c: char| match c.to_ascii_lowercase() {
        c @ ('a'..='z' | '0'..='9' | '_' | '-') => c,
        _ => '_',
    };
    let plain: String = name.chars().map(letter).collect();
    let plain = if plain.is_empty() { "table".to_owned() } else { plain };
    let mut name = plain.clone();
    let mut number = 1;
    while !taken.insert(name.clone()) {
        number += 1;
        name = format!("{plain}_{number}");
    }
    name
}

impl Package {
    /// The text of `datapackage.json`.
    #[must_use]
    pub fn descriptor(&self) -> String {
        let sources: Vec<Value> = self.sources.iter().map(PackageSource::json).collect();
        let resources: Vec<Value> = self.tables.iter().map(|table| self.resource(table)).collect();
        let package = json!({
            "$schema": PROFILE,
            "profile": "tabular-data-package",
            "name": self.name,
            "title": self.title,
            "description": "`README.md` says how to read the tables.",
            "generator": self.generator,
            "sources": sources,
            "resources": resources,
        });
        format!("{package:#}\n")
    }

    fn resource(&self, table: &PackageTable) -> Value {
        let mut schema = Map::new();
        let columns = table.statistics.file_columns();
        schema.insert("fields".to_owned(), columns.iter().map(field).collect());
        schema.insert("missingValues".to_owned(), json!([""]));
        if let Some(key) = &table.key {
            schema.insert("primaryKey".to_owned(), json!([key]));
        }
        let references: Vec<Value> =
            table.references.iter().filter_map(|reference| self.foreign_key(reference)).collect();
        if !references.is_empty() {
            schema.insert("foreignKeys".to_owned(), references.into());
        }
        let mut resource = json!({
            "name": table.resource,
            "type": "table",
            "profile": "tabular-data-resource",
            "path": format!("{}.csv", table.resource),
            "title": table.statistics.name,
            "description": table.statistics.meaning,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": table.file.bytes,
            "hash": format!("sha256:{}", table.file.sha256),
            "rows": table.statistics.rows,
            "schema": schema,
        });
        let own =
            self.sources.iter().find(|source| table.source.is_some() && source.get("id") == table.source.as_deref());
        if let Some(source) = own {
            resource["sources"] = json!([source.json()]);
            if let Some(licence) = source.get("licence") {
                resource["licenses"] = json!([license(licence)]);
            }
        }
        resource
    }

    fn foreign_key(&self, (column, table, key): &(String, String, String)) -> Option<Value> {
        let target = self.tables.iter().find(|known| known.statistics.name == *table)?;
        Some(json!({
            "fields": [column],
            "reference": { "resource": target.resource, "fields": [key] },
        }))
    }
}

/// The terms of a source as the standard has them: an address, or a name in few letters with the words as the title.
fn license(terms: &str) -> Value {
    if is_address(terms) {
        return json!({ "path": terms });
    }
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    let words: Vec<&str> = terms.split(|c| !is_letter(c)).filter(|word| !word.is_empty()).collect();
    let name = if words.is_empty() { "other".to_owned() } else { words.join("-") };
    json!({ "name": name, "title": terms })
}

fn is_address(text: &str) -> bool {
    ["http://", "https://", "ftp://"].iter().any(|start| text.starts_with(start))
}

/// The field of a column.
fn field(column: &FileColumn<'_>) -> Value {
    let of_view = column.column;
    let own = match column.part.meaning() {
        Some(meaning) => format!("of `{}`: {meaning}", of_view.name),
        None => of_view.meaning.clone(),
    };
    let is_number = of_view.kind == ColumnKind::Quantity && column.part == Part::Number;
    let description = if is_number && of_view.rests_on_row && !of_view.is_blank() {
        format!("{own}; it rests on what its row begins with")
    } else {
        own
    };
    let kind = match of_view.kind {
        ColumnKind::Text => of_view.declared.unwrap_or("string"),
        ColumnKind::Integer => "integer",
        ColumnKind::Quantity => column.part.kind(),
    };
    let mut field = json!({ "name": column.name, "type": kind, "description": description });
    if let (true, Some(unit)) = (column.part.kind() == "number", of_view.only_unit()) {
        field["unit"] = unit.into();
    }
    field
}
