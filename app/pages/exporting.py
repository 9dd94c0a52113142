"""Writes all that a list is filtered to into a file: page by page, beside the loop, and there only when it is whole."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.models.task_export import AnyTask, Form, form_of


class Export(QObject):
    """One file. `progressed(int)`: so many rows are written."""

    progressed = Signal(int)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._is_cancelled = False

    @property
    def is_cancelled(self) -> bool:
        """Was it called off?"""
        return self._is_cancelled

    def cancel(self) -> None:
        """Stops before the next page; nothing is left of it then. Idempotent."""
        self._is_cancelled = True

    async def write(self, pages: AsyncIterator[Sequence[AnyTask]]) -> int:
        """Writes all pages; returns how many rows. Raises OSError, and then what was at the path is still there."""
        part = await asyncio.to_thread(_PartFile, self.path, form_of(self.path.suffix))
        count = 0
        try:
            async for page in pages:
                if self._is_cancelled:
                    return 0
                await asyncio.to_thread(part.add, page)
                count += len(page)
                self.progressed.emit(count)
            if not self._is_cancelled:
                await asyncio.to_thread(part.finish)
        finally:
            part.drop()
        return count


class _PartFile:
    """A file beside the one that it is to become, so that it can take its place in one step."""

    def __init__(self, path: Path, form: Form) -> None:
        self._path, self._form = path, form
        self._part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        self._file = self._part.open("x", encoding="utf-8", newline="")
        self._file.write(form.head())

    def add(self, records: Sequence[AnyTask]) -> None:
        """Some more."""
        self._file.write(self._form.part(records))

    def finish(self) -> None:
        """That is all: the file is there from now on."""
        self._file.write(self._form.tail())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._path)

    def drop(self) -> None:
        """It is not wanted; harmless once it has taken its place."""
        with contextlib.suppress(OSError):  # the disk is full: what could not be written is not wanted
            self._file.close()
        self._part.unlink(missing_ok=True)
