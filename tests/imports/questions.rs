//! Options that are kept with a source and taken again, and tables whose publisher is known by its headers.

use super::empty_book;
use crate::scratch;
use pledgebook::import::{ImportOptions, Mode, Report, import};
use pledgebook::store::BookWriter;
use std::fs;
use std::path::Path;

fn written(book: &Path, name: &str, text: &str, options: &str) -> Result<Report, String> {
    let file = book.with_file_name(name);
    fs::write(&file, text).expect("the directory is writable");
    let options: ImportOptions = toml::from_str(options).expect("the options are TOML");
    let mut book = BookWriter::open(book).expect("it is a book");
    import(&mut book, &file, &options, Mode::Write, false).map_err(|error| error.to_string())
}

#[test]
fn the_next_release_needs_no_answer() {
    let book = empty_book("import_like");
    let first = "who,amount,people\na,5,\"1,846\"\nb,6,\"2,100\"\n";
    let options = "decimal = 'point'\nunit = { amount = 'EUR million' }";
    let report = written(&book, "release_1.csv", first, options).expect("it is imported");
    assert_eq!(report.options.lines(), ["decimal = \"point\"", "unit.amount = \"EUR million\""]);
    let repeated: ImportOptions = toml::from_str(&report.options.lines().join("\n")).expect("they are TOML");
    assert_eq!(repeated, report.options);
    let next = "who,amount,people\na,7,\"1,900\"\n";
    let report = written(&book, "release_2.csv", next, "").expect("it is imported");
    assert_eq!((report.like.as_deref(), report.columns[1].sum.as_deref()), (Some("S1"), Some("7000000")));
    assert_eq!(report.columns[2].sum.as_deref(), Some("1900"));
    // What is typed goes before, and `none` takes nothing.
    let report = written(&book, "release_3.csv", next, "unit = { amount = 'none' }").expect("it is imported");
    assert_eq!((report.like.as_deref(), report.columns[1].sum.as_deref()), (Some("S2"), Some("7")));
    let other = "who,amount,persons\na,7,\"1,900\"\n";
    let error = written(&book, "other.csv", other, "").expect_err("its header is another");
    assert!(error.contains("two ways"), "{error}");
}

#[test]
fn options_of_another_import_are_taken_by_its_name_or_left_by_none() {
    let book = empty_book("import_like_named");
    written(&book, "one.csv", "title\nwho,amount\na,5\nb,6\n", "header-row = '2'\nunit = { amount = 'EUR' }")
        .expect("it is");
    let file = book.with_file_name("two.csv");
    fs::write(&file, "title\nwho,amount\nc,7\n").expect("the directory is writable");
    let mut writer = BookWriter::open(&book).expect("it is a book");
    let mut like = |like: &str| {
        let options = ImportOptions { like: Some(like.to_owned()), ..ImportOptions::default() };
        import(&mut writer, &file, &options, Mode::DryRun, false).map_err(|error| error.to_string())
    };
    assert_eq!(like("s1").expect("it is").columns[1].unit.as_deref(), Some("EUR"));
    assert_eq!(like("none").expect("it is").columns[1].unit, None);
    assert!(like("S7").expect_err("there is none").contains("`S7` is no import"));
}

/// A file of a publisher: its text, the words by which the report names it, and the unit of a column.
type Known = (&'static str, &'static str, &'static str, &'static str, Option<&'static str>);

const KNOWN: &[Known] = &[
    (
        "kiel",
        "ID,Countries,Announcement Date,Type of Aid General,Original Currency,Monetary Value as Given by Source,Total \n\
         A1,Norway,2024-02-01,Military,NOK,5,5\nA2,Denmark,2024-02-02,Military,DKK,6,\n",
        "Ukraine Support Tracker",
        "monetary_value_as_given_by_source",
        Some("@Original Currency"),
    ),
    (
        "kiel_unknown_unit",
        "ID,Countries,Announcement Date,Type of Aid General,Original Currency,Monetary Value as Given by Source\n\
         A1,Norway,2024-02-01,Military,QQQ,5\nA2,Denmark,2024-02-02,Military,DKK,6\n",
        "Ukraine Support Tracker",
        "monetary_value_as_given_by_source",
        None,
    ),
    (
        "bank",
        "\"Data Source\",\"Indicators\",\n\n\"Last Updated Date\",\"2024-06-28\",\n\n\
         \"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"2020\",\"2021\",\n\
         \"Norway\",\"NOR\",\"GDP (current US$)\",\"NY.GDP\",\"5.5\",\"6.5\",\n\
         \"Denmark\",\"DNK\",\"GDP (current US$)\",\"NY.GDP\",\"3.5\",\"\",\n",
        "World Bank",
        "c_2020",
        Some("USD"),
    ),
    (
        "ecb",
        "Date,USD,JPY,GBP,CHF,SEK,CYP,\n2025-03-14,1.0889,161.8,0.842,0.96,11.0,N/A,\n2025-03-13,1.08,160.1,0.84,0.95,11.1,N/A,\n",
        "European Central Bank",
        "usd",
        Some("USD/EUR"),
    ),
    (
        "tags",
        "country,requirements,pct\n#country,#value+funding+required+usd,#value+pct\nUA,5,0.5\nPL,7,0.7\n",
        "Humanitarian Exchange Language",
        "requirements",
        Some("USD"),
    ),
    (
        "flows",
        "date,budgetYear,amountUSD,originalAmount,originalCurrency\n2021-03-02,2021,5,4,EUR\n2021-03-03,2021,6,,\n",
        "Financial Tracking Service",
        "original_amount",
        Some("@originalCurrency"),
    ),
    (
        "contracts",
        "ocid,awards/0/value/amount,awards/0/value/currency\nx-1,5,GBP\nx-2,6,GBP\n",
        "Open Contracting",
        "awards_0_value_amount",
        Some("@awards/0/value/currency"),
    ),
    (
        "activities",
        "iati-identifier,transaction-value,transaction-value-currency\nx-1,5,GBP\nx-2,6,USD\n",
        "IATI",
        "transaction_value",
        Some("@transaction-value-currency"),
    ),
    (
        "like_kiel",
        "ID,Countries,Announcement Date,Type of Aid General,Original Currency,Value\nA1,Norway,2024-02-01,Military,NOK,5\n",
        "like the Ukraine Support Tracker",
        "value",
        None,
    ),
];

#[test]
fn publishers_are_known_by_their_headers() {
    for (name, text, words, column, unit) in KNOWN {
        let book = empty_book(&format!("import_known_{name}"));
        let report = written(&book, &format!("{name}.csv"), text, "").unwrap_or_else(|error| panic!("{name}: {error}"));
        let said = report.recognised.as_deref().unwrap_or_default();
        assert!(said.contains(words), "{name}: {said}");
        let found =
            report.columns.iter().find(|found| found.name == *column).unwrap_or_else(|| panic!("{name}: {column}"));
        assert_eq!(found.unit.as_deref(), *unit, "{name}");
    }
}

#[test]
fn a_unit_that_the_book_lacks_is_added_by_an_option() {
    let book = empty_book("import_new_unit");
    let text = "who,amount,currency\na,5,MGA\nb,6,EUR\n";
    let error = written(&book, "t.csv", text, "unit = { amount = '@currency' }").expect_err("the book has no ariary");
    assert!(error.contains("`MGA` beside `amount` is no unit of the book"), "{error}");
    let options = "unit = { amount = '@currency' }\nnew-unit = { MGA = 'currency:ariary' }";
    let report = written(&book, "t.csv", text, options).expect("it is imported");
    assert_eq!(report.columns[1].sums.get("MGA").map(String::as_str), Some("5"));
    let units = BookWriter::open(&book).expect("it is a book").units().expect("they can be read");
    assert_eq!(units.get("MGA").map(|unit| unit.name.as_str()), Some("ariary"));
}

#[test]
fn what_is_said_goes_before_what_is_known() {
    let book = empty_book("import_known_said");
    let (_, text, ..) = KNOWN[3];
    let report = written(&book, "ecb.csv", text, "unit = { usd = 'none' }").expect("it is imported");
    assert_eq!((report.columns[1].unit.as_deref(), report.columns[2].unit.as_deref()), (None, Some("JPY/EUR")));
    let report = written(&book, "other.csv", "a,b\n1,x\n2,y\n", "").expect("it is imported");
    assert_eq!(report.recognised, None);
}

const STAGED: &str = "ID,Countries,Announcement Date,Type of Aid General,Original Currency,Type of donation,Monetary Value as Given \
                      by Source,Parts\nA1,Norway,2024-02-01,Military,NOK,Commitment,5,5\nA2,Norway,2024-02-02,Military,NOK,Allocation,3,3\n";

/// The only cell of a result, or what is said instead.
fn asked(book: &Path, sql: &str) -> Result<String, String> {
    let directory = book.parent().expect("it is in a directory");
    let mut program = scratch::command(scratch::program(), directory);
    let output = program.arg(book).args(["--csv", "--no-header", "-c", sql]).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

#[test]
fn the_stages_of_a_known_publisher_are_taken() {
    let book = empty_book("import_known_stages");
    let report = written(&book, "aid.csv", STAGED, "").expect("it is imported");
    let said = report.recognised.as_deref().unwrap_or_default();
    assert!(
        said.contains("the stage of a number is that in `Type of donation`") && said.contains("`--stage none`"),
        "{said}"
    );
    assert_eq!(report.stage.as_deref(), Some("@Type of donation"));
    assert!(report.options.stage.is_none(), "what is known is asked of the next file again");
    for column in ["monetary_value_as_given_by_source", "parts"] {
        for sum in [format!("q_sum({column})"), format!("q_sum_known({column})"), format!("sum({column})")] {
            let error = asked(&book, &format!("select {sum} from aid")).expect_err("it has two stages");
            assert!(error.contains("would mix the stages committed and allocated"), "{sum}: {error}");
        }
    }
    // What is said goes before it.
    for (name, options, stage) in [("none", "stage = 'none'", None), ("fixed", "stage = 'pledged'", Some("pledged"))] {
        let report = written(&book, &format!("{name}.csv"), STAGED, options).expect("it is imported");
        assert_eq!(report.stage.as_deref(), stage);
        assert!(!report.recognised.as_deref().unwrap_or_default().contains("stage"), "{:?}", report.recognised);
        assert_eq!(report.options.lines(), [options.replace('\'', "\"")]);
        assert_eq!(asked(&book, &format!("select q_amount(q_sum(parts)) from {name}")), Ok("8".to_owned()));
    }
    let flows = "id,date,budgetYear,amountUSD,originalAmount,originalCurrency,status\n\
                 7,2021-03-02,2021,5,4,EUR,paid\n8,2021-03-03,2021,6,5,EUR,pledge\n";
    let report = written(&book, "flows.csv", flows, "").expect("it is imported");
    assert_eq!(report.columns[0].kind, "integer", "a number that names a row has no stage");
    let error = asked(&book, "select sum(amount_usd) from flows").expect_err("it has two stages");
    assert!(error.contains("would mix the stages disbursed and pledged"), "{error}");
}

#[test]
fn words_of_a_known_publisher_that_are_no_stages_are_said() {
    let book = empty_book("import_known_stages_other");
    let text = STAGED.replace("Allocation", "Promise");
    let report = written(&book, "aid.csv", &text, "").expect("it is imported");
    let said = report.recognised.as_deref().unwrap_or_default();
    assert!(said.contains("`Promise` in `Type of donation` is no stage"), "{said}");
    assert_eq!(report.stage, None);
    let options = "stage = '@Type of donation'\nstages = { Promise = 'pledged' }";
    assert!(written(&book, "said.csv", &text, options).is_ok());
}

#[test]
fn an_identifier_is_offered_no_currency() {
    let book = empty_book("import_identifier");
    let text = "paid,id,currency,versionId\n70,1,EUR,5\n80,2,USD,6\n";
    let report = written(&book, "t.csv", text, "").expect("it is imported");
    let doubts = report.doubts.join("\n");
    assert!(doubts.contains("`--unit paid=@currency`") && !doubts.contains("_id=@currency"), "{doubts}");
}
