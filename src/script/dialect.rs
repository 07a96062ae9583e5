//! A scanner of scripts for comments, strings and brackets, finished or not. It compiles nothing.

/// First characters of comments and strings.
const OPENING: [char; 5] = ['"', '`', '/', '\'', '#'];

/// A block comment, a back-quoted or a raw string that is not closed: the engine takes the first for whole.
pub(super) fn open_comment_or_string(text: &str) -> Option<&'static str> {
    let mut rest = text;
    while let Some(at) = rest.find(OPENING) {
        rest = match behind(&rest[at..]) {
            Ok(rest) => rest,
            Err(missing) => return Some(missing),
        };
    }
    None
}

/// The ends of lines in `text`, in bytes, at which no bracket, comment or string is open: at no other can a script
/// be whole.
pub fn line_ends(text: &str) -> impl Iterator<Item = usize> {
    let mut depth = 0_usize;
    marks(text).filter_map(move |(at, mark)| {
        match mark {
            b'\n' => return (depth == 0).then_some(at),
            b'(' | b'[' | b'{' => depth += 1,
            _ => depth = depth.saturating_sub(1),
        }
        None
    })
}

/// Brackets and ends of lines with where they stand, those in comments and strings left out.
fn marks(text: &str) -> impl Iterator<Item = (usize, u8)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += text[at..].find(['\n', '(', ')', '[', ']', '{', '}', '"', '`', '/', '\'', '#'])?;
            match text.as_bytes()[at] {
                b'"' | b'`' | b'/' | b'\'' | b'#' => at = text.len() - behind(&text[at..]).ok()?.len(),
                mark => {
                    at += 1;
                    return Some((at - 1, mark));
                }
            }
        }
    })
}

/// Behind the comment, the string or the mere `/` or `#` that `open` begins with; what closes it where nothing does.
pub(super) fn behind(open: &str) -> Result<&str, &'static str> {
    match open.chars().next() {
        Some('/') if open.starts_with("//") => Ok(open.find('\n').map_or("", |end| &open[end..])),
        Some('/') if open.starts_with("/*") => after_block_comment(&open[2..]).ok_or("a closing `*/`"),
        Some('`') => after_template(open).ok_or("a closing backquote"),
        Some('#') => after_raw_string(open),
        Some(quote @ ('"' | '\'')) => Ok(after_string(&open[1..], quote)),
        _ => Ok(&open[1..]),
    }
}

/// Behind a back-quoted string. Code between `${` and `}` in it may hold further strings, and these further code.
fn after_template(open: &str) -> Option<&str> {
    // For each string or piece of code that is open: `None` for a string, else how many braces are open in the code.
    let mut around: Vec<Option<usize>> = vec![None];
    let mut rest = &open[1..];
    while let Some(innermost) = around.last_mut() {
        let marks: &[char] = if innermost.is_none() { &['`', '$'] } else { &['`', '{', '}', '"', '/', '\'', '#'] };
        rest = &rest[rest.find(marks)?..];
        match (innermost, rest.as_bytes()[0]) {
            (None, b'`') => {
                around.pop();
            }
            (None, _) if rest.starts_with("${") => {
                around.push(Some(0));
                rest = &rest[1..];
            }
            (None, _) => {}
            (Some(_), b'`') => around.push(None),
            (Some(depth), b'{') => *depth += 1,
            (Some(0), b'}') => {
                around.pop();
            }
            (Some(depth), b'}') => *depth -= 1,
            (Some(_), _) => {
                rest = behind(rest).ok()?;
                continue;
            }
        }
        rest = &rest[1..];
    }
    Some(rest)
}

/// Behind a string between `#"` and `"#`, with as many `#` on either side, in which nothing else has a meaning; behind a
/// `#` that begins none.
fn after_raw_string(open: &str) -> Result<&str, &'static str> {
    let hashes = open.len() - open.trim_start_matches('#').len();
    let closing = ["\"", &open[..hashes]].concat();
    match open[hashes..].strip_prefix('"') {
        Some(within) => within.find(&closing).map(|end| &within[end + closing.len()..]).ok_or("a closing `\"#`"),
        None => Ok(&open[1..]),
    }
}

/// The text after a block comment, from after its opening on; block comments nest.
fn after_block_comment(mut rest: &str) -> Option<&str> {
    let mut depth = 1;
    while depth > 0 {
        let at = rest.find("/*").into_iter().chain(rest.find("*/")).min()?;
        depth = if rest[at..].starts_with("/*") { depth + 1 } else { depth - 1 };
        rest = &rest[at + 2..];
    }
    Some(rest)
}

/// Behind the closing quote, or at the end of the line: such a string ends with it, unless a `\` stands before.
fn after_string(text: &str, quote: char) -> &str {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '\n' if !escaped => return &text[at..],
            '\\' if !escaped => escaped = true,
            c if c == quote && !escaped => return &text[at + 1..],
            _ => escaped = false,
        }
    }
    ""
}

/// The closing bracket of the innermost one that is open at the end.
pub(super) fn open_bracket(text: &str) -> Option<char> {
    let mut open = Vec::new();
    for (_, mark) in marks(text) {
        match mark {
            b'(' => open.push(')'),
            b'[' => open.push(']'),
            b'{' => open.push('}'),
            b')' | b']' | b'}' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop()
}
