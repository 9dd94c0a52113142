"""Widgets that know nothing of the scheduler but what they are handed."""
