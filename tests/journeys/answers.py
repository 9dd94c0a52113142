"""Whether the window answered all the while, measured against what this machine gives anybody at the same time.

A window answers late for two reasons: it computes, or the machine lets it wait. What it computes is held against the
cost of painting itself once; how late it is, against a program beside it that does nothing but ask to be woken.
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Self

from PySide6.QtWidgets import QWidget

from tests.benchmarks.loop_probe import INTERVAL_S, LoopProbe
from tests.journeys.beside import Onlooker

_PAINTS = 9
_SLEEPER = f"""
import sys, threading, time
late, stop = [], threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
while not stop.is_set():
    due = time.monotonic() + {INTERVAL_S}
    stop.wait({INTERVAL_S})
    late.append(max(0.0, time.monotonic() - due))
print(sorted(late)[int(len(late) * 0.99)])
"""


@dataclass(frozen=True)
class Answers:
    """Times in seconds. `paint_s`: one picture of the whole window. `machine_p99_s`: how late anybody was."""

    paint_s: float
    machine_p99_s: float
    p99_s: float
    ours_p99_s: float
    ours_longest_s: float
    place: str

    def assert_bounded(self, *, most_p99: float, most_longest: float, most_late: float) -> None:
        """What is computed before 99 of 100 answers, and before any, in pictures of the window; and how late 99 of 100 are.

        The last in pictures and what the machine lets anybody wait: who computes waits longer than who sleeps.
        """
        words = str(self)
        assert self.ours_p99_s <= most_p99 * self.paint_s, words
        assert self.ours_longest_s <= most_longest * self.paint_s, words
        assert self.p99_s <= most_late * (self.machine_p99_s + self.paint_s), words


class AnswerWatch:
    """Measures while it is entered, by a script's thread, while the window rests; then `answers` is what came of it."""

    def __init__(self, onlooker: Onlooker) -> None:
        self._onlooker = onlooker
        self._answers: Answers | None = None

    @property
    def answers(self) -> Answers:
        """What was measured, at the end."""
        assert self._answers is not None
        return self._answers

    def __enter__(self) -> Self:
        onlooker = self._onlooker
        self._paint_s = onlooker.ask(lambda: _paint_s(onlooker.window))
        self._sleeper = subprocess.Popen(
            [sys.executable, "-c", _SLEEPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._probe = onlooker.ask(LoopProbe)
        onlooker.ask(self._probe.start)
        return self

    def __exit__(self, *_: object) -> None:
        late = self._onlooker.ask(self._probe.stop)
        self._onlooker.ask(self._probe.deleteLater)
        machine_p99_s = float(self._sleeper.communicate()[0])
        self._answers = Answers(
            paint_s=self._paint_s,
            machine_p99_s=machine_p99_s,
            p99_s=late.p99_s,
            ours_p99_s=late.ours_p99_s,
            ours_longest_s=max(late.ours_s),
            place=late.place,
        )


def _paint_s(window: QWidget) -> float:
    """What the GUI thread computes for one picture of a window; the median of some."""
    took_s: list[float] = []
    for _ in range(_PAINTS):
        begun_s = time.thread_time()
        window.grab()
        took_s.append(time.thread_time() - begun_s)
    return sorted(took_s)[_PAINTS // 2]
