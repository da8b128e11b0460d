"""What each step of the line loads and saves: short transactions, compared and set on state and version.

Every `save_…` gives back False when the job was taken over or the episode moved on: the work is dropped, and
nothing of it is kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from service.newsroom.errors import Held
from service.newsroom.jobs import finish, held_by, still_current
from service.newsroom.line.approvals import approves_itself, tell_unplaced, unattended, words_heard
from service.newsroom.public.provenance import told
from service.newsroom.shows import change, next_ordinal, paths_of
from service.newsroom.stations import reading_of
from service.newsroom.store.database import Database
from service.newsroom.store.log import log
from service.newsroom.store.tables import (
    AiringRow,
    BulletinRow,
    EpisodeRow,
    JobRow,
    MasterRow,
    PlanItemRow,
    PlanRow,
    RenderingRow,
    RevisionRow,
    SentenceRow,
    StationRow,
    TopicRow,
    UrgentRow,
)
from service.newsroom.stories.corrections import paths_of_corrected
from service.newsroom.stories.moves import (
    NEXT_STEP,
    advance,
    let_air,
    lose,
    reopen,
    sentence_row,
)
from service.newsroom.stories.placements import come_into_force, home_of
from service.newsroom.stories.recordings import recorded_lines, recording_with
from service.newsroom.stories.renderings import sentences_of
from service.newsroom.stories.terms import terms_of
from service.newsroom.values import (
    LOUDSPEAKER,
    ArticleDoubt,
    Cause,
    Event,
    Job,
    Kind,
    Lane,
    MadeMaster,
    MasterKind,
    Rung,
    ScriptSound,
    Sentence,
    State,
    Step,
    StoryScript,
    Term,
    ToCompose,
    ToMaster,
    ToSpeak,
    ToWrite,
)

BEGINS_AT = {
    Step.WRITE: State.RECEIVED,
    Step.SPEAK: State.WRITTEN,
    Step.MASTER: State.SPOKEN,
    Step.PUBLISH: State.APPROVED,
}


class Steps:
    """The line's side of the newsroom."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def load_writing(self, job: Job) -> ToWrite | ToCompose | None:
        """The text to read aloud, or the stories of a bulletin to put together; None when the job is stale."""
        with self._database.read() as session:
            episode = _fresh(session, job)
            if episode is None:
                return None
            rendering = session.get_one(RenderingRow, (episode.id, episode.version))
            revision = session.get_one(RevisionRow, (episode.article_id, rendering.revision))
            station = home_of(session, rendering)
            terms, edits = _said_otherwise(session, episode, station)
            if (plan := session.get(PlanRow, (episode.id, rendering.revision))) is not None:
                return ToCompose(
                    greeting=plan.greeting,
                    closing=plan.closing,
                    headlines=plan.headlines,
                    chimes=plan.chimes,
                    stories=_stories(session, plan),
                    reading=reading_of(station),
                    edits=edits,
                    terms=terms,
                    disclosure_spoken=station.disclosure_spoken,
                )
            return ToWrite(
                title=revision.title,
                lead=revision.lead,
                paragraphs=tuple(revision.paragraphs),
                reading=reading_of(station),
                edits=edits,
                terms=terms,
                disclosure_spoken="" if rendering.recording_id else station.disclosure_spoken,
                alarms=warning.times if (warning := session.get(UrgentRow, episode.id)) else 0,
            )

    def save_written(
        self, job: Job, sentences: Sequence[Sentence], doubts: Sequence[ArticleDoubt] = ()
    ) -> bool:
        """Keeps the sentences, and what came up while they were read; the episode is written."""

        def keep(session: Session, episode: EpisodeRow, rendering: RenderingRow) -> State:
            session.execute(
                delete(SentenceRow).where(
                    SentenceRow.episode_id == episode.id, SentenceRow.version == job.version
                )
            )
            recorded = _recorded_before(session, episode) if episode.kind != Kind.BULLETIN else {}
            for sentence in sentences:
                numbers = (
                    [sentence.recording] if sentence.story_id else recorded.get(sentence.written)
                )
                number = numbers.pop(0) if numbers else 0
                session.add(
                    sentence_row(episode, replace(sentence, recording=number), rendering.take)
                )
            lose(
                session,
                episode,
                [n for numbers in recorded.values() for n in numbers if n],
                self._now(),
            )
            rendering.total = len(sentences)
            rendering.doubts = [doubt.value for doubt in doubts]
            tell_unplaced(session, episode, rendering, sentences, self._now())
            return State.WRITTEN

        return self._save(job, keep)

    def load_speaking(self, job: Job) -> ToSpeak | None:
        """The lines to speak and the voice asked for; None when the job is stale."""
        with self._database.read() as session:
            episode = _fresh(session, job)
            if episode is None:
                return None
            rendering = session.get_one(RenderingRow, (episode.id, episode.version))
            station = home_of(session, rendering)
            sentences = sentences_of(session, episode.id, episode.version)
            silent = [sentence for sentence in sentences if not sentence.clip]
            return ToSpeak(
                voice=rendering.voice or station.voice,
                # A warning in another voice is better than none in its own.
                fallback="provisional" if session.get(UrgentRow, episode.id) else station.fallback,
                lines=tuple((sentence.spoken, sentence.take) for sentence in silent),
                recorded=recorded_lines(session, silent),
                whole=recording_with(session, rendering.recording_id),
                passages=tuple(sentence.passage for sentence in silent),
            )

    def progress(self, job: Job, done: int, total: int) -> None:
        """Tells the desk how far the voice has come."""
        with self._database.write() as session:
            session.execute(
                update(RenderingRow)
                .where(
                    RenderingRow.episode_id == job.episode_id,
                    RenderingRow.version == job.version,
                    select(JobRow.id).where(held_by(job)).exists(),
                )
                .values(done=done, total=total)
            )

    def save_spoken(
        self,
        job: Job,
        clips: Sequence[str],
        *,
        voice: str,
        build: str,
        provisional: bool,
        engine_calls: int,
        clips_reused: int,
    ) -> bool:
        """Keeps the clip key of each sentence that had none, and who spoke; the episode is spoken."""

        def keep(session: Session, episode: EpisodeRow, rendering: RenderingRow) -> State:
            silent = (
                row for row in sentences_of(session, episode.id, episode.version) if not row.clip
            )
            _set_sentences(
                session,
                job,
                {row.n: {"clip": clip} for row, clip in zip(silent, clips, strict=True)},
            )
            if rendering.recording_id:
                _set_sentences(
                    session,
                    job,
                    {n: {"recording_id": rendering.recording_id} for n, _ in enumerate(clips, 1)},
                )
            people = [
                each
                for each in sentences_of(session, episode.id, episode.version)
                if each.recording
            ]
            rendering.announcers = list(
                dict.fromkeys(each.announcer for each in people if each.announcer)
            )
            rendering.human = (
                "all"
                if people and not voice and len(people) == rendering.total
                else "some"
                if people
                else ""
            )
            by = f"human:{', '.join(rendering.announcers)}" if rendering.human == "all" else ""
            rendering.spoken_by, rendering.build = voice or by, build
            rendering.provisional = provisional or _carries_provisional(session, episode, rendering)
            rendering.engine_calls, rendering.clips_reused = engine_calls, clips_reused
            rendering.done = rendering.total = len(clips)
            if provisional:
                log(session, self._now(), LOUDSPEAKER, Event.PROVISIONAL_VOICE, voice, episode)
            return State.SPOKEN

        return self._save(job, keep)

    def load_mastering(self, job: Job) -> ToMaster | None:
        """Clips, pauses and tags; None when the job is stale."""
        with self._database.read() as session:
            episode = _fresh(session, job)
            if episode is None:
                return None
            rendering = session.get_one(RenderingRow, (episode.id, episode.version))
            revision = session.get_one(RevisionRow, (episode.article_id, rendering.revision))
            station = home_of(session, rendering)
            topic = session.get(TopicRow, revision.topic_id) if revision.topic_id else None
            stretches = stretches_of(sentences_of(session, episode.id, episode.version))
            return ToMaster(
                episode_id=episode.id,
                version=episode.version,
                slug=episode.slug,
                title=rendering.title,
                station=station.slug,
                station_name=station.name,
                topic=topic.name if topic else "",
                date=revision.published_at or revision.received_at,
                sounds=script_of(stretches),
                disclosure=told(station.disclosure, rendering.human, rendering.announcers),
                speaker_tempo=station.speaker_tempo,
                speaker_pauses=station.speaker_pauses,
                **_frame(session, episode, rendering),
            )

    def save_mastered(self, job: Job, masters: Sequence[MadeMaster]) -> bool:
        """Keeps the masters and the cues of `app`; the episode is mastered, and approved if its station trusts."""

        def keep(session: Session, episode: EpisodeRow, rendering: RenderingRow) -> State:
            now = self._now()
            session.execute(
                delete(MasterRow).where(
                    MasterRow.episode_id == episode.id, MasterRow.version == job.version
                )
            )
            for master in masters:
                session.add(_master_row(job, master, now))
                if master.kind == MasterKind.APP:
                    _set_times(session, job, master.cues_ms)
            return State.MASTERED

        return self._save(job, keep)

    def save_published(self, job: Job) -> bool:
        """The approved version becomes the one the public gets."""

        def keep(session: Session, episode: EpisodeRow, rendering: RenderingRow) -> State:
            now = self._now()
            shows = paths_of(session, episode)  # before and after: a version may move elsewhere
            come_into_force(session, episode, rendering)
            rendering.published_at = now
            episode.public_version, episode.withdrawn_why = job.version, ""
            if episode.first_published_at is None:
                episode.first_published_at = now
                episode.ordinal = next_ordinal(session, episode, now)
            session.flush()
            change(
                session,
                shows | paths_of(session, episode) | paths_of_corrected(session, episode),
                now,
            )
            log(session, now, LOUDSPEAKER, Event.PUBLISHED, "", episode)
            return State.PUBLISHED

        return self._save(job, keep)

    def hold(self, job: Job, reason: Held, detail: str) -> bool:
        """Stops the episode until a person decides; `detail` says which sentence or file."""
        with self._database.write() as session:
            episode = (
                still_current(session, job, BEGINS_AT[job.step]) if job.step in BEGINS_AT else None
            )
            if (
                not finish(session, job, "failed", self._now(), f"{reason}: {detail}")
                or episode is None
            ):
                return False
            episode.state, episode.held, episode.held_detail = State.HELD, reason, detail
            episode.updated_at = self._now()
            log(session, self._now(), LOUDSPEAKER, Event.HELD, f"{reason}: {detail}", episode)
            return True

    def speak_again(self, job: Job) -> bool:
        """Clips that were spoken are gone: a new version begins at its sentences. False when that was tried before."""
        with self._database.write() as session:
            episode = still_current(session, job, BEGINS_AT[job.step])
            if (
                episode is not None
                and session.get_one(RenderingRow, (episode.id, episode.version)).cause
                == Cause.CLIPS_LOST
            ):
                return False
            if (
                not finish(session, job, "dropped", self._now(), Cause.CLIPS_LOST)
                or episode is None
            ):
                return True
            lane = Lane(session.get_one(JobRow, job.id).lane)
            reopen(
                session,
                episode,
                State.WRITTEN,
                LOUDSPEAKER,
                Cause.CLIPS_LOST,
                self._now(),
                lane=lane,
            )
            session.execute(  # what a bulletin took from its stories may be what is lost
                update(SentenceRow)
                .where(SentenceRow.episode_id == episode.id, SentenceRow.version == episode.version)
                .values(clip="")
            )
        return True

    def drop(self, job: Job) -> None:
        """Ends a job whose episode has moved on."""
        with self._database.write() as session:
            finish(session, job, "dropped", self._now())

    def _save(self, job: Job, keep: Callable[[Session, EpisodeRow, RenderingRow], State]) -> bool:
        with self._database.write() as session:
            episode = still_current(session, job, BEGINS_AT[job.step])
            if episode is None:
                finish(session, job, "dropped", self._now())
                return False
            if not finish(session, job, "done", self._now()):
                return False
            lane = Lane(session.get_one(JobRow, job.id).lane)
            rendering = session.get_one(RenderingRow, (episode.id, episode.version))
            state = keep(session, episode, rendering)
            if state in NEXT_STEP:
                advance(session, episode, state, lane, self._now())
            else:
                episode.state, episode.updated_at = state, self._now()
            if state is State.MASTERED:
                approval = approves_itself(session, episode, rendering, self._now())
                if approval is not None:
                    let_air(session, episode, *approval, self._now())
        return True


def _said_otherwise(
    session: Session, episode: EpisodeRow, station: StationRow
) -> tuple[tuple[Term, ...], dict[str, str]]:
    """What is not said as the tables have it: entries of the dictionary, and spoken forms by written sentences."""
    edited = session.execute(
        select(SentenceRow.written, SentenceRow.spoken)
        .where(SentenceRow.episode_id == episode.id, SentenceRow.edited.is_(True))
        .order_by(SentenceRow.version)
    )
    edits = {row.written: row.spoken for row in edited}
    if unattended(session, episode):
        return (), words_heard(session, station) | edits
    return tuple(terms_of(session, station.slug)), edits


def _master_row(job: Job, master: MadeMaster, now: datetime) -> MasterRow:
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


def _set_times(session: Session, job: Job, cues_ms: Sequence[tuple[int, int]]) -> None:
    """When each sentence begins and ends; those of one stretch share its times."""
    stretches = stretches_of(sentences_of(session, job.episode_id, job.version))
    times = {
        sentence.n: {"start_ms": start, "end_ms": end}
        for (start, end), stretch in zip(cues_ms, stretches, strict=True)
        for sentence in stretch
    }
    _set_sentences(session, job, times)


def script_of(stretches: Sequence[Sequence[Sentence]]) -> tuple[ScriptSound, ...]:
    """What is heard, in order: a clip for each stretch, told by its first sentence."""
    return tuple(
        ScriptSound(
            clip=stretch[0].clip,
            pause_ms=pause_ms,
            passage=stretch[0].passage,
            written=" ".join(sentence.written for sentence in stretch),
            role=stretch[0].role,
            chime=stretch[0].chime,
        )
        for stretch, pause_ms in zip(stretches, pauses_of(stretches), strict=True)
    )


def stretches_of(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """The sentences by what is heard of them: one each, or a stretch of a recording of the whole."""
    stretches = groupby(
        sentences,
        key=lambda each: (each.recording, each.clip) if each.recording else (0, str(each.n)),
    )
    return [list(stretch) for _, stretch in stretches]


def pauses_of(stretches: Sequence[Sequence[Sentence]]) -> Iterator[int]:
    """The pause after each; between the stretches of one recording there is none but its own."""
    for stretch, following in zip(stretches, [*stretches[1:], None], strict=True):
        goes_on = (
            following is not None
            and stretch[0].recording
            and following[0].recording == stretch[0].recording
        )
        yield 0 if goes_on else stretch[-1].pause_ms


def _recorded_before(session: Session, episode: EpisodeRow) -> dict[str, list[int]]:
    """For each written sentence of the version before, the recordings (0 for none) of those that say so, in order."""
    before = session.scalar(
        select(func.max(SentenceRow.version)).where(
            SentenceRow.episode_id == episode.id, SentenceRow.version < episode.version
        )
    )
    sentences = sentences_of(session, episode.id, before or 0)
    found: dict[str, list[int]] = {}
    for sentence, recording in zip(sentences, recorded_lines(session, sentences), strict=True):
        found.setdefault(sentence.written, []).append(recording.id if recording else 0)
    return found


def _set_sentences(session: Session, job: Job, values: Mapping[int, dict[str, Any]]) -> None:
    """Sets columns of the version's sentences, by their number."""
    keys = {"episode_id": job.episode_id, "version": job.version}
    if values:
        session.execute(update(SentenceRow), [keys | {"n": n} | row for n, row in values.items()])


def _frame(session: Session, episode: EpisodeRow, rendering: RenderingRow) -> dict[str, Any]:
    """What only a bulletin has: the chime that is heard last, and the longest it may be."""
    bulletin = session.get(BulletinRow, episode.id)
    if bulletin is None:
        return {}
    plan = session.get_one(PlanRow, (episode.id, rendering.revision))
    airing = session.get_one(AiringRow, bulletin.airing_id)
    longest = airing.max_seconds
    if bulletin.rung == Rung.BED:
        return {"coda": "bed", "max_seconds": longest}
    return {"coda": "closing" if plan.chimes else "", "max_seconds": longest}


def _stories(session: Session, plan: PlanRow) -> tuple[StoryScript, ...]:
    """What a bulletin is put together from: each story as it was approved, clips and all."""
    rows = session.execute(
        select(PlanItemRow, RenderingRow.title)
        .join(
            RenderingRow,
            (RenderingRow.episode_id == PlanItemRow.story_id)
            & (RenderingRow.version == PlanItemRow.story_version),
        )
        .where(PlanItemRow.episode_id == plan.episode_id, PlanItemRow.revision == plan.revision)
        .order_by(PlanItemRow.position)
    )
    return tuple(
        StoryScript(item.story_id, title, sentences_of(session, item.story_id, item.story_version))
        for item, title in rows
    )


def _carries_provisional(session: Session, episode: EpisodeRow, rendering: RenderingRow) -> bool:
    """Whether a story in a bulletin was read by a provisional voice."""
    found = session.scalar(
        select(func.count())
        .select_from(PlanItemRow)
        .join(
            RenderingRow,
            (RenderingRow.episode_id == PlanItemRow.story_id)
            & (RenderingRow.version == PlanItemRow.story_version),
        )
        .where(
            PlanItemRow.episode_id == episode.id,
            PlanItemRow.revision == rendering.revision,
            RenderingRow.provisional,
        )
    )
    return bool(found)


def _fresh(session: Session, job: Job) -> EpisodeRow | None:
    """The episode if the step still has something to do."""
    return session.scalar(
        select(EpisodeRow).where(
            EpisodeRow.id == job.episode_id,
            EpisodeRow.version == job.version,
            EpisodeRow.state == BEGINS_AT[job.step],
        )
    )
