//! Rows on several levels of one table without a word for it: districts below their quarters, continents above their countries.

use super::{ask, empty_book, report};
use crate::scratch;
use pledgebook::import::{ImportOptions, Report};
use std::fmt::Write;
use std::fs;

/// The report on a text under some options.
fn read(name: &str, text: &str, options: &str) -> Report {
    let book = empty_book(name);
    let file = book.with_file_name("t.csv");
    fs::write(&file, text).expect("the directory is writable");
    let options: ImportOptions = toml::from_str(options).expect("the options are TOML");
    report(&book, &file, &options).expect(name)
}

/// Quarters, their districts below them, and the town; in a column the parts of a district come to less.
const BELOW: &str = "area,people,homes,density\nOld Town,3107,1503,12\nHarbour,1203,640,9\nMeadows,4700,2211,40\nHill,812,405,7\n\
                     Bruch,1500,733,8\nNorth,4310,2143,11\nSouth,7040,3349,22\nTown,11350,5492,17\n";

/// Tables with levels: the text, and the lines of the rows that are sums.
const TABLES: &[(&str, &str, &[u64])] = &[
    ("below their parts", BELOW, &[7, 8, 9]),
    ("each above its parts", "who,n\nEurope,100\nA,60\nB,40\nAsia,90\nC,50\nD,40\n", &[2, 5]),
    ("under the sum of all", "who,n\nWorld,190\nEurope,100\nA,60\nB,40\nAsia,90\nC,50\nD,40\n", &[2, 3, 6]),
    ("each below its parts", "who,n\nA,60\nB,40\nEurope,100\nC,50\nD,40\nAsia,90\nWorld,190\n", &[4, 7, 8]),
    ("with a word for the last", "who,n\nA,60\nB,40\nC,55\nD,40\nEurope,100\nAsia,95\nTotal,195\n", &[6, 7, 8]),
    ("of decimals", "who,n (EUR)\nA,6.25\nB,4.5\nC,5\nD,4.1\nEurope,10.75\nAsia,9.1\n", &[6, 7]),
];

#[test]
fn sums_on_a_level_of_their_own_are_in_doubt_and_flagged_where_an_option_says_so() {
    for (at, (name, text, lines)) in TABLES.iter().enumerate() {
        let doubted = read(&format!("levels_{at}"), text, "");
        let about = |doubt: &&String| doubt.contains("`--totals flag` takes them for totals");
        assert_eq!(doubted.doubts.iter().filter(about).count(), 1, "{name}: {:?}", doubted.doubts);
        let flagged = read(&format!("levels_flagged_{at}"), text, "totals = 'flag'");
        assert_eq!((&*flagged.totals.lines, flagged.doubts.len()), (*lines, 0), "{name}: {:?}", flagged.doubts);
        let kept = read(&format!("levels_kept_{at}"), text, "totals = 'keep'");
        assert!(kept.doubts.is_empty() && kept.totals.rows == 0, "{name}: {:?}", kept.doubts);
    }
    let found = read("levels_columns", BELOW, "");
    let said = "3 rows, the first on line 7, are sums of other rows in `homes`, without a word for a total";
    assert!(found.doubts[0].starts_with(said), "{:?}", found.doubts);
}

#[test]
fn rows_that_are_no_sums_of_others_are_in_no_doubt() {
    for (at, text) in [
        "who,n\nA,60\nB,40\nC,50\nD,41\nEurope,100\nAsia,90\n",
        "who,n\nA,1\nB,2\nC,3\nD,4\nE,5\nF,3\nG,12\n",
        "who,n\nA,50\nB,50\nC,50\nD,50\nE,50\nF,50\n",
        "year,n\n2019,410\n2020,433\n2021,843\n2022,871\n2023,902\n",
    ]
    .iter()
    .enumerate()
    {
        let report = read(&format!("levels_none_{at}"), text, "");
        assert_eq!(report.doubts, [""; 0], "{text}");
    }
    let sorted = format!("who,n\n{}{}", "a,1\n".repeat(200), "b,2\n".repeat(100));
    assert_eq!(read("levels_sorted", &sorted, "").doubts, [""; 0]);
    let mut many = String::from("who,n\n");
    (0..20_000).for_each(|row| writeln!(many, "w{row},{}", row * 7 % 991).expect("a string is written"));
    assert_eq!(read("levels_many", &many, "totals = 'flag'").totals.rows, 0);
}

#[test]
fn a_sum_leaves_the_levels_out_that_are_flagged() {
    let directory = scratch::directory("levels_asked");
    fs::write(directory.join("town.csv"), BELOW).expect("the directory is writable");
    ask(&directory, &["init", "mine.db", "--empty"]);
    ask(&directory, &["mine.db", "import", "town.csv", "--totals", "flag"]);
    let said = ask(&directory, &["mine.db", "--notes", "none", "-c", "select sum(homes) as homes from town"]);
    assert!(said.contains("5,492 [S1, 5 rows]") && said.contains("3 totals of other rows are left out"), "{said}");
}
