-- What happened or is planned. No event has a date in the source; four orders can be established, and no more.

INSERT INTO event (id, label, place, date, date_basis, fact) VALUES
('E01', 'announcement of the initiative',          'not_stated',       NULL, 'not_stated',    'F01'),
('E02', 'White House disagreement',                'white_house',      NULL, 'not_stated',    'F06'),
('E03', 'London gathering',                        'london',           NULL, 'not_stated',    'F12'),
('E04', 'Commons speech',                          'house_of_commons', NULL, 'relative_only', 'F11'),
('E05', 'Lancaster House summit',                  'lancaster_house',  NULL, 'not_stated',    'F45'),
('E06', 'pause in US military aid',                NULL,               NULL, 'not_stated',    'F33'),
('E07', 'start of the initiative',                 NULL,               NULL, 'not_stated',    'F47'),
('E08', 'several countries show interest',         NULL,               NULL, 'not_stated',    'F44'),
('E09', 'Starmer''s remark on that interest',      'not_stated',       NULL, 'not_stated',    'F44'),
('E10', 'presentation of the peace plan',          'not_stated',       NULL, 'not_stated',    'F26'),
('E11', 'war in Ukraine',                          'ukraine',          NULL, 'not_stated',    'F05');

INSERT INTO event_pair (earlier, relation, later, fact) VALUES
('E02', 'before', 'E01', 'F08'),
('E03', 'before', 'E04', 'F16'),
('E05', 'before', 'E07', 'F47'),
('E08', 'before', 'E09', 'F44');
