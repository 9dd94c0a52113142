"""Tags of active tasks, and the counters by tag."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

_MOST_OF_A_TASK = 64
"""Times the id of the task that brought it, and its place there, is the id of a tag's value: none comes twice."""


def add_tags(
    connection: sqlite3.Connection, tagged: Sequence[tuple[int, Mapping[str, str]]], now: float
) -> None:
    """Index the tags of new tasks, and remember when each value was first seen."""
    rows = [(key, value, task_id) for task_id, tags in tagged for key, value in tags.items()]
    if not rows:
        return
    connection.executemany("INSERT OR IGNORE INTO tags (key, value, task_id) VALUES (?, ?, ?)", rows)
    values: dict[tuple[str, str], int] = {}
    for task_id, tags in tagged:
        for place, tag in enumerate(tags.items(), start=task_id * _MOST_OF_A_TASK):
            values.setdefault(tag, place)
    connection.executemany(
        "INSERT OR IGNORE INTO tag_values (key, value, id, created_at) VALUES (?, ?, ?, ?)",
        [(*tag, value_id, now) for tag, value_id in values.items()],
    )


def remove_tags(connection: sqlite3.Connection, tagged: Iterable[tuple[int, Mapping[str, str]]]) -> None:
    """Take tasks that ended out of the index: a statement for each tag, since those of a job end together."""
    ids: dict[tuple[str, str], list[int]] = {}
    for task_id, tags in tagged:
        for tag in tags.items():
            ids.setdefault(tag, []).append(task_id)
    connection.executemany(
        "DELETE FROM tags WHERE key = ? AND value = ? AND task_id IN (SELECT value FROM json_each(?))",
        [(key, value, json.dumps(some)) for (key, value), some in ids.items()],
    )


PREFIX_SQL = "key >= :prefix AND key < :prefix || char(1114111) AND substr(key, 1, length(:prefix)) = :prefix"
"""Keys that begin with `:prefix`, letter by letter, found through the index."""
