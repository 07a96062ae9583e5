//! The dates of a column, counted by their spelling, and the formats that all of its cells leave. Which of `3/4/2025` is the month is
//! decided by other cells that are spelled so, or it is open.

use super::date::{FORMATS, may_be_date, may_fit, parse};
use super::time_spelling::TimeSpellings;

/// The formats up to here come in pairs, day first and month first.
const PAIRED: usize = 8;

/// The pairs whose year has four digits: with two, `13/04/24` may be a day of 2013.
const FULL_PAIRS: usize = 2;

/// The one format without a pair that a cell alone does not show: `24.03.05`.
const OPEN_ALONE: &str = "%d.%m.%y";

/// The text of a cell, with its line.
type LocatedCell = (u64, String);

/// Counts of the cells of a column that are dates, by format.
#[derive(Debug, Clone, Default)]
pub(super) struct DateProfile {
    /// Dates in ISO 8601, or of a workbook.
    pub(super) iso: u64,
    counts: [u64; FORMATS.len()],
    /// The cells by the first format without a pair that reads them.
    firsts: [u64; FORMATS.len()],
    /// Cells that both formats of a pair read.
    both: [u64; PAIRED / 2],
    /// Those that are a different date with the day first than with the month first.
    ambiguous: [u64; PAIRED / 2],
    /// The line and the text of the first of those, by pair.
    first_ambiguous: [Option<LocatedCell>; PAIRED / 2],
    /// The spellings of the times behind the days.
    pub(super) times: TimeSpellings,
}

/// The dates of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DateEvidence {
    /// It has none, or too few.
    None,
    /// In ISO 8601 alone.
    Iso,
    /// In these formats, that of most cells first, perhaps with some in ISO 8601.
    Formats(Vec<&'static str>),
    /// In two formats alike, with the line and the text of the first cell that shows it.
    Ambiguous([&'static str; 2], LocatedCell),
}

/// The order of the parts of a pair of formats, as the cells of a column show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PairOrder {
    /// No cell is spelled so.
    Absent,
    /// This format reads them.
    Decided(usize),
    /// No cell says it, or cells that contradict each other.
    Open,
}

impl DateProfile {
    /// Counts a date in ISO 8601.
    pub(super) fn add_iso(&mut self, cell: &str, line: u64) {
        self.iso += 1;
        self.times.add_iso(cell, line);
    }

    /// Counts a cell that is no number and no ISO date; true if it is a date.
    pub(super) fn add(&mut self, cell: &str, line: u64) -> bool {
        let bytes = cell.as_bytes();
        if !may_be_date(bytes) {
            return false;
        }
        let found = FORMATS.map(|format| if may_fit(bytes, format) { parse(cell, format) } else { None });
        for (count, found) in self.counts.iter_mut().zip(&found) {
            *count += u64::from(found.is_some());
        }
        if let Some(first) = (PAIRED..FORMATS.len()).find(|at| found[*at].is_some()) {
            self.firsts[first] += 1;
        }
        for pair in 0..PAIRED / 2 {
            let (Some(day_first), Some(month_first)) = (&found[2 * pair], &found[2 * pair + 1]) else { continue };
            self.both[pair] += 1;
            if day_first != month_first {
                self.ambiguous[pair] += 1;
                self.first_ambiguous[pair].get_or_insert_with(|| (line, cell.to_owned()));
            }
        }
        let date = found.into_iter().flatten().next();
        if let Some(date) = &date {
            self.times.add_read(date, line);
        }
        date.is_some()
    }

    /// The format of all of its dates, ISO 8601 among them; `None` where they are in several.
    pub(super) fn only_format(&self, dates: u64) -> Option<&'static str> {
        if self.iso == dates {
            return Some("%Y-%m-%d");
        }
        (0..FORMATS.len()).rev().find(|at| self.counts[*at] + self.iso == dates).map(|at| FORMATS[at])
    }

    /// The formats of a column's dates, where at most one cell in a hundred of `others` is none. `others` are the cells that are
    /// neither blank, nor a mark, nor an ISO date.
    pub(super) fn evidence(&self, others: u64, cells_per_misfit: u64) -> DateEvidence {
        let fits = |count: u64| (others - count) * cells_per_misfit <= count + self.iso;
        let best = (0..FORMATS.len()).rev().max_by_key(|at| self.counts[*at]).unwrap_or_default();
        let count = self.counts[best];
        if count == 0 {
            return if self.iso > 0 && fits(0) { DateEvidence::Iso } else { DateEvidence::None };
        }
        if !fits(count) {
            return self.several(others, cells_per_misfit).map_or(DateEvidence::None, DateEvidence::Formats);
        }
        let pair = best / 2;
        if best < PAIRED
            && self.order(pair, cells_per_misfit) == PairOrder::Open
            && let Some(first) = &self.first_ambiguous[pair]
        {
            return DateEvidence::Ambiguous([FORMATS[2 * pair], FORMATS[2 * pair + 1]], first.clone());
        }
        let mut formats = vec![FORMATS[best]];
        if count < others {
            formats.extend(
                self.certain(cells_per_misfit).map(|at| FORMATS[at]).filter(|format| !reads(FORMATS[best], format)),
            );
        }
        DateEvidence::Formats(formats)
    }

    /// The formats of dates in several spellings, none of which leaves open which part is the month.
    fn several(&self, others: u64, cells_per_misfit: u64) -> Option<Vec<&'static str>> {
        let mut formats: Vec<usize> = self.certain(cells_per_misfit).collect();
        let read: u64 = formats.iter().map(|at| self.cells(*at)).sum();
        let is_open = (0..PAIRED / 2).any(|pair| self.order(pair, cells_per_misfit) == PairOrder::Open);
        let fits = !is_open && others.saturating_sub(read) * cells_per_misfit <= read + self.iso;
        formats.sort_by_key(|at| std::cmp::Reverse(self.cells(*at)));
        (fits && read > 0).then(|| formats.into_iter().map(|at| FORMATS[at]).collect())
    }

    /// The formats that cells are in for certain, each cell in one of them.
    fn certain(&self, cells_per_misfit: u64) -> impl Iterator<Item = usize> {
        let pairs = (0..FULL_PAIRS).filter_map(move |pair| match self.order(pair, cells_per_misfit) {
            PairOrder::Decided(at) => Some(at),
            PairOrder::Absent | PairOrder::Open => None,
        });
        let alone = (PAIRED..FORMATS.len()).filter(|at| self.firsts[*at] > 0 && FORMATS[*at] != OPEN_ALONE);
        pairs.chain(alone)
    }

    /// The cells of one of those.
    fn cells(&self, at: usize) -> u64 {
        if at < PAIRED { self.counts[at] } else { self.firsts[at] }
    }

    /// The order of a pair. Cells that only one of its formats fits decide it, unless they are a stray few among very many that fit both.
    fn order(&self, pair: usize, cells_per_misfit: u64) -> PairOrder {
        let [day_first, month_first] = [2 * pair, 2 * pair + 1];
        let [days, months] = [self.counts[day_first], self.counts[month_first]];
        if days + months == 0 {
            return PairOrder::Absent;
        }
        let [days, months] = [days, months].map(|count| count - self.both[pair]);
        let (most, fewest, best) = if days >= months { (days, months, day_first) } else { (months, days, month_first) };
        let is_open = self.ambiguous[pair] > 0 && (most - fewest) * cells_per_misfit < self.ambiguous[pair];
        let is_contradicted = fewest * cells_per_misfit > most + self.both[pair];
        if is_open || is_contradicted { PairOrder::Open } else { PairOrder::Decided(best) }
    }

    /// The text of the first cell, with its line, of which nothing says which part is the month, and the formats that it may have.
    pub(super) fn first_open(&self, cells_per_misfit: u64) -> Option<([&'static str; 2], &LocatedCell)> {
        let is_open = |pair: &usize| self.order(*pair, cells_per_misfit) == PairOrder::Open;
        let pair = (0..PAIRED / 2).find(is_open)?;
        Some(([FORMATS[2 * pair], FORMATS[2 * pair + 1]], self.first_ambiguous[pair].as_ref()?))
    }

    /// The format of most of the first cells that are in none for certain.
    pub(super) fn first_uncertain(&self, cells_per_misfit: u64) -> Option<&'static str> {
        let certain: Vec<usize> = self.certain(cells_per_misfit).collect();
        let is_open = |at: &usize| self.counts[*at] > 0 && !certain.contains(at) && !certain.contains(&(*at ^ 1));
        let of_pairs = (0..PAIRED).filter(is_open).rev().max_by_key(|at| self.counts[*at]);
        let alone = (PAIRED..FORMATS.len()).find(|at| self.firsts[*at] > 0 && FORMATS[*at] == OPEN_ALONE);
        of_pairs.or(alone).map(|at| FORMATS[at])
    }

    /// The formats that cells are in for certain beside those that are given: of the ones in numbers alone whose year is last, those whose
    /// separator no given format has.
    pub(super) fn beside(&self, given: &[String], cells_per_misfit: u64) -> Vec<&'static str> {
        let is_other = |format: &&'static str| {
            let separator = &format[2..3];
            let may_be_given = format.starts_with("%d") && !format.contains("%b") && !format.contains("%B");
            let may_be_given = may_be_given || format.starts_with("%m");
            let is_like_given = may_be_given && given.iter().any(|given| given.contains(separator));
            !is_like_given && !given.iter().any(|given| reads(given, format))
        };
        self.certain(cells_per_misfit).map(|at| FORMATS[at]).filter(is_other).collect()
    }
}

/// True if all that is in another format is read by this one: `%B` reads the short names of months too.
fn reads(format: &str, other: &str) -> bool {
    format == other || format == other.replace("%b", "%B")
}

#[cfg(test)]
mod tests {
    use super::{DateEvidence, DateProfile};
    use crate::import::date::is_iso;

    fn profile(cells: &[&str]) -> DateProfile {
        let mut profile = DateProfile::default();
        for (line, cell) in (1..).zip(cells) {
            if is_iso(cell) {
                profile.add_iso(cell, line);
            } else {
                profile.add(cell, line);
            }
        }
        profile
    }

    fn evidence(cells: &[&str]) -> DateEvidence {
        let profile = profile(cells);
        profile.evidence(cells.len() as u64 - profile.iso, 100)
    }

    #[test]
    fn other_cells_decide_between_day_and_month_or_it_is_asked() {
        let format = |format| DateEvidence::Formats(vec![format]);
        assert_eq!(evidence(&["1/2/2023", "16/2/2023"]), format("%d/%m/%Y"));
        assert_eq!(evidence(&["1/2/2023", "2/16/2023"]), format("%m/%d/%Y"));
        assert!(matches!(evidence(&["1/2/2023", "3/4/2023"]), DateEvidence::Ambiguous(["%d/%m/%Y", "%m/%d/%Y"], _)));
        assert_eq!(evidence(&["2/2/2023", "3/3/2023"]), format("%d/%m/%Y"));
        assert_eq!(evidence(&["16/2/2023", "2/16/2023"]), DateEvidence::None);
        assert_eq!(evidence(&["05-Mar-11", "31-Mar-11"]), format("%d-%b-%y"));
        assert_eq!(evidence(&["Kyiv", "1/2/2023"]), DateEvidence::None);
        assert_eq!(evidence(&["1 May 2023", "15 Mar 2023"]), format("%d %b %Y"));
        assert_eq!(evidence(&["1 May 2023", "15 March 2023"]), format("%d %B %Y"));
        assert_eq!(evidence(&["March 1, 2023", "April 15, 2023"]), format("%B %d, %Y"));
        assert_eq!(evidence(&["1. März 2023", "15. April 2023"]), format("%d. %B %Y"));
        assert_eq!(evidence(&["10.02.2023"]), format("%d.%m.%Y"));
    }

    #[test]
    fn several_spellings_are_read_where_none_is_open() {
        let formats = |cells: &[&str]| match evidence(cells) {
            DateEvidence::Formats(formats) => formats,
            _ => Vec::new(),
        };
        assert_eq!(formats(&["3 Mar 2024", "2024-03-05", "13/04/2024"]), ["%d/%m/%Y", "%d %b %Y"]);
        assert_eq!(formats(&["3 Mar 2024", "12 April 2024", "13/04/2024"]), ["%d/%m/%Y", "%d %b %Y", "%d %B %Y"]);
        assert_eq!(formats(&["04/13/2024", "1-2-2024", "13-2-2024", "2024/05/06"]).len(), 3);
        // Days of one separator say nothing of another.
        assert!(formats(&["13/04/2024", "1-2-2024", "3 Mar 2024"]).is_empty());
        assert!(formats(&["3 Mar 2024", "03/04/2024"]).is_empty());
        assert!(formats(&["13/04/2024", "04/13/2024", "3 Mar 2024"]).is_empty());
        // A year of two digits may be a day.
        assert!(formats(&["13/04/24", "3 Mar 2024"]).is_empty());
        let open = profile(&["3 Mar 2024", "03/04/2024"]);
        assert_eq!(open.first_open(100), Some((["%d/%m/%Y", "%m/%d/%Y"], &(2, "03/04/2024".to_owned()))));
    }

    #[test]
    fn a_given_format_leaves_the_other_spellings() {
        let profile = profile(&["3 Mar 2024", "13/04/2024", "12.4.2024", "2024-04-30"]);
        let beside = |given: &str| profile.beside(&[given.to_owned()], 100);
        assert_eq!(beside("%d/%m/%Y"), ["%d.%m.%Y", "%d %b %Y"]);
        assert_eq!(beside("%m.%d.%Y"), ["%d/%m/%Y", "%d %b %Y"]);
        assert_eq!(beside("%d %B %Y"), ["%d/%m/%Y", "%d.%m.%Y"]);
    }
}
