"""The sentences of the version on the line: their recordings,
clips and times, and who reads them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.newsroom.line.script import stretches_of
from service.newsroom.store.tables import EpisodeRow, RenderingRow, SentenceRow
from service.newsroom.stories.recording_values import recorded_lines
from service.newsroom.stories.renderings import sentences_of
from service.newsroom.values import HumanVoice, Job


def keep_clips(
    session: Session, job: Job, rendering: RenderingRow, clips: Sequence[str]
) -> None:
    """Gives each sentence that had no clip its own, in order.

    Where a person reads the whole, every sentence lies in that recording.
    """
    sentences = sentences_of(session, job.episode_id, job.version)
    silent = [sentence.n for sentence in sentences if not sentence.clip]
    _set_sentences(
        session, job, {n: {"clip": clip} for n, clip in zip(silent, clips, strict=True)}
    )
    if rendering.recording_id:
        recording = {"recording_id": rendering.recording_id}
        _set_sentences(
            session, job, {n: recording for n, _ in enumerate(clips, start=1)}
        )


def credit_readers(session: Session, rendering: RenderingRow, voice: str) -> None:
    """Writes on a rendering who reads it: `voice` (a machine's, "" for none), people, or both."""
    sentences = sentences_of(session, rendering.episode_id, rendering.version)
    by_people = [sentence for sentence in sentences if sentence.recording]
    announcers = [sentence.announcer for sentence in by_people if sentence.announcer]
    rendering.announcers = list(dict.fromkeys(announcers))
    if not by_people:
        rendering.human = HumanVoice.NONE
    elif not voice and len(by_people) == rendering.total:
        rendering.human = HumanVoice.ALL
    else:
        rendering.human = HumanVoice.SOME
    reads_all = rendering.human == HumanVoice.ALL
    people = f"human:{', '.join(rendering.announcers)}" if reads_all else ""
    rendering.spoken_by = voice or people


def recordings_before(session: Session, episode: EpisodeRow) -> dict[str, list[int]]:
    """For each written sentence of the version before,
    the recordings (0 for none) of those that say so, in order.
    """
    before = session.scalar(
        select(func.max(SentenceRow.version)).where(
            SentenceRow.episode_id == episode.id, SentenceRow.version < episode.version
        )
    )
    sentences = sentences_of(session, episode.id, before or 0)
    recordings: dict[str, list[int]] = {}
    for sentence, recording in zip(
        sentences, recorded_lines(session, sentences), strict=True
    ):
        recordings.setdefault(sentence.written, []).append(
            recording.id if recording else 0
        )
    return recordings


def set_times(session: Session, job: Job, cues_ms: Sequence[tuple[int, int]]) -> None:
    """When each sentence begins and ends; those of one stretch share its times."""
    stretches = stretches_of(sentences_of(session, job.episode_id, job.version))
    times = {
        sentence.n: {"start_ms": start, "end_ms": end}
        for (start, end), stretch in zip(cues_ms, stretches, strict=True)
        for sentence in stretch
    }
    _set_sentences(session, job, times)


def _set_sentences(
    session: Session, job: Job, values: Mapping[int, dict[str, Any]]
) -> None:
    """Sets columns of the version's sentences, by their number."""
    keys = {"episode_id": job.episode_id, "version": job.version}
    if values:
        session.execute(
            update(SentenceRow), [keys | {"n": n} | row for n, row in values.items()]
        )
