"""Shows a scheduler's metrics to Prometheus. Needs the extra: `pip install "tidemill[prometheus]"`.

    from prometheus_client import REGISTRY, start_http_server
    from scheduler_core.prometheus import SchedulerCollector

    REGISTRY.register(SchedulerCollector(scheduler))
    server, thread = start_http_server(9400, addr="127.0.0.1")

Numbers are read when Prometheus asks for them; nothing runs in between. docs/scheduler/metrics.md lists them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import TypeVar

from scheduler_core.errors import ConfigurationError
from scheduler_core.model.metrics import Histogram, MetricsSnapshot, TaskTypeMetrics
from scheduler_core.scheduler import Scheduler

try:
    from prometheus_client.core import (
        CounterMetricFamily,
        GaugeMetricFamily,
        HistogramMetricFamily,
        Metric,
    )
except ImportError as error:
    raise ImportError(
        'scheduler_core.prometheus: prometheus_client is not installed. Run: pip install "tidemill[prometheus]"'
    ) from error

F = TypeVar("F", bound=Metric)

_OWN_LABELS = (
    "domain",
    "gate",
    "group",
    "le",
    "name",
    "outcome",
    "scope",
    "source",
    "state",
    "status",
    "task_type",
)
_TYPE = ("domain", "task_type")
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")

_ENDS = {
    "completed": "completed",
    "failed": "failed",
    "dead_letter": "dead_lettered",
    "cancelled": "cancelled",
    "superseded": "superseded",
    "expired": "expired",
    "dependency_failed": "dependency_failed",
}
"""The counter of each status of the history."""

_COUNTERS = {
    "tasks_submitted": ("submitted", "Tasks that were stored."),
    "attempts_started": ("started", "Attempts that were dispatched."),
    "attempts_failed": ("failed_attempts", "Attempts that ended with an error."),
    "attempts_retried": ("retried", "Failed attempts that are followed by another one."),
    "attempts_preempted": ("preempted", "Attempts that were interrupted to make room for urgent tasks."),
    "attempts_interrupted": ("interrupted", "Attempts that a pause or the end of the program interrupted."),
    "recurring_skipped": ("recurring_skipped", "Times that schedules passed over."),
}
"""Name without namespace and `_total`: the counter, and what it means."""


class SchedulerCollector:
    """A collector for a registry of prometheus_client, over one scheduler.

    Every metric's name begins with `namespace` and `_`; each sample carries `labels`, which tell this program from others.
    One scheduler a registry, or a namespace each. A scrape may come on any thread (see `Scheduler.metrics`), also before
    the scheduler is opened and after it is closed.

    Raises `ConfigurationError` for names that Prometheus does not take.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        *,
        namespace: str = "tidemill",
        labels: Mapping[str, str] | None = None,
    ) -> None:
        self._scheduler = scheduler
        self._namespace = _checked(namespace, "namespace of SchedulerCollector")
        self._labels = {_checked_label(name): str(value) for name, value in (labels or {}).items()}

    def describe(self) -> Iterable[Metric]:
        """The metrics' names, for the registry: it refuses a second collector of the same ones."""
        return self._page(None)

    def collect(self) -> Iterable[Metric]:
        """The metrics now."""
        return self._page(self._scheduler.metrics())

    def _page(self, snapshot: MetricsSnapshot | None) -> list[Metric]:
        page = _Page(self._namespace, self._labels)
        types = () if snapshot is None else snapshot.types
        _add_counters(page, types)
        _add_durations(page, types)
        _add_gauges(page, snapshot)
        _add_store(page, snapshot)
        return page.families


class _Page:
    """The families of one scrape. What is added carries the constant labels first."""

    def __init__(self, namespace: str, labels: Mapping[str, str]) -> None:
        self.families: list[Metric] = []
        self._namespace = namespace
        self._names = tuple(labels)
        self._values = tuple(labels.values())

    def counter(self, name: str, words: str, labels: tuple[str, ...]) -> CounterMetricFamily:
        """A family of counters; `_total` comes behind the name."""
        return self._add(CounterMetricFamily(f"{self._namespace}_{name}", words, labels=self._all(labels)))

    def gauge(self, name: str, words: str, labels: tuple[str, ...] = ()) -> GaugeMetricFamily:
        """A family of gauges."""
        return self._add(GaugeMetricFamily(f"{self._namespace}_{name}", words, labels=self._all(labels)))

    def histogram(self, name: str, words: str, labels: tuple[str, ...] = ()) -> HistogramMetricFamily:
        """A family of histograms."""
        return self._add(HistogramMetricFamily(f"{self._namespace}_{name}", words, labels=self._all(labels)))

    def put(self, family: CounterMetricFamily | GaugeMetricFamily, value: float, *labels: str) -> None:
        """One sample."""
        family.add_metric([*self._values, *labels], value)

    def put_histogram(self, family: HistogramMetricFamily, histogram: Histogram, *labels: str) -> None:
        """One histogram: Prometheus counts in each bucket what is in the smaller ones, too."""
        bounds = [*map(str, histogram.bounds), "+Inf"]
        buckets = list(zip(bounds, accumulate(histogram.counts), strict=True))
        family.add_metric([*self._values, *labels], buckets, histogram.sum)

    def _add(self, family: F) -> F:
        self.families.append(family)
        return family

    def _all(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        return (*self._names, *labels)


def _add_counters(page: _Page, types: Iterable[TaskTypeMetrics]) -> None:
    for name, (field, words) in _COUNTERS.items():
        family = page.counter(name, words, _TYPE)
        for one in types:
            page.put(family, getattr(one.counters, field), one.domain, one.task_type)
    family = page.counter("tasks_ended", "Tasks that went to the history, by status.", (*_TYPE, "status"))
    for one in types:
        for status, field in _ENDS.items():
            page.put(family, getattr(one.counters, field), one.domain, one.task_type, status)


def _add_durations(page: _Page, types: Iterable[TaskTypeMetrics]) -> None:
    took = page.histogram(
        "attempt_duration_seconds", "How long attempts took that returned or raised.", (*_TYPE, "outcome")
    )
    waited = page.histogram(
        "task_wait_seconds", "From when a task could start, were all gates open, to its start.", _TYPE
    )
    for one in types:
        page.put_histogram(took, one.succeeded, one.domain, one.task_type, "ok")
        page.put_histogram(took, one.failed, one.domain, one.task_type, "failed")
        page.put_histogram(waited, one.waited, one.domain, one.task_type)


def _add_gauges(page: _Page, snapshot: MetricsSnapshot | None) -> None:
    tasks = page.gauge("tasks", "Active tasks, by state.", ("domain", "state"))
    paused = page.gauge("domain_paused", "1 while the domain is paused.", ("domain",))
    cap = page.gauge("domain_max_concurrency", "Cap of a domain that has one.", ("domain",))
    all_paused = page.gauge("paused", "1 while everything is paused.")
    all_cap = page.gauge("max_concurrency", "Cap over all domains.")
    groups = page.gauge("group_paused", "1 for each group that is paused.", ("group",))
    tokens = page.gauge(
        "rate_limit_tokens", "Starts that a rate limit would let through now.", ("scope", "name")
    )
    pressure = page.gauge("pressure_ratio", "How loaded the machine is: the highest source.")
    sources = page.gauge("pressure_source_ratio", "How loaded the machine is, by source.", ("source",))
    opened = page.gauge("opened_timestamp_seconds", "When the scheduler was opened.")
    if snapshot is None:
        return
    for domain in snapshot.domains:
        for state in ("running", "pending", "paused", "waiting", "blocked"):
            page.put(tasks, getattr(domain, state), domain.name, state)
        page.put(paused, domain.is_paused, domain.name)
        if domain.max_concurrency is not None:
            page.put(cap, domain.max_concurrency, domain.name)
    page.put(all_paused, snapshot.is_paused)
    page.put(all_cap, snapshot.max_concurrency)
    for group in snapshot.paused_groups:
        page.put(groups, 1, group)
    for limit in snapshot.rate_limits:
        page.put(tokens, limit.available, limit.scope, limit.name)
    page.put(pressure, snapshot.pressure)
    for source, value in snapshot.pressure_by_source.items():
        page.put(sources, value, source)
    if snapshot.opened_at is not None:
        page.put(opened, snapshot.opened_at.timestamp())


def _add_store(page: _Page, snapshot: MetricsSnapshot | None) -> None:
    held = page.counter(
        "lanes_held_back", "How often a gate held a lane back when dispatch came to it.", ("gate",)
    )
    batches = page.histogram("write_batch_outcomes", "Outcomes of attempts in one transaction.")
    commits = page.histogram("store_transaction_seconds", "How long the store needed for a transaction.")
    if snapshot is None:
        return
    for gate, n in snapshot.held_back.items():
        page.put(held, n, gate)
    page.put_histogram(batches, snapshot.batches)
    page.put_histogram(commits, snapshot.commits)


def _checked(name: str, thing: str) -> str:
    if not _NAME.fullmatch(name):
        raise ConfigurationError(
            thing, f"{name!r} is no name for Prometheus", "Use letters, digits and _, a digit not first."
        )
    return name


def _checked_label(name: str) -> str:
    if name in _OWN_LABELS or name.startswith("__"):
        raise ConfigurationError(
            f"label {name!r} of SchedulerCollector",
            "the metrics use it themselves, or Prometheus does",
            "Choose another name.",
        )
    return _checked(name, f"label {name!r} of SchedulerCollector")
