"""MkDocs' theme in this process: the page around a block, and the theme's own files.

A page is made by MkDocs' own configuration, theme environment and template context, so that it
equals what `mkdocs build` makes.  To import MkDocs takes 0.2 s: that happens when a `ThemePages`
is made, and a build whose page frames are all known makes none.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from generator import THEME
from generator.output.formats.sitemap import SITEMAP
from generator.output.mkdocs.host_settings import ThemeRefused, set_up, theme_files

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

LOST_PAGE = "404.html"


class ThemePages:
    """MkDocs' theme for a site: `file` is its `mkdocs.yml`, `settings` those of `theme_settings`.

    Raises `ThemeRefused`.
    """

    def __init__(self, settings: Mapping[str, Any], file: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of MkDocs and its theme: nobody here can mend them
            self._config = _configuration(settings, file)
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

        The sitemap is not among them: it is made of the plan.
        """
        files = {file.src_uri: file.content_bytes for file in theme_files(self._config)}
        templates = sorted(self._config.theme.static_templates - {SITEMAP})
        files |= {name: self._filled(name).encode() for name in templates}
        return dict(sorted(files.items()))

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


def _configuration(settings: Mapping[str, Any], file: Path) -> MkDocsConfig:
    """A `mkdocs.yml` with the site's settings, without plugins; raises `ThemeRefused`."""
    # see the head of this module
    from mkdocs.config.defaults import MkDocsConfig  # noqa: PLC0415
    from mkdocs.exceptions import ConfigurationError  # noqa: PLC0415

    config = MkDocsConfig(config_file_path=str(file))
    try:
        with file.open("rb") as source:
            config.load_file(source)
    except ConfigurationError as fault:
        raise ThemeRefused(str(fault)) from fault
    # no page is read from a folder, but MkDocs wants one that exists
    config.load_dict({"docs_dir": str(THEME), "plugins": [], "hooks": []})
    errors, remarks = config.validate()
    if errors or remarks:
        words = (f"{name}: {fault}" for name, fault in (*errors, *remarks))
        raise ThemeRefused("；".join(words))
    set_up(config, settings)
    return config
