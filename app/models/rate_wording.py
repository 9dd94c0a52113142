"""Rates in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.group_limits import rate_of
from app.models.wording import number_text

if TYPE_CHECKING:
    from scheduler_core import RateLimit


def rate_text(limit: RateLimit) -> str:
    """ "10 a minute"."""
    rate = rate_of(limit)
    words = {
        "second": QCoreApplication.translate("group_limits", "{0} a second"),
        "minute": QCoreApplication.translate("group_limits", "{0} a minute"),
        "hour": QCoreApplication.translate("group_limits", "{0} an hour"),
    }
    return words[rate.period].format(number_text(rate.number))
