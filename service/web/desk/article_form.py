"""An article on its way through the desk's form: what was typed, and what it becomes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from service.actions.aloud import announcer_for
from service.actions.articles import article_of
from service.characters import texts_in
from service.intake import Given, LeftOut, Rejected, Story, Why, codec, parse
from service.intake.story import Doubt
from service.newsroom.errors import Invalid, NewsroomError
from service.newsroom.values import (
    Article,
    NewArticle,
    Priority,
    Sentence,
    Station,
    Term,
)
from service.web.desk.choosing import chosen_stations
from service.zone import VIETNAM

TYPED = (
    "format",
    "title",
    "lead",
    "topic",
    "byline",
    "published_at",
    "picture",
    "picture_caption",
    "priority",
    "body",
)
FIELDS = (*TYPED, "stations", "file")


@dataclass(frozen=True, slots=True)
class ArticleForm:
    """The form as it was typed.

    `revision` and `was` (its mark) tell what the editor began with, "" for a new article.
    """

    stations: tuple[str, ...] = ()
    format: str = "text"
    title: str = ""
    lead: str = ""
    topic: str = ""
    byline: str = ""
    published_at: str = ""
    picture: str = ""
    picture_caption: str = ""
    priority: str = Priority.NORMAL.value
    body: str = ""
    revision: str = ""
    was: str = ""
    evergreen: bool = False
    # Lines that the machine would leave out, and the editor took back.
    kept: tuple[str, ...] = ()
    # Of a file that was read into the form: JSON, as the form carries it.
    left_out: str = ""
    # About that file: their names, parted by spaces.
    doubts: str = ""

    @classmethod
    def typed(cls, form: MultiDict[str, str]) -> "ArticleForm":
        """What came from the browser."""
        texts = {
            name: form.get(name, "")
            for name in (*TYPED, "revision", "was", "left_out", "doubts")
        }
        return cls(
            stations=chosen_stations(form),
            evergreen="evergreen" in form,
            # Those of earlier looks, and the one whose button was pressed now.
            kept=(*form.getlist("kept"), *form.getlist("take_back")),
            **texts,
        )

    def with_story(self, story: Story) -> "ArticleForm":
        """The form with what a file says in it, to be read and changed like what is typed."""
        lines = codec.to_json(story)["left_out"]
        return replace(
            self,
            format="text",
            title=self.title or story.title,
            lead=self.lead or story.lead,
            topic=self.topic or story.topic,
            byline=self.byline or story.byline,
            published_at=self.published_at or _local(story.published_at),
            picture=self.picture or story.picture,
            # What stands below the file's picture says nothing of the editor's own.
            picture_caption=self.picture_caption
            or ("" if self.picture else story.picture_caption),
            body="\n\n".join(story.paragraphs),
            left_out=json.dumps(lines, ensure_ascii=False) if lines else "",
            doubts=" ".join(story.doubts),
        )

    @classmethod
    def of(cls, article: Article) -> "ArticleForm":
        """An article as it can be edited."""
        return cls(
            stations=article.stations,
            title=article.title,
            lead=article.lead,
            topic=article.topic,
            byline=article.byline,
            published_at=_local(article.published_at),
            picture=article.picture,
            picture_caption=article.picture_caption,
            priority=article.priority.value,
            body="\n\n".join(article.paragraphs),
            revision=str(article.revision),
            was=article.mark,
            evergreen=article.evergreen,
        )

    def story(self) -> Story:
        """What was understood; Rejected names the field at fault."""
        typed = {field.name: getattr(self, field.name, "") for field in fields(Given)}
        story = parse(self.body, self.format, Given(**typed))
        # Text that was read out of a file is typed text by now, of which nothing is left out.
        if self.left_out and not story.left_out:
            story = replace(story, left_out=_lines(self.left_out))
        # What was doubted about a file is doubted about its text, however it is changed on the
        # form.
        carried = [Doubt(name) for name in self.doubts.split() if name in set(Doubt)]
        story = replace(story, doubts=tuple(dict.fromkeys((*carried, *story.doubts))))
        for text in self.kept:
            story = _with_line(story, text)
        return story

    def article(self, story: Story) -> NewArticle:
        """What the newsroom takes; Invalid names the field at fault."""
        if not self.stations:
            raise Invalid(
                "name at least one station", "Chọn ít nhất một đài.", "stations"
            )
        if self.priority not in set(Priority):
            raise Invalid(
                f"no priority {self.priority!r}",
                "Mức ưu tiên không hợp lệ.",
                "priority",
            )
        return article_of(
            story,
            self.stations,
            priority=Priority(self.priority),
            evergreen=self.evergreen,
        )


def aloud(story: Story, station: Station, terms: Sequence[Term]) -> list[Sentence]:
    """How the station would read the story, with its dictionary."""
    return announcer_for(station, terms).read(story.title, story.lead, story.paragraphs)


def _with_line(story: Story, text: str) -> Story:
    """The story with a line that was left out of it; as it is when it left out no such line."""
    for number, line in enumerate(story.left_out):
        if line.text == text:
            return story.with_line(number)
    return story


def _local(time: datetime | None) -> str:
    """A time as the browser's field for times wants it: Vietnam's, without saying so."""
    return time.astimezone(VIETNAM).replace(tzinfo=None).isoformat() if time else ""


def _lines(carried: str) -> tuple[LeftOut, ...]:
    """The lines that a form carried; none when somebody changed them by hand."""
    try:
        return tuple(_line(line) for line in texts_in(carried))
    except (ValueError, TypeError, KeyError):
        return ()


def _line(line: Any) -> LeftOut:
    return LeftOut(str(line["text"]), Why(line["why"]), int(line["before"]))


def faults(error: Rejected | NewsroomError) -> dict[str, str]:
    """The message by the field it belongs to; "form" when it belongs to none of them."""
    return {error.field if error.field in FIELDS else "form": error.message_vi}
