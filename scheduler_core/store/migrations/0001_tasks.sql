-- Tasks, their history and what is counted about them. Times are epoch seconds, UTC; JSON is kept as text.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A lane is the set of tasks that every gate treats alike. Interned, so that rows and counters carry one integer.
CREATE TABLE lanes (
    id        INTEGER PRIMARY KEY,
    domain    TEXT NOT NULL,
    task_type TEXT NOT NULL,              -- qualified: domain::name
    grp       TEXT NOT NULL DEFAULT '',   -- '' is no group
    UNIQUE (task_type, grp)
) STRICT;

CREATE TABLE tasks (
    id            INTEGER PRIMARY KEY,    -- given by the scheduler, never used again
    lane          INTEGER NOT NULL,
    key           TEXT NOT NULL UNIQUE,
    label         TEXT NOT NULL,
    priority      INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 255),
    -- 'paused' is never stored: it is what a pending task is called while a pause holds it.
    status        TEXT NOT NULL CHECK (status IN ('pending', 'running', 'waiting', 'blocked')),
    payload       TEXT NOT NULL,
    tags          TEXT,
    retry         TEXT,
    max_retries   INTEGER NOT NULL DEFAULT 0,
    retry_count   INTEGER NOT NULL DEFAULT 0,
    attempts      TEXT,                   -- the failed ones
    last_error    TEXT,
    created_at    REAL NOT NULL,
    started_at    REAL,
    run_at        REAL,                   -- as asked for, for people
    due_at        REAL,                   -- not before; NULL once it is due
    ttl           REAL,                   -- seconds from the first attempt on; NULL: from submission, or none
    expires_at    REAL,
    parent_id     INTEGER,
    fail_fast     INTEGER NOT NULL DEFAULT 1,
    children_left INTEGER NOT NULL DEFAULT 0,
    child_error   TEXT,                   -- a child failed and takes this task with it
    finalizing    INTEGER NOT NULL DEFAULT 0,
    memo          TEXT,
    on_dep_failure TEXT NOT NULL DEFAULT 'cancel' CHECK (on_dep_failure IN ('cancel', 'fail', 'ignore')),
    deps_left     INTEGER NOT NULL DEFAULT 0,
    has_deps      INTEGER NOT NULL DEFAULT 0,
    again         TEXT,                   -- a submission to insert when this one ends (REQUEUED)
    cancelling    INTEGER NOT NULL DEFAULT 0,
    expected_io   TEXT
) STRICT;

CREATE INDEX tasks_ready ON tasks (lane, priority, id) WHERE status = 'pending' AND due_at IS NULL;
CREATE INDEX tasks_due ON tasks (due_at, lane) WHERE due_at IS NOT NULL;
-- What a task that waits may expire by: it never does once it has started, unless its time began only then.
CREATE INDEX tasks_expiry ON tasks (expires_at)
    WHERE expires_at IS NOT NULL AND status IN ('pending', 'blocked') AND finalizing = 0
      AND (ttl IS NOT NULL OR started_at IS NULL);
CREATE INDEX tasks_held ON tasks (status, lane) WHERE status <> 'pending';
CREATE INDEX tasks_again ON tasks (again ->> 'parent_id') WHERE again IS NOT NULL;
CREATE INDEX tasks_parent ON tasks (parent_id) WHERE parent_id IS NOT NULL;

-- Kept until the dependent ends.
CREATE TABLE dependencies (
    task_id    INTEGER NOT NULL,
    depends_on INTEGER NOT NULL,
    PRIMARY KEY (task_id, depends_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX dependencies_reverse ON dependencies (depends_on, task_id);

-- Of active tasks.
CREATE TABLE tags (
    key     TEXT NOT NULL,
    value   TEXT NOT NULL,
    task_id INTEGER NOT NULL,
    PRIMARY KEY (key, value, task_id)
) STRICT, WITHOUT ROWID;

-- Kept counters: what a view shows is never counted over rows. 'running' is counted under 'pending'.
CREATE TABLE tag_counts (
    key    TEXT NOT NULL,
    value  TEXT NOT NULL,
    lane   INTEGER NOT NULL,
    status TEXT NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (key, value, lane, status)
) STRICT, WITHOUT ROWID;

-- One row a value, newest first by id: what `jobs` pages through.
CREATE TABLE tag_values (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL,
    value      TEXT NOT NULL,
    created_at REAL NOT NULL,
    UNIQUE (key, value)
) STRICT;
CREATE INDEX tag_values_newest ON tag_values (key, id DESC);

-- Of the history: how many ended so, and how long their last attempts took together.
CREATE TABLE totals (
    lane    INTEGER NOT NULL,
    status  TEXT NOT NULL,
    n       INTEGER NOT NULL,
    seconds REAL NOT NULL,
    PRIMARY KEY (lane, status)
) STRICT, WITHOUT ROWID;

CREATE TABLE history (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used again, also when the newest was pruned
    task_id      INTEGER NOT NULL UNIQUE,
    lane         INTEGER NOT NULL,
    key          TEXT NOT NULL,
    label        TEXT NOT NULL,
    priority     INTEGER NOT NULL,
    status       TEXT NOT NULL CHECK (status IN ('completed', 'failed', 'cancelled', 'superseded', 'expired',
                                                 'dependency_failed', 'dead_letter')),
    payload      TEXT NOT NULL,
    tags         TEXT,
    retry        TEXT,
    max_retries  INTEGER NOT NULL,
    retry_count  INTEGER NOT NULL,
    attempts     TEXT,
    last_error   TEXT,
    created_at   REAL NOT NULL,
    started_at   REAL,
    run_at       REAL,
    expires_at   REAL,
    completed_at REAL NOT NULL,
    parent_id    INTEGER,
    fail_fast    INTEGER NOT NULL,
    memo         TEXT,
    dependencies TEXT,
    on_dep_failure TEXT NOT NULL,
    expected_io  TEXT,
    actual_io    TEXT,
    attention    INTEGER NOT NULL DEFAULT 0   -- a failure that nobody has dealt with yet
) STRICT;
CREATE INDEX history_by_key ON history (key);
CREATE INDEX history_attention ON history (id) WHERE attention = 1;
CREATE INDEX history_attention_key ON history (key) WHERE attention = 1;

CREATE TABLE pauses (
    scope      TEXT NOT NULL CHECK (scope IN ('scheduler', 'domain', 'group')),
    name       TEXT NOT NULL,             -- '' for the scheduler
    until      REAL,
    created_at REAL NOT NULL,
    PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;
