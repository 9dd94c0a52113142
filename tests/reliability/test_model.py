"""The scheduler against a model that anybody can check by reading. `make model` does it for 200,000 steps."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.reliability.machine import counted

EXAMPLES = 2_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 35
STEPS = 50


def test_the_scheduler_and_the_model_always_agree() -> None:
    """The same lives each time, so that a change is judged by itself; `make model` takes others, and shrinks."""
    machine = counted()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    assert machine.tally.total() > EXAMPLES * STEPS // 2
