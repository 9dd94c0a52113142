"""Makes the modules of packaging/texts importable, which `make texts` runs as scripts."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging" / "texts"))
