"""Takes one file into the library: look, judge, store. Pure file work for a thread; knows no scheduler."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tidemill_ingest.claims import ClaimError, judge
from tidemill_ingest.content_store import ContentStore, OnBytes, Stored, open_source
from tidemill_ingest.paths import shown
from tidemill_ingest.sniff import HEAD_SIZE, Family, sniff


@dataclass(frozen=True)
class Taken:
    """A file in the library: where, how many bytes, whether it is a picture, and what was odd about it (or
    "").
    """

    stored: Stored
    size: int
    is_picture: bool
    note: str


def take_file(path: Path, store: ContentStore, *, owner: str, largest: int, on_bytes: OnBytes) -> Taken:
    """Stores the file `path`; running it again changes nothing.

    `largest` is in bytes. Raises ClaimError for a file that is refused (empty, too large, not what its name
    says), and what `open_source` and `ContentStore.put` raise.
    """
    with open_source(path) as source:
        size = os.fstat(source.fileno()).st_size
        if size == 0:
            raise ClaimError(
                f"{shown(path.name)}: it is empty (0 bytes). Copy it again from where it came from"
            )
        if size > largest:
            raise ClaimError(
                f"{shown(path.name)}: it has {size / 1e6:,.1f} MB, and {largest / 1e6:,.1f} MB are allowed. "
                "Raise the limit in Settings, Domains, or leave it out"
            )
        kind = sniff(source.read(HEAD_SIZE))
        verdict = judge(path.name, kind)
        stored = store.put(source, path.name, verdict.extension, owner, on_bytes)
    return Taken(stored, size, kind.family is Family.PICTURE, verdict.note)
