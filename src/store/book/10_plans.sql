-- The initiative, the plan that exists (P1), the plan that is to be written (P2), and what P1 asks for.

INSERT INTO initiative (id, label, fact) VALUES
('I1', 'the initiative', 'F01');

INSERT INTO plan (id, label, fact) VALUES
('P1', 'four-point plan', 'F18'),
('P2', 'peace plan',      'F03');

INSERT INTO plan_clause (plan, point, clause, text, force, actor, fact) VALUES
('P1', 1, '1a', 'any lasting peace ensures Ukraine''s sovereignty',   'requires',  NULL,        'F20'),
('P1', 1, '1b', 'any lasting peace ensures Ukraine''s security',      'requires',  NULL,        'F21'),
('P1', 2, '2a', 'military aid to Ukraine continues',                  'calls_for', NULL,        'F22'),
('P1', 2, '2b', 'economic pressure on Russia increases',              'calls_for', NULL,        'F23'),
('P1', 3, '3',  'Ukraine''s defences are strengthened further',       'needs',     NULL,        'F24'),
('P1', 4, '4a', 'the coalition creates the peace plan',               'envisions', 'coalition', 'F25'),
('P1', 4, '4b', 'the peace plan is presented to the United States',   'envisions', NULL,        'F26');
