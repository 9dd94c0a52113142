"""Brings the translations up to date with the sources, makes the .qm files, lists what is unfinished. Run by `make texts`.

    make texts                            lists what is unfinished as `"English" = ""` lines
    make texts ARGS="--fill FILE.toml"    takes the translations of such lines from a file
    make texts ARGS=--check               changes nothing; fails where the files are not what the sources give

Qt texts: resources/translations/tidemill_<language>.ts and .qm. Sentences of the core and of what has no Qt in the app:
resources/translations/sentences_<language>.toml. Those of a plugin: translations/<language>.toml in its package.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from text_files import Entries, filled, read_sentences, read_ts, sentences_text, ts_text, updated
from text_sources import Text, UnclearTextError, qt_texts, sentences

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("de",)

SEEN_OF_CORE = (
    "scheduler_core/engine/pauses.py",
    "scheduler_core/runners/crew.py",
    "scheduler_core/runners/worker_process.py",
    "scheduler_core/store/database.py",
    "scheduler_core/store/ending.py",
    "scheduler_core/store/file_checks.py",
    "scheduler_core/store/graph.py",
)
"""Where the core makes sentences that the window shows. All its others are for those who program with it."""

SEEN_OF_APP = ("app/opening.py", "app/plugin_host/drops.py", "app/system/data_lock.py")
"""Modules without Qt whose sentences are made in several steps: every text of theirs counts."""

FOR_TERMINALS = (
    "app/cli.py",
    "app/headless.py",
    "app/logs.py",
    "app/plugin_host/overrides.py",
    "app/terminal.py",
)
"""Modules whose sentences no window shows; the command line speaks English."""

FOREIGN = (
    # Of pydantic: what is typed into a form, or written into the settings file, is checked by it.
    "Input should be greater than {0}",
    "Input should be greater than or equal to {0}",
    "Input should be less than {0}",
    "Input should be less than or equal to {0}",
    "Input should be a valid boolean",
    "Input should be a valid boolean, unable to interpret input",
    "Input should be a valid dictionary",
    "Input should be a valid integer",
    "Input should be a valid integer, got a number with a fractional part",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be a valid number",
    "Input should be a valid number, unable to parse string as a number",
    "Input should be a valid string",
    "Input should be a valid time",
    "Input should be in a valid time format, {0}",
    "Input should be {0} or {1}",
    "Input should be {0}, {1} or {2}",
    "Input should be {0}, {1}, {2} or {3}",
    "Input is not a valid path",
    "Field required",
    "Extra inputs are not permitted",
    "Value error, {0}",
    "String should match pattern {0}",
    # Of the core: why a task is held, how far one is, and how one ended, as a word in its sentences.
    "its schedule is paused",
    "{0} of {1}",
    "completed",
    "failed",
    "cancelled",
    "dead_letter",
    "dependency_failed",
    "expired",
    "superseded",
    # Of the system, by way of Python.
    "Connection refused",
    "Connection reset by peer",
    "Connection timed out",
    "Directory not empty",
    "File exists",
    "File name too long",
    "Input/output error",
    "Is a directory",
    "Name or service not known",
    "Network is unreachable",
    "No route to host",
    "No space left on device",
    "No such device or address",
    "No such file or directory",
    "No such file or directory: {0}",
    "Not a directory",
    "Operation not permitted",
    "Permission denied",
    "Permission denied: {0}",
    "Read-only file system",
    "Stale file handle",
    "Temporary failure in name resolution",
    "Too many levels of symbolic links",
    "Too many open files",
    "timed out",
)
"""Sentences of others that become part of ours."""


@dataclass(frozen=True)
class Catalogue:
    """One file of translations: where it lies, its language, and the texts that the sources have for it."""

    path: Path
    language: str
    texts: tuple[Text, ...]

    @property
    def is_qt(self) -> bool:
        """Is it a .ts file, of which a .qm is made?"""
        return self.path.suffix == ".ts"

    def read(self) -> Entries:
        """What the file has, brought up to date with the sources."""
        old = read_ts(self.path) if self.is_qt else read_sentences(self.path)
        return updated(old, self.texts)

    def text(self, entries: Entries) -> str:
        """The file as it should be."""
        return ts_text(self.language, entries) if self.is_qt else sentences_text(entries)


def catalogues(root: Path = ROOT) -> Iterator[Catalogue]:
    """Every file of translations that this tree should have. Raises UnclearTextError."""
    app = [*(root / "app").rglob("*.py")]
    settings = root / "app" / "settings_model.py"
    qt = tuple(qt_texts(app, root))
    without_qt = [file for file in app if _is_without_qt(file) and file != settings]
    own = tuple(_own_sentences(root, without_qt))
    plugins = [*(root / "plugins").glob("*/src/*/plugin.toml")]
    for language in LANGUAGES:
        folder = root / "resources" / "translations"
        yield Catalogue(folder / f"tidemill_{language}.ts", language, qt)
        yield Catalogue(folder / f"sentences_{language}.toml", language, own)
        for manifest in sorted(plugins):
            files = [manifest, *manifest.parent.rglob("*.py")]
            path = manifest.parent / "translations" / f"{language}.toml"
            yield Catalogue(path, language, tuple(sentences(files, root, every=True)))


def _own_sentences(root: Path, without_qt: list[Path]) -> list[Text]:
    seen = [root / name for name in (*SEEN_OF_CORE, *SEEN_OF_APP)]
    told = [file for file in without_qt if file.relative_to(root).as_posix() not in FOR_TERMINALS]
    elsewhere = [Text("", text, "written by Python, pydantic or SQLite") for text in FOREIGN]
    found = sentences([*told, *seen], root) + sentences(seen, root, every=True)
    return list({text.source: text for text in found + elsewhere}.values())


def release(source: Path, target: Path) -> None:
    """Makes a .qm of a .ts by Qt's own lrelease, which comes with PySide6."""
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    subprocess.run([tool, "-silent", source, "-qm", target], check=True)


def main() -> int:
    """Returns the exit code: 1 when something is unfinished, or, with --check, not as the sources give it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing, only say what is not up to date"
    )
    parser.add_argument("--fill", type=Path, metavar="FILE.toml", help='lines of `"English" = "translation"`')
    given = parser.parse_args()
    words = {} if given.fill is None else tomllib.loads(given.fill.read_text("utf-8"))
    try:
        found = list(catalogues())
    except UnclearTextError as error:
        print(error, file=sys.stderr)
        return 1
    stale: list[Path] = []
    for catalogue in found:
        entries = filled(catalogue.read(), words)
        if given.check:
            stale += _stale(catalogue, entries)
        else:
            catalogue.path.parent.mkdir(parents=True, exist_ok=True)
            catalogue.path.write_text(catalogue.text(entries), "utf-8")
            if catalogue.is_qt:
                release(catalogue.path, catalogue.path.with_suffix(".qm"))
        _tell(catalogue, entries)
    for path in stale:
        print(f"# {path.relative_to(ROOT)} is not what the sources give: run `make texts`")
    unfinished = any(not entry.is_finished for one in found for entry in filled(one.read(), words).values())
    return 1 if stale or unfinished else 0


def _stale(catalogue: Catalogue, entries: Entries) -> Iterator[Path]:
    """The files of a catalogue that are not as they should be."""
    path = catalogue.path
    if not path.is_file() or path.read_text("utf-8") != catalogue.text(entries):
        yield path
    if catalogue.is_qt:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder, "made.qm")
            release(path, made)
            compiled = path.with_suffix(".qm")
            if not compiled.is_file() or compiled.read_bytes() != made.read_bytes():
                yield compiled


def _tell(catalogue: Catalogue, entries: Entries) -> None:
    """How many texts there are, and those that are unfinished as lines to fill in."""
    places = {(text.context, text.source): text.place for text in catalogue.texts}
    open_ones = {key: entry for key, entry in entries.items() if not entry.is_finished}
    path = catalogue.path.relative_to(ROOT)
    print(f"# {path}: {len(entries)} texts, {len(open_ones)} unfinished")
    for key, entry in open_ones.items():
        line = sentences_text({("", key[1]): type(entry)(entry.translation)}).rstrip("\n")
        print(f"{line}  # {' '.join(filter(None, (places[key], key[0])))}")


def _is_without_qt(file: Path) -> bool:
    text = file.read_text("utf-8")
    return "PySide6" not in text and ".tr(" not in text


if __name__ == "__main__":
    sys.exit(main())
