"""What a person may set for notify."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class TellAbout(StrEnum):
    """Which jobs are told."""

    ALL = "all"
    FAILED = "failed"


class NotifySettings(BaseModel):
    """Settings of the notify domain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tell_about: TellAbout = Field(
        TellAbout.ALL,
        title="Tell about",
        description="Every finished job, or only those in which something failed.",
        json_schema_extra={"words": {"all": "All", "failed": "Failed"}},
    )
