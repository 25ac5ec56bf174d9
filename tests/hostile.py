"""Texts that would run if a page took them for its own, and a content that holds them everywhere.

The payloads are our own, one a way in; `GONGBAO_HOSTILE` names a file of more, a JSON object
with a `payload` a line.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from sample_sites import examine_folder

from generator.site.kind import Site

MORE = "GONGBAO_HOSTILE"
OWN = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea></style></noscript><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<ScRiPt>confirm(1)</sCrIpT>",
    "<script\n>prompt(1)</script\n>",
    "<script src=//foreign.example/x.js></script>",
    "<script type=module>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<img/src/onerror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    "`><img src=x onerror=alert(1)>",
    '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
    "<object data=javascript:alert(1)></object>",
    "<embed src=//foreign.example/x.swf>",
    "<details open ontoggle=alert(1)>x</details>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<video src=x onerror=alert(1)></video>",
    "<style>@import '//foreign.example/x.css';</style>",
    "<link rel=stylesheet href=//foreign.example/x.css>",
    "<base href=//foreign.example/>",
    "<meta http-equiv=refresh content='0;url=//foreign.example/'>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<a href=javascript:alert(1)>x</a>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}{# x #}",
    "gongbao-mark-block gongbao-mark-head gongbao-mark-title",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert&#40;1&#41;)",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "![x](javascript:alert(1))",
    '![x"onerror="alert(1)](x.png)',
    '[x](https://foreign.example/"onmouseover="alert(1))',
    "# <img src=x onerror=alert(1)>",
    "## x {: onclick=alert(1) }",
    "## location",
    "## getElementById",
    "## submit",
    "[x](#forms)",
    "![x](https://foreign.example/spy.png)",
    "![x](//foreign.example/spy.png)",
    "<img name=cookie><a id=location name=forms href=x>x</a>",
    "<form id=body><input name=submit><input name=children></form>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><use href=//foreign.example/x.svg></use></svg>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><img src=x onerror=alert(1)></template>",
    "<p style=background:url(//foreign.example/x.png)>x</p>",
    "<audio src=//foreign.example/x.mp3 onerror=alert(1)></audio>",
    "<plaintext><xmp><!--",
    '<p lang=x title="onerror=alert(1)">x</p>',
    "```\n</code></pre><script>alert(1)</script>\n```",
)
"""Seventy ways in: by tag, attribute, address, comment, template, and by the marks of frames."""

SCHEMES = ("", "http", "https", "mailto", "tel")


def payloads() -> tuple[str, ...]:
    """Our own, and those of the file that the environment names."""
    named = os.environ.get(MORE)
    if not named:
        return OWN
    lines = Path(named).read_text(encoding="utf-8").splitlines()
    return (*OWN, *(json.loads(line)["payload"] for line in lines if line.strip()))


def packed(texts: tuple[str, ...], most: int = 380) -> tuple[str, ...]:
    """Payloads side by side, as many as fit, so that few pages hold them all.

    Links stand with links: one that `check` refuses takes its neighbours with it.
    """
    groups: dict[str, list[str]] = {" ": [], "\n\n": [], "\n\n\n": []}
    for payload in texts:
        sort = "\n\n\n" if "](" in payload else "\n\n" if re.search(r"\n|^#", payload) else " "
        group = groups[sort]
        if group and len(group[-1]) + len(payload) < most:
            group[-1] += sort + payload
        else:
            group.append(payload)
    return tuple(text for group in groups.values() for text in group)


def flat(payload: str, most: int = 400) -> str:
    """A payload for a field of one line; where it is too long for it, its beginning."""
    text = " ".join(payload.split())[: most - 3].rstrip()
    return f"{text}甲甲甲"


def content(texts: tuple[str, ...]) -> Mapping[str, str]:
    """Files of every kind, each text field of which holds a payload."""
    files: dict[str, str] = {}
    agencies: list[object] = [{"id": "city", "names": [{"name": "小市政府"}]}]
    for number, payload in enumerate(texts, start=1):
        agencies.append(_agency(number, payload))
        for path, fields in _records(number, payload):
            files[path] = _header(fields) if path.endswith(".md") else _yaml(fields)
    return {**files, "agencies.yaml": _yaml(agencies)}


def _yaml(fields: object) -> str:
    """JSON is YAML, with every sign of a text within its quotes."""
    return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def _header(fields: Mapping[str, object]) -> str:
    named = "".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}\n"
        for name, value in fields.items()
        if name != "markdown"
    )
    return f"---\n{named}---\n{fields['markdown']}\n"


def _agency(number: int, typed: str) -> object:
    """All agencies stand in one file, which what cannot be printed would have refused whole."""
    payload = "".join(filter(str.isprintable, " ".join(typed.split())))
    name = {"name": flat(payload, 300), "name_en": flat(payload, 240)}
    return {"id": f"a{number}", "names": [name], "aliases": [flat(payload)]}


def _records(number: int, payload: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    folder, line = f"gazette/105/105-{number:04d}", flat(payload)
    short = flat(payload, 120)
    base = {
        "title": line,
        "category": "rule",
        "issuers": [f"a{number}"],
        "dispatch_date": "105-01-04",
        "title_en": line,
        "keywords": [flat(payload, 300)],
        "source": line,
    }
    issue = {"publication_date": "105-01-05", "number_printed": flat(payload, 60)}
    yield f"{folder}/issue.yaml", {**issue, "cover_note": line}
    yield f"{folder}/01.yaml", {**base, "form": "letter", **_letter(number, payload)}
    body = {"document_numbers": [f"{number}{short[:100]}"], "body": payload, "form": "order"}
    yield f"{folder}/02.yaml", {**base, **body}
    prose = {"markdown": payload, "summary": f"| 甲 |\n|---|\n| {line} |", "summary_en": payload}
    yield f"{folder}/03.yaml", {**base, "form": "other", **prose}
    yield f"visits/105/v{number}.yaml", _visit(number, payload)
    yield f"partners/p{number}.yaml", _partner(payload)
    yield f"statistics/s{number}.yaml", _statistic(payload)
    page = {"title": short, "title_en": flat(payload, 240), "description": flat(payload, 300)}
    yield f"pages/h{number}.md", {**page, "published_on": "105-01-05", "markdown": payload}
    yield f"reports/r{number}/report.yaml", _report(number, payload)
    yield f"reports/r{number}/01-x.md", _section(number, payload)


def _letter(number: int, payload: str) -> Mapping[str, object]:
    line = flat(payload)
    relation = {"type": "cites", "citation": line, "articles": [line], "note": payload}
    return {
        "document_numbers": [f"{number}之{flat(payload, 100)}"],
        "subject": payload,
        "basis": line,
        "items": [line, [line]],
        "explanation": [line],
        "method": line,
        "effective": [{"date": "105-02-01", "scope": line, "note": payload}],
        "relations": [{**relation, "wrong": payload, "right": payload}],
        "attachments": [{"title": line, "availability": line}],
        "revisions": [{"date": "105-01-06", "note": line}],
    }


def _visit(number: int, payload: str) -> Mapping[str, object]:
    line = flat(payload, 200)
    return {
        "title": line,
        "title_en": line,
        "date": "105-01-05",
        "direction": "event",
        "countries": ["JP"],
        "leaders": [{"name": flat(payload, 120), "title": flat(payload, 120)}],
        "occasions": [{"date": "105-01-05", "title": line, "note": payload}],
        "photos": [{"caption": line, "credit": line, "availability": line}],
        "agencies": [f"a{number}"],
        "summary": line,
        "summary_en": payload,
    }


def _report(number: int, payload: str) -> Mapping[str, object]:
    stated = {"title": flat(payload, 120), "stated": f"s{number}.r.c", "note": payload}
    return {
        "title": flat(payload, 200),
        "title_en": flat(payload),
        "presented_on": "105-01-05",
        "presenter": {"name": flat(payload, 60), "title": flat(payload, 60)},
        "audience": flat(payload, 200),
        "period": {"from": "104-01-01", "to": "104-12-31"},
        "summary": flat(payload),
        "source": flat(payload),
        "compared": [{**stated, "list": "l"}],
    }


def _section(number: int, payload: str) -> Mapping[str, object]:
    cited = f"{{{{ s{number}.r.c }}}}\n\n{{{{ 表：s{number} }}}}\n\n{{{{ 圖：s{number} }}}}"
    return {
        "title": flat(payload, 120),
        "photos": [{"caption": flat(payload, 300), "availability": flat(payload, 120)}],
        "lists": [{"id": "l", "title": flat(payload, 60), "items": [flat(payload, 60)]}],
        "markdown": f"{cited}\n\n{{{{ 清單：l }}}}\n\n{payload}",
    }


def _partner(payload: str) -> Mapping[str, object]:
    return {
        "name": flat(payload, 300),
        "name_en": flat(payload, 240),
        "country": "JP",
        "relation": "sister",
        "stage": flat(payload, 300),
        "progress": payload,
        "summary_en": payload,
        "published_on": "105-01-05",
    }


def _statistic(payload: str) -> Mapping[str, object]:
    line = flat(payload, 200)
    return {
        "title": flat(payload, 120),
        "title_en": flat(payload, 120),
        "summary_en": payload,
        "unit": flat(payload, 30),
        "source": line,
        "method": line,
        "as_of": "105-01-05",
        "published_on": "105-01-05",
        "note": payload,
        "dimensions": {"rows": flat(payload, 30), "columns": flat(payload, 30)},
        "columns": [{"title": line, "id": "c"}],
        "rows": [
            {
                "title": line,
                "title_en": line,
                "id": "r",
                "heading": flat(payload, 120),
                "value": 1,
                "note": line,
            },
            {"title": f"{line}乙", "unit": flat(payload, 30), "value": 2, "note": payload},
        ],
        "charts": [{"type": "bars", "title": flat(payload, 120)}],
    }


def accepted(folder: Path) -> tuple[Site, int]:
    """The site of a content without the records that `check` refuses, and how many those are."""
    dropped = 0
    while True:
        examined = examine_folder(folder)
        if examined.site is not None:
            return examined.site, dropped
        stopping = {problem.origin.path for problem in examined.problems if problem.stops}
        assert "site.yaml" not in stopping, examined.problems
        assert "agencies.yaml" not in stopping, [p for p in examined.problems if p.stops][:3]
        for path in stopping:
            (folder / path).unlink()
            dropped += 1


class Nodes(HTMLParser):
    """Tags with their attributes, and where they lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.used: set[tuple[str, str]] = set()
        self.unsafe: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes a tag."""
        self.used.add((tag, ""))
        for name, value in attrs:
            self.used.add((tag, name))
            if name in ("href", "src") and urlsplit(value or "").scheme not in SCHEMES:
                self.unsafe.append(f"{tag} {name}={value}")
