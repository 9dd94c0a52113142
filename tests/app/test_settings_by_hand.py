"""A settings file that a person edits in whatever way: what they wrote survives the form, and what is bad is told."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
import tomlkit
from hypothesis import given, settings as hypothesis_settings, strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from app import settings_file
from app.settings import SettingsStore
from app.settings_model import AppSettings

SECTIONS: dict[str, type[BaseModel]] = {
    name: field.annotation
    for name, field in AppSettings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
}
MAPPED = {"domains", "rates", "groups"}
"""Fields that hold what has names of its own."""
FIELDS = [
    (section, name)
    for section, model in SECTIONS.items()
    for name in model.model_fields
    if name not in MAPPED
]
BAD: list[Any] = ["soon", -1, 99_999_999_999, 1.5, True, [], {}, ["a", 5]]
"""None of these is good everywhere; whether it is, the field itself says."""


def field_of(section: str, name: str) -> FieldInfo:
    return SECTIONS[section].model_fields[name]


def accepts(section: str, name: str, value: Any) -> bool:
    """Would the field take it?"""
    field = field_of(section, name)
    try:
        TypeAdapter(field.rebuild_annotation()).validate_python(value)
    except ValidationError:
        return False
    return True


def toml_text(value: Any) -> str:
    """The value as it stands in a file, on one line."""
    return "{}" if value == {} else tomlkit.dumps({"x": value}).removeprefix("x = ").strip()


def good_values(section: str, name: str) -> list[Any]:
    """Some values that a person may set, other than the default."""
    field = field_of(section, name)
    kinds: list[Any] = [field.annotation]
    if get_origin(field.annotation) is Literal:
        kinds = list(get_args(field.annotation))
    tried = [*kinds, True, False, 1, 5, 7, 20, 60, 100, 2.5, "light", time(7, 30), ("weather",)]
    return [one for one in tried if accepts(section, name, one) and one != field.default]


def bad_values(section: str, name: str) -> list[Any]:
    return [one for one in BAD if not accepts(section, name, one)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


@pytest.mark.parametrize(("section", "name"), FIELDS)
def test_every_bad_value_of_every_field_is_told_and_the_last_good_one_used(
    file: Path, section: str, name: str
) -> None:
    store = SettingsStore(file)
    good = good_values(section, name)[0]
    store.update(**{section: {name: good}})
    assert getattr(getattr(store.value, section), name) == good
    wrong = bad_values(section, name)
    assert wrong, "there is always something that a field does not take"
    for bad in wrong:
        file.write_text(f"# mine\n{section} = {{ {name} = {toml_text(bad)} }}\n")
        store.reload()
        assert getattr(getattr(store.value, section), name) == good, bad
        (problem,) = store.problems
        assert problem.thing.startswith(f"Setting {section}.{name}"), problem
        assert str(file) in problem.thing
        assert "found" in problem.reason
        assert "Correct it in the file or in the Settings window" in problem.remedy
        assert "last good value" in problem.remedy
    store.update(**{section: {name: good}})
    assert store.problems == ()
    assert file.read_text().startswith("# mine\n"), "comments survive"
    assert getattr(getattr(SettingsStore(file).value, section), name) == good


WORDS = st.text(alphabet="abc äöü#=[]\"'", max_size=12).map(str.strip)
UNKNOWN = st.one_of(st.integers(-5, 5), st.booleans(), WORDS, st.lists(st.integers(0, 9), max_size=3))


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, dict[str, Any]], list[str]]:
    """A file as somebody may have written it: its text, the values in it, and its comments."""
    number = iter(range(1000))
    comments: list[str] = []
    values: dict[str, dict[str, Any]] = {}
    lines: list[str] = []

    def comment() -> str:
        comments.append(f"# {next(number)} {draw(WORDS)}")
        return comments[-1]

    def assign(into: dict[str, Any], key: str, value: Any) -> str:
        into[key] = value
        tail = f"  {comment()}" if draw(st.booleans()) else ""
        space = draw(st.sampled_from([" = ", "=", "   =  "]))
        return f"{key}{space}{toml_text(value)}{tail}"

    for section in draw(st.permutations(sorted([*SECTIONS, "mine", "domains"])))[: draw(st.integers(0, 7))]:
        into = values.setdefault(section, {})
        names = [name for where, name in FIELDS if where == section]
        chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=4)) if names else []
        body: list[str] = []
        for name in chosen:
            pool = good_values(section, name) + bad_values(section, name)
            value = draw(st.sampled_from(pool))
            body.append(assign(into, name, list(value) if isinstance(value, tuple) else value))
            if draw(st.booleans()):
                body.append(comment())
        for _ in range(draw(st.integers(0, 2))):
            key = f"unknown_{next(number)}"
            if section == "domains":
                into[key] = {}
                body.append(f"{key}.edge = 5")
                into[key]["edge"] = 5
            else:
                body.append(assign(into, key, draw(UNKNOWN)))
        style = draw(st.sampled_from(["table", "dotted"])) if section != "domains" else "table"
        if style == "dotted":
            # Dotted keys stand before the first table.
            dotted = [line if line.startswith("#") else f"{section}.{line}" for line in body]
            lines[:0] = dotted
        else:
            lines += ["", f"[{section}]", *body]
    return "\n".join(lines) + "\n", values, comments


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, str, Any]:
    """What a person sets in a form."""
    section, name = draw(st.sampled_from(FIELDS))
    return section, name, draw(st.sampled_from(good_values(section, name)))


@contextlib.contextmanager
def written(text: str, line_end: str = "\n") -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.toml"
        path.write_bytes(text.replace("\n", line_end).encode())
        yield path


def plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@hypothesis_settings(max_examples=150)
@given(document=documents(), change=changes(), line_end=st.sampled_from(["\n", "\r\n"]))
def test_whatever_is_written_by_hand_survives_a_change_by_the_form(
    document: tuple[str, dict[str, dict[str, Any]], list[str]], change: tuple[str, str, Any], line_end: str
) -> None:
    text, values, comments = document
    section, name, value = change
    with written(text, line_end) as path:
        store = SettingsStore(path)
        store.update(**{section: {name: value}})
        after = path.read_bytes().decode()
        expected = {where: dict(found) for where, found in values.items()}
        expected.setdefault(section, {})[name] = plain(value)
        read = tomlkit.parse(after).unwrap()
        assert {where: found for where, found in read.items() if found} == {
            where: found for where, found in expected.items() if found
        }
        standing = [line[line.index("# ") :] for line in after.splitlines() if "# " in line]
        kept = [one for one in comments if any(one in line for line in standing)]
        assert kept == comments, "every comment is there"
        # What is in force: what is good in the file, and the default of everything else.
        for where, field in FIELDS:
            wanted = expected.get(where, {}).get(field)
            given_value = getattr(getattr(store.value, where), field)
            if wanted is not None and accepts(where, field, wanted):
                assert plain(given_value) == wanted
            elif where != section or field != name:
                assert given_value == field_of(where, field).default
        bad = {
            f"{where}.{field}"
            for where, found in expected.items()
            for field, one in found.items()
            if (where, field) in FIELDS and not accepts(where, field, one)
        }
        assert {problem.thing.split()[1] for problem in store.problems} == bad
        assert SettingsStore(path).value == store.value


def test_what_is_written_between_reading_and_writing_is_not_lost(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text('[general]\ntheme = "dark" # mine\n')
    store = SettingsStore(file)
    sync, edits = os.fsync, iter(["[limits]\nmax_concurrency = 3 # theirs\n", "[mine]\nx = 1\n"])

    def edit_meanwhile(descriptor: int) -> None:
        """The form's text lies beside the file by now; an editor writes the file."""
        sync(descriptor)
        if (more := next(edits, None)) is not None:
            file.write_text(file.read_text() + more)

    monkeypatch.setattr(settings_file.os, "fsync", edit_meanwhile)
    store.update(pressure={"ordinary": 60})
    text = file.read_text()
    assert all(part in text for part in ("# mine", "# theirs", "x = 1", "ordinary = 60"))
    assert store.value.limits.max_concurrency == 3, "and it holds"
    assert [one.name for one in file.parent.iterdir()] == ["settings.toml"]


def test_a_file_that_is_made_or_broken_between_reading_and_writing_is_not_lost(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SettingsStore(file)
    sync, edits = os.fsync, iter(['[general]\ntheme = "dark"\n', "[general\n"])

    def edit_meanwhile(descriptor: int) -> None:
        sync(descriptor)
        if (text := next(edits, None)) is not None:
            file.write_text(text)

    monkeypatch.setattr(settings_file.os, "fsync", edit_meanwhile)
    store.update(pressure={"ordinary": 60})
    assert store.value.pressure.ordinary == 60
    assert file.with_name("settings.broken-1.toml").read_text() == "[general\n"


def test_a_link_stays_a_link_and_a_byte_order_mark_hurts_nobody(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "tidemill.toml"
    real.parent.mkdir()
    real.write_bytes(b'\xef\xbb\xbf[general]\r\ntheme = "dark"\r\n')
    file.symlink_to(real)
    store = SettingsStore(file)
    assert store.first_look.theme == "dark"
    assert store.value.general.theme == "dark"
    store.update(limits={"max_concurrency": 3})
    assert file.is_symlink()
    assert b'theme = "dark"\r\n' in real.read_bytes()
    assert SettingsStore(file).value.limits.max_concurrency == 3


def test_only_its_owner_may_read_what_is_written(file: Path) -> None:
    file.write_text("[general]\n")
    file.chmod(0o644)
    SettingsStore(file).update(general={"theme": "dark"})
    assert file.stat().st_mode & 0o777 == 0o600
