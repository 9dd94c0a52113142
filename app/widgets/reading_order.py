"""The Tab key goes through a window as one reads it, whatever was made first: rows from above to below, each from its left.

Qt goes in the order in which widgets were made, and here banners, rows, cards and whole pages come and go.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtWidgets import QScrollArea, QWidget


def reading_order(window: QWidget, also: QWidget | None = None) -> list[QWidget]:
    """What takes the focus from the Tab key now, in the order of reading; a part is read to its end before the next.

    `also` has its place in it even if it takes the focus by a click alone.
    """
    return [one for part in _in_rows(window) for one in _within(part, also)]


def focus_beside(window: QWidget, *, forward: bool) -> bool:
    """Moves the focus to the next in the order of reading, or the one before; False where nothing can take it."""
    focus = window.focusWidget()
    order = reading_order(window, focus)
    if not order:
        return False
    step = 1 if forward else -1
    if focus in order:
        target = order[(order.index(focus) + step) % len(order)]
    else:
        target = order[0 if forward else -1]
    target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    above: QObject | None = target.parent()
    while isinstance(above, QWidget):
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(target)
        above = above.parent()
    return True


def _within(part: QWidget, also: QWidget | None) -> Iterator[QWidget]:
    if _takes_tab(part) or part is also:
        yield part
    for inner in _in_rows(part):
        yield from _within(inner, also)


def _takes_tab(part: QWidget) -> bool:
    wants = bool(part.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
    return wants and part.focusProxy() is None and part.isEnabled()


def _in_rows(part: QWidget) -> list[QWidget]:
    """The visible children: those of which more than half stands beside another form a row with it."""
    children = [
        one
        for one in part.children()
        if isinstance(one, QWidget) and one.isVisible() and not one.isWindow() and one.isEnabled()
    ]
    if len(children) < 2:
        return children
    # Of those that begin at one height, the one that lies on another comes after it.
    children.sort(key=lambda one: (one.y(), one.x()))
    rows: list[list[QWidget]] = []
    for one in children:
        row = next(
            (row for row in rows if any(_are_beside(one.geometry(), other.geometry()) for other in row)), None
        )
        if row is None:
            rows.append([one])
        else:
            row.append(one)
    return [one for row in rows for one in sorted(row, key=lambda one: one.x())]


def _are_beside(one: QRect, other: QRect) -> bool:
    common = min(one.bottom(), other.bottom()) - max(one.top(), other.top())
    return 2 * common > min(one.height(), other.height())
