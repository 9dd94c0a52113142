"""Says in words which of Qt's libraries are missing, before Qt itself would abort the process."""

from __future__ import annotations

import builtins
import ctypes
import importlib
import importlib.util
import os
import re
import sys
from pathlib import Path

# What a Debian without a desktop lacks; by the name of the library, then what Qt's window needs besides.
_DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
_ALWAYS_NEEDED = (
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libxkbcommon-x11-0",
    "libdbus-1-3",
    "libfontconfig1",
    "libglib2.0-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xkb1",
)
_DESKTOP_PACKAGES = ("PySide6", "qasync", "pyqtgraph")
_HEADLESS_HINT = "Without a window: tidemill run --headless --take PATH --until-idle"


class MissingQtError(Exception):
    """The window cannot be opened for want of a package or a library; the message says what to install."""


def check_qt() -> None:
    """Loads Qt as far as the window will need it. Raises MissingQtError."""
    for package in _DESKTOP_PACKAGES:
        if importlib.util.find_spec(package) is None:
            raise MissingQtError(
                f"Tidemill's window needs {package}, which is not installed. Install it with\n\n"
                f"    pip install 'tidemill[desktop]'\n\n{_HEADLESS_HINT}"
            )
    try:
        importlib.import_module("PySide6.QtCore")
        _forgo_features()
        for module in ("PySide6.QtGui", "PySide6.QtWidgets", "PySide6.QtSvg"):
            importlib.import_module(module)
        _load_x11_plugin()
    except (ImportError, OSError) as error:
        raise MissingQtError(missing_library_text(str(error))) from error


def missing_library_text(message: str) -> str:
    """What to install, from the dynamic linker's `message` ("libEGL.so.1: cannot open shared object file: ...")."""
    match = re.search(r"\blib[\w.+-]+?\.so(?:\.\d+)*", message)
    if match is None or "cannot open" not in message:
        return f"Tidemill's window cannot be opened: Qt could not be loaded ({message}).\n{_HEADLESS_HINT}"
    library = match[0]
    own = _DEBIAN_PACKAGES.get(library)
    packages = ([own] if own else []) + [name for name in _ALWAYS_NEEDED if name != own]
    return (
        f"Tidemill's window cannot be opened: the library {library} is missing on this system.\n"
        f"On Debian and Ubuntu, install it and what else Qt needs with\n\n"
        f"    sudo apt install {' '.join(packages)}\n\n{_HEADLESS_HINT}"
    )


def _forgo_features() -> None:
    """Takes the part out of PySide's `import` that serves `from __feature__ import`, which nobody here uses.

    It reads the source of each module that is imported from then on (a tenth of the time of our start), and asks
    modules that are imported half in another thread for what they do not have yet.
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def _load_x11_plugin() -> None:
    """Qt aborts the process when its X11 plugin lacks a library; loading it first gives the library's name."""
    if sys.platform in ("win32", "darwin"):
        return
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if not (chosen.startswith("xcb") or (not chosen and not os.environ.get("WAYLAND_DISPLAY"))):
        return
    spec = importlib.util.find_spec("PySide6")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        plugin = Path(folder) / "Qt" / "plugins" / "platforms" / "libqxcb.so"
        if plugin.is_file():
            ctypes.CDLL(str(plugin))
