//! Facts, their sources, the corrections of facts, and open questions, for the notes under a figure. Prose is made
//! elsewhere.

use crate::error::{FunctionCause, SupersededFact};
use crate::quantity::Quantity;
use crate::store::what_if::same_pledge;
use crate::store::{Book, FunctionResult, unreadable};
use rusqlite::{OptionalExtension, Result, Row};

/// A fact, with the columns that notes need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactEntry {
    /// `F29`.
    pub id: String,
    /// `S1`.
    pub source: String,
    /// `4.2`: paragraph and sentence.
    pub locator: String,
    /// The fact in the book's own words, with its number as written.
    pub gloss: String,
    /// Subject, action and object of its statement, for searching.
    pub subject_matter: String,
    /// The code of its status, as `occurred`.
    pub status: String,
    /// The code of its certainty.
    pub certainty: String,
    /// The code of its attribution.
    pub attribution: String,
    /// The stage of the pledge, for a fact about one.
    pub stage: Option<String>,
    /// The number as the source writes it.
    pub as_written: Option<String>,
    /// The fewest significant figures that the digits imply.
    pub significant_figures: Option<i64>,
    /// The characters that state it, from 0, the end not included.
    pub characters: Option<(i64, i64)>,
    /// The label of its number.
    pub label: Option<String>,
    /// The condition of the pledge.
    pub condition: Option<String>,
    /// A note on reading it.
    pub note: Option<String>,
}

impl FactEntry {
    /// Its words that say what it is about: label, gloss, subject; a blank before each.
    #[must_use]
    pub fn subject_words(&self) -> String {
        format!(" {} {} {}", self.label.as_deref().unwrap_or_default(), self.gloss, self.subject_matter)
    }
}

/// The columns of a [`FactEntry`]: of a fact of a text, or of a record of a table.
const FACT_COLUMNS: &str = "select t.id, t.source, coalesce(f.locator, 'record ' || t.record), \
     coalesce(f.gloss, replace(t.gloss, '{}', coalesce(q.as_written, '(not stated)'))), t.status, t.certainty, \
     t.attribution, q.stage, q.as_written, q.sig_figs, t.char_start, t.char_end, q.label, c.text, t.note, \
     t.subject || ' ' || t.action || ' ' || coalesce(t.object, '')";

/// The tables behind [`FACT_COLUMNS`] for one fact. Each view has its own condition on the id: SQLite materializes a
/// view that it can't push the condition into.
const FROM_ONE: &str = "from main.fact t left join main.facts f on f.id = ?1 left join main.figures q on q.id = ?1 \
     left join main.condition c on c.id = t.condition where t.superseded_by is null and t.id = ?1";

/// The tables behind [`FACT_COLUMNS`] for every fact of a text.
const FROM_ALL: &str = "from main.facts f join main.fact t on t.id = f.id left join main.figures q on q.id = f.id \
     left join main.condition c on c.id = t.condition where t.superseded_by is null and t.record is null \
     order by length(t.id), t.id";

/// An open question that limits the reading of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactLimit {
    /// `U17`.
    pub unknown: String,
    /// The question in two to four words.
    pub short: String,
    /// The place in a short note; `None` where only a full one names it.
    pub brief_order: Option<i64>,
}

/// A source, with the columns that notes need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceEntry {
    /// `S1`.
    pub id: String,
    /// `a news text`.
    pub description: String,
    /// The known ones of title, publisher and date, in that order.
    pub known: Vec<String>,
    /// The open question about its author, publisher and date.
    pub unknown: Option<String>,
    /// The digest of the exact text.
    pub sha256: String,
    /// The terms under which it may be used.
    pub licence: Option<String>,
}

impl Book {
    /// The fact of an id.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    pub fn fact(&self, id: &str) -> Result<Option<FactEntry>> {
        Ok(self.facts_of(&mut [id.to_owned()].into_iter(), 1)?.pop())
    }

    /// The facts of these ids in their order, at most `most` of them. Ids that the book does not have are left out.
    ///
    /// # Errors
    /// As [`Book::fact`].
    pub fn facts_of(&self, ids: &mut dyn Iterator<Item = String>, most: usize) -> Result<Vec<FactEntry>> {
        self.privileged(|connection| {
            let mut statement = connection.prepare(&format!("{FACT_COLUMNS} {FROM_ONE}"))?;
            let mut found = Vec::new();
            while found.len() < most
                && let Some(id) = ids.next()
            {
                found.extend(statement.query_row([id], fact_entry).optional()?);
            }
            Ok(found)
        })
    }

    /// The facts of every text, in the order of their ids.
    ///
    /// # Errors
    /// As [`Book::fact`].
    pub fn facts(&self) -> Result<Vec<FactEntry>> {
        let sql = format!("{FACT_COLUMNS} {FROM_ALL}");
        self.query_rows(&sql, [], fact_entry)
    }

    /// The open questions that limit each of these facts, those of a short note first.
    ///
    /// # Errors
    /// As [`Book::fact`].
    pub fn limits_of(&self, facts: &[FactEntry]) -> Result<Vec<Vec<FactLimit>>> {
        let sql = "select u.id, u.short, l.brief_ord from main.unknown_fact l join main.unknown u on u.id = l.unknown \
                   where l.fact = ?1 and l.part = 'limits' order by l.brief_ord is null, l.brief_ord, u.id";
        self.privileged(|connection| {
            let mut statement = connection.prepare(sql)?;
            let limit =
                |row: &Row<'_>| Ok(FactLimit { unknown: row.get(0)?, short: row.get(1)?, brief_order: row.get(2)? });
            facts.iter().map(|fact| statement.query_map([&fact.id], limit)?.collect()).collect()
        })
    }

    /// The tensions that each of these facts is part of, one fact after the other: id, statement and handling.
    ///
    /// # Errors
    /// As [`Book::fact`].
    pub fn tensions_of(&self, facts: &[FactEntry]) -> Result<Vec<(String, String, String)>> {
        let sql = "select t.id, t.statement, t.handling from main.tension_fact m join main.tension t on t.id = m.tension \
                   where m.fact = ?1 order by length(t.id), t.id";
        self.privileged(|connection| {
            let mut statement = connection.prepare(sql)?;
            let mut found = Vec::new();
            for fact in facts {
                let mut rows = statement.query([&fact.id])?;
                while let Some(row) = rows.next()? {
                    found.push((row.get(0)?, row.get(1)?, row.get(2)?));
                }
            }
            Ok(found)
        })
    }

    /// The source of an id.
    ///
    /// # Errors
    /// As [`Book::fact`].
    pub fn source(&self, id: &str) -> Result<Option<SourceEntry>> {
        self.query_optional("select * from main.source where id = ?1", [id], source_entry)
    }

    /// Its contents in numbers; `None` for a plain database.
    ///
    /// # Errors
    /// It can't be counted.
    pub fn extent(&self) -> Result<Option<Extent>> {
        if !self.has_views {
            return Ok(None);
        }
        let imported = "select count(*), coalesce(sum(records), 0) from main.imported_table";
        let (tables, records) = if self.catalogue().has_imports() {
            self.query_row(imported, [], |row| Ok((row.get(0)?, row.get(1)?)))?
        } else {
            (0, 0)
        };
        let sql = "select (select count(*) from main.facts), (select count(*) from main.sources)";
        let (facts, sources): (i64, i64) = self.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Some(Extent { facts, sources: sources - tables, tables, records }))
    }
}

/// The numbers of what a book holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Facts.
    pub facts: i64,
    /// Sources that are no imported tables.
    pub sources: i64,
    /// Imported tables.
    pub tables: i64,
    /// Their records.
    pub records: i64,
}

fn fact_entry(row: &Row<'_>) -> Result<FactEntry> {
    let span: (Option<i64>, Option<i64>) = (row.get(10)?, row.get(11)?);
    Ok(FactEntry {
        id: row.get(0)?,
        source: row.get(1)?,
        locator: row.get(2)?,
        gloss: row.get(3)?,
        status: row.get(4)?,
        certainty: row.get(5)?,
        attribution: row.get(6)?,
        stage: row.get(7)?,
        as_written: row.get(8)?,
        significant_figures: row.get(9)?,
        characters: span.0.zip(span.1),
        label: row.get(12)?,
        condition: row.get(13)?,
        note: row.get(14)?,
        subject_matter: row.get(15)?,
    })
}

fn source_entry(row: &Row<'_>) -> Result<SourceEntry> {
    let known: [Option<String>; 3] = [row.get("title")?, row.get("publisher")?, row.get("published")?];
    // A book made before has no such column.
    let has_licence = row.as_ref().column_index("licence").is_ok();
    Ok(SourceEntry {
        id: row.get("id")?,
        description: row.get("description")?,
        known: known.into_iter().flatten().collect(),
        unknown: row.get("unknown")?,
        sha256: row.get("sha256")?,
        licence: if has_licence { row.get("licence")? } else { None },
    })
}

/// The number of a corrected fact.
#[derive(Debug, Clone, PartialEq)]
pub struct SupersededFigure {
    /// The number, as the source stated it.
    pub quantity: Quantity,
    /// `S1`.
    pub source: String,
    /// `4.2`: paragraph and sentence; `record 37` in a table.
    pub locator: String,
    /// The label of the number.
    pub label: String,
    /// The fact that corrects it, and is not corrected itself.
    pub by: String,
}

/// The last correction of the fact `f`, in SQL; the next one, where a chain of corrections has no end.
const LAST_CORRECTION: &str = "
    coalesce((with recursive correction (id) as (
                  select f.superseded_by
                  union
                  select c.superseded_by from correction join main.fact c using (id) where c.superseded_by is not null)
              select id from correction join main.fact c using (id) where c.superseded_by is null),
             f.superseded_by)";

impl Book {
    /// The fact of an id with the one that corrects it; `None` if none does, or the book has no such fact.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    pub fn superseded(&self, id: &str) -> Result<Option<SupersededFact>> {
        if !self.is_book() {
            return Ok(None);
        }
        let sql = format!("select {LAST_CORRECTION} from main.fact f where f.id = ?1 and f.superseded_by is not null");
        let by = self.query_optional(&sql, [id], |row| row.get(0))?;
        Ok(by.map(|by| SupersededFact { id: id.to_owned(), by }))
    }

    /// The numbers that sources stated and later facts correct, in the order of their ids.
    ///
    /// # Errors
    /// As [`Book::superseded`].
    pub fn superseded_figures(&self) -> Result<Vec<SupersededFigure>> {
        let sql = format!(
            "select q.quantity, f.source, coalesce('record ' || f.record, f.paragraph || '.' || f.sentence), q.label, {LAST_CORRECTION}
             from main.fact f join main.figure q on q.fact = f.id
             where f.superseded_by is not null and q.basis = 'stated' order by length(f.id), f.id"
        );
        Ok(self.query_rows(&sql, [], superseded_figure)?.into_iter().flatten().collect())
    }

    /// The facts that each of these corrects, one fact after the other: its id, and its statement and place in a line.
    ///
    /// # Errors
    /// As [`Book::superseded`].
    pub fn corrections_by(&self, facts: &[FactEntry]) -> Result<Vec<Vec<(String, String)>>> {
        let sql = "select f.id, replace(f.gloss, '{}', coalesce(q.as_written, q.amount, '(not stated)')) || ' (' || f.source \
                          || coalesce(' ¶' || f.paragraph || '.' || f.sentence, ' record ' || f.record) || ')'
                   from main.fact f left join main.figure q on q.fact = f.id
                   where f.superseded_by = ?1 order by length(f.id), f.id";
        self.privileged(|connection| {
            let mut statement = connection.prepare(sql)?;
            let corrected = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            facts.iter().map(|fact| statement.query_map([&fact.id], corrected)?.collect()).collect()
        })
    }

    /// The pledge that a pledge is part of or the same as, in a line: `part of PL1 (F61)`; `None` where it is marked as neither.
    ///
    /// # Errors
    /// As [`Book::superseded`].
    pub fn overlap_of(&self, pledge: &str) -> Result<Option<String>> {
        if !self.has_overlap_table()? {
            return Ok(None);
        }
        let sql = "select replace(relation, '_', ' ') || ' ' || other || coalesce(' (' || fact || ')', '')
                   from main.pledge_overlap where pledge = ?1";
        self.query_optional(sql, [pledge], |row| row.get(0))
    }

    /// The pledge that a pledge is marked as the same as; itself where it is marked as none.
    ///
    /// # Errors
    /// As [`Book::superseded`].
    pub fn same_pledge(&self, pledge: &str) -> Result<String> {
        let other = if self.has_overlap_table()? {
            self.privileged(|connection| same_pledge(connection, pledge))?
        } else {
            None
        };
        Ok(other.unwrap_or_else(|| pledge.to_owned()))
    }

    /// All ids of a pledge: its own, and those of the pledges that are marked as the same.
    ///
    /// # Errors
    /// As [`Book::superseded`].
    pub fn same_pledges(&self, pledge: &str) -> Result<Vec<String>> {
        let own = self.same_pledge(pledge)?;
        let sql = "select pledge from main.pledge_overlap where other = ?1 and relation = 'same_as'";
        let others =
            if self.has_overlap_table()? { self.query_rows(sql, [&own], |row| row.get(0))? } else { Vec::new() };
        Ok(std::iter::once(own).chain(others).collect())
    }

    /// True if the book can mark pledges as part of others: one of before there were overlaps has no table of them.
    fn has_overlap_table(&self) -> Result<bool> {
        let sql = "select exists (select 1 from main.sqlite_schema where name = 'pledge_overlap')";
        self.query_row(sql, [], |row| row.get(0))
    }

    /// Refuses the id of a corrected fact.
    ///
    /// # Errors
    /// With the fact that corrects it; the book can't be read.
    pub(in crate::store) fn refuse_superseded(&self, id: &str) -> FunctionResult<()> {
        let fact = self.superseded(id).map_err(unreadable)?;
        fact.map_or(Ok(()), |fact| Err(FunctionCause::Superseded(fact)))
    }
}

/// Reads a row; `None` if the text of the figure is no quantity: a book made by somebody else.
fn superseded_figure(row: &Row<'_>) -> Result<Option<SupersededFigure>> {
    let form: String = row.get(0)?;
    let Ok(quantity) = form.parse() else { return Ok(None) };
    let (source, locator) = (row.get(1)?, row.get(2)?);
    Ok(Some(SupersededFigure { quantity, source, locator, label: row.get(3)?, by: row.get(4)? }))
}

/// An open question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionEntry {
    /// `U11`.
    pub id: String,
    /// The question itself.
    pub question: String,
    /// The matter in a few words.
    pub about: String,
    /// The code of the reason why there is no answer.
    pub reason: String,
    /// The ids of the facts that come closest to one.
    pub closest: Vec<String>,
    /// The kind of source that would answer it.
    pub needs: String,
    /// The meaning of the silence, and the wrong conclusion from it.
    pub means: String,
}

const QUESTION_COLUMNS: &str =
    "select id, question, about, reason, coalesce(closest, ''), needs, means from main.unknowns";

impl Book {
    /// The open question of an id.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    pub fn question(&self, id: &str) -> Result<Option<QuestionEntry>> {
        let sql = format!("{QUESTION_COLUMNS} where id = ?1");
        self.query_optional(&sql, [id], question_entry)
    }

    /// Every open question, in the order of their ids.
    ///
    /// # Errors
    /// As [`Book::question`].
    pub fn questions(&self) -> Result<Vec<QuestionEntry>> {
        let sql = format!("{QUESTION_COLUMNS} order by length(id), id");
        self.query_rows(&sql, [], question_entry)
    }

    /// The meaning of a reason's code; `None` if the book has no such code.
    #[must_use]
    pub fn meaning_of(&self, reason: &str) -> Option<String> {
        let sql = "select meaning from main.reason where code = ?1";
        self.query_row(sql, [reason], |row| row.get(0)).ok()
    }
}

fn question_entry(row: &Row<'_>) -> Result<QuestionEntry> {
    let closest: String = row.get(4)?;
    Ok(QuestionEntry {
        id: row.get(0)?,
        question: row.get(1)?,
        about: row.get(2)?,
        reason: row.get(3)?,
        closest: closest.split_whitespace().map(str::to_owned).collect(),
        needs: row.get(5)?,
        means: row.get(6)?,
    })
}

#[cfg(test)]
mod tests {
    use super::{FACT_COLUMNS, FROM_ONE};
    use crate::store::open;
    use rusqlite::StatementStatus;

    #[test]
    fn facts_are_the_same_together_and_one_by_one() {
        let book = open(None).unwrap();
        let all = book.facts().unwrap();
        let ids = || all.iter().map(|fact| fact.id.clone()).chain(["F999".to_owned()]);
        assert_eq!(book.facts_of(&mut ids(), usize::MAX).unwrap(), all);
        assert!(all.iter().all(|fact| book.fact(&fact.id).unwrap().as_ref() == Some(fact)));
        let mut some = ids();
        assert_eq!(book.facts_of(&mut some, 2).unwrap(), all[..2]);
        assert_eq!(some.count(), all.len() - 1);
    }

    #[test]
    fn no_fact_is_looked_up_by_walking_through_all_of_them() {
        let book = open(None).unwrap();
        let walked = book.privileged(|connection| {
            let mut statement = connection.prepare(&format!("{FACT_COLUMNS} {FROM_ONE}"))?;
            statement.query_row(["F29"], |_| Ok(()))?;
            Ok(statement.get_status(StatementStatus::FullscanStep))
        });
        assert!(walked.unwrap() < 5);
    }
}
