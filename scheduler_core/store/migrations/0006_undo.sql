-- What a person can still take back. `act` says what was done, `until` is the end of the time for it (epoch seconds).
CREATE TABLE undos (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    act   TEXT NOT NULL,
    until REAL NOT NULL,
    n     INTEGER NOT NULL DEFAULT 0
) STRICT;
-- What it was done to, where that stays in its table, and how it was before.
CREATE TABLE undo_marks (
    undo INTEGER NOT NULL,
    id   INTEGER NOT NULL,
    was  TEXT,
    PRIMARY KEY (undo, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX undo_marks_id ON undo_marks (id);

-- Tasks that will be cancelled when that time is over: out of `tasks`, where nothing finds them any more, as they were.
-- The columns are those of `tasks`; a migration that adds one there adds it here.
CREATE TABLE set_aside (
    id            INTEGER PRIMARY KEY,
    undo          INTEGER NOT NULL,
    lane          INTEGER NOT NULL,
    key           TEXT NOT NULL,
    label         TEXT NOT NULL,
    priority      INTEGER NOT NULL,
    status        TEXT NOT NULL,
    payload       TEXT NOT NULL,
    tags          TEXT,
    retry         TEXT,
    max_retries   INTEGER NOT NULL,
    retry_count   INTEGER NOT NULL,
    attempts      TEXT,
    last_error    TEXT,
    created_at    REAL NOT NULL,
    started_at    REAL,
    run_at        REAL,
    due_at        REAL,
    ttl           REAL,
    expires_at    REAL,
    parent_id     INTEGER,
    fail_fast     INTEGER NOT NULL,
    children_left INTEGER NOT NULL,
    child_error   TEXT,
    finalizing    INTEGER NOT NULL,
    memo          TEXT,
    on_dep_failure TEXT NOT NULL,
    deps_left     INTEGER NOT NULL,
    has_deps      INTEGER NOT NULL,
    again         TEXT,
    cancelling    INTEGER NOT NULL,
    expected_io   TEXT,
    actual_io     TEXT,
    aged_from     REAL NOT NULL,
    schedule_id   INTEGER
) STRICT;
CREATE INDEX set_aside_undo ON set_aside (undo, id);
CREATE INDEX set_aside_parent ON set_aside (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX set_aside_schedule ON set_aside (schedule_id) WHERE schedule_id IS NOT NULL;
CREATE INDEX set_aside_again ON set_aside (again ->> 'parent_id') WHERE again IS NOT NULL;
