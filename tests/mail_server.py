"""A mail server on loopback with TLS and login, which answers as a test wants it."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST, USER, PASSWORD = "127.0.0.1", "gazette", "a password of these tests"
Answer = Callable[[str, str], str]
"""The answer to a command (`MAIL`, `RCPT`, `TEXT`, `END`) about a receiver; "" takes it.

`lost` cuts the connection: at `TEXT` before the mail's text, at `END` after it.  At `END` the mail
counts as taken if the word is `lost after`.
"""


def take_all(command: str, receiver: str) -> str:
    """Takes every mail."""
    del command, receiver
    return ""


class Handler:
    """What the server does; `taken` are the mails with their receivers, in order."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.taken: list[tuple[str, bytes]] = []

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answers `MAIL FROM`."""
        del server, session, options
        said = self.answer("MAIL", address)
        if not said:
            envelope.mail_from = address
        return said or "250 OK"

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answers `RCPT TO`."""
        del server, session, options
        said = self.answer("RCPT", address)
        if not said:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(  # noqa: N802 -- aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Answers the end of a mail's text."""
        del session
        (receiver,) = envelope.rcpt_tos
        said = self.answer("END", receiver)
        if said in ("", "lost after"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.taken.append((receiver, content))
        if said.startswith("lost"):
            _abort(server)
        return said or "250 OK"


class _Protocol(SMTP):
    """The server's side of a connection, which may be cut before a mail's text."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 -- aiosmtpd names it
        assert isinstance(self.event_handler, Handler)
        assert self.envelope is not None
        if self.envelope.rcpt_tos and self.event_handler.answer("TEXT", self.envelope.rcpt_tos[0]):
            await self.push("354 go on")
            _abort(self)
        else:
            await super().smtp_DATA(arg)


class MailServer:
    """A running server: its port, the file with its certificate, what it has taken."""

    def __init__(self, folder: Path, answer: Answer, *, implicit: bool = False) -> None:
        self.handler, self.certificate = Handler(answer), folder / "server.pem"
        if not self.certificate.exists():
            write_certificate(self.certificate)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate)
        self._loop = asyncio.new_event_loop()
        self._connections: list[SMTP] = []

        def protocol() -> SMTP:
            options: dict[str, Any] = {} if implicit else {"tls_context": context}
            started = _Protocol(
                self.handler,
                require_starttls=not implicit,
                auth_required=True,
                auth_require_tls=not implicit,  # aiosmtpd does not see TLS from the first byte
                authenticator=_authenticated,
                loop=self._loop,
                data_size_limit=0,
                **options,
            )
            self._connections.append(started)
            return started

        # in a thread of its own, as a browser's loop may run in this one
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        starting = self._loop.create_server(protocol, HOST, 0, ssl=context if implicit else None)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result()
        self.port = int(self._server.sockets[0].getsockname()[1])

    @property
    def taken(self) -> list[tuple[str, bytes]]:
        """The mails that the server has taken, with their receivers."""
        return self.handler.taken

    def stop(self) -> None:
        """Ends the server and all connections."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        for connection in self._connections:
            if connection.transport:
                _abort(connection)
        await asyncio.sleep(0.01)  # closes them


@contextmanager
def serving(
    folder: Path, answer: Answer = take_all, *, implicit: bool = False
) -> Iterator[MailServer]:
    """A server that runs for a while."""
    server = MailServer(folder, answer, implicit=implicit)
    try:
        yield server
    finally:
        server.stop()


def _abort(server: SMTP) -> None:
    """Cuts a connection, without a word of TLS."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


def _authenticated(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
) -> AuthResult:
    del server, session, envelope, mechanism
    right = isinstance(given, LoginPassword) and (
        given.login == USER.encode() and given.password == PASSWORD.encode()
    )
    return AuthResult(success=right, handled=False)


def write_certificate(path: Path) -> None:
    """Writes a key and a certificate for this machine that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a server of tests")])
    begin = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
