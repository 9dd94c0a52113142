"""The names of the sources of pressure that the app brings. A leaf, so that whoever names one imports nothing else."""

from __future__ import annotations

BATTERY, METERED, QUIET = "battery", "metered network", "quiet hours"
CONDITIONS = (BATTERY, METERED, QUIET)
"""Those that are all or nothing, and tell when they change."""
PROGRAMS = "programs"
"""How much of the processor other programs use."""
