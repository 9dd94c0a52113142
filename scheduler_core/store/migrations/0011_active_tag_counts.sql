-- The counters of active tasks are a table of their own, and not an index on top of all of them; `tag_counts` are those of
-- what has ended.
CREATE TABLE active_tag_counts (
    key    TEXT NOT NULL,
    value  TEXT NOT NULL,
    lane   INTEGER NOT NULL,
    status TEXT NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (key, value, lane, status)
) STRICT, WITHOUT ROWID;
INSERT INTO active_tag_counts (key, value, lane, status, n) SELECT key, value, lane, status, n FROM tag_counts
    WHERE status IN ('pending', 'waiting', 'blocked', 'held') ORDER BY 1, 2, 3, 4;
DROP INDEX tag_counts_active;
DELETE FROM tag_counts WHERE status IN ('pending', 'waiting', 'blocked', 'held');

-- The values of tags by what they are found by. `id` grows: 64 times the id of the task that brought it, and its place among
-- that task's tags; those from before are lower than any that comes.
CREATE TABLE new_tag_values (
    key        TEXT NOT NULL,
    value      TEXT NOT NULL,
    id         INTEGER NOT NULL,
    created_at REAL NOT NULL,
    PRIMARY KEY (key, value)
) STRICT, WITHOUT ROWID;
INSERT INTO new_tag_values (key, value, id, created_at) SELECT key, value, id, created_at FROM tag_values ORDER BY 1, 2;
DROP TABLE tag_values;
ALTER TABLE new_tag_values RENAME TO tag_values;
CREATE INDEX tag_values_newest ON tag_values (key, id DESC);
