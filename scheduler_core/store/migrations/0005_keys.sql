-- Who holds a key. Keys are hashes: an index of them has each task's key on a page of its own, which must be written once
-- more when the task ends; the longer the queue, the surer. So what ends leaves its entry here. One whose task is not
-- active any more holds nothing (ids are never used again), and goes when they are swept, in the order of keys
-- (store/keys.py). `meta.swept` is the last record of the history whose task has none left.
CREATE TABLE keys (
    key TEXT NOT NULL PRIMARY KEY,
    id  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO keys (key, id) SELECT key, id FROM tasks ORDER BY key;
INSERT OR REPLACE INTO meta (name, value) SELECT 'swept', coalesce(max(id), 0) FROM history;

-- Tasks without an index of their keys. Their checks name each value apart: for a list of them SQLite makes a table of its
-- own for each row that is inserted, which costs as much as all the rest of it.
CREATE TABLE new_tasks (
    id            INTEGER PRIMARY KEY,    -- given by the scheduler, never used again
    lane          INTEGER NOT NULL,
    key           TEXT NOT NULL,          -- `keys` says who holds it
    label         TEXT NOT NULL,
    priority      INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 255),
    -- 'paused' is never stored: it is what a pending task is called while a pause holds its lane, and a held one always.
    status        TEXT NOT NULL CHECK (
        status = 'pending' OR status = 'running' OR status = 'waiting' OR status = 'blocked' OR status = 'held'
    ),
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
    on_dep_failure TEXT NOT NULL DEFAULT 'cancel' CHECK (
        on_dep_failure = 'cancel' OR on_dep_failure = 'fail' OR on_dep_failure = 'ignore'
    ),
    deps_left     INTEGER NOT NULL DEFAULT 0,
    has_deps      INTEGER NOT NULL DEFAULT 0,
    again         TEXT,                   -- a submission to insert when this one ends (REQUEUED)
    cancelling    INTEGER NOT NULL DEFAULT 0,
    expected_io   TEXT,
    actual_io     TEXT,                   -- what its work moved, while it waits for children or to be finalized
    aged_from     REAL NOT NULL DEFAULT 0,   -- when it began to wait, by the clock of its lane
    schedule_id   INTEGER                 -- it is an occurrence of this schedule
) STRICT;
INSERT INTO new_tasks (id, lane, key, label, priority, status, payload, tags, retry, max_retries, retry_count, attempts,
    last_error, created_at, started_at, run_at, due_at, ttl, expires_at, parent_id, fail_fast, children_left, child_error,
    finalizing, memo, on_dep_failure, deps_left, has_deps, again, cancelling, expected_io, actual_io, aged_from, schedule_id)
SELECT id, lane, key, label, priority, status, payload, tags, retry, max_retries, retry_count, attempts,
    last_error, created_at, started_at, run_at, due_at, ttl, expires_at, parent_id, fail_fast, children_left, child_error,
    finalizing, memo, on_dep_failure, deps_left, has_deps, again, cancelling, expected_io, actual_io, aged_from, schedule_id
FROM tasks;
DROP TABLE tasks;
ALTER TABLE new_tasks RENAME TO tasks;

CREATE INDEX tasks_ready ON tasks (id >> 11, lane, priority, id, status, due_at)
    WHERE status = 'pending' AND due_at IS NULL;
CREATE INDEX tasks_due ON tasks (due_at, lane, status) WHERE due_at IS NOT NULL;
-- What a task that waits may expire by: it never does once it has started, unless its time began only then.
CREATE INDEX tasks_expiry ON tasks (expires_at)
    WHERE expires_at IS NOT NULL AND status IN ('pending', 'blocked') AND finalizing = 0
      AND (ttl IS NOT NULL OR started_at IS NULL);
CREATE INDEX tasks_held ON tasks (status, lane) WHERE status <> 'pending';
CREATE INDEX tasks_again ON tasks (again ->> 'parent_id') WHERE again IS NOT NULL;
CREATE INDEX tasks_parent ON tasks (parent_id) WHERE parent_id IS NOT NULL;
CREATE UNIQUE INDEX tasks_schedule ON tasks (schedule_id) WHERE schedule_id IS NOT NULL;   -- one at a time
