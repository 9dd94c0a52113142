"""The schema: its migrations, and how a file tells which of them it has."""

from __future__ import annotations

import re
import sqlite3
from importlib import resources

APPLICATION_ID = 0x5449_4445
"""'TIDE' in `PRAGMA application_id`: tells our files from those of other programs."""


def version_of(connection: sqlite3.Connection) -> int:
    """How many migrations the file has."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def load_migrations() -> list[str]:
    """The scripts in `migrations/`, in the order of their numbers."""
    folder = resources.files("scheduler_core.store").joinpath("migrations")
    scripts = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [entry.read_text("utf-8") for _, entry in scripts]


def statements_of(script: str) -> list[str]:
    """The statements of a script whose comments and texts hold no semicolon (`executescript` would commit)."""
    without_comments = re.sub(r"--[^\n]*", "", script)
    found: list[str] = []
    begun = ""
    for part in without_comments.split(";"):
        begun = f"{begun};{part}" if begun else part.strip()
        # A trigger has statements of its own inside.
        if begun and sqlite3.complete_statement(f"{begun};"):
            found.append(begun.strip())
            begun = ""
    return found
