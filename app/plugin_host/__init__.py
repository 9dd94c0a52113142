"""Finds, checks and loads the plugins; one that fails becomes a Problem and the rest runs."""
