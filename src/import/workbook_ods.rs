//! The sheets of an ods document as its tags say them: what the reader of workbooks drops of them without a word, which are the
//! currencies of cells, formulas without a value, and rows that are repeated beyond the end of a sheet.

use super::workbook_losses::SheetLosses;
use memchr::memchr;

/// The most rows of a sheet.
pub(super) const MAX_ROWS: u64 = 1 << 20;

/// The beginning of a text that an error shows, in bytes.
const SHOWN_BYTES: usize = 100;

/// The most characters of a currency that are kept; a code has three.
const CURRENCY_CHARS: usize = 20;

/// The sheets of a document, counted from its tags and texts.
#[derive(Debug, Default)]
pub(super) struct OdsSheets {
    /// The losses of each sheet, in the order of the document.
    losses: Vec<SheetLosses>,
    /// The tables that are open: one within a cell is no sheet.
    depth: u64,
    /// False in a table without a name, which is no sheet either.
    is_sheet: bool,
    /// True in a remark on a cell, whose text is not the cell's.
    is_in_remark: bool,
    /// The rows of the sheet before the current one.
    rows: u64,
    row: OdsRow,
    cell: Option<OdsCell>,
    beyond: Option<BeyondEnd>,
}

/// The row that is read.
#[derive(Debug, Default)]
struct OdsRow {
    repeats: u64,
    /// The columns before the current cell.
    columns: u64,
    is_filled: bool,
    /// The beginning of its first text.
    text: Vec<u8>,
}

/// The cell that is read.
#[derive(Debug)]
struct OdsCell {
    repeats: u64,
    is_formula: bool,
    is_text: bool,
    is_filled: bool,
    currency: Option<String>,
}

/// A row with something in it that is there so often that a sheet has no room for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BeyondEnd {
    /// The number of the sheet, from 1.
    pub(super) sheet: usize,
    /// The row, from 1.
    pub(super) row: u64,
    /// The times that it is there.
    pub(super) repeats: u64,
    /// The beginning of its first text.
    pub(super) text: String,
}

impl OdsSheets {
    /// The first row that goes beyond the end of its sheet.
    pub(super) fn beyond_end(&self) -> Option<&BeyondEnd> {
        self.beyond.as_ref()
    }

    /// The losses of each sheet, in the order of the document.
    pub(super) fn losses(self) -> Vec<SheetLosses> {
        self.losses
    }

    /// Follows a text between tags.
    pub(super) fn text(&mut self, text: &[u8]) {
        if self.is_in_remark || text.trim_ascii().is_empty() {
            return;
        }
        if let Some(cell) = &mut self.cell {
            cell.is_filled = true;
            if self.row.text.is_empty() {
                self.row.text.extend_from_slice(&text[..text.len().min(SHOWN_BYTES)]);
            }
        }
    }

    /// Follows a tag, without its angle brackets.
    pub(super) fn tag(&mut self, tag: &[u8]) {
        let (is_end, is_empty) = (tag.starts_with(b"/"), tag.ends_with(b"/"));
        let inner = tag.strip_prefix(b"/").unwrap_or(tag);
        let name = inner.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next().unwrap_or_default();
        let attributes = inner.get(name.len()..).unwrap_or_default();
        let name = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
        match name {
            b"table" if is_end => self.depth = self.depth.saturating_sub(1),
            b"table" => self.begin_table(attributes, is_empty),
            _ if self.depth != 1 || !self.is_sheet => {}
            b"table-row" => {
                self.end_row();
                if !is_end {
                    self.row.repeats = attribute(attributes, b"number-rows-repeated").map_or(1, repeats);
                }
                if is_empty {
                    self.end_row();
                }
            }
            b"table-cell" | b"covered-table-cell" => {
                self.end_cell();
                if !is_end {
                    self.cell = Some(OdsCell::of(attributes));
                }
                if is_empty {
                    self.end_cell();
                }
            }
            b"annotation" => self.is_in_remark = !is_end && !is_empty,
            _ => {}
        }
    }

    fn begin_table(&mut self, attributes: &[u8], is_empty: bool) {
        if self.depth == 0 {
            self.is_sheet = attribute(attributes, b"name").is_some();
            (self.rows, self.row, self.cell, self.is_in_remark) = (0, OdsRow::default(), None, false);
            if self.is_sheet {
                self.losses.push(SheetLosses::default());
            }
        }
        self.depth += u64::from(!is_empty);
    }

    fn end_cell(&mut self) {
        let (Some(cell), Some(losses)) = (self.cell.take(), self.losses.last_mut()) else { return };
        let times = cell.repeats.saturating_mul(self.row.repeats);
        if cell.is_formula && !cell.is_filled && !cell.is_text {
            losses.formulas.add(self.rows, self.row.columns, times);
        }
        if let Some(currency) = cell.currency.filter(|_| cell.is_filled) {
            losses.add_currency(self.row.columns, &currency, times);
        }
        self.row.is_filled |= cell.is_filled;
        self.row.columns = self.row.columns.saturating_add(cell.repeats);
    }

    fn end_row(&mut self) {
        self.end_cell();
        let row = std::mem::take(&mut self.row);
        let end = self.rows.saturating_add(row.repeats);
        if row.is_filled && end > MAX_ROWS && self.beyond.is_none() {
            self.beyond = Some(BeyondEnd {
                sheet: self.losses.len(),
                row: self.rows.saturating_add(1),
                repeats: row.repeats,
                text: String::from_utf8_lossy(&row.text).into_owned(),
            });
        }
        self.rows = end;
    }
}

impl OdsCell {
    /// The cell that a tag with these attributes begins.
    fn of(attributes: &[u8]) -> Self {
        let mut cell = Self { repeats: 1, is_formula: false, is_text: false, is_filled: false, currency: None };
        let mut rest = attributes;
        while let Some((name, value)) = next_attribute(&mut rest) {
            match name {
                b"number-columns-repeated" => cell.repeats = repeats(value),
                b"formula" => cell.is_formula = true,
                b"value-type" => cell.is_text |= value == b"string",
                b"value" | b"date-value" | b"time-value" | b"boolean-value" => cell.is_filled = true,
                b"string-value" => cell.is_filled |= !value.is_empty(),
                b"currency" if !value.is_empty() => {
                    cell.currency = Some(String::from_utf8_lossy(value).chars().take(CURRENCY_CHARS).collect());
                }
                _ => {}
            }
        }
        cell
    }
}

fn attribute<'t>(mut attributes: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    std::iter::from_fn(|| next_attribute(&mut attributes)).find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// The next attribute: its name without the prefix, and its value.
fn next_attribute<'t>(rest: &mut &'t [u8]) -> Option<(&'t [u8], &'t [u8])> {
    let equals = memchr(b'=', rest)?;
    let name = rest[..equals].trim_ascii_end();
    let name = name.rsplit(|byte| byte.is_ascii_whitespace() || *byte == b':').next().unwrap_or_default();
    let (quote, value) = rest[equals + 1..].trim_ascii_start().split_first()?;
    let end = memchr(*quote, value).filter(|_| b"\"'".contains(quote))?;
    *rest = &value[end + 1..];
    Some((name, &value[..end]))
}

/// The number of times that an attribute says.
fn repeats(value: &[u8]) -> u64 {
    let digits = std::str::from_utf8(value).unwrap_or_default().trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().unwrap_or(if is_number { u64::MAX } else { 1 })
}

#[cfg(test)]
mod tests {
    use super::OdsSheets;

    fn sheets(tags: &[&str]) -> OdsSheets {
        let mut sheets = OdsSheets::default();
        for tag in tags {
            match tag.strip_prefix('<') {
                Some(tag) => sheets.tag(tag.as_bytes()),
                None => sheets.text(tag.as_bytes()),
            }
        }
        sheets
    }

    #[test]
    fn a_row_may_be_repeated_to_the_end_of_its_sheet_unless_something_is_in_it() {
        let table = ["<t:table t:name='A'", "<t:table-row", "<t:table-cell", "a", "</t:table-cell", "</t:table-row"];
        for (repeats, cell, is_beyond) in [
            ("1048575", "<t:table-cell office:value = \"5\"/", false),
            ("1048576", "<t:table-cell office:value=\"5\"/", true),
            ("99999999999999999999", "<t:table-cell office:string-value='x'/", true),
            ("1000000000", "<t:table-cell t:style-name='x'/", false),
        ] {
            let row = format!("<t:table-row t:number-rows-repeated=\"{repeats}\"");
            let all: Vec<&str> = table.into_iter().chain([&*row, cell, "</t:table-row", "</t:table"]).collect();
            let sheets = sheets(&all);
            assert_eq!(sheets.beyond_end().is_some(), is_beyond, "{repeats} {cell}");
            assert!(sheets.beyond_end().is_none_or(|beyond| beyond.row == 2 && beyond.sheet == 1));
        }
    }

    #[test]
    fn losses_are_those_of_their_sheet() {
        let sheets = sheets(&[
            "<t:table",
            "<t:table-row",
            "<t:table-cell t:formula='=1'/",
            "</t:table",
            "<t:table t:name='A'/",
            "<t:table t:name='B'",
            "<t:table-row t:number-rows-repeated='2'",
            "<t:covered-table-cell t:number-columns-repeated='3'/",
            "<t:table-cell t:number-columns-repeated='2' office:value-type='currency' office:currency='EUR' office:value='5'",
            "5",
            "</t:table-cell",
            "<t:table-cell t:formula='=1'",
            "<office:annotation",
            "a remark",
            "</office:annotation",
            "</t:table-cell",
            "<t:table-cell t:formula='=\"\"' office:value-type='string'/",
            "</t:table-row",
            "</t:table",
        ]);
        let losses = sheets.losses();
        assert_eq!(losses.len(), 2);
        assert!(losses[0].currencies.is_empty() && losses[0].formulas.doubt().is_none());
        assert_eq!(losses[1].currencies[&3]["EUR"], 4);
        assert!(
            losses[1]
                .formulas
                .doubt()
                .unwrap()
                .contains("2 cells of the sheet are formulas without a value, from `F1`")
        );
    }
}
