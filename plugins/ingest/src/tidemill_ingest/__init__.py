"""Takes files in for Tidemill: stores each once by its content, refuses what is not what it claims."""

from __future__ import annotations
