"""A data folder is opened with what a person has set."""

from __future__ import annotations

from pathlib import Path

from app.opening import DataFolder
from app.paths import DataPaths
from app.settings_model import AppSettings, GroupLimits, LimitSettings
from scheduler_core import GroupSummary, RateLimit


async def test_limits_of_groups_hold_as_soon_as_the_folder_is_open(tmp_path: Path) -> None:
    nas = GroupLimits(max_concurrency=2, weight=3, minimum_slots=1, rate="10/minute")
    folder = DataFolder(DataPaths(tmp_path), lambda _title, _text: None)
    opened = await folder.open(AppSettings(limits=LimitSettings(groups={"nas": nas})))
    try:
        assert opened.scheduler.groups() == [
            GroupSummary(
                name="nas",
                max_concurrency=2,
                weight=3,
                minimum_slots=1,
                rate_limit=RateLimit.per_minute(10),
            )
        ]
    finally:
        await folder.close()


async def test_plugins_are_called_by_their_names_in_the_language_of_the_window(tmp_path: Path) -> None:
    """And what they say is looked up in the translations that they bring."""
    folder = DataFolder(DataPaths(tmp_path), lambda _title, _text: None, language="de")
    opened = await folder.open(AppSettings())
    try:
        assert [plugin.title for plugin in opened.plugins] == [
            "Aufnahme",
            "Verarbeitung",
            "Abgleich",
            "Meldung",
        ]
        assert opened.plugins[0].description == "Nimmt Dateien auf"
        sentence = "a.jpg: it is no longer there. Put it back, then retry"
        assert (opened.plugins[0].sentences.find(sentence) or "").startswith("a.jpg: ist nicht mehr da.")
    finally:
        await folder.close()
