create temp table item (id integer primary key, name text, price real, stock integer, note);
insert into item values
    (1, 'axe', 12.5, 3, null),
    (2, 'bow', 0.1, 0, ''),
    (3, 'cup, "large"', 1e15, -7, 'two
lines'),
    (4, 'dye', 3.0, 9223372036854775807, 4.25),
    (5, 'éclair', -0.0, null, 17),
    (6, null, null, 12, '12abc');
create temp table sale (item integer, day text, count integer);
insert into sale values (1, '2025-03-01', 2), (1, '2025-03-02', 5), (2, '2025-03-01', 1), (4, '2025-02-28', 9), (9, null, 3);
