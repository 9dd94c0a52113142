"""Brings what a web link points to into a file. Pure network and file work for a thread; knows no scheduler."""

from __future__ import annotations

import http.client
import mimetypes
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tidemill_ingest.links import clean_name, link_name

TIMEOUT_S: Final = 30.0
_CHUNK: Final = 256 * 1024
_AGAIN_LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class LinkError(Exception):
    """The link cannot be fetched, now or later."""


class TryAgainError(Exception):
    """It may work later, after `retry_after` seconds if the server said so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def download(
    url: str,
    folder: Path,
    *,
    largest: int,
    on_size: Callable[[int], None],
    on_bytes: Callable[[int], None],
) -> Path:
    """Stores what `url` points to in `folder`, under the name that the server gives it; returns where.

    `largest` is in bytes. `on_bytes` is called for each piece and may raise, which ends it. Raises LinkError,
    TryAgainError, or OSError for the disk.
    """
    name = link_name(url)
    try:
        request = urllib.request.Request(url, headers=_HEADERS)  # noqa: S310 - the opener knows the web only
        with _opener().open(request, timeout=TIMEOUT_S) as answer:
            size = _size(answer)
            if size is not None:
                if size > largest:
                    raise _too_large(name, largest)
                on_size(size)
            path = folder / _file_name(answer, url)
            got = 0
            with path.open("wb") as file:
                while piece := _read(answer, name):
                    got += len(piece)
                    if got > largest:
                        raise _too_large(name, largest)
                    on_bytes(len(piece))
                    file.write(piece)
    except urllib.error.HTTPError as error:
        error.close()
        words = f"{name}: the server says {error.code} {error.reason}. Open the link in a browser to see why"
        if error.code in _AGAIN_LATER:
            raise TryAgainError(words, _seconds(error.headers.get("Retry-After"))) from None
        raise LinkError(words) from None
    except urllib.error.URLError as error:
        raise TryAgainError(f"{name}: {_reason(error.reason)}. Check the network and the link") from None
    except (http.client.HTTPException, TimeoutError) as error:
        raise TryAgainError(f"{name}: {_reason(error)}. Check the network and the link") from None
    if size is not None and got < size:
        raise TryAgainError(f"{name}: only {got:,} of {size:,} bytes came. Check the network")
    return path


_HEADERS: Final = {"User-Agent": "Tidemill", "Accept": "*/*"}


def _opener() -> urllib.request.OpenerDirector:
    """The web and nothing else: a server must not send us to a file of this machine, or to FTP."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
        urllib.request.UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener


def _read(answer: Any, name: str) -> bytes:
    """The next piece; what breaks off here is the network's, never the disk's."""
    try:
        return answer.read(_CHUNK)
    except (http.client.HTTPException, OSError) as error:
        raise TryAgainError(f"{name}: {_reason(error)}. Check the network") from None


def _file_name(answer: Any, url: str) -> str:
    name = clean_name(answer.headers.get_filename() or "") or link_name(answer.url) or link_name(url)
    if not Path(name).suffix:
        name += mimetypes.guess_extension(answer.headers.get_content_type()) or ""
    return name


def _size(answer: Any) -> int | None:
    text = answer.headers.get("Content-Length", "")
    return int(text) if text.isdecimal() else None


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdecimal() else None


def _reason(error: object) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def _too_large(name: str, largest: int) -> LinkError:
    return LinkError(
        f"{name}: it has more than the {largest / 1e6:,.1f} MB that are allowed. "
        "Raise the limit in Settings, Domains, or leave it out"
    )
