"""A site as a web server gives it: compressed, with the headers that `_headers` asks for."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from browsing import running

from generator.commands._http import ANY_PORT, PreviewServer, SiteHandler

COMPRESSED = (".html", ".css", ".js", ".json", ".xml", ".svg", ".txt")
Rules = tuple[tuple[re.Pattern[str], Mapping[str, str]], ...]


def header_rules(text: str) -> Rules:
    """What `_headers` says: for addresses that match, these headers."""
    blocks = (block.splitlines() for block in re.split(r"\n(?=\S)", text) if block.strip())
    return tuple(
        (_pattern(path), dict(line.strip().split(": ", 1) for line in lines if line.strip()))
        for path, *lines in blocks
    )


def _pattern(path: str) -> re.Pattern[str]:
    escaped = re.escape(path).replace(r"\*", ".*")
    return re.compile(re.sub(r":[a-z]+", "[^/]+", escaped))


class HostedHandler(SiteHandler):
    """Serves a folder as the handbook asks web servers to."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, rules: Rules, **kwargs: Any) -> None:
        self.rules = rules
        super().__init__(*args, **kwargs)

    def end_headers(self) -> None:
        """The headers of every rule that matches; a later rule's word counts."""
        told: dict[str, str] = {}
        for pattern, headers in self.rules:
            if pattern.fullmatch(self.path.partition("?")[0]):
                told |= headers
        for name, value in told.items():
            self.send_header(name, value)
        super().end_headers()

    def do_GET(self) -> None:  # noqa: N802 -- the base's name
        """A text in compressed form, anything else as it is."""
        file = Path(self.translate_path(self.path))
        if self.path.partition("?")[0].endswith("/"):
            file /= "index.html"
        if file.suffix not in COMPRESSED or not file.is_file():
            super().do_GET()
            return
        content = gzip.compress(file.read_bytes())
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def hosted(site: Path) -> Iterator[str]:
    """The address under which a site is served for as long as the block runs."""
    rules = header_rules((site / "_headers").read_text(encoding="utf-8"))
    handler = partial(HostedHandler, directory=str(site), rules=rules, redirects=True)
    with running(PreviewServer(ANY_PORT, handler)) as host:
        yield f"{host}/"
