"""`gongbao build`: builds the site from the content and publishes it."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from generator.build.options import Options
from generator.commands._console import USAGE, Command, Console
from generator.commands._job_options import (
    AGAINST,
    PHRASE,
    WORKING,
    private_key,
    whole_number,
    working,
)
from generator.content.settings import read_settings
from generator.pipeline import visible_site
from generator.release.target import EXCHANGE, IN_PLACE, KEEP


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    key = None
    if chosen.release_key:
        from generator.build.release_signing import release_key_fault  # noqa: PLC0415 -- few builds need it

        key = private_key(chosen.release_key, chosen.phrase_file, console)
        if key is None:
            return USAGE
        if fault := release_key_fault(options.content, key):
            console.tell(f"sign-{fault}")
            return USAGE
    job = replace(
        options,
        release_key=key,
        keep=chosen.keep,
        way=chosen.publish,
        again=chosen.again,
        markdown=chosen.markdown,
    )
    with (
        working(job, chosen, console, console.note) as (prepared, display),
        visible_site(prepared, display.stage, display.count) as built,
    ):
        display.close()
        code = console.close_build(built, job)
        if built.release:
            console.remark("build-browse")
            settings = read_settings(options.content).settings
            if settings and not settings.official:
                console.remark("build-unofficial")
    return code


COMMAND = Command(
    name="build",
    run=_run,
    options={
        **WORKING,
        **AGAINST,
        "--keep": {
            "type": whole_number,
            "default": KEEP,
            "metavar": "N",
        },
        "--publish": {
            "choices": (EXCHANGE, IN_PLACE),
        },
        "--again": {
            "action": "store_true",
        },
        "--markdown": {
            "action": "store_true",
        },
        "--release-key": {
            "type": Path,
            "metavar": "FILE",
        },
        **PHRASE,
    },
    rank=20,
)
