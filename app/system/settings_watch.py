"""Notices that somebody has edited the settings file, whichever way their editor writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

from app.settings import SettingsStore

if TYPE_CHECKING:
    from app.problem import Problem

_SETTLED_MS = 150
"""Editors write in steps: empty the file, fill it; or write another, remove the old one, rename."""


class SettingsWatch(QObject):
    """Reads the settings again after each change of the file.

    Calls `report` with each problem that is new in it, and `mended` with each that is there no longer.

    The folder is watched too: an editor that replaces the file leaves a watch on the old one.
    """

    def __init__(
        self,
        store: SettingsStore,
        report: Callable[[Problem], object],
        mended: Callable[[Problem], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._report = report
        self._mended = mended
        self._known = set(store.problems)
        self._seen = self._stamp()
        self._watcher = QFileSystemWatcher(self)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self._look)
        self._watcher.fileChanged.connect(lambda _path: self._settled.start())
        self._watcher.directoryChanged.connect(lambda _path: self._settled.start())
        self._watch()

    def close(self) -> None:
        """Watches no more. Idempotent."""
        self._settled.stop()
        watched = [*self._watcher.files(), *self._watcher.directories()]
        if watched:
            self._watcher.removePaths(watched)

    def _look(self) -> None:
        self._watch()
        stamp = self._stamp()
        # Much happens in that folder that is no change of the file.
        if stamp == self._seen:
            return
        self._seen = stamp
        self._store.reload()
        problems = self._store.problems
        for problem in self._known.difference(problems):
            self._mended(problem)
        for problem in problems:
            if problem not in self._known:
                self._report(problem)
        self._known = set(problems)

    def _watch(self) -> None:
        path = self._store.path
        if str(path.parent) not in self._watcher.directories() and path.parent.exists():
            self._watcher.addPath(str(path.parent))
        if str(path) not in self._watcher.files() and path.exists():
            self._watcher.addPath(str(path))

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            status = self._store.path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino
