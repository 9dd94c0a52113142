"""One job in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_DONE: Final = ("completed",)
_FAILED: Final = ("failed", "dead_letter", "dependency_failed", "expired")
_CANCELLED: Final = ("cancelled", "superseded")
_OPEN: Final = ("pending", "running", "paused", "waiting", "blocked")


def summary_title(job: str) -> str:
    """What the job is called, without the moment that makes its tag unique."""
    return job.rpartition(" · ")[0] or job


def summary_text(counts: Mapping[str, int], *, own_running: int = 1) -> str:
    """The job's outcome, such as "198 done, 4 failed"; `counts` are tasks by state.

    `own_running` tasks are the teller's own and not counted as still open.
    """
    done, failed, cancelled = (
        sum(counts.get(state, 0) for state in group) for group in (_DONE, _FAILED, _CANCELLED)
    )
    still_open = sum(counts.get(state, 0) for state in _OPEN) - own_running
    parts = [f"{done:,} done"]
    parts += [
        f"{number:,} {word}" for number, word in ((failed, "failed"), (cancelled, "cancelled")) if number > 0
    ]
    if still_open > 0:
        parts.append(f"{still_open:,} still to do")
    return ", ".join(parts)
