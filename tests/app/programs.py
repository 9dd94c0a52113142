"""Small real plugins, made on disk and found by their entry points, and what a started program needs."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
GROUP = "tidemill.domains"

TINY_PLUGIN = """
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, Field
from scheduler_core import (
    Domain, DomainKey, DomainPlugin, DropReceipt, PermanentError, PluginServices, TaskContext, TypedTask,
)


class Tiny(DomainKey):
    name = "tiny"


class Read(TypedTask[Tiny]):
    task_type: ClassVar[str] = "read"
    path: str

    def display_label(self) -> str:
        return Path(self.path).name


class TinySettings(BaseModel):
    greeting: str = Field("hello", title="Greeting", description="Said with every file")
    limit: int = Field(3, ge=1, title="Limit", description="A number from 1")
    place: Path = Field(Path("out"), title="Place", description="A folder")


class TinyDrop:
    title = "Read files"

    def accepts(self, paths: Sequence[Path]) -> bool:
        return all(path.is_file() or path.is_dir() for path in paths)

    async def submit(self, paths: Sequence[Path], scheduler: Any) -> DropReceipt:
        files = sorted(f for p in paths for f in (p.rglob("*") if p.is_dir() else [p]) if f.is_file())
        outcomes = await scheduler.domain("tiny").submit_batch(
            [Read(path=str(file)) for file in files], tags={"job_id": paths[0].name}
        )
        return DropReceipt(
            job_tag="job_id",
            job_value=paths[0].name,
            task_ids=tuple(o.id for o in outcomes if o.id is not None),
            title=f"{len(files)} files",
        )


class TinyPlugin(DomainPlugin[TinySettings]):
    key: ClassVar[type[DomainKey]] = Tiny
    settings_model: ClassVar[type[BaseModel]] = TinySettings

    def build(self, settings: TinySettings, services: PluginServices) -> Domain:
        domain = Domain(Tiny, max_concurrency=2)

        @domain.executor(Read)
        async def read(task: Read, ctx: TaskContext) -> None:
            text = Path(task.path).read_text()
            if text.startswith("bad"):
                raise PermanentError(f"{Path(task.path).name}: {text.strip()}")
            if text.startswith("hold"):
                import asyncio
                (services.data_dir / "held").touch()
                await asyncio.Event().wait()
            with (services.data_dir / "read.txt").open("a") as log:
                log.write(f"{settings.greeting} {Path(task.path).name}\\n")

        return domain

    def drop_handlers(self) -> Sequence[Any]:
        return (TinyDrop(),)
"""

TINY_MANIFEST = """\
name = "tiny"
title = "Tiny"
description = "Reads files, for tests"
version = "0.1.0"
core = ">=0.1,<0.2"
color = "series-1"
order = 5
touches = ["files"]
"""


@dataclass(frozen=True)
class PluginMaker:
    """Writes plugins as installed distributions below one folder."""

    site: Path

    def __call__(
        self, name: str = "tiny", code: str = TINY_PLUGIN, manifest: str | None = TINY_MANIFEST
    ) -> Path:
        package = self.site / f"tidemill_{name}"
        package.mkdir()
        (package / "__init__.py").write_text("")
        (package / "plugin.py").write_text(code)
        if manifest is not None:
            (package / "plugin.toml").write_text(manifest)
        info = self.site / f"tidemill_{name}-0.1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: tidemill-{name}\nVersion: 0.1.0\n")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = tidemill_{name}.plugin:TinyPlugin\n")
        return package


def program_environment(site: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of a started program: no display, the tests' plugins on its path."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    path = os.pathsep.join([str(REPOSITORY), str(site)])
    return {**kept, "PYTHONPATH": path, "COLUMNS": "200", **extra}


StartProgram = Callable[..., "subprocess.Popen[str]"]


@dataclass(frozen=True)
class Ended:
    """How a program ended."""

    code: int
    out: str
    err: str


def wait_for_file(process: subprocess.Popen[str], file: Path, longest_s: float = 30) -> None:
    """Returns when the program has made `file`; fails the test when it ended or took too long first."""
    deadline_s = time.monotonic() + longest_s
    while not file.exists():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
        if process.returncode is not None or time.monotonic() > deadline_s:
            process.kill()
            raise AssertionError(f"no {file}: {process.communicate()}")


def wait_for_text(process: subprocess.Popen[str], file: Path, text: str, times: int = 1) -> None:
    """Returns when `file` holds `text` that many times; fails the test like `wait_for_file`."""
    wait_for_file(process, file)
    deadline_s = time.monotonic() + 30
    while file.read_text("utf-8").count(text) < times:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
        if process.returncode is not None or time.monotonic() > deadline_s:
            process.kill()
            raise AssertionError(f"no {text!r} in {file.read_text('utf-8')}: {process.communicate()}")
