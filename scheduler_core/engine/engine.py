"""Puts the parts together: what a commit means in memory, what the end of an attempt means, and when all is done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from scheduler_core.clock import Clock
from scheduler_core.domain.domain import Domain
from scheduler_core.domain.handle import DomainHandle
from scheduler_core.engine.ages import Ages
from scheduler_core.engine.attempt import Attempt, StopReason
from scheduler_core.engine.attempts import Attempts
from scheduler_core.engine.backend import EngineBackend
from scheduler_core.engine.completion import Completion
from scheduler_core.engine.control import Control, ControlParts
from scheduler_core.engine.counts import Counts
from scheduler_core.engine.dispatcher import Dispatcher
from scheduler_core.engine.event_bus import EventBus
from scheduler_core.engine.explaining import Explaining
from scheduler_core.engine.jumps import ClockJumps
from scheduler_core.engine.lanes import Choice, Lanes
from scheduler_core.engine.limits import Limits
from scheduler_core.engine.maintenance import Deadlines, Pruner
from scheduler_core.engine.metrics import Metrics
from scheduler_core.engine.metrics_view import MetricsView
from scheduler_core.engine.pauses import Pauses
from scheduler_core.engine.pools import Pools
from scheduler_core.engine.preemption import Preemption
from scheduler_core.engine.pressure import PressureMonitor
from scheduler_core.engine.runner import AttemptRunner
from scheduler_core.engine.sharing import Sharing
from scheduler_core.engine.signals import SchedulerSignals, emit
from scheduler_core.engine.tag_views import TagViews
from scheduler_core.engine.telling import Teller, Told
from scheduler_core.engine.type_totals import TypeTotals
from scheduler_core.engine.views import Views
from scheduler_core.errors import StoreError
from scheduler_core.model import events as e
from scheduler_core.model.config import SchedulerConfig
from scheduler_core.model.pressure import AnyPressureSource, ResourceSampler
from scheduler_core.model.snapshot import RecoveryReport
from scheduler_core.policy.fair_share import Shares
from scheduler_core.policy.gate import first_closed
from scheduler_core.policy.rate_limit import TokenBucket
from scheduler_core.policy.state import DispatchState, Slots
from scheduler_core.store.changes import Changes
from scheduler_core.store.claim import Claimed
from scheduler_core.store.finish import Outcome, OutcomeKind
from scheduler_core.store.task_store import TaskStore

log = logging.getLogger(__name__)

_REFILL_RETRY_S = 1.0


class Engine:
    """One scheduler's machinery. The facade is `scheduler.Scheduler`."""

    def __init__(
        self,
        store: TaskStore,
        clock: Clock,
        domains: Mapping[str, Domain[Any]],
        config: SchedulerConfig,
        signals: SchedulerSignals,
        app_state: list[object],
        pressure_sources: Iterable[AnyPressureSource] = (),
        resource_sampler: ResourceSampler | None = None,
    ) -> None:
        self.store = store
        self.clock = clock
        self.signals = signals
        self.recovery = RecoveryReport()
        self.failure_count = 0
        self._config = config
        self._domains = domains
        self.app_state = app_state
        self._backoff: dict[int, int] = {}
        self._interrupted: set[int] = set()
        self._stops: dict[int, StopReason] = {}
        self._waiters: list[asyncio.Future[None]] = []
        self._refills: set[asyncio.Task[None]] = set()
        self.state = DispatchState(
            config.max_concurrency,
            config.default_group_concurrency,
            known=frozenset(domains),
            monotonic=clock.monotonic,
            wall=clock.time,
            throttle=config.throttle,
            counts_io=config.resource_monitoring,
            usual_io=lambda kind: self.type_totals.average_io(kind),
        )
        for name, domain in domains.items():
            self.state.domains[name] = Slots(cap=domain.max_concurrency)
        for group, cap in config.group_concurrency.items():
            self.state.group(group).cap = cap
        for name, limit in config.rate_limits.items():
            self.state.type_rates[name] = TokenBucket(limit, clock.monotonic())
        for name, limit in config.group_rate_limits.items():
            self.state.group_rates[name] = TokenBucket(limit, clock.monotonic())
        self.pressure = PressureMonitor(
            clock, config, pressure_sources, resource_sampler, self._needs_pressure, self._on_pressure
        )
        self.backend = EngineBackend(self)
        self.handles = {name: DomainHandle(domain, self.backend, config) for name, domain in domains.items()}
        self._build()

    def _build(self) -> None:
        clock, store, state = self.clock, self.store, self.state
        self.metrics = Metrics(clock, store, self._domains)
        self.bus = EventBus(clock, self._wants_task_events, self._emit_task_events)
        self.ages = Ages(self._config.aging, clock, store.lanes.waiting_clock, store.lanes.is_held)
        self.teller = Teller(self.bus, store.lanes, self.ages.effective, self._pulse)
        shares = Shares(
            self._config.group_weights,
            self._config.default_group_weight,
            self._config.group_minimum_slots,
            self._config.preempt_priority,
            self._config.aging,
        )
        pools = Pools(shares, state.group_running)
        self.sharing = Sharing(
            shares, state, pools, lambda on: self.lanes.share_by_group(on), self._on_group_weight
        )
        self.lanes = Lanes(
            lambda lane: store.lanes.key(lane),
            self._refill,
            lambda gate, task: gate.lot(state, task),
            self.ages,
            pools,
        )
        self.type_totals = TypeTotals(lambda lane: store.lanes.key(lane))
        self.counts = Counts(clock, state, lambda lane: store.lanes.key(lane), self._emit_counts)
        self.pauses = Pauses(clock, state, lambda scope, name: self.control.end_pause(scope, name))
        self.runner = AttemptRunner(
            clock,
            self.backend,
            {n: d.state for n, d in self._domains.items()},
            self._config.cancel_hook_timeout,
        )
        self.attempts = Attempts(
            clock, store.lanes, self._domains, self.runner, self._on_over, self._on_progress
        )
        self.completion = Completion(store, clock, self._on_store_failed, self._pulse)
        preemption = Preemption(self.attempts, self._config.preempt_priority)
        self.dispatcher = Dispatcher(
            store,
            self.lanes,
            state,
            clock,
            self._start,
            self._on_store_failed,
            self._before_turn,
            self._on_rest,
            preemption.make_room,
            self.metrics.held_back,
        )
        self.due = Deadlines(clock, store.make_due, self._on_store_failed, self._pulse)
        self.expiry = Deadlines(
            clock, store.expire, self._on_store_failed, self._pulse, self._config.expiry_sweep_interval
        )
        self.pruner = Pruner(store, clock, self._config.retention, self._on_store_failed)
        self.limits = Limits(
            clock, state, self.lanes, self.dispatcher, self.handles, self.signals, self.sharing
        )
        self.jumps = ClockJumps(
            clock,
            self.limits.slept,
            [self.due.look_again, self.expiry.look_again, self.pauses.look_again, self.pruner.look_again],
        )
        self.tag_views = TagViews(store, clock, state, self.pauses, self.attempts, self.type_totals)
        self.views = Views(
            store,
            clock,
            state,
            self.counts,
            self.pauses,
            self.attempts,
            self.type_totals,
            self._config.aging,
            self.sharing.allocations,
        )
        self.explaining = Explaining(
            store, clock, state, self.lanes, self.ages, shares, self.pauses, self.type_totals
        )
        self.metrics_view = MetricsView(
            self.metrics, self.counts, state, self.pauses, self.views, self.pressure
        )
        parts = ControlParts(
            self.lanes,
            self.dispatcher,
            self.attempts,
            self.completion,
            self.counts,
            self.pauses,
            self.teller,
            self.views,
        )
        self.control = Control(
            store, clock, state, self.handles, parts, self._on_paused, self._config.cancel_hook_timeout
        )

    # Life

    async def open(self) -> None:
        """Open the store, recover, and begin to dispatch. Raises `StoreError`."""
        found = await self.store.open(self.clock, self._apply, tuple(self._domains))
        try:
            self.metrics.open()
            self.counts.load(found.active, found.totals)
            self.type_totals.load(found.totals, found.seconds, found.io)
            self.failure_count = found.attention
            pending = sum(n for (_, status), n in found.active.items() if status == "pending")
            self.recovery = RecoveryReport(requeued=found.requeued, pending=pending, expired=found.expired)
            for scope, name in self.pauses.load(found.pauses):
                await self.store.drop_pause(scope, name)
            await self.pressure.prepare()
            await self.runner.start(
                [r.runner for d in self._domains.values() for r in d.registrations.values() if r.runner]
            )
            self.lanes.load(found.ready)
            if found.next_due is not None:
                self.due.expect(found.next_due)
            if found.next_expiry is not None:
                self.expiry.expect(found.next_expiry)
            self.pruner.open()
            self.jumps.open()
            self.dispatcher.open()
        except BaseException:
            self.pauses.close()
            await self.store.close()
            raise

    async def close(self, grace: float) -> None:
        """Stop what runs, write what came of it, close the store. What does not stop in time is recovered at open."""
        self.jumps.close()
        await self.dispatcher.close()
        await self.due.close()
        await self.expiry.close()
        await self.pruner.close()
        self.pauses.close()
        running = self.attempts.all()
        self.attempts.stop(running, StopReason.SHUTDOWN)
        if not await self.attempts.wait(running, grace):
            late = ", ".join(attempt.claimed.label for attempt in self.attempts.all())
            log.warning("given up after %s s: %s", grace, late)
        self.attempts.forget()
        await self.runner.aclose()
        await asyncio.sleep(0)  # what a runner's end ended is reported now
        await self.completion.wait_tried()
        self.completion.close()
        self.pressure.rest()
        self.counts.close()
        if self._refills:
            await asyncio.wait(self._refills)
        await self.control.close()
        self.teller.flush()
        self.bus.close()
        await self.store.close()
        self._pulse()

    def is_quiet(self) -> bool:
        """Is there nothing that runs, or could run before more time has passed?"""
        if (
            self.attempts
            or self.completion.is_busy
            or self.dispatcher.is_busy
            or self.due.is_busy
            or self.expiry.is_busy
        ):
            return False
        if self.teller.is_busy:
            return False
        return not (
            self.lanes.is_refilling or self.lanes.has_open(lambda task: first_closed(self.state, task))
        )

    def is_idle(self) -> bool:
        """Is it quiet, and will neither a retry's delay nor a rate limit nor a calmer machine end that?"""
        if not self.is_quiet() or self.dispatcher.waits_for_tokens or self.dispatcher.waits_for_machine:
            return False
        return all(self.state.is_held(self.store.lanes.key(lane)) for lane in self._backoff.values())

    async def wait_idle(self) -> None:
        """Returns when the scheduler is idle; at once if it is not open."""
        while self.store.database.is_open and not self.is_idle():
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter

    # What commits mean

    def _apply(self, changes: Changes) -> None:
        """After each commit, before whoever asked for it goes on."""
        self.counts.apply(changes.counts, changes.totals)
        self.type_totals.apply(changes.totals, changes.seconds, changes.io)
        self.metrics.apply(changes)
        self.failure_count += changes.attention
        for ready in changes.ready:
            self.lanes.add(*ready)
            self._backoff.pop(ready.id, None)
        for ended in changes.ended:
            self._backoff.pop(ended.facts.id, None)
            self._stops.pop(ended.facts.id, None)
            self._interrupted.discard(ended.facts.id)
        for facts, _, at in changes.retried:
            if at is not None:
                self._backoff[facts.id] = facts.lane
        self._interrupted.update(facts.id for facts in (*changes.interrupted, *changes.preempted))
        self.pruner.ended(len(changes.ended))
        if changes.due_at is not None:
            self.due.expect(changes.due_at)
        if changes.expires_at is not None:
            self.expiry.expect(changes.expires_at)
        for task_id, _ in changes.stop:
            self._stop(task_id)
        self.teller.tell(changes)
        for ended in changes.ended:
            self.ages.ended(ended.facts.id)
        if changes.ready:
            self.dispatcher.wake()
        self._pulse()

    def _stop(self, task_id: int) -> None:
        attempt = self.attempts.get(task_id)
        if attempt is not None:
            attempt.stop(StopReason.CANCELLED)
        elif self.dispatcher.is_claiming(task_id):
            self._stops[task_id] = StopReason.CANCELLED

    def _refill(self, lane: int, priority: int, after: int, limit: int) -> None:
        task = asyncio.get_running_loop().create_task(self._read_page(lane, priority, after, limit))
        self._refills.add(task)
        task.add_done_callback(self._refills.discard)

    async def _read_page(self, lane: int, priority: int, after: int, limit: int) -> None:
        try:
            page = await self.store.ready_page(lane, priority, after, limit)
        except StoreError as error:
            self.lanes.refill_failed(lane, priority)
            self.clock.call_later(_REFILL_RETRY_S, partial(self._refill_again, lane, priority))
            self._on_store_failed(error)
            return
        self.lanes.refilled(lane, priority, page, limit)
        self.dispatcher.wake()
        self._pulse()

    def _refill_again(self, lane: int, priority: int) -> None:
        if self.store.database.is_open:
            self.lanes.load([(lane, priority)])

    def _before_turn(self) -> None:
        self.pressure.refresh()
        self._note_machine()
        self.sharing.refresh()

    def _on_rest(self) -> None:
        self.pressure.watch()
        self._pulse()

    def _note_machine(self) -> None:
        """Let the gates see how busy the machine is, and whoever waits for it be looked at again."""
        state, pressure, resources = self.state, self.pressure.reading.pressure, self.pressure.throughput
        if (state.pressure, state.resources) != (pressure, resources):
            state.pressure, state.resources = pressure, resources
            self.dispatcher.machine_changed()

    def _on_group_weight(self, group: str, weight: int | None) -> None:
        self.teller.tell_state(e.GroupWeightChanged, group=group, weight=weight)

    # What attempts mean

    def _start(self, batch: Sequence[tuple[Claimed, Choice]]) -> None:
        self.metrics.started(batch)
        told: list[Told] = []
        is_heard = self.bus.is_heard
        for claimed, choice in batch:
            lane = choice.key
            self.ages.started(claimed.id, choice.task)
            if lane.task_type not in self._domains[lane.domain].registrations:
                self._refuse(claimed, lane.task_type)
                continue
            stop = self._stops.pop(claimed.id, None)
            if stop is None and self.state.is_held(lane):
                stop = StopReason.PAUSED  # paused between the choice and the claim
            attempt = self.attempts.start(claimed, lane, stop)
            if is_heard and stop is None:
                if claimed.id in self._interrupted:
                    told.append((e.Resumed, claimed.facts, {}))
                told.append((e.Dispatched, claimed.facts, {"attempt": attempt.attempt}))
            self._interrupted.discard(claimed.id)
        self.teller.tell_about(told)
        self.pressure.watch()

    def _refuse(self, claimed: Claimed, task_type: str) -> None:
        """A task of an earlier version, whose type is gone."""
        error = f"{task_type}: its domain has no executor for it any more. Install the version that has, then retry"
        self.completion.report(Outcome(claimed.id, OutcomeKind.FAILED, self.clock.time(), error=error))
        self.dispatcher.ended(claimed.id)

    def _on_over(self, attempt: Attempt, outcome: Outcome) -> None:
        self.completion.report(outcome)
        self.metrics.over(attempt.lane, outcome, outcome.duration or attempt.elapsed(self.clock))
        if outcome.duration:
            self.type_totals.took(attempt.lane.task_type, outcome.duration)
        self.dispatcher.ended(attempt.id)

    def _on_progress(self, attempts: list[Attempt]) -> None:
        if self.bus.is_heard:
            self.teller.tell_about(
                [
                    (
                        e.Progress,
                        attempt.claimed.facts,
                        {
                            "fraction": attempt.estimate(self.clock, None).fraction,
                            "message": attempt.message,
                            "bytes_done": attempt.bytes_done,
                            "bytes_total": attempt.bytes_total,
                        },
                    )
                    for attempt in attempts
                ]
            )

    def _pulse(self) -> None:
        """Somebody who waits for the end should look again."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    # Signals

    def _wants_task_events(self) -> bool:
        return any(len(handle.task_event) for handle in self.handles.values())

    def _emit_task_events(self, events: Sequence[e.SchedulerEvent]) -> None:
        for event in events:
            if isinstance(event, e.TaskEvent) and (handle := self.handles.get(event.domain)) is not None:
                emit(handle.task_event, event)

    def _emit_counts(self, names: set[str]) -> None:
        for name in names:
            handle = self.handles.get(name)
            if handle is not None and len(handle.counts_changed):
                emit(handle.counts_changed, self.counts.domain(name))

    def _on_paused(self, paused: bool) -> None:
        emit(self.signals.paused_changed, paused)

    def _needs_pressure(self) -> bool:
        """Does anything run, or wait for the machine to calm down?"""
        return len(self.attempts) > 0 or self.dispatcher.waits_for_machine

    def _on_pressure(self) -> None:
        self._note_machine()
        emit(self.signals.pressure_changed, self.pressure.reading)

    def _on_store_failed(self, error: StoreError) -> None:
        log.error("%s", error)
        emit(self.signals.store_failed, error)
