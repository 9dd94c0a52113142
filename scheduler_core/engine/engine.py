"""Puts the parts together: what a commit means in memory, what the end of an attempt means, and when all is done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, MutableMapping
from typing import Any

from scheduler_core.clock import Clock
from scheduler_core.domain.domain import Domain
from scheduler_core.domain.handle import DomainHandle
from scheduler_core.engine.adjusting import Adjusting
from scheduler_core.engine.ages import Ages
from scheduler_core.engine.aging import Aging
from scheduler_core.engine.attempt import StopReason
from scheduler_core.engine.attempts import Attempts
from scheduler_core.engine.backend import EngineBackend
from scheduler_core.engine.cataloguing import Cataloguing
from scheduler_core.engine.commits import Commits
from scheduler_core.engine.completion import Completion
from scheduler_core.engine.control import Control, ControlParts
from scheduler_core.engine.counts import Counts
from scheduler_core.engine.dispatcher import Dispatcher
from scheduler_core.engine.event_bus import EventBus
from scheduler_core.engine.explaining import Explaining
from scheduler_core.engine.failures import Failures
from scheduler_core.engine.group_views import GroupViews
from scheduler_core.engine.jumps import ClockJumps
from scheduler_core.engine.lanes import Lanes
from scheduler_core.engine.limits import Limits
from scheduler_core.engine.maintenance import Deadlines, Pruner
from scheduler_core.engine.membership import Membership
from scheduler_core.engine.metrics import Metrics
from scheduler_core.engine.metrics_view import MetricsView
from scheduler_core.engine.pauses import Pauses
from scheduler_core.engine.pools import Pools
from scheduler_core.engine.preemption import Preemption
from scheduler_core.engine.pressure import PressureMonitor
from scheduler_core.engine.queue_view import QueueView
from scheduler_core.engine.recurring import Schedules
from scheduler_core.engine.refills import Refills
from scheduler_core.engine.replacing import Replacing
from scheduler_core.engine.rest import Rest
from scheduler_core.engine.retries import Retries
from scheduler_core.engine.runner import AttemptRunner
from scheduler_core.engine.sharing import Sharing
from scheduler_core.engine.signals import Emitter, SchedulerSignals
from scheduler_core.engine.starting import Starting
from scheduler_core.engine.sweeping import Sweeping
from scheduler_core.engine.tag_views import TagViews
from scheduler_core.engine.telling import Teller
from scheduler_core.engine.throttling import Throttling
from scheduler_core.engine.type_totals import TypeTotals
from scheduler_core.engine.undoing import Undoing
from scheduler_core.engine.views import Views
from scheduler_core.model import events as e
from scheduler_core.model.config import SchedulerConfig
from scheduler_core.model.pressure import AnyPressureSource, ResourceSampler
from scheduler_core.model.snapshot import RecoveryReport
from scheduler_core.policy.fair_share import Shares
from scheduler_core.policy.rate_limit import TokenBucket
from scheduler_core.policy.state import DispatchState, Slots
from scheduler_core.store.task_store import TaskStore

log = logging.getLogger(__name__)


class Engine:
    """One scheduler's machinery. The facade is `scheduler.Scheduler`."""

    def __init__(
        self,
        store: TaskStore,
        clock: Clock,
        domains: MutableMapping[str, Domain[Any]],
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
        self.domains = domains
        self._config = config
        self.app_state = app_state
        self.commits = Commits(self)
        self.starting = Starting(self)
        self.rest = Rest(self)
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
            clock,
            config,
            pressure_sources,
            resource_sampler,
            self._needs_pressure,
            self._on_pressure,
            lambda: self.state.throttle,
        )
        self.backend = EngineBackend(self)
        self.handles = {name: DomainHandle(domain, self.backend, config) for name, domain in domains.items()}
        self._build()

    def _build(self) -> None:
        clock, store, state = self.clock, self.store, self.state
        self.metrics = Metrics(clock, store, self.domains)
        self.emitter = emitter = Emitter(self.signals, self.handles)
        pulse, failed = self.rest.pulse, emitter.store_failed
        self.bus = EventBus(clock, emitter.wants_task_events, emitter.task_events)
        self.ages = Ages(self._config.aging, clock, store.lanes.waiting_clock, store.lanes.is_held)
        self.teller = Teller(self.bus, store.lanes, self.ages.effective, pulse)
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
        self.retries = Retries(clock)
        self.refills = Refills(
            store, self.retries, lambda: self.lanes, lambda: self.ages.is_kept, self._on_page, failed
        )
        self.lanes = Lanes(
            lambda lane: store.lanes.key(lane),
            self.refills.ask,
            lambda gate, task: gate.lot(state, task),
            self.ages,
            pools,
        )
        self.type_totals = TypeTotals(lambda lane: store.lanes.key(lane))
        self.counts = Counts(clock, state, lambda lane: store.lanes.key(lane), self._on_counts)
        self.pauses = Pauses(clock, state, lambda scope, name: self.control.end_pause(scope, name))
        self.runner = AttemptRunner(clock, self.backend, self._config.cancel_hook_timeout)
        self.attempts = Attempts(
            clock, store.lanes, self.domains, self.runner, self.starting.over, self.starting.progress
        )
        self.completion = Completion(store, clock, failed, pulse)
        preemption = Preemption(
            self.attempts, lambda: self.dispatcher.claiming(), state, self._config.preempt_priority
        )
        self.dispatcher = Dispatcher(
            store,
            self.lanes,
            state,
            clock,
            self.retries,
            self.starting.start,
            failed,
            self._before_turn,
            self._on_rest,
            preemption.first_closed,
            preemption.make_room,
            self.metrics.held_back,
            lambda: self.throttling.look(),
        )
        self.throttling = Throttling(
            clock,
            state,
            self.lanes,
            self.dispatcher,
            self.pressure,
            self.counts.pending,
            emitter.held_back,
            emitter.throttle,
        )
        self.aging = Aging(
            store, self.retries, self.ages, self.lanes, shares, self.dispatcher, self.attempts.priorities
        )
        self.adjusting = Adjusting(store)
        self.due = Deadlines(clock, store.make_due, failed, pulse)
        self.expiry = Deadlines(clock, store.expire, failed, pulse, self._config.expiry_sweep_interval)
        self.pruner = Pruner(store, clock, self._config.retention, failed)
        self.cataloguing = Cataloguing(store)
        self.failures = Failures(store)
        self.sweeping = Sweeping(store, self.counts.active)
        self.undoing = Undoing(store, clock, emitter.undos, failed, pulse)
        self.limits = Limits(
            clock,
            state,
            self.lanes,
            self.dispatcher,
            self.handles,
            self.signals,
            self.sharing,
            self._config.group_concurrency,
        )
        self.replacing = Replacing(self.domains, self.handles, state, self.limits, self.attempts, self.runner)
        self.membership = Membership(self, self._config)
        self.jumps = ClockJumps(
            clock,
            self.limits.slept,
            [
                *(keeper.look_again for keeper in (self.due, self.expiry, self.pauses, self.pruner)),
                self.lanes.refresh,
                self.dispatcher.wake,
            ],
        )
        self.tag_views = TagViews(store, clock, state, self.pauses, self.attempts, self.type_totals)
        self.schedules = Schedules(lambda lane: store.lanes.key(lane))
        self.views = Views(
            store,
            clock,
            state,
            self.counts,
            self.pauses,
            self.attempts,
            self.type_totals,
            lambda: self.ages.config,
            self.sharing.allocations,
            self.schedules.all,
        )
        self.queue = QueueView(store, self.pauses, self.lanes.places, self.views.shown)
        self.group_views = GroupViews(store.lanes, self.counts, state, shares, self.pauses)
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
            store,
            clock,
            state,
            self.handles,
            parts,
            emitter.paused,
            emitter.group,
            emitter.pauses,
            self._config.cancel_hook_timeout,
        )

    # Life

    async def open(self) -> None:
        """Open the store, recover, and begin to dispatch. Raises `StoreError`."""
        found = await self.store.open(
            self.clock, self.commits.apply, tuple(self.domains), self.dispatcher.submitting
        )
        try:
            self.metrics.open()
            self.counts.load(found.active, found.totals)
            self.type_totals.load(found.totals, found.seconds, found.io)
            self.schedules.load(found.schedules)
            self.commits.failure_count = found.attention
            pending = sum(n for (_, status), n in found.active.items() if status == "pending")
            self.recovery = RecoveryReport(requeued=found.requeued, pending=pending, expired=found.expired)
            for scope, name in self.pauses.load(found.pauses):
                await self.store.drop_pause(scope, name)
            await self.pressure.prepare()
            await self.runner.start(
                [r.runner for d in self.domains.values() for r in d.registrations.values() if r.runner]
            )
            self.lanes.load(found.ready)
            # Or the lane that happens to be read first would start before a more urgent one.
            await self.refills.wait()
            if found.next_due is not None:
                self.due.expect(found.next_due)
            if found.next_expiry is not None:
                self.expiry.expect(found.next_expiry)
            self.undoing.load(found.undos)
            self.pruner.open()
            self.cataloguing.ended(found.uncatalogued)
            self.failures.open(found.unsorted)
            self.sweeping.came(found.fresh_keys)
            self.sweeping.ended(found.unswept)
            self.jumps.open()
            self.dispatcher.open()
        except BaseException:
            self.pauses.close()
            self.retries.close()
            await self.store.close()
            raise

    async def close(self, grace: float, caller: asyncio.Task[Any] | None, *, finish: bool) -> None:
        """Let what runs finish, or stop it; write what came of it; close the store.

        `caller` is not waited for: it may be an attempt that closes its own scheduler.
        """
        self.jumps.close()
        await self.dispatcher.close()
        self.retries.close()
        self.throttling.close()
        await self.due.close()
        await self.expiry.close()
        await self.undoing.close()
        await self.pruner.close()
        await self.cataloguing.close()
        await self.failures.close()
        await self.sweeping.close()
        self.pauses.close()
        await self.aging.close()
        if finish:
            others = [attempt for attempt in self.attempts.all() if attempt.task is not caller]
            await self.attempts.wait(others, grace)
            grace = min(grace, self._config.cancel_hook_timeout)
        running = self.attempts.all()
        self.attempts.stop(running, StopReason.SHUTDOWN)
        if not await self.attempts.wait(running, grace):
            late = ", ".join(attempt.claimed.label for attempt in self.attempts.all())
            log.warning("given up after %s s: %s", grace, late)
        self.attempts.forget()
        await self.replacing.close()
        await self.runner.aclose()
        await asyncio.sleep(0)  # what a runner's end ended is reported now
        await self.completion.wait_tried()
        self.completion.close()
        self.pressure.rest()
        self.counts.close()
        await self.refills.wait()
        await self.control.close()
        self.teller.flush()
        self.bus.close()
        await self.store.close()
        self.rest.pulse()

    # What the machine and people change

    def _before_turn(self) -> None:
        self.completion.flush()
        self.look_at_machine()
        self.sharing.refresh()

    def _on_rest(self) -> None:
        self.pressure.watch()
        self.rest.pulse()

    def _on_page(self) -> None:
        self.dispatcher.wake()
        self.rest.pulse()

    def _on_counts(self, names: set[str]) -> None:
        self.emitter.counts(names, self.counts.domain)
        self.throttling.look()

    def look_at_machine(self) -> None:
        """Let the gates see how busy the machine is now."""
        self.pressure.refresh()
        self._note_machine()

    def _note_machine(self) -> None:
        """Let the gates see how busy the machine is, and whoever waits for it be looked at again."""
        state, reading, resources = self.state, self.pressure.reading, self.pressure.throughput
        if (state.pressure, state.resources) != (reading.pressure, resources):
            state.pressure, state.resources = reading.pressure, resources
            self.dispatcher.machine_changed()

    def look_at_pressure(self) -> None:
        """A source that tells its changes has changed."""
        self.pressure.look_again()
        self._note_machine()

    def _on_group_weight(self, group: str, weight: int | None) -> None:
        self.teller.tell_state(e.GroupWeightChanged, group=group, weight=weight)

    def _needs_pressure(self) -> bool:
        """Does anything run, or wait for the machine to calm down? What a source will tell of is not looked for."""
        if len(self.attempts) > 0 or self.dispatcher.waits_for_room:
            return True
        return self.dispatcher.waits_for_calm and not self.pressure.is_held_by_word

    def _on_pressure(self) -> None:
        self._note_machine()
        self.emitter.pressure(self.pressure.reading)
