"""Frozen values without I/O: what is stored, shown and sent around."""
