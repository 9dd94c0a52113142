-- Schedules, tasks that are held one by one, the clock by which waiting tasks grow more urgent, and what tasks moved.

-- A lane also tells apart what its tasks are expected to move (`io`, '' for unknown): the IO budget treats those alike.
-- `paused_s` is how long its tasks were held by pauses, `held_since` when they were held this time: time that does not age.
CREATE TABLE new_lanes (
    id         INTEGER PRIMARY KEY,
    domain     TEXT NOT NULL,
    task_type  TEXT NOT NULL,              -- qualified: domain::name
    grp        TEXT NOT NULL DEFAULT '',   -- '' is no group
    io         TEXT NOT NULL DEFAULT '',
    paused_s   REAL NOT NULL DEFAULT 0,
    held_since REAL,
    UNIQUE (task_type, grp, io)
) STRICT;
INSERT INTO new_lanes (id, domain, task_type, grp) SELECT id, domain, task_type, grp FROM lanes;
DROP TABLE lanes;
ALTER TABLE new_lanes RENAME TO lanes;

CREATE TABLE new_tasks (
    id            INTEGER PRIMARY KEY,    -- given by the scheduler, never used again
    lane          INTEGER NOT NULL,
    key           TEXT NOT NULL UNIQUE,
    label         TEXT NOT NULL,
    priority      INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 255),
    -- 'paused' is never stored: it is what a pending task is called while a pause holds its lane, and a held one always.
    status        TEXT NOT NULL CHECK (status IN ('pending', 'running', 'waiting', 'blocked', 'held')),
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
    expected_io   TEXT,
    actual_io     TEXT,                   -- what its work moved, while it waits for children or to be finalized
    aged_from     REAL NOT NULL DEFAULT 0,   -- when it began to wait, by the clock of its lane
    schedule_id   INTEGER                 -- it is an occurrence of this schedule
) STRICT;
INSERT INTO new_tasks (id, lane, key, label, priority, status, payload, tags, retry, max_retries, retry_count, attempts,
    last_error, created_at, started_at, run_at, due_at, ttl, expires_at, parent_id, fail_fast, children_left, child_error,
    finalizing, memo, on_dep_failure, deps_left, has_deps, again, cancelling, expected_io, aged_from)
SELECT id, lane, key, label, priority, status, payload, tags, retry, max_retries, retry_count, attempts,
    last_error, created_at, started_at, run_at, due_at, ttl, expires_at, parent_id, fail_fast, children_left, child_error,
    finalizing, memo, on_dep_failure, deps_left, has_deps, again, cancelling, expected_io, max(created_at, coalesce(run_at, 0))
FROM tasks;
DROP TABLE tasks;
ALTER TABLE new_tasks RENAME TO tasks;

CREATE INDEX tasks_ready ON tasks (lane, priority, id) WHERE status = 'pending' AND due_at IS NULL;
CREATE INDEX tasks_due ON tasks (due_at, lane) WHERE due_at IS NOT NULL;
-- What a task that waits may expire by: it never does once it has started, unless its time began only then.
CREATE INDEX tasks_expiry ON tasks (expires_at)
    WHERE expires_at IS NOT NULL AND status IN ('pending', 'blocked') AND finalizing = 0
      AND (ttl IS NOT NULL OR started_at IS NULL);
CREATE INDEX tasks_held ON tasks (status, lane) WHERE status <> 'pending';
CREATE INDEX tasks_again ON tasks (again ->> 'parent_id') WHERE again IS NOT NULL;
CREATE INDEX tasks_parent ON tasks (parent_id) WHERE parent_id IS NOT NULL;
CREATE UNIQUE INDEX tasks_schedule ON tasks (schedule_id) WHERE schedule_id IS NOT NULL;   -- one at a time

ALTER TABLE history ADD COLUMN schedule_id INTEGER;

-- A task that comes again. `id` is that of its first occurrence. Exactly one occurrence of a schedule is active.
CREATE TABLE schedules (
    id         INTEGER PRIMARY KEY,
    lane       INTEGER NOT NULL,
    label      TEXT NOT NULL,
    schedule   TEXT NOT NULL,             -- a RecurringSchedule
    submission TEXT NOT NULL,             -- what is submitted anew for each occurrence
    first_at   REAL NOT NULL,             -- when the first one was due: where the grid of an interval begins
    next_at    REAL NOT NULL,             -- when the active occurrence is, or was, due
    occurrence INTEGER NOT NULL DEFAULT 1,   -- which one that is, from 1
    paused_at  REAL,                      -- since when it is paused
    created_at REAL NOT NULL
) STRICT;

-- What completed tasks said they moved, and how many said so: what tasks of a type may be expected to move.
ALTER TABLE totals ADD COLUMN io_n INTEGER NOT NULL DEFAULT 0;
ALTER TABLE totals ADD COLUMN disk_read INTEGER NOT NULL DEFAULT 0;
ALTER TABLE totals ADD COLUMN disk_write INTEGER NOT NULL DEFAULT 0;
ALTER TABLE totals ADD COLUMN net_rx INTEGER NOT NULL DEFAULT 0;
ALTER TABLE totals ADD COLUMN net_tx INTEGER NOT NULL DEFAULT 0;
UPDATE totals SET (io_n, disk_read, disk_write, net_rx, net_tx) = (said.n, said.disk_read, said.disk_write, said.net_rx, said.net_tx)
FROM (
    SELECT lane, count(*) AS n,
        sum(min(actual_io ->> 'disk_read', 1125899906842624)) AS disk_read,
        sum(min(actual_io ->> 'disk_write', 1125899906842624)) AS disk_write,
        sum(min(actual_io ->> 'net_rx', 1125899906842624)) AS net_rx,
        sum(min(actual_io ->> 'net_tx', 1125899906842624)) AS net_tx
    FROM history WHERE status = 'completed' AND actual_io IS NOT NULL GROUP BY lane
) AS said
WHERE totals.lane = said.lane AND totals.status = 'completed';
