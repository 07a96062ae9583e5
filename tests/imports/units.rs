//! The unit of a column: from its header, from a line above, from the cells; and what is asked where these leave it open.

use super::{empty_book, report};
use pledgebook::import::{ImportOptions, Report};
use std::fs;

/// The report on a table of this text.
fn read(name: &str, text: &str, options: &str) -> Result<Report, String> {
    let book = empty_book(name);
    let file = book.with_file_name("t.csv");
    fs::write(&file, text).expect("the directory is writable");
    let options: ImportOptions = toml::from_str(options).expect("the options are TOML");
    report(&book, &file, &options)
}

/// The unit and the sums of a column, as the report has them.
fn column(report: &Report, name: &str) -> String {
    let column = report.columns.iter().find(|column| column.name == name).expect("the column is there");
    let sums: Vec<String> = column.sums.iter().map(|(unit, sum)| format!("{sum} {unit}")).collect();
    let sum = column.sum.clone().unwrap_or_default();
    format!("{} {sum}{}", column.unit.as_deref().unwrap_or("-"), sums.join(" + "))
}

#[test]
fn a_scale_counts_wherever_a_header_has_it() {
    for (header, name, wanted) in [
        ("Value (USD) millions", "value_usd_millions", "USD 12500000"),
        ("Cost (£) '000", "cost_000", "GBP 12500"),
        ("Amount in euros (billions)", "amount_in_euros_billions", "EUR 12500000000"),
        ("\"Amount (USD), in thousands\"", "amount_usd_in_thousands", "USD 12500"),
        ("USD millions", "usd_millions", "USD 12500000"),
        ("EURm", "eurm", "EUR 12500000"),
        ("value_eur", "value_eur", "EUR 12.5"),
    ] {
        let report = read("unit_scales", &format!("who,{header}\na,5.5\nb,7\n"), "").expect(header);
        assert_eq!(
            (column(&report, name), report.doubts.len()),
            (wanted.to_owned(), 0),
            "{header}: {:?}",
            report.doubts
        );
    }
}

#[test]
fn what_a_header_leaves_open_is_asked_or_in_doubt() {
    for (header, asked) in [
        ("Not in EUR", "the word before it may say that it is not the unit"),
        ("Price in USD (EUR)", "it names several units"),
        ("Amount ($)", "it is the sign of several currencies"),
        ("EUR million (thousands)", "it states two scales"),
        ("Grants over a million (EUR)", "a word of it may scale the numbers, or not"),
    ] {
        let error = read("unit_open", &format!("who,{header}\na,5.5\nb,7\n"), "").expect_err(header);
        assert!(error.contains(asked), "{header}: {error}");
    }
    for (header, doubt) in [
        ("Contracts in EUR countries", "its header names `EUR`"),
        ("Population (millions)", "says `millions`, and its numbers are as they are written"),
        ("USD", "its header may be one: `--unit usd=USD`"),
        ("KES millions", "says `millions`"),
        ("usd_per_kg", "its header names `usd`: `--unit usd_per_kg=CODE`"),
    ] {
        let report = read("unit_doubt", &format!("who,{header}\na,5.5\nb,7\n"), "").expect(header);
        assert!(matches!(&*report.doubts, [only] if only.contains(doubt)), "{header}: {:?}", report.doubts);
    }
}

#[test]
fn a_cell_in_another_unit_than_its_column_is_never_taken_for_it() {
    for (text, options) in [
        ("who,amount (EUR)\na,5 GBP\nb,7\n", ""),
        ("who,amount (EUR)\na,$100\nb,7\n", ""),
        ("who,amount (EUR)\na,10%\nb,7\n", ""),
        ("who,amount (EUR thousand)\na,5 EUR\nb,7 EUR\n", ""),
        ("who,amount\na,5 GBP\nb,7 EUR\n", "unit = { amount = 'EUR' }"),
        ("who,amount\na,5 EUR\nb,7\n", ""),
        ("who,amount\na,$5\nb,$7\n", ""),
        ("who,currency,amount\na,EUR,5 GBP\nb,GBP,7\n", "unit = { amount = '@currency' }"),
    ] {
        let error = read("unit_cells", text, options).expect_err(text);
        assert!(
            error.contains("the unit of `amount") || error.contains("is in GBP, and its row says EUR"),
            "{text}: {error}"
        );
    }
    for (text, options, wanted) in [
        ("who,amount (EUR)\na,5 EUR\nb,€7\n", "", "EUR 12"),
        ("who,amount\na,5 EUR\nb,7 GBP\nc,1 EUR\n", "", "@amount 6 EUR + 7 GBP"),
        ("who,amount\na,5 EUR\nb,7 GBP\nc,8\n", "unit = { amount = '@amount' }", "@amount 8  + 5 EUR + 7 GBP"),
        ("who,amount (USD)\na,$5\nb,7\n", "", "USD 12"),
        ("who,amount\na,5 EUR\nb,7 EUR\n", "unit = { amount = 'EUR thousand' }", "EUR 12000"),
        ("who,currency,amount\na,EUR,5 EUR\nb,GBP,£7\n", "unit = { amount = '@currency' }", "@currency 5 EUR + 7 GBP"),
    ] {
        let report = read("unit_agree", text, options).expect(text);
        let name = report.columns.last().expect("there is one").name.clone();
        assert_eq!(column(&report, &name), wanted, "{text}");
    }
}

#[test]
fn a_line_above_gives_its_unit_where_only_one_column_can_be_meant() {
    let report = read("unit_title", "Aid\nEUR million\n\nwho,amount\na,5\nb,7\n", "").expect("it is read");
    assert_eq!(column(&report, "amount"), "EUR 12000000");
    assert_eq!(report.remarks, ["`amount` is in EUR million, by line 2"]);
    let years = read("unit_years", "Aid in EUR million\nwho,2020,2021\na,5,6\nb,7,8\n", "").expect("it is read");
    assert_eq!((column(&years, "c_2020"), column(&years, "c_2021")), ("EUR 12000000".into(), "EUR 14000000".into()));
    let beside = read("unit_beside", "Aid in EUR million\nwho,value (EUR million),ships\na,5,6\nb,7,8\n", "")
        .expect("it is read");
    assert_eq!((column(&beside, "ships"), beside.doubts.len()), ("- 14".into(), 0), "{:?}", beside.doubts);
    let two = read("unit_two", "Aid in EUR million\nwho,amount,ships\na,5,6\nb,7,8\n", "").expect("it is read");
    assert_eq!(column(&two, "amount"), "- 12");
    assert!(two.doubts.iter().any(|doubt| doubt.starts_with("line 1 says EUR million")), "{:?}", two.doubts);
    let scaled = read("unit_scaled", "Aid in EUR million\nwho,amount (EUR)\na,5\nb,7\n", "").expect("it is read");
    assert!(scaled.doubts.iter().any(|doubt| doubt.starts_with("line 1 says EUR million")), "{:?}", scaled.doubts);
}

#[test]
fn currencies_that_no_number_takes_are_in_doubt_though_the_book_lacks_some() {
    for currencies in [["EUR", "HRK", "nok"], ["euro", "US$", "EUR"], ["XYZ", "ABC", "EUR"]] {
        let [a, b, c] = currencies;
        let text = format!("who,currency,exchange_rate,amount\nx,{a},1.1,5\ny,{b},1.2,7\nz,{c},1.3,1\n");
        let report = read("unit_currency", &text, "").expect("it is read");
        let doubt = report.doubts.iter().find(|doubt| doubt.starts_with("`currency` has currencies"));
        assert!(
            doubt.is_some_and(|doubt| doubt.contains("--unit amount=@currency")),
            "{currencies:?}: {:?}",
            report.doubts
        );
    }
    let none = "unit = { amount = 'none', exchange_rate = 'none' }";
    let text = "who,currency,exchange_rate,amount\nx,EUR,1.1,5\ny,HRK,1.2,7\n";
    assert!(read("unit_none", text, none).expect("it is read").doubts.is_empty());
}

#[test]
fn a_decimal_mark_that_is_said_is_not_overridden_in_silence() {
    let error = read("mark_error", "who,n\na,\"1,2\"\nb,\"1,846\"\n", "decimal = 'point'").expect_err("it is open");
    assert!(error.contains("`1,2` in `n` is no number with a decimal point"), "{error}");
    let report = read("mark_doubt", "who,n\na,\"1,2\"\nb,\"1,8\"\n", "decimal = 'point'").expect("it is read");
    assert!(
        matches!(&*report.doubts, [only] if only.contains("makes no number of 2 cells, as of `1,2`")),
        "{:?}",
        report.doubts
    );
    assert!(
        read("mark_fits", "who,n\na,1.5\nb,\"1,846\"\n", "decimal = 'point'").expect("it is read").doubts.is_empty()
    );
}

#[test]
fn a_number_that_stays_text_is_in_doubt() {
    for (cells, doubt) in [
        (["5 million tonnes", "7 million tonnes"], "with words or with more digits"),
        (["€5-10m", "€7m"], "with words or with more digits"),
        (["5m", "7m"], "a letter scales a number beside its currency alone"),
        (["1e400", "1e401"], "with words or with more digits"),
        (["12345678901234567890123456789012", "1"], "with words or with more digits"),
        (["13/01/2025", "01/13/2025"], "in several formats"),
        (["5", "#DIV/0!"], "formulas that failed have left"),
    ] {
        let text = format!("who,n\na,{}\nb,{}\n", cells[0], cells[1]);
        let report = read("near_numbers", &text, "").expect("it is read");
        assert!(report.doubts.iter().any(|said| said.contains(doubt)), "{cells:?}: {:?}", report.doubts);
    }
    let text = "who,n\na,5-10\nb,555-1234\n";
    assert_eq!(read("codes", text, "").expect("it is read").doubts, Vec::<String>::new());
}

#[test]
fn an_option_without_effect_is_said() {
    for (options, doubt) in [
        ("unit = { who = 'EUR' }", "`--unit` of `who` has no effect: the column is text"),
        ("missing = { who = ['x'] }", "`--missing` of `who` has no effect: the column is text"),
        ("unit = { n = 'EUR' }\ntype = { n = 'real' }", "`--unit` of `n` has no effect: the column is real"),
    ] {
        let report = read("idle", "who,n\na,5\nb,7\n", options).expect("it is read");
        assert_eq!(report.doubts, [doubt], "{options}");
    }
}

#[test]
fn a_header_that_names_a_stage_goes_before_the_row() {
    let text = "who,kind,value (EUR),delivered (EUR)\na,committed,5,2\nb,allocated,7,3\n";
    let report = read("unit_stage", text, "stage = '@kind'").expect("it is read");
    assert_eq!(report.remarks, ["`delivered_eur` is at the stage delivered, by its header, and not at that of `kind`"]);
}

#[test]
fn a_header_of_another_thing_than_money_is_never_taken_for_an_amount() {
    for header in [
        "Jobs per million EUR",
        "Cost EUR/m",
        "Jobs/M€",
        "Contracts over 5 million EUR",
        "thousand million EUR",
        "eur_usd_m",
        "rank_usd_m",
        "\"EUR, USD\"",
        "nicht in EUR",
        "Number of grants (EUR million)",
        "Share (EUR million)",
        "\"Price (EUR, cents)\"",
        "Price (GBp)",
        "Value m (EUR)",
        "plan_b_eur",
        "Company B EUR",
        "EUR (B)",
        "Anzahl Projekte (Mio. EUR)",
    ] {
        let text = format!("who,{header}\na,5.5\nb,7\n");
        match read("unit_no_amount", &text, "") {
            Err(error) => assert!(error.contains("is open"), "{header}: {error}"),
            Ok(report) => {
                let last = report.columns.last().expect("there is one");
                assert_eq!((last.unit.as_deref(), last.sum.as_deref()), (None, Some("12.5")), "{header}");
                assert!(header.contains("GBp") || !report.doubts.is_empty(), "{header}: {:?}", report.doubts);
            }
        }
    }
}

#[test]
fn a_scale_goes_with_the_unit_that_stands_elsewhere() {
    let title = |header: &str| format!("Aid in EUR\n\nwho,{header}\na,5\nb,7\n");
    let report = read("unit_title_scale", &title("amount (thousands)"), "").expect("it is read");
    assert_eq!(column(&report, "amount_thousands"), "EUR 12000");
    let two = read("unit_titles", "Aid (EUR)\nin millions\n\nwho,amount\na,5\nb,7\n", "").expect("it is read");
    assert_eq!(column(&two, "amount"), "EUR 12000000");
    let row = "who,amount '000,currency\na,5,EUR\nb,7,USD\n";
    let row = read("unit_row_scale", row, "unit = { \"amount '000\" = '@currency' }").expect("it is read");
    assert_eq!(column(&row, "amount_000"), "@currency 5000 EUR + 7000 USD");
    let cells = read("unit_cells_scale", "who,amount (million)\na,€5\nb,€7\n", "").expect_err("it is open");
    assert!(cells.contains("may scale the numbers"), "{cells}");
    for (header, name) in [("USD", "usd"), ("population", "population"), ("Number of projects", "number_of_projects")] {
        let report = read("unit_title_other", &title(header), "").expect(header);
        assert_eq!(column(&report, name), "- 12", "{header}");
        assert!(!report.doubts.is_empty(), "{header}");
    }
    let above = "in thousands\nwho,amount (EUR)\na,5\nb,7\n";
    let report = read("unit_scale_above", above, "").expect("it is read");
    assert!(report.doubts.iter().any(|doubt| doubt.contains("line 1 says `thousands`")), "{:?}", report.doubts);
    let rows = "who,amount (EUR million),currency\na,5,EUR\nb,7,USD\n";
    let report = read("unit_other_row", rows, "").expect("it is read");
    assert!(report.doubts.iter().any(|doubt| doubt.contains("`USD` on line 3")), "{:?}", report.doubts);
}

#[test]
fn a_number_that_is_said_to_be_a_mark_is_missing() {
    for (mark, cells, sum) in [("999", "5\nb,999", "5"), ("-99", "5.5\nb,-99", "5.5"), ("0:withheld", "5\nb,0", "5")] {
        let options = format!("missing = {{ n = ['{mark}'] }}");
        let report = read("number_mark", &format!("who,n\na,{cells}\n"), &options).expect(mark);
        let n = &report.columns[1];
        assert_eq!((n.sum.as_deref(), n.present, n.missing.len()), (Some(sum), 1, 1), "{mark}: {report:?}");
    }
    let report = read("day_mark", "who,day\na,2024-01-05\nb,1900-01-01\n", "missing = { day = ['1900-01-01'] }");
    assert_eq!(report.expect("it is read").columns[1].present, 1);
}

#[test]
fn amounts_that_are_no_counts_ask_nothing() {
    for header in [
        "GDP per capita (EUR)",
        "Amount per year (EUR)",
        "Share price (EUR)",
        "EU share (EUR million)",
        "Number plate revenue (EUR)",
        "Rent EUR",
        "Military aid (EUR)",
    ] {
        let report = read("amounts", &format!("who,{header}\na,5.5\nb,7\n"), "").expect(header);
        let last = report.columns.last().expect("there is one");
        assert_eq!((last.unit.as_deref(), report.doubts.len()), (Some("EUR"), 0), "{header}: {:?}", report.doubts);
    }
    let shared = "\"Military aid, EUR million\",,\n\nCountry,Amount,Share (%)\nA,5,40\nB,7,60\n";
    let report = read("amount_share", shared, "").expect("it is read");
    assert_eq!((column(&report, "amount"), report.doubts.len()), ("EUR 12000000".into(), 0), "{:?}", report.doubts);
}

#[test]
fn a_comma_in_a_header_does_not_part_the_cells() {
    for text in [
        "Land;Betrag, Mio. Euro\nBayern;1234,5\nHessen;987,6\n",
        "Land;\"Betrag, Mio. Euro\"\nBayern;1234,5\nHessen;987,6\n",
    ] {
        let report = read("separators", text, "").expect(text);
        assert_eq!(column(&report, "betrag_mio_euro"), "EUR 2222100000", "{text}");
    }
    let report = read("commas", "who,n\na,1\nb,2\n", "").expect("it is read");
    assert_eq!(column(&report, "n"), "- 3");
}

#[test]
fn a_number_may_begin_or_end_with_its_point() {
    for (cells, sum) in [([".5", ".25", "1.5"], "2.25"), (["5.", "25.", "-.5"], "29.5"), ([".5", "-.5", "0"], "0")] {
        let text = format!("who,n\na,{}\nb,{}\nc,{}\n", cells[0], cells[1], cells[2]);
        let report = read("points", &text, "").expect("it is read");
        assert_eq!((column(&report, "n"), report.doubts.len()), (format!("- {sum}"), 0), "{cells:?}");
    }
}

#[test]
fn rows_that_belong_to_the_header_are_no_records() {
    for text in ["Land,Pop,Area\n1,2,3\nA,500,7\nB,700,9\n", "Land,Pop,Area\n(1),(2),(3)\nA,500,7\nB,700,9\n"] {
        let report = read("numbering", text, "").expect("it is read");
        assert_eq!((column(&report, "pop"), report.rows), ("- 1200".into(), 2), "{text}");
        assert_eq!(report.remarks, ["line 2 numbers the columns, and is no record"], "{text}");
    }
    let blank =
        read("numbering_blank", "country,amount EUR,loans EUR\n,(1),(2)\nFrance,12,5\n", "").expect("it is read");
    assert_eq!(column(&blank, "amount_eur"), "EUR 12");
    let wards =
        read("numbering_wards", "Ward,Cases,Floor\n1,2,3\n2,2,17\n3A,3,5\n3B,3,5\n3C,3,5\n", "").expect("it is read");
    assert_eq!((wards.rows, column(&wards, "cases")), (5, "- 13".into()));
    assert!(wards.doubts.iter().any(|doubt| doubt.starts_with("line 2 may number the columns")), "{:?}", wards.doubts);
    let numbered = "Ward,Cases,Floor\n1,2,3\n2,2,17\n3A,3,5\n3B,3,5\n3C,3,5\n";
    let numbered = read("numbering_said", numbered, "header-row = '1-2'").expect("it is read");
    assert_eq!((numbered.rows, column(&numbered, "cases")), (4, "- 11".into()));
    let report = read("toy", "a,b,c\n1,2,3\n4,5,6\n", "").expect("it is read");
    assert_eq!((report.rows, report.remarks.len()), (2, 0));
    let years = "Donor,Commitments,,Disbursements,\n,2020,2021,2020,2021\nD0,1,2,3,4\nD1,5,6,7,8\n";
    let report = read("years_below", years, "").expect("it is read");
    assert!(report.doubts.iter().any(|doubt| doubt.contains("`--header-row 1-2`")), "{:?}", report.doubts);
    let units = "who,loans,grants\n,EUR m,EUR m\na,5,6\nb,7,8\n";
    let report = read("units_below", units, "").expect("it is read");
    assert!(report.doubts.iter().any(|doubt| doubt.starts_with("line 2 has units")), "{:?}", report.doubts);
    let taken = read("units_taken", units, "header-row = '1-2'").expect("it is read");
    assert_eq!(column(&taken, "loans_eur_m"), "EUR 12000000");
    let long = "long = '2020..2021'\nname = 'year'\nvalue = 'n'";
    let report = read("long_beside", "who,2020,2021,2022\na,5,6,7\n", long).expect("it is read");
    assert!(matches!(&*report.doubts, [only] if only.starts_with("`2022` stands beside")), "{:?}", report.doubts);
    let above = "a,10,20\nb,30,40\nwho,x,y\nc,5,6\nd,7,8\n";
    let report = read("wide_above", above, "").expect("it is read");
    assert!(report.doubts.iter().any(|doubt| doubt.contains("2 lines, from line 1 on, fill")), "{:?}", report.doubts);
}

#[test]
fn a_row_between_others_that_is_the_sum_of_all_above_is_in_doubt() {
    let text = "a,c,e,r\nA,L,10,4\nB,L,20,5\nC,M,30,6\nD,M,40,8\nENGLAND,,100,23\nLONDON,L,30,9\nMETRO,M,70,14\n";
    let report = read("running_total", text, "").expect("it is read");
    let doubt =
        |report: &Report| report.doubts.iter().any(|doubt| doubt.starts_with("line 6 is the sum of all rows above"));
    assert!(doubt(&report), "{:?}", report.doubts);
    let one = "area,amount EUR\nA,10\nB,20\nC,35\nENGLAND,65\nD,5\nE,8\n";
    let one = read("running_one", one, "").expect("it is read");
    assert!(
        one.doubts.iter().any(|doubt| doubt.starts_with("line 5 is the sum of all rows above")),
        "{:?}",
        one.doubts
    );
    let kept = read("running_kept", text, "totals = 'keep'").expect("it is read");
    assert!(!doubt(&kept), "{:?}", kept.doubts);
}

#[test]
fn an_option_that_says_another_unit_than_the_header_is_in_doubt() {
    let doubts = |options: &str| read("import_other_unit", "donor,amount (EUR)\nA,5\nB,7\n", options).unwrap().doubts;
    let found = doubts("unit = { amount_eur = 'USD' }");
    assert!(
        found.iter().any(|doubt| doubt.starts_with("the header of `amount_eur` says EUR, and `--unit` another")),
        "{found:?}"
    );
    assert_eq!(doubts("unit = { amount_eur = 'EUR million' }"), Vec::<String>::new());
    assert_eq!(doubts("unit = { amount_eur = 'none' }"), Vec::<String>::new());
}
