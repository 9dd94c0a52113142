"""The welcome of a first start: shown in the place of the Overview until the person has begun, or wants to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.problem import problem_from

if TYPE_CHECKING:
    from app.bridge.session import Session
    from app.pages.file_picker import FilePicker
    from app.pages.welcome import WelcomePage
    from app.settings import SettingsStore
    from app.widgets.banner import BannerStack


class Welcoming(QObject):
    """`ended()` comes when it is over for good, `given_up()` when that could not be remembered: it comes back then."""

    ended = Signal()
    given_up = Signal()

    def __init__(
        self, settings: SettingsStore, banners: BannerStack, picker: FilePicker, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._banners = banners
        self._picker = picker
        self.session: Session | None = None

    @property
    def is_due(self) -> bool:
        """Has the person not begun yet?"""
        return not self._settings.first_look.welcome_done

    def make_page(self) -> WelcomePage:
        """The page."""
        from app.pages.welcome import WelcomePage

        page = WelcomePage()
        page.samples_requested.connect(self._on_samples)
        page.folder_requested.connect(self._picker.choose_folder)
        page.skip_requested.connect(self.end)
        return page

    def end(self) -> None:
        """The person has begun. Idempotent."""
        if not self.is_due:
            return
        try:
            self._settings.update(general={"welcome_done": True})
        except OSError as error:
            self._banners.add_problem(
                problem_from(
                    error,
                    thing=self.tr("Settings file {0}").format(self._settings.path),
                    remedy=self.tr("Make its folder writable; until then the welcome comes back"),
                )
            )
            self.given_up.emit()
        else:
            self.ended.emit()

    def _on_samples(self) -> None:
        if self.session is not None:
            self.session.commands.take_samples()
            self.end()
