"""What a person may set for sync."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator


class SyncSettings(BaseModel):
    """Settings of the sync domain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: Path | None = Field(
        None,
        title="Mirror to",
        description="The folder the library is mirrored to. Empty: the folder 'mirror' beside the library.",
    )
    concurrency: int = Field(
        1,
        ge=1,
        le=16,
        title="Mirrors at once",
        description="How many jobs are mirrored at the same time.",
    )
    retries: int = Field(
        3,
        ge=0,
        le=100,
        title="Attempts after a failure",
        description="Then the mirror waits in Failures.",
    )
    retry_delay_s: float = Field(
        5.0,
        ge=0.0,
        le=3600.0,
        title="First wait (seconds)",
        description="Before the first new attempt; each later wait is twice as long, at most five minutes.",
    )

    @field_validator("target", mode="before")
    @classmethod
    def _empty_is_default(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("target")
    @classmethod
    def _whole_path(cls, target: Path | None) -> Path | None:
        if target is None:
            return None
        target = target.expanduser()
        if not target.is_absolute():
            raise ValueError(f"{target} is not a whole path; write it from the root or from ~")
        return target
