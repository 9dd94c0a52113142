"""A domain whose tasks are like those of real ones: each with a name of its own, each part of a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from scheduler_core import Domain, DomainKey, TaskContext, TypedTask

JOB_SIZE = 100


class Album(DomainKey):
    """The domain of photos."""

    name = "album"


class Photo(TypedTask[Album]):
    """Does nothing with a photo; a hundred of them are a job."""

    task_type: ClassVar[str] = "photo"
    number: int

    def display_label(self) -> str:
        return f"IMG_{self.number:07d}.jpg"

    def default_tags(self) -> Mapping[str, str]:
        return {"job_id": f"job-{self.number // JOB_SIZE}"}


def album_domain() -> Domain:
    """The domain, without a cap of its own."""
    domain = Domain(Album)

    @domain.executor(Photo)
    async def photo(task: Photo, ctx: TaskContext) -> None:
        pass

    return domain
