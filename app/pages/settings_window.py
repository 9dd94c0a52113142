"""The settings window: what a person can set, page by page; what can apply at once does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QCloseEvent, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.pages.setting_places import focus_control
from app.pages.settings_advanced import AdvancedPage
from app.pages.settings_domains import DomainsPage
from app.pages.settings_general import GeneralPage
from app.pages.settings_limits import LimitsPage
from app.pages.settings_notifications import NotificationsPage
from app.pages.settings_plugins import PluginsPage
from app.pages.settings_pressure import PressurePage
from app.pages.window_state import window_state
from app.theme import GRID
from app.widgets.nav_list import NavList
from app.widgets.reading_order import focus_beside
from app.widgets.settings_search import Found, SettingsSearch

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.pages.settings_page import SettingsPage
    from app.widgets.setting_row import SettingRow

_SIZE = QSize(880, 640)
_LEAST = QSize(696, 440)
_NAV_WIDTH = 184


class SettingsWindow(QDialog):
    """Stands beside the main window and blocks nothing. It follows the session until it is closed, and again when
    it is shown again; `detach` is for the end of the session. Its size and its page are there again at the next start.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings-window")
        self.setModal(False)
        # Beside a main window that went to the tray, closing this one must not end the app.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setMinimumSize(_LEAST)
        self._is_attached = False
        self._shown = ""
        self._inner = QWidget()
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.addWidget(self._inner)
        self._fill(session)
        self._state = window_state(session.settings, self)
        page, size = self._state.value("settings/page"), self._state.value("settings/size")
        self.show_page(str(page) if page in self._pages else "general")
        self._nav.setFocus()
        available = self.screen().availableSize()
        wanted = size if isinstance(size, QSize) else _SIZE
        self.resize(wanted.boundedTo(QSize(available.width() - 64, available.height() - 64)))
        self.attach()

    def renew(self, session: Session) -> None:
        """Shows everything anew: other plugins are there, or another language is in force. Page, place and focus stay.

        Not from within a signal of what is in it: that is gone when this returns.
        """
        was_attached, page = self._is_attached, self._shown
        focus = self.focusWidget()
        control = "" if focus is None else focus.objectName()
        scroll = self._pages[page].verticalScrollBar().value()
        self.detach()
        old, self._inner = self._inner, QWidget()
        self.unsetLocale()
        self._outer.replaceWidget(old, self._inner)
        old.hide()
        old.setParent(None)
        old.deleteLater()
        self._fill(session)
        self._inner.show()
        self.show_page(page)
        if was_attached:
            self.attach()
        # The page has no height before it is laid out.
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self._pages[page].verticalScrollBar().setValue(scroll)
        again = self.findChild(QWidget, control) if control else None
        (again or self._nav).setFocus()

    def show_page(self, name: str) -> None:
        """Brings a page to the front: general, domains, limits, pressure, plugins, notifications or advanced."""
        self._nav.show_page(name)

    def show_setting(self, page: str, control: str) -> bool:
        """Goes to the row of a control, by its object name, or to the control itself; False if it is not there."""
        self.show_page(page)
        shown = self._pages[page]
        for row in shown.rows:
            if row.control.objectName() == control:
                shown.reveal(row)
                return True
        return focus_control(shown, shown, control)

    def attach(self) -> None:
        """Follows the session. Idempotent."""
        if not self._is_attached:
            self._is_attached = True
            for page in self._pages.values():
                page.attach()

    def detach(self) -> None:
        """Lets the session go. Idempotent."""
        if self._is_attached:
            self._is_attached = False
            for page in self._pages.values():
                page.detach()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's hook."""
        self.attach()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt's hook; a window nobody sees follows nothing."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.detach()
            self._state.setValue("settings/size", self.size())
            self._state.setValue("settings/page", self._shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's hook: Return presses the button that has the focus, and never one somewhere else on the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            if isinstance(focus, QPushButton):
                focus.click()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's name
        """Qt's hook; the Tab key goes as one reads."""
        return focus_beside(self, forward=next)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt's hook; also for a window that was never shown."""
        self.detach()
        super().closeEvent(event)

    def _fill(self, session: Session) -> None:
        self.setWindowTitle(self.tr("Settings · Tidemill"))
        self._nav = NavList()
        self._search = SettingsSearch(self._all_settings)
        self._stack = QStackedWidget()
        self._pages: dict[str, SettingsPage] = {}
        self._build()
        self._add_page("general", self.tr("General"), "settings", GeneralPage(session))
        self._add_page("domains", self.tr("Domains"), "domain", DomainsPage(session))
        self._add_page("limits", self.tr("Limits"), "limits", LimitsPage(session))
        self._add_page("pressure", self.tr("Pressure"), "calm", PressurePage(session))
        self._add_page("plugins", self.tr("Plugins"), "plug", PluginsPage(session))
        self._add_page("notifications", self.tr("Notifications"), "notify", NotificationsPage(session))
        self._add_page("advanced", self.tr("Advanced"), "info", AdvancedPage(session))
        self._nav.page_chosen.connect(self._on_page)

    def _build(self) -> None:
        self._nav.setObjectName("settings-nav")
        self._nav.setStyleSheet("QListView { background: transparent; border: none; border-radius: 0; }")
        side = QFrame()
        side.setProperty("role", "side")
        side.setFixedWidth(_NAV_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(GRID, 2 * GRID, GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self._search)
        column.addWidget(self._nav)
        column.addStretch(1)
        self._side = column
        self._search.searching.connect(self._on_searching)
        self._search.chosen.connect(self._reveal)
        find = QAction(self.tr("Search all settings"), self._inner)
        find.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        find.triggered.connect(lambda: self._search.line.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self._inner.addAction(find)
        row = QHBoxLayout(self._inner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self._stack, 1)

    def _add_page(self, name: str, title: str, icon: str, page: SettingsPage) -> None:
        self._pages[name] = page
        self._nav.add_page(name, title, icon)
        self._stack.addWidget(page)

    def _on_page(self, name: str) -> None:
        self._shown = name
        self._stack.setCurrentWidget(self._pages[name])

    def _all_settings(self) -> list[Found]:
        found: list[Found] = []
        for name, page in self._pages.items():
            for row in page.rows:
                # The control's name says of which domain it is, where the row stands below the domain's own title.
                title, place = row.control.accessibleName() or row.title, page.place_of(row)
                words = f"{title} {row.title} {row.description} {place} {page.title}".casefold()
                found.append(Found(title, place, words, (name, row)))
        return found

    def _on_searching(self, on: bool) -> None:
        self._nav.setVisible(not on)
        self._side.setStretch(0, 1 if on else 0)
        self._side.setStretch(2, 0 if on else 1)

    def _reveal(self, place: tuple[str, SettingRow]) -> None:
        name, row = place
        self.show_page(name)
        self._pages[name].reveal(row)
