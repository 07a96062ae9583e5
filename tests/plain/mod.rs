//! Plain SQLite stays plain: what ordinary SQL over ordinary tables answers is what the stock library answers, byte for
//! byte, REALs included. The library writes its own texts here: `cast(… as text)` for CSV, `json_object` for JSON.

mod ask;
mod losses;
mod marks;
mod reals;
mod statements;

use ask::{Shape, by_the_library, by_the_program};
use statements::STATEMENTS;

#[test]
fn ordinary_statements_answer_as_the_library_does() {
    let mut different = Vec::new();
    for statement in STATEMENTS {
        for shape in [Shape::Csv, Shape::Json] {
            let (ours, stock) = (by_the_program(statement, shape), by_the_library(statement, shape));
            if ours != stock {
                different.push(format!("{statement}\n  program: {ours}\n  library: {stock}"));
            }
        }
    }
    assert!(different.is_empty(), "{} statements answer otherwise:\n{}", different.len(), different.join("\n"));
}

#[test]
fn reals_are_written_as_the_library_writes_them() {
    for chunk in reals::generated().chunks(500) {
        let rows: Vec<String> = chunk.iter().map(|real| format!("({})", reals::literal(*real))).collect();
        let statement = format!("select column1 as real from (values {})", rows.join(", "));
        for shape in [Shape::Csv, Shape::Json] {
            let (ours, stock) = (by_the_program(&statement, shape), by_the_library(&statement, shape));
            let first = ours.lines().zip(stock.lines()).find(|(ours, stock)| ours != stock);
            assert_eq!(first, None, "the program's and the library's first different row");
        }
    }
}
