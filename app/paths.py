"""Where everything of one Tidemill lies: the layout below its data folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

DATA_DIR_VARIABLE = "TIDEMILL_DATA_DIR"


def is_link(text: str) -> bool:
    """Is it an address of the web, with a host?"""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


@dataclass(frozen=True)
class DataPaths:
    """The places below one data folder. Nothing exists until `create` made it."""

    root: Path

    @classmethod
    def resolve(cls, given: Path | None = None) -> DataPaths:
        """`given`, else $TIDEMILL_DATA_DIR, else the user's data folder of this system; always absolute."""
        root = given or Path(os.environ.get(DATA_DIR_VARIABLE) or _user_data_dir())
        return cls(root.expanduser().absolute())

    @property
    def database(self) -> Path:
        """The scheduler's SQLite file."""
        return self.root / "tidemill.db"

    @property
    def settings(self) -> Path:
        """The settings, as TOML a person may edit."""
        return self.root / "settings.toml"

    @property
    def log(self) -> Path:
        """The newest log file; older ones lie beside it as tidemill.log.1, ..."""
        return self.root / "logs" / "tidemill.log"

    @property
    def library(self) -> Path:
        """What the domains share: content/ and thumbnails/ below it."""
        return self.root / "library"

    def plugin(self, name: str) -> Path:
        """The folder of one domain's own."""
        return self.root / "plugins" / name

    def create(self) -> None:
        """Makes the folders that are missing. Raises OSError naming the one that could not be made."""
        for folder in (self.root, self.log.parent, self.library):
            folder.mkdir(parents=True, exist_ok=True)


def _user_data_dir() -> str:
    # It imports more than the window needs for its first picture; somebody who says where the data lie does without.
    import platformdirs

    return platformdirs.user_data_dir("tidemill", False)
