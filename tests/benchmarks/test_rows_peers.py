"""The scheduler beside its peers, at the same durability and in the same run. Nothing here passes or fails by time.

The peers come with `make bench` (the dependency group `bench`); where they are not installed, conftest.py leaves this file
out of the ordinary suite.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.conftest import Scale
from tests.benchmarks.peers import bare, ours, store_alone
from tests.benchmarks.peers.peer import Peer, Rate
from tests.benchmarks.peers.with_apscheduler import APSCHEDULER
from tests.benchmarks.peers.with_huey import HUEY
from tests.benchmarks.peers.with_litequeue import LITEQUEUE
from tests.benchmarks.peers.with_persist_queue import PERSIST_QUEUE
from tests.benchmarks.peers.with_procrastinate import PROCRASTINATE
from tests.benchmarks.table import Aim, Row

Report = Callable[[Row], None]
TASKS = 10_000
CASES = [
    pytest.param(peer, durable, id=f"{peer.distribution}-{durable}")
    for peer in (HUEY, PERSIST_QUEUE, LITEQUEUE, APSCHEDULER, PROCRASTINATE)
    for durable in peer.durable
]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("peer", "durable"), CASES)
def test_enqueueing_beside_a_peer(
    tmp_path: Path, scale: Scale, report: Report, peer: Peer, durable: str
) -> None:
    what = f"submit by {ours.CALLERS} callers, each durable, beside {peer.distribution}'s enqueue"
    report(row(what, tmp_path, scale, peer, durable, ours.enqueue, peer.enqueue, peer.aim))


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("peer", "durable"), CASES)
def test_running_beside_a_peer(
    tmp_path: Path, scale: Scale, report: Report, peer: Peer, durable: str
) -> None:
    what = f"no-op tasks, {ours.AT_ONCE} at once, run and completed, beside {peer.distribution}"
    report(row(what, tmp_path, scale, peer, durable, ours.run, peer.run, peer.aim))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("durable", HUEY.durable)
def test_the_store_alone_beside_huey(tmp_path: Path, scale: Scale, report: Report, durable: str) -> None:
    """What the aims of five times huey leave for all that is above the store."""
    what = f"the floor: our store alone, one thread, batches of {store_alone.BATCH},"
    _floors(tmp_path, scale, report, durable, what, store_alone.enqueue, store_alone.run)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("durable", HUEY.durable)
def test_a_bare_scheduler_beside_huey(tmp_path: Path, scale: Scale, report: Report, durable: str) -> None:
    """What they leave for features."""
    what = f"the least that a scheduler on asyncio can be, {ours.AT_ONCE} at once,"
    _floors(tmp_path, scale, report, durable, what, bare.enqueue, bare.run)


def _floors(
    folder: Path, scale: Scale, report: Report, durable: str, what: str, enqueue: Rate, run: Rate
) -> None:
    for which, floor, theirs in ("enqueue", enqueue, HUEY.enqueue), ("run", run, HUEY.run):
        place = folder / which
        place.mkdir()
        report(row(f"{what} {which}", place, scale, HUEY, durable, floor, theirs, aim=None))


def row(
    what: str,
    folder: Path,
    scale: Scale,
    peer: Peer,
    durable: str,
    our_rate: Rate,
    peer_rate: Rate,
    aim: Aim | None,
) -> Row:
    """Both in turns, each in a new folder."""
    mine: list[float] = []
    theirs: list[float] = []
    for number in range(scale.runs):
        place = folder / f"{peer.distribution}-{number}"
        place.mkdir()
        theirs.append(peer_rate(place, scale.times(peer.tasks), durable))
        mine.append(our_rate(place, scale.times(TASKS), durable))
    return Row(what, durable, "tasks/s", mine, peer.name, theirs, aim)
