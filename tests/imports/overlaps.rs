//! Pledges that overlap, from facts by hand: one announced twice under a preference for a source, and parts that are greater than
//! their whole.

use super::{ask, run};
use crate::scratch;
use std::fs;
use std::path::Path;

/// The money that a second source states, and the goods, where it counts any.
const MONEY: &str = "S2F01,exact,1160000000,GBP,stated,£1.16 billion,3,export finance,proposed\n";
const GOODS: &str = "S2F02,exact,4000,missile,stated,\"4,000\",1,missiles,proposed\n";

/// A book in which PL2, as a second source states it, and PL1 of the bundled book are one pledge: `overlap` says how.
fn announced_twice(directory: &Path, book: &str, overlap: &str, has_money: bool, has_goods: bool) {
    let more = directory.join(format!("{book}.facts"));
    fs::create_dir(&more).expect("it can be made");
    let write = |name: &str, text: String| fs::write(more.join(name), text).expect("it can be written");
    let digest = "6bc168d136b42cf7ad9b2eb9bfb3d1571115bac72470182003b4cb0ff0882d78";
    write("sources.csv", format!("id,description,sha256,authority\nS2,a second news text,{digest},press\n"));
    let said = "S2,1,1,United Kingdom,would provide,help,UK would provide {},pledge,planned,proposed,author";
    let header = "id,source,paragraph,sentence,subject,action,object,gloss,kind,status,certainty,attribution";
    write("facts.csv", format!("{header}\nS2F01,{said}\nS2F02,{said}\n"));
    let header = "fact,bound,amount,unit,basis,as_written,sig_figs,label,stage";
    write("figures.csv", format!("{header}\n{MONEY}{GOODS}"));
    write("pledges.csv", "id,provider,recipient,instrument\nPL2,united_kingdom,ukraine,export finance\n".into());
    write("stages.csv", format!("pledge,fact\n{}", if has_money { "PL2,S2F01\n" } else { "" }));
    let goods = if has_goods { "PL2,S2F02,air-defence missile,not_stated\n" } else { "" };
    write("items.csv", format!("pledge,fact,item,cost_coverage\n{goods}"));
    write("overlaps.csv", format!("pledge,relation,other\n{overlap}\n"));
    ask(directory, &["init", book]);
    ask(directory, &[book, "import", &format!("{book}.facts")]);
}

/// What is asked under a preference for S1 and for S2: the book, the question, and what each answer has.
const PREFERRED: &[(&str, &str, &str, &str)] = &[
    ("money", "select q_amount(sum(amount)) as s from pledges", "1600000000", "1160000000"),
    ("turned", "select q_amount(sum(amount)) as s from pledges", "1600000000", "1160000000"),
    ("both", "select q_amount(sum(amount)) as s from pledges", "1600000000", "1160000000"),
    ("goods", "select q_amount(sum(amount)) as s from pledges", "1600000000", "1600000000"),
    ("money", "select q_amount(max(amount)) as s from pledges", "1600000000", "1160000000"),
    ("money", "select stage, q_amount(sum(amount)) from pledges group by stage", "1600000000", "1160000000"),
    ("money", "select q_amount(q_convert(sum(amount), '2 USD/GBP')) from pledges", "3200000000", "2320000000"),
    ("money", "select q_amount(sum(item_count)) from pledges", "5000", "5000"),
    ("both", "select q_amount(sum(item_count)) from pledges", "5000", "4000"),
    ("goods", "select q_amount(sum(item_count)) from pledges", "5000", "4000"),
    ("money", "query(\"select amount from pledges\").sum(\"amount\").amount", "1600000000", "1160000000"),
    ("money", "statements_of(\"PL1\")[0].amount.amount", "1600000000", "1160000000"),
    ("money", "PL1.amount.amount", "1600000000", "1160000000"),
    ("money", "PL2.amount.amount", "1600000000", "1160000000"),
];

/// The scripts of the library, likewise.
const SCRIPTS: &[(&str, &[&str], &str, &str)] = &[
    ("money", &["pledged_per_missile"], "320000", "232000"),
    ("turned", &["pledged_per_missile"], "320000", "232000"),
    ("both", &["pledged_per_missile"], "320000", "290000"),
    ("both", &["pledged_per_missile", "--pledge", "PL2"], "320000", "290000"),
    ("goods", &["pledged_per_missile"], "320000", "400000"),
    ("money", &["in_currency", "--rate", "2 USD/GBP"], "3200000000", "2320000000"),
    ("money", &["money_by_stage"], "1600000000", "1160000000"),
    ("both", &["money_by_stage"], "1600000000", "1160000000"),
    ("money", &["compare_pledges"], "1600000000", "1160000000"),
    ("both", &["items_per_million"], "3.125", "3.448"),
];

#[test]
fn a_pledge_that_was_announced_twice_has_the_number_of_the_preferred_source() {
    let directory = scratch::directory("overlaps_preferred");
    announced_twice(&directory, "money", "PL2,same_as,PL1", true, false);
    announced_twice(&directory, "turned", "PL1,same_as,PL2", true, false);
    announced_twice(&directory, "both", "PL2,same_as,PL1", true, true);
    announced_twice(&directory, "goods", "PL2,same_as,PL1", false, true);
    for source in ["S1", "S2"] {
        let preference = format!("prefer={source}");
        let expected = |first, second| if source == "S1" { first } else { second };
        for (book, question, first, second) in PREFERRED {
            let answer = ask(&directory, &[book, "--assume", &preference, "--csv", "--no-header", "-c", question]);
            assert!(answer.contains(expected(first, second)), "{book} {source} {question}: {answer}");
            assert!(
                !answer.contains("not_stated") && !answer.contains("counted"),
                "{book} {source} {question}: {answer}"
            );
        }
        for (book, script, first, second) in SCRIPTS {
            let options = [book, "--assume", &preference, "--csv", "run"];
            let answer = ask(&directory, &[&options[..], script].concat());
            let value = expected(first, second);
            let assumed = answer.lines().find(|line| line.contains(value) && line.contains("prefer"));
            assert!(assumed.is_some(), "{book} {source} {script:?} {value}: {answer}");
        }
    }
}

/// Parts of PL1, which is 1.6 billion pounds: the bound, amount and unit of each, and whether it is greater.
const PARTS: [(&str, bool); 6] = [
    ("exact,1700000000,GBP", true),
    ("more_than,1600000000,GBP", false),
    ("at_least,1700000000,GBP", true),
    ("up_to,1700000000,GBP", false),
    ("exact,1600000000,GBP", false),
    ("exact,1700000000,EUR", false),
];

#[test]
fn a_part_that_is_greater_than_its_whole_is_in_doubt() {
    let directory = scratch::directory("overlaps_greater");
    for (at, (number, is_greater)) in PARTS.iter().enumerate() {
        let book = format!("book{at}");
        let more = directory.join(format!("facts{at}"));
        fs::create_dir(&more).expect("it can be made");
        let write = |name: &str, text: String| fs::write(more.join(name), text).expect("it can be written");
        let header = "id,source,paragraph,sentence,subject,action,gloss,kind,status,certainty,attribution";
        write("facts.csv", format!("{header}\nF60,S1,9,1,a,b,c,pledge,planned,proposed,author\n"));
        let header = "fact,bound,amount,unit,basis,as_written,sig_figs,label,stage";
        write("figures.csv", format!("{header}\nF60,{number},stated,1.7 billion,2,loan,proposed\n"));
        write("pledges.csv", "id,provider,recipient,instrument\nPL2,united_kingdom,ukraine,loan\n".into());
        write("stages.csv", "pledge,fact\nPL2,F60\n".into());
        write("overlaps.csv", "pledge,relation,other\nPL2,part_of,PL1\n".into());
        ask(&directory, &["init", &book]);
        let facts = format!("facts{at}");
        let (code, strict) = run(&directory, &[&book, "import", &facts, "--strict", "--dry-run"]);
        assert_eq!(code == Some(5), *is_greater, "{number}: {strict}");
        let report = ask(&directory, &[&book, "import", &facts]);
        let names_both = ["`PL2` is part of `PL1`", "1,700,000,000 GBP", "(F60)", "1,600,000,000 GBP (F29)"];
        assert_eq!(names_both.iter().all(|part| report.contains(part)), *is_greater, "{number}: {report}");
        assert_eq!(report.contains("greater"), *is_greater, "{number}: {report}");
        // It is said when it comes in, and not again.
        let again = ask(&directory, &[&book, "import", &facts]);
        assert!(!again.contains("greater"), "{again}");
    }
}

#[test]
fn a_fact_that_is_stated_of_one_pledge_under_two_ids_is_refused() {
    let directory = scratch::directory("overlaps_told_twice");
    announced_twice(&directory, "money", "PL2,same_as,PL1", true, false);
    let more = directory.join("more");
    fs::create_dir(&more).expect("it can be made");
    let refused = |name: &str, text: &str, place: &str| {
        fs::write(more.join(name), text).expect("it can be written");
        let (code, said) = run(&directory, &["money", "import", "more"]);
        assert!(code == Some(3) && said.contains(place) && said.contains("state it of one"), "{code:?} {said}");
        fs::remove_file(more.join(name)).expect("it is there");
    };
    refused("stages.csv", "pledge,fact\nPL2,F29\n", "stages.csv:2:5");
    refused("stages.csv", "pledge,fact\nPL1,S2F01\n", "stages.csv:2:5");
    fs::write(more.join("pledges.csv"), "id,provider,recipient,instrument\nPL3,united_kingdom,ukraine,loan\n")
        .expect("it can be written");
    fs::write(more.join("stages.csv"), "pledge,fact\nPL3,F29\n").expect("it can be written");
    ask(&directory, &["money", "import", "more"]);
    fs::remove_file(more.join("stages.csv")).expect("it is there");
    refused("overlaps.csv", "pledge,relation,other\nPL3,same_as,PL1\n", "overlaps.csv:2");
}
