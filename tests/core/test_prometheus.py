"""A real Prometheus page, asked for over HTTP, read by Prometheus' own parser."""

from __future__ import annotations

import asyncio
import importlib.util
import re
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import Metric
from prometheus_client.openmetrics.exposition import generate_latest as open_page
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families
from prometheus_client.parser import text_string_to_metric_families

import scheduler_core.prometheus
from scheduler_core import (
    ConfigurationError,
    Priority,
    RateLimit,
    RetryableError,
    RetryPolicy,
    Scheduler,
    SchedulerConfig,
    TaskStore,
)
from scheduler_core.prometheus import SchedulerCollector
from scheduler_core.testing import MakeScheduler, ManualClock, run_until_idle, until
from tests.core.support import Alpha, Beta, Errand, Job, Script, alpha, beta, jobs

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "scheduler" / "metrics.md"


def registry_of(scheduler: Scheduler, namespace: str = "tidemill", **labels: str) -> CollectorRegistry:
    """A registry with nothing but this scheduler."""
    registry = CollectorRegistry()
    registry.register(SchedulerCollector(scheduler, namespace=namespace, labels=labels))
    return registry


@asynccontextmanager
async def served(registry: CollectorRegistry) -> AsyncIterator[str]:
    """prometheus_client's own server on the loopback, and its address."""
    server, thread = start_http_server(0, addr="127.0.0.1", registry=registry)
    try:
        yield f"http://127.0.0.1:{server.server_port}/metrics"
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        await asyncio.to_thread(thread.join)


def fetch(address: str) -> str:
    """The page, as Prometheus gets it."""
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode("utf-8")


def samples(text: str) -> dict[str, dict[frozenset[tuple[str, str]], float]]:
    """The values of each sample name by labels."""
    found: dict[str, dict[frozenset[tuple[str, str]], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[frozenset(sample.labels.items())] = sample.value
    return found


def at(**labels: str) -> frozenset[tuple[str, str]]:
    """The place of a sample."""
    return frozenset(labels.items())


async def test_prometheus_is_answered_while_tasks_run(
    make_scheduler: MakeScheduler, manual_clock: ManualClock, script: Script
) -> None:
    config = SchedulerConfig(rate_limits={"beta::errand": RateLimit.per_minute(60)})
    domains = (alpha(script, max_concurrency=3, default_retry=RetryPolicy.constant(1)), beta(script))
    scheduler = await make_scheduler(*domains, config=config)
    script.holds("runs")
    script.fails("bad", RetryableError("once"))
    handle = scheduler.domain(Alpha)
    await handle.submit_batch([*jobs(4), Job(name="bad")])
    await run_until_idle(scheduler)
    await handle.submit(Job(name="runs"))
    await scheduler.domain(Beta).pause()
    await scheduler.domain(Beta).submit(Errand())
    await handle.pause_group("g")
    await until(lambda: "runs" in script.started)

    async with served(registry_of(scheduler, program="a test")) as address:
        text = await asyncio.to_thread(fetch, address)

    script.release("runs")
    found = samples(text)
    job = {"domain": "alpha", "task_type": "alpha::job", "program": "a test"}
    assert found["tidemill_tasks_submitted_total"][at(**job)] == 6
    assert found["tidemill_tasks_ended_total"][at(**job, status="completed")] == 5
    assert found["tidemill_attempts_started_total"][at(**job)] == 7
    assert found["tidemill_attempts_retried_total"][at(**job)] == 1
    assert found["tidemill_attempt_duration_seconds_count"][at(**job, outcome="ok")] == 5
    assert found["tidemill_attempt_duration_seconds_count"][at(**job, outcome="failed")] == 1
    buckets = found["tidemill_task_wait_seconds_bucket"]
    assert buckets[at(**job, le="0.005")] == buckets[at(**job, le="+Inf")] == 7
    own = {"program": "a test"}
    assert found["tidemill_tasks"][at(**own, domain="alpha", state="running")] == 1
    assert found["tidemill_tasks"][at(**own, domain="beta", state="paused")] == 1
    assert found["tidemill_domain_paused"] == {at(**own, domain="alpha"): 0, at(**own, domain="beta"): 1}
    assert found["tidemill_domain_max_concurrency"] == {at(**own, domain="alpha"): 3}
    assert found["tidemill_group_paused"] == {at(**own, group="g"): 1}
    assert found["tidemill_max_concurrency"][at(**own)] == 4
    assert found["tidemill_rate_limit_tokens"] == {at(**own, scope="type", name="beta::errand"): 60}
    assert found["tidemill_lanes_held_back_total"][at(**own, gate="domain_paused")] == 1
    assert found["tidemill_opened_timestamp_seconds"][at(**own)] == manual_clock.time()
    assert found["tidemill_write_batch_outcomes_sum"][at(**own)] == 6
    assert found["tidemill_store_transaction_seconds_count"][at(**own)] > 2


async def test_no_name_of_a_task_is_told(make_scheduler: MakeScheduler, script: Script) -> None:
    """Or the series of a monitoring system would grow with every task."""
    scheduler = await make_scheduler(alpha(script))
    registry = registry_of(scheduler)
    before = {place for values in samples(generate_latest(registry).decode()).values() for place in values}
    for n in range(20):
        tags = {f"tag-{n}": f"value-{n}"}
        await scheduler.domain(Alpha).submit(
            Job(name=f"label-{n}", n=n), key=f"key-{n}", tags=tags, group=f"group-{n}"
        )
    await run_until_idle(scheduler)
    text = generate_latest(registry).decode()
    assert not re.search(r"(tag|value|label|key|group)-\d", text)
    assert before == {place for values in samples(text).values() for place in values}


CONVENTION = re.compile(r"tidemill_[a-z]+(_[a-z]+)*")


async def test_names_are_as_prometheus_wants_them(make_scheduler: MakeScheduler, script: Script) -> None:
    """https://prometheus.io/docs/practices/naming: base units, a unit behind the name, `_total` behind a counter's."""
    scheduler = await make_scheduler(alpha(script))
    text = generate_latest(registry_of(scheduler)).decode()
    kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, flags=re.MULTILINE))
    words = dict(re.findall(r"^# HELP (\w+) (.+)$", text, flags=re.MULTILINE))
    assert len(kinds) == len(words) == text.count("# TYPE")
    assert set(kinds.values()) == {"counter", "gauge", "histogram"}
    for name, kind in kinds.items():
        assert CONVENTION.fullmatch(name)
        assert name.endswith("_total") == (kind == "counter"), name
        assert not re.search(r"_(ms|millis|minutes|hours|percent|count|sum|bucket|info)(_|$)", name), name
        assert words[name].endswith(".")


async def test_the_page_of_openmetrics_is_read_by_its_strict_parser(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=3))
    await scheduler.domain(Alpha).submit_batch(jobs(3))
    await run_until_idle(scheduler)
    families = list(open_families(open_page(registry_of(scheduler)).decode()))
    assert len(families) > 15


async def test_what_is_registered_is_described_without_a_scrape(
    make_scheduler: MakeScheduler, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=3))
    collector = SchedulerCollector(scheduler)
    collected = [family.name for family in collector.collect()]
    monkeypatch.setattr(scheduler, "metrics", lambda: 1 / 0)
    described: list[Metric] = list(collector.describe())
    assert [family.name for family in described] == collected
    assert not any(family.samples for family in described)
    registry = CollectorRegistry()
    registry.register(collector)
    with pytest.raises(ValueError, match="Duplicated"):
        registry.register(SchedulerCollector(scheduler))
    registry.register(SchedulerCollector(scheduler, namespace="other"))


async def test_a_page_may_be_asked_for_on_the_loops_own_thread(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script))
    await scheduler.domain(Alpha).submit(Job(), priority=Priority.HIGH)
    await run_until_idle(scheduler)
    found = samples(generate_latest(registry_of(scheduler, "mill")).decode())
    assert (
        found["mill_tasks_ended_total"][at(domain="alpha", task_type="alpha::job", status="completed")] == 1
    )


def test_a_scheduler_that_is_not_open_has_a_page(script: Script) -> None:
    found = samples(generate_latest(registry_of(Scheduler(TaskStore.in_memory(), [alpha(script)]))).decode())
    assert found["tidemill_tasks_submitted_total"][at(domain="alpha", task_type="alpha::job")] == 0
    assert "tidemill_opened_timestamp_seconds" not in found


@pytest.mark.parametrize(
    ("namespace", "labels"),
    [
        ("", {}),
        ("tide-mill", {}),
        ("1mill", {}),
        ("tidemill", {"a-b": "c"}),
        ("tidemill", {"domain": "c"}),
        ("tidemill", {"le": "1"}),
        ("tidemill", {"__name__": "c"}),
    ],
)
def test_names_that_prometheus_does_not_take_are_refused(
    script: Script, namespace: str, labels: Mapping[str, str]
) -> None:
    scheduler = Scheduler(TaskStore.in_memory(), [alpha(script)])
    with pytest.raises(ConfigurationError, match="SchedulerCollector"):
        SchedulerCollector(scheduler, namespace=namespace, labels=labels)


def test_without_the_extra_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client.core", None)  # as where it is not installed
    spec = importlib.util.spec_from_file_location("fresh", scheduler_core.prometheus.__file__)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(ImportError, match=re.escape('pip install "tidemill[prometheus]"')):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


# docs/scheduler/metrics.md


async def test_the_page_lists_every_metric_with_its_labels(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script, max_concurrency=1))
    rows = re.findall(
        r"^\| `tidemill_(\w+)` \| (\w+) \| ([^|]*)\|", PAGE.read_text("utf-8"), flags=re.MULTILINE
    )
    listed = {name: (kind, tuple(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}
    there = {}
    for family in SchedulerCollector(scheduler).describe():
        name = family.name.removeprefix("tidemill_") + ("_total" if family.type == "counter" else "")
        there[name] = (family.type, vars(family)["_labelnames"])
    assert listed == there


def test_the_example_of_the_page_runs(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
    (tmp_path / "example.py").write_text(example)
    ended = subprocess.run(
        [sys.executable, "-W", "error", "example.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == (
        "3 completed\n"
        'tidemill_tasks_ended_total{domain="press",status="completed",task_type="press::page"} 3.0\n'
    )
