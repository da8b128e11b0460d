"""An approved version goes out: feeds, pages and programs have it from now on."""

from datetime import datetime

from sqlalchemy.orm import Session

from service.newsroom.shows import change, next_moment, next_ordinal, paths_of
from service.newsroom.store.announcing import announce_episode
from service.newsroom.store.log import log
from service.newsroom.store.tables import EpisodeRow, RenderingRow
from service.newsroom.stories.corrections import paths_of_corrected
from service.newsroom.stories.placements import come_into_force
from service.newsroom.values import LOUDSPEAKER, Event, HookEvent, State

# Why a bulletin does not go out that was approved.
SPOILT = "Trong bản tin có tin đã gỡ."


def publish(session: Session, episode: EpisodeRow, now: datetime) -> None:
    """The newest version of a locked episode becomes the one the public gets."""
    rendering = session.get_one(RenderingRow, (episode.id, episode.version))
    # The feeds before and after: a version may move to other stations.
    shows = paths_of(session, episode)
    come_into_force(session, episode, rendering)
    rendering.published_at = now
    is_first = episode.public_version is None
    event = HookEvent.PUBLISHED if is_first else HookEvent.REVISED
    episode.public_version, episode.withdrawn_why = episode.version, ""
    session.flush()
    shows |= paths_of(session, episode) | paths_of_corrected(session, episode)
    change(session, shows, now)
    if episode.first_published_at is None:
        # After `change`: the show of everything is locked by then, so two at once take turns.
        moment = next_moment(session, now)
        episode.ordinal = next_ordinal(session, episode, moment)
        episode.first_published_at = moment
    log(session, now, LOUDSPEAKER, Event.PUBLISHED, "", episode)
    announce_episode(session, event, episode, now)
    episode.state, episode.updated_at = State.PUBLISHED, now
