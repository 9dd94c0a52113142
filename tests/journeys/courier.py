"""A plugin that another author has made: it carries parcels, and fails for those whose way leads over a bridge that is out.

It is no module of the tests but the text of a package, installed beside the real plugins as any other.
"""

from __future__ import annotations

from pathlib import Path

from tests.app.programs import PluginMaker

PARCELS = 4_100
OVER_THE_BRIDGE = 400
FOR_THE_VAN = 200
"""The last so many wait for a van, at work until it comes: their domain is never done before."""

_MANIFEST = """\
name = "courier"
title = "Courier"
description = "Carries parcels"
version = "1.0.0"
core = ">=0.1,<0.2"
color = "series-5"
order = 5
touches = ["files"]
"""

_CODE = """
import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel
from scheduler_core import (
    Domain, DomainKey, DomainPlugin, DropReceipt, PermanentError, PluginServices, TaskContext, TypedTask,
)


class Courier(DomainKey):
    name = "courier"


class Carry(TypedTask[Courier]):
    task_type: ClassVar[str] = "carry"
    number: int
    way: str

    def display_label(self) -> str:
        return f"parcel {self.number}"


class NoSettings(BaseModel):
    pass


class ParcelDrop:
    title = "Carry parcels"

    def accepts(self, paths: Sequence[Path]) -> bool:
        return len(paths) == 1 and paths[0].suffix == ".parcels"

    async def submit(self, paths: Sequence[Path], scheduler: Any) -> DropReceipt:
        job = paths[0].stem
        parcels = [Carry(number=n, way=way) for n, way in enumerate(paths[0].read_text().split())]
        outcomes = await scheduler.domain("courier").submit_batch(parcels, tags={"job_id": job})
        ids = tuple(o.id for o in outcomes if o.id is not None)
        return DropReceipt(job_tag="job_id", job_value=job, task_ids=ids, title=job)


class TinyPlugin(DomainPlugin[NoSettings]):
    key: ClassVar[type[DomainKey]] = Courier
    settings_model: ClassVar[type[BaseModel]] = NoSettings

    def build(self, settings: NoSettings, services: PluginServices) -> Domain:
        domain = Domain(Courier, max_concurrency=4)
        place = services.data_dir

        @domain.executor(Carry)
        async def carry(task: Carry, ctx: TaskContext) -> None:
            while task.way == "van" and not (place / "van").exists():
                await asyncio.sleep(0.05)
            if task.way == "bridge" and not (place / "bridge").exists():
                raise PermanentError("The bridge is out")
            with (place / "carried.txt").open("a") as log:
                log.write(f"{task.number}\\n")

        return domain

    def drop_handlers(self) -> Sequence[Any]:
        return (ParcelDrop(),)
"""


def install_courier(site: Path) -> None:
    """Makes its package below `site`, which is to be on the path of the program."""
    site.mkdir()
    PluginMaker(site)("courier", code=_CODE, manifest=_MANIFEST)


def write_parcels(file: Path) -> None:
    """A list of parcels to be dropped on the window; each word is the way that one takes."""
    by_road = PARCELS - OVER_THE_BRIDGE - FOR_THE_VAN
    ways = [
        "bridge" if n % 3 == 0 and n < 3 * OVER_THE_BRIDGE else "road"
        for n in range(by_road + OVER_THE_BRIDGE)
    ]
    assert ways.count("bridge") == OVER_THE_BRIDGE
    file.write_text(" ".join([*ways, *["van"] * FOR_THE_VAN]))
