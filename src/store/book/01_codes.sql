-- Code lists: the words that the facts use, each with its meaning.

INSERT INTO status (code, meaning) VALUES
('occurred',     'it is told as having happened'),
('ongoing',      'it is told as being so at the time of the text'),
('planned',      'somebody intends, demands or foresees it'),
('hypothetical', 'it would follow only if something else came about');

INSERT INTO certainty (code, ord, factbank, meaning) VALUES
('asserted',           9, 'CT+', 'told as having happened or as being so'),
('expected',           7, 'PR+', 'said to be expected'),
('likely',             6, 'PR+', 'said to be likely'),
('interest_expressed', 5, 'CT+ of interest, Uu of joining', 'interest in joining is asserted; joining itself is open'),
('proposed',           4, 'Uu',  'put forward as a proposal'),
('envisioned',         3, 'Uu',  'seen as a future by whoever speaks'),
('aimed',              3, 'Uu',  'named as an aim or a purpose'),
('called_for',         3, 'Uu',  'asked for; says nothing of whether it happens'),
('required',           3, 'Uu',  'called necessary; says nothing of whether it happens'),
('possible',           2, 'PS+', 'said to be possible'),
('denied',             1, 'CT-', 'told as not being so'),
('not_stated',         0, NULL,  'the text is silent');

INSERT INTO attribution (code, meaning) VALUES
('author',  'the writer of the text, in the text''s own voice'),
('Starmer', 'Keir Starmer, as the text reports him'),
('plan',    'the plan, as the text sums it up');

INSERT INTO fact_kind (code, meaning) VALUES
('event',          'something takes place'),
('state',          'something is so'),
('name',           'something bears a name'),
('aim',            'something is meant to bring something about'),
('order',          'one event comes before or after another'),
('place',          'something takes place somewhere'),
('office',         'somebody holds an office'),
('participation',  'somebody takes part, or may'),
('role',           'somebody serves as something'),
('membership',     'somebody belongs to a group'),
('responsibility', 'somebody is to answer for something'),
('requirement',    'something is called necessary'),
('call',           'something is called for'),
('pledge',         'help is offered: money, goods or service'),
('qualifier',      'a word limits what another statement means'),
('count',          'something has a number of parts'),
('evaluation',     'a judgement by the author, not a fact about the world');

INSERT INTO reason (code, meaning) VALUES
('not_stated',     'the source does not say'),
('unnamed',        'the source speaks of them without naming or counting them'),
('relative_only',  'the source puts it a stated number of days from an event that is itself undated'),
('unordered',      'the source does not say which came first'),
('ambiguous',      'the source can be read in more than one way'),
('not_in_book',    'it would need data that the book does not hold'),
('not_computable', 'it would need a number that is itself unknown'),
('conflict',       'sources give different answers'),
('withheld',       'the source has the number and does not give it'),
('unreadable',     'what is written in its place is no number');

INSERT INTO stage (code, ord, meaning, iati, kiel, ocds, sipri) VALUES
('proposed',   1,  'put forward; nobody is bound',               '12 outgoing pledge',    'Commitment, if a government announces it', 'planning or tender',        NULL),
('pledged',    2,  'promised in public',                         '12 outgoing pledge',    'Commitment, if a government announces it', 'planning or tender',        NULL),
('committed',  3,  'bound by a decision or an agreement',        '2 outgoing commitment', 'Commitment',                               'award',                     NULL),
('allocated',  4,  'set aside for a purpose or a recipient',     NULL,                    'Allocation',                               NULL,                        NULL),
('contracted', 5,  'ordered from a supplier',                    '2 outgoing commitment', 'Allocation',                               'contract',                  'number ordered'),
('guaranteed', 6,  'a loan is secured; no money has moved',      '10 credit guarantee',   NULL,                                       'lender or funder',          NULL),
('disbursed',  7,  'money is paid out',                          '3 disbursement',        'tot_value_deliv_EUR',                      'transaction',               NULL),
('delivered',  8,  'goods have arrived',                         NULL,                    'item_numb_deliv',                          'milestone delivery, met',   'number delivered'),
('suspended',  9,  'stopped for the time being',                 'activity status 6',     'negative correction row',                  NULL,                        NULL),
('cancelled',  10, 'given up',                                   'activity status 5',     'negative correction row',                  'contract status cancelled', NULL);
