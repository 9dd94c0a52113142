-- Whether a dependency had ended already when the dependent was submitted: that one is never waited for, also not when a
-- person tries it again.
ALTER TABLE dependencies ADD COLUMN met INTEGER NOT NULL DEFAULT 0;

-- Keys are hashes: an index by key alone gets each row on a page of its own, which must then be written with it, and cost
-- as much as all the rest of ending a task. By blocks of 2,048 rows the pages that change are the few of the newest block;
-- who looks for a key looks into each block, the newest first (queries.last_by_key).
DROP INDEX history_by_key;
CREATE INDEX history_by_key ON history (id >> 11, key);
