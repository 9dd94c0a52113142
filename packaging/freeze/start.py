"""The script of the frozen app: `tidemill`, and the processes that multiprocessing starts by calling it again."""

from __future__ import annotations

import os
import sys

from worker_call import is_worker_call, run_worker_call


def main() -> int:
    """Runs the command that was typed, or serves as a process of multiprocessing; returns the exit code."""
    restore_library_path()
    if is_worker_call(sys.argv[1:]):
        run_worker_call(sys.argv[1:])
    from app.__main__ import main as run

    return run()


def restore_library_path() -> None:
    """Gives programs that are started from here (a file manager, ffmpeg) the system's libraries, not ours.

    The bootloader had set the path for this process, where it has done its work.
    """
    original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if original is None:
        os.environ.pop("LD_LIBRARY_PATH", None)
    else:
        os.environ["LD_LIBRARY_PATH"] = original


if __name__ == "__main__":
    sys.exit(main())
