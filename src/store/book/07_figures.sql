-- The numbers of the facts, here and nowhere else: first those that the source states, then what its sentences list
-- or imply, then those that it leaves open.

INSERT INTO figure (fact, bound, amount_minor, unit, minor_per_unit, basis, as_written, sig_figs, label, stage) VALUES
('F16', 'exact', 1,            'day',     1,   'stated', 'a day',        1, 'from the London gathering to the Commons speech', NULL),
('F18', 'exact', 4,            'point',   1,   'stated', 'four',         1, 'key points of the plan',                          NULL),
('F29', 'exact', 160000000000, 'GBP',     100, 'stated', '£1.6 billion', 2, 'export finance, United Kingdom to Ukraine',       'proposed'),
('F30', 'exact', 5000,         'missile', 1,   'stated', '5,000',        1, 'additional air-defence missiles for Ukraine',     'proposed');

INSERT INTO figure (fact, bound, amount_minor, unit, minor_per_unit, basis) VALUES
('F06', 'exact',    2, 'person',  1, 'counted'),
('F07', 'exact',    1, 'meeting', 1, 'counted'),
('F11', 'exact',    1, 'speech',  1, 'counted'),
('F44', 'at_least', 2, 'state',   1, 'implied'),
('F45', 'exact',    1, 'summit',  1, 'counted'),
('F53', 'exact',    3, 'state',   1, 'counted');

INSERT INTO figure (fact, reason, unknown, unit, minor_per_unit) VALUES
('F12', 'unnamed',    'U08', 'person', 1),
('F13', 'unnamed',    'U09', 'person', 1),
('F14', 'unnamed',    'U09', 'person', 1),
('F22', 'not_stated', 'U20', NULL,     NULL),
('F23', 'not_stated', 'U21', NULL,     NULL),
('F24', 'not_stated', 'U22', NULL,     NULL),
('F33', 'not_stated', 'U07', NULL,     NULL),
('F38', 'not_stated', 'U11', 'troop',  1),
('F39', 'unnamed',    'U12', 'state',  1),
('F46', 'unnamed',    'U08', 'person', 1);
