"""The real window in German, on every page: nothing of it is English, and nothing is cut off that is whole in English."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu, QWidget
from text_files import Entries, read_sentences, read_ts

from app.pages.settings_window import SettingsWindow
from tests.helpers.real_files import make_mixed_folder
from tests.journeys.conftest import Journey
from tests.journeys.real_app import RealApp, started_app
from tests.translations.conftest import ROOT
from tests.translations.reading import Read, cut_off, mnemonics, read_all

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints|grabbing)")

_TURNS = 20
PAGES = ("overview", "jobs", "queue", "history", "failures")
SETTINGS_PAGES = ("general", "domains", "limits", "pressure", "plugins", "notifications", "advanced")
ENGLISH = re.compile(
    r"\b(?:the|and|of|is|are|it|its|with|without|for|not|nothing|to|at|by|when|what|who|tasks?|jobs?|waiting|waits|"
    r"running|paused|failed|done|cancelled|retry|settings|queue|history|failures)\b",
    re.IGNORECASE,
)
"""Words that no German sentence has."""
HOLE = re.compile(r"\{\d\}")
NOT_TRANSLATED = re.compile(
    # What a machine reads: types, keys, JSON, tracebacks, addresses, files of people and of the system.
    r"^\w+::\w+$|^[a-z]+_[a-z_]+$|[/\\{}]|^\s*\"|Traceback|^\s*File |^\w+(?:Error|Exception)\b"
    r"|\.(?:txt|jpg|png|pdf|toml|zip|csv|md)\b|\d{4}-\d\d-\d\d|^\s{2,}"
)
GERMAN_TOO = {"Starts {0}"}
"""English patterns that a German text may fit: Starts dieses Typs."""
NAMES = {
    "System",
    "Tidemill",
    "Details",
    "Plugins",
    "Limits",
    "Traceback",
    "Start",
    "normal",
    "Normal",
    "CPU",
    "English",
}


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Files that fail in several ways among those that do not."""
    return make_mixed_folder(tmp_path / "Vom alten Laptop", count=40).root


@pytest.fixture
def english() -> list[tuple[re.Pattern[str], str]]:
    """The English texts that are others in German, as patterns."""
    found: dict[str, str] = {}
    for (_, source), entry in _german().items():
        letters = sum(map(str.isalpha, HOLE.sub("", source)))
        if letters > 3 and source not in GERMAN_TOO and source.lower() != entry.translation.lower():
            found[source] = entry.translation
    german = set(found.values())
    return [
        (re.compile(".+".join(map(re.escape, HOLE.split(source.replace("&", "")))), re.DOTALL), source)
        for source in found
        if source not in german
    ]


def _german() -> Entries:
    entries: Entries = {}
    for file in (ROOT / "resources" / "translations").glob("*_de.ts"):
        entries |= read_ts(file)
    for file in (
        *ROOT.glob("resources/translations/*_de.toml"),
        *ROOT.glob("plugins/*/src/*/translations/de.toml"),
    ):
        entries |= read_sentences(file)
    return entries


def not_german(texts: list[Read], english: list[tuple[re.Pattern[str], str]]) -> list[str]:
    """What is the English of a text, or has words that only English has."""
    wrong: dict[str, str] = {}
    for one in texts:
        if one.text in wrong or one.text in NAMES or NOT_TRANSLATED.search(one.text):
            continue
        if any(pattern.fullmatch(one.text) for pattern, _ in english):
            wrong[one.text] = f"{one.text!r} in {one.where}"
        elif ENGLISH.search(one.text):
            wrong[one.text] = f"{one.text!r} in {one.where} (by its words)"
    return list(wrong.values())


async def look_around(app: RealApp, mixed: Path) -> tuple[list[Read], dict[str, str], list[str]]:
    """Everything there is to read after some work, what is cut off, and keys that two buttons of a page want."""
    texts: list[Read] = []
    cut: dict[str, str] = {}
    twice: list[str] = []

    async def look(window: QWidget, place: str) -> None:
        for _ in range(_TURNS):  # for layouts and what they make others do
            await asyncio.sleep(0)
        texts.extend(read_all(window))
        cut.update({f"{place}: {who}": words for who, words in cut_off(window).items()})
        twice.extend(
            f"{place}: Alt+{key}: {words}" for key, words in mnemonics(window).items() if len(set(words)) > 1
        )

    app.window.resize(1280, 800)
    await app.open()
    for page in PAGES:
        app.window.show_page(page)
        await look(app.window, f"{page}, empty")
    app.drop([mixed])
    await app.until(lambda: app.scheduler.counts.completed > 5, "the first to be done")
    app.click("pause-all")
    await app.until(lambda: app.scheduler.is_paused and app.scheduler.counts.running == 0, "all to be paused")
    for page in PAGES:
        app.window.show_page(page)
        await app.session.commands.wait_idle()
        await look(app.window, f"{page}, paused")
    app.window.show_page("queue")
    await look_at_task(app, "queue-list", lambda: look(app.window, "inspector, waiting"))
    app.click("pause-all")
    await app.idle()
    for page in (*PAGES, *(f"domain-{name}" for name in ("ingest", "process", "sync", "notify"))):
        app.window.show_page(page)
        await app.until(lambda page=page: app.seen(QWidget, f"page-{page}"), page)
        await app.session.commands.wait_idle()
        await look(app.window, page)
    app.window.show_page("history")
    await look_at_task(app, "history-list", lambda: look(app.window, "inspector, ended"))
    app.window.show_page("failures")
    await app.open_cause(1)
    await app.sees(QAbstractItemView, "failures-list")
    await look(app.window, "failures, opened")
    for menu in app.window.findChildren(QMenu):
        menu.aboutToShow.emit()
    await look(app.window, "menus")
    act(app, "action-palette")
    palette = await app.sees(QWidget, "palette")
    await look(palette, "palette")
    palette.hide()
    app.window.show_settings()
    settings = app.window.findChild(SettingsWindow)
    assert settings is not None
    for page in SETTINGS_PAGES:
        settings.show_page(page)
        await look(settings, f"settings, {page}")
    settings.close()
    act(app, "action-help")
    for window in QApplication.topLevelWidgets():
        if window.isVisible() and window is not app.window:
            await look(window, window.objectName() or "help")
            window.close()
    texts.extend(Read(told, "message") for told in app.told)
    return texts, cut, twice


async def look_at_task(app: RealApp, name: str, look: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Opens the inspector on the first task of a list, and closes it."""
    view = await app.sees(QAbstractItemView, name)
    await app.until(lambda: view.model().rowCount() > 0, f"{name} to be filled")
    view.setCurrentIndex(view.model().index(0, 0))
    app.click("inspector-toggle")
    await app.sees(QWidget, "inspector")
    await app.session.commands.wait_idle()
    await look()
    app.click("inspector-toggle")


def act(app: RealApp, name: str) -> None:
    action = app.window.findChild(QAction, name)
    assert action is not None, name
    action.trigger()


@pytest.mark.timeout(300)  # two starts of the app, and each of its pages read twice
def test_no_english_is_left_and_nothing_is_cut_off(
    go: Journey, tmp_path: Path, mixed: Path, english: list[tuple[re.Pattern[str], str]]
) -> None:
    seen: dict[str, tuple[list[Read], dict[str, str], list[str]]] = {}

    async def journey() -> None:
        for language in ("en", "de"):
            root = tmp_path / language
            root.mkdir()
            (root / "settings.toml").write_text(
                "[general]\nwelcome_done = true\n[pressure]\nslow_down = false\n[domains.ingest]\nretry_delay_s = 0.0\n"
            )
            async with started_app(root, language=language) as app:
                seen[language] = await look_around(app, mixed)

    go(journey())
    texts, cut, twice = seen["de"]
    assert len({one.text for one in texts}) > 300
    assert not_german(seen["en"][0], english), "this test would see nothing"
    wrong = [
        *not_german(texts, english),
        *(f"cut off: {words!r}: {who}" for who, words in cut.items() if who not in seen["en"][1]),
        *(one for one in twice if one not in seen["en"][2]),
    ]
    assert not wrong, "\n".join(wrong)


def test_the_welcome_is_german(
    go: Journey, tmp_path: Path, english: list[tuple[re.Pattern[str], str]]
) -> None:
    async def journey() -> None:
        root = tmp_path / "de"
        root.mkdir()
        async with started_app(root, language="de") as app:
            await app.sees(QWidget, "page-welcome")
            await app.open()
            texts = list(read_all(app.window))
            assert any(one.text == "Willkommen bei Tidemill" for one in texts)
            assert not not_german(texts, english)
            assert not cut_off(app.window)

    go(journey())
