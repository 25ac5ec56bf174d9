"""A real browser, and the full sample served at the root and below a path."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, sync_playwright

from generator.build.options import Options
from generator.commands._http import ANY_PORT, LOOPBACK, PreviewServer, SiteHandler, server

_BROWSERS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
"""The first shows no window, and takes half the time of the second."""
CHROMIUM = next((path for path in _BROWSERS if path.exists()), _BROWSERS[-1])
POLL = 0.01
"""Seconds after which a server sees that it is to end; by default that takes half a second."""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass
class Visit:
    """A page of the browser, what it asked for elsewhere, and what it complained of."""

    page: Page
    root: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """The page at an address of the site, loaded."""
        self.page.goto(self.root + address)
        return self.page


@contextmanager
def running(listener: HTTPServer) -> Iterator[str]:
    """The address of a server that answers for as long as the block runs."""
    thread = threading.Thread(target=listener.serve_forever, args=(POLL,), daemon=True)
    thread.start()
    yield f"http://{LOOPBACK}:{listener.server_port}"
    listener.shutdown()
    listener.server_close()
    thread.join()


@contextmanager
def serving(site: Path, prefix: str) -> Iterator[str]:
    """The address under which a folder is served for as long as the block runs."""
    with running(server(site, prefix=prefix)) as host:
        yield host + prefix


class _FramedHandler(SiteHandler):
    """The same answers without the ban on frames."""

    def end_headers(self) -> None:
        """Ends the head as the base does."""
        SimpleHTTPRequestHandler.end_headers(self)


@contextmanager
def framing(site: Path) -> Iterator[str]:
    """The address of a folder whose pages may stand in frames of a test's own page."""
    handler = partial(_FramedHandler, directory=str(site))
    with running(PreviewServer(ANY_PORT, handler)) as host:
        yield f"{host}/"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; there is nothing to test where it is missing."""
    assert CHROMIUM.exists(), f"{CHROMIUM} is missing; .ci/machine installs it"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield running
        running.close()


@pytest.fixture(params=["/", "/sub/"])
def root(request: pytest.FixtureRequest, full_site: Options) -> Iterator[str]:
    """Where the full sample is served: at the root, or below a path."""
    with serving(full_site.site, request.param) as address:
        yield address


@pytest.fixture(scope="module")
def address(full_site: Options) -> Iterator[str]:
    """Where the full sample is served at the root, for all tests of a module."""
    with serving(full_site.site, "/") as root:
        yield root


@pytest.fixture
def visit(browser: Browser, root: str) -> Iterator[Visit]:
    """A visit that must end without a foreign request and without a complaint."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-TW")
    visit = Visit(context.new_page(), root)

    def watch(route: Route, request: Request) -> None:
        if request.url.startswith((root, "data:", "blob:")):
            route.continue_()
        else:
            visit.foreign.append(request.url)
            route.abort()

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visit.complaints.append(f"{message.text} {message.location}")

    context.route("**/*", watch)
    visit.page.on("console", hear)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    yield visit
    context.close()
    assert visit.foreign == []
    assert visit.complaints == []
