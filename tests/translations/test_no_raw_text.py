"""No text reaches a widget, a menu or a message without going through translation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.translations.conftest import ROOT

SHOWING = {
    # Qt's
    *(
        "setText",
        "setToolTip",
        "setStatusTip",
        "setWhatsThis",
        "setTitle",
        "setWindowTitle",
        "setPlaceholderText",
    ),
    *(
        "setAccessibleName",
        "setAccessibleDescription",
        "setPlainText",
        "setSuffix",
        "setPrefix",
        "setLabelText",
    ),
    *(
        "setSpecialValueText",
        "addAction",
        "addMenu",
        "addItem",
        "addTab",
        "setHtml",
        "showMessage",
        "setNameFilter",
    ),
    *("QLabel", "QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "QMenu"),
    # our own
    *("show_text", "set_text", "say", "tell", "toast", "set_error", "add_notice", "announce", "add_button"),
    *(
        "set_fact",
        "sentence",
        "Deed",
        "Entry",
        "Fold",
        "ElideLabel",
        "WrapLabel",
        "Prose",
        "EmptyState",
        "Switch",
    ),
    *("Banner", "Problem", "TextBox", "CapBox", "TitleButton", "MenuButton", "StableLabel", "IconButton"),
}
SIGNALS = {"told", "failed", "undoable", "shown_inside", "said"}
NOT_WORDS = {"name", "icon", "token", "kind", "role", "severity", "object_name"}
"""Arguments that nobody reads."""

ALLOWED = {"Tidemill"}
"""The name of the program."""
KEYS = re.compile(r"(?:(?:Ctrl|Shift|Alt)\+)*(?:F\d+|[A-Z,])")
"""Shortcuts are read by Qt, and shown in its own words: Strg+K."""


def shown_raw(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The literal words that a call shows: a line and a text."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and shows(node.func)):
            continue
        values = [*node.args, *(word.value for word in node.keywords if word.arg not in NOT_WORDS)]
        for value in values:
            yield from ((node.lineno, text) for text in literals(value) if is_language(text))


def shows(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        if function.attr == "emit":
            return isinstance(function.value, ast.Attribute) and function.value.attr in SIGNALS
        return function.attr in SHOWING
    return isinstance(function, ast.Name) and function.id in SHOWING


def literals(value: ast.expr) -> Iterator[str]:
    """What of an argument is written there itself: not what a call inside it makes."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.JoinedStr):
        for part in value.values:
            yield from literals(part) if isinstance(part, ast.Constant) else ()
    elif isinstance(value, ast.BinOp):
        yield from literals(value.left)
        yield from literals(value.right)
    elif isinstance(value, ast.IfExp):
        yield from literals(value.body)
        yield from literals(value.orelse)
    elif isinstance(value, ast.BoolOp):
        for part in value.values:
            yield from literals(part)
    elif (
        isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "format"
    ):
        yield from literals(value.func.value)


def is_language(text: str) -> bool:
    """Does it have a word that begins in upper case, or more than one word? Names of icons and objects have neither."""
    words = [word for word in text.replace("-", "_").split() if any(map(str.isalpha, word))]
    return len(words) > 1 or any(word[0].isupper() for word in words)


def qt_files() -> list[Path]:
    """What without Qt is made into sentences is looked up where it is shown."""
    found = [*(ROOT / "app").rglob("*.py"), *(ROOT / "plugins").glob("*/src/**/*.py")]
    return sorted(
        path for path in found if any(sign in path.read_text("utf-8") for sign in ("PySide6", ".tr("))
    )


@pytest.mark.parametrize("path", qt_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_shown_is_translated(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    raw = [
        f"{name}:{line}: {text!r}"
        for line, text in shown_raw(ast.parse(path.read_text("utf-8")))
        if text not in ALLOWED and not KEYS.fullmatch(text)
    ]
    assert not raw, "show it through self.tr(...): " + "; ".join(raw)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("label.setText('Ready')", ["Ready"]),
        ("label.setText(f'{n} files left')", [" files left"]),
        ("QLabel('All done' if done else self.tr('Not yet'))", ["All done"]),
        ("commands.told.emit('Nothing to do'.format(n))", ["Nothing to do"]),
        ("button = QPushButton(text or 'Go on')", ["Go on"]),
        ("label.setText(self.tr('Ready'))", []),
        ("label.setText(self.tr('{0} left').format(n) + ' · ')", []),
        ("button.setObjectName('Go')", []),
        ("Banner('failure', text, '')", []),
    ],
)
def test_the_test_sees_raw_words(code: str, words: list[str]) -> None:
    assert [text for _, text in shown_raw(ast.parse(code))] == words
