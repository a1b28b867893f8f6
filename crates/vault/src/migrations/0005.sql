-- Version 5. New items wait for their place in the orders: what is recent is no table of its own any more, it is the items
-- after `filing.upto`.

DROP VIEW keys;
DROP VIEW refs;
DROP VIEW dates;
DROP VIEW tests;
INSERT OR IGNORE INTO keys_filed SELECT * FROM keys_recent;
INSERT OR IGNORE INTO refs_filed SELECT * FROM refs_recent;
INSERT OR IGNORE INTO dates_filed SELECT * FROM dates_recent;
INSERT OR IGNORE INTO tests_filed SELECT * FROM tests_recent;
DROP TABLE keys_recent;
DROP TABLE refs_recent;
DROP TABLE dates_recent;
DROP TABLE tests_recent;

CREATE TABLE filing (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    upto INTEGER NOT NULL
) STRICT;
INSERT INTO filing (only, upto) VALUES (1, (SELECT coalesce(max(n), 0) FROM items));

CREATE VIEW dates_unfiled (person, date_sort, item, kind, connection) AS
    SELECT person, coalesce(date_sort, -9223372036854775808), n, kind, connection
    FROM items WHERE n > (SELECT upto FROM filing);
CREATE VIEW dates (person, date_sort, item, kind, connection) AS
    SELECT person, date_sort, item, kind, connection FROM dates_filed
    UNION ALL SELECT person, date_sort, item, kind, connection FROM dates_unfiled;
CREATE VIEW tests_unfiled (person, test_key, date_sort, item, kind, connection) AS
    SELECT person, test_key, coalesce(date_sort, -9223372036854775808), n, kind, connection
    FROM items WHERE n > (SELECT upto FROM filing) AND test_key IS NOT NULL;
CREATE VIEW tests (person, test_key, date_sort, item, kind, connection) AS
    SELECT person, test_key, date_sort, item, kind, connection FROM tests_filed
    UNION ALL SELECT person, test_key, date_sort, item, kind, connection FROM tests_unfiled;
