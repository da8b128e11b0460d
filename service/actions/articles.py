"""News comes in: the one place where a Story becomes an article of the newsroom."""

from collections.abc import Sequence

from service.intake import Story
from service.newsroom import Newsroom
from service.newsroom.values import ArticleDoubt, NewArticle, OmittedLine, Priority


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


def stations_or_home(newsroom: Newsroom, named: Sequence[str]) -> tuple[str, ...]:
    """The slugs named, else the installation's first station; empty only while it has none."""
    if named:
        return tuple(named)
    home = newsroom.stations.home()
    return (home.slug,) if home else ()
