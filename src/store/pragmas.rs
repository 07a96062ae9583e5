//! The pragmas that a question may use: those that read. Any other is denied.

/// Pragmas that read, whatever their argument.
const READING_PRAGMAS: [&str; 18] = [
    "collation_list",
    "compile_options",
    "data_version",
    "database_list",
    "foreign_key_check",
    "foreign_key_list",
    "freelist_count",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "page_count",
    "pragma_list",
    "quick_check",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// Pragmas that read without an argument and write with one.
const READING_PRAGMAS_WITHOUT_VALUE: [&str; 8] = [
    "application_id",
    "encoding",
    "foreign_keys",
    "journal_mode",
    "page_size",
    "query_only",
    "schema_version",
    "user_version",
];

/// Whether a pragma, with this argument or none, only reads.
pub(super) fn reads(name: &str, value: Option<&str>) -> bool {
    let lower = name.to_ascii_lowercase();
    READING_PRAGMAS.contains(&lower.as_str())
        || (value.is_none() && READING_PRAGMAS_WITHOUT_VALUE.contains(&lower.as_str()))
}
