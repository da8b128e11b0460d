"""Rows of the version on the line: its sentences and masters, and whether a job is still about it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.newsroom.line.approvals import unattended, words_heard
from service.newsroom.line.sentences import set_times
from service.newsroom.stations.voices import chosen_for
from service.newsroom.store.tables import (
    EpisodeRow,
    MasterRow,
    RenderingRow,
    SentenceRow,
    StationRow,
    UrgentRow,
)
from service.newsroom.stories.placements import home_of
from service.newsroom.stories.terms import terms_of
from service.newsroom.values import Job, MadeMaster, MasterKind, State, Step, Term
from service.newsroom.values.voices import VoiceUse, use_for


def said_otherwise(
    session: Session, episode: EpisodeRow, station: StationRow
) -> tuple[tuple[Term, ...], dict[str, str]]:
    """What is not said as the tables have it: entries of the dictionary, for whatever engine,
    and spoken forms by written sentences.
    """
    edited = session.execute(
        select(SentenceRow.written, SentenceRow.spoken)
        .where(SentenceRow.episode_id == episode.id, SentenceRow.edited.is_(True))
        .order_by(SentenceRow.version)
    )
    edits = {row.written: row.spoken for row in edited}
    if unattended(session, episode):
        return (), words_heard(session, station) | edits
    return tuple(terms_of(session, station.slug)), edits


def asked_voice(session: Session, episode: EpisodeRow, rendering: RenderingRow) -> str:
    """Who is to read a version: the voice it was opened with, else the nearest that was chosen.

    "" for the installation's order of preference.
    """
    if rendering.voice:
        return rendering.voice
    is_warning = session.get(UrgentRow, episode.id) is not None
    use = VoiceUse.WARNING if is_warning else use_for(episode.kind)
    return chosen_for(session, home_of(session, rendering), use).voice


def master_row(job: Job, master: MadeMaster, now: datetime) -> MasterRow:
    """The row of a master that was just made for a job's version."""
    return MasterRow(
        episode_id=job.episode_id,
        version=job.version,
        kind=master.kind,
        name=master.name,
        key=master.key,
        mime=master.mime,
        bytes=master.bytes,
        sha256=master.sha256,
        seconds=master.seconds,
        lufs=master.lufs,
        true_peak=master.true_peak,
        label=master.label,
        target_lufs=master.target_lufs,
        band_lu=master.band_lu,
        created_at=now,
    )


def keep_masters(
    session: Session, job: Job, masters: Sequence[MadeMaster], now: datetime
) -> None:
    """Has the job's version consist of these files, and of no others; the cues are those of `app`."""
    session.execute(
        delete(MasterRow).where(
            MasterRow.episode_id == job.episode_id, MasterRow.version == job.version
        )
    )
    for master in masters:
        session.add(master_row(job, master, now))
        if master.kind == MasterKind.APP:
            set_times(session, job, master.cues_ms)


def fresh_episode(session: Session, job: Job) -> EpisodeRow | None:
    """The episode if the step still has something to do."""
    return session.scalar(
        select(EpisodeRow).where(
            EpisodeRow.id == job.episode_id,
            EpisodeRow.version == job.version,
            EpisodeRow.state == BEGINS_AT[job.step],
        )
    )


BEGINS_AT = {
    Step.WRITE: State.RECEIVED,
    Step.SPEAK: State.WRITTEN,
    Step.MASTER: State.SPOKEN,
    Step.PUBLISH: State.APPROVED,
}
