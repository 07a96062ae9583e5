//! Plain numbers of imported tables, and what is said of the tables that they come from: by `.why`, and on a page.

use super::ask;
use crate::scratch;
use std::fs;

const COUNTS: &str = "area,homes\nOld Town,1503\nHarbour,640\nMeadows,2211\nHill,405\nNorth,2143\nSouth,2616\n";

#[test]
fn a_sum_of_counts_leads_to_its_table() {
    let directory = scratch::directory("plain_sources");
    let write = |name: &str, text: &str| fs::write(directory.join(name), text).expect("the directory is writable");
    write("town.csv", COUNTS);
    write("days.csv", "day,n\n2024-01-05,1\n2024-02-06,2\n");
    ask(&directory, &["init", "mine.db"]);
    ask(&directory, &["mine.db", "import", "town.csv"]);
    ask(&directory, &["mine.db", "--write", "-c", "create view most as select homes from town where homes > 500"]);
    for question in ["select sum(homes) as homes from town", "select count(*) as homes from most"] {
        for why in [".why", ".why 1 homes"] {
            let said = ask(&directory, &["mine.db", "-c", question, "-c", why]);
            assert!(said.contains("6 records of town.csv") && said.contains("computed from S2"), "{question}: {said}");
        }
    }
    let said = ask(&directory, &["mine.db", "-c", "select sum(homes) as homes from town", "-o", "page.md"]);
    let page = fs::read_to_string(directory.join("page.md")).expect("it is written");
    assert!(page.contains("- S2: the table in \\`town.csv\\`") && !page.contains("No answer rests on"), "{said}{page}");
    assert!(page.contains("in doubt at its import: 2 rows, the first on line 6, are sums of other rows"), "{page}");
}

#[test]
fn a_page_says_of_each_side_of_a_join_what_an_empty_cell_is() {
    let directory = scratch::directory("plain_sources_joined");
    let aid = "donor,amount (EUR)\nFrance,100\nNATO,50\n";
    fs::write(directory.join("aid.csv"), aid).expect("the directory is writable");
    ask(&directory, &["init", "mine.db"]);
    ask(&directory, &["mine.db", "import", "aid.csv"]);
    for (name, question, legend) in [
        ("of_book.md", "select name, iso3, amount_eur from actors join aid on donor = name", "–: does not apply"),
        (
            "both.md",
            "select name, iso3, amount_eur from actors left join aid on donor = name",
            "–: no value, or does not apply",
        ),
        ("partner.md", "select donor, iso3 from aid left join actors on donor = name", "–: no value\n"),
    ] {
        ask(&directory, &["mine.db", "-c", question, "-o", name]);
        let page = fs::read_to_string(directory.join(name)).expect("it is written");
        assert!(page.contains(legend), "{question}: {page}");
    }
}
