//! The receipts in a file: one alone, or those of a page, in HTML or Markdown, as its reader sees them. A receipt whose text was changed
//! is refused.

use super::{FORM, Receipt, id_of};
use crate::error::{Error, usage_error};
use serde_json::Value;

/// The element of a page that holds a receipt.
const ELEMENT: &str = "<pre id=\"receipt-";

/// The receipts in a text, in its order; `name` is that of its file.
///
/// # Errors
/// It holds none, or one that is no JSON, is of another form, or was changed.
pub fn read_receipts(name: &str, text: &str) -> Result<Vec<Receipt>, Error> {
    let texts = if text.trim_start().starts_with('{') { vec![text.to_owned()] } else { receipts_of_page(text) };
    if texts.is_empty() {
        let help =
            "`--receipt FILE` writes one beside an answer, and every page of `report` and `-o FILE.html` holds some";
        return Err(usage_error(&format!("`{name}` holds no receipt"), help));
    }
    texts.iter().map(|text| read_receipt(name, text)).collect()
}

fn receipts_of_page(page: &str) -> Vec<String> {
    let elements = page.split(ELEMENT).skip(1).filter_map(|rest| rest.split_once('>')?.1.split_once("</pre>"));
    let elements: Vec<String> = elements.map(|(text, _)| unescaped(text)).collect();
    if !elements.is_empty() {
        return elements;
    }
    blocks_of_markdown(page).into_iter().filter(|text| text.starts_with('{') && text.contains("\"receipt\":")).collect()
}

/// The fenced blocks of a Markdown text; a fence ends at a line that is as long.
fn blocks_of_markdown(page: &str) -> Vec<String> {
    let (mut blocks, mut lines) = (Vec::new(), page.lines());
    while let Some(line) = lines.next() {
        let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'));
        let fence: String = line.chars().take_while(|c| Some(*c) == mark).collect();
        if fence.len() >= 3 {
            let block: Vec<&str> = lines.by_ref().take_while(|line| line.trim_end() != fence).collect();
            blocks.push(block.join("\n"));
        }
    }
    blocks
}

/// The text behind the escapes of HTML.
fn unescaped(text: &str) -> String {
    let escapes = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    escapes.iter().fold(text.to_owned(), |text, (escape, character)| text.replace(escape, character))
}

fn read_receipt(name: &str, text: &str) -> Result<Receipt, Error> {
    let unreadable = |why: &str| {
        let help = "a receipt is JSON as `--receipt FILE` writes it; copy it whole";
        usage_error(&format!("a receipt in `{name}` can't be read: {why}"), help)
    };
    let mut whole: Value = serde_json::from_str(text).map_err(|error| unreadable(&error.to_string()))?;
    match whole.get("receipt").and_then(Value::as_u64) {
        Some(form) if form == u64::from(FORM) => {}
        Some(form) => {
            let help = "a later version of the program may have written it: verify it with that one";
            return Err(usage_error(
                &format!("a receipt in `{name}` is of form {form}, and this is form {FORM}"),
                help,
            ));
        }
        None => return Err(unreadable("it has no member `receipt`")),
    }
    let receipt: Receipt = serde_json::from_value(whole.clone()).map_err(|error| unreadable(&error.to_string()))?;
    if let Value::Object(members) = &mut whole {
        members.shift_remove("id");
    }
    let id = id_of(&whole);
    if receipt.id != id {
        let message =
            format!("the receipt {} in `{name}` was changed after it was made: what it says is {id}", receipt.id);
        return Err(usage_error(&message, "take the receipt as it was written"));
    }
    Ok(receipt)
}

#[cfg(test)]
mod tests {
    use super::{id_of, read_receipts, unescaped};
    use serde_json::{Value, json};

    fn receipt() -> Value {
        let mut receipt = json!({
            "receipt": 1, "program": "pledgebook 0.1.0", "statement": {"text": "select 1 < 2", "is_sql": true}, "assumptions": {},
            "book": {"name": "bundled", "facts": 55, "sources": 1, "content_sha256": "", "parts": {}},
            "sources": [], "facts": [], "result_rows": 1, "result_sha256": "00", "later": "ignored",
        });
        receipt["id"] = id_of(&receipt).into();
        receipt
    }

    #[test]
    fn it_is_read_alone_in_html_and_in_markdown() {
        let text = receipt().to_string();
        let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        let pages = [
            text.clone(),
            format!("<p>x</p><pre id=\"receipt-1\">{html}</pre><pre id=\"receipt-2\">{html}</pre>"),
            format!("# A page\n\n```sql\nselect 1\n```\n\n```json\n{text}\n```\n"),
        ];
        for (page, count) in pages.iter().zip([1, 2, 1]) {
            let read = read_receipts("x", page).unwrap();
            assert_eq!((read.len(), read[0].question().as_str()), (count, "select 1 < 2"), "{page}");
        }
    }

    #[test]
    fn one_that_was_changed_is_refused() {
        for (member, value) in [("result_sha256", json!("01")), ("later", json!("x")), ("receipt", json!(2))] {
            let mut changed = receipt();
            changed[member] = value;
            assert!(read_receipts("x", &changed.to_string()).is_err(), "{member}");
        }
        assert!(read_receipts("x", "<p>no receipt</p>").is_err());
        assert!(read_receipts("x", "{\"receipt\":1}").is_err());
    }

    #[test]
    fn escapes_are_undone_once() {
        assert_eq!(unescaped("a &amp;lt; &lt;b&gt; &quot;"), "a &lt; <b> \"");
    }
}
