"""Minds that are changed, by hand, in a program of its own: `python -m tests.journeys.undo_by_mouse ACT DATA_DIR [FOLDER]`.

The real program, on screen $DISPLAY, under a window manager; every click and key is the X server's. ACT is "undone" (a
job is cancelled and undone, a bulk action too, and all of it is done), "cancelled" (the job is cancelled, and the program
waits to be killed), or "again" (what was cancelled before the end is undone at the next start).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QAbstractButton, QTreeView

from app.models.queue_model import QueueModel
from app.widgets.toast import Toaster
from scheduler_core import Priority, TaskRecord
from tests.journeys.beside import Onlooker, run_with
from tests.journeys.virtual_screen import VirtualScreen


class Person:
    """One who uses the mouse and a few keys, and reads what the window says."""

    def __init__(self, onlooker: Onlooker, screen: VirtualScreen) -> None:
        self.onlooker = onlooker
        self.screen = screen
        onlooker.until(onlooker.is_open, "the database to be open")

    def click(self, name: str) -> None:
        """Clicks on a button or a switch."""
        self.screen.click(*self.onlooker.place_of(QAbstractButton, name))

    def switch_process(self, *, on: bool) -> None:
        """Clicks on the switch of the domain that makes thumbnails."""
        self.screen.press("ctrl+1")
        self.click("domain-switch-process")
        self.onlooker.until(
            lambda: self.onlooker.scheduler.domain("process").is_paused != on, f"process to be {on}"
        )

    def take(self, folder: Path) -> int:
        """Gives the window a folder, whose thumbnails wait; how many tasks that are."""
        self.switch_process(on=False)
        self.onlooker.drop(folder)
        return self.onlooker.until(self.waiting, "the thumbnails to wait")

    def waiting(self) -> int | None:
        """How many tasks wait, once nothing else goes on; to be asked for on the GUI's thread."""
        counts = self.onlooker.scheduler.counts
        held = self.onlooker.scheduler.domain("process").counts.paused
        is_calm = held > 0 and counts.running == 0 and counts.pending == 0
        return counts.active if is_calm else None

    def cancel_job(self) -> None:
        """Clicks on Cancel in the row of the newest job."""
        self.screen.press("ctrl+2")
        self.click("job-cancel")
        self.onlooker.until(
            lambda: self.onlooker.scheduler.counts.active == 0 and self.onlooker.scheduler.undos,
            "the job to be cancelled",
        )

    def read_toast(self, start: str) -> str:
        """The message at the lower edge, once it begins so."""

        def read() -> str | None:
            toaster = self.onlooker.find(Toaster, "toast")
            return toaster.text if toaster is not None and toaster.text.startswith(start) else None

        return self.onlooker.until(read, f"the message {start!r}")

    def is_as_before(self, tasks: int) -> None:
        """Returns once so many tasks wait again."""
        self.onlooker.until(lambda: self.waiting() == tasks, f"{tasks} tasks to wait again")

    def finish(self) -> None:
        """Lets the thumbnails be made."""
        self.switch_process(on=True)
        self.onlooker.until(self.onlooker.is_idle, "all of it to be done")

    def priorities(self) -> list[int]:
        """Those of all that the list shows, in its order; to be asked for on the GUI's thread."""
        view = self.onlooker.find(QTreeView, "queue-list")
        if view is None:
            return []
        model = cast(QueueModel, view.model())
        records = [model.record_at(model.index(row, 0)) for row in range(model.rowCount())]
        return [record.priority for record in records if isinstance(record, TaskRecord)]


def cancelled_and_undone(person: Person, folder: Path) -> None:
    """A job is cancelled with its button, and its toast's Undo brings it back; a priority goes with Ctrl+Z."""
    tasks = person.take(folder)
    person.cancel_job()
    person.read_toast("Cancelled ")
    person.click("toast-action")
    person.is_as_before(tasks)
    person.read_toast("Undone: ")

    person.screen.press("ctrl+3")
    before = person.onlooker.until(person.priorities, "the queue to be listed")
    person.screen.click(*person.onlooker.place_of(QTreeView, "queue-list"))
    person.screen.press("ctrl+a")
    person.click("queue-priority")
    person.screen.press("Down", "Down", "Return")
    high = [Priority.HIGH] * len(before)
    person.onlooker.until(lambda: person.priorities() == high, "all of them to be urgent")
    person.read_toast("Priority High: ")
    person.screen.press("ctrl+z")
    person.onlooker.until(lambda: person.priorities() == before, "each to be as urgent as before")
    person.read_toast("Undone: ")

    person.finish()
    print(f"{tasks} tasks", flush=True)


def cancelled_and_killed(person: Person, folder: Path) -> None:
    """A job is cancelled; whoever started the program kills it before the ten seconds are over."""
    tasks = person.take(folder)
    person.cancel_job()
    print(f"{tasks} tasks", flush=True)
    person.onlooker.pause(60)


def undone_at_the_next_start(person: Person) -> None:
    """The window offers to undo what was done before the program was killed."""
    text = person.read_toast("Cancelled ")
    person.click("toast-action")
    tasks = person.onlooker.until(person.waiting, "the tasks to wait again")
    person.finish()
    print(f"{text}: {tasks} tasks", flush=True)


def main() -> int:
    """Returns the program's exit code, or 70 when something was not as it should be."""
    act, data_dir = sys.argv[1], Path(sys.argv[2])
    folders = [Path(one) for one in sys.argv[3:]]
    screen = VirtualScreen(os.environ["DISPLAY"])

    def script(onlooker: Onlooker) -> None:
        person = Person(onlooker, screen)
        match act:
            case "undone":
                cancelled_and_undone(person, *folders)
            case "cancelled":
                cancelled_and_killed(person, *folders)
            case _:
                undone_at_the_next_start(person)

    return run_with(["run", "--data-dir", str(data_dir)], script)


if __name__ == "__main__":
    sys.exit(main())
