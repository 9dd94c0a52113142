"""What each task has logged: its last lines are in memory, and older ones, also of earlier runs, in the log files.

A record belongs to a task if it was logged while the task's executor ran, or has its id as the attribute `task_id`.
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from app.logs import KEPT_FILES, TASK_MARK
from scheduler_core import current_task_id

MOST_LINES: Final = 200
"""So many lines of a task are kept and shown, the last ones."""
MOST_TASKS: Final = 2_000
MOST_CHARS: Final = 4_000_000
"""Of all lines in memory together; what is beyond goes, the task first that has been silent longest."""
_LONGEST: Final = 4_000
"""Characters of one line in memory."""
_STAMP = rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}"
_NEXT = re.compile(rb"^" + _STAMP + rb" |\Z", re.MULTILINE)
_STAMP_FORM = "%Y-%m-%d %H:%M:%S,%f"
_CLOCK_SLACK = timedelta(hours=1, seconds=1)
"""The file has local time, which goes back for an hour in autumn."""


@dataclass(frozen=True)
class LogLine:
    """One thing logged; `text` may have several lines of its own. `at` is local time."""

    at: datetime
    level: str
    logger: str
    text: str


@dataclass
class _Kept:
    lines: deque[LogLine] = field(default_factory=lambda: deque[LogLine](maxlen=MOST_LINES))
    chars: int = 0


class TaskLogs(logging.Handler):
    """Listens from `start` to `stop`; what is read is read from any thread. Lines that belong to no task cost a look."""

    def __init__(self, path: Path) -> None:
        """`path` is the log file, which need not be there."""
        super().__init__()
        self._path = path
        self._guard = threading.Lock()
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._chars = 0
        self._watched: dict[int, Callable[[], None]] = {}
        self._words = logging.Formatter("%(message)s")
        self._marked: list[logging.Handler] = []

    def start(self) -> None:
        """From now on lines are kept, and the handlers there are now can write whose they are. Idempotent."""
        root = logging.getLogger()
        if self in root.handlers:
            return
        self._marked = list(root.handlers)
        for handler in self._marked:
            handler.addFilter(_mark)
        root.addHandler(self)

    def stop(self) -> None:
        """Listens no more; what was kept can be read. Idempotent."""
        logging.getLogger().removeHandler(self)
        for handler in self._marked:
            handler.removeFilter(_mark)
        self._marked = []

    def watch(self, task_id: int, told: Callable[[], None]) -> None:
        """Calls `told` on any thread whenever this task logs something; it must be quick."""
        with self._guard:
            self._watched[task_id] = told

    def unwatch(self, task_id: int) -> None:
        """Calls nobody any more. Idempotent."""
        with self._guard:
            self._watched.pop(task_id, None)

    def emit(self, record: logging.LogRecord) -> None:
        """Logging's hook."""
        task_id = _task_of(record)
        if task_id is None:
            return
        try:
            text = self._words.format(record)[:_LONGEST]
        except Exception:  # noqa: BLE001 - an argument may fail at being text
            self.handleError(record)
            return
        at = datetime.fromtimestamp(record.created)  # noqa: DTZ006 - local time, as in the file
        self._keep(task_id, LogLine(at, record.levelname, record.name, text))
        if (told := self._watched.get(task_id)) is not None:
            told()

    def kept(self, task_id: int) -> tuple[LogLine, ...]:
        """The lines of a task that are in memory, the oldest first."""
        with self._guard:
            found = self._kept.get(task_id)
            return () if found is None else tuple(found.lines)

    async def older(self, task_id: int, since: datetime) -> tuple[LogLine, ...]:
        """What the files have of a task from before `kept`, the oldest first; they are read in a thread.

        `since` (aware): when the task was made; what was logged before that is of another database.
        """
        kept = self.kept(task_id)
        if len(kept) == MOST_LINES:
            return ()
        begin = since.astimezone().replace(tzinfo=None) - _CLOCK_SLACK
        found = await asyncio.to_thread(_in_files, self._path, task_id, begin)
        # It may have gone on meanwhile.
        if kept := self.kept(task_id):
            # The file has thousandths of a second.
            first = kept[0].at.replace(microsecond=kept[0].at.microsecond // 1000 * 1000)
            found = [line for line in found if line.at < first]
        return tuple(found)

    def _keep(self, task_id: int, line: LogLine) -> None:
        with self._guard:
            kept = self._kept.setdefault(task_id, _Kept())
            if len(kept.lines) == MOST_LINES:
                self._count(kept, -len(kept.lines[0].text))
            kept.lines.append(line)
            self._count(kept, len(line.text))
            self._kept.move_to_end(task_id)
            while len(self._kept) > 1 and (len(self._kept) > MOST_TASKS or self._chars > MOST_CHARS):
                silent, lost = self._kept.popitem(last=False)
                if silent in self._watched:
                    self._kept[silent] = lost  # somebody looks at it
                else:
                    self._chars -= lost.chars

    def _count(self, kept: _Kept, chars: int) -> None:
        kept.chars += chars
        self._chars += chars


def _task_of(record: logging.LogRecord) -> int | None:
    """Whose it is; asked on the thread that logs."""
    task_id = getattr(record, "task_id", None)
    return task_id if isinstance(task_id, int) else current_task_id()


def _mark(record: logging.LogRecord) -> bool:
    """A filter that lets everything through, and has the handler's formatter know whose it is."""
    if (task_id := _task_of(record)) is not None:
        record.task_mark = TASK_MARK.format(task_id)
    return True


def _in_files(path: Path, task_id: int, begin: datetime) -> list[LogLine]:
    """The last lines of a task in the log files, the oldest first; what was logged before `begin` is another's."""
    found: list[LogLine] = []
    for number in range(KEPT_FILES + 1):
        file = path if number == 0 else path.with_name(f"{path.name}.{number}")
        try:
            content = file.read_bytes()
        except OSError:
            break
        found = [*(line for line in _lines(content, task_id) if line.at >= begin), *found]
        if len(found) >= MOST_LINES:
            break
    return found[-MOST_LINES:]


def _lines(content: bytes, task_id: int) -> Iterator[LogLine]:
    mark = TASK_MARK.format(task_id).encode() + b": "
    head = re.compile(rb"(" + _STAMP + rb") (\w+) +(\S+)" + re.escape(mark))
    place = content.find(mark)
    while place >= 0:
        begin = content.rfind(b"\n", 0, place) + 1
        matched, place = head.match(content, begin), place + len(mark)
        # The words may be in another's text, too.
        if matched is not None and matched.end() == place:
            stop = _NEXT.search(content, place)
            end = len(content) if stop is None else stop.start()
            stamp, level, name = (part.decode("utf-8", "replace") for part in matched.groups())
            text = content[place:end].decode("utf-8", "replace").rstrip("\n")
            yield LogLine(datetime.strptime(stamp, _STAMP_FORM), level, name, text)  # noqa: DTZ007 - local time
        place = content.find(mark, place)
