"""Đính chính in words: the text that is read when something broadcast was wrong."""

from service.actions.articles import article_of
from service.intake import Story
from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.values import Article, Episode, Kind, Priority, Receipt
from service.zone import VIETNAM

PREFIX = "Đính chính: "


def correct(
    newsroom: Newsroom, episode_id: int, wrong: str, right: str, who: str
) -> Receipt:
    """A correction of an episode, on its way to the voice.

    Editable like any article until approved.

    NotFound when the episode is unknown or has no article; Conflict when the public never had it.
    """
    episode = newsroom.episodes.get(episode_id)
    if episode.article_id is None:
        raise NotFound(
            "an episode without an article cannot be corrected yet",
            "Chưa đính chính được bài này.",
        )
    article = newsroom.articles.get(episode.article_id)
    # The same once more is one correction, whoever asks again: its text must not depend on that.
    story = _story(episode, article, wrong, right)
    # What was wrong is put right before other news of the same weight.
    priority = max(article.priority, Priority.PRIORITY, key=list(Priority).index)
    correction = article_of(story, article.stations, priority=priority)
    return newsroom.articles.correct(episode_id, correction, wrong, right, who)


def _story(episode: Episode, article: Article, wrong: str, right: str) -> Story:
    """What is read: which news it was, what it said, what it should have said."""
    heard_at = (episode.rendering.published_at or episode.created_at).astimezone(
        VIETNAM
    )
    day = f"{heard_at.day}/{heard_at.month}/{heard_at.year}"
    # A correction may be wrong as well: its title is still that of the news.
    title = (
        article.title.removeprefix(PREFIX)
        if episode.kind is Kind.CORRECTION
        else article.title
    )
    return Story(
        title=f"{PREFIX}{title}",
        lead=f"{episode.station_name} xin đính chính bài “{title}”, phát ngày {day}.",
        paragraphs=(
            f"Trong bài đã đọc: {sentence(wrong)}",
            f"Nay xin sửa lại cho đúng: {sentence(right)}",
            "Đài thành thật xin lỗi bà con.",
        ),
        topic=article.topic,
    )


def sentence(text: str) -> str:
    """A text that ends like a sentence."""
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
