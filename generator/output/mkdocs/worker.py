"""The host as a process that is asked for pages: it has MkDocs loaded, and nothing else of us.

Reads a JSON object a line and writes one: of a `path` below the docs folder and the `text` of
its Markdown the `html`; of `site` what was `said` while the docs folder was built as a whole,
"" where there was nothing to say.  The pages of the navigation stand in the docs folder.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from functools import cache
from io import StringIO
from typing import TextIO

from mkdocs.commands.build import build, get_context
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, get_files
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page


def maker(config: MkDocsConfig) -> Callable[[str, str], str]:
    """A function from a page's path and Markdown to its HTML."""
    config.plugins.on_startup(command="build", dirty=False)
    config = config.plugins.on_config(config)
    environment = config.theme.get_env()
    files = get_files(config)
    files.add_files_from_theme(environment, config)
    files = config.plugins.on_files(files, config=config)
    navigation = config.plugins.on_nav(get_navigation(files, config), config=config, files=files)
    for page in navigation.pages:
        page.read_source(config)
    environment = config.plugins.on_env(environment, config=config, files=files)

    def make(path: str, text: str) -> str:
        file = File.generated(config, path, content=text)
        known = files.get_file_from_path(path)
        page = known.page if known and known.page else Page(None, file, config)
        page.file = file
        page.read_source(config)
        page.render(config, files)
        page.active = True
        context = get_context(navigation, files, config, page)
        context = config.plugins.on_page_context(context, page=page, config=config, nav=navigation)
        html: str = environment.get_template("main.html").render(context)
        page.active = False
        return html

    return make


def built(config: MkDocsConfig) -> str:
    """Builds the site; every warning on the way."""
    said = StringIO()
    handler = logging.StreamHandler(said)
    handler.setLevel(logging.WARNING)
    logging.getLogger("mkdocs").addHandler(handler)
    build(config)
    logging.getLogger("mkdocs").removeHandler(handler)
    return said.getvalue()


def answers(requests: TextIO, config_file: str) -> Iterator[str]:
    """An answer a request, until the requests end."""
    make = cache(lambda: maker(load_config(config_file)))
    for line in requests:
        request = json.loads(line)
        if request.get("site"):
            yield json.dumps({"said": built(load_config(config_file))})
        else:
            yield json.dumps({"html": make()(request["path"], request["text"])})


def main(config_file: str) -> None:
    """Answers what comes through the pipe."""
    output = sys.stdout
    sys.stdout = sys.stderr  # whatever a theme or plugin prints is no answer
    for answer in answers(sys.stdin, config_file):
        output.write(f"{answer}\n")
        output.flush()


if __name__ == "__main__":
    main(sys.argv[1])
