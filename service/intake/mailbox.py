"""A mailbox looked at over IMAP: letters that came since the last look, one after the other.

Nothing there is changed.
"""

import imaplib
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from urllib.parse import unquote, urlsplit

import imapclient
from imapclient.exceptions import IMAPClientError, LoginError

from service.guard import Guard, Target, Unsafe
from service.intake.story import Rejected
from service.outbound import Unreachable, dial

PORTS = {"imaps": 993, "imap": 143}
PATIENCE_S = 20.0
MOST_LETTERS = 20  # of one look
LARGEST_LETTER_BYTES = 12 * 1024 * 1024  # with what is attached
# Enough to tell a letter by that is not taken in itself.
HEAD = "BODY.PEEK[HEADER.FIELDS (FROM DATE SUBJECT MESSAGE-ID)]<0.16384>"
News = TypeVar("News")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where letters lie: `imaps://user@host/folder`.

    Plain `imap` is for hosts of the own LAN alone.
    """

    target: Target
    user: str
    folder: str

    @classmethod
    def parse(cls, url: str) -> "Mailbox":
        """The mailbox at an address; Rejected names `url`."""
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS.get(parts.scheme, 0)
            host = (parts.hostname or "").encode("idna").decode()
        except ValueError:  # UnicodeError among them
            port, host = 0, ""
        if not port or not host or not parts.username or parts.password is not None:
            raise Rejected(
                "url",
                "no_mailbox",
                "a mailbox is imaps://user@host/INBOX, its user's @ written as %40, without the password",
                "Địa chỉ hộp thư có dạng imaps://ten%40xa.vn@may-chu-thu/INBOX, không kèm mật khẩu.",
            )
        folder = unquote(parts.path.strip("/")) or "INBOX"
        return cls(
            Target(parts.scheme, host, port, ""), unquote(parts.username), folder
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it lies there; `data` is None of one larger than LARGEST_LETTER_BYTES.

    `name` is the mailbox's own for it; `head` says who sent it, when, about what, under which id.
    """

    name: str
    size: int
    head: bytes
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Letters(Generic[News]):
    """The news of the letters that came, the oldest first.

    `mark` remembers up to where, `more` whether others wait.
    """

    news: tuple[News, ...]
    mark: str
    more: bool


def new_letters(
    mailbox: Mailbox,
    password: str,
    guard: Guard,
    read: Callable[[Letter], Iterable[News]],
    mark: str = "",
    since: datetime | None = None,
    trust: ssl.SSLContext | None = None,
) -> Letters[News]:
    """What `read` makes of letters after the `mark` of the look before, without one those since a
    day. One letter at a time is held: together they may be 240 MB.

    Rejected names `url` or `password`.

    `trust` is whom the server's certificate must come from; None: whom this machine trusts.
    """
    try:
        with _Client(mailbox, guard, trust) as client:
            client.enter(mailbox.user, password)
            folder = client.select_folder(mailbox.folder, readonly=True)
            return _look(client, folder, read, mark, since)
    except Unsafe as error:
        raise _unfetched(
            str(error),
            "Địa chỉ hộp thư không an toàn: chỉ nhận máy chủ thư công khai (imaps).",
        ) from error
    except LoginError as error:
        raise Rejected(
            "password",
            "no_login",
            "the mail server refuses the login",
            "Sai tên hoặc mật khẩu hộp thư.",
        ) from error
    except ssl.SSLError as error:
        raise _unfetched(
            str(error), "Chứng thư bảo mật của máy chủ thư không hợp lệ."
        ) from error
    except (
        IMAPClientError,
        imaplib.IMAP4.error,
        Unreachable,
        OSError,
        ValueError,
    ) as error:
        raise _unfetched(str(error), "Không xem được hộp thư này.") from error


def _look(
    client: imapclient.IMAPClient,
    folder: Mapping[bytes, int],
    read: Callable[[Letter], Iterable[News]],
    mark: str,
    since: datetime | None,
) -> Letters[News]:
    valid = str(folder[b"UIDVALIDITY"])
    before, _, last = mark.partition(":")
    known = int(last) if before == valid and last.isdigit() else 0
    numbers = _numbers(client, known, since)
    taken = numbers[:MOST_LETTERS]
    letters = _letters(client, valid, taken)
    news = tuple(each for letter in letters for each in read(letter))
    reached = taken[-1] if taken else known or folder.get(b"UIDNEXT", 1) - 1
    return Letters(news, f"{valid}:{reached}", len(numbers) > len(taken))


def _numbers(
    client: imapclient.IMAPClient, known: int, since: datetime | None
) -> list[int]:
    """Of the letters that were not met yet, in the order in which they came."""
    criteria: list[object] = ["UID", f"{known + 1}:*"]
    # With no mark of this folder, by day: a mailbox may hold ten years.
    if not known and since is not None:
        criteria = ["SINCE", since.date()]
    return sorted(number for number in client.search(criteria) if number > known)


def _letters(
    client: imapclient.IMAPClient, valid: str, numbers: Sequence[int]
) -> Iterator[Letter]:
    """Each is brought when it is called for; one that was deleted meanwhile is none."""
    abouts = client.fetch(numbers, ["RFC822.SIZE", HEAD]) if numbers else {}
    for number in numbers:
        about = abouts.get(number, {})
        if b"RFC822.SIZE" not in about:
            continue
        size = about[b"RFC822.SIZE"]
        # Servers write the name of that part each in their way.
        heads = (part for name, part in about.items() if name.startswith(b"BODY["))
        head = next(heads, None) or b""
        data = None
        if size <= LARGEST_LETTER_BYTES:
            data = (
                client.fetch([number], ["BODY.PEEK[]"]).get(number, {}).get(b"BODY[]")
            )
            if data is None:
                continue
        yield Letter(f"{valid}:{number}", size, head, data)


class _Client(imapclient.IMAPClient):  # type: ignore[misc]
    """Connects to the very address that the guard looked at."""

    def __init__(
        self, mailbox: Mailbox, guard: Guard, trust: ssl.SSLContext | None
    ) -> None:
        target = mailbox.target
        if target.scheme != "imaps" and not guard.allows_plain(target):
            raise Unsafe(f"{target.host} is not imaps, nor a host of LOA_LAN_ALLOW")
        self._address = dial(target, guard)
        secure = target.scheme == "imaps"
        context = (trust or ssl.create_default_context()) if secure else None
        super().__init__(
            target.host,
            target.port,
            ssl=secure,
            ssl_context=context,
            timeout=PATIENCE_S,
        )

    def enter(self, user: str, password: str) -> None:
        """Logs in; LoginError when the server does not let us.

        LOGIN takes ASCII alone, PLAIN any letters.
        """
        if self.has_capability("AUTH=PLAIN"):
            self.plain_login(user, password)
        else:
            self.login(user, password)

    def _create_IMAP4(self) -> imaplib.IMAP4:
        return _Connection(self._address, self.host, self.port, self.ssl_context)


class _Connection(imaplib.IMAP4):
    """A connection whose address is known, under the name that its certificate must have."""

    def __init__(
        self, address: str, host: str, port: int, context: ssl.SSLContext | None
    ) -> None:
        self._address, self._name, self._context = address, host, context
        super().__init__(host, port, PATIENCE_S)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        plain = socket.create_connection(
            (self._address, self.port), timeout or PATIENCE_S
        )
        if self._context is None:
            return plain
        return self._context.wrap_socket(plain, server_hostname=self._name)


def _unfetched(why: str, why_vi: str) -> Rejected:
    return Rejected(
        "url", "not_fetched", f"the mailbox could not be read: {why[:200]}", why_vi
    )
