"""Kills a mailing to 1,000 recipients at 50 random moments, and counts what each of them got.

    python tests/audit/kill_mail.py --recipients 1000 --kills 50

The server refuses at random for now and for good; a fixed seed chooses both.  Each recipient must
have one mail, or none and stand in the journal as refused or uncertain; nobody may have two, and a
kill leaves at most one uncertain.  With `--other-parser` the mails are read by the package
mail-parser too, which has to be installed for that.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from importlib import import_module
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

sys.path.insert(0, str(Path(__file__).parents[1]))

from mail_server import HOST, PASSWORD, USER, serving
from sample_sites import SITES, build_site

from generator.commands import _mailing
from generator.commands._cli import main
from generator.commands._console import CONTENT
from generator.commands._mail_journal import Journal, State

SEED, ISSUE = 30, "105-001"
CHANCES = {
    "MAIL": (("421 closing", 0.004), ("451 busy", 0.01)),
    "RCPT": (("450 later", 0.06), ("550 no such user", 0.03), ("421 closing", 0.01)),
    "END": (("452 full", 0.03), ("554 refused", 0.02)),
}
"""By command, what the server says, and how often."""


class Moments:
    """The server's answers by chance, and the moments at which the run is killed."""

    def __init__(self) -> None:
        self.seen = Counter[tuple[str, str]]()
        self.left, self.due = 0, Event()

    def answer(self, command: str, receiver: str) -> str:
        """An answer that depends on seed, command, receiver and attempt alone."""
        if self.left:
            self.left -= 1
            if not self.left:
                self.due.set()
        self.seen[command, receiver] += 1
        chance = random.Random(
            f"{SEED} {command} {receiver} {self.seen[command, receiver]}"
        ).random()
        for said, share in CHANCES.get(command, ()):
            if chance < share:
                return said
            chance -= share
        return ""


def run(typed: list[str], moments: Moments, chance: random.Random, commands: int) -> int | None:
    """Runs the command in a process of its own; its exit code, None if it was killed.

    It is killed a moment after the server's next `commands` commands; 0 lets it end.
    """
    moments.due.clear()
    moments.left = commands
    child = os.fork()
    if not child:
        with redirect_stderr(StringIO()):
            os._exit(main(typed))
    while True:
        due = moments.due.wait(0.001)
        if due:
            time.sleep(chance.uniform(0, 0.006))
            os.kill(child, signal.SIGKILL)
        ended, status = os.waitpid(child, 0 if due else os.WNOHANG)
        if ended:
            moments.left = 0
            return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else None


def check_mails(mails: list[bytes], *, other: bool) -> None:
    """Reads every mail as a client would: subject, receiver, and the same links in both parts."""
    read: Callable[[bytes], object] | None = None
    if other:
        read = import_module("mailparser").parse_from_bytes
    subjects = set()
    for mail in mails:
        message = message_from_bytes(mail, policy=default)
        assert isinstance(message, EmailMessage)
        assert not message.defects
        assert max(map(len, mail.split(b"\r\n"))) < 998
        subjects.add(str(message["Subject"]))
        bodies = [message.get_body((sort,)) for sort in ("plain", "html")]
        texts = [body.get_content() for body in bodies if body]
        check_parts(*texts)
        if read:
            parsed: object = read(mail)
            subjects.add(str(getattr(parsed, "subject", "")))
            check_parts(
                getattr(parsed, "text_plain", [""])[0], getattr(parsed, "text_html", [""])[0]
            )
    print(f"{len(mails)} mails read, subjects: {subjects}")
    assert len(subjects) == 1


def check_parts(text: str, html: str) -> None:
    """Each link of the text stands in the HTML, once and in the same order."""
    links = [line for line in text.split() if line.startswith("https://") and "/gazette/" in line]
    places = [html.index(f'href="{link}"') for link in links]
    assert len(links) > 1
    assert places == sorted(places)
    assert html.count('class="entry"') == len(links)


def trial(folder: Path, recipients: int, kills: int, *, other: bool) -> None:
    """Builds a site, sends one of its issues in runs that are killed, and counts."""
    build_site(SITES / "full", folder)
    everybody = [f"reader{number}@city.example" for number in range(recipients)]
    (folder / "readers").write_text("\n".join(everybody), "utf-8")
    os.environ |= {"GONGBAO_SMTP_USER": USER, "GONGBAO_SMTP_PASSWORD": PASSWORD}
    _mailing.WAITS = (0.0,) * 6
    chance, moments, killed, codes = random.Random(SEED), Moments(), 0, list[int]()
    with serving(folder, moments.answer) as server:
        typed = [
            *("mail", ISSUE, "--content", str(SITES / "full"), "--as-of=2016-06-01", "--lang=en"),
            *(f"--work={folder}/build", f"--site={folder}/site", f"--ca={server.certificate}"),
            *("--server", f"{HOST}:{server.port}", "--recipients", str(folder / "readers")),
        ]
        most = max(4 * recipients // max(kills, 1), 1)  # a mail takes three commands and more
        while killed < kills and len(codes) < kills:
            code = run(typed, moments, chance, chance.randint(1, most))
            killed += code is None
            codes += [code] if code is not None else []
        while not codes or codes[-1] == CONTENT:
            codes.append(run(typed, moments, chance, 0) or 0)
        taken, mails = Counter(who for who, _ in server.taken), [mail for _, mail in server.taken]
    report(folder, everybody, taken, killed)
    check_mails(mails, other=other)


def report(folder: Path, everybody: list[str], taken: Counter[str], killed: int) -> None:
    """Prints the counts; raises `AssertionError` where one is wrong."""
    journal = Journal(folder / f"readers.{ISSUE}.journal", ISSUE)
    journal.close()
    states = Counter(journal.states.get(who) for who in everybody)
    counts = Counter(taken[who] for who in everybody)
    print(f"{killed} kills; mails a recipient: {dict(counts)}; journal: {dict(states)}")
    uncertain = [who for who in everybody if journal.states.get(who) is State.BEGUN]
    print(f"of those uncertain {sum(taken[who] for who in uncertain)} have their mail")
    assert max(counts) == 1
    assert len(uncertain) <= killed
    for who in everybody:
        state = journal.states.get(who)
        assert state in (State.SENT, State.REFUSED, State.BEGUN), who
        assert taken[who] == 1 if state is State.SENT else True, who
        assert taken[who] == 0 if state is State.REFUSED else True, who


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipients", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--other-parser", action="store_true")
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        trial(Path(name), given.recipients, given.kills, other=given.other_parser)
