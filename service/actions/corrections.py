"""Đính chính in words: the text that is read when something broadcast was wrong."""

from service.actions.articles import article_of
from service.intake import Story
from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.values import Kind, Priority, Receipt
from service.zone import VIETNAM


def correct(newsroom: Newsroom, episode_id: int, wrong: str, right: str, who: str) -> Receipt:
    """A correction of an episode, on its way to the voice; editable like any article until approved.

    NotFound when the episode is unknown or has no article; Conflict when the public never had it.
    """
    episode = newsroom.episodes.get(episode_id)
    if episode.article_id is None:
        raise NotFound(
            "an episode without an article cannot be corrected yet", "Chưa đính chính được bài này."
        )
    article = newsroom.articles.get(episode.article_id)
    when = (episode.rendering.published_at or episode.created_at).astimezone(VIETNAM)
    title = (
        article.title
        if episode.kind is not Kind.CORRECTION
        else article.title.removeprefix("Đính chính: ")
    )
    story = Story(
        title=f"Đính chính: {title}",
        lead=f"{episode.station_name} xin đính chính bài “{title}”, phát ngày {when.day}/{when.month}/{when.year}.",
        paragraphs=(
            f"Trong bài đã đọc: {sentence(wrong)}",
            f"Nay xin sửa lại cho đúng: {sentence(right)}",
            "Đài thành thật xin lỗi bà con.",
        ),
        topic=article.topic,
    )
    priority = max(article.priority, Priority.PRIORITY, key=list(Priority).index)
    correction = article_of(story, article.stations, priority=priority)
    return newsroom.articles.correct(episode_id, correction, wrong, right, who)


def sentence(text: str) -> str:
    """A text that ends like a sentence."""
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
