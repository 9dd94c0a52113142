"""Signals whose slots cannot harm each other."""

from __future__ import annotations

import logging
from typing import Any, cast

from psygnal import SignalInstance

log = logging.getLogger(__name__)


class SteadySignal(SignalInstance):
    """Calls every slot: what one raises is logged. psygnal itself stops at the first that raises, and raises it again.

    Given to `Signal(..., signal_instance_class=SteadySignal)`.
    """

    def _run_emit_loop_immediate(self) -> None:
        arguments = cast("tuple[Any, ...]", self._emit_queue.popleft())  # pyright: ignore[reportUnknownMemberType]
        slots = cast("list[Any]", list(self._slots))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        for slot in slots:
            try:
                slot.cb(arguments)
            except ReferenceError:  # its object went away during this very emission
                continue
            except Exception:
                log.exception("a slot of %s failed: %r", self.name, slot)
