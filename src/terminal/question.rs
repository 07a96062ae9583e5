//! A question of an import to the person at the terminal: the cells that leave it open, the answers by number, and no answer by
//! default. Enter alone, Ctrl-C and Ctrl-D end the work.

use super::streams::notices;
use crate::error::{Answer, Error, Question};
use crate::table::visible;
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;
use std::io::{self, Write};

/// Asks until one of the choices is taken, or a text where any answers; `None` if nothing is chosen.
///
/// # Errors
/// Ctrl-C; the terminal can't be read or written.
pub fn ask(message: &str, question: &Question) -> Result<Option<Answer>, Error> {
    let mut screen = notices();
    writeln!(screen, "? {}", visible(message))?;
    for (line, text) in &question.cells {
        writeln!(screen, "  line {line}: {}", visible(text))?;
    }
    for (number, choice) in (1..).zip(&question.choices) {
        writeln!(screen, "  {number}  {}", visible(&choice.label))?;
    }
    let another = if question.takes_text { ", or write another" } else { "" };
    let prompt = format!("1-{}{another}; Enter ends: ", question.choices.len());
    let mut editor = DefaultEditor::new().map_err(|error| Error::from(io::Error::other(error)))?;
    loop {
        let line = match editor.readline(&prompt) {
            Ok(line) => line,
            Err(ReadlineError::Eof) => return Ok(None),
            Err(ReadlineError::Interrupted) => return Err(Error::Interrupted),
            Err(error) => return Err(io::Error::other(error).into()),
        };
        match chosen(line.trim(), question) {
            Chosen::Answer(answer) => return Ok(Some(answer)),
            Chosen::Nothing => return Ok(None),
            Chosen::Unknown => writeln!(screen, "  `{}` is none of them", visible(line.trim()))?,
        }
    }
}

/// The answer that a line is.
#[derive(Debug, PartialEq, Eq)]
enum Chosen {
    Answer(Answer),
    Nothing,
    Unknown,
}

fn chosen(line: &str, question: &Question) -> Chosen {
    if line.is_empty() {
        return Chosen::Nothing;
    }
    match line.parse::<usize>() {
        Ok(number) => match number.checked_sub(1).and_then(|at| question.choices.get(at)) {
            Some(choice) => Chosen::Answer(Answer {
                option: question.option,
                column: question.column.clone(),
                value: choice.value.clone(),
            }),
            None => Chosen::Unknown,
        },
        Err(_) if question.takes_text => {
            Chosen::Answer(Answer { option: question.option, column: question.column.clone(), value: line.to_owned() })
        }
        Err(_) => Chosen::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Chosen, Question, chosen};
    use crate::error::{AskedOption, Choice};

    #[test]
    fn a_number_chooses_and_enter_does_not() {
        let choices = ["point", "comma"].map(|value| Choice { label: value.to_owned(), value: value.to_owned() });
        let mut question = Question {
            option: AskedOption::Decimal,
            column: None,
            cells: Vec::new(),
            choices: choices.to_vec(),
            takes_text: false,
        };
        let answer = |value: &str| {
            Chosen::Answer(Answer { option: AskedOption::Decimal, column: None, value: value.to_owned() })
        };
        assert_eq!(chosen("2", &question), answer("comma"));
        for line in ["0", "3", "comma", "-1"] {
            assert_eq!(chosen(line, &question), Chosen::Unknown, "{line}");
        }
        assert_eq!(chosen("", &question), Chosen::Nothing);
        question.takes_text = true;
        assert_eq!(chosen("EUR million", &question), answer("EUR million"));
        assert_eq!(chosen("7", &question), Chosen::Unknown);
    }
}
