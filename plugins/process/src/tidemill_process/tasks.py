"""The tasks of the process domain: what is submitted and stored."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from scheduler_core import DomainKey, TypedTask


class Process(DomainKey):
    """The domain that makes things of what is in the library."""

    name = "process"


class Thumbnail(TypedTask[Process]):
    """Makes the thumbnail of a picture in the library.

    `sha256` is the content's digest in lower-case hex, `content` its path below the library with `/` between
    the parts, `name` what the person called the file.
    """

    task_type: ClassVar[str] = "thumbnail"

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    content: Annotated[str, Field(pattern=r"^content/[0-9a-f]{2}/[0-9a-f]{64}(\.[a-z0-9]{1,10})?$")]
    name: str

    def dedup_key(self) -> str | None:
        """The content: under two names it is still one thumbnail."""
        return self.sha256

    def display_label(self) -> str | None:
        """The picture's name."""
        return self.name
