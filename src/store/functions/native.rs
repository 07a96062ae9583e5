//! How SQLite's own functions are called, as far as a question uses them: for completion and the hint. What they do is
//! SQLite's to say.

/// Each as its documentation writes it, variants separated by ` · `.
pub(super) const SIGNATURES: &[&str] = &[
    "abs(x)",
    "avg(x)",
    "char(x1, x2, …)",
    "coalesce(x, y, …)",
    "concat(x, …)",
    "concat_ws(separator, x, …)",
    "count(*) · count(x)",
    "cume_dist()",
    "date(time, modifier, …)",
    "datetime(time, modifier, …)",
    "dense_rank()",
    "first_value(x)",
    "format(format, …)",
    "glob(pattern, text)",
    "group_concat(x) · group_concat(x, separator)",
    "hex(x)",
    "ifnull(x, y)",
    "iif(condition, x, y)",
    "instr(text, part)",
    "json_array(x, …)",
    "json_extract(json, path, …)",
    "json_group_array(x)",
    "json_object(label, x, …)",
    "julianday(time, modifier, …)",
    "lag(x) · lag(x, offset, default)",
    "last_value(x)",
    "lead(x) · lead(x, offset, default)",
    "length(text)",
    "like(pattern, text) · like(pattern, text, escape)",
    "lower(text)",
    "ltrim(text) · ltrim(text, characters)",
    "max(x) · max(x, y, …)",
    "min(x) · min(x, y, …)",
    "nth_value(x, n)",
    "ntile(n)",
    "nullif(x, y)",
    "percent_rank()",
    "printf(format, …)",
    "quote(x)",
    "random()",
    "rank()",
    "replace(text, part, replacement)",
    "round(x) · round(x, places)",
    "row_number()",
    "rtrim(text) · rtrim(text, characters)",
    "sign(x)",
    "strftime(format, time, modifier, …)",
    "string_agg(x, separator)",
    "substr(text, start) · substr(text, start, length)",
    "substring(text, start) · substring(text, start, length)",
    "sum(x)",
    "time(time, modifier, …)",
    "timediff(time, time)",
    "total(x)",
    "trim(text) · trim(text, characters)",
    "typeof(x)",
    "unicode(text)",
    "unixepoch(time, modifier, …)",
    "upper(text)",
];

#[cfg(test)]
mod tests {
    use super::SIGNATURES;
    use rusqlite::Connection;

    #[test]
    fn each_is_a_function_of_sqlite_and_none_is_ours() {
        let connection = Connection::open_in_memory().unwrap();
        let sql = "select exists (select 1 from pragma_function_list where name = ?1)";
        for signature in SIGNATURES {
            let name = signature.split('(').next().unwrap();
            assert!(connection.query_row(sql, [name], |row| row.get::<_, bool>(0)).unwrap(), "{name}");
            assert!(super::super::find(name).is_none(), "{name}");
        }
    }
}
