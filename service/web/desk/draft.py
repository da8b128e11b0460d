"""An article on its way through the desk's form: what was typed, and what it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from service.actions.aloud import announcer_for
from service.actions.articles import article_of
from service.intake import Given, Rejected, Story, parse
from service.newsroom.errors import Invalid, NewsroomError
from service.newsroom.values import Article, NewArticle, Priority, Sentence, Station, Term
from service.zone import VIETNAM

TYPED = ("format", "title", "lead", "topic", "byline", "published_at", "priority", "body")
FIELDS = (*TYPED, "stations")


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it was typed. `revision` is the one that the editor began with, "" for a new article."""

    stations: tuple[str, ...] = ()
    format: str = "text"
    title: str = ""
    lead: str = ""
    topic: str = ""
    byline: str = ""
    published_at: str = ""
    priority: str = Priority.NORMAL.value
    body: str = ""
    revision: str = ""
    evergreen: bool = False

    @classmethod
    def typed(cls, form: MultiDict[str, str]) -> "Draft":
        """What came from the browser."""
        texts = {name: form.get(name, "") for name in (*TYPED, "revision")}
        return cls(stations=tuple(form.getlist("stations")), evergreen="evergreen" in form, **texts)

    @classmethod
    def of(cls, article: Article) -> "Draft":
        """An article as it can be edited."""
        time = (
            article.published_at.astimezone(VIETNAM).replace(tzinfo=None)
            if article.published_at
            else None
        )
        return cls(
            stations=article.stations,
            title=article.title,
            lead=article.lead,
            topic=article.topic,
            byline=article.byline,
            published_at=time.isoformat() if time else "",
            priority=article.priority.value,
            body="\n\n".join(article.paragraphs),
            revision=str(article.revision),
            evergreen=article.evergreen,
        )

    def story(self) -> Story:
        """What was understood; Rejected names the field at fault."""
        given = Given(self.title, self.lead, self.topic, self.byline, "", self.published_at)
        return parse(self.body, self.format, given)

    def article(self, story: Story) -> NewArticle:
        """What the newsroom takes; Invalid names the field at fault."""
        if not self.stations:
            raise Invalid("name at least one station", "Chọn ít nhất một đài.", "stations")
        if self.priority not in set(Priority):
            raise Invalid(f"no priority {self.priority!r}", "Mức ưu tiên không hợp lệ.", "priority")
        return article_of(
            story, self.stations, priority=Priority(self.priority), evergreen=self.evergreen
        )


def aloud(story: Story, station: Station, terms: Sequence[Term]) -> list[Sentence]:
    """How the station would read the story, with its dictionary."""
    return announcer_for(station, terms).read(story.title, story.lead, story.paragraphs)


def faults(error: Rejected | NewsroomError) -> dict[str, str]:
    """The message by the field it belongs to; "form" when it belongs to none of them."""
    return {error.field if error.field in FIELDS else "form": error.message_vi}
