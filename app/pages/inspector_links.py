"""Ties the inspector to the window: to whatever page has a signal `selected(object)`, to its button and its key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings, QSize, Qt, QTimer, SignalInstance
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from app.pages.inspector_room import InspectorRoom
from app.pages.page_stack import PageStack
from app.theme import follow_theme
from app.widgets.icons import icon

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.pages.inspector import Inspector

KEYS = "Ctrl+I"


class InspectorLinks(QObject):
    """`room` goes where the pages were; `button` opens and closes it.

    A page that shows tasks emits `selected(TaskRecord | TaskHistoryRecord | None)` as a person selects; the inspector
    shows what the page in front has selected. Its signal `opened`, else Enter or a double click in its `view`, opens
    the inspector.
    """

    def __init__(self, body: QWidget, pages: PageStack, state: QSettings, parent: QWidget) -> None:
        super().__init__(parent)
        self._pages = pages
        self._selected: dict[QWidget, Any] = {}
        self._session: Session | None = None
        self._inspector: Inspector | None = None
        self.room = InspectorRoom(body, state)
        self.button = QPushButton()
        self.button.setObjectName("inspector-toggle")
        self.button.setCheckable(True)
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.setAccessibleName(self.tr("Inspector"))
        keys = QKeySequence(KEYS).toString(QKeySequence.SequenceFormat.NativeText)
        self.button.setToolTip(self.tr("Show or hide what is known of the selected task ({0})").format(keys))
        self.button.setChecked(self.room.is_open)
        self.button.clicked.connect(self.room.set_open)
        self.room.toggled.connect(self.button.setChecked)
        self.room.toggled.connect(lambda _: self._fill())
        pages.page_made.connect(self._on_page)
        pages.currentChanged.connect(lambda _: self._show_selected())
        follow_theme(self.button, self._ink)
        self._ink()

    def attach(self, session: Session) -> None:
        """Follows the tasks of a session."""
        self.detach()
        self._session = session
        if self._inspector is not None:
            self._inspector.attach(session)
        # It is not what a person waits for first.
        QTimer.singleShot(0, self, self._fill)

    def detach(self) -> None:
        """Lets the session go. Idempotent."""
        self._session = None
        self._selected.clear()
        if self._inspector is not None:
            self._inspector.detach()

    @property
    def inspector(self) -> Inspector | None:
        """What is in the room, once that was open while there was a session."""
        return self._inspector

    def _fill(self) -> None:
        """Makes the inspector when it is first to be seen: it needs the core, which the first picture does without."""
        if self._session is None or self._inspector is not None or not self.room.is_open:
            return
        from app.pages.inspector import Inspector

        self._inspector = Inspector(self)
        self._inspector.panel.close_requested.connect(lambda: self.room.set_open(False))
        self._inspector.attach(self._session)
        self.room.set_panel(self._inspector.panel)
        self._show_selected()

    def _on_page(self, page: QWidget) -> None:
        selected = getattr(page, "selected", None)
        if selected is None or not hasattr(selected, "connect"):
            return
        selected.connect(lambda record, page=page: self._on_selected(page, record))
        opened = getattr(page, "opened", None)
        if not isinstance(opened, SignalInstance):
            opened = getattr(getattr(page, "view", None), "activated", None)
        if opened is not None:
            opened.connect(lambda _: self.room.set_open(True))

    def _on_selected(self, page: QWidget, record: Any) -> None:
        self._selected[page] = record
        if self._inspector is not None and page is self._pages.currentWidget():
            self._inspector.show_record(record)

    def _show_selected(self) -> None:
        page = self._pages.currentWidget()
        if self._inspector is not None and page is not None:
            self._inspector.show_record(self._selected.get(page))

    def _ink(self) -> None:
        self.button.setIcon(icon("info", "text", 16))
        self.button.setIconSize(QSize(16, 16))
