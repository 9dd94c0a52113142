"""The licences of all that is inside the frozen app, beside it: one folder a component, and a list of them."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

COMMON = Path("/usr/share/common-licenses")
LIST = "README.txt"
_WORDS = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
# Wheels that come without the text of their licence, which the system has.
_WITHOUT_TEXT = {"pyside6-essentials": ("LGPL-3", "GPL-3"), "shiboken6": ("LGPL-3", "GPL-3")}
_HEAD = """\
What is inside Tidemill, and under which licence. The texts lie in the folders beside this list.

Qt and Qt for Python are used under the GNU Lesser General Public License, version 3. They are the unchanged libraries of
the wheels named below, in _internal/PySide6 and _internal/shiboken6: you may put your own build of the same version in
their place, and debug Tidemill for that purpose. Their sources are at https://download.qt.io/official_releases/, and what
Qt itself contains of others is told at https://doc.qt.io/qt-6/licenses-used-in-qt.html.

The start of the program is PyInstaller's bootloader: GPL-2 with an exception that sets no condition for a program that
is started by it.

"""


class NoLicenceError(Exception):
    """Something would be passed on without the text of its licence."""


@dataclass(frozen=True)
class Component:
    """One distribution that is inside, and the files with its licence."""

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]


def collect_licences(sources: Sequence[Path], target: Path, own: str, own_licence: Path) -> list[Component]:
    """Copies the licences of what `sources` (files that went in) belong to into `target`; returns the components.

    Distributions whose name begins with `own` have `own_licence`. Raises NoLicenceError naming what has no text.
    """
    components = [_python(), *(_component(one, own, own_licence) for one in distributions_of(sources))]
    for one in components:
        if not one.texts:
            raise NoLicenceError(
                f"{one.name} {one.version} comes without its licence: add its text in {Path(__file__).name}"
            )
        folder = target / one.name
        folder.mkdir(parents=True)
        for number, text in enumerate(one.texts):
            name = text.name if not (folder / text.name).exists() else f"{number}-{text.name}"
            shutil.copyfile(text, folder / name)
    rows = "".join(f"{one.name:<22} {one.version:<12} {one.licence}\n" for one in components)
    (target / LIST).write_text(_HEAD + rows, "utf-8")
    return components


def distributions_of(sources: Iterable[Path]) -> list[importlib.metadata.Distribution]:
    """The distributions of this Python that the files belong to, by name."""
    wanted = {str(path) for path in sources}
    return sorted(
        (
            one
            for one in importlib.metadata.distributions()
            if any(str(one.locate_file(file)) in wanted for file in one.files or ())
        ),
        key=lambda one: one.name.lower(),
    )


def _component(found: importlib.metadata.Distribution, own: str, own_licence: Path) -> Component:
    name = found.name.lower().replace("_", "-")
    texts = tuple(
        path
        for file in found.files or ()
        if _WORDS.search(file.name)
        and ".dist-info" in file.parts[0]
        and (path := Path(str(found.locate_file(file)))).is_file()
    )
    if not texts and name.startswith(own):
        texts = (own_licence,)
    texts += tuple(COMMON / one for one in _WITHOUT_TEXT.get(name, ()))
    return Component(name, found.version, _licence(found.metadata), texts)


def _licence(metadata: importlib.metadata.PackageMetadata) -> str:
    told = next((metadata[name] for name in ("License-Expression", "License") if name in metadata), "")
    if told and "\n" not in told and len(told) <= 80:
        return told
    kinds = [one for one in metadata.get_all("Classifier") or () if one.startswith("License ::")]
    return ", ".join(one.rpartition(" :: ")[2] for one in kinds) or "see its text"


def _python() -> Component:
    version = ".".join(map(str, sys.version_info[:3]))
    places = (
        Path(sysconfig.get_path("stdlib"), "LICENSE.txt"),
        Path(f"/usr/share/doc/python{sys.version_info[0]}.{sys.version_info[1]}/copyright"),
    )
    return Component("python", version, "PSF-2.0", tuple(path for path in places if path.is_file())[:1])
