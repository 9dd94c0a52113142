"""Links are fetched as they are, or refused in words: from a real server on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tidemill_ingest.download import LinkError, TryAgainError, download
from tidemill_ingest.links import is_link, link_name


@dataclass
class Server:
    """What it answers by path: status, headers, body."""

    root: str = ""
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = made.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Says nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.root = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    http.shutdown()
    thread.join()
    http.server_close()


def fetch(url: str, folder: Path, largest: int = 1_000_000) -> Path:
    return download(url, folder, largest=largest, on_size=lambda _size: None, on_bytes=lambda _n: None)


def test_a_link_becomes_a_file_with_its_name(server: Server, tmp_path: Path) -> None:
    server.answers["/a/Note%20one.txt?x=1"] = (200, {}, b"words")
    sizes: list[int] = []
    pieces: list[int] = []
    path = download(
        f"{server.root}/a/Note%20one.txt?x=1",
        tmp_path,
        largest=100,
        on_size=sizes.append,
        on_bytes=pieces.append,
    )
    assert (path.name, path.read_bytes()) == ("Note one.txt", b"words")
    assert (sizes, sum(pieces)) == ([5], 5)


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"Content-Disposition": 'attachment; filename="../../etc/x.txt"'}, "_.._etc_x.txt"),
        ({"Content-Type": "text/html; charset=utf-8"}, "page.html"),
        ({"Content-Disposition": f'attachment; filename="{"n" * 300}.txt"'}, "n" * 146 + ".txt"),
    ],
)
def test_the_name_is_the_servers_but_never_a_way_out(
    server: Server, tmp_path: Path, headers: dict[str, str], name: str
) -> None:
    server.answers["/page"] = (200, headers, b"words")
    path = fetch(f"{server.root}/page", tmp_path)
    assert path.parent == tmp_path
    assert path.name == name


@pytest.mark.parametrize(
    ("status", "headers", "body", "error", "words"),
    [
        (404, {}, b"", LinkError, "404"),
        (503, {"Retry-After": "7"}, b"", TryAgainError, "503"),
        (200, {}, b"x" * 2000, LinkError, "more than"),
        (200, {"Content-Length": "50"}, b"x", TryAgainError, "Check the network"),
        (302, {"Location": "file:///etc/passwd"}, b"", LinkError, "302"),
    ],
)
def test_what_cannot_be_had_is_refused_in_words(
    server: Server,
    tmp_path: Path,
    status: int,
    headers: dict[str, str],
    body: bytes,
    error: type[Exception],
    words: str,
) -> None:
    server.answers["/thing.txt"] = (status, headers, body)
    with pytest.raises(error, match=words) as raised:
        fetch(f"{server.root}/thing.txt", tmp_path, largest=1000)
    assert str(raised.value).startswith("thing.txt: ")
    if isinstance(raised.value, TryAgainError) and status == 503:
        assert raised.value.retry_after == 7


def test_a_server_that_is_not_there_may_be_there_later(server: Server, tmp_path: Path) -> None:
    with pytest.raises(TryAgainError, match="refused"):
        fetch("http://127.0.0.1:1/a.txt", tmp_path)


def test_it_goes_where_it_is_sent(server: Server, tmp_path: Path) -> None:
    server.answers["/old"] = (302, {"Location": "/new.txt"}, b"")
    server.answers["/new.txt"] = (200, {}, b"words")
    assert fetch(f"{server.root}/old", tmp_path).name == "new.txt"


@pytest.mark.parametrize("text", ["ftp://a/b", "file:///a", "https://", "a.txt", "http://[::1", ""])
def test_what_is_no_link(text: str) -> None:
    assert not is_link(text)


def test_the_name_of_a_link() -> None:
    assert link_name("https://example.org/a/b.jpg?c#d") == "b.jpg"
    assert link_name("https://example.org/") == "example.org"
