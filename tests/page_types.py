"""One page of each template that a site has: what all the pages of a type share shows on it."""

from __future__ import annotations

from collections.abc import Mapping

from generator.build.examine import examine
from generator.build.expected_site import declare
from generator.build.options import Options
from generator.content.model import Page
from generator.text.urls import ENGLISH_HOME

_INDEX, _LEADS = "index.html", b'http-equiv="refresh"'


def page_types(options: Options) -> Mapping[str, str]:
    """The address of the longest page of each template, by template; `en/` before English ones.

    Pages that are documents of their own, such as that which verifies a record, stand for
    themselves; those that only lead on to another stand for nothing.
    """
    site = examine(options).site
    if site is None:
        raise LookupError(f"{options.content} has errors: gongbao check")
    declared = declare(site, options.loader)
    pages = sorted(declared.pages, key=lambda pair: len(pair[1]))
    alone = (artifact for artifact in declared.artifacts if artifact.address.endswith(".html"))
    return {
        **{_type(page): page.address for page, _ in pages},
        **{a.address: a.address.removesuffix(_INDEX) for a in alone if _LEADS not in a.content},
    }


def _type(page: Page) -> str:
    english = page.address.startswith(ENGLISH_HOME)
    return f"{ENGLISH_HOME if english else ''}{page.template}"
