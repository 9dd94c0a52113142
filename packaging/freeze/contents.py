"""What of Tidemill goes into the frozen app: modules, files beside them, and the words by which plugins are found.

Everything is found by its folder, nothing by its name: a new migration, translation, icon or plugin is in the package as
soon as it is in the tree. This asks the Python that runs it what is installed, and imports nothing of that.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OWN = "tidemill"
PLUGIN_GROUP = "tidemill.domains"
CORE = "scheduler_core"

LEFT_OUT = frozenset({f"{CORE}.testing", f"{CORE}.prometheus"})
"""Modules of the core that need what is not in the app: pytest, and the client of an extra."""

METADATA = ("METADATA", "entry_points.txt")
"""What is kept of a dist-info. The rest names files and folders of the machine that built it."""

EXCLUDED = (
    # pyqtgraph tries these and does without; it draws here with QPainter, into no notebook.
    "PySide6.QtTest",
    *("pyqtgraph.examples", "pyqtgraph.opengl", "pyqtgraph.jupyter", "OpenGL", "numba", "cupy", "matplotlib"),
    # numpy and setuptools bring them for those who build or test.
    *(
        "numpy.f2py",
        "numpy.testing",
        "numpy.distutils",
        "setuptools",
        "pkg_resources",
        "distutils",
        "_distutils_hack",
    ),
    # The builder's own, and what a desktop app has no use for.
    *(
        "pip",
        "hatchling",
        "trove_classifiers",
        "tkinter",
        "idlelib",
        "lib2to3",
        "ensurepip",
        "pydoc_data",
        "test",
    ),
    *("readline", "curses", "_curses", "IPython", "PIL.ImageTk", "PIL.ImageQt", "pytest", "_pytest"),
)
"""Modules that others import if they are there, and that nothing here needs."""

CALLED_BY_NAME = ("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets")
"""Modules that others import by a text, where PyInstaller does not see it: pyqtgraph's curves do."""

QT_PLUGINS = frozenset(
    {
        *("platforms/libqxcb.so", "platforms/libqwayland.so", "platforms/libqoffscreen.so"),
        *("platformthemes", "platforminputcontexts", "iconengines", "imageformats"),
        *("xcbglintegrations", "wayland-decoration-client", "wayland-graphics-integration-client"),
        "wayland-shell-integration/libxdg-shell.so",
    }
)
"""Folders and files below Qt/plugins that a window on X11 or Wayland may need: no printers, databases, bare screens."""


@dataclass(frozen=True)
class File:
    """A file of this machine and the folder of the frozen app that it goes to."""

    source: Path
    folder: Path


@dataclass(frozen=True)
class Contents:
    """What the frozen app is told to hold; what that imports comes by itself."""

    distributions: tuple[str, ...]
    packages: tuple[str, ...]
    modules: tuple[str, ...]
    files: tuple[File, ...]


def find_contents() -> Contents:
    """Everything of Tidemill and of every installed plugin. Raises LookupError naming what is not installed."""
    distributions = own_distributions()
    packages = sorted({CORE, *(package for name in distributions for package in _packages(name))})
    modules: list[str] = list(CALLED_BY_NAME)
    files: list[File] = []
    for package in packages:
        folder = package_folder(package)
        modules += modules_below(folder, package)
        files += data_below(folder, Path(package))
    files += data_below(_resources(), Path("app", "_resources"))
    for name in distributions:
        files += _metadata(name)
    return Contents(distributions, tuple(packages), tuple(modules), tuple(files))


def own_distributions() -> tuple[str, ...]:
    """Tidemill and whoever offers it a domain, by name."""
    plugins = {
        entry.dist.name
        for entry in importlib.metadata.entry_points(group=PLUGIN_GROUP)
        if entry.dist is not None
    }
    return tuple(sorted({OWN, *plugins}))


def package_folder(package: str) -> Path:
    """The folder of an installed package, which is not imported."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"the package {package} is not installed in this Python: run `make package`")
    return Path(spec.origin).parent


def modules_below(folder: Path, package: str) -> Iterator[str]:
    """The dotted names of all modules of a package."""
    for path in sorted(folder.rglob("*.py")):
        parts = (package, *path.relative_to(folder).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name not in LEFT_OUT:
            yield name


def data_below(folder: Path, target: Path) -> Iterator[File]:
    """All files below `folder` that are no code."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_file() or path.suffix in {".py", ".pyc", ".pyi"} or path.name == "py.typed":
            continue
        if "_resources" not in inside.parts:  # they are asked for by themselves
            yield File(path, target / inside.parent)


def is_wanted_library(name: str, source: str) -> bool:
    """Whether a binary that PyInstaller found goes in: `name` is its place in the app, `source` its place here.

    What the system's packages brought is left to them, so that Debian's security updates reach it; the package
    depends on them. Python itself and what came in a wheel is ours.
    """
    path = Path(name)
    if "eglfs" in path.name.lower():  # for screens without X11 and Wayland, whose plugins stay out
        return False
    if "plugins" in path.parts and "Qt" in path.parts:
        inside = path.parts[path.parts.index("plugins") + 1 :]
        return inside[0] in QT_PLUGINS or "/".join(inside) in QT_PLUGINS
    is_of_system = Path(source).is_absolute() and source.startswith(("/lib", "/usr/lib/"))
    return not (is_of_system and len(path.parts) == 1) or path.name.startswith("libpython")


def is_wanted_data(name: str) -> bool:
    """Whether a data file that PyInstaller found goes in: of Qt's translations those of its widgets alone."""
    path = Path(name)
    if "translations" in path.parts and "Qt" in path.parts:
        return path.name.startswith("qtbase_")
    # Examples, templates of pictures, and names of what is installed where it was built.
    return "examples" not in path.parts and path.name not in {
        "RECORD",
        "REQUESTED",
        "INSTALLER",
        "direct_url.json",
    }


def _packages(distribution: str) -> Iterator[str]:
    for entry in importlib.metadata.distribution(distribution).entry_points:
        yield entry.value.partition(":")[0].partition(".")[0]


def _resources() -> Path:
    package = package_folder("app")
    inside = package / "_resources"
    return inside if inside.is_dir() else package.parent / "resources"


def _metadata(distribution: str) -> Iterator[File]:
    found = importlib.metadata.distribution(distribution)
    for name in METADATA:
        path = (
            Path(str(found.locate_file(f"{distribution.replace('-', '_')}-{found.version}.dist-info"))) / name
        )
        if not path.is_file():
            raise LookupError(f"{path} is missing: install {distribution} again")
        yield File(path, Path(path.parent.name))
