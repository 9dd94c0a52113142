"""The palette of a window: made when it is first wanted, and it remembers what was used lately."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.models.palette_model import Entry
    from app.pages.palette import Palette
    from app.pages.palette_jobs import JobFinder

_LATELY = "palette/lately"
_MOST_LATELY = 8


class PaletteHost(QObject):
    """`entries()` says what can be chosen each time it opens; `state` keeps what was used over restarts."""

    def __init__(
        self,
        over: QWidget,
        state: QSettings,
        entries: Callable[[], list[Entry]],
        show_job: Callable[[str], None],
    ) -> None:
        super().__init__(over)
        self._over = over
        self._state = state
        self._entries = entries
        self._show_job = show_job
        self._session: Session | None = None
        self._palette: Palette | None = None
        self._finder: JobFinder | None = None

    def attach(self, session: Session) -> None:
        """Finds the jobs of this session, too."""
        self._session = session

    def detach(self) -> None:
        """Lets the session go. Idempotent."""
        if self._palette is not None:
            self._palette.close_palette()
        self._drop_finder()
        self._session = None

    def toggle(self) -> None:
        """Opens the palette, or closes it."""
        palette = self._palette = self._palette or self._make()
        if palette.isVisible():
            palette.close_palette()
            return
        if self._finder is None and self._session is not None:
            from app.pages.kept_jobs import kept_tag
            from app.pages.palette_jobs import JobFinder

            tag = kept_tag(self._state)
            self._finder = JobFinder(self._session, tag, self._show_job, self)
            self._finder.found.connect(palette.set_jobs)
        palette.open(self._entries(), self._lately())

    def _make(self) -> Palette:
        from app.pages.palette import Palette

        palette = Palette(self._over)
        palette.typed.connect(self._on_typed)
        palette.chosen.connect(self._on_chosen)
        palette.left.connect(self._drop_finder)
        return palette

    def _on_typed(self, text: str) -> None:
        if self._finder is not None:
            self._finder.look_for(text)

    def _on_chosen(self, key: str) -> None:
        lately = [key, *(one for one in self._lately() if one != key)]
        self._state.setValue(_LATELY, lately[:_MOST_LATELY])

    def _lately(self) -> list[str]:
        # Qt gives back a list of one as its only text.
        value = self._state.value(_LATELY, [])
        if isinstance(value, str):
            return [value]
        return [str(one) for one in value] if isinstance(value, list) else []

    def _drop_finder(self) -> None:
        finder, self._finder = self._finder, None
        if finder is not None:
            finder.stop()
            finder.deleteLater()
