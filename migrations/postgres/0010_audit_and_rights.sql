-- Who looked at whom, what has been removed for its age, who asked to be forgotten.
-- PostgreSQL. Instants are timestamptz.

-- A look may concern a thousand people. Whom, is a set: it is kept once, under the hash of its
-- members, and any number of looks point to it. The row's hash covers the set's, which covers
-- the members.
ALTER TABLE audit ADD COLUMN people BYTEA;               -- of audit_people; absent: nobody but the subject

CREATE TABLE audit_people (
    organization_id  UUID NOT NULL REFERENCES organizations (id),
    people           BYTEA NOT NULL,                     -- SHA-256 of the members' ids in order
    user_id          UUID NOT NULL,
    PRIMARY KEY (organization_id, people, user_id)
);

-- In which sets a person is.
CREATE INDEX audit_people_by_person ON audit_people (organization_id, user_id, people);

CREATE INDEX audit_by_actor ON audit (organization_id, actor_id, seq);
CREATE INDEX audit_by_action ON audit (organization_id, action, seq);
CREATE INDEX audit_by_time ON audit (organization_id, at, seq);

-- What a viewer was called when they looked. The audit holds the hash of name and salt only:
-- with the salt gone, nobody can tell the name from it.
CREATE TABLE audit_names (
    organization_id  UUID NOT NULL,
    commitment       BYTEA NOT NULL,                     -- SHA-256 of salt and name
    user_id          UUID NOT NULL,
    name             TEXT,                               -- absent: the person was erased
    salt             BYTEA,
    PRIMARY KEY (organization_id, commitment),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

CREATE INDEX audit_names_by_person ON audit_names (organization_id, user_id);

-- Where each chain ends: rows that were taken off its end are missed.
CREATE TABLE audit_heads (
    organization_id  UUID PRIMARY KEY REFERENCES organizations (id),
    seq              BIGINT NOT NULL,
    hash             BYTEA NOT NULL
);

-- Retention: spans that began before this are removed, or are being removed. Checks of totals
-- begin here.
ALTER TABLE organizations ADD COLUMN removed_before TIMESTAMPTZ;
ALTER TABLE organizations ADD COLUMN removed_before_day DATE;

-- Erasure. The row of a person stays, without the person: others point to its id.
ALTER TABLE users ADD COLUMN erased_at TIMESTAMPTZ;

CREATE TABLE erasures (
    organization_id  UUID NOT NULL,
    user_id          UUID NOT NULL,
    requested_by     UUID,                               -- absent: IT on the server itself
    requested_at     TIMESTAMPTZ NOT NULL,
    finished_at      TIMESTAMPTZ,                        -- everything that was there is gone
    closed_at        TIMESTAMPTZ,                        -- and nothing that was under way came after
    PRIMARY KEY (organization_id, user_id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

CREATE INDEX erasures_open ON erasures (requested_at) WHERE closed_at IS NULL;

SELECT workpulse_protect('audit_people');
SELECT workpulse_protect('audit_names');
SELECT workpulse_protect('audit_heads');
SELECT workpulse_protect('erasures');

-- Append-only, also for whoever forgets it. Who owns the tables can change that; the chain
-- stays.
REVOKE UPDATE, DELETE ON audit_people FROM workpulse_tenant;
REVOKE UPDATE, DELETE ON audit_names FROM workpulse_tenant;
GRANT UPDATE (name, salt) ON audit_names TO workpulse_tenant;
REVOKE DELETE ON audit_heads, erasures FROM workpulse_tenant;

CREATE FUNCTION workpulse_append_only() RETURNS trigger
LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$;

CREATE TRIGGER audit_names_are_only_blanked BEFORE UPDATE ON audit_names
FOR EACH ROW WHEN (NEW.name IS NOT NULL) EXECUTE FUNCTION workpulse_append_only();
CREATE TRIGGER audit_heads_go_forward BEFORE UPDATE ON audit_heads
FOR EACH ROW WHEN (NEW.seq < OLD.seq) EXECUTE FUNCTION workpulse_append_only();

-- The ends of the chains that are there already. The owner of the tables sees no rows under
-- forced row-level security: the system does.
GRANT INSERT ON audit_heads TO workpulse_system;
SET LOCAL ROLE workpulse_system;
INSERT INTO audit_heads (organization_id, seq, hash)
SELECT DISTINCT ON (organization_id) organization_id, seq, hash FROM audit
ORDER BY organization_id, seq DESC;
RESET ROLE;
REVOKE INSERT ON audit_heads FROM workpulse_system;
