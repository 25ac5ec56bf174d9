"""`gongbao serve`: the built site on this machine."""

from __future__ import annotations

from argparse import Namespace

from generator.console import CLEAN, STAGES, USAGE, Command, Console
from generator.pipeline import Options, build
from generator.serve import LOOPBACK, server


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    if not options.site.is_dir():
        built = build(options, lambda stage: console.say(STAGES[stage]))
        code = console.close_build(built, options)
        if built.release is None:
            return code
    try:
        running = server(options.site, chosen.port)
    except (OSError, OverflowError) as fault:
        console.say(f"無法使用連接埠 {chosen.port}（{fault}）；請以 --port 指定別的連接埠。")
        return USAGE
    with running:
        console.say(f"http://{LOOPBACK}:{running.server_port}/ （按 Ctrl-C 結束）")
        running.serve_forever()
    return CLEAN


COMMAND = Command(
    name="serve",
    about="在本機瀏覽網站 (serve the built site)",
    run=_run,
    options={"--port": {"type": int, "default": 8000, "help": "連接埠 (default: %(default)s)"}},
    rank=40,
)
