//! Columns of months that are written so that they do not sort by time.

use super::column::CountedText;
use super::marks;
use super::month_names::is_month_name;

/// The marks between a month and its year.
const SEPARATORS: [char; 5] = [' ', '-', '/', '.', '\''];

/// The part of the texts of a column that are months, where it is one of months.
const TEXTS_PER_OTHER: u64 = 10;

/// The first of the texts of a column that nearly all are months or quarters of a year which do not sort as they are written: `Mar-23`,
/// `March 2023`, `03/2023`, `Q1 2023`.
pub(super) fn first_unsorted(texts: &[CountedText]) -> Option<&CountedText> {
    let count = |texts: &mut dyn Iterator<Item = &CountedText>| texts.map(|text| text.count).sum::<u64>();
    let months = count(&mut texts.iter().filter(|text| is_unsorted(&text.text)));
    let others = count(&mut texts.iter()) - months;
    let is_of_months = months > 1 && others * TEXTS_PER_OTHER <= months;
    texts.iter().find(|text| is_of_months && is_unsorted(&text.text))
}

/// The first of the texts of a column that are all the names of months, without a year: `Jan`, `February`.
pub(super) fn first_without_year(texts: &[CountedText]) -> Option<&CountedText> {
    let is_name = |text: &CountedText| is_month_name(text.text.to_lowercase().trim_end_matches('.'));
    let mut months = texts.iter().filter(|text| marks::reason(&text.text).is_none());
    let first = months.next().filter(|first| is_name(first))?;
    let mut others = months.peekable();
    (others.peek().is_some() && others.all(is_name)).then_some(first)
}

/// True for a month or a quarter with its year behind it.
fn is_unsorted(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let Some((period, year)) = text.rsplit_once(SEPARATORS) else { return false };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_year = is_digits(year) && matches!(year.len(), 2 | 4);
    let period = period.trim_end_matches(['.', ',']);
    let is_month_name = is_month_name(period);
    let is_quarter = period.strip_prefix('q').is_some_and(|quarter| matches!(quarter, "1" | "2" | "3" | "4"));
    let is_number = is_digits(period)
        && period.len() <= 2
        && year.len() == 4
        && period.parse().is_ok_and(|month: u8| (1..=12).contains(&month));
    is_year && (is_month_name || is_quarter || is_number)
}

#[cfg(test)]
mod tests {
    use super::{CountedText, first_unsorted, first_without_year};

    #[test]
    fn a_column_of_months_without_years_is_found() {
        let first = |texts: &[&str]| {
            let counted = |text: &&str| CountedText { text: (*text).to_owned(), count: 1, first_line: 2 };
            let texts: Vec<CountedText> = texts.iter().map(counted).collect();
            first_without_year(&texts).map(|found| found.text.clone())
        };
        for texts in [&["Jan", "Feb"][..], &["January", "Sept.", "Dez", "n/a"], &["março", "März", "Mars"][1..]] {
            assert_eq!(first(texts).as_deref(), Some(texts[0]));
        }
        for texts in [&["Jan"][..], &["Jan", "Total"], &["Ja", "Fe"], &["Mar-23", "Apr-23"], &[]] {
            assert_eq!(first(texts), None, "{texts:?}");
        }
    }

    #[test]
    fn a_column_of_months_that_do_not_sort_is_found() {
        let first = |texts: &[&str]| {
            let counted = |text: &&str| CountedText { text: (*text).to_owned(), count: 1, first_line: 2 };
            let texts: Vec<CountedText> = texts.iter().map(counted).collect();
            first_unsorted(&texts).map(|found| found.text.clone())
        };
        for texts in [["Mar-23", "Apr-23"], ["March 2023", "Mai 2023"], ["03/2023", "4/2023"], ["Q1 2023", "Q2 2023"]] {
            assert_eq!(first(&texts).as_deref(), Some(texts[0]));
        }
        for texts in
            [["2023-03", "2023-04"], ["2023 Q1", "2023 Q2"], ["Mar-23", "Kyiv"], ["T-72", "M-23"], ["1/2", "3/4"]]
        {
            assert_eq!(first(&texts), None, "{texts:?}");
        }
    }
}
