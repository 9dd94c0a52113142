-- The keys of the newest tasks are not in `keys` but in memory (store/keys.py). `meta.keyed` is the last task whose key is
-- here if it is held: now, each one.
INSERT OR REPLACE INTO meta (name, value) SELECT 'keyed', coalesce(max(id), 0) FROM tasks;
