"""Speaks SMTP with one server, always over TLS with a verified certificate.

`smtplib` has the protocol; this module adds at which point of a mail a connection was lost, since
only before the end of its text is it sure that the server has not taken it.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from contextlib import suppress
from enum import Enum
from errno import ECONNRESET
from select import select
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import NamedTuple

from msgspec import Struct

_PATIENCE = 30.0
"""Seconds to wait for a connection."""
_LONG = 600.0
"""Seconds to wait for an answer (RFC 5321, section 4.5.3.2.6)."""
_ACCEPTED, _GO_ON, _TEMPORARY, _FINAL = 2, 3, 4, 5
"""The first digits of an answer's code."""
_CLOSING = 421
_END = b".\r\n"
"""The line that ends a mail, which ends in a line break itself."""


class Server(Struct, frozen=True, kw_only=True):
    """The address of a server and the way to it; `sender` is the one to whom failures go back."""

    host: str
    port: int
    implicit: bool
    context: ssl.SSLContext
    sender: str
    login: tuple[str, str] = ("", "")


class ServerGone(Exception):  # noqa: N818 -- not an error of ours
    """No connection: `detail` says what failed; a `final` failure stays however long one waits."""

    def __init__(self, detail: str, reason: str, *, final: bool) -> None:
        super().__init__(reason)
        self.detail, self.reason, self.final = detail, reason, final


class Fate(Enum):
    """What became of a mail: taken, refused for now or for good, or nobody knows."""

    TAKEN = "taken"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Answer(NamedTuple):
    """A mail's fate, and what the server said."""

    fate: Fate
    text: str


class Connection:
    """A connection to a server, opened when it is needed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def close(self) -> None:
        """Says goodbye."""
        with suppress(OSError, smtplib.SMTPException):
            if self._smtp:
                self._smtp.quit()
        self._drop()

    def prepare(self, receiver: str) -> Answer:
        """Names sender and receiver, and begins the text; `TAKEN` if the server waits for it.

        Nothing of the mail has been sent then.  Raises `ServerGone`.
        """
        smtp = self._open()
        try:
            code, said = smtp.mail(self._server.sender)
            if code // 100 == _FINAL:
                self.close()
                raise ServerGone("sender", _said(code, said), final=True)
            if code // 100 == _ACCEPTED:
                code, said = smtp.rcpt(receiver)
                if code // 100 == _ACCEPTED:
                    code, said = smtp.docmd("DATA")
            if code // 100 == _GO_ON:
                return Answer(Fate.TAKEN, "")
            self._after(code)
            if self._smtp:
                smtp.rset()
        except OSError as lost:  # `smtplib` has its errors below it
            self._drop()
            return Answer(Fate.DEFERRED, str(lost))
        return Answer(_refusal(code) or Fate.DEFERRED, _said(code, said))

    def hand_over(self, mail: bytes) -> Answer:
        """Sends the text after `prepare`, and reads what became of it."""
        smtp = self._smtp
        if smtp is None:
            raise LookupError("no connection")
        try:
            for part in (_stuffed(mail), _END):
                # a small text goes to the system's buffer even if the server is gone already
                if smtp.sock and select([smtp.sock], [], [], 0)[0]:
                    raise ConnectionResetError(ECONNRESET, os.strerror(ECONNRESET))
                smtp.send(part)
        except OSError as lost:
            self._drop()  # the end of the text has not left this machine
            return Answer(Fate.DEFERRED, str(lost))
        try:
            code, said = smtp.getreply()
        except OSError as lost:
            self._drop()
            return Answer(Fate.UNKNOWN, str(lost))
        self._after(code)
        fate = Fate.TAKEN if code // 100 == _ACCEPTED else _refusal(code)
        if fate is None:
            self._drop()  # no answer of SMTP: what follows could not be understood either
        return Answer(fate or Fate.UNKNOWN, _said(code, said))

    def _after(self, code: int) -> None:
        if code == _CLOSING:
            self._drop()

    def _drop(self) -> None:
        if self._smtp:
            self._smtp.close()
        self._smtp = None

    def _open(self) -> smtplib.SMTP:
        if self._smtp is None:
            try:
                self._smtp = _connected(self._server)
            except smtplib.SMTPResponseException as refused:
                code, text = refused.smtp_code, _said(refused.smtp_code, refused.smtp_error)
                detail = "login" if isinstance(refused, smtplib.SMTPAuthenticationError) else "lost"
                raise ServerGone(detail, text, final=code // 100 == _FINAL) from None
            except smtplib.SMTPNotSupportedError as lack:
                raise ServerGone("lacks", str(lack), final=True) from None
            except ssl.SSLError as fault:
                raise ServerGone("tls", str(fault), final=True) from None
            except OSError as fault:
                raise ServerGone("lost", str(fault), final=False) from None
        return self._smtp


def _connected(server: Server) -> smtplib.SMTP:
    """A connection with TLS and login; `smtplib` checks that the certificate names the host."""
    # the default would ask the resolver for this machine's name
    own = server.sender.rpartition("@")[2]
    if server.implicit:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, own, timeout=_PATIENCE, context=server.context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, own, timeout=_PATIENCE)
    try:
        if not server.implicit:
            smtp.starttls(context=server.context)
        smtp.ehlo_or_helo_if_needed()
        if server.login[0]:
            smtp.login(*server.login)
        if smtp.sock:
            smtp.sock.settimeout(_LONG)
            # else the line that ends a mail waits for the server to acknowledge the text
            smtp.sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _refusal(code: int) -> Fate | None:
    return {_TEMPORARY: Fate.DEFERRED, _FINAL: Fate.REFUSED}.get(code // 100)


def _stuffed(mail: bytes) -> bytes:
    """A mail as `DATA` wants it, with the dots at the begin of lines doubled."""
    return mail.replace(b"\r\n.", b"\r\n..")


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {words}"
