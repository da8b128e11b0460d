"""The mail server that an installation names:
letters go through one connection, each for itself.
"""

import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from service.apart import failure
from service.settings import SettingsError

# How long one answer of the server may take.
PATIENCE_S = 10.0
# Characters of an e-mail address: RFC 5321, 4.5.3.1.3 without its brackets.
LONGEST = 254
# Of these before the @: RFC 5321, 4.5.3.1.1.
LONGEST_LOCAL = 64
# RFC 5322's dot-atom. Other local parts need SMTPUTF8 or quotes, which many servers refuse.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL = re.compile(rf"{ATOM}(\.{ATOM})*")
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"({LABEL}\.)+{LABEL}")
# After these the connection is as it was: the server refused one letter, or we did not send it.
ANSWERED = (
    smtplib.SMTPResponseException,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPNotSupportedError,
)


@dataclass(frozen=True, slots=True)
class Post:
    """A mail server.

    `tls`: from the first byte; otherwise STARTTLS, without which no password is sent.
    """

    host: str
    port: int
    tls: bool
    user: str
    password: str
    sender: str

    @classmethod
    def of(cls, url: str, sender: str) -> "Post | None":
        """The server behind LOA_SMTP_URL, None for "".

        SettingsError names what is wrong with it.
        """
        if not url:
            return None
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise SettingsError(f"LOA_SMTP_URL: {error}") from error
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise SettingsError(
                "LOA_SMTP_URL is smtp://user:password@host:587 or smtps://user:password@host:465"
            )
        if not unquote(parts.password or "").isascii():
            raise SettingsError(
                "LOA_SMTP_URL: a password outside ASCII cannot be sent; choose another"
            )
        try:
            mail_address(parseaddr(sender)[1])
        except ValueError as error:
            raise SettingsError(
                "LOA_MAIL_FROM (or LOA_OWNER_EMAIL) is the e-mail address that notices come from: "
                f"{error}"
            ) from error
        tls = parts.scheme == "smtps"
        return cls(
            parts.hostname,
            port or (465 if tls else 587),
            tls,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            sender,
        )


class Away(OSError):
    """The server cannot be reached, or does not let us in: that is no letter's fault."""


def deliver(
    post: Post,
    letters: Sequence[Callable[[], EmailMessage]],
    deadline_s: float,
    trust: ssl.SSLContext | None = None,
) -> Iterator[str | None]:
    """For each letter its trouble: "" when the server took it, None when it could not be tried.

    Whatever is wrong with a letter, even if the server hangs up on it, the next goes its way. When
    the server cannot be reached at all, that is every letter's trouble. `trust` is whom the
    server's certificate must come from (None: whom this machine trusts). All ends after
    `deadline_s`.
    """
    line = Line(post, deadline_s, trust)
    try:
        away = ""
        for number, make in enumerate(letters):
            if away:
                yield away
                continue
            if line.over:
                yield None
                continue
            error = failure(lambda make=make: line.send(make()))  # type: ignore[misc]
            if isinstance(error, Away) and number:
                # It took us before: perhaps the letter before made it close its door. Next time.
                yield from (None for _ in letters[number:])
                return
            away = str(error) if isinstance(error, Away) else ""
            yield "" if error is None else str(error) or type(error).__name__
    finally:
        line.close()


class Line:
    """A connection to a mail server; made when a letter needs it, and again when one broke it."""

    def __init__(
        self, post: Post, deadline_s: float, trust: ssl.SSLContext | None
    ) -> None:
        self._post = post
        self._context = trust or ssl.create_default_context()
        self._until = time.monotonic() + deadline_s
        self._server: smtplib.SMTP | None = None
        self._alarm = threading.Timer(deadline_s, self._cut)
        self._alarm.daemon = True
        self._alarm.start()

    @property
    def over(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() >= self._until

    def send(self, letter: EmailMessage) -> None:
        """Hands a letter over.

        Away when there is no server, whatever else when it does not take this letter.
        """
        if self._server is None:
            try:
                self._connect()
            except (OSError, smtplib.SMTPException, ValueError) as error:
                self._drop()
                raise Away(f"{self._post.host}: {error}") from error
        server = self._server
        if server is None:
            raise Away(f"{self._post.host}: no connection")
        answered = False
        try:
            server.send_message(letter)
            answered = True
        except ANSWERED:
            answered = True
            raise
        finally:
            # Smtplib itself hangs up after a 421
            if not answered or server.sock is None:
                self._drop()

    def close(self) -> None:
        """Ends the connection and its deadline."""
        self._alarm.cancel()
        self._drop()

    def _connect(self) -> None:
        post = self._post
        server: smtplib.SMTP = (
            smtplib.SMTP_SSL(timeout=PATIENCE_S, context=self._context)
            if post.tls
            else smtplib.SMTP(timeout=PATIENCE_S)
        )
        # Whose certificate is asked for; connect() alone does not note it.
        server._host = post.host  # type: ignore[attr-defined]
        self._server = server
        server.connect(post.host, post.port)
        server.ehlo()
        if not post.tls and server.has_extn("starttls"):
            server.starttls(context=self._context)
            server.ehlo()
        elif not post.tls and post.user:
            raise smtplib.SMTPNotSupportedError(
                "it offers no STARTTLS, and a password is not sent in the clear"
            )
        if post.user:
            server.login(post.user, post.password)

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _cut(self) -> None:
        """Wakes whoever reads from the server:
        a server that trickles must not hold the others up.
        """
        server = self._server
        if server is not None and server.sock is not None:
            with suppress(OSError):  # it may just have ended by itself
                # Unlike close(), this wakes the reader
                server.sock.shutdown(socket.SHUT_RDWR)


def mail_address(address: str) -> str:
    """An e-mail address as every mail server takes it, its domain as punycode.

    ValueError says why none does.
    """
    local, _, domain = address.rpartition("@")
    if not LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL:
        raise ValueError(
            "the part before @ needs 1 to 64 letters (a-z), digits or . _ - +"
        )
    try:
        domain = domain.lower().encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError(f"the part after @ is no domain: {error}") from error
    if not DOMAIN.fullmatch(domain) or len(local) + 1 + len(domain) > LONGEST:
        raise ValueError("the part after @ is no domain such as xa.example.vn")
    return f"{local}@{domain}"
