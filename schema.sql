-- The book: what a source says, statement by statement, and how far each number can be trusted.
--
-- How to read this file. It describes a SQLite database. The first half is the tables (one thing a row, singular
-- names); they hold plain columns, so that ordinary SQL is exact and fast on them, and a later version may change
-- them. The second half is the public views (plural names); they are what people and scripts read, and their names
-- and columns stay. Everything here runs in the sqlite3 shell, version 3.40 and later.
--
-- Five rules run through all of it.
--
--   1. The statement is the unit, not the event. A source is cut into facts, the smallest things that it says, and
--      whatever the other tables tell of the world names the facts that it rests on.
--   2. A number lives in one place: in `figure`, beside the fact that states it. Pledges, items, participants and
--      intervals point at the fact and read the number from there. To change a number is to change one row.
--   3. Amounts are whole numbers of a unit's smallest part (pence, not pounds; a missile is its own smallest part).
--      No column is a floating-point number, so no sum loses a penny.
--   4. What a source leaves open is written down: as a figure with a reason in place of a number, as an `unknown`,
--      as a part that nobody is stated to play. NULL means "does not apply", unless its table says otherwise.
--   5. Nothing is overwritten. A fact is corrected by a new fact that the old one names in `superseded_by`; sources
--      that disagree both stay, and `conflicts` shows them side by side.
--
-- Where a name carries a unit, the unit stands last (`amount_minor`). Dates are ISO 8601 or EDTF text, and absent
-- where a source gives none: a date is never worked out from the calendar. `ord` is an order for display, no more.

PRAGMA application_id = 0x504C4447;  -- 'PLDG' in ASCII: how a file is known to be a book
PRAGMA user_version = 1;             -- the version of this schema, checked at opening


-- ---------------------------------------------------------------------------------------------------------------
-- Code lists: the words that other tables may use, with what each means
-- ---------------------------------------------------------------------------------------------------------------

-- Did it happen? The first of three independent questions about a fact.
CREATE TABLE status (
    code    TEXT PRIMARY KEY,
    meaning TEXT NOT NULL
) STRICT;

-- How firmly is it put? The second question. Some codes are wishes or demands rather than degrees of belief: `ord`
-- sorts them for display and is not a probability. `factbank` is the value in the FactBank corpus (LDC2009T23):
-- CT certain, PR probable, PS possible, U uncommitted; then + or - for what is claimed, u for neither.
CREATE TABLE certainty (
    code     TEXT PRIMARY KEY,
    ord      INTEGER NOT NULL,
    factbank TEXT,
    meaning  TEXT NOT NULL
) STRICT;

-- Who says so? The third question.
CREATE TABLE attribution (
    code    TEXT PRIMARY KEY,
    meaning TEXT NOT NULL
) STRICT;

-- What sort of statement a fact is. `evaluation` is the one that matters most: a judgement by whoever wrote the
-- text, which is a fact about the text and not about the world.
CREATE TABLE fact_kind (
    code    TEXT PRIMARY KEY,
    meaning TEXT NOT NULL
) STRICT;

-- Why there is no answer.
CREATE TABLE reason (
    code    TEXT PRIMARY KEY,
    meaning TEXT NOT NULL
) STRICT;

-- How far a pledge has got, with the nearest term of four public vocabularies, so that data of theirs can be set
-- beside it: IATI 2.03 transaction types (for the last two, activity statuses), the Kiel Ukraine Support Tracker's
-- measures and columns, OCDS 1.1 and SIPRI's arms transfers. NULL: that vocabulary has no term.
CREATE TABLE stage (
    code    TEXT PRIMARY KEY,
    ord     INTEGER NOT NULL UNIQUE,
    meaning TEXT NOT NULL,
    iati    TEXT,
    kiel    TEXT,
    ocds    TEXT,
    sipri   TEXT
) STRICT;

-- What a number counts. `code` is singular (`missile`, not `missiles`) and may stand in products and quotients
-- such as GBP/missile, hence no sign that those use. `minor_per_unit` says how many of the smallest parts make one
-- unit: 100 pence to the pound, 1 for a thing that is counted whole; `places` is that in decimal places.
CREATE TABLE unit (
    code           TEXT PRIMARY KEY CHECK (code GLOB '[A-Za-z]*' AND code NOT GLOB '*[^A-Za-z0-9_]*'),
    kind           TEXT NOT NULL CHECK (kind IN ('currency', 'count', 'time', 'ratio')),
    minor_per_unit INTEGER NOT NULL CHECK (minor_per_unit IN (1, 10, 100, 1000, 10000, 100000, 1000000)),
    name           TEXT NOT NULL,
    source         TEXT NOT NULL,
    places         INTEGER GENERATED ALWAYS AS (length(minor_per_unit) - 1) VIRTUAL,
    UNIQUE (code, minor_per_unit)
) STRICT;


-- ---------------------------------------------------------------------------------------------------------------
-- What is not known
-- ---------------------------------------------------------------------------------------------------------------

-- A question that the sources leave open. `about` names the matter in a few words, `short` is the form that fits in
-- a note under a figure, `means` says what the silence is not to be taken for, `needs` what kind of source would answer.
CREATE TABLE unknown (
    id       TEXT PRIMARY KEY CHECK (id = printf('U%02d', substr(id, 2))),
    question TEXT NOT NULL UNIQUE,
    about    TEXT NOT NULL,
    reason   TEXT NOT NULL REFERENCES reason,
    short    TEXT NOT NULL,
    means    TEXT NOT NULL,
    needs    TEXT NOT NULL,
    UNIQUE (id, reason)
) STRICT;


-- ---------------------------------------------------------------------------------------------------------------
-- Where it is said
-- ---------------------------------------------------------------------------------------------------------------

-- A text. Its words are not in the book; `sha256` is the digest of the exact text that the locators and character
-- positions were taken from, so that anyone who has it can check them. A title, publisher, address or date is NULL if
-- the text bears none; `unknown` is the open question which that leaves.
CREATE TABLE source (
    id          TEXT PRIMARY KEY CHECK (id = printf('S%d', substr(id, 2))),
    description TEXT NOT NULL,
    title       TEXT,
    publisher   TEXT,
    url         TEXT,
    published   TEXT,
    retrieved   TEXT,
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    authority   TEXT NOT NULL CHECK (authority IN ('primary', 'wire', 'press', 'derivative', 'tracker', 'unknown')),
    unknown     TEXT REFERENCES unknown,
    licence     TEXT
) STRICT;

-- That one source was made from another, in the terms of W3C PROV. Two sources of which one repeats the other are
-- not two witnesses. `wasRevisionOf` joins two versions of one imported table: both stay, the newer has its name.
CREATE TABLE source_link (
    source   TEXT NOT NULL REFERENCES source,
    relation TEXT NOT NULL CHECK (relation IN ('wasDerivedFrom', 'wasQuotedFrom', 'hadPrimarySource', 'wasRevisionOf')),
    origin   TEXT NOT NULL REFERENCES source CHECK (origin <> source),
    PRIMARY KEY (source, relation, origin)
) STRICT;


-- ---------------------------------------------------------------------------------------------------------------
-- Who and where
-- ---------------------------------------------------------------------------------------------------------------

-- A person, state, organisation or group. An `unnamed_group` is one that a source speaks of without saying who is
-- in it ("several countries"); it is a row, because that somebody is unnamed is itself something to report.
CREATE TABLE actor (
    id   TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'state', 'organisation', 'group', 'unnamed_group', 'region')),
    name TEXT NOT NULL UNIQUE,
    iso3 TEXT CHECK (iso3 GLOB '[A-Z][A-Z][A-Z]'),
    CHECK (iso3 IS NULL OR kind = 'state')
) STRICT;

-- Another name that a source uses: another spelling, or a metonym (a capital for its government).
CREATE TABLE actor_alias (
    actor TEXT NOT NULL REFERENCES actor,
    alias TEXT NOT NULL,
    why   TEXT NOT NULL CHECK (why IN ('spelling', 'metonym')),
    PRIMARY KEY (actor, alias)
) STRICT;

-- A name that people look an actor up under and that no source need use: a common name, its people, its capital. It is
-- for searching alone and claims nothing of any text, so that no view shows it.
CREATE TABLE search_name (
    actor TEXT NOT NULL REFERENCES actor,
    name  TEXT NOT NULL,
    PRIMARY KEY (actor, name)
) STRICT;

-- A word that people look for (`soldier`) beside one near it that the book may have in its place (`troop`), each in one
-- form; a search that finds the first nowhere goes on to the second, and says so. Near is not the same: `promised` leads
-- to what is only proposed.
CREATE TABLE search_word (
    word TEXT NOT NULL,
    near TEXT NOT NULL CHECK (near <> word),
    PRIMARY KEY (word, near)
) STRICT;

-- An office that a source gives to a person. One that everybody knows but no source states is not here.
CREATE TABLE office (
    title  TEXT PRIMARY KEY,
    body   TEXT NOT NULL REFERENCES actor,
    holder TEXT NOT NULL REFERENCES actor,
    fact   TEXT NOT NULL REFERENCES fact
) STRICT;

-- Where an event is said to take place. The row `not_stated` stands for a place that must exist and is not given.
CREATE TABLE place (
    id   TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;


-- ---------------------------------------------------------------------------------------------------------------
-- What is said
-- ---------------------------------------------------------------------------------------------------------------

-- That on which a fact is said to depend, with its own place in the source.
CREATE TABLE condition (
    id         TEXT PRIMARY KEY CHECK (id GLOB 'C[1-9]*'),
    text       TEXT NOT NULL,
    source     TEXT NOT NULL REFERENCES source,
    paragraph  INTEGER NOT NULL CHECK (paragraph > 0),
    sentence   INTEGER NOT NULL CHECK (sentence > 0),
    char_start INTEGER NOT NULL CHECK (char_start >= 0),
    char_end   INTEGER NOT NULL CHECK (char_end > char_start)
) STRICT;

-- One statement of a source, in the book's own words: `subject`, `action` and `object` for searching, `gloss` for
-- reading (one line of a note; `{}` in it stands for the number as the source writes it, if it does).
--
-- The id says where it comes from: F29 is fact 29 of source 1, S2F01 fact 1 of source 2, and S2:37 record 37 of
-- source 2, where that source is a table. A fact of a text is located by paragraph and sentence, both counted from 1,
-- and by the characters that state it, counted from 0 in the text whose digest the source holds, the end not included.
CREATE TABLE fact (
    id            TEXT PRIMARY KEY,
    source        TEXT NOT NULL REFERENCES source,
    record        INTEGER CHECK (record > 0),
    paragraph     INTEGER CHECK (paragraph > 0),
    sentence      INTEGER CHECK (sentence > 0),
    char_start    INTEGER CHECK (char_start >= 0),
    char_end      INTEGER CHECK (char_end > char_start),
    subject       TEXT NOT NULL,
    action        TEXT NOT NULL,
    object        TEXT,
    gloss         TEXT NOT NULL CHECK (length(gloss) <= 60),
    kind          TEXT NOT NULL REFERENCES fact_kind,
    status        TEXT NOT NULL REFERENCES status,
    certainty     TEXT NOT NULL REFERENCES certainty,
    attribution   TEXT NOT NULL REFERENCES attribution,
    condition     TEXT REFERENCES condition,
    time_relation TEXT,
    note          TEXT,
    superseded_by TEXT REFERENCES fact CHECK (superseded_by <> id),
    -- either a record of a table, or a place in a text
    CHECK ((record IS NULL) = (paragraph IS NOT NULL)),
    CHECK ((paragraph IS NULL) = (sentence IS NULL)),
    CHECK ((char_start IS NULL) = (char_end IS NULL)),
    CHECK (id = CASE WHEN record IS NOT NULL THEN source || ':' || record
                     ELSE iif(source = 'S1', '', source) || printf('F%02d', substr(id, instr(id, 'F') + 1)) END)
) STRICT;
CREATE INDEX fact_superseded_by ON fact (superseded_by) WHERE superseded_by IS NOT NULL;

-- The number of a fact, and nowhere else. One row for each fact that gives a number or that should and does not.
--
-- A number is `amount_minor` of the smallest parts of `unit`; for a bound of `between` it is the lower end, and
-- `upper_minor` the upper one, both included. `bound` keeps what the words around the number say: "more than 5,000"
-- is not 5,000. Where the number is missing, `reason` says why, and `unknown` which open question that leaves; the
-- unit may be missing then too.
--
-- `basis` says where the number comes from: `stated` (the source writes it; `as_written` keeps how, `sig_figs` the
-- fewest significant figures that the digits imply, so 1 for "5,000", since nothing says that its zeros count),
-- `counted` (by us, from what a sentence lists) or `implied` (by its grammar: a plural is at least two). `label` says
-- what a stated number is the number of. `stage` is how far the pledge has got that the number belongs to.
--
-- The last four columns are worked out from the others: the decimal forms, then value and unit, then the whole
-- quantity as the views show it, such as `1600000000 GBP [F29; @proposed]`. `minor_per_unit` repeats the unit's (the
-- foreign key sees to it), so that they need no other table. They are stored, so that reading one costs no computing.
--
-- A record of a table may have finer digits than the unit has parts (1157407.407 EUR). They are kept exactly: each part is
-- divided into `finer_parts` then.
CREATE TABLE figure (
    fact           TEXT PRIMARY KEY REFERENCES fact,
    bound          TEXT CHECK (bound IN ('exact', 'at_least', 'more_than', 'up_to', 'less_than', 'about', 'between')),
    amount_minor   INTEGER CHECK (amount_minor >= -9223372036854775807),
    upper_minor    INTEGER,
    unit           TEXT,
    minor_per_unit INTEGER,
    finer_parts    INTEGER CHECK (finer_parts IN (10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000)),
    reason         TEXT REFERENCES reason,
    unknown        TEXT,
    basis          TEXT CHECK (basis IN ('stated', 'counted', 'implied')),
    as_written     TEXT,
    sig_figs       INTEGER CHECK (sig_figs > 0),
    label          TEXT,
    stage          TEXT REFERENCES stage,
    amount TEXT GENERATED ALWAYS AS (
        rtrim(rtrim(iif(amount_minor < 0, '-', '')
            || (abs(amount_minor) / (minor_per_unit * coalesce(finer_parts, 1))) || '.'
            || substr(minor_per_unit * coalesce(finer_parts, 1)
                      + abs(amount_minor) % (minor_per_unit * coalesce(finer_parts, 1)), 2), '0'), '.')) STORED,
    upper TEXT GENERATED ALWAYS AS (
        rtrim(rtrim(iif(upper_minor < 0, '-', '')
            || (abs(upper_minor) / (minor_per_unit * coalesce(finer_parts, 1))) || '.'
            || substr(minor_per_unit * coalesce(finer_parts, 1)
                      + abs(upper_minor) % (minor_per_unit * coalesce(finer_parts, 1)), 2), '0'), '.')) STORED,
    value TEXT GENERATED ALWAYS AS (
        CASE bound WHEN 'exact' THEN amount
                   WHEN 'at_least' THEN '>=' || amount
                   WHEN 'more_than' THEN '>' || amount
                   WHEN 'up_to' THEN '<=' || amount
                   WHEN 'less_than' THEN '<' || amount
                   WHEN 'about' THEN '≈' || amount
                   WHEN 'between' THEN amount || '..' || upper
                   ELSE 'unknown(' || reason || ')' END || coalesce(' ' || unit, '')) STORED,
    quantity TEXT GENERATED ALWAYS AS (
        value || ' [' || fact || coalesce(' ' || unknown, '') || coalesce('; @' || stage, '') || ']') STORED,
    FOREIGN KEY (unit, minor_per_unit) REFERENCES unit (code, minor_per_unit),
    FOREIGN KEY (unknown, reason) REFERENCES unknown (id, reason),
    -- a number with bound, unit and basis, or the reason why there is none
    CHECK ((amount_minor IS NULL) = (reason IS NOT NULL)),
    CHECK ((amount_minor IS NULL) = (bound IS NULL)),
    CHECK ((amount_minor IS NULL) = (basis IS NULL)),
    CHECK (amount_minor IS NULL OR unit IS NOT NULL),
    CHECK (unknown IS NULL OR reason IS NOT NULL),
    CHECK ((unit IS NULL) = (minor_per_unit IS NULL)),
    CHECK (finer_parts IS NULL OR (unit IS NOT NULL AND fact LIKE '%:%')),
    CHECK ((upper_minor IS NOT NULL) = (bound IS 'between')),
    CHECK (upper_minor IS NULL OR upper_minor > amount_minor),
    CHECK ((basis IS 'stated') = (as_written IS NOT NULL)),
    CHECK ((basis IS 'stated') = (sig_figs IS NOT NULL)),
    CHECK ((basis IS 'stated') = (label IS NOT NULL))
) STRICT;

-- Who is in a fact, and as what:
--   subject      does it, or is described by it
--   object       it is done to, or it is joined, served or protected
--   recipient    it is given or presented to
--   represented  the state or body behind an office, a representative or a president who acts
--   topic        what the fact is about
--   venue        where it takes place
--   named        only inside the name of another
CREATE TABLE mention (
    fact  TEXT NOT NULL REFERENCES fact,
    actor TEXT NOT NULL REFERENCES actor,
    role  TEXT NOT NULL
          CHECK (role IN ('subject', 'object', 'recipient', 'represented', 'topic', 'venue', 'named')),
    PRIMARY KEY (fact, actor)
) STRICT;
CREATE INDEX mention_actor ON mention (actor);


-- ---------------------------------------------------------------------------------------------------------------
-- What happened, and in which order
-- ---------------------------------------------------------------------------------------------------------------

-- Something that happened, or that is planned. Two events that may be one stay two rows: whether they are the same is
-- an assumption for a reader to make, not for the book. `date` is NULL unless a source gives one; `date_basis` says
-- where it comes from, or why there is none (`relative_only`: the source puts it a stated number of days from an event
-- that is itself undated).
CREATE TABLE event (
    id         TEXT PRIMARY KEY CHECK (id GLOB 'E[0-9][0-9]*'),
    label      TEXT NOT NULL UNIQUE,
    place      TEXT REFERENCES place,
    date       TEXT,
    date_basis TEXT NOT NULL CHECK (date_basis IN ('stated', 'derived', 'relative_only', 'not_stated')),
    fact       TEXT NOT NULL REFERENCES fact,
    CHECK ((date IS NULL) = (date_basis IN ('relative_only', 'not_stated')))
) STRICT;

-- An order of two events that a fact establishes. A pair that is not here is unordered, however the story is
-- remembered. The days between them are the fact's number, if its unit is the day.
CREATE TABLE event_pair (
    earlier  TEXT NOT NULL REFERENCES event,
    relation TEXT NOT NULL CHECK (relation IN ('before', 'during', 'overlaps', 'same_as')),
    later    TEXT NOT NULL REFERENCES event CHECK (later <> earlier),
    fact     TEXT NOT NULL REFERENCES fact,
    PRIMARY KEY (earlier, relation, later, fact)
) STRICT;


-- ---------------------------------------------------------------------------------------------------------------
-- Initiatives, plans, pledges
-- ---------------------------------------------------------------------------------------------------------------

-- An undertaking that somebody announces. It is neither the plan that describes it nor the body that it creates.
CREATE TABLE initiative (
    id    TEXT PRIMARY KEY CHECK (id GLOB 'I[1-9]*'),
    label TEXT NOT NULL UNIQUE,
    fact  TEXT NOT NULL REFERENCES fact
) STRICT;

-- A plan, whether it exists or is still to be written (its fact's status says which).
CREATE TABLE plan (
    id    TEXT PRIMARY KEY CHECK (id GLOB 'P[1-9]*'),
    label TEXT NOT NULL UNIQUE,
    fact  TEXT NOT NULL REFERENCES fact
) STRICT;

-- One demand or intention of a plan. A point that asks for two things has two clauses. `actor` is who is to do it,
-- NULL where that is not stated. What a clause depends on is its fact's condition.
CREATE TABLE plan_clause (
    plan   TEXT NOT NULL REFERENCES plan,
    point  INTEGER NOT NULL CHECK (point > 0),
    clause TEXT NOT NULL CHECK (clause GLOB point || '*'),
    text   TEXT NOT NULL,
    force  TEXT NOT NULL CHECK (force IN ('requires', 'calls_for', 'needs', 'envisions')),
    actor  TEXT REFERENCES actor,
    fact   TEXT NOT NULL REFERENCES fact,
    PRIMARY KEY (plan, clause)
) STRICT;

-- Help that one side is to give to another. The row holds what does not change as it moves on; money, items and
-- stages are in the two tables below, because a pledge may be proposed, partly contracted and partly delivered at once.
CREATE TABLE pledge (
    id         TEXT PRIMARY KEY CHECK (id GLOB 'PL[1-9]*'),
    provider   TEXT NOT NULL REFERENCES actor,
    recipient  TEXT NOT NULL REFERENCES actor,
    announcer  TEXT REFERENCES actor,
    instrument TEXT NOT NULL
) STRICT;

-- A statement that puts a pledge at a stage. The fact's figure gives the stage and the money, or the reason why the
-- money is unknown. A second source's statement is a second row.
CREATE TABLE pledge_stage (
    pledge TEXT NOT NULL REFERENCES pledge,
    fact   TEXT NOT NULL REFERENCES figure,
    PRIMARY KEY (pledge, fact)
) STRICT;

-- A statement of goods in a pledge. The fact's figure gives the stage and the number of items. `qualifier` is a word
-- of the source that limits what the number means, stated in `qualifier_fact`; `baseline` is what it is measured
-- from, NULL if not stated. `cost_coverage` says whether the money of that stage pays for the whole of the items.
CREATE TABLE pledge_item (
    pledge         TEXT NOT NULL REFERENCES pledge,
    fact           TEXT NOT NULL REFERENCES figure,
    item           TEXT NOT NULL,
    qualifier      TEXT,
    qualifier_fact TEXT REFERENCES fact,
    baseline       TEXT,
    cost_coverage  TEXT NOT NULL CHECK (cost_coverage IN ('full', 'partial', 'not_stated')),
    PRIMARY KEY (pledge, fact, item),
    CHECK ((qualifier IS NULL) = (qualifier_fact IS NULL)),
    CHECK (baseline IS NULL OR qualifier IS NOT NULL)
) STRICT;

-- That a pledge is part of another, or the same help announced again. Money that is told of both is one sum of money: an answer that
-- adds them up counts it once, and says so. `fact` is NULL where no source says it and the book's maker has read it so.
CREATE TABLE pledge_overlap (
    pledge   TEXT PRIMARY KEY REFERENCES pledge,
    relation TEXT NOT NULL CHECK (relation IN ('part_of', 'same_as')),
    other    TEXT NOT NULL REFERENCES pledge CHECK (other <> pledge),
    fact     TEXT REFERENCES fact
) STRICT;

-- A number without a stage is no part of a pledge: it would look further along than it is. A pledge takes no such
-- number up, and a number that a pledge has taken up keeps a stage.
CREATE TRIGGER pledge_stage_needs_stage BEFORE INSERT ON pledge_stage
WHEN (SELECT stage FROM figure WHERE fact = NEW.fact) IS NULL
BEGIN
    SELECT RAISE(ABORT, 'the figure of a pledge needs a stage');
END;
CREATE TRIGGER pledge_stage_keeps_stage BEFORE UPDATE OF fact ON pledge_stage
WHEN (SELECT stage FROM figure WHERE fact = NEW.fact) IS NULL
BEGIN
    SELECT RAISE(ABORT, 'the figure of a pledge needs a stage');
END;
CREATE TRIGGER pledge_item_needs_stage BEFORE INSERT ON pledge_item
WHEN (SELECT stage FROM figure WHERE fact = NEW.fact) IS NULL
BEGIN
    SELECT RAISE(ABORT, 'the figure of a pledge needs a stage');
END;
CREATE TRIGGER pledge_item_keeps_stage BEFORE UPDATE OF fact ON pledge_item
WHEN (SELECT stage FROM figure WHERE fact = NEW.fact) IS NULL
BEGIN
    SELECT RAISE(ABORT, 'the figure of a pledge needs a stage');
END;
CREATE TRIGGER figure_keeps_stage BEFORE UPDATE OF stage ON figure
WHEN NEW.stage IS NULL AND (EXISTS (SELECT 1 FROM pledge_stage WHERE fact = OLD.fact)
                            OR EXISTS (SELECT 1 FROM pledge_item WHERE fact = OLD.fact))
BEGIN
    SELECT RAISE(ABORT, 'the figure of a pledge needs a stage');
END;

-- The part of an actor in an event, an initiative, a plan or a group; one of the four. `is_counted` is 1 where the
-- fact's figure is the number of this part ("several countries": at least two), 0 where it counts something else or
-- nothing. `takes_part` is 1 for one of those who take part or are to, as firmly as the fact puts it; 0 for an actor who does
-- it alone, or for, to or at whom it is done; NULL where nobody has said. A row without actor and fact says that nobody is
-- stated in that role.
CREATE TABLE participation (
    actor       TEXT REFERENCES actor,
    event       TEXT REFERENCES event,
    initiative  TEXT REFERENCES initiative,
    plan        TEXT REFERENCES plan,
    actor_group TEXT REFERENCES actor,
    role        TEXT NOT NULL,
    is_counted  INTEGER NOT NULL CHECK (is_counted IN (0, 1)),
    fact        TEXT REFERENCES fact,
    takes_part  INTEGER CHECK (takes_part IN (0, 1)),
    CHECK ((actor IS NULL) = (fact IS NULL)),
    CHECK ((event IS NOT NULL) + (initiative IS NOT NULL) + (plan IS NOT NULL) + (actor_group IS NOT NULL) = 1)
) STRICT;


-- ---------------------------------------------------------------------------------------------------------------
-- How to read what is said
-- ---------------------------------------------------------------------------------------------------------------

-- Which facts an open question touches: `limits` those that it limits the reading of, `closest` those that come
-- closest to answering it. `brief_ord` is set where even a short note under a figure of that fact must name the
-- question, and gives the order.
CREATE TABLE unknown_fact (
    unknown   TEXT NOT NULL REFERENCES unknown,
    fact      TEXT NOT NULL REFERENCES fact,
    part      TEXT NOT NULL CHECK (part IN ('limits', 'closest')),
    brief_ord INTEGER CHECK (brief_ord > 0),
    PRIMARY KEY (unknown, fact, part),
    CHECK (brief_ord IS NULL OR part = 'limits')
) STRICT;
CREATE INDEX unknown_fact_fact ON unknown_fact (fact);

-- Statements of one source that pull apart, and how the book handles it. The book never resolves one.
CREATE TABLE tension (
    id        TEXT PRIMARY KEY CHECK (id GLOB 'X[1-9]*'),
    statement TEXT NOT NULL,
    handling  TEXT NOT NULL
) STRICT;
CREATE TABLE tension_fact (
    tension TEXT NOT NULL REFERENCES tension,
    fact    TEXT NOT NULL REFERENCES fact,
    PRIMARY KEY (tension, fact)
) STRICT;
CREATE INDEX tension_fact_fact ON tension_fact (fact);

-- What a reader may suppose although no source says it. Each is off unless it is asked for, and every answer that rests
-- on one names it. `takes` says what kind of value it wants, NULL if none; `changes` says what becomes of the answers.
-- A probability is given to what is put with `certainty`. `tension` is the one that the assumption would resolve, `answers`
-- the open question.
CREATE TABLE assumption (
    id        TEXT PRIMARY KEY CHECK (id GLOB 'A[1-9]*'),
    statement TEXT NOT NULL UNIQUE,
    takes     TEXT CHECK (takes IN ('probability', 'rate')),
    changes   TEXT NOT NULL,
    certainty TEXT REFERENCES certainty,
    tension   TEXT REFERENCES tension,
    answers   TEXT REFERENCES unknown,
    CHECK ((takes IS 'probability') = (certainty IS NOT NULL))
) STRICT;

-- The assumptions that are made just now, with their values. A book never has any: the table is empty, and a session
-- puts one of its own in front of it. The same is done to `figure` where a stated number is replaced for a session.
CREATE TABLE assumed (
    assumption TEXT PRIMARY KEY REFERENCES assumption,
    value      TEXT,
    CHECK (1 = 0)
) STRICT;

-- Two events that may be one, and the assumption that they are.
CREATE TABLE event_twin (
    event      TEXT NOT NULL REFERENCES event,
    twin       TEXT NOT NULL REFERENCES event CHECK (twin <> event),
    assumption TEXT NOT NULL REFERENCES assumption,
    PRIMARY KEY (event, twin)
) STRICT;

-- A group whose members the participants of an initiative may be, and the assumption that they are.
CREATE TABLE initiative_group (
    initiative  TEXT NOT NULL REFERENCES initiative,
    actor_group TEXT NOT NULL REFERENCES actor,
    assumption  TEXT NOT NULL REFERENCES assumption,
    PRIMARY KEY (initiative, actor_group)
) STRICT;

-- Whether the money of a pledge pays for the whole of its items is for a source to say; this is the assumption that
-- it does, where none says.
CREATE TABLE coverage_assumption (
    pledge     TEXT PRIMARY KEY REFERENCES pledge,
    assumption TEXT NOT NULL REFERENCES assumption
) STRICT;

-- Sources that disagree about one question, as somebody recorded it: the figures stay side by side, each with its
-- counting rule (what it takes in), and none is chosen or averaged. The view `conflicts` adds the disagreements about
-- pledges that nobody has recorded yet.
CREATE TABLE conflict (
    id       TEXT PRIMARY KEY CHECK (id GLOB 'K[1-9]*'),
    question TEXT NOT NULL
) STRICT;
CREATE TABLE conflict_member (
    conflict      TEXT NOT NULL REFERENCES conflict,
    fact          TEXT NOT NULL REFERENCES figure,
    counting_rule TEXT,
    PRIMARY KEY (conflict, fact)
) STRICT;


-- ---------------------------------------------------------------------------------------------------------------
-- Tables of one's own
--
-- An import makes one plain table of plain columns (`kiel_S2`), one row a record of the file, and a view of the name that
-- people use (`kiel`), which shows its numbers as quantities with their unit and their record. These three tables say what
-- was imported. A book that nothing was imported into has no row in them.
-- ---------------------------------------------------------------------------------------------------------------

-- A table that was imported: the source that it is, the view and the plain table behind it, the file as it was named with
-- its digest, the digest of the rows as they were stored (`check-book` compares it), how many records it has and how many of
-- them are totals of others (`is_total` in the plain table, which sums leave out), the columns by which a row is known (a JSON
-- array), the options that repeat the import (as TOML), the report (as JSON), and the digest of the definition of the view
-- behind its first line (`check-book` compares it too).
CREATE TABLE imported_table (
    source  TEXT PRIMARY KEY REFERENCES source,
    name    TEXT NOT NULL UNIQUE,
    stored  TEXT NOT NULL UNIQUE,
    file    TEXT NOT NULL,
    sha256  TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    records INTEGER NOT NULL CHECK (records >= 0),
    totals  INTEGER NOT NULL DEFAULT 0 CHECK (totals >= 0),
    key     TEXT,
    options TEXT NOT NULL,
    report  TEXT NOT NULL,
    at      TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    view_sha256 TEXT
) STRICT;

-- A column of such a table: its name in the view, its header as the file has it, the kind of its cells, and the unit of all
-- of them; `@COLUMN` where each row has its own.
CREATE TABLE imported_column (
    source TEXT NOT NULL REFERENCES imported_table,
    ord    INTEGER NOT NULL CHECK (ord > 0),
    name   TEXT NOT NULL,
    header TEXT NOT NULL,
    kind   TEXT NOT NULL CHECK (kind IN ('text', 'integer', 'quantity', 'date', 'real')),
    unit   TEXT,
    PRIMARY KEY (source, ord)
) STRICT;

-- A line of the file above or below the table: a title, a unit for all of it, a footnote.
CREATE TABLE imported_note (
    source TEXT NOT NULL REFERENCES imported_table,
    line   INTEGER NOT NULL CHECK (line > 0),
    text   TEXT NOT NULL,
    PRIMARY KEY (source, line)
) STRICT;

-- What was done to the book, in order: an import, taking one back, or an entry that changed tables of one's own, which stand in
-- the place of a source then.
CREATE TABLE change_log (
    id     INTEGER PRIMARY KEY,
    at     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    action TEXT NOT NULL CHECK (action IN ('import', 'drop', 'write')),
    source TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;


-- ---------------------------------------------------------------------------------------------------------------
-- The public views
--
-- They show names, not keys; ids only where people cite them. A superseded fact, and what rests on it alone, is not
-- shown. Lists of facts are separated by spaces, in the order of their ids (F2 before F10, hence by length first).
-- `quantity`, `amount`, `item_count`, `number` and `days` are quantities in text form: value, unit, then in brackets
-- the facts and the stage.
-- ---------------------------------------------------------------------------------------------------------------

-- One row a fact of a text; records of a table are shown by the views that use them.
CREATE VIEW facts AS
SELECT f.id, f.source, f.paragraph, f.sentence, f.paragraph || '.' || f.sentence AS locator,
       f.subject, f.action, f.object, q.quantity, f.status, f.certainty, f.attribution, f.kind,
       f.kind = 'evaluation' AS is_evaluation, f.time_relation, f.note, f.char_start, f.char_end,
       replace(f.gloss, '{}', coalesce(q.as_written, q.amount, '(not stated)')) AS gloss
FROM fact f
LEFT JOIN figure q ON q.fact = f.id
WHERE f.record IS NULL AND f.superseded_by IS NULL;

-- One row a number that a source states; what was counted or implied is in `facts` alone.
CREATE VIEW figures AS
SELECT f.id, q.label, q.quantity, q.as_written, q.sig_figs, q.stage, f.certainty, f.attribution,
       coalesce('record ' || f.record, f.paragraph || '.' || f.sentence) AS locator, f.source
FROM figure q
JOIN fact f ON f.id = q.fact
WHERE q.basis = 'stated' AND f.superseded_by IS NULL;

-- One row a statement of a pledge at a stage. Its items are those that the same source states at that stage; where
-- that source states none, those of any source, so that a second source's sum can be set against the first's goods.
-- Goods at a stage at which no source states money make a row too, with unknown money.
CREATE VIEW pledges AS
WITH money AS NOT MATERIALIZED (
    SELECT s.pledge, q.stage, s.fact, f.source, q.quantity
    FROM pledge_stage s
    JOIN fact f ON f.id = s.fact AND f.superseded_by IS NULL
    JOIN figure q ON q.fact = s.fact
), goods AS NOT MATERIALIZED (
    SELECT i.pledge, q.stage, i.fact, f.source, i.item,
           substr(q.quantity, 1, length(q.quantity) - 1) || coalesce('; ' || u.assumption, '') || ']' AS quantity,
           i.qualifier_fact
    FROM pledge_item i
    JOIN fact f ON f.id = i.fact AND f.superseded_by IS NULL
    JOIN figure q ON q.fact = i.fact
    LEFT JOIN coverage_assumption c ON c.pledge = i.pledge AND i.cost_coverage = 'not_stated'
    LEFT JOIN assumed u ON u.assumption = c.assumption
), statement AS NOT MATERIALIZED (
    SELECT pledge, stage, fact, source, quantity,
           EXISTS (SELECT 1 FROM goods g
                   WHERE g.pledge = m.pledge AND g.stage = m.stage AND g.source = m.source) AS has_goods
    FROM money m
    UNION ALL
    SELECT pledge, stage, min(fact), source, 'unknown(not_stated) [@' || stage || ']', 1
    FROM goods g
    WHERE NOT EXISTS (SELECT 1 FROM money m WHERE m.pledge = g.pledge AND m.stage = g.stage)
    GROUP BY pledge, stage, source
)
SELECT p.id, provider.name AS provider, recipient.name AS recipient, announcer.name AS announcer, p.instrument,
       s.quantity AS amount,
       (SELECT CASE count(*) WHEN 0 THEN NULL WHEN 1 THEN min(i.item) ELSE 'several' END FROM goods i
        WHERE i.pledge = s.pledge AND i.stage = s.stage AND (i.source = s.source OR NOT s.has_goods)) AS item,
       (SELECT CASE count(*) WHEN 1 THEN min(i.quantity) END FROM goods i
        WHERE i.pledge = s.pledge AND i.stage = s.stage AND (i.source = s.source OR NOT s.has_goods)) AS item_count,
       s.stage, f.certainty, c.text AS condition,
       (SELECT group_concat(id, ' ')
        FROM (SELECT id
              FROM (SELECT s.fact AS id
                    UNION SELECT i.fact FROM goods i
                          WHERE i.pledge = s.pledge AND i.stage = s.stage AND (i.source = s.source OR NOT s.has_goods)
                    UNION SELECT i.qualifier_fact FROM goods i
                          WHERE i.pledge = s.pledge AND i.stage = s.stage AND (i.source = s.source OR NOT s.has_goods)
                            AND i.qualifier_fact IS NOT NULL)
              ORDER BY length(id), id)) AS facts
FROM statement s
JOIN pledge p ON p.id = s.pledge
JOIN fact f ON f.id = s.fact
JOIN actor provider ON provider.id = p.provider
JOIN actor recipient ON recipient.id = p.recipient
LEFT JOIN actor announcer ON announcer.id = p.announcer
LEFT JOIN condition c ON c.id = f.condition;

-- One row a kind of goods in a pledge at a stage.
CREATE VIEW pledge_items AS
SELECT i.pledge, q.stage, i.item,
       substr(q.quantity, 1, length(q.quantity) - 1) || coalesce('; ' || u.assumption, '') || ']' AS item_count,
       i.qualifier,
       CASE WHEN i.qualifier IS NOT NULL THEN coalesce(i.baseline, 'not_stated') END AS baseline,
       iif(u.assumption IS NULL, i.cost_coverage, 'full') AS cost_coverage,
       i.fact || coalesce(' ' || i.qualifier_fact, '') AS facts
FROM pledge_item i
JOIN fact f ON f.id = i.fact
JOIN figure q ON q.fact = i.fact
LEFT JOIN coverage_assumption c ON c.pledge = i.pledge AND i.cost_coverage = 'not_stated'
LEFT JOIN assumed u ON u.assumption = c.assumption
WHERE f.superseded_by IS NULL;

-- One row a part of an actor in something. `none stated` is the answer where no actor is stated in that role. Where
-- somebody supposes that an initiative's participants belong to a group, those states have a row in it too; where
-- somebody gives a certainty a probability, a state counts as that part of one.
CREATE VIEW participants AS
WITH part AS NOT MATERIALIZED (
    SELECT actor, event, initiative, plan, actor_group, role, is_counted, fact, takes_part, NULL AS assumption
    FROM participation
    UNION ALL
    SELECT p.actor, NULL, NULL, NULL, m.actor_group, p.role, 0, p.fact, p.takes_part, u.assumption
    FROM assumed u
    JOIN initiative_group m ON m.assumption = u.assumption
    JOIN participation p ON p.initiative = m.initiative
    JOIN actor a ON a.id = p.actor AND a.kind = 'state'
)
SELECT coalesce(a.name, 'none stated') AS actor, a.kind,
       CASE WHEN p.event IS NOT NULL THEN 'event' WHEN p.initiative IS NOT NULL THEN 'initiative'
            WHEN p.plan IS NOT NULL THEN 'plan' ELSE 'group' END AS in_kind,
       coalesce(e.label, i.label, l.label, g.name) AS in_what,
       p.role,
       CASE WHEN p.fact IS NULL THEN 'unknown(not_stated)'
            WHEN p.is_counted THEN q.quantity
            WHEN a.kind = 'state' AND (p.assumption IS NOT NULL OR u.value IS NOT NULL)
            THEN coalesce(u.value, '1') || ' state [' || p.fact || coalesce('; ' || u.assumption || '=' || u.value, '')
                 || coalesce('; ' || p.assumption, '') || ']' END AS number,
       coalesce(f.certainty, 'not_stated') AS certainty, p.fact, p.takes_part
FROM part p
LEFT JOIN actor a ON a.id = p.actor
LEFT JOIN event e ON e.id = p.event
LEFT JOIN initiative i ON i.id = p.initiative
LEFT JOIN plan l ON l.id = p.plan
LEFT JOIN actor g ON g.id = p.actor_group
LEFT JOIN fact f ON f.id = p.fact
LEFT JOIN figure q ON q.fact = p.fact
LEFT JOIN assumption s ON s.certainty = f.certainty AND p.event IS NULL AND p.plan IS NULL
LEFT JOIN assumed u ON u.assumption = s.id
WHERE f.superseded_by IS NULL;

-- One row an actor in a fact.
CREATE VIEW mentions AS
SELECT a.name AS actor, m.fact, m.role
FROM mention m
JOIN actor a ON a.id = m.actor
JOIN fact f ON f.id = m.fact
WHERE f.superseded_by IS NULL;

-- One row an event.
CREATE VIEW events AS
SELECT e.id, e.label, p.name AS place, e.date, e.date_basis, e.fact
FROM event e
LEFT JOIN place p ON p.id = e.place
JOIN fact f ON f.id = e.fact
WHERE f.superseded_by IS NULL;

-- One row an established order. Where the fact gives no number of days, the days are unknown, not zero. What is told of
-- one of two events that somebody takes for one is told of the other too, on that assumption.
CREATE VIEW event_order AS
WITH RECURSIVE same AS (
    SELECT t.event, t.twin, t.assumption FROM assumed u JOIN event_twin t ON t.assumption = u.assumption
    UNION ALL
    SELECT t.twin, t.event, t.assumption FROM assumed u JOIN event_twin t ON t.assumption = u.assumption
), pair AS (
    SELECT earlier, relation, later, fact, '' AS assumptions FROM event_pair
    UNION
    SELECT iif(p.earlier = s.event, s.twin, p.earlier), p.relation, iif(p.later = s.event, s.twin, p.later), p.fact,
           p.assumptions || '; ' || s.assumption
    FROM pair p
    JOIN same s ON s.event IN (p.earlier, p.later) AND s.twin NOT IN (p.earlier, p.later)
    WHERE p.assumptions < '; ' || s.assumption AND instr(p.assumptions, s.assumption) = 0
)
SELECT a.label AS earlier, o.relation, b.label AS later,
       CASE q.unit WHEN 'day' THEN substr(q.quantity, 1, length(q.quantity) - 1)
                   ELSE 'unknown(not_stated) day [' || o.fact END || o.assumptions || ']' AS days,
       f.certainty, o.fact
FROM pair o
JOIN event a ON a.id = o.earlier
JOIN event b ON b.id = o.later
JOIN fact f ON f.id = o.fact
LEFT JOIN figure q ON q.fact = o.fact
WHERE f.superseded_by IS NULL;

-- One row a clause.
CREATE VIEW plan_points AS
SELECT p.label AS plan, c.point, c.clause, c.text, c.force, coalesce(a.name, 'not stated') AS actor,
       d.text AS condition, c.fact
FROM plan_clause c
JOIN plan p ON p.id = c.plan
JOIN fact f ON f.id = c.fact
LEFT JOIN actor a ON a.id = c.actor
LEFT JOIN condition d ON d.id = f.condition
WHERE f.superseded_by IS NULL;

-- One row an actor, with the other names and the offices that the sources give it.
CREATE VIEW actors AS
SELECT a.id, a.name, a.kind, a.iso3,
       (SELECT group_concat(alias, '; ')
        FROM (SELECT alias FROM actor_alias WHERE actor = a.id
              UNION SELECT title FROM office WHERE holder = a.id
              ORDER BY alias)) AS aliases
FROM actor a;

-- One row an open question.
CREATE VIEW unknowns AS
SELECT u.id, u.question, u.about, u.reason,
       (SELECT group_concat(fact, ' ')
        FROM (SELECT fact FROM unknown_fact WHERE unknown = u.id AND part = 'closest'
              ORDER BY length(fact), fact)) AS closest,
       u.needs, u.means
FROM unknown u;

-- One row a tension.
CREATE VIEW tensions AS
SELECT t.id, t.statement,
       (SELECT group_concat(fact, ' ')
        FROM (SELECT fact FROM tension_fact WHERE tension = t.id ORDER BY length(fact), fact)) AS facts,
       t.handling
FROM tension t;

-- One row something that a reader may suppose; `value` is NULL where it is off or takes none.
CREATE VIEW assumptions AS
SELECT a.id, a.statement, a.takes, a.changes, a.tension, u.assumption IS NOT NULL AS is_made, u.value
FROM assumption a
LEFT JOIN assumed u ON u.assumption = a.id;

-- One row a figure that disagrees with another source's: first the conflicts on record, then the pledges for which
-- two sources state different money, or a different number of one item, at the same stage; a pledge that is marked as the
-- same as another is told of under that one's id. Those give way to a conflict
-- on record that holds every figure of theirs; where it lacks one, as when a further source has come, both are shown.
CREATE VIEW conflicts AS
WITH part AS MATERIALIZED (
    SELECT p.pledge || '@' || q.stage AS id, 'how much is ' || p.pledge || ' at the stage ' || q.stage AS question,
           q.fact, q.value, f.source, q.quantity
    FROM (SELECT coalesce(o.other, s.pledge) AS pledge, s.fact
          FROM pledge_stage s LEFT JOIN pledge_overlap o ON o.pledge = s.pledge AND o.relation = 'same_as') p
    JOIN figure q USING (fact) JOIN fact f ON f.id = q.fact
    WHERE q.reason IS NULL AND f.superseded_by IS NULL
    UNION ALL
    SELECT p.pledge || '@' || q.stage || ' ' || p.item,
           'how many of ' || p.item || ' in ' || p.pledge || ' at the stage ' || q.stage,
           q.fact, q.value, f.source, q.quantity
    FROM (SELECT coalesce(o.other, i.pledge) AS pledge, i.fact, i.item
          FROM pledge_item i LEFT JOIN pledge_overlap o ON o.pledge = i.pledge AND o.relation = 'same_as') p
    JOIN figure q USING (fact) JOIN fact f ON f.id = q.fact
    WHERE q.reason IS NULL AND f.superseded_by IS NULL
)
SELECT c.id, c.question, q.quantity, m.fact, f.source, m.counting_rule
FROM conflict c
JOIN conflict_member m ON m.conflict = c.id
JOIN fact f ON f.id = m.fact
JOIN figure q ON q.fact = m.fact
WHERE f.superseded_by IS NULL
UNION ALL
SELECT p.id, p.question, p.quantity, p.fact, p.source, NULL
FROM part p
WHERE EXISTS (SELECT 1 FROM part o WHERE o.id = p.id AND o.source <> p.source AND o.value <> p.value)
  AND NOT EXISTS (SELECT 1 FROM conflict k
                  WHERE NOT EXISTS (SELECT 1 FROM part o
                                    WHERE o.id = p.id AND o.fact NOT IN (SELECT fact FROM conflict_member
                                                                         WHERE conflict = k.id)));

-- One row a source.
CREATE VIEW sources AS
SELECT s.id, s.title, s.publisher, s.url, s.published, s.retrieved, s.sha256, s.authority,
       (SELECT group_concat(origin, ' ')
        FROM (SELECT DISTINCT origin FROM source_link WHERE source = s.id AND relation <> 'wasRevisionOf'
              ORDER BY length(origin), origin)) AS derived_from,
       s.description, s.unknown,
       (SELECT origin FROM source_link WHERE source = s.id AND relation = 'wasRevisionOf') AS revises,
       s.licence
FROM source s;

-- One row a unit.
CREATE VIEW units AS
SELECT code, kind, places, name, source
FROM unit;
