"""Which of Debian's packages a folder of programs and libraries needs: read from the files, not from a list."""

from __future__ import annotations

import re
import subprocess
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_TOGETHER = 100


@dataclass
class Needs:
    """What one binary asks of the dynamic linker: names of libraries, and the newest version of glibc's symbols."""

    libraries: set[str] = field(default_factory=lambda: set[str]())
    glibc: tuple[int, ...] = ()


class UnknownLibraryError(Exception):
    """A library is needed that neither the folder nor a package of this system has."""


def depends_of(folder: Path, optional: frozenset[str] = frozenset()) -> list[str]:
    """Debian's relations for what lies below `folder`, such as "libegl1", sorted; glibc's with its version.

    Libraries of which all users are named in `optional` (paths below `folder`) are not looked for: those files are left
    alone by whoever loads them when their libraries are missing. Raises UnknownLibraryError.
    """
    needs = dict(read_needs(folder))
    own = {path.name for path in folder.rglob("*")}
    glibc = max((one.glibc for one in needs.values()), default=())
    needed: dict[str, str] = {}
    for path, one in needs.items():
        inside = path.relative_to(folder).as_posix()
        if inside not in optional:
            needed |= dict.fromkeys(one.libraries - own, inside)
    packages = package_names(needed)
    return sorted(f"libc6 (>= {'.'.join(map(str, glibc))})" if one == "libc6" else one for one in packages)


def read_needs(folder: Path) -> Iterator[tuple[Path, Needs]]:
    """Every ELF file below `folder`, and what it needs."""
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and _is_elf(path)
    ]
    for start in range(0, len(files), _TOGETHER):
        together = files[start : start + _TOGETHER]
        told = subprocess.run(
            ["objdump", "-p", *map(str, together)], capture_output=True, text=True, check=True
        ).stdout
        yield from parse_needs(told)


def parse_needs(told: str) -> Iterator[tuple[Path, Needs]]:
    """The files that `objdump -p` tells of, and what they need."""
    parts = re.split(r"^(\S.*):\s+file format \S+$", told, flags=re.MULTILINE)[1:]
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        versions = [tuple(map(int, one.split("."))) for one in re.findall(r"\bGLIBC_([\d.]+)", text)]
        libraries = re.findall(r"^\s+NEEDED\s+(\S+)", text, re.MULTILINE)
        yield Path(name), Needs(set(libraries), max(versions, default=()))


def package_names(needed: dict[str, str]) -> set[str]:
    """The packages of this system that have the libraries `needed` (each with one that needs it)."""
    places = _places(needed)
    missing = {library: user for library, user in needed.items() if library not in places}
    if missing:
        raise UnknownLibraryError(
            "this system lacks libraries that the app needs: "
            + ", ".join(f"{library} (for {user})" for library, user in sorted(missing.items()))
            + ". Install them (packaging/install-system-packages.sh), and build again."
        )
    return {_owner(path) for path in places.values()}


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _places(needed: Iterable[str]) -> dict[str, str]:
    told = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    architecture = str(sysconfig.get_config_var("MULTIARCH"))
    found: dict[str, str] = {}
    for library, path in re.findall(r"^\t(\S+) .*=> (\S+)$", told, re.MULTILINE):
        if architecture in path:
            found.setdefault(library, path)
    return {library: found[library] for library in needed if library in found}


def _owner(path: str) -> str:
    # Where /lib is a link to /usr/lib, a package may know its file by either name.
    others = [path, path.removeprefix("/usr") if path.startswith("/usr") else f"/usr{path}"]
    for name in others:
        told = subprocess.run(["dpkg-query", "--search", name], capture_output=True, text=True, check=False)
        if told.returncode == 0:
            return told.stdout.partition(":")[0]
    raise UnknownLibraryError(f"{path} belongs to no package of this system; use Debian's own")
