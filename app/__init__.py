"""The desktop shell of Tidemill: what a person sees and does. No scheduling logic lives here."""

from __future__ import annotations

__version__ = "0.1.0"
