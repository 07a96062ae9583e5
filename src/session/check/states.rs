//! Names of states, as a text writes them, with their adjectives and capitals: a sentence that names one of which the matched number
//! says nothing speaks of another thing. The book has the names of its own states; these are the others that news texts name most.

/// The names of one state, separated by `|`; the first is its own.
const STATES: &str = "\
Afghanistan|Afghan|Afghans|Kabul;Albania|Albanian|Albanians;Algeria|Algerian;Argentina|Argentine|Argentinian;Armenia|Armenian;\
Australia|Australian|Australians|Canberra;Austria|Austrian|Austrians|Vienna;Azerbaijan|Azerbaijani;Bangladesh|Bangladeshi;Belarus|Belarusian|Minsk;\
Belgium|Belgian|Belgians|Brussels;Bosnia|Bosnian;Brazil|Brazilian|Brazilians|Brasilia;Bulgaria|Bulgarian|Bulgarians|Sofia;\
Canada|Canadian|Canadians|Ottawa;Chile|Chilean;China|Chinese|Beijing;Colombia|Colombian;Croatia|Croatian|Zagreb;Cuba|Cuban;Cyprus|Cypriot;\
Czechia|Czech|Czechs|Czech Republic|Prague;Denmark|Danish|Danes|Copenhagen;Egypt|Egyptian|Egyptians|Cairo;Estonia|Estonian|Estonians|Tallinn;\
Ethiopia|Ethiopian;Finland|Finnish|Finns|Helsinki;France|French|Paris;Georgia|Georgian|Tbilisi;Germany|German|Germans|Berlin;Ghana|Ghanaian;\
Greece|Greek|Greeks|Athens;Hungary|Hungarian|Hungarians|Budapest;Iceland|Icelandic;India|Indian|Indians|Delhi|New Delhi;Indonesia|Indonesian|Jakarta;\
Iran|Iranian|Iranians|Tehran;Iraq|Iraqi|Iraqis|Baghdad;Ireland|Irish|Dublin;Israel|Israeli|Israelis|Jerusalem;Italy|Italian|Italians|Rome;\
Japan|Japanese|Tokyo;Jordan|Jordanian;Kazakhstan|Kazakh;Kenya|Kenyan;Kosovo;Kuwait|Kuwaiti;Latvia|Latvian|Latvians|Riga;Lebanon|Lebanese|Beirut;\
Libya|Libyan;Lithuania|Lithuanian|Lithuanians|Vilnius;Luxembourg;Malaysia|Malaysian;Mexico|Mexican|Mexicans;Moldova|Moldovan;Montenegro;Morocco|Moroccan;\
Myanmar|Burma;Netherlands|Dutch|The Hague;New Zealand|Wellington;Nigeria|Nigerian|Nigerians;North Korea|North Korean|North Koreans|Pyongyang;\
North Macedonia;Norway|Norwegian|Norwegians|Oslo;Pakistan|Pakistani|Islamabad;Palestine|Palestinian|Palestinians|Gaza;Peru|Peruvian;\
Philippines|Philippine|Filipino|Manila;Poland|Polish|Poles|Warsaw;Portugal|Portuguese|Lisbon;Qatar|Qatari|Doha;Romania|Romanian|Romanians|Bucharest;\
Russia|Russian|Russians|Moscow|Kremlin;Saudi Arabia|Saudi|Saudis|Riyadh;Serbia|Serbian|Serbs|Belgrade;Singapore;Slovakia|Slovak|Slovaks|Bratislava;\
Slovenia|Slovenian;Somalia|Somali;South Africa|South African|South Africans|Pretoria;South Korea|South Korean|South Koreans|Seoul;\
Spain|Spanish|Spaniards|Madrid;Sri Lanka;Sudan|Sudanese;Sweden|Swedish|Swedes|Stockholm;Switzerland|Swiss|Bern|Geneva;Syria|Syrian|Syrians|Damascus;\
Taiwan|Taiwanese|Taipei;Thailand|Thai|Bangkok;Tunisia|Tunisian;Turkey|Turkish|Turks|Türkiye|Ankara;Ukraine|Ukrainian|Ukrainians|Kyiv|Kiev;\
United Arab Emirates|UAE|Emirati|Abu Dhabi;United Kingdom|UK|Britain|British|Great Britain|Britons|London|Westminster|Whitehall;\
United States|US|USA|U.S.|America|American|Americans|Washington;Venezuela|Venezuelan|Caracas;Vietnam|Vietnamese|Hanoi;Yemen|Yemeni;Zimbabwe";

/// The names of each state.
pub(super) fn states() -> impl Iterator<Item = Vec<&'static str>> {
    STATES.split(';').map(|names| names.split('|').collect())
}
