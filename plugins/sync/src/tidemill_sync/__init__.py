"""Mirrors Tidemill's library to a second place, and checks what it wrote."""

from __future__ import annotations
