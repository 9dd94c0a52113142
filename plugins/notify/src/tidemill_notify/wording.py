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
    done, failed, cancelled = _total(counts, _DONE), failed_count(counts), _total(counts, _CANCELLED)
    still_open = _total(counts, _OPEN) - own_running
    parts = [f"{done:,} done"]
    if failed > 0:
        parts.append(f"{failed:,} failed")
    if cancelled > 0:
        parts.append(f"{cancelled:,} cancelled")
    if still_open > 0:
        parts.append(f"{still_open:,} still to do")
    return ", ".join(parts)


def failed_count(counts: Mapping[str, int]) -> int:
    """How many of the job's tasks failed for good, in whatever way."""
    return _total(counts, _FAILED)


def _total(counts: Mapping[str, int], states: tuple[str, ...]) -> int:
    return sum(counts.get(state, 0) for state in states)
