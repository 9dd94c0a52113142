"""Starts the real app with the load plugin, and brings back what was measured in it."""

from __future__ import annotations

import importlib.metadata
import json
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from tests.app.programs import GROUP, PluginMaker, program_environment, wait_for_file
from tests.benchmarks.load import Load, Measured, result_file

_MANIFEST = """\
name = "noop"
title = "Nothing"
description = "Tasks that do nothing, to measure what everything else costs"
version = "0.1.0"
core = ">=0.1,<0.2"
color = "series-1"
order = 1
touches = []
"""
_CODE = "from tests.benchmarks.app_load import LoadPlugin as TinyPlugin\n"
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
    data = folder / "data"
    data.mkdir()
    site = folder / "site"
    site.mkdir()
    PluginMaker(site)("noop", _CODE, _MANIFEST)
    others = sorted({one.name for one in importlib.metadata.entry_points(group=GROUP)})
    (data / "settings.toml").write_text(_SETTINGS.format(disabled=", ".join(f'"{name}"' for name in others)))
    order = folder / "load.order"
    order.write_text(json.dumps(asdict(load)))
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "run", "--data-dir", str(data), "--take", str(order)],
        env=program_environment(site, {"QT_QPA_PLATFORM": "offscreen"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for_file(process, result_file(order), longest_s)
    finally:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return Measured(**json.loads(result_file(order).read_text()))
