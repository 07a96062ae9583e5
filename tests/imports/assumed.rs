//! What-ifs about cells of imported tables: in SQL and in scripts, of every format, in a book and asked at once; and what can't be
//! supposed of a record.

use crate::scratch;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// The exit code, the output and the errors of a run.
fn run(directory: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = scratch::command(scratch::program(), directory);
    let output = command.args(arguments).stdin(Stdio::null()).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// A directory with one table in several formats: an amount that is known, one that is not, and a blank.
fn prepared(name: &str) -> PathBuf {
    let directory = scratch::directory(&format!("assumed_{name}"));
    let table = "donor,amount (EUR),people\nNorway,100,3\nDenmark,250,4\nFrance,undisclosed,5\nSpain,,6\n";
    fs::write(directory.join("aid.csv"), table).expect("the directory is writable");
    fs::write(directory.join("aid.tsv"), table.replace(',', "\t")).expect("the directory is writable");
    let rows = "[{\"donor\": \"Norway\", \"amount (EUR)\": 100}, {\"donor\": \"Denmark\", \"amount (EUR)\": 250}]";
    fs::write(directory.join("aid.json"), rows).expect("the directory is writable");
    let select = "select donor, q_amount(amount_eur) as \"amount (EUR)\" from aid where not q_is_unknown(amount_eur)";
    let (code, _, said) = run(&directory, &["-q", "aid.csv", "-c", select, "-o", "aid.xlsx"]);
    assert_eq!(code, Some(0), "{said}");
    fs::write(directory.join("other.csv"), "who,cost (EUR)\na,7\n").expect("the directory is writable");
    for arguments in
        [&["init", "mine.db", "--empty"][..], &["mine.db", "import", "aid.csv"], &["mine.db", "import", "other.csv"]]
    {
        assert_eq!(run(&directory, arguments).0, Some(0), "{arguments:?}");
    }
    directory
}

#[test]
fn a_cell_may_have_another_number() {
    let directory = prepared("cell");
    let assumed = "S1:2.amount_eur = 400 EUR";
    for source in [&["mine.db"][..], &["aid.csv"], &["aid.tsv"], &["aid.json"], &["--sheet", "result", "aid.xlsx"]] {
        for id in ["S1:2", "S1:2.amount_eur", "s1:2.Amount_EUR"] {
            let ask = |text: &str| {
                let arguments = [source, &["--csv", "--no-header", "--assume", &format!("{id}=400"), "-c", text]];
                run(&directory, &arguments.concat())
            };
            let (code, out, said) = ask("select q_sum_known(amount_eur) from aid where donor in ('Norway', 'Denmark')");
            assert_eq!(
                (code, out.as_str()),
                (Some(0), "500,EUR,,S1:1-2,S1:2.amount_eur=400 EUR,S1:2.amount_eur=400 EUR\n"),
                "{source:?}: {said}"
            );
            assert!(said.contains(assumed), "{source:?}: {said}");
            let (_, out, said) = ask("query(\"select * from aid where donor = 'Denmark'\")[0].amount_eur * 2");
            assert!(out.starts_with("800,EUR,") && said.contains(assumed), "{source:?}: {out} {said}");
            // A condition on it is a what-if too; what does not read it is none.
            let (_, out, said) = ask("select count(*) from aid where amount_eur > q('300 EUR')");
            assert!(out.starts_with('1') && said.contains(assumed), "{source:?}: {out} {said}");
            let (_, out, said) = ask("select donor from aid where record = 'S1:2'");
            assert!(out == "Denmark\n" && !said.contains("WHAT-IF"), "{source:?}: {out} {said}");
        }
    }
    let (_, out, said) =
        run(&directory, &["mine.db", "--csv", "--assume", "S1:2=400", "-c", "select cost_eur from other"]);
    assert!(out.contains("7,EUR") && !said.contains("WHAT-IF"), "{out} {said}");
    let unknown =
        ["mine.db", "--assume", "S1:3=2 million EUR", "-c", "select amount_eur from aid where donor = 'France'"];
    let (_, out, said) = run(&directory, &unknown);
    assert!(out.contains("2,000,000") && out.contains("which S1 does not state"), "{out} {said}");
    let (_, out, said) = run(&directory, &["mine.db", "-c", "assume(\"S1:2\", 400) - assume(\"S1:1.amount_eur\", 50)"]);
    assert!(out.starts_with("350 EUR") && out.contains("S1:1.amount_eur = 50 EUR"), "{out} {said}");
    // The file is as it was.
    assert_eq!(run(&directory, &["mine.db", "check-book"]).0, Some(0));
}

#[test]
fn a_what_if_is_taken_back_and_listed() {
    let directory = prepared("listed");
    let entries = [".assume S1:2=400", ".assume", ".assume S1:2.amount_eur=stated", ".assume"];
    let inputs: Vec<&str> = entries.iter().flat_map(|entry| ["-c", entry]).collect();
    let (code, out, said) = run(&directory, &[&["mine.db"], inputs.as_slice()].concat());
    assert_eq!(code, Some(0), "{said}");
    assert!(
        out.contains("S1:2.amount_eur = 400 EUR, where S1 states 250 EUR") && out.contains("nothing is assumed"),
        "{out}"
    );
    let (_, out, _) = run(&directory, &["mine.db", "--assume", "S1:2=400", "-c", ".why S1:2"]);
    assert!(out.contains("250 EUR") && out.contains("assumed to be 400 EUR"), "{out}");
    // What is supposed is stated by nobody.
    let checked = |figure: &str| run(&directory, &["mine.db", "--assume", "S1:2=400", "check", figure]);
    assert!(checked("250 EUR").1.contains("250 EUR is STATED"), "{:?}", checked("250 EUR"));
    assert_eq!(checked("400 EUR").0, Some(5), "{:?}", checked("400 EUR"));
}

#[test]
fn what_cannot_be_supposed_of_a_record_is_refused() {
    let directory = prepared("refused");
    let two = "who,paid (EUR),promised (USD),flag\na,5,7,x\n";
    fs::write(directory.join("two.csv"), two).expect("the directory is writable");
    assert_eq!(run(&directory, &["mine.db", "import", "two.csv"]).0, Some(0));
    for (assumption, words) in [
        ("S1:2=400 USD", "is a number of `EUR`, not of `USD`"),
        ("S1:2=x", "a number is missing before `x`"),
        ("S1:2", "needs a value"),
        ("S1:4=5", "its cell is blank"),
        ("S1:9=5", "`aid` has no record `S1:9`"),
        ("S1:2.people=5", "`people` of `aid` holds no quantities"),
        ("S1:2.amout_eur=5", "did you mean `amount_eur`?"),
        ("S3:1=5", "`S3:1` has 2 numbers"),
        ("S7:1=5", "no figure or assumption `S7:1`"),
    ] {
        let (code, _, said) = run(&directory, &["mine.db", "--assume", assumption, "-c", "select 1"]);
        assert!(code == Some(2) && said.contains(words), "{assumption}: {code:?} {said}");
    }
    let chosen = [
        "mine.db",
        "--csv",
        "--no-header",
        "--assume",
        "S3:1.promised_usd=9",
        "-c",
        "select promised_usd, paid_eur from two",
    ];
    let (_, out, said) = run(&directory, &chosen);
    assert!(out.starts_with("9,USD,,S3:1,S3:1.promised_usd=9 USD,5,EUR,,S3:1,,"), "{out} {said}");
}

#[test]
fn a_cell_that_is_a_statement_of_a_pledge_is_one_number() {
    let directory = scratch::directory("assumed_statement");
    fs::write(directory.join("aid.csv"), "who,value (EUR),amount\na,100,1 EUR\nb,250,2 EUR\n")
        .expect("the directory is writable");
    assert_eq!(run(&directory, &["init", "mine.db"]).0, Some(0));
    assert_eq!(run(&directory, &["mine.db", "import", "aid.csv"]).0, Some(0));
    fs::create_dir(directory.join("links")).expect("the directory is writable");
    fs::write(directory.join("links/pledges.csv"), "id,provider,recipient,instrument\nPL2,france,ukraine,loan\n")
        .expect("it is");
    fs::write(directory.join("links/stages.csv"), "pledge,stage,fact,column\nPL2,proposed,S2:2,value_eur\n")
        .expect("it is");
    let (code, _, said) = run(&directory, &["mine.db", "import", "links"]);
    assert_eq!(code, Some(0), "{said}");
    let ask = |text: &str| run(&directory, &["mine.db", "--csv", "--no-header", "--assume", "S2:2=400", "-c", text]);
    let (_, out, said) = ask("select amount from pledges where id = 'PL2'");
    assert_eq!(out, "400,EUR,proposed,S2:2,S2:2.value_eur=400 EUR,S2:2.value_eur=400 EUR\n", "{said}");
    assert_eq!(
        ask("select sum(value_eur) from aid").1,
        "500,EUR,,S2:1-2,S2:2.value_eur=400 EUR,S2:2.value_eur=400 EUR\n"
    );
    // Another cell of the record is no number of the pledge, though its column has the name of the view's.
    let other =
        |text: &str| run(&directory, &["mine.db", "--csv", "--no-header", "--assume", "S2:2.amount=9", "-c", text]).1;
    assert_eq!(other("select amount from pledges where id = 'PL2'"), "250,EUR,proposed,S2:2,\n");
    assert!(other("select amount from aid where who = 'b'").starts_with("9,EUR,,S2:2,S2:2.amount=9 EUR"));
    let (_, out, said) = ask("select amount from pledges where id = 'PL1'");
    assert!(out.starts_with("1600000000,GBP,proposed,F29,,"), "{out} {said}");
}

#[test]
fn what_was_computed_from_a_cell_is_no_cell() {
    let directory = prepared("computed");
    let doubled = "select donor, amount_eur + amount_eur as amount_eur from aid where donor = 'Denmark'";
    let kept = format!("create temp table kept as {doubled}");
    let last = "select amount_eur from last";
    // As it was computed, before and under a what-if.
    let before = ["mine.db", "--csv", "--no-header", "-c", &kept, "-c", doubled, "-c", ".assume S1:2=400"];
    let (_, out, _) = run(&directory, &[&before[..], &["-c", last, "-c", "select amount_eur from kept"]].concat());
    assert_eq!(out.matches("500,EUR,,S1:2,").count(), 3, "{out}");
    let under = ["mine.db", "--csv", "--no-header", "--assume", "S1:2=400", "-c", doubled, "-c", last];
    let (_, out, _) = run(&directory, &under);
    assert_eq!(out.matches("800,EUR,,S1:2,").count(), 2, "{out}");
    let script = "let t = query(\"select amount_eur * 3 as amount_eur from aid where donor = 'Denmark'\"); query(\"select * from t\")[0].amount_eur";
    let (_, out, _) = run(&directory, &["mine.db", "--csv", "--no-header", "--assume", "S1:2=400", "-c", script]);
    assert!(out.starts_with("1200,EUR"), "{out}");
}

/// Those of a `union` are dates where they are in all of its parts.
#[test]
fn days_of_a_union_are_dates_of_a_workbook() {
    let directory = scratch::directory("workbook_union");
    std::fs::write(directory.join("days.csv"), "day,note\n2024-03-01,2024-03-02\n2024-04-01,x\n")
        .expect("it is written");
    for (name, select, texts) in [
        ("dates.xlsx", "select day from days union all select day from days", 1),
        ("texts.xlsx", "select day from days union all select note from days", 5),
    ] {
        let (code, _, said) = run(&directory, &["days.csv", "--type", "note=text", "-c", select, "-o", name]);
        assert_eq!(code, Some(0), "{said}");
        let file = std::fs::File::open(directory.join(name)).expect("it was written");
        let mut archive = zip::ZipArchive::new(file).expect("a workbook is an archive");
        let mut part = archive.by_name("xl/worksheets/sheet1.xml").expect("it has a sheet");
        let mut sheet = String::new();
        std::io::Read::read_to_string(&mut part, &mut sheet).expect("it is text");
        assert_eq!(sheet.matches("inlineStr").count(), texts, "{select}: {sheet}");
    }
}

/// A day of a column of dates is a date of the sheet; a text that looks like one, a part of a date and an early day are texts.
#[test]
fn days_are_dates_of_a_workbook_and_read_back_the_same() {
    let directory = scratch::directory("workbook_days");
    let rows = "id,announced,note\n1,2024-03-01,2024-03-01\n2,1899-05-07,2024\n";
    std::fs::write(directory.join("days.csv"), rows).expect("the directory is writable");
    let select = "select announced, announced as again, note from days";
    let (code, _, said) = run(
        &directory,
        &["days.csv", "--type", "announced=date", "--type", "note=text", "-c", select, "-o", "days.xlsx"],
    );
    assert_eq!(code, Some(0), "{said}");
    let file = std::fs::File::open(directory.join("days.xlsx")).expect("it was written");
    let mut archive = zip::ZipArchive::new(file).expect("a workbook is an archive");
    let mut sheet = String::new();
    let mut part = archive.by_name("xl/worksheets/sheet1.xml").expect("it has a sheet");
    std::io::Read::read_to_string(&mut part, &mut sheet).expect("it is text");
    let cells = |row: &str| {
        let row = sheet.split(&format!("<row r=\"{row}\"")).nth(1).and_then(|rest| rest.split("</row>").next());
        row.expect("it has the row").matches("inlineStr").count()
    };
    assert_eq!((cells("2"), cells("3")), (1, 3), "{sheet}");
    let select = "select announced, again, note from days";
    let (code, read, said) = run(&directory, &["days.xlsx", "--sheet", "result", "--csv", "-c", select]);
    assert_eq!(
        (code, read.as_str()),
        (Some(0), "announced,again,note\n2024-03-01,2024-03-01,2024-03-01\n1899-05-07,1899-05-07,2024\n"),
        "{said}"
    );
}
