//! What other databases write and SQLite does not, and misspelt keywords, at the place of a syntax error: the whole phrase, and what
//! to write in its place.

use super::date_texts::{DATE_TYPES, no_date_type};
use crate::error::{SqlCause, suggest};
use crate::import::default_name;
use crate::syntax::TokenKind;
use crate::syntax::expr::Tokens;
use crate::syntax::sql::{GSET_HELP, WATCH_HELP};
use std::ops::Range;
use std::path::Path;

/// What keeps the rows that tie with the last.
const TIES: &str =
    "`select * from (select *, rank() over (order by …) as place from …) where place <= #` keeps those that tie";

/// Phrases, a blank between their tokens, and the help on each. `#` is a number, which the help repeats, and `_` any token.
const PHRASES: [(&str, &str); 53] = [
    ("\\ gset", GSET_HELP),
    ("\\ watch", WATCH_HELP),
    ("\\ g", INTO_FILE),
    ("\\ copy", INTO_FILE),
    ("copy _ to", INTO_FILE),
    ("ilike", "`like` ignores the case of ASCII letters"),
    ("* exclude (", COLUMNS),
    ("* except (", COLUMNS),
    ("* replace (", COLUMNS),
    ("except ( select", NO_PARENTHESES),
    ("union ( select", NO_PARENTHESES),
    ("union all ( select", NO_PARENTHESES),
    ("intersect ( select", NO_PARENTHESES),
    ("group by all", "name the columns, or their places: `group by 1, 2`"),
    ("order by all", "name the columns, or their places: `order by 1, 2`"),
    ("top #", "`limit #` stands at the end of a statement"),
    ("top ( #", "`limit #` stands at the end of a statement"),
    ("fetch first # rows with ties", TIES),
    ("fetch next # rows with ties", TIES),
    ("fetch first #", "`limit #` stands at the end of a statement"),
    ("fetch next #", "`limit #` stands at the end of a statement"),
    ("offset #", "it stands behind `limit`, which is -1 for all rows: `limit -1 offset #`"),
    ("limit all", "leave it out: without `limit` every row is there"),
    ("qualify _", "ask it of the result: `select * from (…) where …`"),
    ("!= =", "not equal is `<>` or `!=`"),
    ("== =", "equal is `=`"),
    ("<= >", "`is` compares NULL too: `a is b`"),
    ("& &", "both are asked by `and`"),
    ("! ~", MATCHING),
    ("~", MATCHING),
    ("rlike", MATCHING),
    ("similar to", MATCHING),
    ("within group (", "the fraction is an argument: `percentile_cont(x, 0.5)`, and `median(x)`"),
    ("pivot (", PIVOT),
    ("interval _", DAYS),
    ("!", "the opposite is `not`"),
    ("* *", "the power is `pow(a, b)`, which is inexact; a script has `a ** b`"),
    ("^", "the power is `pow(a, b)`, which is inexact; a script has `a ** b`"),
    (", from", "take the comma before `from` away"),
    (", where", "take the comma before `where` away"),
    ("try_cast ( _", "`cast(a as type)` makes what it can of a text"),
    ("extract ( _ from", PART_OF_DATE),
    ("extract ( _", PART_OF_DATE),
    ("with rollup", SUBTOTALS),
    ("grouping sets", SUBTOTALS),
    (
        "distinct on (",
        "`group by` with one `max(…)` or `min(…)` takes the row of it; `row_number()` numbers the rows of each group",
    ),
    ("unpivot (", UNPIVOT),
    ("tablesample _", "`order by random() limit 10` draws rows by lot"),
    ("for update", "a question locks nothing: leave it out"),
    ("create or replace _", "`create temp view … as`; a name that is taken is freed before by `drop view`"),
    ("explain analyze _", "`explain query plan select …` shows how a statement is run, `.timer on` how long it takes"),
    ("array _", LIST),
    ("lateral _", "a sub-select in the list sees the row: `select a, (select max(x) from t where t.a = u.a) from u`"),
];

/// Functions of other databases and of spreadsheets, and the help on each.
const FUNCTIONS: [(&str, &str); 93] = [
    ("stddev", SAMPLE),
    ("stdev", SAMPLE),
    ("std", SAMPLE),
    ("variance", "`pow(stddev_samp(x), 2)` is that of a sample"),
    ("var_samp", "`pow(stddev_samp(x), 2)` is that of a sample"),
    ("mean", "`avg(x)` is the mean"),
    ("average", "`avg(x)` is the mean"),
    ("countif", "`count(*) filter (where …)` counts such rows"),
    ("sumif", "`sum(x) filter (where …)` adds such rows up"),
    ("greatest", "`max(a, b)` is the greatest of several"),
    ("least", "`min(a, b)` is the least of several"),
    ("year", "`strftime('%Y', date)` is the year of a date"),
    ("month", "`strftime('%m', date)` is the month of a date"),
    ("day", "`strftime('%d', date)` is the day of a date"),
    ("date_format", "`strftime(format, date)` writes a date"),
    ("date_trunc", "`strftime('%Y-%m-01', date)` is the first day of its month"),
    ("datediff", DAYS_BETWEEN),
    ("to_char", "`strftime(format, date)` writes a date, `format('%.2f', x)` a number"),
    ("to_date", "a date is a text, as `'2025-03-31'`"),
    ("now", CLOCK),
    ("getdate", CLOCK),
    ("len", "`length(text)` counts its characters"),
    ("isnull", "`ifnull(a, b)` is b where a is NULL"),
    ("nvl", "`ifnull(a, b)` is b where a is NULL"),
    ("left", "`substr(text, 1, n)` is the beginning of a text"),
    ("right", "`substr(text, -n)` is the end of a text"),
    ("listagg", "`group_concat(x, ', ')` joins texts"),
    ("list", "`group_concat(x, ', ')` joins texts, `json_group_array(x)` is a list"),
    ("unit", "`q_unit(x)` is the unit of a quantity"),
    ("array_agg", "`json_group_array(x)` is a list"),
    ("vlookup", JOIN),
    ("xlookup", JOIN),
    ("hlookup", JOIN),
    ("lookup", JOIN),
    ("sumifs", "`sum(x) filter (where …)` adds such rows up"),
    ("countifs", "`count(*) filter (where …)` counts such rows"),
    ("averageif", "`avg(x) filter (where …)` is the mean of such rows"),
    ("iferror", "`coalesce(x, y)` is y where x is NULL"),
    ("pivot", PIVOT),
    ("rollup", SUBTOTALS),
    ("cube", SUBTOTALS),
    ("percentile", PERCENTILE),
    ("quantile", PERCENTILE),
    ("mode", "`select x from … group by x order by count(*) desc limit 1` is the most frequent"),
    ("correl", "`corr(x, y)` is the correlation"),
    ("split_part", "`substr(text, 1, instr(text, ',') - 1)` is the part before the first comma"),
    ("date_part", PART_OF_DATE),
    ("regexp_like", MATCHING),
    ("var_pop", "`pow(stddev_pop(x), 2)` is that of all"),
    ("covar_pop", COVARIANCE),
    ("covar_samp", COVARIANCE),
    (
        "regr_slope",
        "`corr(x, y) * stddev_samp(y) / stddev_samp(x)` is the slope of y over x, `where x is not null and y is not null`",
    ),
    ("quantile_cont", PERCENTILE),
    ("quantile_disc", PERCENTILE),
    ("percentile_disc", PERCENTILE),
    ("approx_quantile", PERCENTILE),
    ("date_diff", DAYS_BETWEEN),
    ("date_add", DAYS),
    ("date_sub", DAYS),
    ("dateadd", DAYS),
    ("date_from_parts", "`format('%04d-%02d-%02d', y, m, d)` is a date"),
    ("make_date", "`format('%04d-%02d-%02d', y, m, d)` is a date"),
    ("monthname", "`strftime('%m', date)` is the number of the month"),
    ("dayofweek", "`strftime('%w', date)` is the day of the week, 0 for Sunday"),
    ("quarter", "`(strftime('%m', date) + 2) / 3` is the quarter of a date"),
    ("curdate", CLOCK),
    ("today", CLOCK),
    ("current_date", CLOCK),
    ("regexp_matches", MATCHING),
    ("regexp_match", MATCHING),
    ("regexp_replace", PATTERN_PART),
    ("regexp_extract", PATTERN_PART),
    ("regexp_substr", PATTERN_PART),
    ("unnest", LIST),
    ("any_value", "`min(x)` is one of a group, the least"),
    ("arg_max", "`select x, max(y) from …` has the x of the row with the greatest y"),
    ("max_by", "`select x, max(y) from …` has the x of the row with the greatest y"),
    ("arg_min", "`select x, min(y) from …` has the x of the row with the least y"),
    ("min_by", "`select x, min(y) from …` has the x of the row with the least y"),
    ("bool_or", "`max(condition)` is 1 where any is"),
    ("bool_and", "`min(condition)` is 1 where all are"),
    ("every", "`min(condition)` is 1 where all are"),
    ("count_if", "`count(*) filter (where …)` counts such rows"),
    ("strpos", "`instr(text, part)` is the place of a part"),
    ("charindex", "`instr(text, part)` is the place of a part"),
    ("lpad", "`format('%05d', x)` fills a number with zeros, `format('%10s', text)` a text with blanks"),
    ("rpad", "`format('%-10s', text)` fills a text with blanks"),
    ("grouping", SUBTOTALS),
    ("read_csv_auto", READER),
    ("read_csv", READER),
    ("read_json", READER),
    ("read_json_auto", READER),
    ("read_parquet", READER),
];

/// Functions of other databases that stand in the place of a table, and the help on each.
const TABLE_FUNCTIONS: [(&str, &str); 2] =
    [("range", "`generate_series(0, 2)` counts from 0 to 2, its end among them"), ("unnest", LIST)];

/// The help on a function of another database in the place of a table; `None` for any other.
pub(super) fn table_help(name: &str) -> Option<&'static str> {
    TABLE_FUNCTIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, help)| *help)
}

/// The help on a word of other databases that SQLite takes for a column; `None` for any other.
pub(super) fn column_help(name: &str) -> Option<&'static str> {
    let is_list = name.contains(',').then_some(LIST);
    is_list.or_else(|| name.eq_ignore_ascii_case("interval").then_some(DAYS))
}

/// The help on a message of SQLite about what other databases take; `None` for any other.
pub(super) fn message_help(message: &str) -> Option<&'static str> {
    let is_distinct = message.eq_ignore_ascii_case("DISTINCT aggregates must have exactly one argument");
    let ranks = || {
        let name = message.strip_prefix("wrong number of arguments to function ")?.strip_suffix("()")?;
        ["rank", "dense_rank", "row_number", "percent_rank", "cume_dist"].contains(&name).then_some(RANKS)
    };
    is_distinct
        .then_some("with another separator than a comma: `select group_concat(x, ';') from (select distinct x from …)`")
        .or_else(ranks)
}

/// The help on a rank that was asked of a value.
const RANKS: &str = "the order stands behind it: `rank() over (order by x desc)` ranks the rows by x";

const INTO_FILE: &str = "`.once FILE` before a question writes its answer at the prompt, and `-o FILE` on the command line that of a text or a file";

const MATCHING: &str = "`text regexp 'pattern'` matches a pattern, `text like 'a%'` a beginning";

const PIVOT: &str = "each column is a sum of its own rows: `sum(x) filter (where year = 2024)`";

const SUBTOTALS: &str =
    "the total of all rows is a select of its own, joined by `union all`: `select 'all', sum(x) from …`";

const JOIN: &str = "a join looks values up: `select a.x, b.y from a join b on a.key = b.key`";

const COVARIANCE: &str = "`corr(x, y) * stddev_samp(x) * stddev_samp(y)` is that of a sample";

const PERCENTILE: &str = "`percentile_cont(x, 0.9)` is the value below which nine tenths are, `median(x)` the middle";

const UNPIVOT: &str =
    "when it is read: `pledgebook FILE --long 2021..2023 --name year --value amount` makes a row of each column";

const DAYS_BETWEEN: &str = "`julianday(a) - julianday(b)` counts the days between two dates";

const CLOCK: &str = "`date('now')` is the day of this machine's clock";

const LIST: &str =
    "a list is a table of `values`: `select column1 from (values (1), (2))`, and `json_each('[1, 2]')` one of JSON";

const PATTERN_PART: &str = "`replace(text, 'a', 'b')` replaces a text, `substr(text, 1, instr(text, ',') - 1)` takes what is before one; a script has the rest";

const READER: &str = "a file is named when the program starts: `pledgebook FILE.csv` makes a table of it";

const PART_OF_DATE: &str = "`strftime('%Y', date)` is the year of a date, `'%m'` its month";

const DAYS: &str = "`date('2025-03-31', '-1 day')` is a day earlier, and so `'+1 month'`, `'-1 year'`";

const SAMPLE: &str = "`stddev_samp(x)` is that of a sample";

/// The help on a function that another database has; `None` for any other.
pub(super) fn function_help(name: &str) -> Option<&'static str> {
    FUNCTIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, help)| *help)
}

const COLUMNS: &str = "name the columns that you want: `.schema VIEW` lists them";

const NO_PARENTHESES: &str = "SQLite takes no parentheses around a part: leave them out";

/// The keywords that may be misspelt. A shorter one has no near word.
const KEYWORDS: [&str; 26] = [
    "select",
    "from",
    "where",
    "group",
    "order",
    "having",
    "limit",
    "offset",
    "union",
    "except",
    "intersect",
    "join",
    "inner",
    "left",
    "cross",
    "natural",
    "using",
    "values",
    "distinct",
    "between",
    "insert",
    "update",
    "delete",
    "create",
    "into",
    "desc",
];

/// Words of SQL that no number follows in a name.
const OTHER_KEYWORDS: [&str; 17] = [
    "as", "on", "by", "and", "or", "not", "in", "is", "like", "case", "when", "then", "else", "end", "set", "all",
    "rows",
];

/// True for a word of SQL.
pub(super) fn is_keyword(word: &str) -> bool {
    let is_it = |keyword: &&str| keyword.eq_ignore_ascii_case(word);
    KEYWORDS.iter().any(is_it) || OTHER_KEYWORDS.iter().any(is_it)
}

/// The most tokens before the place of an error among which a misspelt keyword is looked for: SQLite takes it for an alias, and
/// goes on.
const MAX_BACK: usize = 2;

/// The most casts of a statement that are read.
const MAX_CASTS: usize = 16;

/// The most characters of an expression that a help repeats.
const MAX_REPEATED: usize = 60;

/// The cause of a syntax error at a byte of a statement, and its range; `None` where nothing better than SQLite's is known.
pub(super) fn explain(sql: &str, offset: usize, message: &str) -> Option<(Range<usize>, SqlCause)> {
    if !message.ends_with("syntax error") && !message.starts_with("unrecognized token") {
        return None;
    }
    let tokens = Tokens::new(sql);
    let failed = (0..tokens.count()).find(|at| tokens.bytes(&(*at..at + 1)).end > offset)?;
    let (range, meant, help) = cast(&tokens, failed)
        .or_else(|| grouped_number(&tokens, failed))
        .or_else(|| phrase(&tokens, failed))
        .or_else(|| date_literal(&tokens, failed))
        .or_else(|| unclosed_call(&tokens, failed))
        .or_else(|| top(&tokens))
        .or_else(|| table_name(&tokens, failed))
        .or_else(|| misspelt(&tokens, failed).map(|(range, near)| (range, Some(near), None)))?;
    let near = tokens.text(&range).split_whitespace().collect::<Vec<_>>().join(" ");
    Some((tokens.bytes(&range), SqlCause::Syntax { near, meant, help }))
}

/// A clause that begins within parentheses that hold no `select`: one of them is not closed.
fn unclosed_call(tokens: &Tokens<'_>, failed: usize) -> Option<Explained> {
    let is_clause = matches!(&*tokens.word(failed), "from" | "where" | "group" | "having" | "order" | "limit");
    let mut open: Vec<usize> = Vec::new();
    for at in 0..failed {
        match &*tokens.word(at) {
            "(" => open.push(at),
            ")" => drop(open.pop()),
            _ => {}
        }
    }
    let inner = open.last().filter(|_| is_clause)?;
    let is_query = tokens.word(inner + 1) == "select" || tokens.word(failed) == "order";
    let help = "a closing `)` is missing before it".to_owned();
    (!is_query).then(|| (failed..failed + 1, None, Some(help)))
}

/// A range of tokens, the keyword that is meant, and the help.
type Explained = (Range<usize>, Option<String>, Option<String>);

/// PostgreSQL's `a::int`.
fn cast(tokens: &Tokens<'_>, failed: usize) -> Option<Explained> {
    let kind = tokens.text(&(failed + 1..failed + 2)).strip_prefix(':').filter(|_| tokens.word(failed) == ":")?;
    let cast = tokens.value_before(failed).map_or("…", |start| tokens.text(&(start..failed)));
    let cast = if cast.chars().count() > MAX_REPEATED || cast.contains('\n') { "…" } else { cast };
    let of_date = DATE_TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(kind));
    let help = match of_date {
        Some((_, function)) => no_date_type(kind, function, cast),
        None => format!("write `cast({cast} as {kind})`"),
    };
    Some((failed..failed + 2, None, Some(help)))
}

/// A statement with `cast(a as int)` for each `a::int`, as far as they can be read.
pub(super) fn with_casts(sql: &str) -> String {
    let mut written = sql.to_owned();
    for _ in 0..MAX_CASTS {
        let tokens = Tokens::new(&written);
        let kind = |at: usize| tokens.text(&(at + 1..at + 2)).strip_prefix(':').filter(|_| tokens.word(at) == ":");
        let Some((at, kind)) = (0..tokens.count()).find_map(|at| Some((at, kind(at)?))) else { break };
        let Some(start) = tokens.value_before(at) else { break };
        let (value, bytes) = (tokens.text(&(start..at)), tokens.bytes(&(start..at + 2)));
        written = format!("{}cast({value} as {kind}){}", &written[..bytes.start], &written[bytes.end..]);
    }
    written
}

/// A number with commas between its thousands, of whose commas the first is the failed token: `1,000,000`.
fn grouped_number(tokens: &Tokens<'_>, failed: usize) -> Option<Explained> {
    let first = failed.checked_sub(1).filter(|_| tokens.word(failed) == ",")?;
    let digits = |at: usize| Some(tokens.word(at)).filter(|_| tokens.kind(at) == Some(TokenKind::Number));
    let is_joined = |at: usize| tokens.bytes(&(at..at + 1)).end == tokens.bytes(&(at + 1..at + 2)).start;
    let is_group = |group: &String| {
        let whole = group.split('.').next().unwrap_or_default();
        whole.len() == 3 && whole.bytes().all(|byte| byte.is_ascii_digit())
    };
    let head = digits(first).filter(|head| head.len() <= 3 && head.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (mut last, mut groups) = (first, vec![head]);
    while tokens.word(last + 1) == ","
        && last + 2 < tokens.count()
        && is_joined(last)
        && is_joined(last + 1)
        && let Some(group) = digits(last + 2).filter(is_group)
    {
        groups.push(group);
        last += 2;
    }
    let help = format!("write `{}` or `{}`", groups.concat(), groups.join("_"));
    (last > first).then_some((first..last + 1, None, Some(help)))
}

/// A date with its type before it, of which SQLite takes the type for a column: `date '2025-03-31'`.
fn date_literal(tokens: &Tokens<'_>, failed: usize) -> Option<Explained> {
    let is_literal = |at: &usize| {
        tokens.kind(*at) == Some(TokenKind::String) && matches!(&*tokens.word(at - 1), "date" | "timestamp")
    };
    let at = (failed.saturating_sub(MAX_BACK).max(1)..=failed).rev().find(is_literal)?;
    let text = tokens.text(&(at..at + 1));
    Some((
        at - 1..at + 1,
        None,
        Some(format!("a date is a text: `{text}` alone; `date({text}, '+1 day')` is the day behind it")),
    ))
}

/// `select top(3) …`, which SQLite takes for a product.
fn top(tokens: &Tokens<'_>) -> Option<Explained> {
    let is_top = tokens.word(1) == "top" && tokens.word(2) == "(" && tokens.kind(3) == Some(TokenKind::Number);
    is_top.then(|| (1..5, None, Some(format!("`limit {}` stands at the end of a statement", tokens.word(3)))))
}

/// The name of a table that begins with a digit or is a word of SQL, as that of a file may be.
fn table_name(tokens: &Tokens<'_>, failed: usize) -> Option<Explained> {
    let is_behind = |at: usize| matches!(&*tokens.word(at), "from" | "join");
    let word = failed.checked_sub(1).filter(|before| is_behind(*before)).map(|_| tokens.word(failed))?;
    let is_clause = KEYWORDS.contains(&&*word) || matches!(&*word, "on" | "as" | "by");
    let is_word = matches!(tokens.kind(failed), Some(TokenKind::Number | TokenKind::Word)) && !is_clause;
    let name = default_name(Path::new(&word));
    (is_word && name != word).then(|| {
        let help = format!("the table of a file that is called `{word}` is `{name}`: `.tables` lists them");
        (failed..failed + 1, None, Some(help))
    })
}

/// The phrase of another database that the failed token is part of.
fn phrase(tokens: &Tokens<'_>, failed: usize) -> Option<Explained> {
    PHRASES.iter().find_map(|(phrase, help)| {
        let words: Vec<&str> = phrase.split(' ').collect();
        let fits = |start: usize, at: usize| match words[at] {
            "#" => tokens.kind(start + at) == Some(TokenKind::Number),
            "_" => start + at < tokens.count(),
            word => tokens.word(start + at) == word,
        };
        let first = failed.saturating_sub(words.len() - 1);
        let start = (first..=failed).find(|start| (0..words.len()).all(|at| fits(*start, at)))?;
        // What stands around a word only tells it from others.
        let is_around = |at: usize, mark: &str| words.len() > 1 && words[at] == mark;
        let begin = start + usize::from(is_around(0, "*") && words[1] != "*");
        let end = start + words.len() - usize::from(is_around(words.len() - 1, "("));
        let number = words.iter().position(|word| *word == "#").map(|at| tokens.word(start + at));
        Some((begin..end, None, Some(help.replace('#', &number.unwrap_or_default()))))
    })
}

/// The misspelt keyword at the failed token, or just before it.
fn misspelt(tokens: &Tokens<'_>, failed: usize) -> Option<(Range<usize>, String)> {
    (failed.saturating_sub(MAX_BACK)..=failed).rev().find_map(|at| {
        let word = tokens.word(at);
        let is_misspelt = tokens.kind(at) == Some(TokenKind::Word) && !KEYWORDS.contains(&&*word);
        let near = suggest::nearest(&word, KEYWORDS).filter(|_| is_misspelt)?;
        Some((at..at + 1, near))
    })
}

#[cfg(test)]
mod tests {
    use super::explain;
    use crate::error::SqlCause;
    use rusqlite::{Connection, Error};

    /// The words of the failed phrase, and the keyword that is meant or the help.
    fn explained(sql: &str) -> Option<(String, String)> {
        let tables = Connection::open_in_memory().unwrap();
        tables.execute_batch("create table t (a, b, stage)").unwrap();
        let Err(Error::SqlInputError { msg, offset, .. }) = tables.prepare(sql).map(drop) else { return None };
        match explain(sql, usize::try_from(offset).unwrap(), &msg)? {
            (_, SqlCause::Syntax { near, meant, help }) => Some((near, meant.or(help)?)),
            _ => None,
        }
    }

    #[test]
    fn a_phrase_of_another_database_says_what_sqlite_writes() {
        for (sql, near, help) in [
            ("select a::int from t", "::int", "write `cast(a as int)`"),
            ("select max(a)::decimal(10, 2) from t", "::decimal", "write `cast(max(a) as decimal)`"),
            ("select * from t where a ilike 'p%'", "ilike", "`like` ignores"),
            ("select * exclude (a) from t", "exclude", "name the columns"),
            ("select * except (a) from t", "except", "name the columns"),
            ("select a from t except (select a from t)", "except (select", "SQLite takes no"),
            ("select count(*) from t group by all", "group by all", "name the columns"),
            ("select top 5 a from t", "top 5", "`limit 5` stands"),
            ("select a from t fetch first 5 rows only", "fetch first 5", "`limit 5` stands"),
            ("select a from t offset 5", "offset 5", "it stands behind"),
            ("select 1 where 1 !== 2", "!==", "not equal"),
            ("select 1 where 1 && 2", "&&", "both are asked"),
            ("select a from t where b ~ 'x'", "~", "`text regexp"),
            ("select a from t where b !~ 'x'", "!~", "`text regexp"),
            ("select a from t where b rlike 'x'", "rlike", "`text regexp"),
            ("select max(a) within group (order by b) from t", "within group", "the fraction is"),
            ("select * from t pivot (sum(a) for b in (1))", "pivot", "each column"),
            ("select extract(year from a) from t", "extract(year from", "`strftime("),
            ("select a from t where b > a - interval '1 day'", "interval '1 day'", "`date("),
            ("select 2 ** 3", "**", "the power"),
            ("select 2 ^ 3", "^", "the power"),
            ("select a, from t", ", from", "take the comma"),
            ("select a from t where a > 1,000,000", "1,000,000", "write `1000000` or `1_000_000`"),
            ("select a from t where b < 2,500.5 and a", "2,500.5", "write `2500.5` or `2_500.5`"),
        ] {
            let (found, said) = explained(sql).unwrap_or_else(|| panic!("{sql}"));
            assert_eq!(found, near, "{sql}");
            assert!(said.starts_with(help), "{sql}: {said}");
        }
    }

    #[test]
    fn a_misspelt_keyword_is_found_where_it_stands() {
        for (sql, near, meant) in [
            ("selct a from t", "selct", "select"),
            ("select a form t", "form", "from"),
            ("select * form t", "form", "from"),
            ("select a from t wher a = 1", "wher", "where"),
            ("select a from t ordr by a", "ordr", "order"),
            ("select a from t gruop by a", "gruop", "group"),
            ("select a from t group by a havin a > 1", "havin", "having"),
            ("select a from t limt 5", "limt", "limit"),
            ("select a from t limit 5 offst 2", "offst", "offset"),
            ("select a from t inner jion t as u on 1", "jion", "join"),
            ("delte from t", "delte", "delete"),
        ] {
            assert_eq!(explained(sql), Some((near.to_owned(), meant.to_owned())), "{sql}");
        }
    }

    #[test]
    fn other_errors_stay_as_they_are() {
        for sql in ["select a b c from t", "select no from t", "select (1", "select 'a", "select a from t where"] {
            assert_eq!(explained(sql), None, "{sql}");
        }
    }
}
