"""What a person may set for process."""

from __future__ import annotations

import os

from pydantic import BaseModel, ConfigDict, Field


def _default_concurrency() -> int:
    # One processor is left for the window and the scheduler.
    return max(1, min(8, (os.cpu_count() or 2) - 1))


class ProcessSettings(BaseModel):
    """Settings of the process domain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    concurrency: int = Field(
        default_factory=_default_concurrency,
        ge=1,
        le=64,
        title="Pictures at once",
        description="How many pictures are worked on at the same time, each in a process of its own.",
    )
    edge: int = Field(
        512,
        ge=64,
        le=2048,
        title="Size of thumbnails (pixels)",
        description="The longer edge of a new thumbnail.",
    )
    quality: int = Field(
        82,
        ge=1,
        le=100,
        title="Quality",
        description="WebP quality: higher looks better and takes more room.",
    )
    largest_megapixels: int = Field(
        150,
        ge=1,
        le=178,  # where Pillow itself refuses
        title="Largest picture (megapixels)",
        description="A picture with more pixels is refused: it could fill the memory.",
    )
