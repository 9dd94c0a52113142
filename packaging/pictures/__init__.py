"""The pictures of the window: what is photographed, in which states, and how. Run by `packaging/screenshots.py`."""
