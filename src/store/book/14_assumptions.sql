-- What a reader may suppose although the source does not say it. Each is off unless it is asked for.

INSERT INTO assumption (id, statement, takes, changes, certainty, tension, answers) VALUES
('A1', 'the London gathering is the Lancaster House summit',    NULL,          'an order that is told of one of them holds for the other', NULL,     'X8',  NULL),
('A2', 'the announcement is the Commons speech',                NULL,          'an order that is told of one of them holds for the other', NULL,     'X8',  NULL),
('A3', 'what is called likely has this probability',            'probability', 'a likely participant counts as that part of one state',    'likely', NULL,  NULL),
('A4', 'one unit of a currency is worth so much of another',    'rate',        'money is converted where a currency is named',             NULL,     NULL,  NULL),
('A5', 'the pledged money pays for the whole of the items',     NULL,          'their cost counts as covered in full',                      NULL,     NULL,  'U17'),
('A6', '"this effort" is the coalition',                        NULL,          'the states named for the effort count in the coalition',   NULL,     'X14', NULL);

INSERT INTO event_twin (event, twin, assumption) VALUES
('E03', 'E05', 'A1'),
('E01', 'E04', 'A2');

INSERT INTO initiative_group (initiative, actor_group, assumption) VALUES
('I1', 'coalition', 'A6');

INSERT INTO coverage_assumption (pledge, assumption) VALUES
('PL1', 'A5');
