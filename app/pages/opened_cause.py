"""The cause that is opened: what its head says and offers, and the trials that were begun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.models.cause_words import cause_title, count_text, span_text
from app.models.domain_looks import domain_looks, look_of, type_name
from app.models.wording import number_text
from app.pages.session_links import SessionLinks
from app.pages.trial import Trial, TrialState
from app.pages.trial_words import hint_text, trial_text

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.models.causes_model import CausesModel
    from app.models.domain_looks import Looks
    from app.pages.causes_feed import CausesFeed
    from app.pages.errands import Errands
    from app.widgets.cause_head import CauseHead
    from scheduler_core import FailureCause, TaskHistoryRecord


class OpenedCause(QObject):
    """Fills a CauseHead and does what its buttons say. `wanted(int)`: the cause that should be opened instead."""

    wanted = Signal(int)

    def __init__(
        self, causes: CausesModel, head: CauseHead, now: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._causes = causes
        self._head = head
        self._now = now
        self._session: Session | None = None
        self._errands: Errands | None = None
        self._feed: CausesFeed | None = None
        self._links = SessionLinks()
        self._looks: Looks = {}
        self._is_open = False
        self._cause_id: int | None = None
        self._trials: dict[int, Trial] = {}
        # What is tried again as a whole, until the commands say that it was done; None: all failures.
        self._busy: set[int | None] = set()
        self._next: int | None = None
        head.retry_requested.connect(self._on_retry)
        head.clear_requested.connect(self._on_clear)

    def attach(self, session: Session, errands: Errands, feed: CausesFeed) -> None:
        """Belongs to this session from now on."""
        self._session, self._errands, self._feed = session, errands, feed
        self._looks = domain_looks(session.plugins)
        self._links.qt(session.commands.settled, self._on_settled)

    def detach(self) -> None:
        """Lets the session go. Idempotent."""
        self._links.undo()
        for trial in self._trials.values():
            trial.close()
        self._trials.clear()
        self._busy.clear()
        self._session = self._errands = self._feed = None
        self.close()

    def open(self, cause: FailureCause | None) -> None:
        """This cause, or all failures (None)."""
        self._is_open, self._cause_id = True, None if cause is None else cause.id
        self.refresh()

    def close(self) -> None:
        """None."""
        self._is_open, self._cause_id = False, None

    def try_one(self, record: TaskHistoryRecord) -> bool:
        """Tries one failure again and follows it; False while another of its cause is being tried."""
        if self._session is None or self._errands is None or record.cause is None:
            return False
        before = self._trials.get(record.cause)
        if before is not None and not before.is_over:
            return False
        trial = Trial(self._session, self._errands, record, self)
        trial.changed.connect(lambda: self._on_trial(trial))
        self._trials[record.cause] = trial
        self._keep()
        self.refresh()
        return True

    def try_newest(self) -> None:
        """Tries the newest failure of the cause that is opened."""
        if self._session is not None and self._errands is not None and self._cause_id is not None:
            self._errands.start(self._find_and_try(self._session, self._cause_id), self.tr("Trying again"))

    async def _find_and_try(self, session: Session, cause_id: int) -> None:
        for record in await session.scheduler.failures(1, cause=cause_id):
            self.try_one(record)

    def refresh(self) -> None:
        """Says how things are now."""
        if self._next is not None and self._causes.row_of(self._next) is not None:
            wanted, self._next = self._next, None
            if self._cause is None or self._cause.n == 0:
                self.wanted.emit(wanted)
        if self._is_open:
            cause = self._cause
            if self._cause_id is None:
                self._show_all()
            elif cause is not None:
                self._show_cause(cause)

    @property
    def _cause(self) -> FailureCause | None:
        return next((cause for cause in self._causes.causes if cause.id == self._cause_id), None)

    def _show_all(self) -> None:
        total, many = self._causes.total, len(self._causes.causes)
        is_busy = None in self._busy
        caption = self.tr("{0} of {1} causes").format(count_text(total), number_text(many))
        self._head.show_words(self.tr("All failures"), count_text(total) if many <= 1 else caption)
        self._head.show_buttons(
            "",
            self.tr("Retry &all {0}").format(number_text(total)),
            self.tr("&Clear all {0}").format(number_text(total)),
            may_try=not is_busy and total > 0,
            may_clear=not is_busy and total > 0,
        )
        self._head.make_main(retry=True)
        text = self.tr("Open a cause to try one of its failures first.")
        self._head.strip.show_text(*((self._busy_text(), "busy") if is_busy else (text, "hint")))

    def _show_cause(self, cause: FailureCause) -> None:
        trial = self._trials.get(cause.id)
        is_busy = cause.id in self._busy or None in self._busy
        is_trying = trial is not None and not trial.is_over
        has_worked = trial is not None and trial.state is TrialState.WORKED
        look = look_of(self._looks, cause.domain)
        what = f"{look.title} ({type_name(cause.task_type)})"
        self._head.show_words(cause_title(cause), f"{what} · {span_text(cause, self._now())}")
        is_there = self._session is not None and self._session.scheduler.try_domain(cause.domain) is not None
        may_clear = not is_busy and not is_trying and cause.n > 0
        self._head.show_buttons(
            self.tr("&Try it again") if cause.n == 1 and not has_worked else self.tr("&Try one"),
            self._retry_text(cause.n, has_worked=has_worked),
            self.tr("&Clear it") if cause.n == 1 else self.tr("&Clear all {0}").format(number_text(cause.n)),
            may_try=may_clear and is_there,
            may_clear=may_clear,
        )
        self._head.make_main(retry=has_worked)
        if is_busy:
            self._head.strip.show_text(self._busy_text(), "busy")
        elif not is_there:
            text = self.tr("{0} is not there: switch its plugin on or install it, then try again.")
            self._head.strip.show_text(text.format(look.title), "held")
        elif trial is not None:
            self._head.strip.show_text(*trial_text(trial, cause.n, look.title))
        else:
            self._head.strip.show_text(hint_text(cause.n), "hint")

    def _retry_text(self, n: int, *, has_worked: bool) -> str:
        if n == 1:
            return self.tr("Retry the &other one") if has_worked else ""
        if has_worked:
            return self.tr("Retry the &other {0}").format(number_text(n))
        return self.tr("Retry &all {0}").format(number_text(n))

    def _busy_text(self) -> str:
        return self.tr("They are put into line again…")

    def _on_retry(self) -> None:
        if self._session is not None and self._may_act():
            self._begin()
            self._session.commands.retry_cause(self._cause)

    def _on_clear(self) -> None:
        if self._session is not None and self._may_act():
            self._begin()
            self._session.commands.clear_failures(self._cause)

    def _may_act(self) -> bool:
        """Is something opened that is still there? A cause that has gone must not be taken for all failures."""
        return self._is_open and (self._cause_id is None or self._cause is not None)

    def _begin(self) -> None:
        """What was said of a trial is over: something is done with all of them."""
        for cause_id in list(self._trials) if self._cause_id is None else [self._cause_id]:
            if (trial := self._trials.get(cause_id)) is not None and trial.is_over:
                del self._trials[cause_id]
        self._busy.add(self._cause_id)
        self.refresh()

    def _on_settled(self) -> None:
        self._busy.clear()
        self.refresh()

    def _on_trial(self, trial: Trial) -> None:
        if trial.is_over:
            if trial.state is TrialState.OTHER and trial.other is not None:
                # It is said there, too; and where nothing is left of the old cause, that one is looked at.
                self._trials[trial.other.id] = trial
                self._next = trial.other.id
            if trial.state is TrialState.WORKED and trial.left == 0 and self._session is not None:
                self._session.commands.told.emit(trial_text(trial, 0, "")[0])
            self._keep()
            if self._feed is not None:
                self._feed.hurry()
        self.refresh()

    def _keep(self) -> None:
        self._causes.keep(cause_id for cause_id, trial in self._trials.items() if not trial.is_over)
