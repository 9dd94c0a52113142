"""Every text of the sources has a finished translation that fits it, in files that are what the sources give."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtCore import QObject, QTranslator
from text_files import Entry, filled, read_sentences, read_ts, sentences_text, ts_text, updated
from text_sources import Text, UnclearTextError, pattern_of, qt_texts, sentences
from update import ROOT, Catalogue, catalogues, release

from app.first_look import read_first_look
from app.language import ENGLISH, available_languages
from app.settings_model import Language

CATALOGUES = list(catalogues())
HOLE = re.compile(r"\{\d\}")
MNEMONIC = re.compile(r"&(?=\w)")
NOT_OURS = re.compile(r"\b(?:Domäne|Task|Tasks|Queue|Job|Jobs|Dead Letter|Fehlschlag|Domain)\b")
"""Words for which the glossary (docs/translating.md) has others."""
TECHNICAL = {"core in its {0}: {1}"}


@pytest.fixture(params=CATALOGUES, ids=lambda one: str(one.path.relative_to(ROOT)))
def catalogue(request: pytest.FixtureRequest) -> Catalogue:
    return request.param


def test_nothing_is_untranslated(catalogue: Catalogue) -> None:
    places = {(text.context, text.source): text.place for text in catalogue.texts}
    unfinished = [
        f"{places[key]}: {key[1]!r}"
        for key, entry in catalogue.read().items()
        if not (entry.is_finished and entry.translation)
    ]
    assert not unfinished, "run `make texts`, then translate: " + "; ".join(unfinished)


def test_the_file_is_what_the_sources_give(catalogue: Catalogue) -> None:
    """No text that is gone, none that is missing."""
    assert catalogue.path.read_text("utf-8") == catalogue.text(catalogue.read()), "run `make texts`"


def test_what_is_loaded_is_what_was_translated(tmp_path: Path) -> None:
    for catalogue in filter(lambda one: one.is_qt, CATALOGUES):
        release(catalogue.path, tmp_path / "made.qm")
        loaded = catalogue.path.with_suffix(".qm")
        assert loaded.read_bytes() == (tmp_path / "made.qm").read_bytes(), "run `make texts`"
        translator = QTranslator()
        assert translator.load(str(loaded))
        for (context, source), entry in catalogue.read().items():
            assert translator.translate(context, source) == entry.translation


def test_translations_fit_their_sources(catalogue: Catalogue) -> None:
    wrong: list[str] = []
    for (_, source), entry in catalogue.read().items():
        words = entry.translation
        if set(HOLE.findall(source)) != set(HOLE.findall(words)) and source not in TECHNICAL:
            wrong.append(f"holes: {source!r} -> {words!r}")
        if catalogue.is_qt and len(MNEMONIC.findall(source)) != len(MNEMONIC.findall(words)):
            wrong.append(f"mnemonic: {source!r} -> {words!r}")
        for end in (" ", "…", ":", ".", "?"):
            if source.endswith(end) != words.endswith(end) and len(source) > 1:
                wrong.append(f"ends with {end!r}: {source!r} -> {words!r}")
        if source.startswith(" ") != words.startswith(" "):
            wrong.append(f"begins with a space: {source!r} -> {words!r}")
        if '"' in words or "  " in words.replace("…   {0}", ""):
            wrong.append(f"quotes or spaces: {words!r}")
        if found := NOT_OURS.search(words):
            wrong.append(f"{found[0]}: {words!r}")
    assert not wrong, "\n".join(wrong)


def test_one_text_has_one_translation_but_where_it_means_two_things() -> None:
    (qt,) = (one for one in CATALOGUES if one.is_qt)
    by_source: dict[str, set[str]] = {}
    for (_, source), entry in qt.read().items():
        by_source.setdefault(source, set()).add(entry.translation)
    # Above a column of figures they are short; elsewhere they say how one task is.
    assert {source for source, words in by_source.items() if len(words) > 1} == {
        "Failed",
        "Running",
        "Waiting",
    }


def test_who_translates_by_its_class_is_a_qobject() -> None:
    """Qt looks a text up by the classes of an object: `tr` of a mixin would find nothing."""
    wrong: list[str] = []
    for path in (ROOT / "app").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and "self.tr(" in ast.unparse(node):
                module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
                if not issubclass(getattr(module, node.name), QObject):
                    wrong.append(f"{path.name}: {node.name}")
    assert not wrong


def test_every_language_that_is_there_can_be_chosen(tmp_path: Path) -> None:
    languages = available_languages()
    assert set(get_args(Language)) == {"system", *languages}
    for code in languages:
        file = tmp_path / "settings.toml"
        file.write_text(f'[general]\nlanguage = "{code}"\n')
        assert read_first_look(file).language == code
    assert languages[0] == ENGLISH
    assert "de" in languages


# --- the tools themselves ---------------------------------------------------------------------------------


def source_file(folder: Path, text: str) -> Path:
    path = folder / "module.py"
    path.write_text(text)
    return path


def found_in(folder: Path, text: str) -> list[tuple[str, str]]:
    return [(one.context, one.source) for one in qt_texts([source_file(folder, text)], folder)]


def test_a_text_is_found_with_the_context_qt_looks_it_up_by(tmp_path: Path) -> None:
    text = (
        "class Page(QWidget):\n"
        "    def words(self):\n"
        "        return self.tr('One'), QCoreApplication.translate('menu', 'Two'), _tr('Three' if self.x else 'Four')\n"
        "    class Inner(QWidget):\n"
        "        def words(self):\n"
        "            return self.tr('Five'), self.tr('One')\n"
        "def _tr(text):\n"
        "    return QCoreApplication.translate('words', text)\n"
        "setting = Field(title='Six', description='Seven', json_schema_extra={'none': 'Eight', 'words': {'a': 'Nine'}})\n"
    )
    assert found_in(tmp_path, text) == [
        ("Page", "One"),
        ("menu", "Two"),
        ("words", "Three"),
        ("words", "Four"),
        ("Inner", "Five"),
        ("Inner", "One"),
        ("settings", "Six"),
        ("settings", "Seven"),
        ("settings", "Eight"),
        ("settings", "Nine"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "class Page(QWidget):\n    def words(self):\n        return self.tr(self.name)\n",
        "class Page(QWidget):\n    def words(self):\n        return self.tr(f'{self.name} is here')\n",
        "def words(window):\n    return window.tr('Somewhere')\n",
    ],
)
def test_a_text_that_nobody_could_translate_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnclearTextError, match=r"module\.py:\d"):
        found_in(tmp_path, text)


def test_a_sentence_is_found_by_its_pattern(tmp_path: Path) -> None:
    text = (
        '"""A docstring with words."""\n'
        "raise ShapeError(f'{name}: it has {size:,} corners. ' 'Leave it out')\n"
        "report = HealthReport(ok=False, message='Get a disk' if a else f'Get {n} disks')\n"
        "log.warning('what the log says')\n"
        "reason = f'it is cut off at {place}'\n"
    )
    path = source_file(tmp_path, text)
    told = ["{0}: it has {1} corners. Leave it out", "Get a disk", "Get {0} disks"]
    assert [one.source for one in sentences([path], tmp_path)] == told
    assert {one.source for one in sentences([path], tmp_path, every=True)} == {*told, "it is cut off at {0}"}


def test_what_is_no_text_is_no_pattern() -> None:
    def read(text: str) -> str | None:
        return pattern_of(ast.parse(text, mode="eval").body)

    assert read("f'{a}: {b}'") is None
    assert read("name") is None
    assert read("'It is ' + what + f', {n}'") == "It is {0}, {1}"


def test_bringing_up_to_date_keeps_drops_and_marks_what_is_new() -> None:
    old = {("A", "kept"): Entry("behalten"), ("A", "gone"): Entry("fort")}
    now = updated(old, [Text("A", "kept"), Text("B", "kept"), Text("B", "new")])
    assert now == {
        ("A", "kept"): Entry("behalten"),
        ("B", "kept"): Entry("behalten", is_finished=False),
        ("B", "new"): Entry("", is_finished=False),
    }
    assert filled(now, {"new": "neu", "kept": "behalten!"}) == {
        ("A", "kept"): Entry("behalten"),
        ("B", "kept"): Entry("behalten!"),
        ("B", "new"): Entry("neu"),
    }


def test_both_kinds_of_files_are_read_as_they_were_written(tmp_path: Path) -> None:
    entries = {
        ("A", 'Say "yes" & <go>'): Entry("Sag „ja“ & <los>"),
        ("A", "It's open"): Entry("offen?", is_finished=False),
        ("", "C:\\path {0}"): Entry("Pfad {0}"),
    }
    (tmp_path / "x.ts").write_text(ts_text("de", entries), "utf-8")
    assert read_ts(tmp_path / "x.ts") == entries
    words = {("", source): entry for (_, source), entry in entries.items() if entry.is_finished}
    (tmp_path / "x.toml").write_text(sentences_text(words), "utf-8")
    assert read_sentences(tmp_path / "x.toml") == words
