"""Each content once, whole or not at all: also when killed, when the disk is full, when the file changes."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.helpers.real_files import jpeg, make_mixed_folder
from tidemill_ingest.claims import ClaimError
from tidemill_ingest.content_store import (
    CHUNK_SIZE,
    ContentStore,
    LibraryFullError,
    SourceChangedError,
    SourceError,
    open_source,
)
from tidemill_ingest.taking import Taken, take_file

LARGE = bytes(range(256)) * (4 * CHUNK_SIZE // 256)


def take(path: Path, store: ContentStore, owner: str = "7", largest: int = 10**9) -> Taken:
    return take_file(path, store, owner=owner, largest=largest, on_bytes=lambda count: None)


def files_of(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_file_is_stored_under_its_digest(tmp_path: Path) -> None:
    source = tmp_path / "a b.jpeg"
    source.write_bytes(jpeg())
    taken = take(source, ContentStore(tmp_path / "library"))
    sha256 = hashlib.sha256(jpeg()).hexdigest()
    assert taken.stored.path == tmp_path / "library" / "content" / sha256[:2] / f"{sha256}.jpg"
    assert taken.stored.path.read_bytes() == source.read_bytes()
    assert (taken.stored.sha256, taken.stored.is_new, taken.is_picture) == (sha256, True, True)


def test_the_same_again_changes_nothing_on_the_disk(tmp_path: Path) -> None:
    source, store = tmp_path / "a.txt", ContentStore(tmp_path / "library")
    source.write_text("the same words")
    first = take(source, store)
    before = files_of(store.root)
    other_name = source.rename(tmp_path / "b.md")
    again = take(other_name, store)
    assert files_of(store.root) == before
    assert again.stored.path == first.stored.path
    assert (first.stored.is_new, again.stored.is_new) == (True, False)


def test_one_content_taken_by_many_threads_is_written_once(tmp_path: Path) -> None:
    store, start = ContentStore(tmp_path / "library"), threading.Barrier(8)
    sources = [tmp_path / f"{number}.bin" for number in range(8)]
    for source in sources:
        source.write_bytes(LARGE)

    def run(number: int) -> bool:
        start.wait()
        return take(sources[number], store, owner=str(number)).stored.is_new

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(run, range(8))) == [False] * 7 + [True]
    assert len(files_of(store.root)) == 1


def test_a_mixed_folder_is_stored_without_its_refused_files(tmp_path: Path) -> None:
    mixed, store = make_mixed_folder(tmp_path / "mixed"), ContentStore(tmp_path / "library")
    refused: dict[Path, str] = {}
    for file in mixed.files:
        try:
            assert take(file.path, store).is_picture == file.is_picture
        except ClaimError as error:
            refused[file.path] = str(error)
    assert refused.keys() == {file.path for file in mixed.files if file.outcome == "refused"}
    assert all(file.reason in refused[file.path] for file in mixed.files if file.outcome == "refused")
    stored = files_of(store.root)
    assert {Path(name).stem for name in stored} == mixed.stored
    assert all(
        hashlib.sha256(content).hexdigest() == Path(name).stem for name, (_, _, content) in stored.items()
    )


def test_empty_and_oversized_files_are_refused_by_name_and_reason(tmp_path: Path) -> None:
    empty, large, store = tmp_path / "empty.txt", tmp_path / "large.txt", ContentStore(tmp_path / "library")
    empty.touch()
    large.write_text("x" * 2_500_000)
    with pytest.raises(ClaimError, match=r"^empty\.txt: it is empty \(0 bytes\)\. Copy it again"):
        take(empty, store)
    with pytest.raises(
        ClaimError, match=r"^large\.txt: it has 2\.5 MB, and 1\.0 MB are allowed\. Raise the limit"
    ):
        take(large, store, largest=1_000_000)
    assert files_of(tmp_path / "library") == {}


def test_a_file_that_is_gone_or_no_file_is_an_error_that_says_so(tmp_path: Path) -> None:
    store = ContentStore(tmp_path / "library")
    with pytest.raises(SourceError, match=r"^gone\.txt: it is no longer there \(.*gone\.txt\)\. Put it back"):
        take(tmp_path / "gone.txt", store)
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(SourceError, match=r"^pipe\.txt: it is not an ordinary file"):
        take(tmp_path / "pipe.txt", store)
    with pytest.raises(SourceError, match=r"it is not an ordinary file|Is a directory"):
        take(tmp_path, store)


def test_a_file_that_is_still_being_written_is_not_stored(tmp_path: Path) -> None:
    source, store = tmp_path / "growing.bin", ContentStore(tmp_path / "library")
    source.write_bytes(LARGE)
    grown = iter([True])

    def grow(count: int) -> None:
        if count == 0 and next(grown, False):  # the first chunk was copied: the other program writes on
            with source.open("ab") as other_program:
                other_program.write(b"more")

    with (
        open_source(source) as stream,
        pytest.raises(SourceChangedError, match=r"growing\.bin: it changed while"),
    ):
        store.put(stream, source.name, "bin", "7", grow)
    assert files_of(store.root) == {}


def test_stopping_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    source, store = tmp_path / "large.bin", ContentStore(tmp_path / "library")
    source.write_bytes(LARGE)

    class Stopped(Exception):
        pass

    def stop(count: int) -> None:
        if count == 0:
            raise Stopped

    with open_source(source) as stream, pytest.raises(Stopped):
        store.put(stream, source.name, "bin", "7", stop)
    assert files_of(store.root) == {}


KILLED = """
import sys
from pathlib import Path
from tidemill_ingest.content_store import ContentStore
from tidemill_ingest.taking import take_file

def wait_in_the_middle(count):
    if count == 0:
        print("copying", flush=True)
        sys.stdin.read()

store = ContentStore(Path(sys.argv[2]))
take_file(Path(sys.argv[1]), store, owner="7", largest=10**9, on_bytes=wait_in_the_middle)
"""


@pytest.fixture
def killed_store(tmp_path: Path) -> tuple[Path, ContentStore]:
    """A source, and the store of a process that was killed with SIGKILL while it copied that source."""
    source, library = tmp_path / "large.bin", tmp_path / "library"
    source.write_bytes(LARGE)
    command = [sys.executable, "-c", KILLED, str(source), str(library)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "copying\n"
        process.send_signal(signal.SIGKILL)
    return source, ContentStore(library)


def test_killed_in_the_middle_no_half_file_has_a_final_name_and_the_next_attempt_cleans_up(
    killed_store: tuple[Path, ContentStore],
) -> None:
    source, store = killed_store
    (leftover,) = files_of(store.root)
    assert leftover.startswith(".incoming/7-")
    taken = take(source, store, owner="7")
    assert taken.stored.is_new
    assert taken.stored.path.read_bytes() == LARGE
    assert len(files_of(store.root)) == 1


def test_what_nobody_comes_back_for_is_swept_after_a_day_and_not_before(
    killed_store: tuple[Path, ContentStore],
) -> None:
    _, store = killed_store
    (leftover,) = (store.root / ".incoming").iterdir()
    written = leftover.stat().st_mtime
    assert store.sweep_stale(now=written + 23 * 3600) == 0
    assert store.sweep_stale(now=written + 25 * 3600) == 1
    assert files_of(store.root) == {}


def test_a_full_disk_is_an_error_that_names_the_file_and_the_disk(tmp_path: Path) -> None:
    source = tmp_path / "large.bin"
    source.write_bytes(LARGE)

    def allow_one_megabyte_a_file() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (CHUNK_SIZE, CHUNK_SIZE))

    # The kernel refuses the write in the middle of the copy, as a full disk does; that needs no rights.
    script = KILLED.replace("print", "return; print")
    result = subprocess.run(
        [sys.executable, "-c", script, str(source), str(tmp_path / "library")],
        preexec_fn=allow_one_megabyte_a_file,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert LibraryFullError.__name__ in result.stderr
    assert (
        f"large.bin: the library's disk ({tmp_path / 'library' / 'content'}) is full. Free some"
        in result.stderr
    )
    assert files_of(tmp_path / "library") == {}
