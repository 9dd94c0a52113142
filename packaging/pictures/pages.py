"""Every page and state of the window that is photographed: how one gets there, and back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

_MANY = 50
"""Tasks in line, of which the last does not start within seconds."""

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit, QWidget

    from pictures.photographer import Photographer

FULL, NARROW = (1280, 800), (760, 520)
"""In points."""
ALL = ("empty", "busy", "failing")
AT_WORK = ("busy", "failing")

_FAR_BEHIND = 30
"""So many stand before the task whose wait is photographed: it shall not have begun by then."""

Step = Callable[["Photographer"], None]


def _nothing(_: Photographer) -> None:
    pass


@dataclass(frozen=True)
class Page:
    """One thing to look at. `show` brings it up and returns when it is there, `leave` puts it away.

    `cut` answers the window that is photographed, where it is smaller than the screen.
    """

    name: str
    scenes: tuple[str, ...]
    show: Step
    leave: Step = _nothing
    cut: Callable[[Photographer], Callable[[], QWidget]] | None = None


def _main_page(page: str) -> Step:
    def show(by: Photographer) -> None:
        from PySide6.QtWidgets import QWidget

        by.do(lambda: by.onlooker.window.show_page(page))
        by.sees(QWidget, f"page-{page}")

    return show


def _list_page(page: str) -> Step:
    """A page whose list, or whose words that there is nothing, have come."""

    def show(by: Photographer) -> None:
        from PySide6.QtWidgets import QWidget

        from app.pages.list_page import ListPage

        def is_read() -> bool:
            found = by.onlooker.find(QWidget, f"page-{page}")
            return isinstance(found, ListPage) and found._stack.currentWidget() is not found._skeleton

        _main_page(page)(by)
        by.until(is_read, f"the page {page} to be read", 20.0)

    return show


def _domain(name: str, *, to_the_end: bool = False) -> Step:
    def show(by: Photographer) -> None:
        from PySide6.QtWidgets import QScrollArea

        _main_page(f"domain-{name}")(by)

        def scroll() -> None:
            area = by.onlooker.find(QScrollArea, f"panel-area-{name}")
            assert area is not None
            bar = area.verticalScrollBar()
            bar.setValue(bar.maximum() if to_the_end else 0)

        by.onlooker.pause(0.4)
        by.do(scroll)

    return show


def _settings(page: str) -> Step:
    def show(by: Photographer) -> None:
        by.do(lambda: by.onlooker.window.show_settings(page))
        by.until(lambda: by.onlooker.settings_window.isVisible(), "the settings")
        by.onlooker.pause(0.4)

    return show


def _close_settings(by: Photographer) -> None:
    by.do(lambda: by.onlooker.settings_window.close())


def _open_inspector(by: Photographer) -> None:
    """A photograph that waits in the Queue, found by its name, and why it waits."""
    from PySide6.QtWidgets import QLabel, QTreeView

    from app.models.queue_model import QueueModel

    def choose() -> bool:
        view = by.onlooker.find(QTreeView, "queue-list")
        model = None if view is None else view.model()
        if view is None or not isinstance(model, QueueModel):
            return False
        rows = [model.index(row, 0) for row in range(model.rowCount())]
        records = [model.record_at(row) for row in rows]
        # Not while rows are there that the search takes away, and the choice with them.
        if not all("DSC" in record.label for record in records):
            return False
        fit = [row for row, record in zip(rows, records, strict=True) if _waits_long(record)]
        waiting = sum(one.counts.pending for one in by.onlooker.scheduler.domains() if one.name == "process")
        if not fit or len(fit) < min(_FAR_BEHIND, waiting // 2):
            return False
        view.setCurrentIndex(fit[-1])
        return True

    _list_page("queue")(by)
    by.do(lambda: _search(by).setText("DSC"))
    by.until(choose, "a photograph that waits")
    by.do(lambda: by.onlooker.window._inspector.room.set_open(True))
    with contextlib.suppress(TimeoutError):
        by.until(lambda: by.onlooker.find(QLabel, "why-sentence"), "why it waits", 8.0)
    by.onlooker.pause(0.3)


def _waits_long(record: Any) -> bool:
    return record is not None and record.domain == "process" and record.status == "pending"


def _search(by: Photographer) -> QLineEdit:
    from PySide6.QtWidgets import QLineEdit

    page = by.onlooker.window._pages.page("queue")
    found = page.findChild(QLineEdit, "search")
    assert found is not None
    return found


def _close_inspector(by: Photographer) -> None:
    by.do(lambda: by.onlooker.window._inspector.room.set_open(False))
    by.do(lambda: _search(by).clear())


def _toggle_palette(by: Photographer) -> None:
    by.do(lambda: by.onlooker.window._palette.toggle())


def _open_palette(by: Photographer) -> None:
    _main_page("overview")(by)
    _toggle_palette(by)


def _open_help(by: Photographer) -> None:
    by.do(lambda: by.onlooker.window.show_help())
    by.onlooker.pause(0.3)


def _close_help(by: Photographer) -> None:
    from app.widgets.help_window import HelpWindow

    by.do(lambda: [one.close() for one in by.onlooker.window.findChildren(HelpWindow)])


def _cancel_one(by: Photographer) -> None:
    """Something that can be undone, so that the message with *Undo* stands over the Overview."""
    from PySide6.QtWidgets import QTreeView

    from app.models.queue_model import QueueModel

    def cancel() -> bool:
        onlooker = by.onlooker
        view = onlooker.find(QTreeView, "queue-list")
        model = None if view is None else view.model()
        if not isinstance(model, QueueModel) or not model.rowCount() or onlooker.session is None:
            return False
        # What is there still when it is cancelled: the last that waits, where many do; else what runs long.
        mirrors = [task for task in onlooker.scheduler.active_tasks() if task.domain == "sync"]
        last = model.record_at(model.index(model.rowCount() - 1, 0))
        task = mirrors[0] if mirrors and model.rowCount() < _MANY else last
        onlooker.session.commands.cancel_task(task.domain, task.id)
        return True

    def is_told() -> bool:
        return "ancelled" in by.onlooker.window._toaster.text

    # The message may be covered by one of a drop, whose files are counted only now: then another task is cancelled.
    for _ in range(4):
        _list_page("queue")(by)
        by.until(cancel, "a task to cancel")
        _main_page("overview")(by)
        with contextlib.suppress(TimeoutError):
            by.until(is_told, "a message with an action", 4.0)
            break
    by.until(is_told, "a message with an action", 4.0)
    by.onlooker.pause(0.4)


def _undo(by: Photographer) -> None:
    by.do(lambda: by.onlooker.window._toaster.run_newest())


def _narrow(show: Step) -> Step:
    def show_narrow(by: Photographer) -> None:
        by.do(lambda: by.onlooker.window.resize(*NARROW))
        by.until(lambda: by.onlooker.window.width() == NARROW[0], "the window to be narrow")
        show(by)

    return show_narrow


def _widen(by: Photographer) -> None:
    by.do(lambda: by.onlooker.window.resize(*FULL))
    by.until(lambda: by.onlooker.window.width() == FULL[0], "the window to be wide again")


def _main_window(by: Photographer) -> Callable[[], QWidget]:
    return lambda: by.onlooker.window


def _then(first: Step, second: Step) -> Step:
    def both(by: Photographer) -> None:
        first(by)
        second(by)

    return both


def _narrow_page(name: str, show: Step, leave: Step = _nothing, scenes: tuple[str, ...] = AT_WORK) -> Page:
    return Page(f"narrow-{name}", scenes, _narrow(show), _then(leave, _widen), _main_window)


def _failures(by: Photographer) -> None:
    """The causes, and the failures of the one that is opened."""
    from PySide6.QtWidgets import QTreeView

    _list_page("failures")(by)
    # In a narrow window there are the causes alone.
    with contextlib.suppress(TimeoutError):
        by.until(
            lambda: (
                not by.onlooker.scheduler.failure_count
                or (
                    (view := by.onlooker.find(QTreeView, "failures-list")) is not None
                    and view.model().rowCount()
                )
            ),
            "the failures to be listed",
            4.0,
        )


SETTINGS_PAGES = ("general", "domains", "limits", "pressure", "plugins", "notifications", "advanced")
LISTS = ("jobs", "queue", "history")

PAGES: tuple[Page, ...] = (
    Page("toast", AT_WORK, _cancel_one, _undo),
    Page("overview", ALL, _main_page("overview")),
    *(Page(page, ALL, _list_page(page)) for page in LISTS),
    Page("failures", ALL, _failures),
    Page("domain", ALL, _domain("process")),
    Page("domain-end", ALL, _domain("process", to_the_end=True)),
    Page("domain-ingest", AT_WORK, _domain("ingest")),
    Page("inspector", AT_WORK, _open_inspector, _close_inspector),
    Page("palette", ("busy",), _open_palette, _toggle_palette),
    Page("help", ("busy",), _open_help, _close_help),
    *(Page(f"settings-{one}", ("busy",), _settings(one), _close_settings) for one in SETTINGS_PAGES),
    *(
        Page(f"settings-{one}", ("failing",), _settings(one), _close_settings)
        for one in ("domains", "plugins")
    ),
    _narrow_page("overview", _main_page("overview"), scenes=ALL),
    *(_narrow_page(page, _list_page(page)) for page in (*LISTS, "failures")),
    _narrow_page("domain", _domain("process")),
    _narrow_page("inspector", _open_inspector, _close_inspector),
)
EXTRA = ("welcome", "problem")
"""Pages that only one scene has, and shows by itself."""


def page_names() -> list[str]:
    """All that can be asked for."""
    return [*EXTRA, *dict.fromkeys(page.name for page in PAGES)]
