-- The one pledge of the source. Its money, number of items and stage are the figures of the facts named here.

INSERT INTO pledge (id, provider, recipient, announcer, instrument) VALUES
('PL1', 'united_kingdom', 'ukraine', 'starmer', 'export finance');

INSERT INTO pledge_stage (pledge, fact) VALUES
('PL1', 'F29');

INSERT INTO pledge_item (pledge, fact, item, qualifier, qualifier_fact, baseline, cost_coverage) VALUES
('PL1', 'F30', 'air-defence missile', 'additional', 'F31', NULL, 'not_stated');
