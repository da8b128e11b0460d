"""A Story as JSON, as it goes between processes and as `loa preview` shows it."""

import base64
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import datetime
from enum import Enum
from typing import Any

from service.intake.story import Doubt, LeftOut, Rejected, SmallPicture, Story, Why

SHOWN = (
    "title",
    "topic",
    "published_at",
    "lead",
    "paragraphs",
    "byline",
    "left_out",
    "doubts",
)


def to_json(story: Story) -> dict[str, Any]:
    """All fields of a Story in values that JSON knows."""
    return {field.name: _plain(getattr(story, field.name)) for field in fields(Story)}


def of_json(values: dict[str, Any]) -> Story:
    """The Story again."""
    return Story(
        **values | {name: read(values[name]) for name, read in NOT_PLAIN.items()}
    )


def small_to_json(picture: SmallPicture) -> dict[str, Any]:
    """A picture that was made small; its bytes as base64."""
    sizes = {
        name: base64.b64encode(data).decode() for name, data in picture.sizes.items()
    }
    return asdict(picture) | {"sizes": sizes}


def small_of_json(values: dict[str, Any]) -> SmallPicture:
    """The picture again."""
    sizes = {name: base64.b64decode(text) for name, text in values["sizes"].items()}
    return SmallPicture(**values | {"sizes": sizes})


def _plain(value: Any) -> Any:
    """A value of a Story's as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, LeftOut):
        return {"text": value.text, "why": value.why.value, "before": value.before}
    if isinstance(value, SmallPicture):
        return small_to_json(value)
    return value.value if isinstance(value, Enum) else value


# How fields are read that JSON has no values for.
NOT_PLAIN: dict[str, Callable[[Any], Any]] = {
    "paragraphs": tuple,
    "published_at": lambda time: datetime.fromisoformat(time) if time else None,
    "left_out": lambda lines: tuple(
        LeftOut(line["text"], Why(line["why"]), line["before"]) for line in lines
    ),
    "doubts": lambda names: tuple(map(Doubt, names)),
    "enclosed": lambda picture: small_of_json(picture) if picture else None,
}


def preview(story: Story) -> dict[str, Any]:
    """What `loa preview` shows of a Story: what would be understood."""
    values = to_json(story)
    return {name: values[name] for name in SHOWN}


def refusal(error: Rejected) -> dict[str, Any]:
    """Why something was turned away, as `loa preview` and the child tell it."""
    return {
        "refused": {
            "field": error.field,
            "reason": error.reason,
            "message": str(error),
            "message_vi": error.message_vi,
        }
    }
