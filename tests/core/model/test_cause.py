"""The text of a cause: an error without what differs from task to task."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, strategies as st

from scheduler_core.model.cause import cause_text


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ("number 17 is bad", "number … is bad"),
        ("OSError: [Errno 28] No space left on device: '/mnt/a b.jpg'", "OSError: [Errno 28] No space left on device: …"),
        ("PermissionError: no access for user “anna” on nas:22", "PermissionError: no access for user … on nas:…"),
        ("/home/anna/a b/pic.jpg: it is no longer there", "…: it is no longer there"),
        ("C:\\Users\\anna\\x.jpg: not readable", "…: not readable"),
        ("a.jpg, b.png, c.gif and d.jpg are gone", "… are gone"),
        ("id 550e8400-e29b-41d4-a716-446655440000 deadbeefcafe0123 unknown", "id … unknown"),
        ("HTTP 503 from https://nas.local/a?b=1", "HTTP 503 from …"),
        ("ended with exit code 137 after 12.5 s", "ended with exit code 137 after … s"),
        ("it is cut off (41 bytes left). Copy it again!", "it is cut off (… bytes left). Copy it again!"),
        ("KeyError: 'size'", "KeyError: …"),
        ("app2.errors.DiskError: it is full", "app2.errors.DiskError: it is full"),
        ("can't open the file, it didn't work", "can't open the file, it didn't work"),
        ("read/write failed", "read/write failed"),
        ("mail to anna@example.com was refused", "mail to … was refused"),
        ("\n  the first line with words \n  at line 17", "the first line with words"),
        ("", ""),
        (None, ""),
    ],
)  # fmt: skip
def test_names_paths_ids_and_numbers_are_left_out_and_what_names_the_cause_stays(
    error: str | None, text: str
) -> None:
    assert cause_text(error) == text


def test_what_the_task_is_called_is_left_out() -> None:
    assert cause_text("summer trip: it is too large", "summer trip") == "…: it is too large"
    assert cause_text("a job failed", "a") == "a job failed"


def test_other_statuses_are_other_causes() -> None:
    assert cause_text("HTTP 404 from https://x.org/a") != cause_text("HTTP 503 from https://x.org/a")
    assert cause_text("ValueError: it is bad") != cause_text("TypeError: it is bad")


@given(st.text(max_size=800), st.text(max_size=20))
def test_the_text_of_a_cause_is_one_short_line_and_its_own_cause(error: str, label: str) -> None:
    text = cause_text(error, label)
    assert len(text) <= 300
    assert len(text.splitlines()) <= 1


@pytest.mark.parametrize("part", ["'", "/", "a.", "a-", "\\\\", "…, ", "a/", "@", "1.", "“", "://", "a:"])
def test_no_message_takes_long(part: str) -> None:
    begun = time.thread_time()
    cause_text(part * 100_000)
    assert time.thread_time() - begun < 0.05
