"""Plans of bulletins: one is opened, replaced by another, or made shorter than its slot."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.airtime.stock import as_published
from service.newsroom.jobs.turns import enqueue
from service.newsroom.store.log import log
from service.newsroom.store.tables import (
    AiringRow,
    ArticleRow,
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    PlanItemRow,
    PlanRow,
    RevisionRow,
)
from service.newsroom.stories.moves import first_version, reopen
from service.newsroom.stories.placements import Placed
from service.newsroom.stories.version_rows import Opening
from service.newsroom.text import fold, slugify
from service.newsroom.values import (
    Bulletin,
    Cause,
    Event,
    Kind,
    Lane,
    Plan,
    PlanItem,
    Priority,
    Rung,
    State,
    Step,
    UnusedStory,
)

TOO_LONG = "Khi đọc xong, bản tin dài hơn khung giờ."


def open_bulletin(
    session: Session, airing: AiringRow, rung: Rung, plan: Plan, who: str, now: datetime
) -> EpisodeRow:
    """A new episode for a rung of an airing, with its first version and the job to write it."""
    article = _add_article(session, airing, rung, now)
    episode = EpisodeRow(
        kind=Kind.BULLETIN,
        guid=str(uuid4()),
        slug=f"{slugify(plan.title)}-{article.id}",
        article_id=article.id,
        station_id=airing.station_id,
        state=State.RECEIVED,
        version=1,
        # Its hour comes; a backlog of news does not wait for one.
        priority=Priority.PRIORITY,
        created_at=now,
        updated_at=now,
    )
    session.add(episode)
    session.flush()
    session.add(BulletinRow(episode_id=episode.id, airing_id=airing.id, rung=rung))
    placement = Placed((airing.station_id,), Priority.PRIORITY, evergreen=False)
    first_version(session, episode, plan.title, Cause.PLANNED, who, placement, now)
    _add_plan(session, episode, article, plan, now, who)
    log(session, now, who, Event.PLANNED, plan.title, episode)
    enqueue(session, episode, Step.WRITE, lane_for(airing, now), now)
    return episode


def shortened(
    session: Session, bulletin: Bulletin, excess: float, now: datetime
) -> Plan:
    """The plan of a bulletin without the stories that make it `excess` seconds too long."""
    kept = _fitting(bulletin.items, excess)
    dropped = [item for item in bulletin.items if item not in kept]
    left_out = [UnusedStory(item.episode_id, item.title, TOO_LONG) for item in dropped]
    numbers = [item.episode_id for item in kept]
    plan = remaining(session, bulletin, numbers, now)
    return replace(plan, left_out=(*plan.left_out, *left_out))


def remaining(
    session: Session, bulletin: Bulletin, stories: Sequence[int], now: datetime
) -> Plan:
    """The plan of a bulletin with these of its stories alone, as they are published now."""
    airing = bulletin.airing
    offers = as_published(session, stories, airing.station, airing.air_at, now)
    return Plan(
        title=bulletin.title,
        greeting=bulletin.greeting,
        closing=bulletin.closing,
        headlines=bulletin.headlines,
        chimes=bulletin.chimes,
        stories=tuple(offers),
        seconds=sum(
            item.seconds for item in bulletin.items if item.episode_id in stories
        ),
        left_out=bulletin.left_out,
    )


def _fitting(items: tuple[PlanItem, ...], excess: float) -> list[PlanItem]:
    """The last story that makes room enough goes, else the last of all,
    until nothing is in excess.
    """
    kept = list(items)
    while kept and excess > 0:
        long_enough = (item for item in reversed(kept) if item.seconds >= excess)
        dropped = next(long_enough, kept[-1])
        kept.remove(dropped)
        excess -= dropped.seconds
    return kept


def _add_article(
    session: Session, airing: AiringRow, rung: Rung, now: datetime
) -> ArticleRow:
    """A bulletin's text is an article of its own, at its station only."""
    article = ArticleRow(
        identity=f"bulletin:{airing.id}:{rung}",
        external_id="",
        url="",
        priority=Priority.NORMAL,
        revision=1,
        created_at=now,
    )
    session.add(article)
    session.flush()
    session.add(
        ArticleStationRow(
            article_id=article.id, station_id=airing.station_id, position=0
        )
    )
    return article


def lane_for(airing: AiringRow, now: datetime) -> Lane:
    """Whatever is needed within the hour does not wait behind long articles."""
    return Lane.FAST if airing.air_at - now < timedelta(hours=1) else Lane.SLOW


def replan(
    session: Session,
    episode: EpisodeRow,
    airing: AiringRow,
    plan: Plan,
    who: str,
    cause: Cause,
    now: datetime,
) -> None:
    """The bulletin's next revision, and the version that begins with it."""
    article = session.get_one(ArticleRow, episode.article_id)
    article.revision += 1
    opening = Opening(who, cause, now, title=plan.title, revision=article.revision)
    reopen(session, episode, State.RECEIVED, opening, lane_for(airing, now))
    _add_plan(session, episode, article, plan, now, who)


def _add_plan(
    session: Session,
    episode: EpisodeRow,
    article: ArticleRow,
    plan: Plan,
    now: datetime,
    who: str,
) -> None:
    """Keeps a plan as the newest revision of its bulletin."""
    _add_text(session, article, plan, now, who)
    _add_order(session, episode, article.revision, plan)


def _add_text(
    session: Session, article: ArticleRow, plan: Plan, now: datetime, who: str
) -> None:
    """What search looks in and a person reads of a plan: its words and its stories' titles."""
    titles = [offer.title for offer in plan.stories]
    paragraphs = [text for text in (plan.greeting, *titles, plan.closing) if text]
    session.add(
        RevisionRow(
            article_id=article.id,
            number=article.revision,
            digest="",
            title=plan.title,
            lead="",
            paragraphs=paragraphs,
            byline="",
            topic_id=None,
            published_at=None,
            received_at=now,
            received_from=who,
            folded=fold(" ".join([plan.title, *paragraphs])),
        )
    )


def _add_order(
    session: Session, episode: EpisodeRow, revision: int, plan: Plan
) -> None:
    """The running order: the plan, and its stories one after another."""
    session.add(
        PlanRow(
            episode_id=episode.id,
            revision=revision,
            greeting=plan.greeting,
            closing=plan.closing,
            headlines=plan.headlines,
            chimes=plan.chimes,
            seconds=plan.seconds,
            left_out=[asdict(left) for left in plan.left_out],
        )
    )
    session.flush()
    for position, offer in enumerate(plan.stories, start=1):
        session.add(
            PlanItemRow(
                episode_id=episode.id,
                revision=revision,
                position=position,
                story_id=offer.episode_id,
                story_version=offer.version,
                seconds=offer.seconds,
                repeat=offer.last_aired is not None,
            )
        )
    session.flush()


def is_planned(
    session: Session, episode: EpisodeRow, revision: int, plan: Plan
) -> bool:
    """Whether a plan says what the bulletin's newest revision says already."""
    kept = session.get_one(PlanRow, (episode.id, revision))
    stories = session.execute(
        select(PlanItemRow.story_id, PlanItemRow.story_version)
        .where(PlanItemRow.episode_id == episode.id, PlanItemRow.revision == revision)
        .order_by(PlanItemRow.position)
    )
    planned_stories = [(offer.episode_id, offer.version) for offer in plan.stories]
    if planned_stories != [tuple(story) for story in stories]:
        return False
    frame = ("greeting", "closing", "headlines", "chimes")
    return all(getattr(kept, part) == getattr(plan, part) for part in frame)
