"""News comes in: the one place where a Story becomes an article of the newsroom."""

from collections.abc import Sequence
from dataclasses import fields, replace

from service.intake import LeftOut, Story, Why
from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.values import (
    Article,
    ArticleDoubt,
    ArticleText,
    NewArticle,
    OmittedLine,
    Priority,
    Receipt,
)

# Fields of a Story that an article has under the same name, and holds as they are.
OTHERWISE = ("left_out", "doubts")
ALIKE = tuple(
    name
    for name in (field.name for field in fields(Story))
    if name in {field.name for field in fields(ArticleText)} and name not in OTHERWISE
)


def article_of(
    story: Story,
    stations: Sequence[str],
    *,
    external_id: str = "",
    priority: Priority = Priority.NORMAL,
    evergreen: bool = False,
) -> NewArticle:
    """A Story as the newsroom takes it, for the `stations` with these slugs, its home first.

    `external_id` is the sender's own name for it, "" when there is none.
    """
    return NewArticle(
        digest=story.digest,
        stations=tuple(stations),
        external_id=external_id,
        priority=priority,
        evergreen=evergreen,
        left_out=tuple(
            OmittedLine(line.text, line.why, line.before) for line in story.left_out
        ),
        doubts=tuple(ArticleDoubt(doubt) for doubt in story.doubts),
        **{name: getattr(story, name) for name in ALIKE},
    )


def take_back(newsroom: Newsroom, article_id: int, text: str, who: str) -> Receipt:
    """A line that intake left out of an article becomes part of it, where it stood: a new revision.

    NotFound when the newest revision left out no such line.
    """
    article = newsroom.articles.get(article_id)
    number = next(
        (n for n, line in enumerate(article.left_out) if line.text == text), None
    )
    if number is None:
        raise NotFound(
            "no such line was left out",
            "Bài này nay không còn bỏ dòng đó; có thể bài vừa được sửa.",
            "left_out",
        )
    whole = _with(article, _story(article).with_line(number))
    return newsroom.articles.edit(article_id, whole, who, article.mark)


def set_topic(newsroom: Newsroom, article_id: int, topic: str, who: str) -> Receipt:
    """Another topic for an article, "" for none: noted at once, for nobody hears it."""
    article = newsroom.articles.get(article_id)
    story = replace(_story(article), topic=topic.strip())
    retold = _with(article, story)
    return newsroom.articles.edit(article_id, retold, who, article.mark)


def _story(article: Article) -> Story:
    """What an article says, as intake tells it."""
    lines = tuple(
        LeftOut(line.text, Why(line.why), line.before) for line in article.left_out
    )
    return Story(left_out=lines, **{name: getattr(article, name) for name in ALIKE})


def _with(article: Article, story: Story) -> NewArticle:
    """The article with another story, where and as it was."""
    return article_of(
        story,
        article.stations,
        external_id=article.external_id,
        priority=article.priority,
        evergreen=article.evergreen,
    )
