-- Tenants and their people. Every key carries the organization.
-- PostgreSQL. Instants are timestamptz.

CREATE TABLE organizations (
    id              UUID PRIMARY KEY,
    name            TEXT NOT NULL,
    time_zone       TEXT NOT NULL,                       -- IANA name; days are cut in it
    retention_days  BIGINT NOT NULL DEFAULT 400 CHECK (retention_days BETWEEN 1 AND 3650),
    policy_version  BIGINT NOT NULL DEFAULT 1,
    capture_policy  JSONB NOT NULL,                       -- shared-types: policy::CapturePolicy
    created_at      TIMESTAMPTZ NOT NULL
);

CREATE TABLE users (
    organization_id       UUID NOT NULL REFERENCES organizations (id),
    id                    UUID NOT NULL,
    email                 TEXT NOT NULL,                 -- lower case
    name                  TEXT NOT NULL,
    role                  TEXT NOT NULL CHECK (role IN ('admin', 'manager', 'employee')),
    status                TEXT NOT NULL CHECK (status IN ('active', 'inactive', 'suspended')),
    password_hash         TEXT,                          -- PHC string; absent: cannot log in
    last_seen_at          TIMESTAMPTZ,
    created_at            TIMESTAMPTZ NOT NULL,
    authority_changed_at  TIMESTAMPTZ NOT NULL,            -- role, status or sessions changed: caches drop the person
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, email)
);

-- Log-in starts from an address alone.
CREATE INDEX users_by_email ON users (email);
CREATE INDEX users_by_authority_change ON users (authority_changed_at);

CREATE TABLE projects (
    organization_id  UUID NOT NULL REFERENCES organizations (id),
    id               UUID NOT NULL,
    name             TEXT NOT NULL,
    archived_at      TIMESTAMPTZ,
    created_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, name)
);
