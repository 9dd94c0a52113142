"""The command line: reads the options and chooses window or terminal, without importing Qt."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app import __version__
from app.paths import DATA_DIR_VARIABLE, DataPaths, is_link
from app.run_options import EXIT_USAGE, RunOptions

if TYPE_CHECKING:
    from app.plugin_host.overrides import Override

_EPILOG = """\
Exit codes: 0 all went well; 1 something failed or is not finished (the terminal lists it); 2 wrong use, no display,
or the data folder cannot be used.
"""


def run_command(arguments: Sequence[str], started_s: float) -> int:
    """Carries out `tidemill ARGUMENTS`; returns the exit code. argparse's SystemExit (2) stays an exception."""
    given = list(arguments)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help", "--version")):
        given.insert(0, "run")
    parser = _parser()
    options = _options(parser, parser.parse_args(given), started_s)
    if options.headless:
        from app.headless import run_headless

        return run_headless(options)
    if not has_display(sys.platform, os.environ):
        _print_error(no_display_text(options))
        return EXIT_USAGE
    return _run_window(options)


def has_display(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether Qt can open a window, as far as the environment says. Only Linux and other Unixes may have none."""
    if platform in ("win32", "darwin"):
        return True
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if chosen and not chosen.startswith(("xcb", "wayland")):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def no_display_text(options: RunOptions) -> str:
    """What to type instead, on a machine without a display."""
    import shlex

    take = [str(path) for path in options.take] or ["PATH"]
    command = [
        *_program(),
        "run",
        *_data_dir_arguments(options),
        "--headless",
        "--take",
        *take,
        "--until-idle",
    ]
    return (
        "Tidemill cannot open its window: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).\n"
        "The same work can be done in the terminal:\n\n"
        f"    {shlex.join(command)}\n\n"
        "PATH is a file or folder to take in. Without --until-idle it goes on working until Ctrl+C.\n"
        "On a remote machine, `ssh -X` gives it a display."
    )


def _run_window(options: RunOptions) -> int:
    # Until the window has its data, next to nothing becomes garbage, and looking for it takes a tenth of the time.
    # From then on it is collected by `app.system.garbage`.
    gc.disable()
    from app.system.qt_libraries import MissingQtError, check_qt

    try:
        check_qt()
        from app.bootstrap import run_window
    except MissingQtError as error:
        _print_error(str(error))
        return EXIT_USAGE
    return run_window(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tidemill",
        description="Does background work, shows it, and gets out of the way.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"tidemill {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    run = commands.add_parser(
        "run",
        help="open the window, or work in the terminal with --headless (the default command)",
        description="Opens the window. With --headless it works in the terminal instead, until Ctrl+C or --until-idle.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    run.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help=f"where the database, settings, library and log lie (else ${DATA_DIR_VARIABLE}, else the user's data folder)",
    )
    run.add_argument(
        "--headless", action="store_true", help="no window: progress in the terminal, no Qt needed"
    )
    run.add_argument(
        "--take",
        nargs="*",  # the menu of a desktop starts it without a file
        action="extend",
        default=[],
        type=_takeable,
        metavar="PATH",
        help="files, folders and web links to take in as one job; without --until-idle, work goes on until Ctrl+C",
    )
    run.add_argument(
        "--until-idle", action="store_true", help="with --headless: end when there is nothing left to do"
    )
    run.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="DOMAIN.KEY=VALUE",
        help="a plugin's setting, for this run only; may be given several times",
    )
    return parser


def _options(parser: argparse.ArgumentParser, given: argparse.Namespace, started_s: float) -> RunOptions:
    if given.until_idle and not given.headless:
        parser.error("--until-idle needs --headless")
    overrides = _overrides(parser, given.set) if given.set else ()
    for one in given.take:
        if isinstance(one, Path) and not one.exists():
            parser.error(f"--take {one}: there is no such file or folder")
    return RunOptions(
        paths=DataPaths.resolve(given.data_dir),
        headless=given.headless,
        take=tuple(one.absolute() if isinstance(one, Path) else one for one in given.take),
        until_idle=given.until_idle,
        overrides=overrides,
        started_s=started_s,
    )


def _takeable(text: str) -> Path | str:
    """A web link as it is, anything else as a path."""
    return text if is_link(text) else Path(text)


def _overrides(parser: argparse.ArgumentParser, texts: Sequence[str]) -> tuple[Override, ...]:
    # It comes with pydantic, for which a window without overrides must not wait.
    from app.plugin_host.overrides import Override, OverrideError

    try:
        return tuple(Override.parse(text) for text in texts)
    except OverrideError as error:
        parser.error(str(error))


def _program() -> list[str]:
    """How this program was called, in words that work when typed again."""
    import shutil

    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return [sys.executable, "-m", "app"]
    return [called.name] if shutil.which(called.name) else [str(called)]


def _data_dir_arguments(options: RunOptions) -> list[str]:
    return [] if options.paths == DataPaths.resolve() else ["--data-dir", str(options.paths.root)]


def _print_error(text: str) -> None:
    print(text.encode("utf-8", "replace").decode("utf-8"), file=sys.stderr)
