"""One submission with all defaults resolved: what the store is handed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from scheduler_core.errors import InvalidTaskError, WrongTypeError
from scheduler_core.model.task import DependencyFailurePolicy, DuplicateStrategy

MAX_PAYLOAD_BYTES = 1024 * 1024
MAX_TAGS = 32
MAX_TAG_KEY = 64
MAX_TAG_VALUE = 256
MAX_NAME = 1024
"""Longest key, label and group, in characters."""
_HASH_LENGTH = 64


class Submission(NamedTuple):
    """A validated task on its way into the store; times are epoch seconds."""

    domain: str
    task_type: str
    group: str | None
    key: str
    label: str
    priority: int
    payload: str
    tags: Mapping[str, str]
    retry: str | None
    max_retries: int
    due_at: float | None
    parent_id: int | None
    fail_fast: bool
    depends_on: tuple[int, ...]
    on_dependency_failure: DependencyFailurePolicy
    on_duplicate: DuplicateStrategy
    expected_io: str | None
    io: str = ""
    """What tells its lane apart by it: `IoBudget.lane_text`."""
    ttl: float | None = None
    """Seconds, where the time begins with the first attempt; else None."""
    expires_at: float | None = None
    recurring: str | None = None
    """A RecurringSchedule as JSON text: this is its first occurrence."""


def stands_alone(submission: Submission) -> bool:
    """Is nothing else concerned when it comes: no parent, no dependency, no schedule, nothing whose place it takes?"""
    return (
        not submission.depends_on
        and submission.parent_id is None
        and submission.recurring is None
        and submission.on_duplicate is not DuplicateStrategy.SUPERSEDE
    )


def submission_text(submission: Submission) -> str:
    """A submission as JSON text."""
    return json.dumps(
        submission._asdict() | {"tags": dict(submission.tags), "depends_on": list(submission.depends_on)},
        ensure_ascii=False,
    )


def submission_of(text: str) -> Submission:
    """A submission from its JSON text."""
    values: dict[str, Any] = json.loads(text)
    values["depends_on"] = tuple(values["depends_on"])
    values["on_dependency_failure"] = DependencyFailurePolicy(values["on_dependency_failure"])
    values["on_duplicate"] = DuplicateStrategy(values["on_duplicate"])
    return Submission(**values)


def stored_key(qualified: str, key: str | None, payload: str) -> str:
    """The unique key in the store: the author's, scoped by type, or the SHA-256 of type and payload."""
    if key is not None:
        return f"{qualified}:{checked_text(key, f'{qualified}: key', MAX_NAME)}"
    return hashlib.sha256(f"{qualified}\0{payload}".encode()).hexdigest()


def is_hash(stored: str) -> bool:
    """Is a stored key a hash? Those of authors begin with the type, which has a colon."""
    return len(stored) == _HASH_LENGTH and ":" not in stored


def shown_key(qualified: str, stored: str) -> str:
    """The key as its author knows it."""
    return stored.removeprefix(f"{qualified}:")


def checked_payload(qualified: str, payload: str) -> str:
    """`payload`, if it is within the limit."""
    size = len(payload) if payload.isascii() else len(payload.encode())
    if size > MAX_PAYLOAD_BYTES:
        raise InvalidTaskError(
            f"payload of {qualified}",
            f"{size:,} bytes are more than the {MAX_PAYLOAD_BYTES:,} allowed",
            "Keep the data in a file and pass its path.",
        )
    return payload


def checked_text(text: str, thing: str, limit: int) -> str:
    """`text`, if it is a string of at most `limit` characters that UTF-8 can hold."""
    if not isinstance(cast("Any", text), str):
        raise InvalidTaskError(thing, f"{text!r} is not a string", "Pass a str.")
    if len(text) > limit:
        raise InvalidTaskError(
            thing, f"{len(text)} characters are more than the {limit} allowed", "Shorten it."
        )
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise InvalidTaskError(
                thing, f"{text!r} holds half a character (a surrogate)", "Replace what is not valid Unicode."
            ) from None
    return text


def checked_tags(qualified: str, tags: Mapping[str, str]) -> Mapping[str, str]:
    """`tags`, if their number and lengths are within the limits."""
    if not tags:
        return tags
    if not isinstance(cast("Any", tags), Mapping):
        raise InvalidTaskError(f"tags of {qualified}", f"{tags!r} is no mapping", "Pass a dict of str.")
    if len(tags) > MAX_TAGS:
        raise InvalidTaskError(
            f"tags of {qualified}", f"{len(tags)} are more than the {MAX_TAGS} allowed", "Drop some."
        )
    for key, value in tags.items():
        if not _is_plain(key, MAX_TAG_KEY):  # else no words are made for what is right
            checked_text(key, f"tag key {key!r} of {qualified}", MAX_TAG_KEY)
        if not _is_plain(value, MAX_TAG_VALUE):
            checked_text(value, f"value of tag {key!r} of {qualified}", MAX_TAG_VALUE)
    return tags


def _is_plain(text: str, limit: int) -> bool:
    return type(text) is str and len(text) <= limit and text.isascii()


def checked_memo(qualified: str, memo: object) -> str | None:
    """The memo as JSON text; None for no memo; not JSON: `InvalidTaskError`."""
    if memo is None:
        return None
    try:
        text = json.dumps(memo, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError) as error:
        raise InvalidTaskError(
            f"memo of {qualified}",
            f"what the executor returned is not JSON: {error}",
            "Return JSON values or None.",
        ) from error
    return checked_payload(f"{qualified} (memo)", text)


def checked_ids(ids: Sequence[int], thing: str) -> tuple[int, ...]:
    """Task ids without repeats, in order; anything but ints of SQLite's range is an `InvalidTaskError`."""
    if not isinstance(cast("Any", ids), Iterable):
        raise WrongTypeError(thing, f"{ids!r} is no list of ids", "Pass a list, also for a single one.")
    for value in cast("Sequence[Any]", ids):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
            raise InvalidTaskError(thing, f"{value!r} is not a task id", "Pass the `id` of a SubmitOutcome.")
    return tuple(dict.fromkeys(ids))
