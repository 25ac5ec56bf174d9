"""`gongbao serve`: serves a preview on this machine that reloads at every change.

With `--built` it serves the last built site unchanged, or another one, such as an unpacked preview
of a pull request: search and the 404 page work, which they do not when files are opened by name.
"""

from __future__ import annotations

import gc
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

from generator.build.examine import examine
from generator.build.options import Options
from generator.commands._cli import refusal
from generator.commands._console import CLEAN, USAGE, Command, Console
from generator.commands._http import LOOPBACK, PreviewServer, PreviewState, live_server, server
from generator.commands._preview import Preview, begin, static_folder
from generator.content.files import SITE_FILE
from generator.content.messages import CODES_PAGE
from generator.content.model import Problem
from generator.text.missing_word import MissingWord

_UNUSABLE = (OSError, OverflowError, UnicodeError)
"""What the system, and the codec of host names, raise for a port or a host that is none here."""
INTERVAL = 0.2
"""The seconds between two looks at the content folder."""


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    if chosen.built is not None:
        return _built(Path(chosen.built or options.site), chosen, console)
    if not (options.content / SITE_FILE).is_file():
        # the wrong folder: a preview would wait for content that never comes
        examined = examine(options)
        console.report(examined.problems)
        return console.close(examined, options)
    console.tell("serve-reading")
    # a preview shows records whose day has not come, with a mark on their pages
    preview = begin(replace(options, draft=True))
    _tell(preview, console)

    def state() -> PreviewState:
        wrong = [problem for problem in preview.problems if problem.stops]
        heading = console.words("preview-wrong", errors=len(wrong))
        explained = preview.shown and preview.shown.site.settings.handbook
        codes = (f"/{CODES_PAGE}" if explained else "", console.words("preview-codes"))
        return PreviewState(preview.version, tuple(map(console.worded, wrong)), heading, codes)

    def missing(word: MissingWord) -> str:
        words = refusal(word, console)
        console.say(words)
        return words

    try:
        running = live_server(
            preview,
            state,
            static_folder(options),
            (chosen.host, chosen.port),
            console.language,
            missing,
        )
    except _UNUSABLE as fault:
        return _taken(chosen, console, fault)
    return _watch(running, preview, console)


def _built(site: Path, chosen: Namespace, console: Console) -> int:
    if not (site / "index.html").is_file():
        console.tell("built-no-site" if chosen.built else "no-site", site=site)
        return USAGE
    try:
        running = server(
            site, (chosen.host, chosen.port), language=console.language, redirects=True
        )
    except _UNUSABLE as fault:
        return _taken(chosen, console, fault)
    with running:
        _warn_if_open(running, console)
        console.tell("serve-built", address=running.address)
        running.serve_forever()
    return CLEAN


def _taken(chosen: Namespace, console: Console, fault: Exception) -> int:
    console.tell("serve-port", host=chosen.host, port=str(chosen.port), fault=fault)
    return USAGE


def _warn_if_open(running: PreviewServer, console: Console) -> None:
    if running.is_open:
        console.tell("serve-open", port=str(running.server_port), loopback=LOOPBACK)


def _watch(running: PreviewServer, preview: Preview, console: Console) -> int:
    """Serves until interrupted; a thread looks for changes of the content meanwhile."""
    done = Event()
    gc.enable()  # `_cli.run` turned it off for runs that end by themselves

    def look() -> None:
        problems = preview.problems
        while not done.wait(INTERVAL):
            try:
                if preview.look() is not None:
                    _tell(preview, console, problems)
                    problems = preview.problems
            except MissingWord as missing:  # the pages of the last look stay
                console.say(refusal(missing, console))

    watcher = Thread(target=look, daemon=True)
    with running:
        _warn_if_open(running, console)
        console.tell("serve-live", address=running.address)
        watcher.start()
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            console.tell("serve-end")
        finally:
            done.set()
            watcher.join()
    return CLEAN


def _tell(preview: Preview, console: Console, before: tuple[Problem, ...] = ()) -> None:
    """Reports the problems that were not there before."""
    old = {problem.order for problem in before}
    console.report([problem for problem in preview.problems if problem.order not in old])
    warnings = len(preview.problems) - preview.errors
    console.tell("serve-read", version=preview.version, errors=preview.errors, warnings=warnings)


COMMAND = Command(
    name="serve",
    run=_run,
    options={
        "--port": {"type": int, "default": 8000},
        "--host": {"default": LOOPBACK, "metavar": "ADDRESS"},
        "--built": {"nargs": "?", "const": "", "metavar": "FOLDER"},
    },
    rank=40,
)
