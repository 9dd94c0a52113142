"""Starts the real app with a plugin that measures, and brings back what was measured in it."""

from __future__ import annotations

import importlib.metadata
import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.app.programs import GROUP, PluginMaker, program_environment, wait_for_file
from tests.benchmarks.load import Load, Measured, Scroll, Scrolled, result_file

_MANIFEST = """\
name = "{name}"
title = "{title}"
description = "Tasks that do nothing, to measure what everything else costs"
version = "0.1.0"
core = ">=0.1,<0.2"
color = "series-1"
order = 1
touches = []
"""
_SETTINGS = """\
[plugins]
disabled = [{disabled}]
[general]
welcome_done = true
[limits]
max_concurrency = 64
"""


def run_in_app(folder: Path, load: Load, longest_s: float = 120) -> Measured:
    """Does `load` in a window of its own, offscreen, with an empty `folder` for its data; every other plugin is off."""
    code = "from tests.benchmarks.app_load import LoadPlugin as TinyPlugin\n"
    return Measured(**_run(folder, "noop", code, asdict(load), longest_s))


def scroll_in_app(folder: Path, scroll: Scroll, database: Path, longest_s: float = 200) -> Scrolled:
    """Does `scroll` in the same way, on a link to `database`."""
    code = "from tests.benchmarks.app_scroll import ScrollPlugin as TinyPlugin\n"
    (folder / "data").mkdir()
    (folder / "data" / "tidemill.db").hardlink_to(database)
    return Scrolled(**_run(folder, "album", code, asdict(scroll), longest_s))


def _run(folder: Path, name: str, code: str, order: Mapping[str, object], longest_s: float) -> dict[str, Any]:
    data = folder / "data"
    data.mkdir(exist_ok=True)
    site = folder / "site"
    site.mkdir()
    PluginMaker(site)(name, code, _MANIFEST.format(name=name, title=name.capitalize()))
    others = sorted({one.name for one in importlib.metadata.entry_points(group=GROUP)})
    (data / "settings.toml").write_text(_SETTINGS.format(disabled=", ".join(f'"{one}"' for one in others)))
    file = folder / "load.order"
    file.write_text(json.dumps(order))
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "run", "--data-dir", str(data), "--take", str(file)],
        env=program_environment(site, {"QT_QPA_PLATFORM": "offscreen"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for_file(process, result_file(file), longest_s)
    finally:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return json.loads(result_file(file).read_text())
