//! The words by which headers tell units of money from other things.

/// Words for money: a code behind one is the unit of its numbers, as in `Amount EUR` and `budget_usd`.
pub(super) const MONEY_WORDS: [&str; 68] = [
    "aid",
    "allocated",
    "allocation",
    "allowance",
    "amount",
    "asset",
    "assistance",
    "balance",
    "benefit",
    "bill",
    "bonus",
    "budget",
    "capital",
    "charge",
    "commitment",
    "committed",
    "contribution",
    "cost",
    "damage",
    "debt",
    "delivered",
    "deposit",
    "disbursed",
    "disbursement",
    "dividend",
    "donation",
    "earnings",
    "equity",
    "expenditure",
    "expense",
    "export",
    "fee",
    "fine",
    "fund",
    "funding",
    "gdp",
    "gni",
    "grant",
    "import",
    "income",
    "investment",
    "invoice",
    "liability",
    "loan",
    "paid",
    "pay",
    "payment",
    "pension",
    "pledge",
    "pledged",
    "premium",
    "price",
    "profit",
    "rent",
    "revenue",
    "salary",
    "sales",
    "spend",
    "spending",
    "spent",
    "subsidy",
    "sum",
    "support",
    "tax",
    "total",
    "turnover",
    "value",
    "wage",
];

/// Words before a unit that make it another thing than that of the numbers.
pub(super) const TURNING_WORDS: [&str; 25] = [
    "außer",
    "but",
    "kein",
    "keine",
    "nicht",
    "ohne",
    "sans",
    "sauf",
    "sin",
    "not",
    "non",
    "except",
    "excluding",
    "excl",
    "without",
    "than",
    "nor",
    "from",
    "to",
    "per",
    "over",
    "above",
    "under",
    "below",
    "versus",
];

/// Words in headers of rates, where a code names a side and not the unit.
pub(super) const RATE_WORDS: [&str; 4] = ["rate", "rates", "exchange", "fx"];

/// Codes that are words of English in lower case.
pub(super) const WORDS_LIKE_CODES: [&str; 10] = ["all", "cup", "gel", "lak", "mad", "pen", "ron", "sos", "top", "try"];

/// Words for currencies, beside their codes and signs.
pub(super) const CURRENCY_WORDS: [&str; 32] = [
    "cents",
    "crowns",
    "dollar",
    "dollars",
    "euro",
    "euros",
    "francs",
    "forint",
    "ft",
    "hryvnia",
    "hryvnias",
    "kč",
    "kr",
    "kronor",
    "ksh",
    "lira",
    "mkr",
    "pence",
    "pesos",
    "pound",
    "pounds",
    "rs",
    "rubles",
    "rupees",
    "tkr",
    "yen",
    "yuan",
    "zloty",
    "zł",
    "грн",
    "гривень",
    "руб",
];

/// Signs of currencies in scripts that put no blank before them.
pub(super) const CURRENCY_LETTERS: [char; 3] = ['円', '元', '원'];

/// Words that say of numbers that they are no amounts of money: shares, ranks.
pub(super) const COUNT_WORDS: [&str; 12] =
    ["#", "%", "counts", "growth", "index", "ln", "log", "pct", "percent", "percentage", "rank", "ratio"];

/// Words that say so where a name begins with them.
pub(super) const FIRST_COUNT_WORDS: [&str; 11] =
    ["aantal", "antal", "anteil", "anzahl", "id", "liczba", "nombre", "numero", "número", "year", "zahl"];

/// Words that say so where a name begins with them, alone or with `of`.
pub(super) const OF_COUNT_WORDS: [&str; 5] = ["count", "no.", "number", "share", "shares"];

/// Words for parts of a currency: a hundredth.
pub(super) const MINOR_WORDS: [&str; 5] = ["cent", "cents", "pence", "penny", "groszy"];

/// Words between two units of which the second is one of many: `EUR per tonne`.
pub(super) const PER_WORDS: [&str; 6] = ["je", "par", "per", "por", "pro", "à"];
