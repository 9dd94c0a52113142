"""What a plugin says about itself in plugin.toml, read without importing any of its code."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from app.problem import KnownError
from app.sentences import Sentences, read_sentences

ENTRY_POINT_GROUP = "tidemill.domains"
MANIFEST_NAME = "plugin.toml"
TRANSLATIONS = "translations"
"""The folder beside the manifest that holds `<language>.toml` files."""


class ManifestError(KnownError):
    """The manifest is missing, unreadable or not for this version."""


class Manifest(BaseModel):
    """The contents of plugin.toml. `core` is the range of versions it works with, such as ">=0.1,<0.2"."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    title: str
    version: str
    core: str
    description: str = ""
    color: str = "series-8"
    order: int = 100
    touches: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundPlugin:
    """An entry point and its manifest, or what is wrong with the manifest."""

    entry_point: importlib.metadata.EntryPoint
    manifest: Manifest | None
    error: ManifestError | None
    folder: Path | None = None

    @property
    def name(self) -> str:
        """The manifest's name, else the entry point's."""
        return self.manifest.name if self.manifest else self.entry_point.name

    def sentences(self, language: str) -> Sentences:
        """What its `translations/<language>.toml` has; nothing for English."""
        if self.folder is None or language == "en":
            return Sentences({})
        return read_sentences(self.folder / TRANSLATIONS / f"{language}.toml")


def find_plugins(core_version: str) -> list[FoundPlugin]:
    """Every installed plugin, by order and name. Imports nothing and never raises for one bad plugin."""
    found: list[FoundPlugin] = []
    for entry_point in importlib.metadata.entry_points(group=ENTRY_POINT_GROUP):
        try:
            folder, manifest = _read(entry_point)
            _check_core(manifest, core_version)
        except ManifestError as error:
            found.append(FoundPlugin(entry_point, None, error))
        else:
            found.append(FoundPlugin(entry_point, manifest, None, folder))
    return sorted(found, key=lambda one: (one.manifest.order if one.manifest else 1000, one.name))


def is_in_range(version: str, wanted: str) -> bool:
    """Whether `version` ("0.1.0") meets every part of `wanted` (">=0.1,<0.2"). Raises ValueError for other text."""
    have = _numbers(version)
    for part in filter(None, (piece.strip() for piece in wanted.split(","))):
        match = re.fullmatch(r"(>=|<=|==|!=|<|>)\s*([0-9.]+)", part)
        if match is None:
            raise ValueError(f"{part!r} is no version range")
        limit = _numbers(match[2])
        order = (have > limit) - (have < limit)
        if not {
            ">=": order >= 0,
            "<=": order <= 0,
            "==": order == 0,
            "!=": order != 0,
            "<": order < 0,
            ">": order > 0,
        }[match[1]]:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    match = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    if match is None:
        raise ValueError(f"{version!r} is no version")
    numbers = [int(part) for part in match[0].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _read(entry_point: importlib.metadata.EntryPoint) -> tuple[Path, Manifest]:
    package = entry_point.value.partition(":")[0].partition(".")[0]
    thing = f"Plugin {entry_point.name}"
    again = f"Install the package of {package} again, or remove it"
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError) as error:
        raise ManifestError(thing, f"its package {package} is broken: {error}", again) from error
    if spec is None or not spec.submodule_search_locations:
        raise ManifestError(thing, f"its package {package} is not there", again)
    paths = [Path(folder) / MANIFEST_NAME for folder in spec.submodule_search_locations]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        raise ManifestError(thing, f"{paths[0]} is missing", again)
    try:
        return path.parent, Manifest.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ManifestError(thing, f"{path}: {where}: {first['msg']}", again) from error
    except (OSError, ValueError) as error:
        raise ManifestError(thing, f"{path} cannot be read: {error}", again) from error


def _check_core(manifest: Manifest, core_version: str) -> None:
    thing = f"Plugin {manifest.title} {manifest.version}"
    try:
        fits = is_in_range(core_version, manifest.core)
    except ValueError as error:
        raise ManifestError(
            thing, f"core in its {MANIFEST_NAME}: {error}", "Ask its author to correct it"
        ) from error
    if not fits:
        raise ManifestError(
            thing,
            f"it needs core {manifest.core}, this is {core_version}",
            "Install a version of it that fits this one",
        )
