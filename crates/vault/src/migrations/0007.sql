-- Version 7. Each order has its own last item that has its place, so that they can be filled one after the other, a pull
-- waiting for one of them at a time.

DROP VIEW dates;
DROP VIEW dates_unfiled;
DROP VIEW tests;
DROP VIEW tests_unfiled;
ALTER TABLE filing RENAME COLUMN upto TO keys;
ALTER TABLE filing ADD COLUMN refs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE filing ADD COLUMN dates INTEGER NOT NULL DEFAULT 0;
ALTER TABLE filing ADD COLUMN tests INTEGER NOT NULL DEFAULT 0;
UPDATE filing SET refs = keys, dates = keys, tests = keys;

CREATE VIEW dates_unfiled (person, date_sort, item, kind, connection) AS
    SELECT person, coalesce(date_sort, -9223372036854775808), n, kind, connection
    FROM items WHERE n > (SELECT dates FROM filing);
CREATE VIEW dates (person, date_sort, item, kind, connection) AS
    SELECT person, date_sort, item, kind, connection FROM dates_filed
    UNION ALL SELECT person, date_sort, item, kind, connection FROM dates_unfiled;
CREATE VIEW tests_unfiled (person, test_key, date_sort, item, kind, connection) AS
    SELECT person, test_key, coalesce(date_sort, -9223372036854775808), n, kind, connection
    FROM items WHERE n > (SELECT tests FROM filing) AND test_key IS NOT NULL;
CREATE VIEW tests (person, test_key, date_sort, item, kind, connection) AS
    SELECT person, test_key, date_sort, item, kind, connection FROM tests_filed
    UNION ALL SELECT person, test_key, date_sort, item, kind, connection FROM tests_unfiled;
