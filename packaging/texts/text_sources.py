"""Finds every text that a person may see in the sources, by their syntax trees: what lupdate does for C++, for this tree.

Two kinds. **Qt texts** go through `self.tr("...")`, `QCoreApplication.translate("context", "...")` or a module's own
`_tr("...")` that calls it; titles and descriptions of the app's settings too. **Sentences** are made where there is no Qt,
by the core, by the app's modules without Qt and by plugins; the window looks them up by pattern (app/sentences.py).
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SETTINGS_CONTEXT = "settings"
_WORD = re.compile(r"[^\W\d_]+")
_HOLE = re.compile(r"\{\d\}")
_CODE = re.compile(
    r"\b(?:BEGIN|DELETE|FROM|INSERT|JOIN|PRAGMA|RETURNING|SELECT|SET|UPDATE|VALUES|WHERE|AND|ON|AS)\b|[a-z]_[a-z]|%[A-Z]"
)
_NO_TELLER = ("log.", "cast", "re.", "TypeVar")
_TOLD_BY = ("HealthReport", "DropReceipt", "PluginAction", "Problem", "problem_from", "words", "tell")
_NO_TEXT = frozenset({"severity", "job_tag", "job_value", "details", "name", "run"})
_FIELD_TEXTS = ("title", "description")


@dataclass(frozen=True, order=True)
class Text:
    """One source text: the context it is looked up by, and where it was first found ("app/cli.py:12")."""

    context: str
    source: str
    place: str = ""


class UnclearTextError(Exception):
    """A text whose words or context cannot be told from the source; the message has the place."""


def qt_texts(files: Iterable[Path], root: Path) -> list[Text]:
    """The Qt texts of `files`, each once, in the order of contexts and places. Raises UnclearTextError."""
    found: dict[tuple[str, str], Text] = {}
    for file in sorted(files):
        tree = ast.parse(file.read_text("utf-8"))
        for text in (*_Translated(tree, _name(file, root)).texts, *_settings(tree, file, root)):
            found.setdefault((text.context, text.source), text)
    return list(found.values())


def sentences(files: Iterable[Path], root: Path, *, every: bool = False) -> list[Text]:
    """The sentences of `files`, each once; what stands for a value is `{0}`, `{1}`, in this order.

    They are what errors, problems, reports and actions are made with, names and words of settings, drop handlers and types
    of task; with `every` also all other texts of at least two words that are neither docstrings nor go to the log.
    """
    found: dict[str, Text] = {}
    for file in sorted(files):
        for source, line in _sentences_of(file, every=every):
            found.setdefault(source, Text("", source, f"{_name(file, root)}:{line}"))
    return list(found.values())


def translating_helpers(tree: ast.Module) -> dict[str, str]:
    """The functions of a module that translate what they are given, with the context of each."""
    helpers: dict[str, str] = {}
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or len(node.args.args) != 1:
            continue
        last = node.body[-1]
        if isinstance(last, ast.Return) and isinstance(last.value, ast.Call) and _is_translate(last.value):
            context, text = last.value.args[:2]
            if isinstance(context, ast.Constant) and isinstance(text, ast.Name):
                helpers[node.name] = str(context.value)
    return helpers


def pattern_of(node: ast.expr) -> str | None:
    """The text of a literal, an f-string or a sum of them, with `{0}` for each value; None for anything else."""
    parts = list(_parts(node))
    if not any(isinstance(part, str) and any(map(str.isalpha, part)) for part in parts):
        return None
    number = 0
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
        else:
            text += f"{{{number}}}"
            number += 1
    return text


class _Translated(ast.NodeVisitor):
    """Walks a module; the class that stands around `self.tr` is its context, as Qt looks it up."""

    def __init__(self, tree: ast.Module, name: str) -> None:
        self.texts: list[Text] = []
        self._name = name
        self._classes: list[str] = []
        self._helpers = translating_helpers(tree)
        self._bodies = {id(node) for node in tree.body if getattr(node, "name", None) in self._helpers}
        self.visit(tree)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if id(node) not in self._bodies:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if _is_translate(node):
            self._add(_literal(node.args[0]), node.args[1], node)
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "tr":
            is_own = isinstance(node.func.value, ast.Name) and node.func.value.id == "self" and self._classes
            self._add(self._classes[-1] if is_own else None, node.args[0], node)
        elif isinstance(node.func, ast.Name) and node.func.id in self._helpers:
            self._add(self._helpers[node.func.id], node.args[0], node)
        self.generic_visit(node)

    def _add(self, context: str | None, words: ast.expr, node: ast.Call) -> None:
        place = f"{self._name}:{node.lineno}"
        if context is None:
            raise UnclearTextError(f"{place}: the context of {ast.unparse(node)} cannot be told")
        branches = [words.body, words.orelse] if isinstance(words, ast.IfExp) else [words]
        for branch in branches:
            text = _literal(branch)
            if text is not None:
                self.texts.append(Text(context, text, place))
            elif context != SETTINGS_CONTEXT:
                # Only the words of settings come from elsewhere: from their models.
                raise UnclearTextError(f"{place}: {ast.unparse(node)} is no literal text")


def _settings(tree: ast.Module, file: Path, root: Path) -> Iterator[Text]:
    for text, line in _field_texts(tree):
        yield Text(SETTINGS_CONTEXT, text, f"{_name(file, root)}:{line}")


def _field_texts(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """What pydantic's fields are called, described as and offer."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Field"):
            continue
        for keyword in node.keywords:
            if keyword.arg in _FIELD_TEXTS:
                yield _told(keyword.value)
            elif keyword.arg == "json_schema_extra" and isinstance(keyword.value, ast.Dict):
                yield from _extra_texts(keyword.value)


def _extra_texts(extra: ast.Dict) -> Iterator[tuple[str, int]]:
    for key, value in zip(extra.keys, extra.values, strict=True):
        if key is None:
            continue
        name = _literal(key)
        if name in {"none", "suffix"} and any(map(str.isalpha, _literal(value) or "")):
            yield _told(value)
        elif name == "words" and isinstance(value, ast.Dict):
            yield from (_told(word) for word in value.values)


def _sentences_of(file: Path, *, every: bool) -> Iterator[tuple[str, int]]:
    if file.suffix == ".toml":
        manifest = tomllib.loads(file.read_text("utf-8"))
        yield from ((manifest[name], 1) for name in _FIELD_TEXTS if manifest.get(name))
        return
    tree = ast.parse(file.read_text("utf-8"))
    yield from _field_texts(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _tells(node.func):
            values = [*node.args, *(word.value for word in node.keywords if word.arg not in _NO_TEXT)]
            for value in values:
                for branch in _branches(value):
                    if (text := pattern_of(branch)) is not None and text not in {"warning", "error"}:
                        yield text, node.lineno
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            yield from _named_texts(node)
        elif every and isinstance(node, ast.ClassDef):
            yield from _members(node)
    if every:
        yield from _loose_texts(tree)


def _named_texts(node: ast.AnnAssign | ast.Assign) -> Iterator[tuple[str, int]]:
    """What a drop handler and a type of task are called."""
    target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
    if isinstance(target, ast.Name) and target.id in {"title", "task_type"} and node.value is not None:
        text = _literal(node.value)
        if text:
            yield text, node.lineno


def _members(node: ast.ClassDef) -> Iterator[tuple[str, int]]:
    """The values of an enumeration that are words."""
    if not any(getattr(base, "id", "") in {"Enum", "StrEnum"} for base in node.bases):
        return
    for one in node.body:
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            text = _literal(one.value)
            if text and (" " in text or text.isalpha()):
                yield text, one.lineno


def _loose_texts(node: ast.AST) -> Iterator[tuple[str, int]]:
    """The texts of two words and more, without docstrings, and without what is written into the log."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.Call) and ast.unparse(child.func).startswith(_NO_TELLER):
            continue
        if isinstance(child, ast.Constant | ast.JoinedStr | ast.BinOp):
            text = pattern_of(child)
            if text is not None:
                if _is_sentence(text):
                    yield text, child.lineno
                for value in _values_in(child):
                    yield from _loose_texts(ast.Tuple([value]))
                continue
        yield from _loose_texts(child)


def _values_in(node: ast.expr) -> list[ast.expr]:
    """The expressions in an f-string or a sum of texts."""
    values = [part for part in _parts(node) if not isinstance(part, str)]
    return [value.value if isinstance(value, ast.FormattedValue) else value for value in values]


def _is_sentence(text: str) -> bool:
    words = len(_WORD.findall(_HOLE.sub("", text)))
    return (
        " " in text.strip() and words + bool(_HOLE.search(text)) > 1 and words > 0 and not _CODE.search(text)
    )


def _tells(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name.endswith("Error") or name in _TOLD_BY


def _branches(node: ast.expr) -> list[ast.expr]:
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def _parts(node: ast.expr) -> Iterator[str | ast.expr]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for value in node.values:
            yield from _parts(value) if isinstance(value, ast.Constant) else [value]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield node


def _told(node: ast.expr) -> tuple[str, int]:
    text = _literal(node)
    if text is None:
        raise UnclearTextError(f"{ast.unparse(node)} (line {node.lineno}) is no literal text")
    return text, node.lineno


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_translate(node: ast.Call) -> bool:
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr == "translate"
        and len(node.args) == 2
        and (isinstance(node.func.value, ast.Name) and node.func.value.id == "QCoreApplication")
    )


def _name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()
