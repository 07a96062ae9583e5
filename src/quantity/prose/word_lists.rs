//! The words by which the finder knows where a figure ends: function words, prepositions of years, abbreviations.

use crate::quantity::inflection;
use crate::quantity::lenient::terminals;
use crate::syntax::WordList;

/// Words that end the name of what is counted: prepositions, conjunctions, pronouns, auxiliary and common verbs.
const FUNCTION: WordList = WordList(
    "of in on at by for from to with without and or but nor as if than that which who whom whose what when where while \
     because since until till after before during through against between among into onto over under about above below \
     across within per a an the this these those his her its their our your my it they he she we you i not is are was were \
     be been being am has have had do does did will would can could shall should may might must there here then so also too \
     only just even still already yet ago later earlier now today yesterday tomorrow tonight each apiece every said says \
     say went goes came come comes took take takes died joined left voted remain remained remains became become more-than \
     out up down off away back again however although though whereas despite including like worth per cent both either \
     neither all some any no none such via plus instead rather apart together once twice minus versus vs etc together altogether won lost made makes",
);

/// Words behind which four digits are a year, whatever comes behind them.
const YEAR_PREPOSITIONS: WordList =
    WordList("in since during until till early late mid summer spring autumn winter fall year circa by");

/// Words before a year and a noun: `the 2024 elections`.
const BEFORE_YEAR: WordList = WordList("the its their his her our a this that of from before after last next since");

/// Prepositions before a place, behind which a number counts the noun that follows.
const PLACE_PREPOSITIONS: WordList = WordList("in at from to near of across around through for with by");

/// Names that begin a sentence before their number.
const MODEL_NAMES: WordList =
    WordList("type mark leopard patriot apollo boeing airbus group unit block zone sector bill");

/// Words that name a span of time.
const TIME_NOUNS: WordList = WordList("day week month year hour minute decade century fortnight");

/// Words behind a span of time that make its article count.
const AFTER_TIME: WordList = WordList("after before later earlier ago");

/// Words whose point ends no sentence.
const ABBREVIATIONS: WordList = WordList(
    "mr mrs ms dr prof sir st no nos vs etc e.g i.e approx ca c cf fig figs sec art para paras p pp vol ed gen col lt capt sgt \
     gov sen rep jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k u.n e.u inc ltd co al est tel",
);

/// Names of shares, which end a token.
const SHARES: WordList = WordList("half third thirds quarter quarters fifth fifths sixth tenth tenths");

/// Words that make a compound with a number word which counts nothing: `one-off`, `two-way`.
const IDIOMS: WordList = WordList("off sided way time on fold handed liner upmanship");

/// Words behind `one` that it counts in no figure: `by one account`.
const BEHIND_PRONOUN: WordList =
    WordList("account count estimate measure thing way hand side reason asked knows knew thinks");

/// Words for powers of ten.
const SCALES: WordList = WordList("dozen hundred thousand million billion trillion bn mn m k tn");

/// Words behind which `over` before a span of time is a bound, and not the time that something takes.
const TAKING: WordList =
    WordList("took takes take taken taking last lasted lasts lasting for after of is was are were been spent spend");

/// Words before `over` and `up to` that take them as their own.
const PHRASAL: WordList = WordList(
    "hand hands handed handing take takes took taken taking turn turned turning give gave given carry carried add \
              adds added adding amount amounts amounted bring brings brought sum sums come comes",
);

/// Units of the language that are no nouns behind a small number: `three won`.
const VERBS_LIKE_UNITS: WordList = WordList("won real");

pub(super) fn is_function(lower: &str) -> bool {
    FUNCTION.contains(lower)
}

pub(super) fn is_year_preposition(lower: &str) -> bool {
    YEAR_PREPOSITIONS.contains(lower)
}

pub(super) fn is_before_year(lower: &str) -> bool {
    BEFORE_YEAR.contains(lower)
}

pub(super) fn is_place_preposition(lower: &str) -> bool {
    PLACE_PREPOSITIONS.contains(lower)
}

pub(super) fn is_model_name(lower: &str) -> bool {
    MODEL_NAMES.contains(lower)
}

pub(super) fn is_time_noun(lower: &str) -> bool {
    TIME_NOUNS.contains(lower)
}

pub(super) fn is_after_time(lower: &str) -> bool {
    AFTER_TIME.contains(lower)
}

pub(super) fn is_share_word(lower: &str) -> bool {
    SHARES.contains(lower)
}

pub(super) fn is_idiom(lower: &str) -> bool {
    IDIOMS.contains(lower)
}

pub(super) fn is_behind_pronoun(lower: &str) -> bool {
    BEHIND_PRONOUN.contains(lower)
}

pub(super) fn is_scale(lower: &str) -> bool {
    SCALES.contains(lower)
}

pub(super) fn is_taking(lower: &str) -> bool {
    TAKING.contains(lower)
}

pub(super) fn is_phrasal_verb(lower: &str) -> bool {
    PHRASAL.contains(lower)
}

pub(super) fn is_verb_like_unit(lower: &str) -> bool {
    VERBS_LIKE_UNITS.contains(lower)
}

/// True for a word that may begin a number: a number below a hundred, `a`, `half`.
pub(super) fn may_begin_number(lower: &str) -> bool {
    matches!(lower, "a" | "an" | "half") || terminals::begins_number(lower)
}

/// True for a noun in the plural, by its form.
pub(super) fn is_plural_noun(lower: &str) -> bool {
    !is_function(lower) && inflection::is_plural(lower)
}

/// True if the last word of a text is an abbreviation, or an initial.
pub(super) fn is_abbreviation(text: &str) -> bool {
    let word = text.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '“')).next().unwrap_or_default();
    let is_initial = word.chars().count() == 1 && word.starts_with(char::is_uppercase);
    is_initial || ABBREVIATIONS.contains(&word.to_lowercase())
}
