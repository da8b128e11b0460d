"""An episode is read again: the whole, some sentences, or all in another voice."""

from collections.abc import Sequence

from service.newsroom import Newsroom


def read_again(
    newsroom: Newsroom,
    episode_id: int,
    who: str,
    *,
    voice: str | None = None,
    sentences: Sequence[int] = (),
) -> None:
    """See Episodes.regenerate.

    A bulletin that reads a story which was withdrawn is put together anew without it: nothing else
    of it may be heard.
    """
    if not newsroom.bulletins.bring_back(episode_id, who):
        newsroom.episodes.regenerate(episode_id, who, voice=voice, sentences=sentences)
