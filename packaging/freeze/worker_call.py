"""A frozen program is its own Python: what multiprocessing would ask an interpreter to do, it asks of `tidemill`.

PyInstaller has a hook for that, too. It imports multiprocessing at every start, which costs the first picture a tenth of
its time; this looks at the arguments first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_FORK = "--multiprocessing-fork"
# The tracker of resources, which every worker has, and the server that ProcessRunner(start_method="forkserver") starts.
_HELPER = re.compile(
    r"(import sys; )?from multiprocessing\.(resource_tracker|forkserver) import main; ?main\(.*\)"
)


def is_worker_call(arguments: Sequence[str]) -> bool:
    """Whether `arguments` (without the program's name) come from multiprocessing and from no person."""
    return arguments[:1] == [_FORK] or _helper_code(arguments) is not None


def run_worker_call(arguments: Sequence[str]) -> None:
    """Does what `arguments`, which are a worker's call, ask for; the process ends with it (SystemExit)."""
    code = _helper_code(arguments)
    if code is None:
        from multiprocessing.spawn import freeze_support

        freeze_support()
    else:
        exec(code, {})  # noqa: S102 - an interpreter would, and nothing but a call of `main` gets here
    raise SystemExit(0)


def _helper_code(arguments: Sequence[str]) -> str | None:
    # Before it stand flags of the interpreter, and nothing else.
    *flags, command, code = ("", "", *arguments)
    if command != "-c" or not all(flag == "" or flag.startswith("-") for flag in flags):
        return None
    return code if _HELPER.fullmatch(code) else None
