"""The pages of the main window, in the order of the navigation list; each is imported when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.pages.overview import OverviewPage


class ListedPage(NamedTuple):
    """A page by its name, the icon beside its title, and how it is made."""

    name: str
    icon: str
    title: Callable[[], str]
    make: Callable[[], QWidget]


def _tr(text: str) -> str:
    return QCoreApplication.translate("pages", text)


def _make_jobs() -> QWidget:
    from app.pages.jobs import JobsPage

    return JobsPage()


def _make_queue() -> QWidget:
    from app.pages.queue import QueuePage

    return QueuePage()


def _make_history() -> QWidget:
    from app.pages.history import HistoryPage

    return HistoryPage()


def _make_failures() -> QWidget:
    from app.pages.failures import FailuresPage

    return FailuresPage()


PAGES = (
    ListedPage("overview", "overview", lambda: _tr("Overview"), OverviewPage),
    ListedPage("jobs", "jobs", lambda: _tr("Jobs"), _make_jobs),
    ListedPage("queue", "queue", lambda: _tr("Queue"), _make_queue),
    ListedPage("history", "history", lambda: _tr("History"), _make_history),
    ListedPage("failures", "failures", lambda: _tr("Failures"), _make_failures),
)
