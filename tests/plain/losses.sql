create temp table m (k integer primary key, i integer, r real, t text, b blob, x, n numeric, c text collate nocase);
insert into m values
    (1, 7, 2.5, '12abc', x'3132', 7, 3, 'a'),
    (2, -7, -0.0, '', x'', -2, 1.5, 'A'),
    (3, 0, 0.0, '7', x'2b', null, 'x', '5'),
    (4, null, null, null, null, null, null, null),
    (5, 9223372036854775807, 1e308, '9223372036854775807', x'37', '8', 9223372036854775807, '5'),
    (6, -9223372036854775808, -1e308, '-9223372036854775808', x'2d31', 2.0, -1, 'b'),
    (7, -1, 5e-324, '1e1', x'41', '5,000', '12abc', 'B'),
    (8, 2, 9e999, ' 3 ', x'30', x'33', 0, '7'),
    (9, 120, -9e999, '2.50', x'32', 'x', -0.0, '8 GBP'),
    (10, 3, 3.0, '0x10', null, 4, 2, '7');
create temp table other (k integer primary key, v);
insert into other values (1, 3), (2, '3'), (3, 3.0), (4, null), (5, -3), (6, x'33');
create index temp.other_v on other (v);
create temp view halves as select k, i / 2 as h, t from m;
