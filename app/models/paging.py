"""Where a list that comes page by page stands: is there more, was it asked for, does anybody look at its end? Qt-free."""

from __future__ import annotations

from collections.abc import Callable


class Paging:
    """One list's state. A model answers `canFetchMore` with `may_ask`, and tells what came by the other methods."""

    def __init__(self) -> None:
        self.has_more = False
        """Are there older rows that are not loaded?"""
        self.is_end_in_sight: Callable[[], bool] = lambda: True
        """A tree view asks for more at each layout; its answer here keeps that to when its end is seen."""
        self._is_asked = False

    def may_ask(self) -> bool:
        """Is there more, not asked for yet, and is the end of the list in sight?"""
        return self.has_more and not self._is_asked and self.is_end_in_sight()

    def ask(self) -> None:
        """The next page is on its way."""
        self._is_asked = True

    def on_page(self, *, is_last: bool) -> None:
        """The page that was asked for has come, and its rows are in the list."""
        self._is_asked = False
        self.has_more = not is_last

    def on_newest(self, *, is_all: bool, reaches_end: bool) -> None:
        """The newest rows have come: all there are, or as many as were asked for, down to the list's end or not."""
        if is_all:
            self.on_page(is_last=True)
        elif reaches_end:
            self.has_more = True
