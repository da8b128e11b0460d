"""What programs are told, written down in the transaction of the move it tells of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.store.tables import (
    ArticleRow,
    DeliveryRow,
    EpisodeRow,
    HookRow,
    RenderingRow,
    StationRow,
)
from service.newsroom.values.hooks import DeliveryState, HookEvent


def announce(
    session: Session,
    event: HookEvent,
    now: datetime,
    stations: Sequence[str],
    data: dict[str, Any],
) -> None:
    """A telling for each hook that wants to know this event of one of these stations (slugs).

    In `data`, what is called `page` or `link` is a path of this installation; whoever sends it
    completes that.
    """
    for hook in session.scalars(select(HookRow).where(HookRow.active)).all():
        concerned = not hook.stations or not set(hook.stations).isdisjoint(stations)
        if event in hook.events and concerned:
            add_delivery(session, hook, event, now, data)


def announce_episode(
    session: Session, event: HookEvent, episode: EpisodeRow, now: datetime, **more: Any
) -> None:
    """The same of an episode; `more` is what this event alone tells."""
    if session.scalar(select(HookRow.id).where(HookRow.active).limit(1)) is None:
        return
    rendering = session.get_one(RenderingRow, (episode.id, episode.version))
    of_these = StationRow.id.in_(rendering.stations)
    slugs = dict(
        session.execute(select(StationRow.id, StationRow.slug).where(of_these)).all()
    )
    stations = [slugs[number] for number in rendering.stations if number in slugs]
    article = (
        session.get(ArticleRow, episode.article_id) if episode.article_id else None
    )
    data = {
        "episode": episode.id,
        "guid": episode.guid,
        "kind": episode.kind,
        "title": rendering.title,
        "version": episode.version,
        "stations": stations,
        "page": f"/articles/{episode.slug}",
        "external_id": article.external_id if article else "",
        "url": article.url if article else "",
    }
    announce(session, event, now, stations, data | more)


def add_delivery(
    session: Session,
    hook: HookRow,
    event: HookEvent,
    now: datetime,
    data: dict[str, Any],
) -> None:
    """One telling to one hook, due at once."""
    session.add(
        DeliveryRow(
            hook_id=hook.id,
            message=f"msg_{uuid4().hex}",
            event=event,
            data=data,
            made_at=now,
            state=DeliveryState.WAITING,
            tries=0,
            try_after=now,
            told_at=None,
            answer="",
        )
    )
