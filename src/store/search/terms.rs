//! The terms of a search: each word in any form, the actors that it names under all of their names, and related words;
//! and the actors of the book with their names and codes.

use super::stemmer::{stem, tokens};
use super::{Book, MatchRank, SearchEntry};
use rusqlite::Result;
use std::cell::LazyCell;

/// The letters from which on a word also matches words that begin with it; `US` does not match `using`.
const PREFIX_LETTERS: usize = 4;

/// The letters that are enough for the beginning of a name, where only actors are looked for.
const NAME_LETTERS: usize = 3;

/// Filler words, which a question has besides those that it asks for.
pub(super) const FILLERS: &str = "a an and are as at be been by did do does for from had has have how in is it its many much of on or \
                       the their there this to was were what when where which who whom whose will with would";

/// The terms of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchTerms {
    terms: Vec<SearchTerm>,
    actors: Vec<ActorEntry>,
}

/// A word, or several words that are one name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SearchTerm {
    /// The term as it was typed.
    written: String,
    /// The alternatives, any of which matches: all words of one, in any order.
    alternatives: Vec<Vec<SearchWord>>,
    /// The names of the actors that it names.
    actors: Vec<String>,
    /// Related words, as the book lists them.
    related: Vec<String>,
}

/// A word with its stem.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SearchWord {
    written: String,
    stem: String,
    /// True if words that begin with it match.
    is_prefix: bool,
}

/// The words of a text.
pub(super) struct TextWords(Vec<String>);

impl TextWords {
    pub(super) fn of(text: &str) -> Self {
        Self(tokens(text))
    }

    fn has(&self, word: &SearchWord) -> bool {
        // A stem begins as its word does, so that most words need no stemming.
        let is_form = |written: &str| written.bytes().next() == word.stem.bytes().next() && stem(written) == word.stem;
        self.0.iter().any(|written| {
            (word.is_prefix && written.starts_with(&word.written)) || *written == word.written || is_form(written)
        })
    }

    fn has_any(&self, alternatives: &[Vec<SearchWord>]) -> bool {
        alternatives.iter().any(|words| !words.is_empty() && words.iter().all(|word| self.has(word)))
    }
}

impl SearchTerms {
    /// Reads the terms of a search, with the actors and related words that the book lists.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn read(book: &Book, words: &str) -> Result<Self> {
        let (actors, related) = (book.actors()?, book.related_words()?);
        let related_to = |word: &str| {
            let related = related.iter().filter(|(known, _)| stem(known) == stem(word));
            related.map(|(_, word)| word.clone()).collect::<Vec<_>>()
        };
        let mut terms = Self { terms: Vec::new(), actors: Vec::new() };
        for part in split_terms(&actors, words) {
            let whole: Vec<&ActorEntry> = actors.iter().filter(|actor| is_name_of(actor, &part, false)).collect();
            let named = if whole.is_empty() { with_name_part(&actors, &part) } else { whole };
            let mut alternatives = vec![to_words(&part)];
            alternatives.extend(named.iter().flat_map(|actor| actor.names()).map(to_words));
            let names = named.iter().map(|actor| actor.name.clone()).collect();
            let related = related_to(&part.to_lowercase());
            terms.terms.push(SearchTerm { written: part, alternatives, actors: names, related });
            terms.actors.extend(named.into_iter().cloned());
        }
        terms.actors.dedup();
        Ok(terms)
    }

    /// Terms without actors and related words, where there is no book.
    #[must_use]
    pub fn plain(words: &str) -> Self {
        let term = |part: String| SearchTerm {
            alternatives: vec![to_words(&part)],
            written: part,
            actors: Vec::new(),
            related: Vec::new(),
        };
        Self { terms: tokens(words).into_iter().map(term).collect(), actors: Vec::new() }
    }

    /// The actors that the terms name.
    #[must_use]
    pub fn actors(&self) -> &[ActorEntry] {
        &self.actors
    }

    /// The terms as they were typed, each to be searched for alone.
    #[must_use]
    pub fn parts(&self) -> Vec<&str> {
        self.terms.iter().map(|term| term.written.as_str()).collect()
    }

    /// The terms that have related words, each with these.
    #[must_use]
    pub fn related(&self) -> Vec<(String, Vec<String>)> {
        let related = self.terms.iter().filter(|term| !term.related.is_empty());
        related.map(|term| (term.written.clone(), term.related.clone())).collect()
    }

    /// True if a text has all of the terms, each in any form.
    #[must_use]
    pub fn matches_text(&self, text: &str) -> bool {
        let words = TextWords::of(text);
        !self.terms.is_empty() && self.terms.iter().all(|term| words.has_any(&term.alternatives))
    }

    /// The rank of a row, and true if it is found by related words; `None` if it does not match.
    pub(super) fn rank(&self, entry: &SearchEntry) -> Option<(MatchRank, bool)> {
        let (text, rest) = (TextWords::of(&entry.text), LazyCell::new(|| TextWords::of(&entry.rest)));
        let mentions = |term: &SearchTerm| term.actors.iter().any(|actor| entry.actors.contains(actor));
        let in_text = |term: &SearchTerm| mentions(term) || text.has_any(&term.alternatives);
        let in_row = |term: &SearchTerm| in_text(term) || rest.has_any(&term.alternatives);
        let related_in_text = |term: &SearchTerm| in_text(term) || text.has_any(&term.related_words());
        let related_in_row =
            |term: &SearchTerm| in_row(term) || related_in_text(term) || rest.has_any(&term.related_words());
        let all = |has: &dyn Fn(&SearchTerm) -> bool| !self.terms.is_empty() && self.terms.iter().all(has);
        let has_related = self.terms.iter().any(|term| !term.related.is_empty());
        if all(&in_text) {
            Some((MatchRank::Text, false))
        } else if all(&in_row) {
            Some((MatchRank::Row, false))
        } else if has_related && all(&related_in_text) {
            Some((MatchRank::Row, true))
        } else {
            (has_related && all(&related_in_row)).then_some((MatchRank::Related, true))
        }
    }
}

impl SearchTerm {
    fn related_words(&self) -> Vec<Vec<SearchWord>> {
        self.related.iter().map(|word| to_words(word)).collect()
    }
}

/// Splits the typed words into terms: names of actors as they are, else words; fillers count only where there is
/// nothing else.
fn split_terms(actors: &[ActorEntry], words: &str) -> Vec<String> {
    let typed: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut parts = Vec::new();
    let mut at = 0;
    while at < typed.len() {
        let ends = (at + 1..=typed.len()).rev().map(|end| (end, typed[at..end].join(" ")));
        let (end, part) = ends
            .filter(|(end, part)| *end == at + 1 || actors.iter().any(|actor| is_name_of(actor, part, false)))
            .max_by_key(|(end, _)| *end)
            .unwrap_or_else(|| (at + 1, typed[at].to_owned()));
        parts.push(part);
        at = end;
    }
    let is_filler = |part: &String| {
        FILLERS.split(' ').any(|filler| filler.eq_ignore_ascii_case(part) && *part != part.to_uppercase())
    };
    if parts.iter().all(is_filler) {
        return parts;
    }
    parts.retain(|part| !is_filler(part));
    parts
}

/// The actors that some words name: whole names before parts, and parts before beginnings.
pub(super) fn named<'a>(actors: &'a [ActorEntry], words: &str) -> Vec<&'a ActorEntry> {
    let written = tokens(words);
    let all = to_words(words);
    let in_a_name = |actor: &&ActorEntry| {
        actor.names().any(|name| {
            let name = TextWords::of(name);
            !all.is_empty() && all.iter().all(|word| name.has(&SearchWord { is_prefix: false, ..word.clone() }))
        })
    };
    let begins = |actor: &&ActorEntry| {
        let is_begun = |name: &str, word: &String| tokens(name).iter().any(|token| token.starts_with(word.as_str()));
        let is_long = |word: &String| word.chars().count() >= NAME_LETTERS;
        !written.is_empty()
            && actor.names().any(|name| written.iter().all(|word| is_long(word) && is_begun(name, word)))
    };
    let found = [
        actors.iter().filter(|actor| is_name_of(actor, words, true)).collect::<Vec<_>>(),
        actors.iter().filter(in_a_name).collect(),
        actors.iter().filter(begins).collect(),
    ];
    found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

/// True if a text is a whole name of an actor, letter case and articles apart. A code is in capitals, unless only a
/// name can be meant.
fn is_name_of(actor: &ActorEntry, text: &str, is_name: bool) -> bool {
    let written = name_words(text);
    !written.is_empty()
        && (actor.names().any(|name| name_words(name) == written)
            || actor.codes.iter().any(|code| code == text || (is_name && code.eq_ignore_ascii_case(text))))
}

/// The words of a name without its article.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let mut words = tokens(name);
    if words.len() > 1 && words[0] == "the" {
        words.remove(0);
    }
    words
}

/// The actors whose names contain a part, in any form.
fn with_name_part<'a>(actors: &'a [ActorEntry], part: &str) -> Vec<&'a ActorEntry> {
    let words = to_words(part);
    actors.iter().filter(|actor| TextWords::of(&actor.name).has_any(std::slice::from_ref(&words))).collect()
}

fn to_words(text: &str) -> Vec<SearchWord> {
    let word = |written: String| SearchWord {
        stem: stem(&written),
        is_prefix: written.chars().count() >= PREFIX_LETTERS && !written.bytes().any(|byte| byte.is_ascii_digit()),
        written,
    };
    tokens(text).into_iter().map(word).collect()
}

/// An actor of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorEntry {
    /// The name in the views.
    pub name: String,
    /// The kind of actor.
    pub kind: String,
    /// Other names and stated offices.
    pub aliases: Vec<String>,
    /// Names under which people look for the actor, although no source need use them.
    pub common: Vec<String>,
    /// The codes of a state, of three letters and of two.
    pub codes: Vec<String>,
}

impl ActorEntry {
    /// Every name of the actor, codes apart.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.name].into_iter().chain(&self.aliases).chain(&self.common).map(String::as_str)
    }
}

impl Book {
    /// All actors of the book, by name.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn actors(&self) -> Result<Vec<ActorEntry>> {
        let sql = "select name, kind, coalesce(aliases, ''), iso3, id from main.actors order by name";
        let common = self.common_names()?;
        self.query_rows(sql, [], |row| {
            let (aliases, iso3, id): (String, Option<String>, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
            let aliases = aliases.split("; ").filter(|alias| !alias.is_empty()).map(str::to_owned).collect();
            let common = common.iter().filter(|(actor, _)| *actor == id).map(|(_, name)| name.clone()).collect();
            let codes = iso3.iter().flat_map(|code| codes(code)).collect();
            Ok(ActorEntry { name: row.get(0)?, kind: row.get(1)?, aliases, common, codes })
        })
    }
}

/// ISO 3166-1: each three-letter code with its two-letter one, in alphabetical order. A book has the former.
const CODES: &str = "\
ABW AW,AFG AF,AGO AO,AIA AI,ALA AX,ALB AL,AND AD,ARE AE,ARG AR,ARM AM,ASM AS,ATA AQ,ATF TF,ATG AG,AUS AU,AUT AT,AZE AZ,\
BDI BI,BEL BE,BEN BJ,BES BQ,BFA BF,BGD BD,BGR BG,BHR BH,BHS BS,BIH BA,BLM BL,BLR BY,BLZ BZ,BMU BM,BOL BO,BRA BR,BRB BB,\
BRN BN,BTN BT,BVT BV,BWA BW,CAF CF,CAN CA,CCK CC,CHE CH,CHL CL,CHN CN,CIV CI,CMR CM,COD CD,COG CG,COK CK,COL CO,COM KM,\
CPV CV,CRI CR,CUB CU,CUW CW,CXR CX,CYM KY,CYP CY,CZE CZ,DEU DE,DJI DJ,DMA DM,DNK DK,DOM DO,DZA DZ,ECU EC,EGY EG,ERI ER,\
ESH EH,ESP ES,EST EE,ETH ET,FIN FI,FJI FJ,FLK FK,FRA FR,FRO FO,FSM FM,GAB GA,GBR GB,GEO GE,GGY GG,GHA GH,GIB GI,GIN GN,\
GLP GP,GMB GM,GNB GW,GNQ GQ,GRC GR,GRD GD,GRL GL,GTM GT,GUF GF,GUM GU,GUY GY,HKG HK,HMD HM,HND HN,HRV HR,HTI HT,HUN HU,\
IDN ID,IMN IM,IND IN,IOT IO,IRL IE,IRN IR,IRQ IQ,ISL IS,ISR IL,ITA IT,JAM JM,JEY JE,JOR JO,JPN JP,KAZ KZ,KEN KE,KGZ KG,\
KHM KH,KIR KI,KNA KN,KOR KR,KWT KW,LAO LA,LBN LB,LBR LR,LBY LY,LCA LC,LIE LI,LKA LK,LSO LS,LTU LT,LUX LU,LVA LV,MAC MO,\
MAF MF,MAR MA,MCO MC,MDA MD,MDG MG,MDV MV,MEX MX,MHL MH,MKD MK,MLI ML,MLT MT,MMR MM,MNE ME,MNG MN,MNP MP,MOZ MZ,MRT MR,\
MSR MS,MTQ MQ,MUS MU,MWI MW,MYS MY,MYT YT,NAM NA,NCL NC,NER NE,NFK NF,NGA NG,NIC NI,NIU NU,NLD NL,NOR NO,NPL NP,NRU NR,\
NZL NZ,OMN OM,PAK PK,PAN PA,PCN PN,PER PE,PHL PH,PLW PW,PNG PG,POL PL,PRI PR,PRK KP,PRT PT,PRY PY,PSE PS,PYF PF,QAT QA,\
REU RE,ROU RO,RUS RU,RWA RW,SAU SA,SDN SD,SEN SN,SGP SG,SGS GS,SHN SH,SJM SJ,SLB SB,SLE SL,SLV SV,SMR SM,SOM SO,SPM PM,\
SRB RS,SSD SS,STP ST,SUR SR,SVK SK,SVN SI,SWE SE,SWZ SZ,SXM SX,SYC SC,SYR SY,TCA TC,TCD TD,TGO TG,THA TH,TJK TJ,TKL TK,\
TKM TM,TLS TL,TON TO,TTO TT,TUN TN,TUR TR,TUV TV,TWN TW,TZA TZ,UGA UG,UKR UA,UMI UM,URY UY,USA US,UZB UZ,VAT VA,VCT VC,\
VEN VE,VGB VG,VIR VI,VNM VN,VUT VU,WLF WF,WSM WS,YEM YE,ZAF ZA,ZMB ZM,ZWE ZW";

/// The codes of a state: of three letters, and of two if there is one.
fn codes(iso3: &str) -> Vec<String> {
    let two = CODES.split(',').find_map(|pair| pair.strip_prefix(iso3)?.strip_prefix(' '));
    [iso3].into_iter().chain(two).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{CODES, codes};
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_well_formed_and_each_its_own() {
        let pairs: Vec<(&str, &str)> = CODES.split(',').filter_map(|pair| pair.split_once(' ')).collect();
        assert_eq!(pairs.len(), 249);
        assert!(pairs.iter().all(|(three, two)| three.len() == 3 && two.len() == 2));
        assert!(pairs.is_sorted());
        assert_eq!(pairs.iter().map(|(_, two)| two).collect::<BTreeSet<_>>().len(), pairs.len());
        assert_eq!(codes("UKR"), ["UKR", "UA"]);
        assert_eq!(codes("GBR"), ["GBR", "GB"]);
        assert_eq!(codes("QQQ"), ["QQQ"]);
    }
}
