"""What closing is to mean where there is no tray to go on in: asked in the window, while everything goes on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QPushButton

from app.widgets.banner import BannerButton, BannerStack

_NAME = "close-question"


def ask_to_quit(banners: BannerStack, do_quit: Callable[[], object]) -> None:
    """Puts the question on top of the page; who keeps the window answers with one key."""
    banner = banners.show_standing(
        _NAME,
        _tr("Quit Tidemill?"),
        "accent",
        [
            BannerButton("close-quit", _tr("Quit"), do_quit),
            BannerButton("close-keep", _tr("Keep the window"), lambda: banners.take_standing(_NAME)),
        ],
        _tr("There is no tray to go on in. What runs goes on at the next start."),
    )
    keep = banner.findChild(QPushButton, "close-keep")
    if keep is not None:
        keep.setFocus(Qt.FocusReason.PopupFocusReason)


def _tr(text: str) -> str:
    return QCoreApplication.translate("close-question", text)
