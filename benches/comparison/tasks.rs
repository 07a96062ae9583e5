//! The tasks, each as the program's arguments and as its peers'. All write the same content to standard output, each in
//! its own form; `{sqlite}`, `{csv}`, `{workbook}`, `{book}` and `{duckdb}` stand for the
//! files of rows, `{own}` and `{new}` for an empty book and a database that is not there yet.

/// Something to do, and by which arguments each does it.
pub(crate) struct Task {
    pub(crate) name: &'static str,
    pub(crate) program: &'static [&'static str],
    /// Names of `peers::PEERS`, with arguments.
    pub(crate) peers: &'static [(&'static str, &'static [&'static str])],
}

const SELECT_ONE: &str = "import sqlite3; print(sqlite3.connect(':memory:').execute('select 1').fetchone()[0])";

const GROUPED: &str = "select donor, sum(months), avg(months), count(*) from gifts group by donor";
const ORDERED: &str = "select id, donor, day from gifts order by donor, day, id";

const PYTHON_CSV: &str = "
import csv, sqlite3, sys
rows = sqlite3.connect('{sqlite}').execute('select * from gifts')
writer = csv.writer(sys.stdout)
writer.writerow(column[0] for column in rows.description)
writer.writerows(rows)";

const PYTHON_JSON: &str = "
import json, sqlite3, sys
rows = sqlite3.connect('{sqlite}').execute('select * from gifts')
names = [column[0] for column in rows.description]
json.dump([dict(zip(names, row)) for row in rows], sys.stdout)";

const PYTHON_SUM: &str = "
import sqlite3
from decimal import Decimal
print(sum((Decimal(amount) for amount, in sqlite3.connect('{sqlite}').execute('select amount from gifts')), Decimal(0)))";

/// Divisors are powers of two, so that each quotient is exact in decimals.
const SCRIPT_LOOP: &str = "
let total = 0;
for gift in stream(\"select q(amount, '1') as amount, 1 << (id % 5) as n from gifts\") { total += gift.amount / gift.n; }
total";

const PYTHON_LOOP: &str = "
import sqlite3
from decimal import Decimal
total = Decimal(0)
for amount, n in sqlite3.connect('{sqlite}').execute('select amount, 1 << (id % 5) from gifts'):
    total += Decimal(amount) / n
print(total)";

const SCRIPT_FUNCTION: &str = "
fn scaled(x) { x * 2 + 1 }
query(\"select sum(scaled(id)) as total from gifts\")";

const PYTHON_FUNCTION: &str = "
import sqlite3
book = sqlite3.connect('{sqlite}')
book.create_function('scaled', 1, lambda x: x * 2 + 1)
print(book.execute('select sum(scaled(id)) from gifts').fetchone()[0])";

const SCRIPT_TABLE: &str = "
query(\"select * from gifts\").filter(|gift| gift.months != () && gift.months > 60).sum(\"id\")";

const PANDAS_TABLE: &str = "
import pandas, sqlite3
gifts = pandas.read_sql('select * from gifts', sqlite3.connect('{sqlite}'))
print(gifts[gifts.months > 60].id.sum())";

const PYTHON_TABLE: &str = "
import sqlite3
gifts = sqlite3.connect('{sqlite}').execute('select * from gifts').fetchall()
print(sum(gift[0] for gift in gifts if gift[4] is not None and gift[4] > 60))";

const IMPORTED: &str = "create table gifts(id, donor, amount, day, months)";
const IMPORT: &str = ".import --csv --skip 1 {csv} gifts";

const DUCKDB_IMPORT: &str = "create table gifts as select * from read_csv('{csv}')";

/// The condition that a view answers as its table does.
const FILTERED: &str = "select count(*), max(day) from gifts where months > 60";
const FILTERED_TABLE: &str = "select count(*), max(day) from gifts_S1 where months > 60";

/// The tasks, the shortest first.
pub(crate) const TASKS: [Task; 19] = [
    Task {
        name: "version",
        program: &["--version"],
        peers: &[
            ("sqlite3", &["-version"]),
            ("duckdb", &["--version"]),
            ("luajit", &["-v"]),
            ("lua", &["-v"]),
            ("python3", &["--version"]),
            ("node", &["--version"]),
        ],
    },
    Task {
        name: "select 1",
        program: &["-c", "select 1"],
        peers: &[
            ("sqlite3", &[":memory:", "select 1"]),
            ("duckdb", &[":memory:", "-c", "select 1"]),
            ("python3", &["-c", SELECT_ONE]),
        ],
    },
    Task {
        name: "script of a number",
        program: &["-c", "print(6 * 7);"],
        peers: &[
            ("luajit", &["-e", "print(6 * 7)"]),
            ("lua", &["-e", "print(6 * 7)"]),
            ("python3", &["-c", "print(6 * 7)"]),
            ("node", &["-e", "console.log(6 * 7)"]),
        ],
    },
    Task {
        name: "run of the library",
        program: &["run", "pledged_per_missile"],
        peers: &[("sqlite3", &[":memory:", "select 1"])],
    },
    Task {
        name: "check of a figure",
        program: &["check", "£320,000 per missile"],
        peers: &[("sqlite3", &[":memory:", "select 1"])],
    },
    Task {
        name: "csv",
        program: &["{sqlite}", "--csv", "-c", "select * from gifts"],
        peers: &[
            ("sqlite3", &["-csv", "-header", "{sqlite}", "select * from gifts"]),
            ("duckdb", &["-csv", "{duckdb}", "-c", "select * from gifts"]),
            ("python3", &["-c", PYTHON_CSV]),
        ],
    },
    Task {
        name: "json",
        program: &["{sqlite}", "--json", "-c", "select * from gifts"],
        peers: &[
            ("sqlite3", &["-json", "{sqlite}", "select * from gifts"]),
            ("duckdb", &["-json", "{duckdb}", "-c", "select * from gifts"]),
            ("python3", &["-c", PYTHON_JSON]),
        ],
    },
    Task {
        name: "table",
        program: &["{sqlite}", "-c", "select * from gifts"],
        peers: &[
            ("sqlite3", &["-box", "{sqlite}", "select * from gifts"]),
            ("duckdb", &["-box", "{duckdb}", "-c", "select * from gifts"]),
        ],
    },
    Task {
        name: "group by",
        program: &["{sqlite}", "--csv", "-c", GROUPED],
        peers: &[("sqlite3", &["-csv", "{sqlite}", GROUPED]), ("duckdb", &["-csv", "{duckdb}", "-c", GROUPED])],
    },
    Task {
        name: "order by",
        program: &["{sqlite}", "--csv", "-c", ORDERED],
        peers: &[("sqlite3", &["-csv", "{sqlite}", ORDERED]), ("duckdb", &["-csv", "{duckdb}", "-c", ORDERED])],
    },
    Task {
        name: "exact sum",
        program: &["{sqlite}", "--csv", "-c", "select q_sum(q(amount, '1')) as total from gifts"],
        peers: &[
            ("sqlite3", &["{sqlite}", "select decimal_sum(amount) from gifts"]),
            ("duckdb", &["-csv", "{duckdb}", "-c", "select sum(amount::decimal(18, 2)) from gifts"]),
            ("python3", &["-c", PYTHON_SUM]),
        ],
    },
    Task {
        name: "script loop",
        program: &["{sqlite}", "-c", SCRIPT_LOOP],
        peers: &[("python3", &["-c", PYTHON_LOOP])],
    },
    Task {
        name: "script function",
        program: &["{sqlite}", "-c", SCRIPT_FUNCTION],
        peers: &[("python3", &["-c", PYTHON_FUNCTION])],
    },
    Task {
        name: "query into a table",
        program: &["{sqlite}", "-c", SCRIPT_TABLE],
        peers: &[("pandas", &["-c", PANDAS_TABLE]), ("python3", &["-c", PYTHON_TABLE])],
    },
    Task {
        name: "count of an import",
        program: &["{book}", "--csv", "-c", "select count(*) from gifts"],
        peers: &[("sqlite3", &["-csv", "{book}", "select count(*) from gifts_S1"])],
    },
    Task {
        name: "filter of an import",
        program: &["{book}", "--csv", "-c", FILTERED],
        peers: &[("sqlite3", &["-csv", "{book}", FILTERED_TABLE])],
    },
    Task {
        name: "import of csv",
        program: &["{own}", "import", "{csv}", "--as", "gifts"],
        peers: &[("sqlite3", &["{new}", IMPORTED, IMPORT]), ("duckdb", &["{new}", "-c", DUCKDB_IMPORT])],
    },
    Task {
        name: "import of a workbook",
        program: &["{own}", "import", "{workbook}", "--sheet", "result", "--as", "gifts"],
        peers: &[],
    },
    Task { name: "export", program: &["{book}", "export", "{new}.d", "--force"], peers: &[] },
];
