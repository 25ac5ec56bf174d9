"""One page of each template that a site has: what all the pages of a type share shows on it."""

from __future__ import annotations

from collections.abc import Mapping

from generator.job import Options
from generator.publishing.declare import declare
from generator.run import examine


def page_types(options: Options) -> Mapping[str, str]:
    """The address of the longest page of each template, by template."""
    site = examine(options).site
    if site is None:
        raise LookupError(f"{options.content} has errors: gongbao check")
    pages = sorted(declare(site, options.loader).pages, key=lambda held: len(held[1]))
    return {page.template: page.address for page, _ in pages}
