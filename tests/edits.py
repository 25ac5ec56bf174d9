"""Random edits of a site's content, its day and its theme: what years of work do to a gazette.

An edit may leave content with errors, as editors do; whoever asks for it can take it back.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

PROJECT = Path(__file__).resolve().parents[1]
PICTURE = "visits/105/2016-02-19-lantern/lanterns.jpg"
NONCE = "00112233445566778899aabbccddee"


@dataclass
class Desk:
    """Folders of content and program that may be changed, the day, and chance."""

    content: Path
    project: Path
    chance: random.Random
    as_of: date
    count: int = 0
    undo: Callable[[], None] = field(default=lambda: None)

    def paths(self, pattern: str) -> list[Path]:
        """Files of the content, in order."""
        return sorted(path for path in self.content.glob(pattern) if path.is_file())

    def any_file(self, pattern: str) -> Path:
        """Any file of the content."""
        return self.chance.choice(self.paths(pattern))

    def entry(self) -> Path:
        """Any entry."""
        return self.any_file("gazette/*/*/[0-9]*.yaml")

    def word(self) -> str:
        """A word that has not been there before."""
        self.count += 1
        return f"新{self.count}{self.chance.choice('甲乙丙丁戊 <&')}字"

    def soon(self) -> str:
        """A day near to the one that the site speaks for."""
        return (self.as_of + timedelta(days=self.chance.randrange(-40, 40))).isoformat()

    def link(self) -> str:
        """A link to any entry, as editors write it."""
        return f"見[{self.word()}](gazette:{entry_id(self.entry())})。"


def entry_id(path: Path) -> str:
    """The id that an entry's path gives it."""
    return f"{path.parent.name}-{path.stem}"


def copied_project(root: Path) -> Path:
    """The program and its theme in a folder where they may be changed."""
    leave = shutil.ignore_patterns("__pycache__")
    for name in ("generator", "theme"):
        shutil.copytree(PROJECT / name, root / name, ignore=leave)
    shutil.copy(PROJECT / "mkdocs.yml", root)
    return root


def _read(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), "utf-8")


def _change(path: Path, **values: Any) -> None:
    """Sets fields of a record; a value of None takes the field away."""
    fields = {**_read(path), **values}
    _write(path, {name: value for name, value in fields.items() if value is not None})


def _replace(folder: Path, old: str, new: str) -> None:
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".yaml", ".md") and old in path.read_text("utf-8"):
            path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def retitle_entry(desk: Desk) -> None:
    """Another title, in either language; perhaps none in English any more."""
    name = desk.chance.choice(("title", "title_en", "title_en"))
    words = f"Title 標題 {desk.word()}"
    _change(desk.entry(), **{name: desk.chance.choice((words, None)) if "_" in name else words})


def describe_entry(desk: Desk) -> None:
    """Other words that lists, feeds and search show; perhaps a link to another entry."""
    _change(
        desk.entry(),
        keywords=[desk.word()],
        topics=desk.chance.choice((None, ["archives"], ["culture"], ["archives", "culture"])),
        summary=desk.chance.choice((None, desk.word(), desk.link())),
    )


def reassign_entry(desk: Desk) -> None:
    """Other issuers, another dispatch date."""
    issuer = desk.chance.choice(_read(desk.content / "agencies.yaml"))["id"]
    _change(
        desk.entry(), issuers=[issuer], dispatch_date=desk.soon(), document_numbers=[_number(desk)]
    )


def relate_entry(desk: Desk) -> None:
    """A relation from one entry to another, or none any more."""
    kind = desk.chance.choice(("amends", "corrects", "repeals", "replaces", "implements"))
    target = {"type": kind, "target": entry_id(desk.entry()), "note": desk.word()}
    _change(desk.entry(), relations=desk.chance.choice((None, [target], [target])))


def expire_entry(desk: Desk) -> None:
    """An end of publication, past or to come, or none any more."""
    _change(desk.entry(), expires_on=desk.chance.choice((None, desk.soon())))


def shield_entry(desk: Desk) -> None:
    """Personal data, or none any more."""
    personal = desk.chance.choice((True, False))
    nonce = f"{NONCE}{desk.chance.randrange(16, 256):x}"
    _change(
        desk.entry(),
        personal_data="true" if personal else None,
        nonce=nonce if personal else None,
    )


def revise_entry(desk: Desk) -> None:
    """A revision of a text."""
    path = desk.entry()
    revisions = [*_read(path).get("revisions", []), {"date": desk.soon(), "note": desk.word()}]
    _change(path, revisions=revisions)


def attach_file(desk: Desk) -> None:
    """A file beside an entry: new, with other bytes, or gone."""
    path = desk.entry()
    attachments = _read(path).get("attachments", [])
    own = path.with_suffix("")
    if attachments and "path" in attachments[0] and desk.chance.random() < 0.4:
        (own / attachments[0]["path"]).unlink(missing_ok=True)
        _change(path, attachments=attachments[1:] or None)
        return
    if attachments and "path" in attachments[0] and desk.chance.random() < 0.5:
        (own / attachments[0]["path"]).write_text(desk.word(), "utf-8")
        return
    name = f"附件{desk.count}.txt"
    own.mkdir(exist_ok=True)
    (own / name).write_text(desk.word(), "utf-8")
    _change(path, attachments=[{"path": name, "title": desk.word()}, *attachments])


def _number(desk: Desk) -> str:
    desk.count += 1
    return f"測市府字第1053{desk.count:06}號"


def _add(desk: Desk, folder: Path) -> None:
    used = {path.stem for path in folder.glob("*.yaml")}
    free = [f"{n:02}" for n in range(1, 40) if f"{n:02}" not in used]
    site = _read(desk.content / "site.yaml")
    entry = {
        "title": f"新增一則 {desk.word()}",
        "category": desk.chance.choice(site["gazette"]["categories"])["id"],
        "form": "other",
        "issuers": [desk.chance.choice(_read(desk.content / "agencies.yaml"))["id"]],
        "document_numbers": [_number(desk)],
        "dispatch_date": desk.soon(),
        "body": f"第一條　{desk.word()}\n第二條　{desk.word()}",
    }
    if desk.chance.random() < 0.5:
        entry["relations"] = [{"type": "cites", "target": entry_id(desk.entry())}]
    _write(folder / f"{desk.chance.choice(free[:4])}.yaml", entry)


def add_entry(desk: Desk) -> None:
    """A new entry of an issue."""
    _add(desk, desk.any_file("gazette/*/*/issue.yaml").parent)


def delete_entry(desk: Desk) -> None:
    """An entry goes, and its files with it."""
    path = desk.entry()
    path.unlink()
    shutil.rmtree(path.with_suffix(""), ignore_errors=True)


def rename_entry(desk: Desk) -> None:
    """An entry gets another number or issue, and what names it follows."""
    path = desk.entry()
    folder = desk.chance.choice((path, desk.any_file("gazette/*/*/issue.yaml"))).parent
    target = folder / f"{desk.chance.randrange(1, 30):02}.yaml"
    if target.exists():
        return
    path.rename(target)
    if path.with_suffix("").exists():
        path.with_suffix("").rename(target.with_suffix(""))
    _replace(desk.content, entry_id(path), entry_id(target))


def change_issue(desk: Desk) -> None:
    """Another day of publication, past or to come; another note, another number."""
    path = desk.any_file("gazette/*/*/issue.yaml")
    what = desk.chance.randrange(3)
    if what == 0:
        _change(path, publication_date=desk.soon())
    elif what == 1:
        _change(path, cover_note=desk.chance.choice((None, f"{desk.word()}\n{desk.word()}")))
    else:
        _change(path, number_printed=desk.chance.choice((None, desk.word())))


def add_issue(desk: Desk) -> None:
    """A new issue with an entry or two, perhaps of a new year."""
    year = desk.chance.choice((104, 105, 105, 106))
    edition = desk.chance.choice(("", "", "extra-", "supplement-"))
    folder = desk.content / f"gazette/{year}/{year}-{edition}{desk.chance.randrange(1, 9):03}"
    if folder.exists():
        return
    _write(folder / "issue.yaml", {"publication_date": desk.soon()})
    for _ in range(desk.chance.randrange(1, 3)):
        _add(desk, folder)


def delete_issue(desk: Desk) -> None:
    """An issue goes as a whole."""
    shutil.rmtree(desk.any_file("gazette/*/*/issue.yaml").parent)


def change_agency(desk: Desk) -> None:
    """An agency is called otherwise: now, or from a day on."""
    path = desk.content / "agencies.yaml"
    agencies = _read(path)
    names = desk.chance.choice(agencies)["names"]
    if desk.chance.random() < 0.5:
        names[-1]["name"] = f"測試市{desk.word()}局"
    elif not (day := names[-1].get("from")) or day < "2016-01-02":
        names[-1]["to"] = "2016-01-31"
        names.append({"name": f"測試市{desk.word()}處", "from": "2016-02-01"})
    _write(path, agencies)


def list_agencies(desk: Desk) -> None:
    """A new agency, or one less."""
    path = desk.content / "agencies.yaml"
    agencies = _read(path)
    if desk.chance.random() < 0.3:
        agencies.pop()
    else:
        name = f"new{desk.count}"
        parent = {"parent": desk.chance.choice(agencies)["id"]}
        agencies.append({"id": name, "names": [{"name": desk.word()}], **parent})
    _write(path, agencies)


def change_settings(desk: Desk) -> None:
    """Categories, topics and the site itself are called otherwise; new ones come."""
    path = desk.content / "site.yaml"
    site = _read(path)
    entries = desk.chance.choice((site["gazette"]["categories"], site["topics"]))
    what = desk.chance.randrange(4)
    if what == 0:
        desk.chance.choice(entries)["title"] = desk.word()
    elif what == 3:
        named = site.pop("title_en", None)
        site |= {} if named else {"title_en": f"Gazette {desk.word()}"}
    elif what == 1:
        desk.count += 1
        entries.append({"id": f"new_{desk.count}", "title": desk.word(), "title_en": "New"})
    else:
        site[desk.chance.choice(("title", "description", "contact"))] = f"公報 {desk.word()}"
    _write(path, site)


def change_visit(desk: Desk) -> None:
    """A visit: another title or summary, perhaps with a link."""
    path = desk.any_file("visits/*/*.yaml")
    new = desk.chance.choice(({"title": desk.word()}, {"summary": desk.link()}))
    _change(path, **new, agencies=desk.chance.choice((None, ["city"], ["culture"])))


def list_visits(desk: Desk) -> None:
    """A new visit, or one less; a picture with other bytes."""
    what, picture = desk.chance.randrange(4), desk.content / PICTURE
    if what == 0:
        path = desk.any_file("visits/*/*.yaml")
        path.unlink()
        shutil.rmtree(path.with_suffix(""), ignore_errors=True)
    elif what == 1 and picture.exists():
        size = (desk.chance.randrange(300, 1300), 300)  # of none, one or two smaller widths
        Image.new("RGB", size, desk.chance.choice(("red", "blue"))).save(picture)
    else:
        year = desk.chance.choice((104, 105))
        visit = {
            "title": desk.word(),
            "period": {"from": f"{year}-03-01", "to": f"{year}-03-02"},
            "date_precision": "day",
            "direction": "outgoing",
            "countries": ["JP"],
            "partners": desk.chance.choice(([], ["hachioji"])),
        }
        visit = {name: value for name, value in visit.items() if value}
        desk.count += 1
        _write(desk.content / f"visits/{year}/visit-{desk.count}.yaml", visit)


def change_partner(desk: Desk) -> None:
    """A partner's name or progress; a new partner."""
    path = desk.any_file("partners/*.yaml")
    if desk.chance.random() < 0.4:
        desk.count += 1
        _write(path.with_name(f"city-{desk.count}.yaml"), {**_read(path), "name": desk.word()})
    else:
        _change(path, **desk.chance.choice(({"name": desk.word()}, {"progress": desk.link()})))


def change_statistic(desk: Desk) -> None:
    """A statistic's title, note or topics; its day of publication."""
    new: tuple[dict[str, Any], ...] = (
        {"title": desk.word()},
        {"note": desk.word()},
        {"topics": desk.chance.choice((None, ["archives"]))},
        {"published_on": desk.soon()},
    )
    _change(desk.any_file("statistics/*.yaml"), **desk.chance.choice(new))


def change_report(desk: Desk) -> None:
    """A further sentence that cites a figure, another presenter, one section less."""
    section = desk.any_file("reports/*/[0-9]*.md")
    cited = desk.chance.choice(("fleet.總計.全期", "saving.104", "visits:mayor-visit.published_on"))
    do = desk.chance.choice(("cite", "present", "remove"))
    if do == "cite":
        _append(section, f"\n{desk.word()}{{{{ {cited} }}}}。\n")
    elif do == "present":
        presenter = {"name": desk.word(), "title": "處長"}
        _change(desk.any_file("reports/*/report.yaml"), presenter=presenter)
    elif len(desk.paths("reports/*/[0-9]*.md")) > 1:
        section.unlink()


def change_figure(desk: Desk) -> None:
    """Another figure, its total, and the revision that tells of it: reports that cite it follow."""
    more = desk.chance.randrange(1, 9)
    table = _read(path := desk.content / "statistics/fleet-next.yaml")
    for row in (table["rows"][0], table["rows"][-1]):
        row["values"] = [str(int(row["values"][0]) + more), row["values"][1], ""]
        row["values"][2] = str(sum(map(int, row["values"][:2])))
    note = {"date": desk.as_of.isoformat(), "note": f"上半增加 {more}。"}
    table["revisions"] = [*table.get("revisions", []), note]
    _write(path, table)


def change_page(desk: Desk) -> None:
    """A hand-written page: another title, a new paragraph with a link, a new page."""
    path = desk.any_file("pages/*.md")
    text = path.read_text("utf-8")
    what = desk.chance.randrange(3)
    if what == 0:
        path.write_text(text.replace("title: ", f"title: {desk.word().split(' ')[0]}", 1), "utf-8")
    elif what == 1:
        path.write_text(f"{text}\n{desk.link()}\n", "utf-8")
    else:
        desk.count += 1
        path.with_name(f"page-{desk.count}.md").write_text(text, "utf-8")


def move_on(desk: Desk) -> None:
    """The day goes on; now and then one builds for an earlier day again."""
    desk.as_of += timedelta(days=desk.chance.choice((1, 1, 7, 30, 90, -20)))


def change_theme(desk: Desk) -> None:
    """The site's look: its stylesheet, its templates, its settings."""
    what = desk.chance.randrange(4)
    if what == 0:
        _append(desk.project / "theme/assets/styles/gongbao.css", f"/* {desk.word()} */\n")
    elif what == 1:
        _append(desk.project / "theme/main.html", f"{{# {desk.word()} #}}<!-- {desk.count} -->\n")
    elif what == 2:
        _swap(desk.project / "mkdocs.yml", "assets/icon.svg", f"assets/icon.svg?{desk.count}")
    else:
        program = desk.project / "generator"
        templates = (*program.glob("output/templates/*"), *program.glob("kinds/*/templates/*"))
        path = desk.chance.choice(sorted(path for path in templates if path.suffix == ".html"))
        _append(path, f"<!-- {desk.count} -->\n")


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def _swap(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


EDITS: tuple[tuple[Callable[[Desk], None], int], ...] = (
    (retitle_entry, 4),
    (describe_entry, 3),
    (reassign_entry, 2),
    (relate_entry, 4),
    (expire_entry, 2),
    (shield_entry, 2),
    (revise_entry, 1),
    (attach_file, 3),
    (add_entry, 4),
    (delete_entry, 3),
    (rename_entry, 3),
    (change_issue, 4),
    (add_issue, 3),
    (delete_issue, 1),
    (change_agency, 2),
    (list_agencies, 2),
    (change_settings, 2),
    (change_visit, 2),
    (list_visits, 2),
    (change_partner, 2),
    (change_statistic, 2),
    (change_report, 3),
    (change_figure, 2),
    (change_page, 2),
    (move_on, 4),
    (change_theme, 2),
)
"""Every edit with its weight."""


def edit(desk: Desk) -> str:
    """Does something to the site; what it was. `desk.undo` takes it back."""
    before = {root: _contents(root) for root in (desk.content, desk.project)}
    day = desk.as_of
    chosen = desk.chance.choices([do for do, _ in EDITS], [weight for _, weight in EDITS])[0]
    chosen(desk)

    def undo() -> None:
        desk.as_of = day
        for root, files in before.items():
            _restore(root, files)

    desk.undo = undo
    return chosen.__name__


def _contents(root: Path) -> dict[Path, bytes]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path: path.read_bytes() for path in files if "__pycache__" not in path.parts}


def _restore(root: Path, files: dict[Path, bytes]) -> None:
    """Writes back what differs and nothing else: untouched files stay as old as they are."""
    now = _contents(root)
    for path in now.keys() - files.keys():
        path.unlink()
    for path, content in files.items():
        if now.get(path) != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
