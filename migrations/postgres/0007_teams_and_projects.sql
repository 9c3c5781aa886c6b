-- Who is with whom: teams, the people of projects, and what a session is booked on.
-- PostgreSQL. Instants are timestamptz.

CREATE TABLE teams (
    organization_id  UUID NOT NULL REFERENCES organizations (id),
    id               UUID NOT NULL,
    name             TEXT NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, name)
);

-- A manager of a team sees its members. Only admins write here.
CREATE TABLE team_members (
    organization_id  UUID NOT NULL,
    team_id          UUID NOT NULL,
    user_id          UUID NOT NULL,
    is_manager       BOOLEAN NOT NULL,
    added_at         TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organization_id, team_id, user_id),
    FOREIGN KEY (organization_id, team_id) REFERENCES teams (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

CREATE INDEX team_members_by_user ON team_members (organization_id, user_id);

-- Everyone may book time on it; otherwise its members only.
ALTER TABLE projects ADD COLUMN open_to_all BOOLEAN NOT NULL DEFAULT TRUE;

CREATE TABLE project_members (
    organization_id  UUID NOT NULL,
    project_id       UUID NOT NULL,
    user_id          UUID NOT NULL,
    is_manager       BOOLEAN NOT NULL,
    gives_sight      BOOLEAN NOT NULL,                   -- an admin added them: the project's managers see them. What a manager adds shows nobody to anybody.
    added_at         TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organization_id, project_id, user_id),
    FOREIGN KEY (organization_id, project_id) REFERENCES projects (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

CREATE INDEX project_members_by_user ON project_members (organization_id, user_id);

-- Each is a change of the session: its version counts them.
ALTER TABLE work_sessions ADD COLUMN project_changes BIGINT NOT NULL DEFAULT 0;

-- Totals of a project over a range.
CREATE INDEX work_sessions_by_project ON work_sessions (organization_id, project_id, started_at) WHERE project_id IS NOT NULL;

SELECT workpulse_protect('teams');
SELECT workpulse_protect('team_members');
SELECT workpulse_protect('project_members');

-- Ingest asks whether a project that a session's start names is open to its person.
GRANT SELECT (open_to_all) ON projects TO workpulse_ingest;
SELECT workpulse_admit_ingest('project_members', 'SELECT (organization_id, project_id, user_id)');
