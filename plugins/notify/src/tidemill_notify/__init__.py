"""Tells once a job how it went."""

from __future__ import annotations
