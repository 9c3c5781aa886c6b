-- Who looked at whom, what has been removed for its age, who asked to be forgotten.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC), days 'YYYY-MM-DD'.

-- A look may concern a thousand people. Whom, is a set: it is kept once, under the hash of its
-- members, and any number of looks point to it. The row's hash covers the set's, which covers
-- the members.
ALTER TABLE audit ADD COLUMN people BLOB;                -- of audit_people; absent: nobody but the subject

CREATE TABLE audit_people (
    organization_id  BLOB NOT NULL REFERENCES organizations (id),
    people           BLOB NOT NULL,                      -- SHA-256 of the members' ids in order
    user_id          BLOB NOT NULL,
    PRIMARY KEY (organization_id, people, user_id)
) STRICT, WITHOUT ROWID;

-- In which sets a person is.
CREATE INDEX audit_people_by_person ON audit_people (organization_id, user_id, people);

CREATE INDEX audit_by_actor ON audit (organization_id, actor_id, seq);
CREATE INDEX audit_by_action ON audit (organization_id, action, seq);
CREATE INDEX audit_by_time ON audit (organization_id, at, seq);

-- What a viewer was called when they looked. The audit holds the hash of name and salt only:
-- with the salt gone, nobody can tell the name from it.
CREATE TABLE audit_names (
    organization_id  BLOB NOT NULL,
    commitment       BLOB NOT NULL,                      -- SHA-256 of salt and name
    user_id          BLOB NOT NULL,
    name             TEXT,                               -- absent: the person was erased
    salt             BLOB,
    PRIMARY KEY (organization_id, commitment),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT;

CREATE INDEX audit_names_by_person ON audit_names (organization_id, user_id);

-- Where each chain ends: rows that were taken off its end are missed.
CREATE TABLE audit_heads (
    organization_id  BLOB PRIMARY KEY REFERENCES organizations (id),
    seq              INTEGER NOT NULL,
    hash             BLOB NOT NULL
) STRICT;

INSERT INTO audit_heads (organization_id, seq, hash)
SELECT a.organization_id, a.seq, a.hash FROM audit a
WHERE a.seq = (SELECT max(b.seq) FROM audit b WHERE b.organization_id = a.organization_id);

-- Append-only, also for whoever forgets it. Who owns the file can drop these; the chain stays.
CREATE TRIGGER audit_people_are_not_changed BEFORE UPDATE ON audit_people
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_people_are_not_removed BEFORE DELETE ON audit_people
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_names_are_only_blanked BEFORE UPDATE ON audit_names
WHEN NEW.name IS NOT NULL OR NEW.commitment <> OLD.commitment OR NEW.user_id <> OLD.user_id
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_names_are_not_removed BEFORE DELETE ON audit_names
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_heads_go_forward BEFORE UPDATE ON audit_heads
WHEN NEW.seq < OLD.seq
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_heads_are_not_removed BEFORE DELETE ON audit_heads
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

-- Retention: spans that began before this are removed, or are being removed. Checks of totals
-- begin here.
ALTER TABLE organizations ADD COLUMN removed_before INTEGER;
ALTER TABLE organizations ADD COLUMN removed_before_day TEXT;

-- Erasure. The row of a person stays, without the person: others point to its id.
ALTER TABLE users ADD COLUMN erased_at INTEGER;

CREATE TABLE erasures (
    organization_id  BLOB NOT NULL,
    user_id          BLOB NOT NULL,
    requested_by     BLOB,                               -- absent: IT on the server itself
    requested_at     INTEGER NOT NULL,
    finished_at      INTEGER,                            -- everything that was there is gone
    closed_at        INTEGER,                            -- and nothing that was under way came after
    PRIMARY KEY (organization_id, user_id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT;

CREATE INDEX erasures_open ON erasures (requested_at) WHERE closed_at IS NULL;
