//! The page on the language of scripts, and the words that lead to it. Each line with an arrow is run by the tests.

/// The page, of at most 80 columns.
pub(super) const PAGE: &str = "\
Scripts are written in Rhai, and what its book says of the language holds here
but for the numbers, and what is refused: https://rhai.rs/book

let, const     let x = 5; x += 1; x → 6
fn             fn twice(n) { n * 2 } twice(4) → 8
closures       let f = |x| x + 1; f(2) → 3
               [1, 2, 3].filter(|x| x > 1).len → 2
if             if 2 > 1 { \"yes\" } else { \"no\" } → yes
switch         switch 3 { 1 | 2 => \"few\", 3..9 => \"some\", _ => 0 } → some
for            let n = 0; for i in 0..3 { n += i; } n → 3
               let t = \"\"; for (x, at) in [\"a\", \"b\"] { t += x; } t → ab
while, loop    let n = 9; while n > 5 { n -= 1; } n → 5
               loop { break 7; } → 7
strings        \"a\" + \"b\" → ab
               `${1 + 1} of ${F30.amount}` → 2 of 5000
               \"a, b\".split(\", \")[1].to_upper() → B
arrays         let a = [3, 1]; a.push(2); a.order()[0] → 1
               [1, 2, 3].extract(1..3).join(\"-\") → 2-3
maps           let m = #{a: 1}; m.b = 2; m[\"c\"] = 3; m.len() → 3
               #{a: 1}.get(\"z\") ?? 0 → 0
               #{a: 1}.contains(\"z\") → false
NULL           let x = (); x?.name ?? \"none\" → none
try, throw     try { throw #{code: 5}; } catch (e) { print(e.code); } → 5
               try { F29 + F30 } catch (e) { print(e.message); } → can't add
eval           eval(\"1 + 1\") → 2
import         import \"NAME\" as n; n::f(1)   a module beside it, or a known one
exit           exit(3)   ends the script, and the program with exit code 3

Numbers are exact: 1.10 is 1.1, 7 / 2 is 3.5, and what is not exact is marked ≈.
A quantity, as F29, keeps its unit, facts and stage through `+ - * /`.

Refused, since a number could be wrong without a word:
  2 ^ 10         the power is `2 ** 10`; `^` would be the exclusive or of bits
  x /= 2         write `x = x / 2`
  () < 5         NULL means \"does not apply\": test it first, `x == ()`
  5 < \"6\"        both sides must be of a kind
  m.z            a key that the map does not have: `m.get(\"z\")` gives ()
  switch F30     a quantity is no case: `if F30 > …`, or `switch F30.amount`
  let F29 = 1    a name of the book is no variable
Refused, since a script only reads the book and prints: sleep, timestamp, files.

`.help NAME` is on a function or method, `.help script` lists them all.
";

/// The words of the language, on which there is no other help.
const WORDS: [&str; 31] = [
    "rhai",
    "let",
    "const",
    "fn",
    "closure",
    "closures",
    "if",
    "else",
    "switch",
    "for",
    "while",
    "loop",
    "do",
    "until",
    "break",
    "continue",
    "return",
    "try",
    "catch",
    "throw",
    "import",
    "export",
    "call",
    "curry",
    "eval",
    "type_of",
    "is_def_var",
    "is_def_fn",
    "is_shared",
    "this",
    "fnptr",
];

/// True for a word that leads to the page.
pub(super) fn is_word(word: &str) -> bool {
    word == "language" || WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}
