"""Settings, Advanced: where everything lies, the log, the history, and what few people need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.pages.settings_section import Group, SectionPage
from app.widgets.setting_row import Hairline, SettingRow

if TYPE_CHECKING:
    from pathlib import Path

    from app.bridge.session import Session


class AdvancedPage(SectionPage):
    """All of it applies at once."""

    def __init__(self, session: Session) -> None:
        groups = [
            Group("", ("log_level",)),
            Group(self.tr("History"), ("keep_days", "keep_records")),
            Group(self.tr("Scheduler"), ("aging", "synchronous")),
        ]
        super().__init__("advanced", self.tr("Advanced"), "", session, "advanced", groups)
        file = session.settings.path
        places = QWidget()
        column = QVBoxLayout(places)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._place("data-folder", self.tr("Data folder"), file.parent))
        column.addWidget(Hairline())
        column.addWidget(self._place("settings-file", self.tr("Settings file"), file))
        self.add_heading(self.tr("Where everything lies"))
        self.end(places)

    def _place(self, name: str, title: str, path: Path) -> SettingRow:
        button = QPushButton(self.tr("Open"))
        button.setObjectName(f"open-{name}")
        button.setAccessibleName(self.tr("Open: {0}").format(title))
        row = SettingRow(title, str(path), button)
        button.clicked.connect(lambda: self._open(row, path))
        return row

    def _open(self, row: SettingRow, path: Path) -> None:
        # Whoever has set nothing yet has no settings file.
        there = path if path.exists() else path.parent
        opened = QDesktopServices.openUrl(QUrl.fromLocalFile(str(there)))
        reason = self.tr("No program of this system opens it. It is here: {0}")
        row.set_error("" if opened else reason.format(there))
