"""MkDocs' theme in this process: the page around a block, and the theme's own files.

A page is made by MkDocs' own configuration, theme environment and template context, so that it
equals what `mkdocs build` makes.  To import MkDocs takes 0.2 s: that happens when a `ThemePages`
is made, and a build whose page frames are all known makes none.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from generator import SETTINGS, THEME

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

LOST_PAGE = "404.html"


class ThemeRefused(Exception):  # noqa: N818 -- carries the message for whoever edits `mkdocs.yml`
    """MkDocs cannot use its configuration; the message is what it says of it."""


class ThemePages:
    """MkDocs' theme for a site; `settings` are those of `theme_settings`.

    Raises `ThemeRefused`.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of MkDocs and its theme: nobody here can mend them
            self._config = _configuration(settings)
            self._environment = self._config.theme.get_env()

    def page(self, address: str, meta: Mapping[str, Any], block: str) -> str:
        """The HTML of the page at an address, with these values of its header around a block."""
        # loaded with the configuration
        from mkdocs.commands.build import get_context  # noqa: PLC0415
        from mkdocs.structure.files import File, Files  # noqa: PLC0415
        from mkdocs.structure.nav import Navigation  # noqa: PLC0415
        from mkdocs.structure.pages import Page  # noqa: PLC0415

        target, as_folders = self._config.site_dir, self._config.use_directory_urls
        file = File(f"{address}index.md", None, target, use_directory_urls=as_folders)
        page = Page(None, file, self._config)
        page.meta, page.content = dict(meta), block
        # the theme takes the navigation from the settings: in MkDocs' own each page is an object
        context = get_context(Navigation([], []), Files([file]), self._config, page)
        html: str = self._environment.get_template("main.html").render(context)
        return html

    def files(self) -> dict[str, bytes]:
        """The theme's own files by address: assets and the 404 page.

        Files of Material are not among them, for no page uses its scripts; nor are the parts of
        the stylesheet, which pages load as one.
        """
        paths = (path for path in sorted(THEME.glob("assets/**/*")) if path.is_file())
        names = {path.relative_to(THEME).as_posix(): path for path in paths}
        files = {
            name: path.read_bytes()
            for name, path in names.items()
            if path.parent.name != "styles" and name not in self._config.theme.static_templates
        }
        templates = sorted(self._config.theme.static_templates & names.keys())
        files |= {name: self._filled(name).encode() for name in (LOST_PAGE, *templates)}
        return files

    def _filled(self, name: str) -> str:
        """A template that stands for no page, as `mkdocs build` fills it."""
        from mkdocs.commands.build import get_context  # noqa: PLC0415
        from mkdocs.structure.files import Files  # noqa: PLC0415
        from mkdocs.structure.nav import Navigation  # noqa: PLC0415
        from mkdocs.utils import get_relative_url  # noqa: PLC0415

        if name == LOST_PAGE:  # it is served at any depth
            base_url = urlsplit(self._config.site_url or "/").path
        else:
            base_url = get_relative_url(".", name)
        context = get_context(Navigation([], []), Files([]), self._config, base_url=base_url)
        text: str = self._environment.get_template(name).render(context)
        return text


def _configuration(settings: Mapping[str, Any]) -> MkDocsConfig:
    """`mkdocs.yml` with the site's settings; raises `ThemeRefused`."""
    # see the head of this module
    from mkdocs.config.defaults import MkDocsConfig  # noqa: PLC0415
    from mkdocs.exceptions import ConfigurationError  # noqa: PLC0415
    from mkdocs.utils.yaml import yaml_load  # noqa: PLC0415

    try:
        own = yaml_load(SETTINGS.read_text(encoding="utf-8"))
    except ConfigurationError as fault:
        raise ThemeRefused(str(fault)) from fault
    own.pop("INHERIT", None)  # the settings of the site are at hand
    config = MkDocsConfig(config_file_path=str(SETTINGS))
    # no page is read from a folder, but MkDocs wants one that exists
    config.load_dict({**own, **settings, "docs_dir": str(THEME)})
    errors, remarks = config.validate()
    if errors or remarks:
        words = (f"{name}: {fault}" for name, fault in (*errors, *remarks))
        raise ThemeRefused("；".join(words))
    return config
