-- What a large file needs: nothing that is asked may look at every row.

-- By blocks of 2,048 ids, so that what comes and what goes in however many lanes changes few pages (store/ready.py); with
-- the columns of its own condition, so that who counts what is ready reads the index alone (SQLite before 3.41 asks the row
-- for what a partial index says already).
DROP INDEX tasks_ready;
CREATE INDEX tasks_ready ON tasks (id >> 11, lane, priority, id, status, due_at)
    WHERE status = 'pending' AND due_at IS NULL;
DROP INDEX tasks_due;
CREATE INDEX tasks_due ON tasks (due_at, lane, status) WHERE due_at IS NOT NULL;
DROP INDEX history_attention;
CREATE INDEX history_attention ON history (id, attention) WHERE attention = 1;

-- The counters of active tasks, apart from the many of what has ended. Those that are down to 0 are removed.
DELETE FROM tag_counts WHERE n <= 0 AND status IN ('pending', 'waiting', 'blocked', 'held');
CREATE INDEX tag_counts_active ON tag_counts (key, lane, value)
    WHERE status IN ('pending', 'waiting', 'blocked', 'held');

-- The catalogue of the history: by which numbers (history.id) the records of a kind, of a tag or with a text are found. Made
-- in batches behind the work (store/catalogue.py), so that no task that ends pays for it; a record never changes in what is
-- catalogued. `meta.catalogued` is the last number in it. What an entry means: store/catalogue.py.
-- `lanes.kind` is one number for all lanes of a task type: the id of the first.
ALTER TABLE lanes ADD COLUMN kind INTEGER;
UPDATE lanes SET kind = (SELECT min(k.id) FROM lanes k WHERE k.task_type = lanes.task_type);
CREATE TABLE catalogue (
    entry INTEGER NOT NULL,
    id    INTEGER NOT NULL,
    PRIMARY KEY (entry, id)
) STRICT, WITHOUT ROWID;
-- How many records of a kind there are in each block of 4,096 numbers: what a page far behind passes over.
CREATE TABLE catalogue_counts (
    entry INTEGER NOT NULL,
    block INTEGER NOT NULL,
    n     INTEGER NOT NULL,
    PRIMARY KEY (entry, block)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE catalogue_texts USING fts5 (text, tokenize = 'trigram case_sensitive 1', content = '', detail = 'none');
INSERT INTO catalogue_texts (catalogue_texts, rank) VALUES ('automerge', 0);   -- now and then it took 50 ms
CREATE VIRTUAL TABLE catalogue_letters USING fts5vocab (catalogue_texts, row);
