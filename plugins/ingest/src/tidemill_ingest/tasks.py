"""The tasks of the ingest domain: what is submitted and stored."""

from __future__ import annotations

from typing import ClassVar, Final

from scheduler_core import DomainKey, TaskTypeConfig, TypedTask
from tidemill_ingest.links import link_name
from tidemill_ingest.paths import from_uri, shown

JOB_TAG: Final = "job_id"
"""The tag that joins all tasks of one drop, whatever their domain."""


class Ingest(DomainKey):
    """The domain that takes files in."""

    name = "ingest"


class Scan(TypedTask[Ingest]):
    """Finds the files at and below a dropped path and has each of them taken; waits for them.

    One file that fails does not stop the others. `root` is a `file:` URI, `job` the job's id (so that the
    same folder, dropped again while it is still at work, is a job of its own).
    """

    task_type: ClassVar[str] = "scan"
    type_config: ClassVar[TaskTypeConfig] = TaskTypeConfig(fail_fast=False)

    root: str
    job: str

    def display_label(self) -> str | None:
        """The name of what was dropped."""
        path = from_uri(self.root)
        return shown(path.name or path)


class Fetch(TypedTask[Ingest]):
    """Brings what a web link points to and takes it into the library; waits for its thumbnail.

    `url` is a link of the web, `job` the job's id (so that a link dropped again later is fetched again).
    """

    task_type: ClassVar[str] = "fetch"
    type_config: ClassVar[TaskTypeConfig] = TaskTypeConfig(fail_fast=False)

    url: str
    job: str

    def display_label(self) -> str | None:
        """The name at the end of the link."""
        return link_name(self.url)


class Take(TypedTask[Ingest]):
    """Takes one file into the library. `source` is its `file:` URI."""

    task_type: ClassVar[str] = "take"

    source: str

    def display_label(self) -> str | None:
        """The file's name."""
        return shown(from_uri(self.source).name)
