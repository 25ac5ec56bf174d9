"""A site on this machine's loopback, under any path, with its own 404 page.

A built one from its folder, or one in the making that reloads itself.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from msgspec import Struct, structs

from generator import PROGRAM

LOOPBACK = "127.0.0.1"


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves a folder under a prefix, quietly."""

    extensions_map = {  # noqa: RUF012 -- the base class's shape
        **SimpleHTTPRequestHandler.extensions_map,
        ".xml": "application/xml; charset=utf-8",
        ".json": "application/json; charset=utf-8",
        ".csv": "text/csv; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
    }

    def __init__(self, *args: Any, prefix: str = "/", **kwargs: Any) -> None:
        self.prefix = prefix
        super().__init__(*args, **kwargs)

    def translate_path(self, path: str) -> str:
        """The file behind an address; nothing outside the prefix."""
        meant = posixpath.normpath(unquote(urlsplit(path).path))
        if not f"{meant}/".startswith(self.prefix):
            return str(Path(self.directory) / "outside-the-prefix")
        return super().translate_path("/" + path.removeprefix(self.prefix))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's own page where an address leads nowhere."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        self.send_response(HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: a request is no news."""


class Live(Protocol):
    """A site in the making, as its server sees it."""

    version: int

    def content(self, address: str) -> bytes | None:
        """What stands at an address, or None where it is the theme's."""


class Told(Struct, frozen=True):
    """What a browser is told of a site in the making: its version, and what is wrong."""

    version: int
    errors: tuple[str, ...]


class LiveHandler(SiteHandler):
    """Serves a site in the making, each page with a script that reloads it."""

    def __init__(self, *args: Any, live: Live, told: Callable[[], Told], **kwargs: Any) -> None:
        self.live, self.told = live, told
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        """A page, a file, the preview's own script or its state."""
        address = unquote(urlsplit(self.path).path).removeprefix("/")
        if address == STATE:
            self._answer(json.dumps(structs.asdict(self.told())).encode(), "application/json")
        elif address == SCRIPT:
            self._answer(_script(), "text/javascript; charset=utf-8")
        elif (content := self.live.content(address)) is not None:
            page = address.endswith("/") or not address
            kind = "text/html; charset=utf-8" if page else self.guess_type(address)
            self._answer(_with_script(content) if page else content, kind)
        elif not address:
            self._answer(_with_script(EMPTY.encode()), "text/html; charset=utf-8")
        else:
            super().do_GET()

    def _answer(self, content: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)


STATE, SCRIPT = "_preview/state", "_preview/preview.js"
EMPTY = '<!doctype html><html lang="zh-TW"><title>預覽</title><body></body></html>'


def _with_script(page: bytes) -> bytes:
    tag = f'<script type="module" src="/{SCRIPT}"></script></body>'
    return page.replace(b"</body>", tag.encode(), 1)


def _script() -> bytes:
    return (PROGRAM / "templates" / "preview.js").read_bytes()


def live_server(
    live: Live, told: Callable[[], Told], static: Path, port: int = 0
) -> ThreadingHTTPServer:
    """A server of a site in the making, its theme's files from `static`."""
    handler = partial(LiveHandler, live=live, told=told, directory=str(static))
    return ThreadingHTTPServer((LOOPBACK, port), handler)


def server(site: Path, port: int = 0, prefix: str = "/") -> ThreadingHTTPServer:
    """A server of `site`; port 0 takes a free one.  The caller runs and closes it."""
    handler = partial(SiteHandler, directory=str(site), prefix=prefix)
    return ThreadingHTTPServer((LOOPBACK, port), handler)
