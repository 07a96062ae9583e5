//! The profile of a table: its file is read once from the first row to the last, for how every cell of every column can be read,
//! which rows may be totals, and what is no record. It writes nothing.

use super::body::{Body, WordyTail};
use super::column::{ColumnProfile, Evidence};
use super::layout::{Layout, NoteLine};
use super::located::LocatedTable;
use super::numeric;
use super::options::{ImportOptions, TotalsOption};
use super::plan::{Findings, TablePlan};
use super::publishers::{KnownTable, Recognised};
use super::record::Record;
use super::report::Skipped;
use super::shape::{Shape, ShapedRows};
use super::source::TableSource;
use super::stage::StagePlan;
use super::totals::{TotalCandidates, TotalSearch, Totals};
use super::width::RowWidths;
use crate::error::{Error, ImportCause, ImportError};
use crate::quantity::UnitRegistry;

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
            headers: &self.headers,
            profiles: &self.profiles,
            units,
            options,
            shape: &self.shape,
        };
        let mut plan = findings.plan()?;
        plan.doubts.splice(0..0, self.doubts.clone());
        let totals = self.find_totals(candidates, &plan, options)?;
        plan.trace_totals(&totals.added_up, options);
        let find = |column: &str| plan.column(column).map(|found| (found.index, found.name.clone()));
        plan.stage = StagePlan::new(&self.source.file, options, find, &self.profiles)?;
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
        let skipped = Skipped { above: layout.above.len() as u64, ..Skipped::default() };
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
        profile.profile(options)?;
        Ok(profile)
    }

    /// Looks at every cell of every row.
    fn profile(&mut self, options: &ImportOptions) -> Result<(), Error> {
        let mut headers = self.shape.headers(&self.layout.headers);
        let columns = headers.len();
        let mut profiles = vec![ColumnProfile::default(); columns];
        let mut totals = TotalCandidates::default();
        let mut records = self.source.records()?;
        let mut rows = ShapedRows::new(Body::new(&mut *records, &self.layout, self.last_line), &self.shape, &[]);
        let mut record = Record::default();
        let (mut wide, mut first_wide) = (0_u64, 0);
        let mut widths = RowWidths::of(&self.layout.headers);
        let (mut tail, mut second_headers) = (WordyTail::default(), 0);
        while rows.read(&mut record)? {
            self.source.file.count_row()?;
            if let Some(line) = rows.new_line(&record) {
                widths.add(line, &self.source.file)?;
            }
            if rows.body.second_headers.len() > second_headers && options.lines.is_none() {
                self.refuse_second_table(&rows.body, second_headers, &profiles)?;
                second_headers = rows.body.second_headers.len();
            }
            let width = record.len();
            if width > columns && (columns..width).any(|at| !numeric::trim(record.cell(at)).is_empty()) {
                wide += 1;
                first_wide = if wide == 1 { record.line } else { first_wide };
                headers.resize(headers.len().max(width), String::new());
                profiles.resize(headers.len(), ColumnProfile::default());
            }
            for (at, profile) in profiles.iter_mut().enumerate() {
                profile.add(record.cell(at), record.kind(at), record.line);
            }
            totals.add(&record, options.totals == Some(TotalsOption::Flag));
            tail.add(&record);
        }
        let last_line = tail.last_line(|at| profiles[at].is_mostly_numbers());
        if let (Some(last), None, false, None) = (last_line, self.last_line, self.shape.is_long(), &options.lines) {
            self.last_line = Some(last);
            self.doubts.push(format!(
                "from line {} on there are words where all other rows have numbers: notes of the source, no records",
                last + 1
            ));
            return self.profile(options);
        }
        self.skipped.blank = rows.body.blank;
        self.skipped.headers = rows.body.repeated;
        self.skipped.below = rows.body.below;
        self.notes = std::mem::take(&mut rows.body.notes);
        (self.headers, self.profiles, self.totals) = (headers, profiles, totals);
        if !options.ragged {
            let first = self.profiles.first().map_or(Evidence::Empty, |profile| profile.evidence(&|_| false));
            widths.check_end(records.unended_line(), self.notes.last(), &first, &self.source.file)?;
            self.doubts.extend(widths.doubts(self.source.text().is_some()));
        }
        if wide > 0 && !options.ragged {
            self.doubts.push(format!("{wide} rows have more cells than the header, the first on line {first_wide}"));
        }
        Ok(())
    }

    /// Refuses rows that begin a second table; the first `seen` of the rows that may are known.
    fn refuse_second_table(&self, body: &Body<'_>, seen: usize, profiles: &[ColumnProfile]) -> Result<(), Error> {
        let is_numeric = |at: usize, cell: &str| {
            let profile = profiles.get(at).filter(|_| !self.shape.is_long());
            let is_text = numeric::parse(cell).is_none();
            profile.is_some_and(|profile| {
                profile.is_mostly_numbers() && (is_text || numeric::is_year(cell) && !profile.are_all_years())
            })
        };
        match body.second_headers[seen..].iter().find(|second| second.is_header(is_numeric)) {
            Some(second) => Err(second.question(&self.source.file, *self.layout.header_lines.start())),
            None => Ok(()),
        }
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
        search.settle(ShapedRows::new(body, &self.shape, &numbers), &self.source.file)
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
