"""`gongbao links`: checks whether the sites that records link to still answer."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence

from generator.build.examine import examine, in_order
from generator.build.link_report_file import REPORT, report_text
from generator.build.options import Options
from generator.commands._console import CLEAN, CONTENT, Command, Console
from generator.commands._job_options import seconds
from generator.commands._link_checker import Answer, Visitor
from generator.content.model import Problem, Severity
from generator.release.publish import publication
from generator.release.write import write_file
from generator.site.link_report import Dead, LinkReport
from generator.site.outgoing_links import Outbound, outbound


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    examined = examine(options)
    if examined.site is None:
        console.report(examined.problems)
        return console.close(examined, options)
    links, base_url = tuple(outbound(examined.site.archive)), examined.site.settings.base_url
    urls = {link.url for link in links}
    console.remark("links-begin", count=len(urls))
    visitor = Visitor(
        agent=f"gongbao-links (+{base_url})", patience=chosen.patience, private=chosen.private
    )
    answers = visitor.ask_all(urls)
    withheld = sum(bool(answer.withheld) for answer in answers.values())
    checked, dead = len(urls) - withheld, tuple(_dead(links, answers))
    report = LinkReport(day=options.as_of, checked=checked, dead=dead)
    with publication(options.place, options.content):
        write_file(options.work / REPORT, report_text(report, base_url, options.secret))
    problems = in_order(_problems(links, answers))
    console.report(problems)
    console.tell("links-end", count=checked, dead=len(dead))
    if withheld:
        console.tell("links-withheld", count=withheld)
    return CONTENT if options.strict and problems else CLEAN


def _dead(links: Sequence[Outbound], answers: Mapping[str, Answer]) -> Iterator[Dead]:
    for url, answer in sorted(answers.items()):
        if answer.dead:
            refs = dict.fromkeys(link.record.ref for link in links if link.url == url)
            yield Dead(url=url, status=answer.status, records=tuple(refs))


def _problems(links: Sequence[Outbound], answers: Mapping[str, Answer]) -> Iterator[Problem]:
    for link in links:
        answer = answers[link.url]
        if answer.withheld:
            detail = "" if answer.withheld == link.url else "onward"
            yield _warning("link-unasked", link, detail, to=answer.withheld)
        elif answer.dead:
            detail = "" if answer.status else "silent"
            yield _warning("link-dead", link, detail, status=str(answer.status))
        elif answer.moved:
            yield _warning("link-moved", link, to=answer.moved)


def _warning(code: str, link: Outbound, detail: str = "", **values: str) -> Problem:
    values = {"value": link.url, **values}
    severity = Severity.WARNING
    return Problem(code=code, origin=link.origin, detail=detail, severity=severity, values=values)


COMMAND = Command(
    name="links",
    run=_run,
    options={
        "--patience": {
            "type": seconds,
            "default": 15.0,
            "metavar": "SECONDS",
        },
        "--private": {
            "action": "store_true",
        },
    },
    rank=85,
)
