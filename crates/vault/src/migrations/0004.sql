-- Version 4. Wallets that know one another by a key each, what other wallets let this one hold, and what they let it
-- hold no longer.

-- A pair of keys: one made here for one contact alone, and the one that the contact made for us.
CREATE TABLE pairs (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    own_did TEXT NOT NULL UNIQUE,
    key_name TEXT NOT NULL,
    made INTEGER NOT NULL,
    their_did TEXT UNIQUE,
    their_name TEXT,
    their_server TEXT,
    their_card TEXT,
    met INTEGER,
    verdict TEXT,
    judged INTEGER,
    contact TEXT
) STRICT;

-- A mandate that another wallet gave to this one. It outlasts what was brought in under it: that it was erased is told.
CREATE TABLE mandates (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    person INTEGER NOT NULL REFERENCES people (n),
    pair TEXT NOT NULL,
    grant_id TEXT,
    connection TEXT,
    state TEXT NOT NULL,
    details TEXT NOT NULL,
    taken INTEGER NOT NULL,
    until INTEGER,
    ended INTEGER,
    erase_asked INTEGER,
    erase_answer TEXT,
    erase_answered INTEGER,
    erase_told INTEGER,
    UNIQUE (pair, grant_id)
) STRICT;
CREATE INDEX mandates_by_person ON mandates (person);

-- Items that were shared and are not any more, and since when that is known.
CREATE TABLE lapsed (
    item INTEGER PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT;
