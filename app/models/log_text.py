"""What a task has logged, as lines to read and to copy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.task_logs import LogLine


def log_text(lines: Sequence[LogLine], today: date) -> str:
    """To read: the time, what is no plain information by its level, and the words; the day where it is not today."""
    return "\n".join(_line(one, today) for one in lines)


def log_copy(lines: Sequence[LogLine]) -> str:
    """All that is known of each line, as the log file has it."""
    return "\n".join(
        f"{one.at.isoformat(' ', 'milliseconds')} {one.level:<7} {one.logger}: {one.text}" for one in lines
    )


def _line(one: LogLine, today: date) -> str:
    moment = f"{one.at:%H:%M:%S}" if one.at.date() == today else f"{one.at:%Y-%m-%d %H:%M:%S}"
    level = "" if one.level in {"INFO", "DEBUG"} else f"{one.level} "
    return f"{moment}  {level}{one.text}"
