"""The tokens of the look, in one place: colours, patterns, sizes, fonts. Widgets name a token, never a colour.

There is no state here: which scheme is in force is read from the application's palette, which `Theme` alone
sets. A widget asks `color("failure")` when it paints, and uses `follow_theme` to be told of a change.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.resources import icon_path
from app.stylesheet import stylesheet

if TYPE_CHECKING:
    from app.settings import SettingsStore
    from app.settings_model import AppSettings

Scheme = Literal["light", "dark"]

GRID = 8
"""Distances are multiples of this, in logical pixels."""
CARD_RADIUS = 8
BUTTON_RADIUS = 6

_TOKENS: dict[str, tuple[str, str]] = {
    # token: (light, dark)
    "window": ("#f6f7f8", "#15191c"),
    "surface": ("#ffffff", "#1d2327"),
    "line": ("#dfe3e6", "#313a40"),
    "text": ("#1b2226", "#e8edef"),
    "muted": ("#5a666e", "#9aa7ae"),
    "accent": ("#0f766e", "#2dd4bf"),
    "accent-hover": ("#0c625b", "#55e0cf"),
    "accent-ground": ("#d7efec", "#123b38"),
    "on-accent": ("#ffffff", "#0b1f1d"),
    "warning": ("#8f5f00", "#f2c14e"),
    "warning-ground": ("#fff3d6", "#3a2f12"),
    "failure": ("#b42318", "#ff8a7a"),
    "failure-ground": ("#fde7e4", "#40201c"),
    "hover": ("#eef1f3", "#272f34"),
    "pressed": ("#e3e8eb", "#303a40"),
    "track": ("#e6eaed", "#2f383e"),
    "handle": ("#8a959c", "#66727a"),
    "switch-off": ("#5a666e", "#8b989f"),
    "toast": ("#1b2226", "#e8edef"),
    "on-toast": ("#ffffff", "#15191c"),
    # Domains; 1 to 4 are ingest, process, sync and notify. All have 4.5:1 on `surface`, and colour-blind eyes
    # tell them apart.
    "series-1": ("#0b6bb3", "#5cb3f2"),
    "series-2": ("#b3541e", "#f0a06a"),
    "series-3": ("#0f7a55", "#5fd3a4"),
    "series-4": ("#8a4a86", "#d19ad0"),
    "series-5": ("#7e12ef", "#c0e32a"),
    "series-6": ("#0f444a", "#747ef8"),
    "series-7": ("#4713a6", "#f75202"),
    "series-8": ("#72211e", "#958b8e"),
    # States of a task, as bars and badges show them.
    "state-running": ("#0b6bb3", "#5cb3f2"),
    "state-waiting": ("#68747c", "#8b98a0"),
    "state-paused": ("#8f5f00", "#f2c14e"),
    "state-blocked": ("#6a54a8", "#b3a4ee"),
    "state-done": ("#0f766e", "#2dd4bf"),
    "state-failed": ("#b42318", "#ff8a7a"),
    "state-cancelled": ("#5a666e", "#9aa7ae"),
}

_PATTERNS: dict[str, Qt.BrushStyle] = {
    "series-1": Qt.BrushStyle.SolidPattern,
    "series-2": Qt.BrushStyle.BDiagPattern,
    "series-3": Qt.BrushStyle.Dense6Pattern,
    "series-4": Qt.BrushStyle.DiagCrossPattern,
    "series-5": Qt.BrushStyle.VerPattern,
    "series-6": Qt.BrushStyle.FDiagPattern,
    "series-7": Qt.BrushStyle.CrossPattern,
    "series-8": Qt.BrushStyle.HorPattern,
    "state-running": Qt.BrushStyle.BDiagPattern,
    "state-waiting": Qt.BrushStyle.Dense6Pattern,
    "state-paused": Qt.BrushStyle.VerPattern,
    "state-blocked": Qt.BrushStyle.CrossPattern,
    "state-done": Qt.BrushStyle.SolidPattern,
    "state-failed": Qt.BrushStyle.DiagCrossPattern,
    "state-cancelled": Qt.BrushStyle.HorPattern,
}

TOKENS = tuple(_TOKENS)
"""The names of all tokens."""


def scheme() -> Scheme:
    """The scheme in force, by the application's palette."""
    return _scheme_of(QGuiApplication.palette().cacheKey())


@lru_cache(maxsize=8)
def _scheme_of(_key: int) -> Scheme:
    """Worked out once a palette: a list asks hundreds of times while it is painted."""
    window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return "dark" if window.lightnessF() < 0.5 else "light"


def color(token: str, of: Scheme | None = None) -> QColor:
    """The colour of `token` in the scheme `of`, or the one in force; KeyError for a name that is no token."""
    light, dark = _TOKENS[token]
    return QColor(dark if (of or scheme()) == "dark" else light)


def pattern(token: str) -> Qt.BrushStyle:
    """What stands beside the colour of a series or state, for who does not see it; solid for others."""
    return _PATTERNS.get(token, Qt.BrushStyle.SolidPattern)


def state_token(status: str) -> str:
    """The token of a task's status: "state-running" for "running", "state-failed" for "dead_letter"."""
    tokens = {"pending": "state-waiting", "completed": "state-done"}
    failures = ("failed", "dead_letter", "dependency_failed", "expired")
    if status in failures:
        return "state-failed"
    if status == "superseded":
        return "state-cancelled"
    return tokens.get(status, f"state-{status}")


def body_font() -> QFont:
    """The system's font, 13 pixels, with figures of one width."""
    return _font(13)


def bold_font() -> QFont:
    """The same, semibold."""
    return _font(13, QFont.Weight.DemiBold)


def heading_font(pixels: Literal[20, 14] = 20) -> QFont:
    """The font of headings: 20 for a page, 14 for a card; semibold."""
    return _font(pixels, QFont.Weight.DemiBold)


def small_font() -> QFont:
    """12 pixels, for captions and axes."""
    return _font(12)


def _font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    # A copy, which is the caller's own until it is changed, and shares with all others what Qt has looked up for it.
    return QFont(_made_font(QGuiApplication.font().family(), pixels, weight))


@lru_cache(maxsize=32)
def _made_font(family: str, pixels: int, weight: QFont.Weight) -> QFont:
    """A font that is made anew has to be looked up again for each text: half of what painting it takes."""
    font = QFont(QGuiApplication.font())
    font.setFamily(family)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def palette(of: Scheme) -> QPalette:
    """The palette of a scheme, for what the stylesheet does not reach."""
    roles = QPalette.ColorRole
    by_role = {
        roles.Window: "window",
        roles.WindowText: "text",
        roles.Base: "surface",
        roles.AlternateBase: "window",
        roles.Text: "text",
        roles.Button: "surface",
        roles.ButtonText: "text",
        roles.BrightText: "failure",
        roles.PlaceholderText: "muted",
        roles.Highlight: "accent",
        roles.HighlightedText: "on-accent",
        roles.Accent: "accent",
        roles.Link: "accent",
        roles.LinkVisited: "accent",
        roles.ToolTipBase: "toast",
        roles.ToolTipText: "on-toast",
        roles.Light: "surface",
        roles.Midlight: "hover",
        roles.Mid: "line",
        roles.Dark: "muted",
        roles.Shadow: "text",
    }
    made = QPalette()
    for role, token in by_role.items():
        made.setColor(role, color(token, of))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, color("muted", of))
    made.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, color("line", of))
    return made


def follow_theme(widget: QWidget, callback: Callable[[], None]) -> None:
    """Calls `callback` after each change of the scheme, as long as `widget` lives. It is not called now."""
    _Follower(widget, callback)


class Theme(QObject):
    """Dresses the application by the person's choice and the system's: palette, font, stylesheet of `root`.

    Made once by the main window; dialogs whose parent is `root` are dressed with it. `changed(str)` carries the
    scheme. It follows the system at once, and changes of the settings from `follow_settings` on.
    """

    changed = Signal(str)

    def __init__(self, settings: SettingsStore, root: QWidget) -> None:
        super().__init__(root)
        self._root = root
        self._settings = settings
        self._hints = QGuiApplication.styleHints()
        # One look on all systems: a native style would paint over half of the tokens.
        QApplication.setStyle("Fusion")
        QApplication.setFont(body_font())
        if QLocale().language() == QLocale.Language.C:
            # A desktop without a language still has people before it, who read 1,284 and not 1284.
            QLocale.setDefault(QLocale(QLocale.Language.English))
        self._choice = settings.first_look.theme
        self._follows_settings = False
        self._shown: Scheme | None = None
        self._ask_system()
        self._dress()
        self._hints.colorSchemeChanged.connect(self._dress)

    def follow_settings(self) -> None:
        """From now on a change of the settings is shown at once. Idempotent."""
        if not self._follows_settings:
            self._follows_settings = True
            self._settings.changed.connect(self._on_settings)
            self._on_settings(self._settings.value)

    @property
    def scheme(self) -> Scheme:
        """What is shown now."""
        return self._shown or "light"

    def close(self) -> None:
        """Stops following the settings and the system. Idempotent."""
        if self._follows_settings:
            self._settings.changed.disconnect(self._on_settings, missing_ok=True)
        self._hints.colorSchemeChanged.disconnect(self._dress)

    def _on_settings(self, settings: AppSettings) -> None:
        if settings.general.theme != self._choice:
            self._choice = settings.general.theme
            self._ask_system()
            self._dress()

    def _ask_system(self) -> None:
        """Lets the system draw the window's frame and its own dialogs in the same scheme, where it can."""
        wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        self._hints.setColorScheme(wanted.get(self._choice, Qt.ColorScheme.Unknown))

    def _dress(self, *_: object) -> None:
        wanted: Scheme = "dark" if self._wants_dark() else "light"
        if wanted == self._shown:
            return
        self._shown = wanted
        QApplication.setPalette(palette(wanted))
        colors = {token: color(token, wanted).name() for token in TOKENS}
        self._root.setStyleSheet(stylesheet(colors, icon_path("domain").parent))
        self.changed.emit(wanted)

    def _wants_dark(self) -> bool:
        if self._choice == "system":
            return self._hints.colorScheme() == Qt.ColorScheme.Dark
        # Some systems (a bare X server) cannot be asked; the person's choice holds all the same.
        return self._choice == "dark"


class _Follower(QObject):
    """Hears of new palettes and tells of new schemes."""

    def __init__(self, widget: QWidget, callback: Callable[[], None]) -> None:
        super().__init__(widget)
        self._callback = callback
        self._scheme = scheme()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's hook; never swallows an event."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationPaletteChange):
            now = scheme()
            if now != self._scheme:
                self._scheme = now
                self._callback()
        return False
