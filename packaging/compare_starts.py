"""Prints how soon the frozen app shows its window, beside the same from source: several starts of each, in turns.

python packaging/compare_starts.py [PROGRAM]      else dist/tidemill/tidemill; run by `make test-package`

Both are measured by the clock, which on a machine that others use says as much of them, and by what was computed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
TURNS = 9
MOST = 1.3
# The benchmarks know how to start it and what its log says.
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Measures and prints; returns 1 when the frozen app is slower than it may be, both by the clock and computed."""
    from tests.benchmarks.starts import FROM_SOURCE, Start, make_data_dir, start_app

    program = Path(*sys.argv[1:2] or [ROOT / "dist/tidemill/tidemill"]).absolute()
    if not program.is_file():
        print(f"{program} is not there. Make it: make package", file=sys.stderr)
        return 2
    frozen: list[Start] = []
    source: list[Start] = []
    with tempfile.TemporaryDirectory(prefix="tidemill-starts-") as folder:
        ours, theirs = make_data_dir(Path(folder, "frozen")), make_data_dir(Path(folder, "source"))
        # At the first start modules are compiled, files come from the disk, and the database is made.
        start_app(ours, [program])
        start_app(theirs, FROM_SOURCE)
        for _ in range(TURNS):
            frozen.append(start_app(ours, [program]))
            source.append(start_app(theirs, FROM_SOURCE))

    def ratio(what: str, of: Callable[[Start], float]) -> float:
        pairs = sorted(of(one) / of(other) for one, other in zip(frozen, source, strict=True))
        times = f"{median(map(of, frozen)):.3f} s frozen, {median(map(of, source)):.3f} s from source"
        print(f"{what:<32} {times}: {median(pairs):.2f}x ({pairs[0]:.2f} to {pairs[-1]:.2f})", flush=True)
        return median(pairs)

    by_clock = ratio("start to first paint", lambda one: one.paint_s)
    computed = ratio("the same, computed", lambda one: one.paint_cpu_s)
    ratio("start to live data", lambda one: one.live_s)
    ratio("the same, computed", lambda one: one.live_cpu_s)
    print(f"aim: first paint at most {MOST}x; {TURNS} starts of each, in turns")
    return int(min(by_clock, computed) > MOST)


if __name__ == "__main__":
    sys.exit(main())
