"""A second start on the same data folder raises the first window and hands over what it was to take in."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.paths import is_link

log = logging.getLogger(__name__)

CONNECT_TIMEOUT_MS = 1_000
ANSWER_TIMEOUT_MS = 5_000
_AGAIN_S = 0.05
MAX_MESSAGE_BYTES = 4 * 1024 * 1024
_ANSWER = b"ok\n"


def server_name(root: Path) -> str:
    """The name under which the window of the data folder `root` listens; one per user and folder."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    digest = hashlib.sha256(f"{user}\0{root.resolve()}".encode("utf-8", "surrogateescape")).hexdigest()
    return f"tidemill-{digest[:24]}"


def hand_over(root: Path, take: Sequence[Path | str]) -> bool:
    """Asks a running window to come to the front and take `take` in; False when there is none that answers.

    One that is still starting listens a moment later: it is waited for, at most a second.
    """
    socket = QLocalSocket()
    if not _connected(socket, server_name(root)):
        return False
    # Escaped ASCII carries file names that are no valid Unicode unharmed.
    socket.write(json.dumps({"take": [str(path) for path in take]}).encode("ascii") + b"\n")
    socket.flush()
    answer = b""
    while not answer.endswith(b"\n") and socket.waitForReadyRead(ANSWER_TIMEOUT_MS):
        answer += socket.readAll().data()
    socket.abort()
    return answer == _ANSWER


def _connected(socket: QLocalSocket, name: str) -> bool:
    end_s = time.monotonic() + CONNECT_TIMEOUT_MS / 1000
    while True:
        socket.connectToServer(name)
        left_ms = round((end_s - time.monotonic()) * 1000)
        if socket.waitForConnected(max(0, left_ms)):
            return True
        if left_ms <= 0:
            return False
        time.sleep(_AGAIN_S)


class InstanceServer(QObject):
    """Listens for later starts; `arrived(list[Path | str])` carries the files, folders and web links that they
    want taken in, maybe nothing.
    """

    arrived = Signal(list)

    def __init__(self, root: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = server_name(root)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def listen(self) -> None:
        """Begins to listen. Only for the holder of the data folder's lock: what lies there under the name is stale."""
        QLocalServer.removeServer(self._name)
        if not self._server.listen(self._name):
            log.warning("a second start will not find this window: %s", self._server.errorString())

    def close(self) -> None:
        """Stops listening and removes the socket. Idempotent."""
        self._server.close()

    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            reader = _Reader(socket)
            reader.read.connect(self.arrived)


def _dropped(text: str) -> Path | str:
    return text if is_link(text) else Path(text)


class _Reader(QObject):
    """Reads one message of one connection and answers it."""

    read = Signal(list)

    def __init__(self, socket: QLocalSocket) -> None:
        super().__init__(socket)
        self._socket = socket
        self._data = b""
        socket.readyRead.connect(self._on_data)
        self._on_data()

    def _on_data(self) -> None:
        self._data += self._socket.readAll().data()
        if len(self._data) > MAX_MESSAGE_BYTES:
            self._socket.abort()
        elif self._data.endswith(b"\n"):
            try:
                paths = [_dropped(str(one)) for one in json.loads(self._data)["take"]]
            except (ValueError, KeyError, TypeError):
                log.warning("a message of a second start was not understood")
                self._socket.abort()
                return
            self._socket.write(_ANSWER)
            self._socket.flush()
            self.read.emit(paths)
