-- Failures by cause: what failed for the same reason, told apart by the type of the task and by its error without what
-- differs from task to task (model/cause.py). How many there are of each is kept: nobody counts failures.
CREATE TABLE causes (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    domain    TEXT NOT NULL,
    task_type TEXT NOT NULL,              -- qualified: domain::name
    text      TEXT NOT NULL,              -- the error, with … for what differs
    n         INTEGER NOT NULL,           -- how many of them want attention
    last      INTEGER NOT NULL,           -- no record of this cause has a higher number (history.id)
    UNIQUE (task_type, text)
) STRICT;
CREATE INDEX causes_last ON causes (n > 0, last, id);

-- The cause of a failure; NULL: it is none, or nobody has looked for its cause yet. Those are the failures of earlier
-- versions: they get theirs in steps behind the work (store/causes.py).
ALTER TABLE history ADD COLUMN cause INTEGER;
CREATE INDEX history_cause ON history (cause, id, attention) WHERE attention = 1;

-- Whoever takes a failure off the list, or puts it back: the numbers are right.
CREATE TRIGGER history_attention_changed AFTER UPDATE OF attention ON history
WHEN new.cause IS NOT NULL AND new.attention <> old.attention
BEGIN
    UPDATE causes SET n = n + new.attention - old.attention WHERE id = new.cause;
END;
