"""Which files of a folder are found, and what becomes of those that cannot be read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tests.helpers.real_files import make_mixed_folder
from tidemill_ingest.paths import from_uri, shown, to_uri
from tidemill_ingest.walk import Found, OwnFolderError, Unreadable, walk


def found(root: Path, own: tuple[Path, ...] = (), passed_by: tuple[Path, ...] = ()) -> list[str]:
    return [
        entry.path.relative_to(root).as_posix()
        for entry in walk(root, own, passed_by)
        if isinstance(entry, Found)
    ]


def write(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_every_file_of_a_mixed_folder_is_found_once_and_nothing_else(tmp_path: Path) -> None:
    mixed = make_mixed_folder(tmp_path / "mixed")
    entries = list(walk(mixed.root))
    assert sorted(os.fsencode(entry.path) for entry in entries) == sorted(
        os.fsencode(file.path) for file in mixed.files
    )
    assert all(isinstance(entry, Found) for entry in entries)


def test_a_single_file_is_found_even_if_it_is_hidden(tmp_path: Path) -> None:
    path = write(tmp_path / ".hidden.txt")
    assert list(walk(path)) == [Found(path)]


def test_the_order_is_by_name_folder_by_folder(tmp_path: Path) -> None:
    for name in ("b/2", "b/1", "a/z/1", "a/1", "c"):
        write(tmp_path / name)
    assert found(tmp_path) == ["c", "a/1", "a/z/1", "b/1", "b/2"]


def test_links_are_never_followed_out_or_in_circles(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    target = write(root / "in" / "target.txt")
    write(outside / "secret.txt")
    (root / "good.txt").symlink_to(target)
    (root / "relative.txt").symlink_to("in/target.txt")
    (root / "out.txt").symlink_to(outside / "secret.txt")
    (root / "out").symlink_to(outside)
    (root / "loop").symlink_to(root)
    (root / "self").symlink_to(root / "self")
    (root / "dead").symlink_to(root / "nothing")
    assert found(root) == ["good.txt", "relative.txt", "in/target.txt"]


def test_a_folder_that_is_dropped_as_a_link_is_walked(tmp_path: Path) -> None:
    write(tmp_path / "real" / "a.txt")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")
    assert found(link) == ["a.txt"]


def test_pipes_and_sockets_are_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path) == []
    assert isinstance(next(walk(tmp_path / "pipe")), Unreadable)


def test_the_library_is_passed_by_and_refused_when_dropped_itself(tmp_path: Path) -> None:
    library = tmp_path / "data" / "library"
    write(library / "content" / "ab" / "abc.txt")
    write(tmp_path / "data" / "tidemill.db")
    write(tmp_path / "mine.txt")
    assert found(tmp_path, (library,)) == ["mine.txt", "data/tidemill.db"]
    assert found(tmp_path, (library,), (tmp_path / "data",)) == ["mine.txt"]
    for inside in (library, library / "content" / "ab"):
        with pytest.raises(OwnFolderError, match="Tidemill's own data"):
            list(walk(inside, (library,)))


def test_a_folder_that_vanishes_while_it_is_read_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    for name in ("a/1", "gone/1", "gone/2", "z/1"):
        write(tmp_path / name)
    entries = walk(tmp_path)
    assert next(entries) == Found(tmp_path / "a" / "1")
    shutil.rmtree(tmp_path / "gone")
    missing, last = entries
    assert isinstance(missing, Unreadable)
    assert missing.path == tmp_path / "gone"
    assert "it vanished while it was read" in missing.message
    assert last == Found(tmp_path / "z" / "1")


def test_a_root_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(walk(tmp_path / "never was"))


def test_folders_nested_deeper_than_python_can_recurse_are_walked(tmp_path: Path) -> None:
    # Deeper than a path may be long is out of reach by absolute names; as deep as they reach is walked.
    folder = tmp_path
    while len(str(folder)) < 2600:
        folder = folder / "d"
        os.mkdir(folder)  # step by step: the library itself recurses when it makes parents
    (folder / "bottom.txt").write_text("x")
    assert len(found(tmp_path)) == 1
    # Taken away step by step as well: what clears temporary folders recurses too.
    (folder / "bottom.txt").unlink()
    while folder != tmp_path:
        folder.rmdir()
        folder = folder.parent


@given(st.binary(min_size=1, max_size=40).filter(lambda name: b"/" not in name and b"\0" not in name))
def test_any_name_survives_as_a_uri_and_is_shown_as_one_valid_line(name: bytes) -> None:
    path = Path("/tmp") / os.fsdecode(name)
    uri = to_uri(path)
    assert uri.isascii()
    assert os.fsencode(from_uri(uri)) == os.fsencode(path)
    assert shown(path).encode("utf-8").splitlines() == [shown(path).encode("utf-8")]


def test_only_file_uris_are_paths() -> None:
    with pytest.raises(ValueError, match="is not a file: address"):
        from_uri("https://example.org/a.jpg")
