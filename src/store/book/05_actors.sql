-- Who and where. Unnamed groups are rows too: that somebody is unnamed is something to report.

INSERT INTO actor (id, kind, name, iso3) VALUES
('starmer',                'person',        'Keir Starmer',                                  NULL),
('trump',                  'person',        'Donald Trump',                                  NULL),
('zelenskyy',              'person',        'Volodymyr Zelenskyy',                           NULL),
('putin',                  'person',        'Vladimir Putin',                                NULL),
('canada',                 'state',         'Canada',                                        'CAN'),
('estonia',                'state',         'Estonia',                                       'EST'),
('france',                 'state',         'France',                                        'FRA'),
('latvia',                 'state',         'Latvia',                                        'LVA'),
('lithuania',              'state',         'Lithuania',                                     'LTU'),
('russia',                 'state',         'Russia',                                        'RUS'),
('turkey',                 'state',         'Turkey',                                        'TUR'),
('ukraine',                'state',         'Ukraine',                                       'UKR'),
('united_kingdom',         'state',         'United Kingdom',                                'GBR'),
('united_states',          'state',         'United States',                                 'USA'),
('house_of_commons',       'organisation',  'House of Commons',                              NULL),
('labour',                 'organisation',  'Labour',                                        NULL),
('nato',                   'organisation',  'NATO',                                          NULL),
('coalition',              'group',         'the coalition',                                 NULL),
('baltic_states',          'group',         'Baltic states',                                 NULL),
('europe',                 'region',        'Europe',                                        NULL),
('european_leaders',       'unnamed_group', 'European leaders (unnamed)',                    NULL),
('canada_representatives', 'unnamed_group', 'representatives of Canada (unnamed)',           NULL),
('turkey_representatives', 'unnamed_group', 'representatives of Turkey (unnamed)',           NULL),
('summit_leaders',         'unnamed_group', 'leaders at the summit (unnamed)',               NULL),
('troop_countries',        'unnamed_group', 'various European and NATO countries (unnamed)', NULL),
('several_countries',      'unnamed_group', 'several countries (unnamed)',                   NULL);

INSERT INTO actor_alias (actor, alias, why) VALUES
('starmer',        'Starmer',                   'spelling'),
('trump',          'Trump',                     'spelling'),
('zelenskyy',      'Zelenskyy',                 'spelling'),
('putin',          'Putin',                     'spelling'),
('united_kingdom', 'UK',                        'spelling'),
('united_states',  'US',                        'spelling'),
('united_states',  'Washington',                'metonym'),
('ukraine',        'Kyiv',                      'metonym'),
('europe',         'European nations',          'spelling'),
('coalition',      'coalition of the willing',  'spelling');

INSERT INTO place (id, name) VALUES
('white_house',      'White House'),
('house_of_commons', 'House of Commons'),
('london',           'London'),
('lancaster_house',  'Lancaster House'),
('ukraine',          'Ukraine'),
('not_stated',       'not stated');
