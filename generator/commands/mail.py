"""`gongbao mail`: writes the newsletter of an issue or week as a mail, and sends it if it may.

Nothing goes out that readers cannot see: the site must be official, show all records of the letter
as they are in the content, and have sealed them if it seals.
"""

from __future__ import annotations

import re
import ssl
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from generator.build.examine import examine
from generator.build.options import Options
from generator.commands._command_lines import command_line
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.commands._job_options import whole_number
from generator.commands._mail_journal import Journal, JournalRefused, State
from generator.commands._mail_server import Connection, Server, ServerGone
from generator.commands._mailing import Mailing, Pace
from generator.commands._recipients import (
    RecipientsRefused,
    folder_within,
    line_numbers,
    read_recipients,
)
from generator.content.messages import LANGUAGES
from generator.content.model import Beside, Letter
from generator.content.settings import Newsletter
from generator.output.formats.letter_mail import addressed, letter_mail
from generator.release.ownership import MAILS
from generator.release.publish import publication
from generator.release.site_mark import read_mark
from generator.release.write import write_file
from generator.site.kind import Site
from generator.site.plan import shown

SUBMISSION, SUBMISSION_TLS = 587, 465
"""The ports for mails of users: with STARTTLS, and with TLS from the first byte (RFC 8314)."""
UNCERTAIN, REFUSED, ALL = "uncertain", "refused", "all"


class Receivers(Struct, frozen=True, kw_only=True):
    """The addresses with their lines, and the file in which the journal is kept."""

    places: Mapping[str, int]
    journal: Path


class MailRefused(Exception):  # noqa: N818 -- the user's to mend, not an error of ours
    """The mail may not be sent: `line` is the message that says why, with its values."""

    def __init__(self, line: str, **values: object) -> None:
        super().__init__(line)
        self.line, self.values = line, values


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    examined = examine(options)
    if examined.site is None:
        console.report(examined.problems)
        return console.close(examined, options)
    try:
        return _mail(examined.site, options, chosen, console)
    except MailRefused as refused:
        console.tell(refused.line, **refused.values)
    except JournalRefused as refused:
        console.tell(f"mail-journal-{refused.detail}", reason=refused.reason)
    return USAGE


def _mail(whole: Site, options: Options, chosen: Namespace, console: Console) -> int:
    """Writes the mail, and sends it; raises `MailRefused` and `JournalRefused`."""
    site = shown(whole, draft=False)
    newsletter = site.settings.newsletter
    if newsletter is None:
        raise MailRefused("mail-none")
    letter = _letter(chosen.letter, site)
    if letter is None:
        later = _letter(chosen.letter, whole) is not None
        raise MailRefused("mail-later" if later else "mail-unknown", letter=chosen.letter)
    try:
        mail = letter_mail(letter, site.settings, options.loader)
    except ModuleNotFoundError:
        raise MailRefused("mail-extra") from None
    file, content = options.work / MAILS / f"{letter.id}.eml", addressed(mail, newsletter.to)
    with publication(options.place, options.content):
        write_file(file, content)
    entries = sum(len(part.entries) for part in letter.parts)
    size = f"{len(content) / 1000:.1f} kB"
    console.remark("mail-written", file=file, title=letter.title, entries=entries, size=size)
    refuse_unready(letter, site, options.site)
    if chosen.server is None and not chosen.dry_run:
        console.remark("mail-unsent")
        return CLEAN
    receivers = _receivers(newsletter, letter, options, chosen)
    server = _server(newsletter, chosen, console) if chosen.server else None
    if chosen.dry_run and not receivers.journal.exists():
        console.tell("mail-dry", count=len(receivers.places), sent=0)
        return CLEAN
    journal = Journal(receivers.journal, letter.id)
    try:
        return _deliver(mail, receivers, journal, server, chosen, console)
    finally:
        journal.close()


def _letter(id_: str, site: Site) -> Letter | None:
    return next(filter(None, (view.letter(site, id_) for view in site.views)), None)


def refuse_unready(letter: Letter, site: Site, folder: Path) -> None:
    """Raises `MailRefused` unless readers of the site in a folder see all that the letter names."""
    if not site.settings.official:
        raise MailRefused("mail-demonstration")
    records = [record for ref in letter.records if (record := site.archive.find(ref))]
    kinds = [(record, site.kind(record)) for record in records]
    mark = read_mark(folder)
    pages = (letter.address, *(kind.address(record) for record, kind in kinds if kind.page))
    whole = all((folder / page / Beside.PAGE).is_file() for page in pages)
    if not (mark and mark.release and whole):
        raise MailRefused("mail-not-shown", site=folder)
    for document in (d for record, kind in kinds for d in kind.documents(record, site)):
        file = folder / document.address
        if not (file.is_file() and file.read_bytes() == document.make()):
            raise MailRefused("mail-differs", address=document.address)
    if site.settings.sealed:
        unsealed = [r.ref for r, kind in kinds if kind.sealed and site.seal(r) is None]
        if unsealed:
            raise MailRefused("mail-unsealed", record=unsealed[0])


def _receivers(
    newsletter: Newsletter, letter: Letter, options: Options, chosen: Namespace
) -> Receivers:
    """The recipients of the file, or the site's list; raises `MailRefused`."""
    places, journal = {newsletter.to: 1}, chosen.journal
    if chosen.recipients:
        named = chosen.recipients
        journal = journal or named.with_name(f"{named.name}.{letter.id}.journal")
        _keep_outside(named, options)
        try:
            places = read_recipients(named.read_bytes())
        except OSError as fault:
            raise MailRefused("unreadable", file=fault.filename) from None
        except RecipientsRefused as refused:
            lines = ", ".join(map(str, refused.lines))
            raise MailRefused("mail-lines", file=named, lines=lines) from None
        if not places:
            raise MailRefused("mail-nobody", file=named)
    elif not newsletter.to:
        raise MailRefused("mail-to")
    elif journal is None:
        raise MailRefused("mail-journal")
    _keep_outside(journal, options)
    return Receivers(places=places, journal=journal)


def _keep_outside(file: Path, options: Options) -> None:
    folder = folder_within(file, options.content, (options.work, options.site, options.ledger))
    if folder is not None:
        raise MailRefused("mail-inside", file=file, folder=folder)


def _server(newsletter: Newsletter, chosen: Namespace, console: Console) -> Server:
    """The server as the options name it; raises `MailRefused` for unreadable certificates."""
    host, port = chosen.server
    implicit = chosen.implicit_tls or port == SUBMISSION_TLS
    try:
        context = ssl.create_default_context(cafile=chosen.ca)
    except OSError:
        raise MailRefused("mail-ca", file=chosen.ca) from None
    return Server(
        host=host,
        port=port or (SUBMISSION_TLS if implicit else SUBMISSION),
        implicit=implicit,
        context=context,
        sender=newsletter.from_.mail,
        login=console.login(),
    )


def _deliver(
    mail: bytes,
    receivers: Receivers,
    journal: Journal,
    server: Server | None,
    chosen: Namespace,
    console: Console,
) -> int:
    """Sends to everybody who has not got the mail, and tells of the rest."""
    everybody = tuple(receivers.places)
    if chosen.again == ALL and server and not chosen.dry_run:
        journal.begin_round()
    again = {UNCERTAIN: State.BEGUN, REFUSED: State.REFUSED}.get(chosen.again)
    open_states = (None, State.DEFERRED, again)
    waiting = [r for r in everybody if journal.states.get(r.lower()) in open_states]
    if chosen.dry_run or server is None:
        waiting = list(everybody) if chosen.again == ALL else waiting
        console.tell("mail-dry", count=len(waiting), sent=_count(State.SENT, everybody, journal))
        _tell_rest(receivers, journal, console)
        return CLEAN
    if not waiting:
        _tell_rest(receivers, journal, console)
        raise MailRefused("mail-done", journal=journal.path)

    def rest(count: int, seconds: float) -> None:
        console.remark("mail-wait", count=count, seconds=int(seconds))
        console.pause(seconds)

    pace = Pace(chosen.rate or 0, console.clock, console.pause)
    mailing = Mailing(Connection(server), journal, mail, pace, rest)
    try:
        mailing.send(waiting)
        gone = mailing.gone
    except ServerGone as fault:
        gone = fault
    console.tell("mail-sent", count=_count(State.SENT, everybody, journal), all=len(everybody))
    whole = _tell_rest(receivers, journal, console)
    if gone:
        place = f"{server.host}:{server.port}"
        console.tell(f"mail-server-{gone.detail}", server=place, reason=gone.reason)
        return USAGE
    return CLEAN if whole else CONTENT


def _count(state: State, everybody: Iterable[str], journal: Journal) -> int:
    return sum(journal.states.get(receiver.lower()) is state for receiver in everybody)


def _tell_rest(receivers: Receivers, journal: Journal, console: Console) -> bool:
    """Tells the lines of those who have not got the mail for sure; whether there are none."""
    whole = True
    for line, states in _REST.items():
        rest = [r for r in receivers.places if journal.states.get(r.lower()) in states]
        if rest:
            whole = False
            console.tell(line, count=len(rest), lines=line_numbers(rest, receivers.places))
    return whole


_REST: Mapping[str, tuple[State | None, ...]] = {
    "mail-rest-waiting": (None, State.DEFERRED),
    "mail-rest-refused": (State.REFUSED,),
    "mail-rest-uncertain": (State.BEGUN,),
}


_PORT = re.compile("[0-9]{1,5}")


def _server_name(text: str) -> tuple[str, int]:
    """Host and port of `HOST[:PORT]`, 0 for none; an IPv6 address with a port is in brackets."""
    host, colon, port = text.rpartition(":")
    if not colon or (host.count(":") and not host.endswith("]")):
        host, port = text, "0"
    host = host.removeprefix("[").removesuffix("]")
    if not (host and _PORT.fullmatch(port) and int(port) < 1 << 16):
        raise ArgumentTypeError(command_line("wrong-server", LANGUAGES[1], value=text))
    return host, int(port)


COMMAND = Command(
    name="mail",
    run=_run,
    options={
        "letter": {"metavar": "ISSUE"},
        "--server": {"type": _server_name, "metavar": "HOST[:PORT]"},
        "--implicit-tls": {"action": "store_true"},
        "--ca": {"type": Path, "metavar": "FILE"},
        "--recipients": {"type": Path, "metavar": "FILE"},
        "--journal": {"type": Path, "metavar": "FILE"},
        "--rate": {"type": whole_number, "metavar": "N"},
        "--again": {"choices": (UNCERTAIN, REFUSED, ALL)},
        "--dry-run": {"action": "store_true"},
    },
    rank=60,
)
