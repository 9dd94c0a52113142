"""What a list is filtered by is kept as text, and whatever else stands there filters nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.task_wish import TaskWish, tag_from_text, wish_from_text
from scheduler_core import TaskStatus
from tests.app.models.records import NOW, task

FULL = TaskWish(("pending", "paused"), "ingest", "ingest::take", ("job_id", "a=b"), "Straße", 3600, "newest")


@pytest.mark.parametrize("wish", [TaskWish(), FULL])
def test_what_was_kept_comes_back(wish: TaskWish) -> None:
    assert wish_from_text(wish.to_text()) == wish


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "3", "null", "{}"),
        FULL.to_text().replace("paused", "asleep"),
        FULL.to_text().replace("newest", "by luck"),
        FULL.to_text().replace('["job_id", "a=b"]', '["job_id"]'),
        FULL.to_text().replace("3600", '"soon"'),
    ],
)
def test_what_nobody_can_read_filters_nothing(text: str) -> None:
    found = wish_from_text(text)
    assert found == TaskWish()
    assert found.is_all


def test_an_order_is_no_filter() -> None:
    assert TaskWish(order="oldest").is_all
    assert FULL.cleared() == TaskWish(order="newest")
    assert not FULL.is_all


def test_a_time_counts_from_now() -> None:
    assert FULL.since(NOW) == NOW - timedelta(hours=1)
    assert TaskWish().since(NOW) is None


@pytest.mark.parametrize(
    ("wish", "is_wanted"),
    [
        (TaskWish(), True),
        (TaskWish(text="PICTURE 1"), True),
        (TaskWish(text="other"), False),
        (TaskWish(statuses=("running",)), True),
        (TaskWish(statuses=("pending",)), False),
        (TaskWish(domain="process"), False),
        (TaskWish(task_type="ingest::scan"), False),
        (TaskWish(tag=("job_id", "trip")), True),
        (TaskWish(tag=("job_id", "other")), False),
    ],
)
def test_what_runs_is_filtered_alike(wish: TaskWish, is_wanted: bool) -> None:
    record = task(1, tags={"job_id": "trip"})
    assert record.status is TaskStatus.RUNNING
    assert wish.accepts_running(record) == is_wanted


@pytest.mark.parametrize(
    ("text", "tag"),
    [("a=b", ("a", "b")), (" a = b=c ", ("a", "b=c")), ("a", None), ("a=", None), ("=b", None), ("", None)],
)
def test_a_tag_is_typed_with_its_value(text: str, tag: tuple[str, str] | None) -> None:
    assert tag_from_text(text) == tag
