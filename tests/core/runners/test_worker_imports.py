"""What a new worker loads: it runs the program's main module again, and that must not bring the window along."""

from __future__ import annotations

import subprocess
import sys
import textwrap


def test_the_apps_main_module_brings_no_qt_into_a_worker() -> None:
    program = """
        import runpy, sys
        runpy.run_module("app.__main__", run_name="__mp_main__")
        import scheduler_core.runners.worker
        assert not [name for name in sys.modules if name.startswith(("PySide6", "pyqtgraph", "qasync"))]
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True, timeout=30)
