"""News comes in: the one place where a Story becomes an article of the newsroom."""

from collections.abc import Sequence

from service.intake import LeftOut, Story, Why
from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.values import ArticleDoubt, NewArticle, OmittedLine, Priority, Receipt


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
        title=story.title,
        paragraphs=story.paragraphs,
        digest=story.digest,
        stations=tuple(stations),
        lead=story.lead,
        byline=story.byline,
        topic=story.topic,
        published_at=story.published_at,
        url=story.url,
        external_id=external_id,
        priority=priority,
        evergreen=evergreen,
        left_out=tuple(OmittedLine(line.text, line.why, line.before) for line in story.left_out),
        doubts=tuple(ArticleDoubt(doubt) for doubt in story.doubts),
    )


def take_back(newsroom: Newsroom, article_id: int, text: str, who: str) -> Receipt:
    """A line that intake left out of an article becomes part of it, where it stood: a new revision.

    NotFound when the newest revision left out no such line.
    """
    article = newsroom.articles.get(article_id)
    number = next((n for n, line in enumerate(article.left_out) if line.text == text), None)
    if number is None:
        raise NotFound(
            "no such line was left out",
            "Bài này nay không còn bỏ dòng đó; có thể bài vừa được sửa.",
            "left_out",
        )
    story = Story(
        title=article.title,
        paragraphs=article.paragraphs,
        lead=article.lead,
        byline=article.byline,
        topic=article.topic,
        published_at=article.published_at,
        url=article.url,
        left_out=tuple(LeftOut(line.text, Why(line.why), line.before) for line in article.left_out),
    ).with_line(number)
    whole = article_of(
        story,
        article.stations,
        external_id=article.external_id,
        priority=article.priority,
        evergreen=article.evergreen,
    )
    return newsroom.articles.edit(article_id, whole, who)


def stations_or_home(newsroom: Newsroom, named: Sequence[str]) -> tuple[str, ...]:
    """The slugs named, else the installation's first station; empty only while it has none."""
    if named:
        return tuple(named)
    home = newsroom.stations.home()
    return (home.slug,) if home else ()
