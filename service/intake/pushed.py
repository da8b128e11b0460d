"""News that a portal pushes: JSON as WordPress has its posts,
with our own names, or with the portal's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from service.characters import texts_in
from service.intake.listings import wordpress
from service.intake.parse import absolute, parse
from service.intake.story import Given, Rejected, Story

GIVEN = tuple(field.name for field in fields(Given))
# What a portal's fields may be mapped to
NAMES = frozenset((*GIVEN, "html", "body", "external_id"))
TEST = "test"


@dataclass(frozen=True, slots=True)
class Pushed:
    """A push: a Story with the portal's own name for it; `story` is None for a test."""

    story: Story | None
    external_id: str = ""


def read_push(body: bytes, mapped: Mapping[str, str]) -> Pushed:
    """What a portal says.

    `mapped` tells, by our name of a field, its path ("data.tieu_de") in what is sent.

    Rejected names the field at fault.
    """
    message = _object(body)
    if message.get("type") == TEST:
        return Pushed(None)
    data = message.get("data")
    data = data if isinstance(data, dict) else message
    if isinstance(data.get("content"), dict) and not mapped:
        return _of_wordpress(data)
    texts = {name: _told(name, message, data, mapped) for name in NAMES}
    given = Given(**{name: texts[name] for name in GIVEN})
    html, plain = texts["html"], texts["body"]
    story = parse(html, "html", given) if html else parse(plain, "text", given)
    return Pushed(story, texts["external_id"] or _text(data, "id"))


def _told(
    name: str,
    message: Mapping[str, Any],
    data: Mapping[str, Any],
    mapped: Mapping[str, str],
) -> str:
    """A field: where the map says that it is, else under our own name."""
    at_its_place = _text(message, mapped[name]) if name in mapped else ""
    return at_its_place or _text(data, name)


def _of_wordpress(post: dict[str, Any]) -> Pushed:
    """A post as WordPress' own REST API tells it."""
    entry = wordpress.entry_of(post)
    time = entry.published_at
    given = Given(
        title=entry.title,
        url=entry.url,
        picture=absolute(entry.picture, entry.url),
        topic=next(iter(entry.topics), ""),
        published_at=time.isoformat() if time else "",
    )
    return Pushed(parse(entry.html, "html", given), entry.guid)


def _object(body: bytes) -> dict[str, Any]:
    try:
        message = texts_in(body)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise Rejected(
            "body",
            "no_object",
            "the body is no JSON object",
            "Nội dung gửi đến không phải JSON.",
        )
    return message


def _text(data: Mapping[str, Any], path: str) -> str:
    """What stands at a path of names between points.

    "" for nothing, and for what is no text or number.
    """
    value: Any = data
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return (
        str(value)
        if isinstance(value, (str, int)) and not isinstance(value, bool)
        else ""
    )
