"""One failure that is tried again, to see whether its cause is mended: followed until it has ended."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.models.domain_looks import task_name
from app.pages.session_links import SessionLinks
from scheduler_core import TaskEvent, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bridge.session import Session
    from app.pages.errands import Errands
    from scheduler_core import FailureCause, SchedulerEvent, SubmitOutcome, TaskHistoryRecord, TaskRecord


class TrialState(Enum):
    """How far a trial is; from WORKED on it is over."""

    WAITING = "waiting"
    PAUSED = "paused"
    RUNNING = "running"
    BACKING_OFF = "backing off"
    """It failed, and is tried again by itself."""
    WORKED = "worked"
    SAME = "same"
    """It failed again, for the same cause."""
    OTHER = "other"
    """It failed again, for another cause."""
    CANCELLED = "cancelled"


_OVER = frozenset({TrialState.WORKED, TrialState.SAME, TrialState.OTHER, TrialState.CANCELLED})


class Trial(QObject):
    """Begins at once. `changed()` comes with each new `state`; `other` is the cause of a failure that is another's,
    `left` how many of its own cause there were when it was over.

    It listens until it is over or closed.
    """

    changed = Signal()

    def __init__(
        self, session: Session, errands: Errands, record: TaskHistoryRecord, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._errands = errands
        self._links = SessionLinks()
        self._task_id: int | None = None
        self._is_looking = self._looks_again = False
        self.cause_id = record.cause
        self.domain = record.domain
        self.label = task_name(record)
        self.state = TrialState.WAITING
        self.other: FailureCause | None = None
        self.left = 0
        self._links.qt(session.events.tasks_changed, self._on_events)
        # Also to hear when it starts.
        session.events.want_starts(self, True)
        session.commands.try_failure(record, self._on_answer)

    @property
    def is_over(self) -> bool:
        """Has it ended?"""
        return self.state in _OVER

    def close(self) -> None:
        """Follows it no longer. Idempotent."""
        self._links.undo()
        self._session.events.want_starts(self, False)

    def _on_answer(self, outcome: SubmitOutcome | None) -> None:
        if outcome is None or outcome.id is None:
            # It was cleared, pruned or done meanwhile, or could not be stored, which the commands have told.
            self._set(TrialState.CANCELLED)
            return
        self._task_id = outcome.id
        self._look()

    def _on_events(self, events: Sequence[SchedulerEvent]) -> None:
        task_id = self._task_id
        if task_id is not None and any(
            isinstance(event, TaskEvent) and event.task_id == task_id for event in events
        ):
            self._look()

    def _look(self) -> None:
        if self._is_looking:
            self._looks_again = True
        elif not self.is_over:
            self._is_looking = True
            self._errands.start(self._ask(), self.tr("Trying again"))

    async def _ask(self) -> None:
        assert self._task_id is not None
        try:
            record = await self._session.scheduler.task(self._task_id)
            ended = None if record else await self._session.scheduler.ended_task(self._task_id)
            if record is None:
                self.left = await self._count(self.cause_id)
                if ended is not None and ended.cause is not None and ended.cause != self.cause_id:
                    self.other = await self._session.scheduler.failure_cause(ended.cause)
        finally:
            self._is_looking = False
        if record is not None:
            self._set(_state_of(record))
        else:
            self._on_end(ended)
        if self._looks_again:
            self._looks_again = False
            self._look()

    async def _count(self, cause_id: int | None) -> int:
        cause = None if cause_id is None else await self._session.scheduler.failure_cause(cause_id)
        return 0 if cause is None else cause.n

    def _on_end(self, ended: TaskHistoryRecord | None) -> None:
        if ended is not None and ended.status is TaskStatus.COMPLETED:
            self._set(TrialState.WORKED)
        elif ended is None or ended.cause is None:
            self._set(TrialState.CANCELLED)
        elif ended.cause == self.cause_id:
            self._set(TrialState.SAME)
        else:
            self._set(TrialState.OTHER)

    def _set(self, state: TrialState) -> None:
        if state is self.state or self.is_over:
            return
        self.state = state
        if self.is_over:
            self.close()
        self.changed.emit()


def _state_of(record: TaskRecord) -> TrialState:
    if record.status is TaskStatus.RUNNING:
        return TrialState.RUNNING
    if record.status is TaskStatus.PAUSED:
        return TrialState.PAUSED
    return TrialState.BACKING_OFF if record.retry_count else TrialState.WAITING
