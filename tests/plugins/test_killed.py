"""kill -9 in the middle of the job: started again it finishes, and the mirror is the library."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.pipeline import Pipeline, contents_of
from tests.helpers.real_files import make_mixed_folder

PROGRAM = """
import asyncio, sys
from pathlib import Path
from tests.helpers.pipeline import Pipeline

async def main(root, folder, stop_at):
    seen = 0
    def count(events):
        nonlocal seen
        for event in events:
            seen += type(event).__name__ == "Completed"
            if seen == stop_at:
                print("now", flush=True)
    async with Pipeline(Path(root)).running() as scheduler:
        # The last part of the job is held back, so that the kill always comes before its end.
        await scheduler.domain("sync").pause()
        scheduler.subscribe(count)
        await Pipeline(Path(root)).take(scheduler, Path(folder))
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


def kill_in_the_middle(pipeline: Pipeline, folder: Path, completed: int, program: Path) -> None:
    """Starts the job in a process of its own and kills that when `completed` tasks are done."""
    program.write_text(PROGRAM)
    command = [sys.executable, str(program), str(pipeline.root), str(folder), str(completed)]
    repository = Path(__file__).parents[2]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=repository,
        env=os.environ | {"PYTHONPATH": str(repository)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        process.send_signal(signal.SIGKILL)


@pytest.mark.parametrize("completed", [1, 60, 150])
async def test_killed_in_the_middle_the_job_finishes_after_a_new_start(
    completed: int, pipeline: Pipeline, tmp_path: Path
) -> None:
    mixed = make_mixed_folder(tmp_path / "holiday", count=120)
    kill_in_the_middle(pipeline, mixed.root, completed, tmp_path / "program.py")

    # Whole or absent: a name is the digest of what is in the file.
    for name, content in contents_of(pipeline.library / "content").items():
        if not name.startswith(".incoming/"):
            assert hashlib.sha256(content).hexdigest() == Path(name).stem

    async with pipeline.running() as scheduler:
        assert scheduler.recovery.pending > 0
        await scheduler.domain("sync").resume()
        await scheduler.wait_idle()
        failed = await scheduler.failures(1000)
        assert len(failed) == len(mixed.failures)
    stored = contents_of(pipeline.library)
    assert {Path(name).stem for name in stored if name.startswith("content/")} == mixed.stored
    assert {Path(name).stem for name in stored if name.startswith("thumbnails/")} == mixed.thumbnails
    assert contents_of(pipeline.mirror) == stored
    assert [title for title, _ in pipeline.told] == ["holiday"]
