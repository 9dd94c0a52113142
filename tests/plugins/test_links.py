"""A web link that is dropped beside a file: one job, fetched from a real server, thumbnailed and mirrored."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scheduler_core import LinkHandler, Scheduler, discover_plugins
from tests.helpers.pipeline import Pipeline, contents_of
from tests.helpers.real_files import jpeg


@pytest.fixture
def server() -> Iterator[str]:
    """Serves one picture, and nothing else."""
    picture = jpeg()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/photos/beach.jpg"
            self.send_response(200 if found else 404)
            body = picture if found else b""
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Says nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    thread.join()
    http.server_close()


async def drop(scheduler: Scheduler, paths: list[Path], links: list[str]) -> str:
    """Drops them on the first handler that takes links; the job."""
    handlers = (handler for found in discover_plugins().plugins for handler in found.plugin.drop_handlers())
    handler = next(one for one in handlers if isinstance(one, LinkHandler) and one.accepts_links(links))
    return (await handler.submit_drop(paths, links, scheduler)).job_value


async def test_a_link_and_a_file_become_one_job(pipeline: Pipeline, server: str, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("words")
    async with pipeline.running() as scheduler:
        job = await drop(scheduler, [note], [f"{server}/photos/beach.jpg"] * 2)
        await scheduler.wait_idle()
        summary = await scheduler.job("job_id", job)
        assert summary is not None
        # scan, take, fetch, thumbnail, mirror, summary
        assert summary.counts == {"completed": 6}
        stored = contents_of(pipeline.library)
        assert sorted(name.rpartition(".")[2] for name in stored) == ["jpg", "txt", "webp"]
        assert contents_of(pipeline.mirror) == stored
        assert not list((pipeline.root / "plugins" / "ingest").rglob("beach*")), "nothing is left behind"


async def test_a_link_that_leads_nowhere_is_a_failure_in_words(pipeline: Pipeline, server: str) -> None:
    async with pipeline.running() as scheduler:
        await drop(scheduler, [], [f"{server}/gone.jpg"])
        await scheduler.wait_idle()
        (failure,) = await scheduler.failures()
        assert failure.label == "gone.jpg"
        assert "404" in (failure.last_error or "")
