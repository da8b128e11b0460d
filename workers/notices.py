"""Notices reach the people on duty by e-mail and webhook. What is untold is a row; each address is told once."""

import hashlib
import logging
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

import urllib3

from service.newsroom import Newsroom
from service.newsroom.values import Notice
from service.settings import SettingsError

log = logging.getLogger("loa.notices")

LOOK_EVERY_S = 2.0
PATIENCE_S = 10.0  # for one answer
DEADLINE_S = 30.0  # for all mails of one look: a server that trickles must not hold the others up
AT_ONCE = 8
NO_SERVER = "LOA_SMTP_URL is not set"


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
        if "@" not in parseaddr(sender)[1]:
            raise SettingsError(
                "LOA_MAIL_FROM (or LOA_OWNER_EMAIL) is the e-mail address that notices come from"
            )
        tls = parts.scheme == "smtps"
        return cls(
            parts.hostname,
            port or (465 if tls else 587),
            tls,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            sender,
        )


def tell(
    newsroom: Newsroom,
    post: Post | None,
    public_url: str,
    trust: ssl.SSLContext | None = None,
    deadline_s: float = DEADLINE_S,
) -> int:
    """Tells every address that is due; how many took it. The others wait for a later try, each notice for itself.

    Webhooks go first and side by side: none waits for a mail server that does not answer.
    """
    notices = newsroom.notices.take()
    wanted = [(notice, address) for notice in notices for address in notice.untold]
    hooks = [each for each in wanted if _is_hook(each[1])]
    mails = [each for each in wanted if not _is_hook(each[1])]
    told = 0
    failed: set[int] = set()

    def done(notice: Notice, address: str, trouble: str) -> None:
        nonlocal told
        if trouble:
            failed.add(notice.id)
            log.warning("%s was not told of %r: %s", _shown(address), notice.title, trouble)
        else:
            newsroom.notices.told(notice, address)
            told += 1

    with (
        ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool,
        urllib3.PoolManager(maxsize=AT_ONCE, timeout=urllib3.Timeout(total=PATIENCE_S)) as web,
    ):
        for (notice, address), trouble in zip(
            hooks,
            pool.map(lambda each: _call(web, each[0], each[1], public_url), hooks),
            strict=True,
        ):
            done(notice, address, trouble)
    for (notice, address), trouble in zip(
        mails, _mail(post, mails, public_url, trust, deadline_s), strict=True
    ):
        done(notice, address, trouble)
    for notice in notices:
        if notice.id in failed:
            newsroom.notices.again(notice)
    return told


def run(
    newsroom: Newsroom,
    post: Post | None,
    public_url: str,
    stop: threading.Event,
    every_s: float = LOOK_EVERY_S,
) -> None:
    """Tells until told to stop."""
    while not stop.wait(every_s):
        try:
            tell(newsroom, post, public_url)
        except Exception:  # a database that is away for a moment must not end this for good
            log.exception("telling the people on duty stumbled")


def _is_hook(address: str) -> bool:
    return address.startswith(("http://", "https://"))


def _shown(address: str) -> str:
    """For the log: what follows a webhook's host is often its secret."""
    return (
        f"{urlsplit(address).scheme}://{urlsplit(address).netloc}/…"
        if _is_hook(address)
        else address
    )


def _call(web: urllib3.PoolManager, notice: Notice, address: str, public_url: str) -> str:
    """The trouble of a webhook, "" when it took the notice. What it answers is not read: only its status counts."""
    told = {
        "text": f"{notice.title}\n{notice.text}\n{public_url}{notice.link}",  # what chat services show
        "id": notice.id,
        "title": notice.title,
        "message": notice.text,
        "link": f"{public_url}{notice.link}",
        "station": notice.station,
        "rung": notice.rung.value,
        "at": notice.airing.at if notice.airing else None,
        "day": notice.airing.day.isoformat() if notice.airing else None,
        "made_at": notice.made_at.isoformat(),
    }
    try:
        answer = web.request(
            "POST", address, json=told, retries=False, redirect=False, preload_content=False
        )
        answer.close()
    except (urllib3.exceptions.HTTPError, UnicodeError) as error:
        return str(error)
    return "" if 200 <= answer.status < 300 else f"it answered {answer.status}"


def _mail(
    post: Post | None,
    mails: Sequence[tuple[Notice, str]],
    public_url: str,
    trust: ssl.SSLContext | None,
    deadline_s: float,
) -> Iterator[str]:
    """For each mail its trouble, "" when the server took it; all through one connection, none after it broke."""
    if not mails:
        return
    broken = "" if post else NO_SERVER
    left = list(mails)
    if post:
        try:
            with _connected(post, trust, deadline_s) as server:
                while left:
                    notice, address = left[0]
                    try:
                        server.send_message(letter(notice, address, post, public_url))
                        trouble = ""
                    except smtplib.SMTPResponseException as error:
                        trouble = str(error)
                    except smtplib.SMTPRecipientsRefused as error:
                        trouble = str(error.recipients)
                    left.pop(0)
                    yield trouble
        except (OSError, smtplib.SMTPException, ValueError) as error:
            broken = f"{post.host}: {error}"
    for _ in left:
        yield broken or "the server hung up"


@contextmanager
def _connected(
    post: Post, trust: ssl.SSLContext | None, deadline_s: float
) -> Iterator[smtplib.SMTP]:
    """A server ready for mail, cut off when it takes too long."""
    context = trust or ssl.create_default_context()
    server: smtplib.SMTP = (
        smtplib.SMTP_SSL(timeout=PATIENCE_S, context=context)
        if post.tls
        else smtplib.SMTP(timeout=PATIENCE_S)
    )
    server._host = post.host  # type: ignore[attr-defined]  # whose certificate is asked for; connect() alone does not note it
    alarm = threading.Timer(deadline_s, _cut, (server,))
    alarm.daemon = True
    alarm.start()
    try:
        server.connect(post.host, post.port)
        server.ehlo()
        if not post.tls and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif not post.tls and post.user:
            raise smtplib.SMTPNotSupportedError(
                "it offers no STARTTLS, and a password is not sent in the clear"
            )
        if post.user:
            server.login(post.user, post.password)
        yield server
    finally:
        alarm.cancel()
        server.close()


def _cut(server: smtplib.SMTP) -> None:
    if server.sock is not None:
        with suppress(OSError):  # it may just have ended by itself
            server.sock.shutdown(socket.SHUT_RDWR)  # unlike close(), this wakes who reads from it


def letter(notice: Notice, address: str, post: Post, public_url: str) -> EmailMessage:
    """The mail: the same notice to the same address has the same Message-ID, whoever sends it."""
    mail = EmailMessage()
    mail["Subject"] = notice.title
    mail["From"] = post.sender
    mail["To"] = address
    mail["Date"] = format_datetime(notice.made_at)
    mark = hashlib.sha256(f"{notice.id} {address} {public_url}".encode()).hexdigest()[:24]
    mail["Message-ID"] = f"<loa-{mark}@{urlsplit(public_url).hostname or 'loa'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{notice.text}\n\nMở để duyệt: {public_url}{notice.link}\n")
    return mail
