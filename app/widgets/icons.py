"""Icons of one family, drawn as SVG in one ink (`currentColor`) and shown in the theme's colours."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel, QWidget

from app.resources import icon_path
from app.theme import color, follow_theme

_FALLBACK = "domain"
_SCALES = (1.0, 1.5, 2.0, 3.0)


def icon_pixmap(name: str, token: str = "text", size: int = 20, scale: float = 1.0) -> QPixmap:
    """The icon `name` in the colour of `token`, `size` logical pixels; a name without an icon gets a box."""
    return QPixmap.fromImage(_drawn(name, color(token).name(), size, scale))


@lru_cache(maxsize=256)
def _drawn(name: str, ink: str, size: int, scale: float) -> QImage:
    """Each is drawn once: lists ask for the same few whenever they paint a row."""
    path = icon_path(name)
    if not path.is_file():
        path = icon_path(_FALLBACK)
    renderer = QSvgRenderer(QByteArray(path.read_text("utf-8").replace("currentColor", ink).encode()))
    pixels = round(size * scale)
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    image.setDevicePixelRatio(scale)
    return image


def icon(name: str, token: str = "text", size: int = 20) -> QIcon:
    """The icon `name` in the colour of `token` for screens of any scale, as the theme is now."""
    made = QIcon()
    for scale in _SCALES:
        made.addPixmap(icon_pixmap(name, token, size, scale))
    return made


def app_icon() -> QIcon:
    """The app's own icon, in its own colours."""
    return QIcon(str(icon_path("tidemill")))


class IconLabel(QLabel):
    """An icon on a page, which follows the theme. It is decoration: it has no accessible name."""

    def __init__(self, name: str, token: str = "text", size: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._token, self._size = name, token, size
        self.setFixedSize(size, size)
        self._draw()
        follow_theme(self, self._draw)

    def _draw(self) -> None:
        self.setPixmap(icon_pixmap(self._name, self._token, self._size, self.devicePixelRatioF()))
