"""What a person may bring about without meaning to: each is told in the window and in the log, and the rest goes on."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from tests.app.programs import PluginMaker
from tests.helpers.pipeline import contents_of
from tests.helpers.real_files import jpeg, make_mixed_folder
from tests.journeys.conftest import Journey
from tests.journeys.permissions import permissions_hold
from tests.journeys.real_app import started_app


@dataclass(frozen=True)
class Spoiling:
    """What is wrong with a database, and the words that tell of it."""

    spoil: Callable[[Path], None]
    words: tuple[str, ...]


def not_sqlite(database: Path) -> None:
    database.write_text("this is a letter to my aunt " * 100)


def newer_schema(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA application_id = 0x54494445")
        connection.execute("CREATE TABLE tasks_of_tomorrow (id INTEGER)")
        connection.execute("PRAGMA user_version = 9999")
        connection.commit()


def not_writable(database: Path) -> None:
    database.touch()
    database.chmod(0o444)


SPOILED = {
    "not SQLite": Spoiling(not_sqlite, ("is not a SQLite database", "Choose another file")),
    "newer schema": Spoiling(newer_schema, ("was written by a newer version", "Install the newer version")),
    "not writable": Spoiling(not_writable, ("cannot be written", "Give write permission")),
}


@pytest.mark.parametrize("what", SPOILED)
def test_a_database_that_cannot_be_used_is_explained_and_tried_again(
    go: Journey, data_dir: Path, tmp_path: Path, what: str
) -> None:
    spoiling, database = SPOILED[what], data_dir / "tidemill.db"
    spoiling.spoil(database)
    before = database.read_bytes()
    picture = tmp_path / "a.jpg"
    picture.write_bytes(jpeg())

    async def journey() -> None:
        with permissions_hold():
            async with started_app(data_dir, take=[picture]) as app:
                await app.until(lambda: app.seen(QWidget, "page-problem"), "the page that says so")
                for word in (str(database), *spoiling.words, "--data-dir DIR"):
                    assert word in app.words(app.find(QWidget, "page-problem"))
                    assert word in app.log
                assert app.find(QLabel, "status-counts").text() == "Not open"
                assert database.read_bytes() == before, "it is left as it was"

                # The person mends it and tries again; what was to be taken in has not been forgotten.
                database.unlink()
                app.click("problem-retry")
                await app.open()
                assert not app.seen(QWidget, "page-problem")
                await app.until(lambda: app.told, "the message")
                await app.idle()
                assert contents_of(app.mirror) == contents_of(app.paths.library)
                assert len(contents_of(app.mirror)) == 2

    go(journey())


@pytest.fixture
def make_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PluginMaker]:
    """Makes plugins that this process finds."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    known = set(sys.modules)
    yield PluginMaker(site)
    for name in set(sys.modules) - known:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(site)):
            del sys.modules[name]


def test_a_plugin_that_fails_to_import_is_named_and_the_others_work(
    go: Journey, data_dir: Path, tmp_path: Path, make_plugin: PluginMaker
) -> None:
    make_plugin(
        "sick",
        code="import no_such_thing",
        manifest='name = "sick"\ntitle = "Sick"\nversion = "1"\ncore = ">=0.1"\n',
    )
    mixed = make_mixed_folder(tmp_path / "holiday", count=30)

    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            (banner,) = app.banners()
            card = app.find(QWidget, "domain-card-sick")
            for place in (banner, app.words(card), app.log):
                assert "Sick" in place
                assert "No module named 'no_such_thing'" in place
                assert "Update or remove the plugin" in place
            assert "Traceback" in app.log
            app.drop([mixed.root])
            await app.until(lambda: app.told, "the message")
            await app.idle()
            assert contents_of(app.mirror) == contents_of(app.paths.library)
            assert {Path(n).stem for n in contents_of(app.mirror)} == mixed.stored
            app.click("banner-dismiss")
            assert app.banners() == []

    go(journey())


def test_a_folder_that_vanishes_while_it_is_read(go: Journey, data_dir: Path, tmp_path: Path) -> None:
    gone, stays = tmp_path / "gone", tmp_path / "stays.jpg"
    names = {f"{number:03}.txt" for number in range(400)}
    gone.mkdir()
    for name in names:
        (gone / name).write_text(f"words of {name}")
    stays.write_bytes(jpeg())

    async def journey() -> None:
        async with started_app(data_dir) as app:
            await app.open()
            app.drop([gone, stays])
            await app.until(lambda: app.handle("ingest").counts.completed > 5, "some files to be taken in")
            shutil.rmtree(gone)
            await app.until(lambda: app.told, "the message")
            await app.idle()
            # Each file is in the library or named: nothing is lost without a word.
            stored = contents_of(app.paths.library)
            failures = await app.listed_failures(app.scheduler.failure_count)
            assert failures, "it vanished too late"
            assert failures.keys() < names
            assert all("no longer there" in message for message in failures.values())
            assert all("Put it back" in message for message in failures.values())
            taken = names - failures.keys()
            contents = set(stored.values())
            assert {f"words of {name}".encode() for name in taken} < contents
            assert len([name for name in stored if name.startswith("content/")]) == len(taken) + 1
            assert contents_of(app.mirror) == stored
            some = next(iter(failures))
            assert f"{some}: it is no longer there" in app.log
            assert f"{len(failures)} failed" in app.told[0]

    go(journey())
