"""E-mail: a message is one letter, through the mail server that the installation names."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from urllib.parse import urlsplit

from service.channels import Means, Message, Telling, Trouble, Unfit
from service.guard import Guard
from service.smtp import Post, deliver, mail_address

NO_SERVER = "LOA_SMTP_URL is not set"
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Mail:
    """Letters to people."""

    form = "an e-mail address"
    form_vi = "địa chỉ thư điện tử gửi được (phần trước @ không dấu)"
    one_server = True

    def takes(self, address: str) -> bool:
        """See Channel. What has no scheme is meant as a mailbox, however it is mistyped."""
        return SCHEME.match(address) is None

    def checked(self, address: str, guard: Guard) -> str:
        """See Channel."""
        try:
            return mail_address(address)
        except ValueError as error:
            raise Unfit(
                f"{address!r} is neither an https address nor an e-mail address: {error}",
                f"“{address}” không phải là địa chỉ https hay {self.form_vi}.",
            ) from error

    def lacks(self, means: Means) -> str:
        """See Channel."""
        return NO_SERVER if means.post is None else ""

    def tell(self, tellings: Sequence[Telling], means: Means) -> Iterable[Trouble]:
        """See Channel. All go through one connection."""
        post = means.post
        if post is None:
            return [NO_SERVER] * len(tellings)
        letters = [
            partial(letter, message, address, post, means.public_url)
            for message, address in tellings
        ]
        return deliver(post, letters, means.deadline_s, means.trust)

    def shown(self, address: str) -> str:
        """See Channel."""
        return address


def letter(message: Message, address: str, post: Post, public_url: str) -> EmailMessage:
    """The mail: the same message to the same address has the same Message-ID, whoever sends it."""
    mail = EmailMessage()
    mail["Subject"] = " ".join(message.title.split())
    mail["From"] = post.sender
    mail["To"] = mail_address(address)
    mail["Date"] = format_datetime(message.made_at)
    # With the time: after a restore, numbers are given out again, and mailboxes drop what they
    # know.
    same = f"{message.id} {message.made_at.isoformat()} {address} {public_url}"
    mark = hashlib.sha256(same.encode()).hexdigest()[:24]
    mail["Message-ID"] = f"<loa-{mark}@{urlsplit(public_url).hostname or 'loa'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{message.text}\n\nMở để duyệt: {message.link}\n")
    return mail
