"""A picture from outside: fetched under the guard, and made small apart, in a child process."""

import time

from service.guard import Guard
from service.intake import apart, codec
from service.intake.fetch import MOST_REDIRECTS, REDIRECTS, answered, body_of, joined
from service.intake.limits import LARGEST_PICTURE_BYTES
from service.intake.story import Rejected, SmallPicture

DEADLINE_S = 20.0
ACCEPT = "image/jpeg, image/png, image/webp, image/*;q=0.5"


def fetch_picture(url: str, guard: Guard, deadline_s: float = DEADLINE_S) -> bytes:
    """The bytes at an address, each redirect guarded anew; Rejected names `url`."""
    ends = time.monotonic() + deadline_s
    for _ in range(MOST_REDIRECTS + 1):
        with answered(url, guard, {"Accept": ACCEPT}, ends) as answer:
            moved = (
                answer.headers.get("Location") if answer.status in REDIRECTS else None
            )
            if not moved:
                if answer.status != 200:
                    raise _not_there(f"its server answers HTTP {answer.status}")
                return body_of(answer, LARGEST_PICTURE_BYTES)
            url = joined(url, moved)
    raise _not_there("it redirects too often")


def made_small(data: bytes) -> SmallPicture:
    """What is shown of a picture.

    Rejected names `picture` when it is none, or too small to be seen.
    """
    if len(data) > LARGEST_PICTURE_BYTES:
        raise Rejected(
            "picture",
            "too_large",
            f"a picture has at most {LARGEST_PICTURE_BYTES >> 20} MB",
            f"Ảnh lớn quá {LARGEST_PICTURE_BYTES >> 20} MB.",
        )
    return codec.small_of_json(apart.call("picture", data))


def _not_there(why: str) -> Rejected:
    return Rejected(
        "url",
        "not_fetched",
        f"the picture could not be fetched: {why}",
        "Không tải được ảnh này.",
    )
