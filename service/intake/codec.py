"""A Story as JSON, as it goes between processes and as `loa preview` shows it."""

from datetime import datetime
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
    return {
        "title": story.title,
        "topic": story.topic,
        "published_at": story.published_at.isoformat() if story.published_at else None,
        "lead": story.lead,
        "paragraphs": list(story.paragraphs),
        "byline": story.byline,
        "url": story.url,
        "left_out": [
            {"text": line.text, "why": line.why.value, "before": line.before}
            for line in story.left_out
        ],
        "doubts": [doubt.value for doubt in story.doubts],
    }


def of_json(values: dict[str, Any]) -> Story:
    """The Story again."""
    time = values["published_at"]
    return Story(
        title=values["title"],
        paragraphs=tuple(values["paragraphs"]),
        lead=values["lead"],
        byline=values["byline"],
        topic=values["topic"],
        published_at=datetime.fromisoformat(time) if time else None,
        url=values["url"],
        left_out=tuple(
            LeftOut(line["text"], Why(line["why"]), line["before"]) for line in values["left_out"]
        ),
        doubts=tuple(map(Doubt, values["doubts"])),
    )


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
