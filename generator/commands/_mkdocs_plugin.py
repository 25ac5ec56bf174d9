"""The plugin of MkDocs: `mkdocs build` and `mkdocs serve` make the site of the content folder.

MkDocs gets every page as Markdown and every other file as it is, and puts its theme around the
pages itself: the result is, byte for byte, what `gongbao build` publishes.  All content is read
and checked before MkDocs empties its target, so that an error leaves what stands there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from mkdocs.config import base
from mkdocs.config import config_options as c
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel, file_sort_key
from msgspec import Struct

from generator.build.bundles.thumbnails import new_thumbnail
from generator.build.day_check import ClockRefused, early_day
from generator.build.examine import passing_run
from generator.build.expected_site import Expected, declare
from generator.build.options import Options
from generator.build.site_bundles import manifest_bundles
from generator.commands._cli import (
    DAY_VARIABLE,
    REFUSALS,
    DayRefused,
    console_in_host,
    options_in_host,
    refusal,
)
from generator.commands._command_lines import listed
from generator.commands._console import Console
from generator.content.files import SITE_FILE, offered, replaced_problem
from generator.content.messages import LANGUAGES
from generator.content.safe_open import Replaced
from generator.output.formats.sitemap import SITEMAP
from generator.output.mkdocs.host_settings import set_up, theme_files
from generator.release.manifest import digest_of
from generator.release.ownership import is_publications

NAME = "gongbao"
_OWN_SCRIPTS, _ANY_SCRIPT = "script-src 'self'", "script-src 'self' 'unsafe-inline'"
_log = logging.getLogger(f"mkdocs.plugins.{NAME}")


class PluginSettings(base.Config):  # type: ignore[no-untyped-call]
    """What a site may set for the plugin in `mkdocs.yml`."""

    lang = c.Choice(LANGUAGES, default=LANGUAGES[0])
    """The language of messages."""


class PreparedSite(Struct, frozen=True, kw_only=True):
    """A site that can be handed to MkDocs: its files by address, bytes or where they lie."""

    expected: Expected
    files: Mapping[str, bytes | Path]


class GongbaoPlugin(BasePlugin[PluginSettings]):  # type: ignore[no-untyped-call]
    """The site of the content folder, which is the `docs_dir`.

    MkDocs calls the methods in their order, once a build.  `mkdocs serve` builds again and again;
    what was prepared last is then what is shown while the content has errors.
    """

    _site: PreparedSite
    _addresses: tuple[str, ...]

    def __init__(self) -> None:
        self._serving = False

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:  # noqa: ARG002 -- MkDocs names the arguments
        """Notes whether the site is only shown; that this method exists keeps the plugin."""
        self._serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Reads, checks and renders the content; raises `Abort` with our message."""
        content = _near(Path(config.docs_dir))
        console = console_in_host(content, self.config.lang, _log.info)
        with _worded(console):
            options = options_in_host(content, self.config.lang, draft=self._serving)
            _refuse_target(Path(config.site_dir), options, console)
            _tell_others(config, console)
            self._site = self._prepared(options, console)
            set_up(config, self._settings(config, self._site.expected))
        config.theme.static_templates.discard(SITEMAP)  # ours is among the files
        return config

    def _prepared(self, options: Options, console: Console) -> PreparedSite:
        """The site of the content, or in a preview the last one without errors.

        MkDocs answers no request after a build that failed, so a preview builds that one again.
        """
        try:
            with _worded(console):
                return _prepared(options, console, in_memory=self._serving)
        except Abort as stopped:
            if not (self._serving and hasattr(self, "_site")):
                raise
            console.say(stopped.format_message())
            console.tell("host-kept")
            return self._site

    def on_files(self, _: Files, /, *, config: MkDocsConfig) -> Files:
        """The site's files in the place of the content's own and of the base theme's."""
        given = [_file(config, *item) for item in self._site.files.items()]
        files = Files(sorted([*given, *theme_files(config)], key=file_sort_key))
        made = (file.dest_uri for file in files)
        self._addresses = (*made, *config.theme.static_templates)
        return files

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Writes the list of all files, where the site has one."""
        site, target = self._site.expected.site, Path(config.site_dir)

        def digests() -> Mapping[str, str]:
            return {address: digest_of(target / address) for address in self._addresses}

        for bundle in manifest_bundles(site, digests):
            for artifact in bundle.make():
                (target / artifact.address).parent.mkdir(parents=True, exist_ok=True)
                (target / artifact.address).write_bytes(artifact.content)

    def _settings(self, config: MkDocsConfig, expected: Expected) -> Mapping[str, Any]:
        """The site's settings; a preview keeps its own address, and MkDocs adds a script to it."""
        settings = expected.press.frames.settings
        if not self._serving:
            return settings
        policy = settings["extra"]["policy"].replace(_OWN_SCRIPTS, _ANY_SCRIPT)
        extra = {**settings["extra"], "policy": policy}
        return {**settings, "site_url": config.site_url, "extra": extra}


def _near(folder: Path) -> Path:
    """A folder as a person in the current folder names it."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


@contextmanager
def _worded(console: Console) -> Iterator[None]:
    """Ends the run of MkDocs with our message for what stops one of ours."""
    try:
        yield
    except DayRefused as refused:
        words = console.words("host-day", variable=DAY_VARIABLE, value=refused)
        raise Abort(words) from None
    except ClockRefused as early:
        console.report(early.problems)
        raise Abort(console.words("host-clock", variable=DAY_VARIABLE)) from None
    except Replaced as replaced:
        console.report([replaced_problem(console.content, replaced.path)])
        raise Abort(console.words("host-changed")) from None
    except REFUSALS as refused:
        raise Abort(refusal(refused, console)) from None


def _refuse_target(target: Path, options: Options, console: Console) -> None:
    if is_publications(target, options.work, options.site):
        raise Abort(console.words("host-target", path=_near(target)))


def _tell_others(config: MkDocsConfig, console: Console) -> None:
    names = [name for name in config.plugins if name != NAME]
    if names:
        console.remark("host-others", names=listed(names, console.language))


def _prepared(options: Options, console: Console, *, in_memory: bool) -> PreparedSite:
    """The site, rendered but for its frames; raises `Abort` where the content has errors.

    `in_memory` makes it independent of what happens to the content later.
    """
    early = early_day(options)
    examined = passing_run(options).examine()
    console.report([*early, *examined.problems])
    console.close(examined, options)
    if not (options.content / SITE_FILE).is_file():
        raise Abort(console.words("host-no-content", path=options.content))
    if examined.site is None:
        raise Abort(console.words("host-errors", errors=examined.errors))
    expected = declare(examined.site, options.loader, draft=options.draft)
    files = dict(_files(expected, options.content, in_memory=in_memory))
    return PreparedSite(expected=expected, files=files)


def _files(
    expected: Expected, content: Path, *, in_memory: bool
) -> Iterator[tuple[str, bytes | Path]]:
    """Every file of a site by its path in a docs folder; the list of all, and the theme's, not."""
    press = expected.press
    for page, block in expected.pages:
        press.site.begin()
        source = press.renderer.markdown(page, block)
        yield source.address, source.content
    for artifact in expected.artifacts:
        yield artifact.address, artifact.content
    for copy in expected.copies:
        path = content.absolute() / copy.source
        # a picture is published without its metadata, anything else as it lies there
        same = not in_memory and digest_of(path) == copy.digest
        yield copy.address, path if same else b"".join(offered(content, copy.source))
    for scaling in expected.scalings:
        yield scaling.address, new_thumbnail(scaling, content)


def _file(config: MkDocsConfig, address: str, content: bytes | Path) -> File:
    """A file for MkDocs, which by default leaves out some names."""
    included = InclusionLevel.INCLUDED
    if isinstance(content, Path):
        return File.generated(config, address, abs_src_path=str(content), inclusion=included)
    return File.generated(config, address, content=content, inclusion=included)
