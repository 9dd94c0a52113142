"""Runs the blocks of a page, one after another, in one namespace; for `tests/architecture/test_scheduler_pages.py`.

Standard input is a JSON list of blocks, standard output a JSON list of what each printed. A block may use `await`
outside of functions, as in `python -m asyncio`; all such blocks share one event loop.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import json
import linecache
import sys
from collections.abc import Coroutine
from types import CodeType
from typing import Any


def main() -> None:
    blocks: list[str] = json.load(sys.stdin)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    printed: list[str] = []
    with asyncio.Runner() as runner:
        for number, block in enumerate(blocks, start=1):
            text = io.StringIO()
            with contextlib.redirect_stdout(text):
                _run(runner, _compiled(block, f"<block {number}>"), namespace)
            printed.append(text.getvalue())
    json.dump(printed, sys.stdout)


def _compiled(block: str, name: str) -> CodeType:
    linecache.cache[name] = (len(block), None, block.splitlines(keepends=True), name)
    return compile(block, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def _run(runner: asyncio.Runner, code: CodeType, namespace: dict[str, Any]) -> None:
    if code.co_flags & inspect.CO_COROUTINE:
        awaited: Coroutine[Any, Any, Any] = eval(code, namespace)
        runner.run(awaited)
    else:
        exec(code, namespace)


if __name__ == "__main__":
    main()
