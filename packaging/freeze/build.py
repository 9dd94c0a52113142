"""Freezes the app into dist/tidemill and packs it as dist/tidemill_<version>_<architecture>.deb. Run by `make package`.

It runs in build/package/venv, where Tidemill and its plugins are installed as they are by pip (not editable) beside
PyInstaller. `--package-only` packs what was frozen before.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

from contents import OWN, own_distributions
from debian_package import Version, make_package
from depends import UnknownLibraryError
from licences import NoLicenceError, collect_licences

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "package"
DIST = ROOT / "dist"
APP = DIST / OWN


def main() -> int:
    """Builds both; returns the exit code."""
    version = Version(importlib.metadata.version(OWN), _commit_time())
    # The same tree gives the same package.
    os.environ |= {"SOURCE_DATE_EPOCH": str(version.commit_time), "PYTHONHASHSEED": "1"}
    try:
        if "--package-only" not in sys.argv[1:]:
            freeze()
        shutil.rmtree(APP / "licences", ignore_errors=True)
        sources = [Path(line) for line in (WORK / OWN / "sources.txt").read_text("utf-8").splitlines()]
        components = collect_licences(sources, APP / "licences", OWN, ROOT / "LICENSE")
        _tell(APP, "a folder that runs as it is")
        package = make_package(APP, ROOT, WORK, DIST, version, components)
    except (UnknownLibraryError, NoLicenceError, LookupError) as error:
        print(error, file=sys.stderr)
        return 1
    _tell(package, f"{', '.join(own_distributions())} and {len(components)} components")
    return 0


def freeze() -> None:
    """Runs PyInstaller, and takes the symbols for debuggers out of Python, which did not come in a wheel."""
    WORK.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"),
            *(
                "--distpath",
                str(DIST),
                "--workpath",
                str(WORK),
                str(Path(__file__).with_name("tidemill.spec")),
            ),
        ],
        check=True,
        cwd=WORK,
    )
    of_python = [*APP.glob("_internal/libpython*"), *APP.glob("_internal/python3*/lib-dynload/*.so")]
    subprocess.run(["strip", "--strip-unneeded", *map(str, of_python)], check=True)


def _commit_time() -> int:
    told = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(told.stdout)


def _tell(path: Path, what: str) -> None:
    files = (
        [one for one in path.rglob("*") if one.is_file() and not one.is_symlink()]
        if path.is_dir()
        else [path]
    )
    size = sum(one.stat().st_size for one in files) / 1e6
    print(f"{path.relative_to(ROOT)}: {size:.0f} MB, {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
