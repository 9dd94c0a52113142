"""What is said of a failure that is tried again, and in which look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.models.cause_words import cause_title
from app.models.wording import number_text
from app.pages.trial import TrialState

if TYPE_CHECKING:
    from app.pages.trial import Trial


def hint_text(count: int) -> str:
    """What to do first with a cause that has so many failures."""
    if count <= 1:
        return _tr("Mend the cause, then try it again: what becomes of it is said here.")
    return _tr(
        "Mend the cause, then try one: what becomes of it is said here. If it works, retry the others."
    )


def trial_text(trial: Trial, left: int, domain: str) -> tuple[str, str]:
    """What became of a trial, and the look of a TrialStrip; `left` failures of its cause are there still."""
    name, state = trial.label, trial.state
    if state is TrialState.WORKED:
        return _worked(name, left), "good"
    if state is TrialState.OTHER and trial.other is not None:
        text = _tr("{0} failed again, for another cause: {1}").format(name, cause_title(trial.other))
        return text, "bad"
    texts = {
        TrialState.WAITING: (_tr("{0} is tried again: it waits for its turn…"), "busy"),
        TrialState.PAUSED: (_tr("{0} is tried again as soon as {1} goes on: it is paused."), "held"),
        TrialState.RUNNING: (_tr("{0} is tried again: it is at work…"), "busy"),
        TrialState.BACKING_OFF: (_tr("{0} failed once more and is tried again by itself…"), "busy"),
        TrialState.SAME: (_tr("{0} failed again, for the same cause."), "bad"),
        TrialState.OTHER: (_tr("{0} failed again, for another cause."), "bad"),
        TrialState.CANCELLED: (_tr("{0} was not tried: it was cancelled or is gone."), "hint"),
    }
    text, kind = texts[state]
    return text.format(name, domain), kind


def _worked(name: str, left: int) -> str:
    if left == 0:
        return _tr("{0} worked. Nothing else failed for this cause.").format(name)
    if left == 1:
        return _tr("{0} worked. Retry the other one.").format(name)
    return _tr("{0} worked. Retry the other {1}.").format(name, number_text(left))


def _tr(text: str) -> str:
    return QCoreApplication.translate("causes", text)
