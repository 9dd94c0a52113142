-- Which records have a key, by blocks of 2,048 numbers: a part of the catalogue (store/catalogue.py) and no index of `history`,
-- which would have each task that ends write half a page for its key.
CREATE TABLE history_keys (
    block INTEGER NOT NULL,
    key   TEXT NOT NULL,
    id    INTEGER NOT NULL,
    PRIMARY KEY (block, key, id)
) STRICT, WITHOUT ROWID;
INSERT INTO history_keys (block, key, id) SELECT id >> 11, key, id FROM history
    WHERE id <= coalesce((SELECT value FROM meta WHERE name = 'catalogued'), 0) ORDER BY 1, 2, 3;
DROP INDEX history_by_key;
