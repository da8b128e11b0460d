"""A sentence is written otherwise, and read as its station reads."""

from service.actions.aloud import announcer_for, engine_of
from service.newsroom import Newsroom
from service.newsroom.values import NOT_SEEN, SentenceSeen


def rewrite_sentence(
    newsroom: Newsroom,
    episode_id: int,
    n: int,
    written: str,
    who: str,
    seen: SentenceSeen = NOT_SEEN,
) -> None:
    """Gives sentence `n` of an episode another text; only that sentence is spoken again.

    NotFound when there is no such episode or sentence, Conflict while it is read anew, when it is
    not as it was `seen`, or where the text is not the episode's own, Invalid for what a voice
    cannot say.
    """
    episode = newsroom.episodes.get(episode_id)
    station = newsroom.stations.get(episode.station)
    terms = newsroom.terms.of(station.slug, engine_of(episode))
    announcer = announcer_for(station, terms)
    sentence = announcer.reread(n, written, episode.sentences)
    newsroom.episodes.write_otherwise(episode_id, n, sentence, who, seen)
