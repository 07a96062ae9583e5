//! A sentence with quantities in it, as a script builds one: `it comes to 320,000 GBP/missile [F29 F30; @proposed]`. What they rest on
//! is taken out of it, so that it can stand behind the sentence, or beside it.

use super::{Assumptions, Facts, Quantity, Stages};

/// A sentence, and what its quantities rest on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sentence {
    /// Its words.
    pub words: String,
    /// The facts of its quantities.
    pub facts: Facts,
    /// Their stages.
    pub stages: Stages,
    /// Their assumptions.
    pub assumptions: Assumptions,
}

impl Sentence {
    /// Reads a sentence. A bracket that no quantity could have behind it stays.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut sentence = Self::default();
        let mut rest = text;
        while let Some((before, bracket)) = rest.split_once('[') {
            sentence.words.push_str(before);
            rest = match bracket.split_once(']') {
                Some((inside, behind)) if sentence.add(inside) => behind,
                _ => {
                    sentence.words.push('[');
                    bracket
                }
            };
        }
        sentence.words.push_str(rest);
        sentence
    }

    /// Adds what stands in a bracket; false if no quantity could have it.
    fn add(&mut self, inside: &str) -> bool {
        let Ok(quantity) = format!("1 [{inside}]").parse::<Quantity>() else { return false };
        // A word alone could be the name of an assumption, and is not.
        if quantity.facts().is_empty() && quantity.stages().is_empty() && !inside.contains('=') {
            return false;
        }
        self.words.truncate(self.words.trim_end().len());
        self.facts.extend(quantity.facts());
        self.stages = self.stages.iter().chain(quantity.stages().iter()).collect();
        self.assumptions = self.assumptions.union(quantity.assumptions());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Sentence;

    #[test]
    fn what_quantities_rest_on_is_taken_out() {
        let text = "it comes to ≈2 GBP/missile [F29 F30; @proposed; F30=4500 missile]: 1 GBP [F29; @proposed] by 3.";
        let read = Sentence::read(text);
        assert_eq!(read.words, "it comes to ≈2 GBP/missile: 1 GBP by 3.");
        assert_eq!((read.facts.to_string(), read.stages.to_string()), ("F29 F30".to_owned(), "proposed".to_owned()));
        assert!(read.assumptions.has("F30"));
    }

    #[test]
    fn other_brackets_stay() {
        for text in ["as written [sic]", "a [b", "a ] b", "[", "[[F29]"] {
            let read = Sentence::read(text);
            assert_eq!(read.words.replace("[F29]", ""), text.replace("[F29]", ""), "{text}");
        }
        assert_eq!(Sentence::read("[sic] 1 [F29]").words, "[sic] 1");
    }
}
