"""The main window: navigation, header, pages and status bar, before and while a session is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSize, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QHideEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QMainWindow,
    QStackedWidget,
    QWidget,
)

from app.pages.actions import ActionList
from app.pages.close_question import ask_to_quit
from app.pages.domain_pages import DomainPages
from app.pages.file_picker import FilePicker
from app.pages.inspector_links import InspectorLinks
from app.pages.page_list import PAGES
from app.pages.page_stack import PageStack
from app.pages.palette_host import PaletteHost
from app.pages.shell_feed import ShellFeed
from app.pages.welcoming import Welcoming
from app.pages.window_actions import add_actions
from app.pages.window_frame import put_together
from app.pages.window_state import window_state
from app.paths import DataPaths
from app.problem import Problem
from app.settings import SettingsStore
from app.theme import Theme
from app.widgets.banner import BannerStack
from app.widgets.drop_target import DropTarget
from app.widgets.icons import app_icon
from app.widgets.page_header import PageHeader
from app.widgets.reading_order import focus_beside
from app.widgets.side_bar import SideBar
from app.widgets.status_bar import StatusBar
from app.widgets.toast import Toaster

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.models.palette_model import Entry
    from app.pages.problem_page import ProblemPage
    from app.pages.settings_window import SettingsWindow
    from scheduler_core import TaskHistoryRecord

_SIZE = QSize(1280, 800)
_LEAST = QSize(760, 520)


class MainWindow(QMainWindow):
    """Shows itself at once, as grey shapes; `attach` fills it when the database is open.

    `files_dropped(list[Path | str])`: files, folders and web links (str) that were dropped, pasted or chosen.
    `quit_requested()`: the person wants to quit. `retry_requested()`: the data folder is to be opened again.
    `reminded(str)`: of a pause without an end.
    """

    files_dropped = Signal(list)
    quit_requested = Signal()
    retry_requested = Signal()
    reminded = Signal(str)

    def __init__(self, settings: SettingsStore) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setWindowTitle("Tidemill")
        self.setWindowIcon(app_icon())
        self.setMinimumSize(_LEAST)
        self._settings = settings
        self._theme = Theme(settings, self)
        self._state = window_state(settings, self)
        self._session: Session | None = None
        self._feed: ShellFeed | None = None
        self._settings_window: SettingsWindow | None = None
        self._fill()
        self._restore()

    def renew(self) -> None:
        """Makes everything in it anew, in the language that is in force now, and lets the session go; `attach` comes next.

        Not from within a signal of what is in it: that is gone when this returns.
        """
        self._drop_session()
        self._remember()
        problems = self._banners.problems
        self._actions.clear()
        gone = [self._toaster, self._drops, self._picker, self._domains, self._welcoming, self._inspector]
        gone += self.findChildren(QWidget, "help-window")
        self.unsetLocale()
        for one in (self._whole, self._status, *gone):
            # Nobody finds it any more by its name.
            one.setObjectName("")
        self._fill()
        for one in gone:
            one.setParent(None)
            one.deleteLater()
        self._show_last_page()
        for problem in problems:
            self._banners.add_problem(problem)

    def _fill(self) -> None:
        self._actions = ActionList(self)
        self._pages = PageStack(self._factories())
        self._problem_page: ProblemPage | None = None
        self._build()
        self._palette = PaletteHost(self._whole, self._state, self._entries, self.show_job)
        add_actions(
            self._actions,
            self,
            self._picker,
            self._header,
            self._palette.toggle,
            self._undo,
            self._inspector.room.toggle,
        )

    def attach(self, session: Session) -> None:
        """Shows an open session; cheap, what takes longer comes in the next turns of the event loop.

        It may be another one for the same scheduler: the settings window, if it is open, stays and shows that.
        """
        self._drop_session()
        self._session = self._welcoming.session = session
        self._palette.attach(session)
        self._theme.follow_settings()
        session.commands.settings_wanted.connect(self.show_settings)
        session.commands.setting_wanted.connect(self.show_setting)
        self._body.setCurrentWidget(self._pages)
        self._on_page(self._page_name)
        self._inspector.attach(session)
        self._pages.attach(session)
        self._domains.attach(session)
        self._header.set_open(True)
        self._side.set_open(True)
        self._feed = ShellFeed(
            session, self._nav, self._header, self._banners, self._status, self._toaster, self._state, self
        )
        # Whoever started with files wants to see what becomes of them.
        self._feed.working.connect(self._welcoming.end)
        self._feed.pauses.reminded.connect(self.reminded)
        self._feed.start()
        if self._settings_window is not None:
            self._settings_window.renew(session)

    def detach(self) -> None:
        """Lets the session go and shows grey shapes again. Idempotent."""
        if self._settings_window is not None:
            self._settings_window.close()
            self._settings_window.deleteLater()
            self._settings_window = None
        self._drop_session()

    def _drop_session(self) -> None:
        if self._session is None:
            return
        if self._feed is not None:
            self._feed.close()
            self._feed.deleteLater()
            self._feed = None
        self._inspector.detach()
        self._domains.detach()
        self._palette.detach()
        self._pages.detach()
        self._session.commands.settings_wanted.disconnect(self.show_settings)
        self._session.commands.setting_wanted.disconnect(self.show_setting)
        self._session = self._welcoming.session = None
        self._header.set_open(False)
        self._side.set_open(False)
        self._status.show_text(self.tr("Finishing…"))

    def show_problem(self, problem: Problem) -> None:
        """The data folder could not be opened: says so instead of the pages, and offers to try again."""
        page = self._problem_page = self._problem_page or self._make_problem_page()
        page.show_problem(problem)
        self._body.setCurrentWidget(page)
        self._header.set_title("")
        self._header.show_actions(False)
        self._inspector.room.set_allowed(False)
        self._status.show_text(self.tr("Not open"))

    def toast(self, text: str) -> None:
        """Shows a short message for a few seconds, after those that were there before."""
        self._toaster.say(text)

    def _undo(self) -> None:
        if not self._toaster.run_newest():
            self.toast(self.tr("There is nothing to undo"))

    def show_page(self, name: str) -> None:
        """Brings a page of `PAGES` to the front."""
        self._nav.show_page(name)

    def show_job(self, name: str) -> None:
        """Shows the page Jobs with this job alone, by its name."""
        self.show_page("jobs")
        search = self._pages.page("jobs").findChild(QLineEdit, "search")
        if search is not None:
            search.setText(name)

    def show_failure(self, failure: TaskHistoryRecord) -> None:
        """Shows the page Failures with this one selected below its cause, and the inspector beside it."""
        from app.pages.failures import FailuresPage

        self.show_page("failures")
        page = self._pages.page("failures")
        if isinstance(page, FailuresPage):
            page.show_failure(failure)
        self._inspector.room.set_open(True)

    def show_domain(self, name: str) -> None:
        """Shows the page of a domain, or the Overview, which has its card."""
        page = f"domain-{name}"
        self.show_page(page if self._nav.title_of(page) else "overview")

    def show_settings(self, page: str = "") -> None:
        """Opens the settings beside this window, or brings them to the front; at a page of theirs if one is named."""
        if self._session is None:
            return
        window = self._settings_window
        if window is None:
            from app.pages.settings_window import SettingsWindow

            window = self._settings_window = SettingsWindow(self._session, self)
        if page:
            window.show_page(page)
        _bring_up(window)

    def show_setting(self, page: str, control: str) -> None:
        """Shows one control and gives it the focus: of the settings, of a domain's page, or (page "") of this window."""
        from app.pages.setting_places import HasSettings, focus_control

        if not page:
            focus_control(None, self, control)
        elif page.startswith("domain-"):
            self.show_domain(page.removeprefix("domain-"))
            shown = self._pages.currentWidget()
            if isinstance(shown, HasSettings):
                shown.show_setting(control)
        else:
            self.show_settings(page)
            if self._settings_window is not None:
                self._settings_window.show_setting(page, control)

    def show_library(self) -> None:
        """Opens the folder of what was taken in, in the system's file manager; else says where it is."""
        library = DataPaths(self._settings.path.parent).library
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(library))):
            self.toast(self.tr("The library is in {0}").format(library))

    def ask_to_quit(self) -> None:
        """Asks what closing is to mean, where there is no tray to go on in; everything goes on meanwhile."""
        ask_to_quit(self._banners, self.quit_requested.emit)

    def show_help(self) -> None:
        """Opens the list of shortcuts, or brings it before the others."""
        from app.widgets.help_window import HelpWindow

        # One that was closed is still found until Qt deletes it.
        shown = next((one for one in self.findChildren(HelpWindow) if one.isVisible()), None)
        _bring_up(shown or HelpWindow(self._actions.by_group(), self))

    def changeEvent(self, event: QEvent) -> None:
        """Whoever comes back to the window is reminded of a forgotten pause, also after a suspend."""
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self._feed is not None:
            self._feed.pauses.look()
        super().changeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Remembers size and page: closing goes to the tray, so that there may be no close event."""
        self._remember()
        super().hideEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's name
        """Qt's hook; the Tab key goes as one reads."""
        return focus_beside(self, forward=next)

    def _factories(self) -> dict[str, Callable[[], QWidget]]:
        factories = {page.name: page.make for page in PAGES}
        factories["overview"] = lambda: self._domains.make_overview()
        if not self._settings.first_look.welcome_done:
            factories["welcome"] = lambda: self._welcoming.make_page()
        return factories

    def _build(self) -> None:
        self._side = SideBar()
        self._side.library_requested.connect(self.show_library)
        self._side.settings_requested.connect(self.show_settings)
        self._nav = self._side.nav
        for page in PAGES:
            self._nav.add_page(page.name, page.title(), page.icon)
        self._nav.page_chosen.connect(self._on_page)
        self._picker = FilePicker(self)
        self._picker.picked.connect(self._take)
        self._picker.found_nothing.connect(self.toast)
        self._header = PageHeader()
        self._header.add_files_requested.connect(self._picker.choose_files)
        self._header.add_folder_requested.connect(self._picker.choose_folder)
        self._domains = DomainPages(self._nav, self._pages, self._header, self)
        self._banners = BannerStack()
        self._welcoming = Welcoming(self._settings, self._banners, self._picker, self)
        self._welcoming.ended.connect(lambda: self._on_page(self._page_name))
        self._welcoming.given_up.connect(self._on_welcome_given_up)
        self._body = QStackedWidget()
        self._body.addWidget(self._pages)
        self._inspector = InspectorLinks(self._body, self._pages, self._state, self)
        self._header.add_button(self._inspector.button)
        self._status = StatusBar()
        self._status.failures_requested.connect(lambda: self.show_page("failures"))
        self.setStatusBar(self._status)
        self._whole = put_together(self._side, self._header, self._banners, self._inspector.room)
        self.setCentralWidget(self._whole)
        # Over the empty middle of the status bar: no list and no graph lies under it.
        self._toaster = Toaster(self, free_room=lambda: self._status.free_room(self))
        self._drops = DropTarget(self)
        self._drops.dropped.connect(self._take)

    def _entries(self) -> list[Entry]:
        from app.pages.palette_entries import all_entries

        deeds = [deed for deed in self._actions.all if deed.name != "palette"]
        return all_entries(deeds, self._session, self.show_domain, self.show_settings)

    def _restore(self) -> None:
        geometry = self._state.value("geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            self.resize(_SIZE.boundedTo(QGuiApplication.primaryScreen().availableSize()))
        self._show_last_page()

    def _show_last_page(self) -> None:
        page = str(self._state.value("page", "overview"))
        self._domains.want(page)
        self.show_page(page if self._nav.title_of(page) else "overview")

    def _remember(self) -> None:
        self._state.setValue("geometry", self.saveGeometry())
        self._state.setValue("page", self._domains.to_remember(self._page_name))

    def _on_page(self, name: str) -> None:
        self._page_name = name
        self._domains.on_page(name)
        if self._problem_page is not None and self._body.currentWidget() is self._problem_page:
            return
        welcome = name == "overview" and self._welcoming.is_due
        self._pages.show_page("welcome" if welcome else name)
        self._pages.page("welcome" if welcome else name).setAccessibleName(self._nav.title_of(name))
        self._header.show_actions(not welcome)
        self._inspector.room.set_allowed(not welcome)
        # The welcome has a heading of its own.
        self._header.set_title("" if welcome else self._nav.title_of(name))

    def _on_retry(self) -> None:
        self._status.show_opening()
        self._body.setCurrentWidget(self._pages)
        self._on_page(self._page_name)
        self.retry_requested.emit()

    def _make_problem_page(self) -> ProblemPage:
        from app.pages.problem_page import ProblemPage

        page = ProblemPage()
        page.retry_requested.connect(self._on_retry)
        page.quit_requested.connect(self.quit_requested)
        self._body.addWidget(page)
        return page

    def _on_welcome_given_up(self) -> None:
        self._header.show_actions(True)
        self._pages.show_page("overview")

    def _take(self, dropped: Sequence[Path | str]) -> None:
        if dropped:
            self._welcoming.end()
            self.files_dropped.emit(list(dropped))


def _bring_up(window: QWidget) -> None:
    """Shows a window, or brings it before the others."""
    if window.isVisible():
        window.raise_()
        window.activateWindow()
    else:
        window.show()
