"""A mailing: one mail to each receiver, so that none gets it twice, however the run ends.

A temporary refusal puts a receiver at the end of the queue.  After each pass the run waits longer;
what is left after the last pass is sent by the next run, which goes on by the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from generator.commands._mail_journal import Journal, State
from generator.commands._mail_server import Connection, Fate, ServerGone
from generator.output.formats.letter_mail import addressed

WAITS: tuple[float, ...] = (30.0, 120.0, 600.0)
"""Seconds before each further pass."""
_MINUTE = 60.0


class Pace:
    """The most mails a minute; 0 for any number."""

    def __init__(
        self, rate: int, clock: Callable[[], float], pause: Callable[[float], None]
    ) -> None:
        self._gap = _MINUTE / rate if rate else 0.0
        self._clock, self._pause = clock, pause
        self._next = clock()

    def wait(self) -> None:
        """Waits until the next mail may be sent."""
        at = self._clock()
        if at < self._next:
            self._pause(self._next - at)
        self._next = max(at, self._next) + self._gap


class Mailing:
    """Sends a mail over one connection; `rest` waits for seconds while so many are left.

    `gone` says why there is no connection at the end, if there is none.
    """

    def __init__(
        self,
        connection: Connection,
        journal: Journal,
        mail: bytes,
        pace: Pace,
        rest: Callable[[int, float], None],
    ) -> None:
        self._connection, self._journal = connection, journal
        self._mail, self._pace, self._rest = mail, pace, rest
        self._reached = False
        self.gone: ServerGone | None = None

    def send(self, receivers: Sequence[str]) -> None:
        """Sends to all receivers as far as the server takes it; the journal has the results.

        Raises `ServerGone` if no connection can be made at first, or for a reason that stays, and
        `JournalRefused`.
        """
        left = self._passed(receivers)
        for wait in WAITS:
            if left:
                self._rest(len(left), wait)
                left = self._passed(left)
        self._connection.close()

    def _passed(self, receivers: Sequence[str]) -> list[str]:
        """The receivers that are still left after a pass through all."""
        left = []
        for place, receiver in enumerate(receivers):
            try:
                if not self._delivered(receiver):
                    left.append(receiver)
            except ServerGone as gone:
                if gone.final or not self._reached:
                    raise
                self.gone = gone
                return [*left, *receivers[place:]]
        return left

    def _delivered(self, receiver: str) -> bool:
        """Sends one mail; False if it may be tried again."""
        self._pace.wait()
        answer = self._connection.prepare(receiver)
        self._reached, self.gone = True, None
        if answer.fate is Fate.TAKEN:
            self._journal.write(State.BEGUN, receiver)
            answer = self._connection.hand_over(addressed(self._mail, receiver))
        if answer.fate is not Fate.UNKNOWN:
            self._journal.write(_STATES[answer.fate], receiver, answer.text)
        return answer.fate is not Fate.DEFERRED


_STATES = {
    Fate.TAKEN: State.SENT,
    Fate.DEFERRED: State.DEFERRED,
    Fate.REFUSED: State.REFUSED,
}
