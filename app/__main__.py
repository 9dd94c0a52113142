"""`tidemill` and `python -m app`."""

from __future__ import annotations

import sys
import time


def main() -> int:
    """Runs the command that was typed; returns its exit code."""
    started_s = time.monotonic()
    # Imported here, so that the stamp above counts these imports too.
    from app.cli import run_command

    return run_command(sys.argv[1:], started_s)


if __name__ == "__main__":
    sys.exit(main())
