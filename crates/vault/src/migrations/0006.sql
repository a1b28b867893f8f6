-- Version 6. Resources lie squeezed in `item_json` and `item_versions` (packed.rs); those that are here stay as they are.
-- Numbers of items are given by `filing.last`, which costs each item less than AUTOINCREMENT and gives none twice either.

ALTER TABLE filing ADD COLUMN last INTEGER NOT NULL DEFAULT 0;
UPDATE filing SET last = (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'items');

DROP VIEW dates;
DROP VIEW dates_unfiled;
DROP VIEW tests;
DROP VIEW tests_unfiled;
CREATE TABLE items_6 (
    n INTEGER PRIMARY KEY,
    person INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    kind TEXT NOT NULL,
    date_sort INTEGER,
    received INTEGER NOT NULL,
    received_pull INTEGER NOT NULL,
    resource_type TEXT NOT NULL,
    source_id TEXT NOT NULL,
    version_id TEXT,
    last_updated TEXT,
    hash BLOB NOT NULL,
    status TEXT,
    test_key TEXT,
    date TEXT,
    title TEXT,
    value TEXT,
    attachment TEXT
) STRICT;
INSERT INTO items_6 SELECT * FROM items ORDER BY n;
DROP TABLE items;
ALTER TABLE items_6 RENAME TO items;
CREATE INDEX items_by_pull ON items (received_pull);

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
