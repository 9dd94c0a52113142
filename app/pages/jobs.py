"""Jobs: what belongs together over all domains, one row each, with its way through the domains below it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QSettings, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QPushButton, QWidget

from app.models.job_figures import JOB_TAG, figures
from app.models.job_row import JobColumn, job_name
from app.models.jobs_filter import JobKind, JobsWish
from app.models.jobs_model import JobsModel
from app.pages.failure_search import find_failures
from app.pages.jobs_feed import JobsFeed
from app.pages.kept_jobs import keep_tag, keep_wish, kept_tag, kept_wish
from app.pages.list_page import ListPage
from app.pages.window_state import window_state
from app.widgets.empty_state import EmptyState
from app.widgets.job_delegate import JobDelegate
from app.widgets.row_buttons import RowButtons
from app.widgets.rows_view import Column, RowsView
from app.widgets.tag_button import TagButton

if TYPE_CHECKING:
    from app.bridge.session import Session
    from scheduler_core import JobSummary

_COLUMNS = {
    JobColumn.NAME: Column(190, least=136, share=2),
    JobColumn.PROGRESS: Column(128, least=88, share=1),
    JobColumn.DONE: Column(72, least=64, hide_below=612),
    JobColumn.RUNNING: Column(104, hide_below=860),
    JobColumn.WAITING: Column(100, hide_below=720),
    JobColumn.FAILED: Column(86, hide_below=540),
    JobColumn.READY: Column(136, least=128),
    JobColumn.ACTIONS: Column(264, least=100, narrow_below=1040),
}
_WORDS_FROM = 220
_SEARCH_LEAST, _SEARCH_MOST = 96, 220
_SHORT_BELOW = 680


class JobsPage(ListPage):
    """Grey rows until it is attached. Enter or a click opens a row; `job-cancel` and `job-retry` act on one.

    The jobs are the values of the tag `job_id`, or of another that `jobs-group` chooses.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("page-jobs", EmptyState("jobs", "", ""), parent)
        self._model = JobsModel(self)
        self._wish = JobsWish()
        self._chips = QButtonGroup(self)
        self._search = QLineEdit()
        self._group = TagButton("jobs-group")
        self._state: QSettings | None = None
        self._build_bar()
        self.view = _JobsView(list(_COLUMNS.values()), self.tr("Jobs"))
        self.view.setItemDelegate(JobDelegate(self.view))
        self.view.setModel(self._model)
        self._model.paging.is_end_in_sight = self.view.is_end_in_sight
        self.view.near_top = self._model.fetch_newer
        self.view.is_top_first = lambda: not self._model.is_slid
        self._build_actions()
        self.set_content(self.view)
        for signal in (self._model.rowsInserted, self._model.rowsRemoved):
            signal.connect(lambda *_: self._show_rows())

    def make_feed(self, session: Session) -> JobsFeed:
        """What fills the list from now on."""
        feed = JobsFeed(session, self._model, self.tag, self._wish, self.isVisible, self)
        feed.loaded.connect(self._on_loaded)
        feed.keys_known.connect(self._group.set_keys)
        return feed

    @property
    def tag(self) -> str:
        """The key of the tag whose values are the jobs."""
        return self._group.tag

    def attach(self, session: Session) -> None:
        """Shows the jobs of the session, by the tag that was chosen last, and follows them."""
        self._state = window_state(session.settings, self)
        self._show_tag(kept_tag(self._state))
        self._show_wish(kept_wish(self._state))
        super().attach(session)

    def group_by(self, tag: str) -> None:
        """Shows the values of another tag, now and at the next start."""
        if tag == self.tag:
            return
        if self._state is not None:
            keep_tag(self._state, tag)
        self._show_tag(tag)
        self.renew_feed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook; where the controls would not fit, they say less."""
        super().resizeEvent(event)
        is_short = self.width() < _SHORT_BELOW
        self._group.set_short(is_short)
        words = self.tr("Search jobs…") if is_short else self.tr("Search jobs…   {0}").format(self._keys)
        self._search.setPlaceholderText(words)

    def _show_tag(self, tag: str) -> None:
        self._group.set_tag(tag)
        self._model.set_tag(tag)

    def clear_rows(self) -> None:
        """Empties the list."""
        self._model.clear()

    def _build_bar(self) -> None:
        kinds = {
            JobKind.ALL: self.tr("All"),
            JobKind.ACTIVE: self.tr("At work"),
            JobKind.FAILED: self.tr("With failures"),
        }
        for place, (kind, text) in enumerate(kinds.items()):
            chip = QPushButton(text)
            chip.setObjectName(f"jobs-{kind.value}")
            chip.setAccessibleName(self.tr("Show jobs: {0}").format(text))
            chip.setProperty("role", "chip")
            chip.setCheckable(True)
            chip.setChecked(kind is JobKind.ALL)
            chip.toggled.connect(lambda on, kind=kind: self._set_wish(kind=kind) if on else None)
            self._chips.addButton(chip, place)
            self.bar.addWidget(chip)
        self._group.chosen.connect(self.group_by)
        self.bar.addStretch(1)
        self.bar.addWidget(self._group)
        self._search.setObjectName("search")
        self._search.setAccessibleName(self.tr("Search jobs"))
        shortcut = QShortcut(QKeySequence.StandardKey.Find, self)
        shortcut.activated.connect(self._search.setFocus)
        self._keys = shortcut.key().toString(QKeySequence.SequenceFormat.NativeText)
        self._search.setClearButtonEnabled(True)
        # Files that are dropped here are for the window, as everywhere on it.
        self._search.setAcceptDrops(False)
        self._search.setMinimumWidth(_SEARCH_LEAST)
        self._search.setMaximumWidth(_SEARCH_MOST)
        self._search.textChanged.connect(lambda text: self._set_wish(text=text))
        # It takes what room there is, before the empty one does.
        self.bar.addWidget(self._search, 1_000)

    def _build_actions(self) -> None:
        buttons = RowButtons(_WORDS_FROM)
        self._retry = buttons.add_button(
            "job-retry", "retry", self.tr("Retry failed"), self.tr("Retry what failed of this job")
        )
        self._cancel = buttons.add_button(
            "job-cancel", "close", self.tr("Cancel"), self.tr("Cancel what is left of this job")
        )
        self._retry.clicked.connect(self._on_retry)
        self._cancel.clicked.connect(self._on_cancel)
        self.view.set_actions(buttons, JobColumn.ACTIONS)
        self.view.can_act = self._can_act
        self._retry_entry = self.view.add_menu_action(self.tr("Retry failed"), self._retry.click)
        self._cancel_entry = self.view.add_menu_action(self.tr("Cancel"), self._cancel.click)
        self.view.actions_moved.connect(self._on_actions_moved)

    def _can_act(self, index: QModelIndex) -> bool:
        summary = self._model.summary_at(index)
        one = figures({} if summary is None else summary.counts)
        return bool(one.failed or one.active)

    def _acting(self) -> JobSummary | None:
        return self._model.summary_at(self.view.acting_index)

    def _on_actions_moved(self) -> None:
        summary = self._acting()
        if summary is None:
            return
        one, title = figures(summary.counts), job_name(summary)
        self._retry.setVisible(one.failed > 0)
        self._retry_entry.setEnabled(one.failed > 0)
        self._cancel.setVisible(one.active > 0)
        self._cancel_entry.setEnabled(one.active > 0)
        self._retry.setAccessibleName(self.tr("Retry what failed of {0}").format(title))
        self._cancel.setAccessibleName(self.tr("Cancel what is left of {0}").format(title))

    def _on_cancel(self) -> None:
        summary = self._acting()
        if summary is not None and self.session is not None:
            self.session.commands.cancel_job(summary.tag, summary.value)

    def _on_retry(self) -> None:
        summary = self._acting()
        if summary is not None and self.errands is not None and self.session is not None:
            work = self._retry_failed(self.session, summary)
            self.errands.start(work, job_name(summary))

    async def _retry_failed(self, session: Session, job: JobSummary) -> None:
        failed = await find_failures(session.scheduler, job.tag, job.value)
        if failed:
            session.commands.retry_failures(failed)
        else:
            session.commands.told.emit(self.tr("Nothing of {0} is left to retry").format(job_name(job)))

    def _show_wish(self, wish: JobsWish) -> None:
        for chip in self._chips.buttons():
            if chip.objectName() == f"jobs-{wish.kind.value}":
                chip.setChecked(True)
        self._search.setText(wish.text)

    def _set_wish(self, **changes: Any) -> None:
        self._wish = replace(self._wish, **changes)
        if self._state is not None:
            keep_wish(self._state, self._wish)
        if isinstance(self.feed, JobsFeed):
            self.feed.set_wish(self._wish)
            self._show_rows()

    def _on_loaded(self) -> None:
        is_first = not self.view.currentIndex().isValid()
        self._show_rows()
        if is_first and self._model.rowCount():
            newest = self._model.index(0, 0)
            self.view.setCurrentIndex(newest)
            summary = self._model.summary_at(newest)
            if summary is not None and figures(summary.counts).active:
                self.view.expand(newest)

    def _show_rows(self) -> None:
        if not isinstance(self.feed, JobsFeed):
            return
        is_all, has_rows = self._wish.is_all, self._model.rowCount() > 0
        if not is_all and self.feed.is_searching:
            self.empty.set_text(self.tr("Searching…"), self.tr("All older jobs are looked through."))
        elif not is_all:
            self.empty.set_text(
                self.tr("No such jobs"), self.tr("Nothing matches. Choose All, or clear the search.")
            )
        elif self.tag != JOB_TAG:
            self.empty.set_text(
                self.tr("No task has the tag {0}").format(self.tag),
                self.tr("Choose another one at Group by."),
            )
        else:
            self.empty.set_text(
                self.tr("No jobs yet"),
                self.tr(
                    "Drop files or a folder anywhere on this window, and they become a job you can follow here."
                ),
            )
        # Without jobs there may be values of other tags: who has chosen one can choose again.
        self.show_content(has_rows=has_rows, keep_bar=not is_all or self._group.has_others)
        if not has_rows and not is_all:
            # The list is not seen and does not ask by itself.
            self._model.fetchMore(QModelIndex())


class _JobsView(RowsView):
    """Opens and closes a job by click, Enter or the arrow keys."""

    def __init__(self, columns: list[Column], accessible_name: str) -> None:
        super().__init__("jobs-list", accessible_name, columns)
        self.clicked.connect(self._on_clicked)
        self.expanded.connect(self._span)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's hook; Enter opens and closes."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._toggle(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        if not index.parent().isValid():
            self._toggle(index)

    def _toggle(self, index: QModelIndex) -> None:
        job = index.parent() if index.parent().isValid() else index.siblingAtColumn(0)
        self.setExpanded(job, not self.isExpanded(job))

    def _span(self, job: QModelIndex) -> None:
        self.setFirstColumnSpanned(0, job, True)
