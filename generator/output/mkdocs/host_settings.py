"""The settings of MkDocs and the theme's folders that a site is made with.

`gongbao build` and the MkDocs plugin both pass through `set_up`, so that the same `mkdocs.yml`
gives the same pages.  A site may have a `mkdocs.yml` of its own beside its content, and in that a
`custom_dir` whose files stand before ours.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import SETTINGS, THEME
from generator.content.static_files import ROBOTS
from generator.output.fingerprint import files_of
from generator.output.formats.sitemap import SITEMAP

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File

BASE = "material"
"""The theme that ours stands on."""
_PARTS = "assets/styles/"
"""Parts of the stylesheet that all pages load."""
_ICON, _BASE_ICON = "assets/icon.svg", "assets/images/favicon.png"
_ELSEWHERE = (b"custom_dir", b"INHERIT", b"!ENV")
"""Words in `mkdocs.yml` by which it depends on more than its own bytes."""


class ThemeRefused(Exception):  # noqa: N818 -- carries the message for whoever edits `mkdocs.yml`
    """MkDocs cannot use its configuration; the message is what it says of it."""


def settings_file(content: Path) -> Path:
    """The `mkdocs.yml` beside a content folder, or the packaged one where there is none."""
    own = content.absolute().parent / SETTINGS.name
    return own if own.is_file() else SETTINGS


def settings_key(content: Path) -> bytes:
    """A digest of a site's own `mkdocs.yml` and theme; b"" where it takes the packaged ones.

    MkDocs is loaded only for a file that names other files, which few sites have.
    """
    file = settings_file(content)
    text = file.read_bytes()
    if text == SETTINGS.read_bytes():
        return b""
    digest = hashlib.sha256(text)
    if any(word in text for word in _ELSEWHERE):
        from mkdocs.utils.yaml import yaml_load  # noqa: PLC0415 -- see above

        with file.open("rb") as source:
            held = yaml_load(source)
        digest.update(repr(held).encode())
        theme = held.get("theme")
        named = theme.get("custom_dir") if isinstance(theme, dict) else None
        if isinstance(named, str):
            folder = file.parent / named
            for path in files_of(folder):
                digest.update(f"{path.relative_to(folder).as_posix()}\n".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.digest()


def set_up(config: MkDocsConfig, settings: Mapping[str, Any]) -> None:
    """Gives MkDocs the settings of a site, and puts our theme between its own and the base.

    Raises `ThemeRefused` for a theme that ours does not stand on.
    """
    if config.theme.name != BASE:
        raise ThemeRefused(f"theme.name: {config.theme.name} → {BASE}")
    config["extra"].update(settings["extra"])
    for name, value in settings.items():
        if name != "extra":
            config[name] = value
    config.use_directory_urls = True
    # the navigation holds sections alone: every other page would be listed on the terminal
    config.validation["nav"]["omitted_files"] = logging.DEBUG
    theme = config.theme
    theme.dirs.insert(1 if theme.custom_dir else 0, str(THEME))
    sheets = (THEME / "assets").glob("*.css")  # the theme makes them shorter
    theme.static_templates.update(f"assets/{path.name}" for path in sheets)
    if theme["favicon"] == _BASE_ICON:
        theme["favicon"] = _ICON


def theme_files(config: MkDocsConfig) -> list[File]:
    """The theme's files that MkDocs copies as they are: ours and the site's own, none of the base.

    No page uses the base's scripts, and its stylesheet is a part of ours.  A file of the site's own
    content stands in the place of one of its theme.
    """
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415 -- loaded with MkDocs
    from mkdocs.structure.files import Files, InclusionLevel  # noqa: PLC0415 -- as above

    folders = config.theme.dirs
    own = Environment(loader=FileSystemLoader(folders[: folders.index(str(THEME)) + 1]))  # noqa: S701 -- only listed
    found = Files([])
    found.add_files_from_theme(own, config)
    ours = (SITEMAP, ROBOTS, *config.extra["static"])
    files = [f for f in found if not f.src_uri.startswith(_PARTS) and f.src_uri not in ours]
    for file in files:  # by default MkDocs leaves out some names
        file.inclusion = InclusionLevel.INCLUDED
    return files
