"""Serves a site on this machine, on its loopback interface unless told otherwise, under any path.

The site is a built one from its folder, or a preview that reloads itself.  A preview contains
drafts, and any web page that the editor has open can send requests to any local port.  Therefore
host names other than this server's own are refused (DNS rebinding), and no page may frame a
response.  No request changes anything: only GET and HEAD are implemented.
"""

from __future__ import annotations

import json
import posixpath
import re
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.client import HTTP_PORT
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct, structs

from generator import PROGRAM
from generator.commands._command_lines import command_line
from generator.commands._old_addresses import new_address
from generator.content.messages import LANGUAGES
from generator.output.formats.feed_parts import FEED_TYPES
from generator.text.missing_word import MissingWord

LOOPBACK = "127.0.0.1"
NAMES = (LOOPBACK, "localhost", "[::1]")
"""The host names by which browsers on this machine reach it."""
HostPort = tuple[str, int]
"""An interface's address or name, 0.0.0.0 and :: for all of them, and a port, 0 for a free one."""
ANY_PORT: HostPort = (LOOPBACK, 0)
_HOST = re.compile(r"(\[[^\]]*\]|[^:]*)(?::([0-9]+))?")
"""A host name or address with a port, as `Host` has it."""
PATIENCE, AT_ONCE = 10.0, 64
"""Seconds in which a request must arrive; the most connections that are served at a time."""
_STATED_ROOT = re.compile(rb' data-stated="([^"]+)"')
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves a folder under a prefix, without logging."""

    timeout = PATIENCE
    server: PreviewServer
    extensions_map = {  # noqa: RUF012 -- the base class's shape
        **SimpleHTTPRequestHandler.extensions_map,
        ".xml": "application/xml; charset=utf-8",
        ".csv": "text/csv; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        **{f".{ending}": f"{type_}; charset=utf-8" for ending, type_ in FEED_TYPES.items()},
        ".json": "application/json; charset=utf-8",
        ".css": "text/css; charset=utf-8",  # else Windows' registry says what these are
        ".svg": "image/svg+xml",
    }

    def __init__(
        self,
        *args: Any,
        prefix: str = "/",
        language: str = LANGUAGES[0],
        redirects: bool = False,
        **kwargs: Any,
    ) -> None:
        self.prefix, self.language, self.redirects = prefix, language, redirects
        super().__init__(*args, **kwargs)

    def handle_one_request(self) -> None:
        """Answers a request, or closes the connection if its head does not arrive in time.

        The base class's timeout applies to each read, so a client could send a byte now and then.
        """
        self._late = Timer(PATIENCE, self._hang_up)
        self._late.daemon = True
        self._late.start()
        try:
            super().handle_one_request()
        finally:
            self._late.cancel()

    def _hang_up(self) -> None:
        with suppress(OSError):  # the client may have closed it already
            self.connection.shutdown(socket.SHUT_RDWR)

    def parse_request(self) -> bool:
        """Whether there is a request to answer; a refused one has been answered already."""
        if not super().parse_request():
            return False
        self._late.cancel()
        if not self.server.answers_to(self.headers.get_all("Host", [])):
            words = command_line("http-address", self.language, address=self.server.address)
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST, words)
        elif not self.path.startswith("/") or _CONTROL.search(unquote(self.path.partition("?")[0])):
            words = command_line("http-unreadable", self.language)
            self._refuse(HTTPStatus.BAD_REQUEST, words)
        else:
            return True
        return False

    def _refuse(self, status: HTTPStatus, line: str) -> None:
        """Answers with a line of plain text and closes the connection."""
        self.close_connection = True
        self.answer(f"{line}\n".encode(), "text/plain; charset=utf-8", status)

    def answer(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        """Sends content of a media type; for HEAD only its headers."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def end_headers(self) -> None:
        """Adds headers to every response, including errors, that forbid framing."""
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Content-Security-Policy", "frame-ancestors 'none'")
        super().end_headers()

    def translate_path(self, path: str) -> str:
        """The file of an address; one that does not exist for an address outside the prefix."""
        meant = posixpath.normpath(unquote(urlsplit(path).path))
        if not f"{meant}/".startswith(self.prefix):
            return str(Path(self.directory) / "outside-the-prefix")
        return super().translate_path("/" + path.removeprefix(self.prefix))

    def guess_type(self, path: Any) -> str:
        """The media type of a file; a JSON file among the feeds is a JSON Feed."""
        kind = super().guess_type(path)
        # the path of a file on Windows, or an address
        address = str(path).removeprefix(self.directory).replace("\\", "/").lstrip("/")
        if kind.startswith("application/json") and address.startswith("feeds/"):
            return kind.replace("application/json", FEED_TYPES["json"])
        return kind

    def published(self, address: str) -> bytes | None:
        """The bytes of a page or a file of the site, for the redirects."""
        path = Path(self.directory) / (address or "index.html")
        return path.read_bytes() if path.is_file() else None

    def redirect(self, address: str) -> None:
        """Leads the browser to another address of the site, for now: the preview may change."""
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Leads on as a host would, or answers with the site's own 404 page if it has one."""
        if code == HTTPStatus.NOT_FOUND and self.redirects:
            new = new_address(self.path, self.published)
            if new:
                self.redirect(new)
                return
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        if self.redirects and (root := _STATED_ROOT.search(content)):
            # the page is served at any depth, so its links begin with the path of the site's own
            # address, which is not that of the preview
            content = content.replace(b'="' + root[1], b'="' + self.prefix.encode())
        self.answer(content, "text/html; charset=utf-8", HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: Any) -> None:
        """Logs nothing: an editor need not see requests."""


class Live(Protocol):
    """A preview, as its server needs it."""

    version: int

    def content(self, address: str) -> bytes | None:
        """The bytes at an address, or None if the theme's files may have it."""


class PreviewState(Struct, frozen=True):
    """The state that a browser polls: the preview's version and its errors.

    `heading` is shown above the errors, `codes` below them: the address of the page that explains
    them, "" if the preview has none, and the words of a link to it.
    """

    version: int
    errors: tuple[str, ...]
    heading: str = ""
    codes: tuple[str, str] = ("", "")


class LiveHandler(SiteHandler):
    """Serves a preview; each page gets a script that reloads it."""

    def __init__(
        self,
        *args: Any,
        live: Live,
        state: Callable[[], PreviewState],
        missing: Callable[[MissingWord], str],
        **kwargs: Any,
    ) -> None:
        self.live, self.state, self.missing = live, state, missing
        super().__init__(*args, redirects=True, **kwargs)

    def do_HEAD(self) -> None:
        """Answers like `do_GET`, without content."""
        self.do_GET()

    def do_GET(self) -> None:
        """Answers with a page, a file, the preview's own script or its state."""
        try:
            self._get(_INDEX.sub("", unquote(urlsplit(self.path).path).removeprefix("/")))
        except MissingWord as missing:  # a page of a kind that is being written
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, self.missing(missing))

    def published(self, address: str) -> bytes | None:
        """The bytes of a page or a file of the preview."""
        return self.live.content(address)

    def _get(self, address: str) -> None:
        version = self.live.version  # before the content: a page is never called newer than it is
        if address == STATE:
            state = {**structs.asdict(self.state()), "language": self.language}
            self.answer(json.dumps(state).encode(), "application/json")
        elif address == SCRIPT:
            script = (PROGRAM / "commands" / "preview.js").read_bytes()
            self.answer(script, "text/javascript; charset=utf-8")
        elif (content := self.live.content(address)) is not None:
            page = address.endswith("/") or not address
            kind = "text/html; charset=utf-8" if page else self.guess_type(address)
            self.answer(_with_script(content, version) if page else content, kind)
        elif address and not address.endswith("/") and self.live.content(f"{address}/"):
            self.redirect(f"/{quote(address)}/")
        elif not address:
            self.answer(_with_script(_empty(self.language), version), "text/html; charset=utf-8")
        elif self.command == "HEAD":
            super().do_HEAD()
        else:
            super().do_GET()


_INDEX = re.compile(r"(?:(?<=/)|^)index\.html$")
STATE, SCRIPT = "_preview/state", "_preview/preview.js"


def _empty(language: str) -> bytes:
    """A page without content, on which the errors appear if the site has no home page yet."""
    title = command_line("preview-title", language)
    page = f'<!doctype html><html lang="{language}"><title>{title}</title><body></body></html>'
    return page.encode()


def _with_script(page: bytes, version: int) -> bytes:
    tag = f'<script type="module" src="/{SCRIPT}?version={version}"></script></body>'
    return page.replace(b"</body>", tag.encode(), 1)


class PreviewServer(ThreadingHTTPServer):
    """A server with a thread for each of a bounded number of connections."""

    # the default is 5, and a browser that finds the queue full waits a second
    request_queue_size = AT_ONCE
    # on Windows a reused address is one that another program listens on
    allow_reuse_address = not hasattr(socket, "SO_EXCLUSIVEADDRUSE")

    def __init__(self, at: HostPort, handler: Callable[..., SiteHandler]) -> None:
        self._places = BoundedSemaphore(AT_ONCE)
        self._host = at[0]
        if ":" in self._host:
            self.address_family = socket.AF_INET6
        super().__init__(at, handler)

    @property
    def _bound(self) -> IPv4Address | IPv6Address:
        return ip_address(self.socket.getsockname()[0].partition("%")[0])

    @property
    def is_open(self) -> bool:
        """Whether other machines reach it."""
        return not self._bound.is_loopback

    @property
    def address(self) -> str:
        """The address of its home page."""
        name = LOOPBACK if self._host == LOOPBACK else self._own_name
        return f"http://{name}:{self.server_port}/"

    @property
    def _own_name(self) -> str:
        """The name under which other machines reach it, as an address has it."""
        name = socket.gethostname() if self._bound.is_unspecified else self._host
        return f"[{name}]" if ":" in name else name

    def answers_to(self, hosts: Sequence[str]) -> bool:
        """Whether a request has exactly one `Host`: a name of this server with its port.

        Where it listens on all interfaces it answers to any address: only a name can be made to
        lead here by somebody else.
        """
        parts = _HOST.fullmatch(hosts[0].lower()) if len(hosts) == 1 else None
        if parts is None or (parts[2] or f"{HTTP_PORT}") != f"{self.server_port}":
            return False
        own = parts[1] in (*NAMES, self._own_name.lower())
        return own or (self._bound.is_unspecified and _is_address(parts[1]))

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serves a connection in a thread of its own; closes it if all places are taken."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # the system cannot start another thread
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serves a connection to its end and frees its place."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignores a browser that closed the connection or timed out: that is not a fault."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def _is_address(name: str) -> bool:
    try:
        ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def live_server(
    live: Live,
    state: Callable[[], PreviewState],
    static: Path,
    at: HostPort = ANY_PORT,
    language: str = LANGUAGES[0],
    missing: Callable[[MissingWord], str] = str,
) -> PreviewServer:
    """A server of a preview; the theme's files come from the folder `static`.

    `missing` words what is answered where a page lacks a word of its templates.
    """
    handler = partial(
        LiveHandler,
        live=live,
        state=state,
        directory=str(static),
        language=language,
        missing=missing,
    )
    return PreviewServer(at, handler)


def server(
    site: Path,
    at: HostPort = ANY_PORT,
    prefix: str = "/",
    language: str = LANGUAGES[0],
    *,
    redirects: bool = False,
) -> PreviewServer:
    """A server of the folder `site`; the caller runs and closes it.

    With `redirects` old addresses lead on as on a host that reads the site's tables, and the 404
    page is that of a site at this address.
    """
    handler = partial(
        SiteHandler, directory=str(site), prefix=prefix, language=language, redirects=redirects
    )
    return PreviewServer(at, handler)
