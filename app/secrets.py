"""Secrets of plugins: in the system's keyring where one answers, else in the settings file, which only its owner may read.

The file then holds a mark, "keyring:" and a name, instead of the secret. A person who writes a secret into the file by
hand has it used as it stands. Nothing is imported before there is a secret. Qt-free; every call may block, and belongs
into a thread.
"""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, Protocol, TypeVar, get_args

from pydantic import BaseModel, SecretStr

T = TypeVar("T")

MARK: Final = "keyring:"
_SERVICE: Final = "Tidemill"
_PATIENCE_S: Final = 30.0
"""A keyring that is locked asks the person first; one that hangs must not keep Tidemill from its work."""


class Keyring(Protocol):
    """What is used of the library `keyring`."""

    def get_password(self, service_name: str, username: str, /) -> str | None: ...
    def set_password(self, service_name: str, username: str, password: str, /) -> None: ...
    def delete_password(self, service_name: str, username: str, /) -> None: ...


class NoAnswerError(Exception):
    """The keyring does not have it, or did not answer; the message says why."""


def system_keyring() -> Keyring:
    """The one of this system. Raises whatever the library raises where there is none."""
    import keyring

    return keyring.get_keyring()


def secret_fields(model: type[BaseModel]) -> frozenset[str]:
    """The fields of a settings model that are secrets."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if field.annotation is SecretStr or SecretStr in get_args(field.annotation)
    )


def is_mark(value: object) -> bool:
    """Does this stand for a secret that is in the keyring?"""
    return isinstance(value, str) and value.startswith(MARK)


class Kept(NamedTuple):
    """What the settings file is to hold: a mark, or the secret itself and why the keyring does not have it."""

    text: str
    no_answer: str = ""


class Secrets:
    """`find` makes the keyring, when it is first needed."""

    def __init__(self, find: Callable[[], Keyring] = system_keyring, patience_s: float = _PATIENCE_S) -> None:
        self._find = find
        self._patience_s = patience_s

    def keep(self, domain: str, field: str, secret: str) -> Kept:
        """Keeps a secret; where no keyring answers, the settings file is to do it.

        Raises ValueError for one that reads like a mark and can be kept nowhere else.
        """
        name = f"{domain}.{field}.{secrets.token_hex(4)}"
        try:
            self._ask(lambda ring: _put(ring, name, secret))
        except NoAnswerError as error:
            if is_mark(secret):
                raise ValueError(f"a secret that begins with {MARK!r} needs a keyring ({error})") from error
            return Kept(secret, str(error))
        return Kept(f"{MARK}{name}")

    def read(self, mark: str) -> str:
        """The secret for which a mark stands. Raises NoAnswerError."""
        found = self._ask(lambda ring: ring.get_password(_SERVICE, mark.removeprefix(MARK)))
        if found is None:
            raise NoAnswerError("the keyring of this system does not have it")
        return found

    def forget(self, value: object) -> None:
        """Takes out of the keyring what a mark stands for; what is no mark is left. Raises NoAnswerError."""
        if is_mark(value):
            self._ask(lambda ring: ring.delete_password(_SERVICE, str(value).removeprefix(MARK)))

    def filled(
        self, model: type[BaseModel], stored: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """`stored` with the secrets in the place of their marks; and by field why one could not be read."""
        values, missing = dict(stored), dict[str, str]()
        for field in sorted(secret_fields(model) & values.keys()):
            if is_mark(values[field]):
                try:
                    values[field] = self.read(values[field])
                except NoAnswerError as error:
                    del values[field]
                    missing[field] = str(error)
        return values, missing

    def _ask(self, question: Callable[[Keyring], T]) -> T:
        """In a thread of its own: whoever asks goes on when patience is over, and the thread ends when it can."""
        answers: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put((question(self._find()), None))
            except Exception as error:  # noqa: BLE001 - backends raise what they like
                answers.put((None, error))

        threading.Thread(target=ask, name="keyring", daemon=True).start()
        try:
            answer, error = answers.get(timeout=self._patience_s)
        except queue.Empty:
            raise NoAnswerError(f"the keyring did not answer within {self._patience_s:g} s") from None
        if error is not None:
            raise NoAnswerError(
                str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            ) from error
        return answer  # type: ignore[return-value] # pyright: ignore[reportReturnType]


def _put(ring: Keyring, name: str, secret: str) -> None:
    ring.set_password(_SERVICE, name, secret)
    # There are keyrings that take everything and keep nothing.
    if ring.get_password(_SERVICE, name) != secret:
        raise NoAnswerError("the keyring of this system keeps nothing")
