"""A mirror is the library byte for byte, is made once, and survives being stopped, killed and refused."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec
import pytest

from tidemill_sync.mirror import MirrorError, MirrorPlan, MirrorReport, MirrorTargetError, run_mirror
from tidemill_sync.target import CHUNK_SIZE, MirrorTarget

LARGE = bytes(range(256)) * (3 * CHUNK_SIZE // 256)
Snapshot = dict[str, tuple[int, int, bytes]]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    root = tmp_path / "library"
    contents = {
        "content/ab/ab12.jpg": b"picture",
        "content/cd/cd34.bin": LARGE,
        "content/ef/ef56": b"no extension",
    }
    contents |= {
        "thumbnails/ab/ab12.webp": b"small",
        "content/.incoming/7-half.part": b"half",
        "notes.txt": b"other",
    }
    for name, content in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def files_of(folder: Path) -> Snapshot:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def contents(folder: Path) -> dict[str, bytes]:
    return {name: content for name, (_, _, content) in files_of(folder).items()}


def mirrored(library: Path) -> dict[str, bytes]:
    """What the mirror of `library` must hold."""
    return {
        name: content
        for name, content in contents(library).items()
        if name.startswith(("content/", "thumbnails/")) and "/." not in name
    }


def mirror(
    library: Path, address: str | Path, owner: str = "lib-7", **watch: Callable[..., None]
) -> MirrorReport:
    def ignore(*_: object) -> None:
        pass

    watchers: dict[str, Any] = {"on_plan": ignore, "on_bytes": ignore, "on_file": ignore} | watch
    return run_mirror(library, MirrorTarget(str(address)), owner, **watchers)


def test_the_mirror_is_the_library_byte_for_byte(library: Path, tmp_path: Path) -> None:
    report = mirror(library, tmp_path / "mirror")
    assert contents(tmp_path / "mirror") == mirrored(library)
    assert report == MirrorReport(copied=4, copied_bytes=len(LARGE) + 24, unchanged=0)


def test_the_second_run_touches_nothing(library: Path, tmp_path: Path) -> None:
    mirror(library, tmp_path / "mirror")
    before = files_of(tmp_path / "mirror")
    assert mirror(library, tmp_path / "mirror") == MirrorReport(copied=0, copied_bytes=0, unchanged=4)
    assert files_of(tmp_path / "mirror") == before


def test_only_what_is_new_missing_or_changed_is_copied(library: Path, tmp_path: Path) -> None:
    target = tmp_path / "mirror"
    mirror(library, target)
    before = files_of(target)
    (library / "content" / "ab" / "ab99.txt").write_bytes(b"new")
    (target / "content" / "ef" / "ef56").unlink()
    (target / "content" / "ab" / "ab12.jpg").write_bytes(b"cut")
    thumbnail = library / "thumbnails" / "ab" / "ab12.webp"
    thumbnail.write_bytes(b"LARGE")  # as many bytes as before
    later = thumbnail.stat().st_mtime_ns + 10 * 10**9
    os.utime(thumbnail, ns=(later, later))
    assert mirror(library, target).copied == 4
    assert contents(target) == mirrored(library)
    assert files_of(target)["content/cd/cd34.bin"] == before["content/cd/cd34.bin"]


def test_what_else_lies_at_the_target_is_left_alone(library: Path, tmp_path: Path) -> None:
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "mine.txt").write_text("mine")
    mirror(library, tmp_path / "mirror")
    assert (tmp_path / "mirror" / "mine.txt").read_text() == "mine"


def test_progress_is_told_in_bytes_and_files(library: Path, tmp_path: Path) -> None:
    plans: list[MirrorPlan] = []
    moved: list[int] = []
    done: list[int] = []
    mirror(library, tmp_path / "mirror", on_plan=plans.append, on_bytes=moved.append, on_file=done.append)
    assert plans[0].bytes_total == sum(moved) == len(LARGE) + 24
    assert done == [1, 2, 3, 4]
    assert max(moved) == CHUNK_SIZE


def test_a_target_that_is_not_a_disk_of_this_machine_works_alike(library: Path) -> None:
    address = f"memory://{uuid4()}/mirror"
    assert mirror(library, address).copied == 4
    assert mirror(library, address).unchanged == 4
    system, root = fsspec.url_to_fs(address)
    held = {name.removeprefix(f"{root}/"): system.cat_file(name) for name in system.find(root)}
    assert held == mirrored(library)


def test_stopped_in_the_middle_it_leaves_no_half_file_and_goes_on_where_it_was(
    library: Path, tmp_path: Path
) -> None:
    class Stopped(Exception):
        pass

    def stop(count: int) -> None:
        if count == CHUNK_SIZE:
            raise Stopped

    with pytest.raises(Stopped):
        mirror(library, tmp_path / "mirror", on_bytes=stop)
    assert contents(tmp_path / "mirror") == {"content/ab/ab12.jpg": b"picture"}
    assert mirror(library, tmp_path / "mirror") == MirrorReport(
        copied=3, copied_bytes=len(LARGE) + 17, unchanged=1
    )
    assert contents(tmp_path / "mirror") == mirrored(library)


SCRIPT = """
import sys
from pathlib import Path
from tidemill_sync.mirror import run_mirror
from tidemill_sync.target import CHUNK_SIZE, MirrorTarget

def wait_in_the_middle(count):
    if count == CHUNK_SIZE:
        print("copying", flush=True)
        sys.stdin.read()

def ignore(value):
    pass

run_mirror(Path(sys.argv[1]), MirrorTarget(sys.argv[2]), "lib-7",
           on_plan=ignore, on_bytes=wait_in_the_middle, on_file=ignore)
"""


def test_killed_in_the_middle_no_half_file_has_a_final_name_and_the_next_run_finishes(
    library: Path, tmp_path: Path
) -> None:
    target = tmp_path / "mirror"
    command = [sys.executable, "-c", SCRIPT, str(library), str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "copying\n"
        process.send_signal(signal.SIGKILL)
    after_kill = contents(target)
    halves = [name for name in after_kill if name.startswith(".incoming/lib-7-")]
    assert len(halves) == 1
    assert {name: after_kill[name] for name in after_kill if name not in halves} == {
        "content/ab/ab12.jpg": b"picture"
    }
    assert mirror(library, target).copied == 3
    assert contents(target) == mirrored(library)


def test_leftovers_of_others_are_swept_only_when_they_are_a_day_old(library: Path, tmp_path: Path) -> None:
    incoming = tmp_path / "mirror" / ".incoming"
    incoming.mkdir(parents=True)
    young, old = incoming / "lib-70-young.part", incoming / "other-1-old.part"
    young.write_bytes(b"half")
    old.write_bytes(b"half")
    long_ago = old.stat().st_mtime - 25 * 3600
    os.utime(old, (long_ago, long_ago))
    mirror(library, tmp_path / "mirror", owner="lib-7")
    assert [path.name for path in incoming.iterdir()] == [young.name]


def test_a_full_disk_is_an_error_that_names_target_and_file(library: Path, tmp_path: Path) -> None:
    def allow_one_megabyte_a_file() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (CHUNK_SIZE, CHUNK_SIZE))

    # The kernel refuses the write in the middle of the copy, as a full disk does; that needs no rights.
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            SCRIPT.replace("print", "return; print"),
            str(library),
            str(tmp_path / "mirror"),
        ],
        preexec_fn=allow_one_megabyte_a_file,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert f"MirrorTargetError: {tmp_path / 'mirror'}: the mirror's disk is full" in result.stderr
    assert (
        f"(content/cd/cd34.bin needs {len(LARGE):,} bytes). Free some space there, then retry"
        in result.stderr
    )
    assert contents(tmp_path / "mirror") == {"content/ab/ab12.jpg": b"picture"}


def test_a_target_whose_disk_is_not_there_is_an_error_and_nothing_is_made(
    library: Path, tmp_path: Path
) -> None:
    with pytest.raises(MirrorTargetError, match=r"mirror's folder is not there\. Connect its disk"):
        mirror(library, tmp_path / "not mounted" / "mirror")
    assert not (tmp_path / "not mounted").exists()


def test_a_file_in_the_targets_place_is_an_error(library: Path, tmp_path: Path) -> None:
    (tmp_path / "mirror").write_text("in the way")
    with pytest.raises(MirrorTargetError, match="a file where the mirror's folder should be"):
        mirror(library, tmp_path / "mirror")


@pytest.mark.parametrize("inside", ["", "content", "mirror"])
def test_a_target_inside_the_library_is_refused(library: Path, inside: str) -> None:
    with pytest.raises(MirrorTargetError, match="lies in the library itself"):
        mirror(library, library / inside)


def test_a_library_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="the library is not there"):
        mirror(tmp_path / "never was", tmp_path / "mirror")


def test_a_library_that_vanishes_meanwhile_is_an_error_and_a_single_file_is_not(
    library: Path, tmp_path: Path
) -> None:
    def lose_one(plan: MirrorPlan) -> None:
        plan.todo[0].path.unlink()

    assert mirror(library, tmp_path / "mirror", on_plan=lose_one).copied == 3

    def lose_all(plan: MirrorPlan) -> None:
        shutil.rmtree(library)

    with pytest.raises(MirrorError, match="the library vanished while it was mirrored"):
        mirror(library, tmp_path / "second", on_plan=lose_all)


def test_what_reads_back_differently_is_not_published(library: Path, tmp_path: Path) -> None:
    target = tmp_path / "mirror"

    def damage(count: int) -> None:
        # A disk that keeps something else than it was given: the temporary file is changed behind the
        # writer's back.
        (temporary,) = (target / ".incoming").iterdir()
        with temporary.open("ab") as stream:
            stream.write(b"?" * (CHUNK_SIZE + 1))

    with pytest.raises(
        MirrorError, match=r"content/ab/ab12\.jpg reads back differently from what was written"
    ):
        mirror(library, target, on_bytes=damage)
    assert contents(target) == {}
