-- Version 3. The authorization server's rows, what the trail says of access, and what others offered.

-- Rows as the authorization server writes them. Each write gets the next stamp, also one that takes a row away (`json`
-- is NULL then), so that another process can read what is new to it. Old traces of rows that are gone are swept out;
-- `authority.floor` among the settings says up to which stamp.
CREATE TABLE authority (
    tbl TEXT NOT NULL,
    key TEXT NOT NULL,
    stamp INTEGER NOT NULL,
    json TEXT,
    PRIMARY KEY (tbl, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX authority_by_stamp ON authority (stamp);

-- Entries of version 2 say who had what. `released` holds one version of a resource a line.
ALTER TABLE audit ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE audit ADD COLUMN who TEXT;
ALTER TABLE audit ADD COLUMN grant_id TEXT;
ALTER TABLE audit ADD COLUMN request_id TEXT;
ALTER TABLE audit ADD COLUMN method TEXT;
ALTER TABLE audit ADD COLUMN target TEXT;
ALTER TABLE audit ADD COLUMN released TEXT;
ALTER TABLE audit ADD COLUMN status INTEGER;
CREATE INDEX audit_by_grant ON audit (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX audit_by_time ON audit (at);

-- Resources that others want to have in a record; the owner takes them in or throws them away.
CREATE TABLE inbox (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    person INTEGER NOT NULL REFERENCES people (n),
    grant_id TEXT NOT NULL,
    client TEXT,
    resource_type TEXT NOT NULL,
    received INTEGER NOT NULL,
    json BLOB NOT NULL
) STRICT;
CREATE INDEX inbox_by_person ON inbox (person);
CREATE INDEX inbox_by_grant ON inbox (grant_id);
