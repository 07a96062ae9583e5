//! The clipboard of the terminal, written by the escape sequence OSC 52: it is that of the person's own machine, also over a
//! connection. A terminal may refuse it without a word; nothing here reads a clipboard.

use super::streams;
use std::io;

/// The longest text: xterm takes a sequence of 100,000 bytes, and four stand for three of the text.
pub const MAX_CLIPBOARD_BYTES: usize = 74_994;

/// Writes a text into the clipboard of the terminal behind standard output.
///
/// # Errors
/// Standard output can't be written to.
pub fn copy(text: &str) -> io::Result<()> {
    let mut out = streams::results();
    out.write_all(format!("\u{1b}]52;c;{}\u{7}", base64(text.as_bytes())).as_bytes())?;
    out.flush()
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes in base 64, filled up by `=` (RFC 4648).
fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| usize::from(group.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = ALPHABET[bits >> (18 - 6 * at) & 63];
            text.push(if at <= group.len() { digit.into() } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{MAX_CLIPBOARD_BYTES, base64};

    #[test]
    fn base_64_is_that_of_the_standard() {
        let texts =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("≈£", "4omIwqM=")];
        for (text, written) in texts {
            assert_eq!(base64(text.as_bytes()), written);
        }
        assert!(base64(&vec![0; MAX_CLIPBOARD_BYTES]).len() + "\u{1b}]52;c;\u{7}".len() <= 100_000);
    }
}
