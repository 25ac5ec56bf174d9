"""`gongbao ping`: tells the WebSub hub of `site.yaml` that feeds have changed, after publication.

The hub fetches each feed, and sends what is new to the readers that follow it.  A notice is a form
with `hub.mode` and `hub.url`, as PubSubHubbub 0.4 has it; WebSub leaves it to the hub.  A feed in
three forms is three topics, and a hub finds out by itself which of them have changed.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from generator.build.options import Options
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.commands._job_options import seconds
from generator.content.model import FeedForm
from generator.content.settings import read_settings


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    reading = read_settings(options.content)
    settings = reading.settings
    if settings is None:
        console.report(reading.problems)
        return CONTENT
    if not settings.official:
        console.tell("ping-demonstration")
        return USAGE
    if not settings.hub:
        console.tell("ping-no-hub")
        return USAGE
    addresses = [settings.base_url + name for name in _feeds(options.site)]
    if not addresses:
        console.tell("ping-no-feeds", site=options.site)
        return USAGE
    for count, address in enumerate(addresses):
        reason = _refusal(settings.hub, address, chosen.patience)
        if reason:
            values = {"hub": settings.hub, "address": address, "reason": reason, "count": count}
            console.tell("ping-failed", **values)
            return USAGE
    console.tell("ping-done", hub=settings.hub, count=len(addresses))
    return CLEAN


def _feeds(site: Path) -> Iterator[str]:
    """The current documents of the feeds of a site on disk; archives have no subscribers."""
    for path in sorted((site / "feeds").glob("*.*")):
        if path.suffix.removeprefix(".") in list(FeedForm):
            yield f"feeds/{path.name}"


class _NoRedirects(HTTPRedirectHandler):
    """A redirected notice would be sent again without its form, so that it told nothing."""

    def redirect_request(self, *_: Any) -> None:
        """Follows nothing: the answer counts as a refusal."""


def _refusal(hub: str, address: str, patience: float) -> str:
    """Why a hub does not take the notice about a feed; "" if it does."""
    form = urlencode({"hub.mode": "publish", "hub.url": address}).encode()
    request = Request(hub, data=form, headers={"User-Agent": "gongbao-ping"})  # noqa: S310 -- http or https, as the settings are checked
    try:
        with build_opener(_NoRedirects).open(request, timeout=patience):
            return ""
    except HTTPError as answer:
        with answer:
            return f"HTTP {answer.code}"
    except URLError as fault:
        return str(fault.reason)
    except (OSError, HTTPException) as fault:
        return str(fault) or type(fault).__name__


COMMAND = Command(
    name="ping",
    run=_run,
    options={"--patience": {"type": seconds, "default": 15.0, "metavar": "SECONDS"}},
    rank=86,
)
