-- Who is with whom: teams, the people of projects, and what a session is booked on.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC), days 'YYYY-MM-DD'.

CREATE TABLE teams (
    organization_id  BLOB NOT NULL REFERENCES organizations (id),
    id               BLOB NOT NULL,
    name             TEXT NOT NULL,
    created_at       INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, name)
) STRICT;

-- A manager of a team sees its members. Only admins write here.
CREATE TABLE team_members (
    organization_id  BLOB NOT NULL,
    team_id          BLOB NOT NULL,
    user_id          BLOB NOT NULL,
    is_manager       INTEGER NOT NULL CHECK (is_manager IN (0, 1)),
    added_at         INTEGER NOT NULL,
    PRIMARY KEY (organization_id, team_id, user_id),
    FOREIGN KEY (organization_id, team_id) REFERENCES teams (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT;

CREATE INDEX team_members_by_user ON team_members (organization_id, user_id);

-- Everyone may book time on it; otherwise its members only.
ALTER TABLE projects ADD COLUMN open_to_all INTEGER NOT NULL DEFAULT 1 CHECK (open_to_all IN (0, 1));

CREATE TABLE project_members (
    organization_id  BLOB NOT NULL,
    project_id       BLOB NOT NULL,
    user_id          BLOB NOT NULL,
    is_manager       INTEGER NOT NULL CHECK (is_manager IN (0, 1)),
    gives_sight      INTEGER NOT NULL CHECK (gives_sight IN (0, 1)), -- an admin added them: the project's managers see them. What a manager adds shows nobody to anybody.
    added_at         INTEGER NOT NULL,
    PRIMARY KEY (organization_id, project_id, user_id),
    FOREIGN KEY (organization_id, project_id) REFERENCES projects (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT;

CREATE INDEX project_members_by_user ON project_members (organization_id, user_id);

-- Each is a change of the session: its version counts them.
ALTER TABLE work_sessions ADD COLUMN project_changes INTEGER NOT NULL DEFAULT 0;

-- Totals of a project over a range.
CREATE INDEX work_sessions_by_project ON work_sessions (organization_id, project_id, started_at) WHERE project_id IS NOT NULL;
