//! What knows no units, and how it is handed a quantity: `Q` stands for one, `y` is another, `S` stands for the rows.

/// Expressions with a quantity `Q` in them, and a second, `y`. SQLite computes each of them.
pub(crate) const EXPRESSIONS: [&str; 32] = [
    "~Q",
    "not Q",
    "Q % 2",
    "Q & 1",
    "Q << 1",
    "(Q || '') + 0",
    "length('' || Q)",
    "(Q || '') > '5'",
    "substr(Q || '', 1, 3)",
    "Q like 'x' escape 'y'",
    "upper(Q)",
    "length(Q)",
    "substr(Q, 1, 3)",
    "cast(Q as integer)",
    "cast(Q as text)",
    "printf('%d', Q)",
    "hex(Q)",
    "quote(Q)",
    "json_array_length(json_array(Q))",
    "coalesce(json_object('a', Q), 1)",
    "instr(Q, '5')",
    "replace(Q, '1', '2')",
    "trim(Q)",
    "sqrt(Q)",
    "unicode(Q)",
    "Q -> '$'",
    "case when Q then 1 end",
    "iif(Q, 1, 2)",
    "(Q, 1) = (y, 1)",
    "(Q, 1) < (y, 1)",
    "group_concat(Q) over ()",
    "typeof(Q) || sqrt(Q)",
];

/// Aggregates of a quantity.
pub(crate) const AGGREGATES: [&str; 5] = [
    "group_concat(distinct Q)",
    "length(group_concat(Q))",
    "stddev_samp(Q)",
    "percentile_cont(Q, 0.5)",
    "json_group_array(distinct Q + 0)",
];

/// Whole statements; `S` stands for the rows.
pub(crate) const STATEMENTS: [&str; 5] = [
    "select id from S where Q",
    "select id from S natural join (select x from S)",
    "select id from S join (select y as x from S) using (x)",
    "select id from S order by hex(Q)",
    "select count(*) over (order by Q range between 1 preceding and current row) as c from S",
];
