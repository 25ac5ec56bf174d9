"""`gongbao mail`: each receiver gets a letter once, or stands in the journal with the reason."""

from __future__ import annotations

import os
import shutil
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from mail_server import (
    HOST,
    PASSWORD,
    USER,
    Answer,
    MailServer,
    serving,
    take_all,
    write_certificate,
)
from sample_sites import SITES

from generator.build.examine import examine
from generator.build.options import Options
from generator.commands import _mailing
from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT, USAGE
from generator.commands._mail_journal import Journal, JournalRefused, State
from generator.commands._mail_server import Answer as Answered
from generator.commands._mail_server import Connection, Fate, Server, ServerGone
from generator.commands._mailing import Mailing, Pace
from generator.commands._recipients import (
    RecipientsRefused,
    folder_within,
    line_numbers,
    read_recipients,
)
from generator.commands.mail import MailRefused, refuse_unready
from generator.site.plan import shown

READERS = ("ann@one.example", "ben@two.example", "cy@three.example", "di@four.example")
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with a server's certificate, made once."""
    folder = tmp_path_factory.mktemp("certificate")
    write_certificate(folder / "server.pem")
    return folder


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_mailing, "WAITS", (0.0, 0.0))


class Sending:
    """A mailing of one mail to a server, run as often as a test wants."""

    def __init__(self, server: MailServer, folder: Path) -> None:
        self.server, self.path = server, folder / "journal"
        self.mail = b"Subject: a\r\n\r\n.a line with a dot\r\n"
        self.waits: list[tuple[int, float]] = []

    def run(self, receivers: Sequence[str] = READERS) -> dict[str, State]:
        """Sends to those whom the journal does not have; returns what it says then."""
        context = ssl.create_default_context(cafile=self.server.certificate)
        server = Server(
            host=HOST,
            port=self.server.port,
            implicit=False,
            context=context,
            sender="gazette@city.example",
            login=(USER, PASSWORD),
        )
        journal = Journal(self.path, "105-001")
        try:
            rest = [r for r in receivers if journal.states.get(r) in (None, State.DEFERRED)]
            pace = Pace(0, lambda: 0.0, lambda seconds: None)
            wait: Callable[[int, float], None] = lambda count, seconds: self.waits.append(  # noqa: E731
                (count, seconds)
            )
            Mailing(Connection(server), journal, self.mail, pace, wait).send(rest)
            return dict(journal.states)
        finally:
            journal.close()

    @property
    def got(self) -> list[str]:
        """The receivers whose mail the server has taken, each as often as it has."""
        return sorted(receiver for receiver, _ in self.server.taken)


@pytest.fixture
def sending(certificate: Path, tmp_path: Path) -> Iterator[Callable[[Answer], Sending]]:
    """A maker of mailings to a server with the given answers."""
    servers = []

    def start(answer: Answer) -> Sending:
        servers.append(MailServer(certificate, answer))
        return Sending(servers[-1], tmp_path)

    yield start
    for server in servers:
        server.stop()


Start = Callable[[Answer], Sending]


def test_each_receiver_gets_one_mail_to_itself(sending: Start) -> None:
    """Each mail names its own receiver alone, and arrives as it was."""
    run = sending(take_all)
    assert set(run.run().values()) == {State.SENT}
    assert run.got == sorted(READERS)
    for receiver, content in run.server.taken:
        assert content == f"To: {receiver}\r\nSubject: a\r\n\r\n.a line with a dot\r\n".encode()
    assert run.run() == dict.fromkeys(READERS, State.SENT)
    assert len(run.server.taken) == len(READERS)


@pytest.mark.parametrize("command", ["RCPT", "END"])
def test_refusals_for_good_are_listed(sending: Start, command: str) -> None:
    """A receiver that the server refuses is not tried again, and the others get their mail."""
    run = sending(lambda at, who: "550 no" if (at, who) == (command, READERS[1]) else "")
    states = run.run()
    assert states.pop(READERS[1]) is State.REFUSED
    assert set(states.values()) == {State.SENT}
    assert run.waits == []
    assert f"refused\t{READERS[1]}\t550 no\n" in run.path.read_text("utf-8")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("MAIL", "451 later"),
        ("RCPT", "450 later"),
        ("RCPT", "421 closing"),
        ("END", "452 full"),
        ("END", "421 closing"),
    ],
)
def test_what_is_refused_for_now_is_tried_again(sending: Start, command: str, said: str) -> None:
    """After a temporary refusal it goes on, over a new connection if need be."""
    refused: list[str] = []

    def answer(at: str, who: str) -> str:
        if at == command and len(refused) < 2:
            refused.append(who)
            return said
        return ""

    run = sending(answer)
    assert set(run.run().values()) == {State.SENT}
    assert run.got == sorted(READERS)
    assert run.waits == [(2, 0.0)]


def test_a_connection_lost_before_the_end_of_a_text_is_no_doubt(sending: Start) -> None:
    """The server cannot have taken the mail then, so that it is sent again."""
    fates = {"TEXT": "lost"}
    run = sending(lambda at, who: fates.pop(at, ""))
    run.mail = b"Subject: a\r\n\r\n" + b"%s\r\n" % (b"a" * 900) * 18_000  # no system keeps it
    assert run.run(READERS[:1]) == {READERS[0]: State.SENT}
    assert run.got == [READERS[0]]


class Away(Connection):
    """A connection to a server that takes one mail and then goes away."""

    def __init__(self) -> None:
        self.mails = 0

    def prepare(self, receiver: str) -> Answered:
        """Takes the first mail."""
        del receiver
        if self.mails:
            raise ServerGone("lost", "away", final=False)
        return Answered(Fate.TAKEN, "")

    def hand_over(self, mail: bytes) -> Answered:
        """Counts the mail."""
        self.mails += len(mail) > 0
        return Answered(Fate.TAKEN, "250 OK")

    def close(self) -> None:
        """Has nothing to close."""


def test_a_server_that_goes_away_is_waited_for(tmp_path: Path) -> None:
    """The others wait for the next run, without a line for each; the reason is kept."""
    waits: list[tuple[int, float]] = []
    journal = Journal(tmp_path / "journal", "105-001")

    def rest(count: int, seconds: float) -> None:
        waits.append((count, seconds))

    pace = Pace(0, lambda: 0.0, lambda seconds: None)
    mailing = Mailing(Away(), journal, b"\r\n", pace, rest)
    mailing.send(READERS)
    journal.close()
    assert journal.states == {READERS[0]: State.SENT}
    assert waits == [(3, 0.0)] * 2
    assert mailing.gone is not None
    assert (mailing.gone.detail, mailing.gone.reason) == ("lost", "away")


def test_what_is_refused_for_now_until_the_end_waits_for_the_next_run(sending: Start) -> None:
    """A run has a last pass; the next run begins with what is left."""
    patience = [9]

    def answer(at: str, who: str) -> str:
        if at == "RCPT" and who == READERS[0] and patience[0]:
            patience[0] -= 1
            return "450 later"
        return ""

    run = sending(answer)
    assert run.run()[READERS[0]] is State.DEFERRED
    assert len(run.waits) == len(_mailing.WAITS)
    patience[0] = 0
    assert run.run()[READERS[0]] is State.SENT
    assert run.got == sorted(READERS)


@pytest.mark.parametrize(
    ("said", "times"), [("lost", 0), ("lost after", 1), ("354 what", 0), ("hello", 0)]
)
def test_what_nobody_knows_is_not_sent_again(sending: Start, said: str, times: int) -> None:
    """Without an answer to a whole mail it is uncertain, whether the server took it or not."""
    run = sending(lambda at, who: said if (at, who) == ("END", READERS[2]) else "")
    for _ in range(2):
        states = run.run()
        assert states.pop(READERS[2]) is State.BEGUN
        assert set(states.values()) == {State.SENT}
    assert run.got.count(READERS[2]) == times


def test_a_run_killed_between_mail_and_answer_leaves_one_uncertain(sending: Start) -> None:
    """A journal that ends in a begun line, or in a torn one, is read as far as it is sure."""
    run = sending(take_all)
    head = "letter\t105-001\t\n"
    run.path.write_text(
        f"{head}begun\t{READERS[0]}\t\nbegun\t{READERS[1]}\t\nsent\t{READERS[1][:4]}"
    )
    states = run.run()
    assert [states[reader] for reader in READERS] == [
        *(State.BEGUN, State.BEGUN),
        *(State.SENT, State.SENT),
    ]
    assert run.got == sorted(READERS[2:])
    assert f"\nsent\t{READERS[1][:4]}\nbegun\t" in run.path.read_text("utf-8")
    run.path.write_text(head[:9])  # killed as it began
    assert set(run.run().values()) == {State.SENT}


def test_a_line_is_on_the_disk_before_a_mail_is_handed_over(sending: Start) -> None:
    """When the server gets a text, the journal says so; when it has answered, that too."""
    seen: list[str] = []

    def answer(at: str, who: str) -> str:
        if at in ("RCPT", "END"):
            seen.append(run.path.read_text("utf-8").splitlines()[-1] + f" at {at} of {who}")
        return ""

    run = sending(answer)
    run.run(READERS[:2])
    first, second = READERS[:2]
    assert seen == [
        f"letter\t105-001\t at RCPT of {first}",
        f"begun\t{first}\t at END of {first}",
        f"sent\t{first}\t250 OK at RCPT of {second}",
        f"begun\t{second}\t at END of {second}",
    ]


def test_a_journal_is_of_one_letter_and_one_run(tmp_path: Path) -> None:
    """Another file, a journal of another letter, a link and a run at work are refused."""
    journal = Journal(tmp_path / "a", "105-001")
    with pytest.raises(JournalRefused, match="busy"):
        Journal(tmp_path / "a", "105-001")
    journal.close()
    (tmp_path / "list").write_text("ann@one.example\n")
    (tmp_path / "link").symlink_to("a")
    for name, letter, detail in (("a", "105-002", "other"), ("list", "105-001", "other")):
        with pytest.raises(JournalRefused, match=detail):
            Journal(tmp_path / name, letter)
    with pytest.raises(JournalRefused, match="link"):
        Journal(tmp_path / "link", "105-001")
    with pytest.raises(JournalRefused, match="disk"):
        Journal(tmp_path / "none/a", "105-001")
    assert (tmp_path / "list").read_text() == "ann@one.example\n"
    assert (tmp_path / "a").stat().st_mode & 0o077 == 0


def test_the_pace_is_kept() -> None:
    """Of 30 mails a minute each waits until two seconds after the one before."""
    seconds, waits = [0.0], list[float]()

    def pause(wait: float) -> None:
        waits.append(wait)
        seconds[0] += wait

    pace = Pace(30, lambda: seconds[0], pause)
    for took in (0.5, 0.5, 3.0, 0.0):
        pace.wait()
        seconds[0] += took
    pace.wait()
    assert waits == [1.5, 1.5, 2.0]


WRONG = (
    "ann",
    "ann@host",
    "ann@one.example, ben@two.example",
    "Ann <ann@one.example>",
    "ann one@one.example",
    "ann@one.example\rBcc: x@y.example",
    "ann@one.example\x00",
    "王@one.example",
    "ann@例.example",
    ".ann@one.example",
    "ann@-one.example",
    f"{'a' * 65}@one.example",
    f"ann@{'a.' * 130}example",
)


@pytest.mark.parametrize("line", WRONG)
def test_no_line_adds_a_header_or_a_receiver(line: str) -> None:
    """What is no address in ASCII stops the run, by its line."""
    with pytest.raises(RecipientsRefused) as refused:
        read_recipients(f"# readers\n\nben@two.example\n{line}\n".encode())
    assert refused.value.lines == (4,)


def test_recipients_are_read_as_editors_save_them() -> None:
    """With byte order mark, both line ends, comments, blanks; whoever stands twice counts once."""
    first = b"\xef\xbb\xbfann@one.example\r\n# gone: x@y.example\r\n"
    second = b"  o'neil+news@a-b.example \nANN@one.example"
    assert read_recipients(first + second) == {"ann@one.example": 1, "o'neil+news@a-b.example": 3}


def test_lines_are_told_in_runs() -> None:
    """A thousand neighbours are one run."""
    places = {str(number): number for number in range(1, 2000)}
    told = [1, 3, 4, *range(900, 1900), 1999]
    assert line_numbers(map(str, told), places) == "1, 3-4, 900-1899, 1999"


def test_recipients_lie_outside_the_repository(tmp_path: Path) -> None:
    """Neither the file nor where links lead may lie in it, in the site or in the work folder."""
    repository, outside, site = tmp_path / "repository", tmp_path / "outside", tmp_path / "www"
    content = repository / "sites/content"
    for folder in (repository / ".git", content, outside, site):
        folder.mkdir(parents=True)
    (repository / "list").write_text("")
    (outside / "list").write_text("")
    (outside / "link").symlink_to(repository / "list")
    (outside / "folder").symlink_to(repository)
    (repository / "out").symlink_to(outside / "list")
    (tmp_path / "way").symlink_to(repository)

    def within(path: Path, at: Path = content) -> bool:
        return folder_within(path, at, (site,)) is not None

    inside = (
        "repository/list",
        "outside/link",
        "outside/folder/list",
        "repository/out",
        "www/list",
    )
    for name in (*inside, "outside/../repository/list"):
        assert within(tmp_path / name), name
    assert within(repository / "list", tmp_path / "way/sites/content")
    assert not within(outside / "list")
    assert not within(tmp_path / "repository-list")


@pytest.fixture(scope="module")
def published(full_site: Options, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the full sample's site, for runs with a work folder of their own."""
    root = tmp_path_factory.mktemp("published")
    shutil.copytree(full_site.site, root / "site")
    return root


class Typed:
    """The command as it is typed, for issue 105-001 of the full sample unless it names another."""

    def __init__(self, root: Path, folder: Path, capsys: Captured) -> None:
        self._root, self._capsys = root, capsys
        self.readers = folder / "readers"
        self.readers.write_text("\n".join(READERS), "utf-8")

    def __call__(self, *words: str, issue: str = "105-001") -> tuple[int, str]:
        """How the command ended, and what it said."""
        folders = (f"--work={self._root}/build", f"--site={self._root}/site")
        given = ("--content", str(SITES / "full"), *folders, "--as-of=2016-06-01", "--lang=en")
        self._capsys.readouterr()
        code = main(["mail", issue, *given, *words])
        return code, "".join(self._capsys.readouterr())

    def send(self, server: MailServer, *words: str) -> tuple[int, str]:
        """The same with server, certificate and recipients."""
        way = ("--server", f"{HOST}:{server.port}", "--ca", str(server.certificate))
        return self(*way, "--recipients", str(self.readers), *words)


@pytest.fixture
def typed(
    published: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> Typed:
    """The command with the login in the environment."""
    monkeypatch.setenv("GONGBAO_SMTP_USER", USER)
    monkeypatch.setenv("GONGBAO_SMTP_PASSWORD", PASSWORD)
    return Typed(published, tmp_path, capsys)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the server's library sees no implicit TLS
@pytest.mark.parametrize("implicit", [False, True])
def test_an_issue_goes_to_its_readers_once(
    typed: Typed, certificate: Path, published: Path, *, implicit: bool
) -> None:
    """It is sent over TLS, and a second run refuses; both leave the same `.eml`."""
    with serving(certificate, implicit=implicit) as server:
        way = ("--implicit-tls",) if implicit else ()
        code, said = typed.send(server, *way)
        assert (code, "taken the mails of 4 of 4 recipients" in said) == (CLEAN, True)
        file = published / "build/newsletter/105-001.eml"
        written = file.read_bytes()
        for receiver, content in server.taken:
            assert content == written.replace(b"gazette-list@city.example", receiver.encode())
        assert sorted(receiver for receiver, _ in server.taken) == sorted(READERS)
        code, said = typed.send(server, *way)
        assert (code, "was sent before" in said) == (USAGE, True)
        assert len(server.taken) == len(READERS)
        assert file.read_bytes() == written
        assert not any(reader in said for reader in READERS)


def test_doubts_and_refusals_are_sent_again_on_request(typed: Typed, certificate: Path) -> None:
    """`--again` names who gets the mail once more; the others do not."""
    fates = {("RCPT", READERS[0]): "550 no", ("END", READERS[1]): "lost"}
    with serving(certificate, lambda at, who: fates.pop((at, who), "")) as server:
        code, said = typed.send(server)
        assert code == CONTENT
        assert "refuses 1 recipient, lines 1 of" in said
        assert "In doubt for 1 recipient, lines 2 of" in said
        assert sorted(who for who, _ in server.taken) == sorted(READERS[2:])
        assert typed.send(server, "--again", "uncertain")[0] == CONTENT
        assert typed.send(server, "--again", "refused")[0] == CLEAN
        assert sorted(who for who, _ in server.taken) == sorted(READERS)
        assert typed.send(server, "--again", "all", "--dry-run")[0] == CLEAN
        assert len(server.taken) == len(READERS)
        assert typed.send(server, "--again", "all")[0] == CLEAN
        assert sorted(who for who, _ in server.taken) == sorted(READERS * 2)


def test_a_dry_run_and_a_file_for_a_list_server_send_nothing(typed: Typed) -> None:
    """Without `--server` the mail is written alone; `--dry-run` says to how many it would go."""
    code, said = typed()
    assert (code, "Nothing was sent" in said) == (CLEAN, True)
    code, said = typed("--dry-run", "--recipients", str(typed.readers))
    assert (code, "would go to 4 recipients" in said) == (CLEAN, True)
    assert sorted(path.name for path in typed.readers.parent.iterdir()) == ["readers"]


def test_the_address_of_a_list_gets_one_mail(
    typed: Typed, certificate: Path, tmp_path: Path
) -> None:
    """Without recipients the mail goes to the list that the settings name; its journal is named."""
    with serving(certificate) as server:
        way = ("--server", f"{HOST}:{server.port}", "--ca", str(server.certificate))
        code, said = typed(*way)
        assert (code, "--journal" in said) == (USAGE, True)
        journal = ("--journal", str(tmp_path / "journal"))
        assert typed(*way, *journal)[0] == CLEAN
        assert typed(*way, *journal)[0] == USAGE
        assert [who for who, _ in server.taken] == ["gazette-list@city.example"]


def test_no_mail_goes_to_a_server_that_is_not_proved(typed: Typed, certificate: Path) -> None:
    """Another's certificate, a wrong login, no server: it stops before anything is sent."""
    with serving(certificate) as server:
        way = ("--server", f"{HOST}:{server.port}", "--recipients", str(typed.readers))
        code, said = typed(*way)
        assert (code, "certificate of the mail server" in said) == (USAGE, True)
        code, said = typed(*way, "--ca", str(typed.readers))
        assert (code, "is no file of certificates" in said) == (USAGE, True)
        os.environ["GONGBAO_SMTP_PASSWORD"] = "another"
        code, said = typed.send(server)
        assert (code, "refuses the login" in said) == (USAGE, True)
        assert server.taken == []
    code, said = typed.send(server)
    assert (code, "cannot be reached" in said) == (USAGE, True)
    assert "Not sent yet to 4 recipients, lines 1-4 of" in said


@pytest.mark.parametrize(
    ("said", "words"), [("550 no such sender", "refuses the sender"), ("421 busy", "Not sent yet")]
)
def test_a_server_that_takes_nothing_is_told(
    typed: Typed, certificate: Path, said: str, words: str
) -> None:
    """A refused sender ends the run; what is refused for now stays for the next one."""
    with serving(certificate, lambda at, who: said if at == "MAIL" else "") as server:
        code, told = typed.send(server)
        assert code in (USAGE, CONTENT)
        assert words in told
        assert server.taken == []
    assert "refused\t" not in Path(f"{typed.readers}.105-001.journal").read_text("utf-8")


def test_lists_that_nobody_can_use_are_refused(typed: Typed, published: Path) -> None:
    """A list inside the site, an empty one, none at all, one with wrong lines."""
    inside = published / "site/readers"
    cases = {
        str(inside): "keep them outside",
        str(SITES / "full/readers"): "keep them outside",
        str(typed.readers.with_name("none")): "none",
        str(_written(typed.readers.with_name("empty"), "# nobody\n")): "no mail address in",
        str(_written(typed.readers.with_name("wrong"), "ann@one.example\nben\n")): "addresses: 2.",
    }
    for file, words in cases.items():
        code, said = typed("--dry-run", "--recipients", file)
        assert (code, words in said) == (USAGE, True), said


def _written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_only_what_readers_see_is_sent(typed: Typed, full_site: Options, tmp_path: Path) -> None:
    """No demonstration, no later issue, none that the site lacks, shows otherwise, or unsealed."""
    assert "There is no issue" in typed(issue="105-009")[1]
    assert "has not come yet" in typed(issue="106-extra-001")[1]
    whole = examine(full_site).site
    assert whole is not None
    site = shown(whole, draft=False)
    letter = next(filter(None, (view.letter(site, "105-001") for view in site.views)))
    refuse_unready(letter, site, full_site.site)
    demonstration, sealing = (
        replace(site, settings=replace(site.settings, **change))
        for change in ({"official": False}, {"record": "on"})
    )
    for other, folder, line in (
        (demonstration, full_site.site, "mail-demonstration"),
        (sealing, full_site.site, "mail-unsealed"),
        (site, tmp_path, "mail-not-shown"),
    ):
        with pytest.raises(MailRefused, match=line):
            refuse_unready(letter, other, folder)
    shutil.copytree(full_site.site, tmp_path / "site")
    record = tmp_path / "site/gazette/105/105-001/01/record.json"
    record.write_bytes(record.read_bytes().replace("要點".encode(), "規定".encode()))
    with pytest.raises(MailRefused, match="mail-differs"):
        refuse_unready(letter, site, tmp_path / "site")
    (tmp_path / "site/newsletter/105-001/index.html").unlink()
    with pytest.raises(MailRefused, match="mail-not-shown"):
        refuse_unready(letter, site, tmp_path / "site")
