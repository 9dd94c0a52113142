"""Makes the Debian package of the frozen app: a tree of what is installed, and dpkg-deb."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from depends import depends_of
from icons import draw_icons
from licences import Component

NAME = "tidemill"
METAINFO = "app.tidemill.Tidemill.metainfo.xml"
OPTIONAL = frozenset({"_internal/PySide6/Qt/plugins/platformthemes/libqgtk3.so"})
"""Qt leaves it alone where there is no GTK: Suggests."""
LOADED_BY_NAME = ("libdbus-1-3", "libxcb-cursor0", "libgl1", "hicolor-icon-theme")
"""What no file says that it needs: Qt looks for it when it runs, and icons for a folder to lie in."""
RECOMMENDS = ("fonts-dejavu-core | fonts-noto-core", "xdg-utils")
"""Letters, and what opens the library in the file manager."""
SUGGESTS = ("libgtk-3-0", "fonts-noto-color-emoji")
COMPRESSION = ("-Zzstd", "-z12")
"""xz makes it a sixth smaller and takes eight times as long, on a machine of two cores three minutes."""
DESCRIPTION = """\
does your background work, shows it, and gets out of the way
 Drop a folder on its window: the files are stored once by their content,
 pictures get thumbnails, everything is mirrored to a second folder, and you
 are told once how it went. What was interrupted goes on at the next start.
 .
 The same work is done in a terminal with "tidemill run --headless".
"""


@dataclass(frozen=True)
class Version:
    """What is packaged, and when its last commit was made (Unix time): the package's only date."""

    number: str
    commit_time: int

    @property
    def day(self) -> str:
        """The date of the release, as YYYY-MM-DD."""
        return datetime.fromtimestamp(self.commit_time, UTC).date().isoformat()


def make_package(
    app: Path, repository: Path, work: Path, target: Path, version: Version, components: Sequence[Component]
) -> Path:
    """Packs the frozen app `app`; `work` is a folder for the tree. Returns the .deb, which lies in `target`.

    Raises UnknownLibraryError when this system lacks a library that the app needs.
    """
    tree = work / "debian"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(app, tree / "usr/lib" / NAME, symlinks=True)
    _lay_out(tree, repository, version, components)
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            is_open = path.is_dir() or (path.name == NAME and path.parent.name == NAME)
            path.chmod(0o755 if is_open else 0o644)
    control = tree / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(_control(tree, app, version, architecture), "utf-8")
    (control / "md5sums").write_text(_sums(tree), "utf-8")
    package = target / f"{NAME}_{version.number}_{architecture}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", *COMPRESSION, "--build", str(tree), str(package)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return package


def fill_in(text: str, version: Version) -> str:
    """A file of packaging/debian with its version and date."""
    return text.replace("@VERSION@", version.number).replace("@DATE@", version.day)


def copyright_text(components: Sequence[Component], licence: str) -> str:
    """debian/copyright, readable by machines: ours, and where the others' are."""
    inside = "".join(f"  {one.name} {one.version}: {one.licence}\n" for one in components)
    body = "".join(f" {line or '.'}\n" for line in licence.strip().splitlines())
    return (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "Upstream-Name: Tidemill\n"
        "Comment:\n Inside is also, each under its own licence, whose text lies in\n"
        f" /usr/lib/{NAME}/licences:\n{inside}\n"
        "Files: *\nCopyright: The Tidemill developers\nLicense: Expat\n"
        f"{body}"
    )


def _lay_out(tree: Path, repository: Path, version: Version, components: Sequence[Component]) -> None:
    share = tree / "usr/share"
    ours = repository / "packaging/debian"
    (tree / "usr/bin").mkdir()
    (tree / "usr/bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")
    for folder in ("applications", "metainfo", f"doc/{NAME}", "man/man1"):
        (share / folder).mkdir(parents=True)
    shutil.copyfile(ours / f"{NAME}.desktop", share / f"applications/{NAME}.desktop")
    metainfo = fill_in((ours / "metainfo.xml").read_text("utf-8"), version)
    (share / "metainfo" / METAINFO).write_text(metainfo, "utf-8")
    draw_icons(repository / "resources/icons" / f"{NAME}.svg", share / "icons/hicolor", NAME)
    manual = fill_in((ours / f"{NAME}.1").read_text("utf-8"), version)
    _write_gz(share / f"man/man1/{NAME}.1.gz", manual)
    doc = share / "doc" / NAME
    (doc / "copyright").write_text(
        copyright_text(components, (repository / "LICENSE").read_text("utf-8")), "utf-8"
    )
    _write_gz(doc / "changelog.gz", (repository / "CHANGELOG.md").read_text("utf-8"))


def _write_gz(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))


def _control(tree: Path, app: Path, version: Version, architecture: str) -> str:
    size_kb = sum(path.lstat().st_size for path in tree.rglob("*") if path.is_file()) // 1024
    depends = sorted({*depends_of(app, OPTIONAL), *LOADED_BY_NAME})
    return (
        f"Package: {NAME}\nVersion: {version.number}\nArchitecture: {architecture}\n"
        "Maintainer: The Tidemill developers <tidemill@localhost>\nSection: utils\nPriority: optional\n"
        f"Installed-Size: {size_kb}\nDepends: {', '.join(depends)}\nRecommends: {', '.join(RECOMMENDS)}\n"
        f"Suggests: {', '.join(SUGGESTS)}\nDescription: {DESCRIPTION}"
    )


def _sums(tree: Path) -> str:
    files = [path for path in sorted(tree.rglob("*")) if path.is_file() and not path.is_symlink()]
    return "".join(
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(tree)}\n"
        for path in files
        if "DEBIAN" not in path.relative_to(tree).parts
    )
