"""Mail to the people on duty: through one connection a look, each letter for itself."""

import hashlib
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from service.apart import failure
from service.newsroom.duty import mail_address
from service.newsroom.values import Notice
from service.settings import SettingsError

PATIENCE_S = 10.0  # for one answer
# After these the connection is as it was: the server refused one letter, or we did not send it.
ANSWERED = (
    smtplib.SMTPResponseException,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPNotSupportedError,
)


@dataclass(frozen=True, slots=True)
class Post:
    """A mail server. `tls`: from the first byte; otherwise STARTTLS, without which no password is sent."""

    host: str
    port: int
    tls: bool
    user: str
    password: str
    sender: str

    @classmethod
    def of(cls, url: str, sender: str) -> "Post | None":
        """The server behind LOA_SMTP_URL, None for ""; SettingsError names what is wrong with it."""
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

    Whatever is wrong with a letter, even if the server hangs up on it, the next goes its way.
    When the server cannot be reached at all, that is every letter's trouble. `trust` is whom the server's
    certificate must come from (None: whom this machine trusts). All ends after `deadline_s`.
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

    def __init__(self, post: Post, deadline_s: float, trust: ssl.SSLContext | None) -> None:
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
        """Hands a letter over; Away when there is no server, whatever else when it does not take this letter."""
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
            if not answered or server.sock is None:  # smtplib itself hangs up after a 421
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
        """Wakes whoever reads from the server: a server that trickles must not hold the others up."""
        server = self._server
        if server is not None and server.sock is not None:
            with suppress(OSError):  # it may just have ended by itself
                server.sock.shutdown(socket.SHUT_RDWR)  # unlike close(), this wakes the reader


def letter(notice: Notice, address: str, post: Post, public_url: str) -> EmailMessage:
    """The mail: the same notice to the same address has the same Message-ID, whoever sends it."""
    mail = EmailMessage()
    mail["Subject"] = " ".join(notice.title.split())
    mail["From"] = post.sender
    mail["To"] = mail_address(address)
    mail["Date"] = format_datetime(notice.made_at)
    # With the time: after a restore, numbers are given out again, and mailboxes drop what they know.
    same = f"{notice.id} {notice.made_at.isoformat()} {address} {public_url}"
    mark = hashlib.sha256(same.encode()).hexdigest()[:24]
    mail["Message-ID"] = f"<loa-{mark}@{urlsplit(public_url).hostname or 'loa'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{notice.text}\n\nMở để duyệt: {public_url}{notice.link}\n")
    return mail
