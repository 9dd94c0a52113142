"""What the Overview's cards say in a narrow place: counts, speeds and times left."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from app.models.wording import duration_text
from app.work_names import BATTERY, METERED, PROGRAMS, QUIET


def count_text(count: int) -> str:
    """ "1,284"; from 100,000 on in thousands or millions, so that it keeps its width: "123k", "1.2M"."""
    if count < 100_000:
        return QLocale().toString(count)
    if count < 1_000_000:
        return f"{count // 1000}k"
    return f"{QLocale().toString(count / 1_000_000, 'f', 1)}M"


def speed_text(per_second: float) -> str:
    """ "38 a second", "1.2 a second", "4 a minute"; empty for none."""
    if per_second <= 0:
        return ""
    if per_second >= 0.95:
        digits = 0 if per_second >= 10 else 1
        return _tr("{0} a second").format(QLocale().toString(per_second, "f", digits))
    return _tr("{0} a minute").format(QLocale().toString(max(1, round(per_second * 60))))


def left_text(left_s: float | None) -> str:
    """ "40 s left", "1 h 10 min left"; empty when it is not known."""
    return "" if left_s is None else _tr("{0} left").format(duration_text(max(1.0, left_s)))


def source_text(name: str) -> str:
    """The name of a source of pressure; one that a plugin brought keeps its own."""
    known = {
        "cpu": _tr("CPU"),
        "memory": _tr("memory"),
        "disk": _tr("disk"),
        "network": _tr("network"),
        PROGRAMS: _tr("other programs"),
        BATTERY: _tr("battery"),
        METERED: _tr("metered network"),
        QUIET: _tr("quiet hours"),
    }
    return known.get(name, name)


def sentence(text: str) -> str:
    """`text` with a capital, where it stands alone: reasons are written to follow a colon."""
    return text[:1].upper() + text[1:]


def _tr(text: str) -> str:
    return QCoreApplication.translate("card_wording", text)
