//! The profile of a table: its file is read once from the first row to the last, for how every cell of every column can be read,
//! which rows may be totals, and what is no record. It writes nothing.

use super::body::Body;
use super::column::{ColumnProfile, Evidence};
use super::column_plan::{ColumnPlan, PlannedKind};
use super::date;
use super::findings::Findings;
use super::header;
use super::layout::{Layout, NoteLine};
use super::located::LocatedTable;
use super::marks;
use super::month_columns;
use super::options::{ColumnType, ImportOptions, TotalsOption};
use super::plan::TablePlan;
use super::publishers::{KnownTable, Recognised};
use super::record::{Record, UnendedLine};
use super::report::Skipped;
use super::row_counts::RowCounts;
use super::second_table::{self, SecondTables};
use super::shape::{Shape, ShapedRows};
use super::source::TableSource;
use super::stage::StagePlan;
use super::stated_currencies::PlannedColumns;
use super::stated_unit;
use super::totals::{TotalCandidates, TotalSearch, Totals};
use crate::error::{Error, ImportCause, ImportError};
use crate::quantity::UnitRegistry;
use std::cell::OnceCell;

/// A file that has been read once: all that is known of its table.
pub(super) struct TableProfile {
    pub(super) source: TableSource,
    pub(super) layout: Layout,
    pub(super) shape: Shape,
    pub(super) headers: Vec<String>,
    pub(super) profiles: Vec<ColumnProfile>,
    totals: TotalCandidates,
    /// The last line of the table, where notes of several cells are below.
    pub(super) last_line: Option<u64>,
    pub(super) skipped: Skipped,
    /// The lines that are no records, but those above.
    pub(super) notes: Vec<NoteLine>,
    doubts: Vec<String>,
}

impl TableProfile {
    /// The publisher whose table it is, by its headers.
    pub(super) fn recognise(&self, units: &UnitRegistry) -> Option<Recognised> {
        let (headers, profiles, long_value) = (&self.headers, &self.profiles, self.shape.long_value());
        KnownTable { headers, profiles, tags: &self.layout.tags, units, long_value }.recognise_as(&self.layout.headers)
    }

    /// Gives the column that the cells of long columns become the name of what they are, as its publisher has it.
    pub(super) fn name_values(&self, plan: &mut TablePlan, header: &str) {
        let values = self.shape.long_value();
        let column = plan.columns.iter_mut().find(|column| Some(column.index) == values);
        if let Some(column) = column {
            header.clone_into(&mut column.header);
        }
    }

    pub(super) fn plan(&mut self, options: &ImportOptions, units: &UnitRegistry) -> Result<TablePlan, Error> {
        let candidates = std::mem::take(&mut self.totals);
        let findings = Findings {
            file: &self.source.file,
            header_line: *self.layout.header_lines.end(),
            above: &self.layout.above,
            notes: &self.notes,
            headers: &self.headers,
            stated: self.headers.iter().map(|header| stated_unit::read(header, units)).collect(),
            profiles: &self.profiles,
            units,
            options,
            shape: &self.shape,
            title: OnceCell::new(),
        };
        let mut plan = findings.plan()?;
        plan.remarks.extend(self.layout.numbering_remark());
        if let Some(losses) = self.source.losses() {
            plan.remarks.extend(losses.remark());
            let columns = PlannedColumns { shape: &self.shape, profiles: &self.profiles, plan: &plan };
            let doubts = columns.currency_doubts(losses);
            plan.doubts.extend(doubts);
        }
        let month_doubts: Vec<String> =
            plan.columns.iter().filter_map(|column| month_doubt(column, &self.profiles[column.index])).collect();
        plan.doubts.extend(month_doubts);
        plan.doubts.splice(0..0, self.doubts.clone());
        let totals = self.find_totals(candidates, &plan, options)?;
        plan.trace_totals(&totals.added_up, options);
        let find = |column: &str| plan.column(column).map(|found| (found.index, found.name.clone()));
        plan.stage = StagePlan::new(&self.source.file, options, find, &self.profiles)?;
        plan.set_stages();
        plan.doubts.extend(totals.doubts);
        (plan.totals, plan.unproved) = (totals.numbers, totals.unproved);
        Ok(plan)
    }

    pub(super) fn read(
        LocatedTable { source, layout }: LocatedTable,
        options: &ImportOptions,
        units: &UnitRegistry,
    ) -> Result<Self, Error> {
        let shape = Shape::new(&source.file, &layout.headers, options, units)?;
        let above = layout.above.len() - source.members().len();
        let skipped = Skipped { above: above as u64, ..Skipped::default() };
        let mut profile = Self {
            headers: Vec::new(),
            profiles: Vec::new(),
            source,
            layout,
            shape,
            totals: TotalCandidates::default(),
            last_line: None,
            skipped,
            notes: Vec::new(),
            doubts: Vec::new(),
        };
        if let Some((text, _)) = profile.source.text().filter(|(text, _)| !text.is_certain) {
            profile.doubts.push(format!(
                "the text is not UTF-8 and does not say what it is: it was read as {}; `--encoding` says another",
                text.encoding.name()
            ));
        }
        profile.doubts.extend(profile.source.losses().and_then(|losses| losses.formulas.doubt()));
        // Lines that are named begin with the header.
        let first = options.row_lines()?.map(|lines| *lines.start());
        if first != Some(*profile.layout.header_lines.start()) {
            profile.doubts.extend(profile.layout.doubt());
        }
        let beside = profile.shape.year_beside(&profile.layout.headers);
        profile.doubts.extend(beside.map(|year| {
            format!("`{year}` stands beside the years of `--long` and is on every row: a range that ends with it makes it rows too")
        }));
        profile.profile(options)?;
        Ok(profile)
    }

    /// Looks at every cell of every row.
    fn profile(&mut self, options: &ImportOptions) -> Result<(), Error> {
        let of_file = &self.layout.headers;
        // Lines that are named are one table, and so are the rows of JSON.
        let may_have_others = options.lines.is_none() && self.layout.has_notes;
        let watches_words = may_have_others && !self.shape.is_long();
        let mut counts = RowCounts::new(self.shape.headers(of_file), of_file, watches_words);
        let mut records = self.source.records()?;
        let body = Body::new(&mut *records, &self.layout, self.last_line).finding_second(may_have_others);
        let mut rows = ShapedRows::new(body, &self.shape, &[]);
        let mut record = Record::default();
        let header_line = *self.layout.header_lines.start();
        let mut others = SecondTables::new(&self.source.file, header_line, of_file, self.shape.is_long());
        while rows.read(&mut record)? {
            self.source.file.count_row()?;
            if let Some(line) = rows.new_line(&record) {
                counts.widths.add(line, &self.source.file)?;
                counts.last_cell.add(line);
            }
            others.check(std::mem::take(&mut rows.body.second_headers), &counts.profiles)?;
            counts.add(&record, options.totals == Some(TotalsOption::Flag));
            if watches_words {
                others.add(&record, &counts)?;
            }
        }
        if watches_words {
            if let Some(last) = self.line_before_notes(&counts, options) {
                self.last_line = Some(last);
                self.doubts.push(format!(
                    "from line {} on there are words where all other rows have numbers: notes of the source, no records; \
                     `--lines {header_line}-` takes them for records",
                    last + 1
                ));
                return self.profile(options);
            }
            self.doubts.extend(others.doubt(&counts.profiles));
            self.doubts.extend(second_table::doubt_beside(of_file, &counts.profiles, header_line));
        }
        let body = rows.body;
        (self.skipped.blank, self.skipped.headers, self.skipped.below) = (body.blank, body.repeated, body.below);
        self.notes = body.notes;
        self.check_rows(&counts, records.unended_line(), options)?;
        (self.headers, self.profiles, self.totals) = (counts.headers, counts.profiles, counts.totals);
        Ok(())
    }

    /// The line before the notes of several cells below the table; `None` where they are known, or there are none. A column that is said to
    /// be text has words in records too, and what an option calls a mark is none.
    fn line_before_notes(&self, counts: &RowCounts, options: &ImportOptions) -> Option<u64> {
        if self.last_line.is_some() {
            return None;
        }
        let names = header::names(&counts.headers);
        let is_word = |at: usize, cell: &str| {
            let (name, header) =
                (names.get(at).map_or("", String::as_str), counts.headers.get(at).map_or("", String::as_str));
            options.type_of(name, header) != Some(ColumnType::Text)
                && marks::reason(cell).is_none()
                && options.missing_reason(name, header, cell).is_none()
                && counts.profiles.get(at).is_some_and(ColumnProfile::is_mostly_numbers)
        };
        counts.tail.last_line(counts.headers.len(), is_word)
    }

    /// Looks at the widths of the rows and at their end, unless an option takes them as they are.
    fn check_rows(
        &mut self,
        counts: &RowCounts,
        unended: Option<UnendedLine>,
        options: &ImportOptions,
    ) -> Result<(), Error> {
        if options.ragged {
            return Ok(());
        }
        let first = counts.profiles.first().map_or(Evidence::Empty, |profile| profile.evidence(&|_| false));
        counts.widths.check_end(unended, self.notes.last(), &first, &self.source.file)?;
        self.doubts.extend(counts.widths.doubts(self.source.text().is_some()));
        self.doubts.extend(counts.wide_doubt());
        let unended = unended.filter(|unended| !self.source.is_said_to_end_on(unended.line));
        let column = self.shape.row_column(counts.last_cell.column);
        let names = header::names(&counts.headers);
        if let (Some(profile), Some(name)) = (counts.profiles.get(column), names.get(column)) {
            self.doubts.extend(counts.last_cell.doubt(unended, profile, name));
        }
        Ok(())
    }

    /// Looks for totals among the rows that may be some.
    fn find_totals(
        &self,
        candidates: TotalCandidates,
        plan: &TablePlan,
        options: &ImportOptions,
    ) -> Result<Totals, Error> {
        let labels = plan.labels(&self.profiles);
        let Some(search) = TotalSearch::new(candidates, &plan.columns, &labels, options.totals) else {
            return Ok(Totals::default());
        };
        let mut records = self.source.records()?;
        let numbers = search.candidates();
        let body = Body::new(&mut *records, &self.layout, self.last_line);
        let rows = ShapedRows::new(body, &self.shape, &numbers);
        search.settle(rows, &self.source.file, !self.shape.is_long())
    }

    pub(super) fn doubtful(&self, first: &str, count: usize) -> Error {
        let others = if count > 1 { format!(" and {} more", count - 1) } else { String::new() };
        ImportError {
            file: self.source.file.name(),
            cause: ImportCause::Doubtful,
            line: None,
            message: format!("it is in doubt: {first}{others}"),
            help: "without `--strict` it is imported, and the doubts are reported".to_owned(),
            question: None,
        }
        .into()
    }
}

/// The doubt about a column of months that do not sort.
fn month_doubt(column: &ColumnPlan, profile: &ColumnProfile) -> Option<String> {
    let name = &column.name;
    let texts = profile.texts.all();
    if column.kind != PlannedKind::Text {
        return None;
    }
    if let Some(first) = month_columns::first_without_year(texts).filter(|_| profile.is_all_text()) {
        let text = &first.text;
        return Some(format!(
            "`{name}` stays text and sorts by its letters: `{text}` names no year; a column as `2023-03`, or with the number of the month, \
             sorts by time"
        ));
    }
    let text = &month_columns::first_unsorted(texts)?.text;
    let way = match date::month_format(text) {
        Some(format) => format!("`--date {name}={format}` reads `{text}` as a month, which sorts by time"),
        None => format!("`2023-03` in the place of `{text}` would sort by time"),
    };
    Some(format!("`{name}` stays text and sorts by its letters: {way}"))
}
