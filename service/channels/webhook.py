"""Webhooks: a message is one POST of JSON to an https address."""

import json
import re
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import urllib3

from service.apart import failure
from service.channels import Means, Message, Telling, Trouble, Unfit
from service.guard import Guard, Unsafe, target_of
from service.outbound import opened

# Characters that an address may have.
LONGEST = 2_000
PATIENCE_S = 10.0
AT_ONCE = 8


class Untaken(Exception):
    """It answered, and did not take the message."""


class Webhook:
    """Chat services and programs of the district."""

    form = "an https address"
    form_vi = "địa chỉ https"
    one_server = False

    def takes(self, address: str) -> bool:
        """See Channel."""
        return address.lower().startswith(("http://", "https://"))

    def checked(self, address: str, guard: Guard) -> str:
        """See Channel. The refusal does not repeat the address: its path is often a secret."""
        try:
            if len(address) > LONGEST or re.search(r"[\s\x00-\x1f]", address):
                raise Unsafe(
                    f"it is longer than {LONGEST} characters, or holds a space"
                )
            guard.check_secret(address)
        except Unsafe as error:
            raise Unfit(
                f"a web address of the people on duty cannot be called: {error}",
                "Địa chỉ web của người trực phải là https, công khai, không kèm tên và mật khẩu."
                " Địa chỉ trong mạng nội bộ thì người quản trị máy phải mở bằng LOA_LAN_ALLOW.",
            ) from error
        return address

    def lacks(self, means: Means) -> str:
        """It needs nothing but the network."""
        return ""

    def tell(self, tellings: Sequence[Telling], means: Means) -> Iterable[Trouble]:
        """See Channel. They are called side by side."""
        until = time.monotonic() + means.deadline_s

        def call(telling: Telling) -> Trouble:
            if time.monotonic() >= until:
                return None
            error = failure(lambda: _call(*telling, means.guard))
            return "" if error is None else str(error) or type(error).__name__

        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
            return list(pool.map(call, tellings))

    def shown(self, address: str) -> str:
        """What follows a webhook's host is often its secret."""
        try:
            return f"{target_of(address).origin}/…"
        except Unsafe:
            return "a web address"


def _call(message: Message, address: str, guard: Guard) -> None:
    """One POST; raises when it was not taken.

    What it answers is not read: only its status counts.
    """
    body = {
        "text": f"{message.title}\n{message.text}\n{message.link}",  # what chat services show
        "id": message.id,
        "title": message.title,
        "message": message.text,
        "link": message.link,
        "station": message.station,
        "rung": message.rung,
        "at": message.at,
        "day": message.day,
        "made_at": message.made_at.isoformat(),
    }
    with opened(
        "POST",
        guard.check_secret(address),
        guard,
        timeout=urllib3.Timeout(total=PATIENCE_S),
        headers={"Content-Type": "application/json"},
        body=json.dumps(body).encode(),
    ) as answer:
        if not 200 <= answer.status < 300:
            raise Untaken(f"it answered {answer.status}")
