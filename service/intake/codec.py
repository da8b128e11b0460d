"""A Story as JSON, as it goes between processes and as `loa preview` shows it."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import Any

from service.intake.story import Doubt, LeftOut, Rejected, Story, Why

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


def _plain(value: Any) -> Any:
    """A value of a Story's as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, LeftOut):
        return {"text": value.text, "why": value.why.value, "before": value.before}
    return value.value if isinstance(value, Enum) else value


# How fields are read that JSON has no values for.
NOT_PLAIN: dict[str, Callable[[Any], Any]] = {
    "paragraphs": tuple,
    "published_at": lambda time: datetime.fromisoformat(time) if time else None,
    "left_out": lambda lines: tuple(
        LeftOut(line["text"], Why(line["why"]), line["before"]) for line in lines
    ),
    "doubts": lambda names: tuple(map(Doubt, names)),
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
