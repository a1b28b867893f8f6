-- Version 1. Instants are microseconds since 1970 UTC. `n` is a row's number inside this file and never leaves it,
-- except sealed into an item id. A person's search words live in tables of their own, made with the person.

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    relation TEXT NOT NULL,
    birth_date TEXT,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE dids (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    person INTEGER NOT NULL REFERENCES people (n),
    name TEXT NOT NULL,
    did TEXT NOT NULL UNIQUE,
    method TEXT NOT NULL,
    key_name TEXT NOT NULL,
    public_jwk TEXT NOT NULL,
    created INTEGER NOT NULL,
    retired INTEGER,
    replaced_by TEXT
) STRICT;

CREATE TABLE connections (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    person INTEGER NOT NULL REFERENCES people (n),
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL,
    scopes TEXT NOT NULL,
    details TEXT NOT NULL,
    created INTEGER NOT NULL,
    last_pull INTEGER,
    access_token TEXT,
    refresh_token TEXT,
    token_expires INTEGER
) STRICT;
CREATE INDEX connections_by_person ON connections (person);

CREATE TABLE pulls (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    connection INTEGER NOT NULL REFERENCES connections (n),
    stage TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,
    error TEXT
) STRICT;
CREATE INDEX pulls_by_connection ON pulls (connection);

CREATE TABLE pull_kinds (
    pull INTEGER NOT NULL REFERENCES pulls (n),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL,
    cursor TEXT,
    expected INTEGER,
    seen INTEGER NOT NULL DEFAULT 0,
    new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    PRIMARY KEY (pull, name)
) STRICT, WITHOUT ROWID;

-- One row per resource, narrow, because lists read it; the bytes lie in `item_json`.
CREATE TABLE items (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
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
CREATE INDEX items_by_pull ON items (received_pull);

-- The orders over items, each in two tables. Ids and dates come in no order, so every page of a pull would write an
-- index all over; it writes the short table of what is recent instead, which is moved into the long one now and then.
-- Read through the views.

-- `key` is half a hash of connection, type and id at the source.
CREATE TABLE keys_filed (key INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (key, item)) STRICT, WITHOUT ROWID;
CREATE TABLE keys_recent (key INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (key, item)) STRICT, WITHOUT ROWID;
CREATE VIEW keys (key, item) AS
    SELECT key, item FROM keys_filed UNION ALL SELECT key, item FROM keys_recent;

-- `target` is the key of the item pointed to, whether that is here or not.
CREATE TABLE refs_filed (target INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (target, item)) STRICT, WITHOUT ROWID;
CREATE TABLE refs_recent (target INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (target, item)) STRICT, WITHOUT ROWID;
CREATE VIEW refs (target, item) AS
    SELECT target, item FROM refs_filed UNION ALL SELECT target, item FROM refs_recent;

-- By date; an item without one has the least number there is.
CREATE TABLE dates_filed (
    person INTEGER NOT NULL,
    date_sort INTEGER NOT NULL,
    item INTEGER NOT NULL,
    kind TEXT NOT NULL,
    connection INTEGER NOT NULL,
    PRIMARY KEY (person, date_sort, item)
) STRICT, WITHOUT ROWID;
CREATE TABLE dates_recent (
    person INTEGER NOT NULL,
    date_sort INTEGER NOT NULL,
    item INTEGER NOT NULL,
    kind TEXT NOT NULL,
    connection INTEGER NOT NULL,
    PRIMARY KEY (person, date_sort, item)
) STRICT, WITHOUT ROWID;
CREATE VIEW dates (person, date_sort, item, kind, connection) AS
    SELECT person, date_sort, item, kind, connection FROM dates_filed
    UNION ALL SELECT person, date_sort, item, kind, connection FROM dates_recent;

-- By test, for items that are results of one.
CREATE TABLE tests_filed (
    person INTEGER NOT NULL,
    test_key TEXT NOT NULL,
    date_sort INTEGER NOT NULL,
    item INTEGER NOT NULL,
    kind TEXT NOT NULL,
    connection INTEGER NOT NULL,
    PRIMARY KEY (person, test_key, date_sort, item)
) STRICT, WITHOUT ROWID;
CREATE TABLE tests_recent (
    person INTEGER NOT NULL,
    test_key TEXT NOT NULL,
    date_sort INTEGER NOT NULL,
    item INTEGER NOT NULL,
    kind TEXT NOT NULL,
    connection INTEGER NOT NULL,
    PRIMARY KEY (person, test_key, date_sort, item)
) STRICT, WITHOUT ROWID;
CREATE VIEW tests (person, test_key, date_sort, item, kind, connection) AS
    SELECT person, test_key, date_sort, item, kind, connection FROM tests_filed
    UNION ALL SELECT person, test_key, date_sort, item, kind, connection FROM tests_recent;

-- How many items there are, kept with every page.
CREATE TABLE item_counts (
    person INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    kind TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (person, connection, kind)
) STRICT, WITHOUT ROWID;

-- `refs` repeats what stands for this item in `refs`, eight bytes each, so that a new version can take them back.
CREATE TABLE item_json (
    item INTEGER PRIMARY KEY,
    refs BLOB NOT NULL,
    json BLOB NOT NULL
) STRICT;

CREATE TABLE item_versions (
    item INTEGER NOT NULL,
    replaced INTEGER NOT NULL,
    version_id TEXT,
    last_updated TEXT,
    received INTEGER NOT NULL,
    json BLOB NOT NULL
) STRICT;
CREATE INDEX item_versions_by_item ON item_versions (item);

CREATE TABLE attachments (
    item INTEGER NOT NULL,
    position INTEGER NOT NULL,
    content_type TEXT,
    received INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (item, position)
) STRICT;

CREATE TABLE notes (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    item INTEGER NOT NULL,
    written INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX notes_by_item ON notes (item);

CREATE TABLE cards (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    person INTEGER NOT NULL REFERENCES people (n),
    connection TEXT,
    jws TEXT NOT NULL,
    added INTEGER NOT NULL,
    removed INTEGER,
    verdict TEXT,
    UNIQUE (person, jws)
) STRICT;

CREATE TABLE issuer_keys (
    issuer TEXT PRIMARY KEY,
    name TEXT,
    jwks TEXT NOT NULL,
    origin TEXT NOT NULL,
    fetched INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE issuer_lists (
    issuer TEXT NOT NULL,
    kid TEXT NOT NULL,
    list TEXT NOT NULL,
    fetched INTEGER NOT NULL,
    PRIMARY KEY (issuer, kid)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE directory USING fts5 (
    name, portal, place, address,
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    action TEXT NOT NULL,
    person TEXT,
    subject TEXT,
    counts TEXT NOT NULL,
    outcome TEXT NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_person ON audit (person);

CREATE TABLE audit_head (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;
