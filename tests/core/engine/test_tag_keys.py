"""Which tags there are."""

from __future__ import annotations

from scheduler_core.testing import MakeScheduler, run_until_idle
from tests.core.support import Alpha, Beta, Errand, Script, alpha, beta, jobs


async def test_the_keys_of_tags_in_use_are_those_that_jobs_can_be_asked_by(
    make_scheduler: MakeScheduler, script: Script
) -> None:
    scheduler = await make_scheduler(alpha(script), beta(script))
    assert await scheduler.tag_keys() == []
    await scheduler.domain(Alpha).submit_batch(jobs(3), tags={"job_id": "x", "Album": "lake"})
    await run_until_idle(scheduler)
    await scheduler.domain(Beta).pause()
    await scheduler.domain(Beta).submit(Errand(), tags={"owner": "", "job_id": "y"})
    assert await scheduler.tag_keys() == ["Album", "job_id", "owner"]
    assert await scheduler.tag_keys(2) == ["Album", "job_id"]
    assert [job.value for key in await scheduler.tag_keys() for job in await scheduler.jobs(key)] == [
        "lake",
        "y",
        "x",
        "",
    ]
    await scheduler.domain(Beta).resume()
    await run_until_idle(scheduler)
    await scheduler.prune_history(keep=1)
    assert await scheduler.tag_keys() == ["job_id", "owner"], "no task has that of an album any more"
