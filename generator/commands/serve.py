"""`gongbao serve`: the site in the making on this machine, reloaded at every change.

With `--built` the site as it was last built, unchanged.
"""

from __future__ import annotations

import gc
from argparse import Namespace
from contextlib import closing
from dataclasses import replace
from http.server import ThreadingHTTPServer
from threading import Event, Thread

from generator.build.options import Options
from generator.commands._console import CLEAN, USAGE, Command, Console
from generator.commands._http import LOOPBACK, Told, live_server, server
from generator.commands._preview import Preview, begin, static_folder
from generator.content.model import Problem

INTERVAL = 0.2
"""Seconds between two looks at the content folder."""


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    if chosen.built:
        return _built(options, chosen, console)
    console.say("讀取內容…")
    # what waits for its day is seen here alone: with a mark on its page
    with closing(begin(replace(options, draft=True))) as preview:
        _tell(preview, console)

        def told() -> Told:
            wrong = (problem for problem in preview.problems if problem.stops)
            return Told(preview.version, tuple(map(console.worded, wrong)))

        try:
            running = live_server(preview, told, static_folder(options), chosen.port)
        except (OSError, OverflowError) as fault:
            return _taken(chosen, console, fault)
        return _watch(running, preview, console)


def _built(options: Options, chosen: Namespace, console: Console) -> int:
    if not options.site.is_dir():
        console.say(f"找不到網站「{options.site}」，請先執行 gongbao build。")
        return USAGE
    try:
        running = server(options.site, chosen.port)
    except (OSError, OverflowError) as fault:
        return _taken(chosen, console, fault)
    with running:
        console.say(f"http://{LOOPBACK}:{running.server_port}/ （按 Ctrl-C 結束）")
        running.serve_forever()
    return CLEAN


def _taken(chosen: Namespace, console: Console, fault: Exception) -> int:
    console.say(f"無法使用連接埠 {chosen.port}（{fault}）；請以 --port 指定別的連接埠。")
    return USAGE


def _watch(running: ThreadingHTTPServer, preview: Preview, console: Console) -> int:
    """Serves until interrupted, and looks at the content meanwhile."""
    done = Event()
    gc.enable()  # this run has no end of its own

    def look() -> None:
        told = preview.problems
        while not done.wait(INTERVAL):
            if preview.look() is not None:
                _tell(preview, console, told)
                told = preview.problems

    watcher = Thread(target=look, daemon=True)
    with running:
        console.say(
            f"http://{LOOPBACK}:{running.server_port}/ （修改內容會自動更新；按 Ctrl-C 結束）"
        )
        watcher.start()
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            console.say("預覽結束。")
        finally:
            done.set()
            watcher.join()
    return CLEAN


def _tell(preview: Preview, console: Console, told: tuple[Problem, ...] = ()) -> None:
    """Says what is wrong now and was not before."""
    known = {problem.order for problem in told}
    console.report([problem for problem in preview.problems if problem.order not in known])
    warnings = len(preview.problems) - preview.errors
    console.say(f"第 {preview.version} 次讀取：{preview.errors} 個錯誤、{warnings} 個提醒。")


COMMAND = Command(
    name="serve",
    about="在本機預覽網站，修改後自動更新 (live preview)",
    run=_run,
    options={
        "--port": {"type": int, "default": 8000, "help": "連接埠 (default: %(default)s)"},
        "--built": {"action": "store_true", "help": "瀏覽最後建立的網站，不預覽 (the built site)"},
    },
    rank=40,
)
