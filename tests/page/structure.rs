//! What holds for every page: it loads nothing and runs nothing, its headings and tables are whole, its links lead somewhere.

use super::{FOUR, all, read, scratch, texts, words, written};
use scraper::Html;
use std::collections::BTreeMap;

/// The most bytes of a page of four questions.
const MOST_BYTES: usize = 60_000;

/// Everything that holds for every page.
#[track_caller]
pub(super) fn check(page: &str) -> Html {
    let read = read(page);
    check_outside(&read);
    check_headings(&read);
    check_links(&read);
    check_tables(&read);
    for drawing in all(&read, "svg[role=img]") {
        assert!(drawing.html().contains("<desc"), "{}", drawing.html());
    }
    read
}

/// Nothing is loaded, and nothing runs.
#[track_caller]
fn check_outside(page: &Html) {
    for selector in
        ["script", "link", "img", "iframe", "object", "embed", "base", "form", "[src]", "[style]", "[srcset]"]
    {
        assert!(all(page, selector).is_empty(), "there is a {selector}");
    }
    for element in all(page, "*") {
        for (name, value) in element.value().attrs() {
            assert!(!name.starts_with("on"), "{name}={value:?}");
        }
    }
    let policy = all(page, "meta[http-equiv=Content-Security-Policy]");
    let policy = policy.first().and_then(|meta| meta.value().attr("content")).unwrap_or_default();
    assert_eq!(policy, "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'");
}

/// One heading of the first level, and none that skips a level.
#[track_caller]
fn check_headings(page: &Html) {
    let levels: Vec<u32> = all(page, "h1, h2, h3, h4, h5, h6")
        .into_iter()
        .map(|heading| heading.value().name()[1..].parse().expect("a level"))
        .collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{levels:?}");
    assert_eq!(levels[0], 1);
    assert!(levels.windows(2).all(|two| two[1] <= two[0] + 1), "{levels:?}");
}

/// Every link leads to one element of the page, and no two elements have one id.
#[track_caller]
fn check_links(page: &Html) {
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    for element in all(page, "[id]") {
        let id = element.value().attr("id").expect("it has one");
        assert!(!id.contains(char::is_whitespace), "{id:?}");
        *ids.entry(id).or_default() += 1;
    }
    assert!(ids.values().all(|count| *count == 1), "{ids:?}");
    for link in all(page, "[href]") {
        let target = link.value().attr("href").expect("it has one");
        let is_there = target.strip_prefix('#').is_some_and(|id| ids.contains_key(id));
        assert!(is_there, "{target} leads nowhere");
    }
    for element in all(page, "[aria-labelledby]") {
        let names = element.value().attr("aria-labelledby").expect("it has one");
        assert!(names.split(' ').all(|id| ids.contains_key(id)), "{names}");
    }
}

/// Every table has a caption, and every heading in it says what it heads; every row is as wide as the others.
#[track_caller]
fn check_tables(page: &Html) {
    assert!(all(page, "th").into_iter().all(|th| th.value().attr("scope").is_some()));
    for table in all(page, "table") {
        let html = Html::parse_fragment(&table.html());
        let caption = texts(&html, "caption");
        assert_eq!(caption.len(), 1);
        assert!(!caption[0].is_empty());
        let width = |row: &str| {
            let row = Html::parse_fragment(&format!("<table>{row}</table>"));
            let cells = all(&row, "th, td");
            let span = |cell: &scraper::ElementRef<'_>| {
                cell.value().attr("colspan").and_then(|span| span.parse::<usize>().ok()).unwrap_or(1)
            };
            cells.iter().map(span).sum::<usize>()
        };
        let widths: Vec<usize> = all(&html, "tr").iter().map(|row| width(&row.html())).collect();
        assert!(widths.windows(2).all(|two| two[0] == two[1]), "{widths:?}: {caption:?}");
    }
}

#[test]
fn a_page_of_four_questions_is_whole_and_small() {
    let directory = scratch::directory("page_four");
    let page = written(&directory, "four.html", &FOUR);
    assert!(page.len() < MOST_BYTES, "{} bytes", page.len());
    let read = check(&page);
    assert_eq!(all(&read, "section.q").len(), 4);
    assert_eq!(all(&read, "nav.short li").len(), 4);
    assert_eq!(texts(&read, "h1"), ["Four questions, answered from one source"]);
    assert_eq!(texts(&read, "#q1 .big"), ["320,000 GBP/missile"]);
    assert_eq!(texts(&read, "#q2 h2 .stamp"), ["WHAT-IF"]);
    assert_eq!(all(&read, "#q2 .said .big").len(), 1);
    assert_eq!(all(&read, "#q2 rect.supposed").len(), 1);
    assert_eq!(all(&read, "#q3 tbody th[scope=rowgroup]").len(), 5);
    assert_eq!(all(&read, "#q4 .order li").len(), 5);
    assert!(texts(&read, "aside p").contains(&"Assumptions: none.".to_owned()));
}

#[test]
fn every_question_of_the_library_is_a_page() {
    let directory = scratch::directory("page_all");
    let read = check(&written(&directory, "all.html", &["report", "--all"]));
    let sections = all(&read, "section.q");
    assert!(sections.len() > 10, "{}", sections.len());
    for section in sections {
        let html = Html::parse_fragment(&section.html());
        assert!(!all(&html, "p.answer").is_empty(), "no sentence: {}", words(section));
    }
    assert!(words(all(&read, "section.end")[0]).contains("asks for a value of yours: evidence, in_currency"));
}

#[test]
fn statements_values_and_files_are_questions_too() {
    let directory = scratch::directory("page_statements");
    std::fs::write(directory.join("q.sql"), "select id, gloss from facts limit 3;\nselect 1;\n")
        .expect("it is written");
    let words = ["-c", "F29 / F30", "-c", "select certainty, count(*) as n from facts group by 1", "-f", "q.sql"];
    let read = check(&written(&directory, "s.html", &words));
    assert_eq!(texts(&read, "#q1 .big"), ["320,000 GBP/missile"]);
    assert_eq!(texts(&read, "#q1 .kind"), ["derived, exact · stage proposed · F29 ÷ F30"]);
    assert_eq!(all(&read, "#q3 table").len(), 2);
    assert!(texts(&read, "#q3 li .id").contains(&"F01".to_owned()));
}

#[test]
fn the_same_question_gives_the_same_bytes_wherever_it_is_asked() {
    let [one, other] = ["page_here", "page_elsewhere"].map(scratch::directory);
    for name in ["page.html", "page.md"] {
        let first = written(&one, name, &FOUR);
        assert_eq!(first, written(&one, name, &FOUR), "{name}");
        assert_eq!(first, written(&other, name, &FOUR), "{name}");
        assert!(!first.contains(&*one.to_string_lossy()), "{name}");
    }
    let book = one.join("own.db");
    drop(scratch::book(&book));
    let path = book.to_string_lossy().into_owned();
    let page = written(&one, "own.html", &["--db", &path, "run", "pledged_per_missile"]);
    assert!(page.contains("own.db: 55 facts") && !page.contains(&path), "{page}");
}

#[test]
fn a_long_table_shows_its_first_rows_and_says_so() {
    let directory = scratch::directory("page_long");
    let sql = "with recursive t(n) as (select 1 union all select n + 1 from t where n < 5000) select n, n * 2 as twice from t";
    let read = check(&written(&directory, "long.html", &["-c", sql]));
    assert_eq!(all(&read, "tbody tr").len(), 200);
    assert!(texts(&read, "caption")[0].contains("first 200 of 5,000 rows, in the order of the question"));
    let read = check(&written(&directory, "long.html", &["-c", sql, "--rows", "300"]));
    assert_eq!(all(&read, "tbody tr").len(), 300);
}

#[test]
fn a_table_of_many_numbers_scrolls_under_its_first_column() {
    let directory = scratch::directory("page_wide");
    let sql = "select id, 1 as a, 2 as b, 3 as c, 4 as d, 5 as e from facts limit 3";
    let read = check(&written(&directory, "wide.html", &["-c", sql]));
    assert_eq!(all(&read, "section.q.one .scroll.wide[tabindex='0'][role=region] table").len(), 1);
}
