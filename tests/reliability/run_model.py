"""The scheduler against the model, for as many steps as one has time for: `make model ARGS="--steps 1000000"`."""

from __future__ import annotations

import argparse
import logging
import random
import time
from collections import Counter

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.reliability.machine import counted

STEPS = 200_000
STEPS_OF_ONE = 60
EXAMPLES = 100
"""Of one run, after which it says how far it is."""


def main() -> None:
    """Run until so many steps have been taken, then say how many of each kind. A disagreement ends it, shrunk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # what executors raise is meant
    taken: Counter[str] = Counter()
    began = time.monotonic()
    for number in range(options.seed, options.seed + options.steps):
        if taken.total() >= options.steps:
            break
        machine = counted()
        how = settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS_OF_ONE,
            deadline=None,
            database=None,
            print_blob=True,
            report_multiple_bugs=False,
            suppress_health_check=[
                HealthCheck.too_slow,
                HealthCheck.data_too_large,
                HealthCheck.filter_too_much,
            ],
        )
        print(f"seed {number} ...", flush=True)
        run_state_machine_as_test(seed(number)(machine), settings=how)
        taken += machine.tally
        rate = taken.total() / (time.monotonic() - began)
        print(f"  {taken.total():,} of {options.steps:,} steps, {rate:.0f} a second", flush=True)
    print(f"\nThe scheduler and the model agreed after each of {taken.total():,} steps:")
    for name, n in taken.most_common():
        print(f"  {n:8,}  {name}")


if __name__ == "__main__":
    main()
