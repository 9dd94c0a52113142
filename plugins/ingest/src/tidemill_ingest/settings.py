"""What a person may set for ingest."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class IngestSettings(BaseModel):
    """Settings of the ingest domain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    concurrency: int = Field(
        4,
        ge=1,
        le=64,
        title="Files at once",
        description="How many files are taken in at the same time.",
    )
    largest_file_mb: int = Field(
        4096,
        ge=1,
        le=1_000_000,
        title="Largest file (MB)",
        description="A larger file is refused.",
    )
    retries: int = Field(
        5,
        ge=0,
        le=100,
        title="Attempts after a failure",
        description="For a file that is still being written and for a full disk; then it waits in Failures.",
    )
    retry_delay_s: float = Field(
        2.0,
        ge=0.0,
        le=3600.0,
        title="First wait (seconds)",
        description="Before the first new attempt; each later wait is twice as long, at most five minutes.",
    )
