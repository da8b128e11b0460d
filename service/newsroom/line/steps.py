"""What each step of the line loads and saves: short transactions,
compared and set on state and version.

Every `save_…` gives back False when the job was taken over or the episode moved on: the work is
dropped, and nothing of it is kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from service.newsroom.airtime.warnings import fallback_of
from service.newsroom.errors import Held
from service.newsroom.jobs import finish, held_by, still_current
from service.newsroom.line.approvals import approves_itself, tell_unplaced
from service.newsroom.line.composing import carries_provisional, to_compose
from service.newsroom.line.masters import to_master
from service.newsroom.line.publishing import SPOILT, publish
from service.newsroom.line.rows import (
    BEGINS_AT,
    asked_voice,
    fresh_episode,
    keep_masters,
    said_otherwise,
)
from service.newsroom.line.sentences import (
    credit_readers,
    keep_clips,
    recordings_before,
)
from service.newsroom.stations import reading_of
from service.newsroom.store.again import transact
from service.newsroom.store.announcing import announce_episode
from service.newsroom.store.database import Database
from service.newsroom.store.log import log
from service.newsroom.store.serials import DESK_ALONE
from service.newsroom.store.tables import (
    EpisodeRow,
    JobRow,
    PlanRow,
    RenderingRow,
    RevisionRow,
    SentenceRow,
    UrgentRow,
)
from service.newsroom.stories.moves import NEXT_STEP, advance, let_air, reopen, take_off
from service.newsroom.stories.placements import home_of
from service.newsroom.stories.recording_values import recorded_lines, recording_with
from service.newsroom.stories.renderings import sentences_of
from service.newsroom.stories.version_rows import Opening, lose, sentence_row
from service.newsroom.stories.withdrawals import is_gone
from service.newsroom.text import without_folders
from service.newsroom.values import (
    LOUDSPEAKER,
    ArticleDoubt,
    Cause,
    Event,
    HookEvent,
    Job,
    JobState,
    Kind,
    Lane,
    MadeMaster,
    Sentence,
    State,
    ToCompose,
    ToMaster,
    ToSpeak,
    ToWrite,
)


class Steps:
    """The line's side of the newsroom."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def load_writing(self, job: Job) -> ToWrite | ToCompose | None:
        """The text to read aloud, or a bulletin's stories; None when the job is stale."""
        with self._database.read() as session:
            episode = fresh_episode(session, job)
            if episode is None:
                return None
            rendering = session.get_one(RenderingRow, (episode.id, episode.version))
            revision = session.get_one(
                RevisionRow, (episode.article_id, rendering.revision)
            )
            station = home_of(session, rendering)
            terms, edits = said_otherwise(session, episode, station)
            voice = asked_voice(session, episode, rendering)
            plan = session.get(PlanRow, (episode.id, rendering.revision))
            if plan is not None:
                bulletin = to_compose(session, plan, station, edits, terms)
                return replace(bulletin, voice=voice)
            warning = session.get(UrgentRow, episode.id)
            # A person who reads the whole is no synthetic voice to tell of.
            disclosure = "" if rendering.recording_id else station.disclosure_spoken
            return ToWrite(
                title=revision.title,
                lead=revision.lead,
                paragraphs=tuple(revision.paragraphs),
                reading=reading_of(station),
                edits=edits,
                terms=terms,
                disclosure_spoken=disclosure,
                alarms=warning.times if warning else 0,
                voice=voice,
            )

    def save_written(
        self,
        job: Job,
        sentences: Sequence[Sentence],
        doubts: Sequence[ArticleDoubt] = (),
    ) -> bool:
        """Keeps the sentences, and what came up while they were read; the episode is written."""

        def keep(
            session: Session, episode: EpisodeRow, rendering: RenderingRow
        ) -> State:
            session.execute(
                delete(SentenceRow).where(
                    SentenceRow.episode_id == episode.id,
                    SentenceRow.version == job.version,
                )
            )
            self._add_sentences(session, episode, sentences, rendering.take)
            rendering.total = len(sentences)
            rendering.doubts = [doubt.value for doubt in doubts]
            tell_unplaced(session, episode, rendering, sentences, self._now())
            return State.WRITTEN

        return self._save(job, keep)

    def load_speaking(self, job: Job) -> ToSpeak | None:
        """The lines to speak and the voice asked for; None when the job is stale."""
        with self._database.read() as session:
            episode = fresh_episode(session, job)
            if episode is None:
                return None
            rendering = session.get_one(RenderingRow, (episode.id, episode.version))
            station = home_of(session, rendering)
            sentences = sentences_of(session, episode.id, episode.version)
            silent = [sentence for sentence in sentences if not sentence.clip]
            return ToSpeak(
                voice=asked_voice(session, episode, rendering),
                fallback=fallback_of(session, episode, station),
                lines=tuple((sentence.spoken, sentence.take) for sentence in silent),
                recorded=recorded_lines(session, silent),
                whole=recording_with(session, rendering.recording_id),
                passages=tuple(sentence.passage for sentence in silent),
            )

    @transact
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
                .execution_options(**{DESK_ALONE: True})
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
        """Keeps the clip key of each sentence that had none, and who spoke.

        The episode is spoken.
        """

        def keep(
            session: Session, episode: EpisodeRow, rendering: RenderingRow
        ) -> State:
            keep_clips(session, job, rendering, clips)
            credit_readers(session, rendering, voice)
            rendering.build = build
            rendering.provisional = provisional or carries_provisional(
                session, episode, rendering
            )
            rendering.engine_calls, rendering.clips_reused = engine_calls, clips_reused
            rendering.done = rendering.total = len(clips)
            if provisional:
                now, event = self._now(), Event.PROVISIONAL_VOICE
                log(session, now, LOUDSPEAKER, event, voice, episode)
            return State.SPOKEN

        return self._save(job, keep)

    def load_mastering(self, job: Job) -> ToMaster | None:
        """Clips, pauses and tags; None when the job is stale."""
        with self._database.read() as session:
            episode = fresh_episode(session, job)
            if episode is None:
                return None
            return to_master(session, episode, episode.version)

    @transact
    def save_heard(self, job: Job, masters: Sequence[MadeMaster]) -> bool:
        """Keeps the files that people wait for while the others are made: the desk plays them.

        The episode stays where it is: nobody approves a version that is not whole.
        """
        with self._database.write() as session:
            episode = still_current(session, job, BEGINS_AT[job.step])
            is_ours = session.scalar(select(JobRow.id).where(held_by(job))) is not None
            if episode is None or not is_ours:
                return False
            keep_masters(session, job, masters, self._now())
        return True

    def save_mastered(self, job: Job, masters: Sequence[MadeMaster]) -> bool:
        """Keeps the masters, and the cues of the one for apps.

        The episode then waits for a person's approval, or `_save` approves it where the rules of
        its stations say so. False when the job was not this worker's any more: nothing is kept.
        """

        def keep(session: Session, _e: EpisodeRow, _r: RenderingRow) -> State:
            keep_masters(session, job, masters, self._now())
            return State.MASTERED

        return self._save(job, keep)

    @transact
    def save_published(self, job: Job) -> bool:
        """The approved version becomes the one the public gets.

        A bulletin of which a story was withdrawn since does not: the house takes it off.
        """
        now = self._now()
        with self._database.write() as session:
            episode = still_current(session, job, BEGINS_AT[job.step])
            goes_out = episode is not None and not is_gone(session, episode, lock=True)
            outcome = JobState.DONE if goes_out else JobState.DROPPED
            if not finish(session, job, outcome, now) or episode is None:
                return False
            if goes_out:
                publish(session, episode, now)
            else:
                take_off(session, episode, SPOILT, LOUDSPEAKER, now)
        return goes_out

    @transact
    def hold(self, job: Job, reason: Held, detail: str) -> bool:
        """Stops the episode until a person decides; `detail` says which sentence or file."""
        detail = without_folders(detail)
        with self._database.write() as session:
            episode = None
            if job.step in BEGINS_AT:
                episode = still_current(session, job, BEGINS_AT[job.step])
            ended = finish(
                session, job, JobState.FAILED, self._now(), f"{reason}: {detail}"
            )
            if not ended or episode is None:
                return False
            episode.state = State.HELD
            episode.held = reason
            episode.held_detail = detail
            episode.updated_at = self._now()
            log(
                session,
                self._now(),
                LOUDSPEAKER,
                Event.HELD,
                f"{reason}: {detail}",
                episode,
            )
            announce_episode(
                session,
                HookEvent.HELD,
                episode,
                self._now(),
                reason=reason.value,
                why=reason.why,
            )
            return True

    @transact
    def speak_again(self, job: Job) -> bool:
        """Clips that were spoken are gone: a new version begins at its sentences.

        False when that was tried before, and the house was not waited for since.
        """
        with self._database.write() as session:
            episode = still_current(session, job, BEGINS_AT[job.step])
            if episode is not None:
                rendering = session.get_one(RenderingRow, (episode.id, episode.version))
                if rendering.cause == Cause.CLIPS_LOST and not job.waits:
                    return False
            ended = finish(
                session, job, JobState.DROPPED, self._now(), Cause.CLIPS_LOST
            )
            if not ended or episode is None:
                return True
            lane = Lane(session.get_one(JobRow, job.id).lane)
            lost = Opening(LOUDSPEAKER, Cause.CLIPS_LOST, self._now())
            reopen(session, episode, State.WRITTEN, lost, lane)
            # What a bulletin took from its stories may be what is lost.
            own = (
                SentenceRow.episode_id == episode.id,
                SentenceRow.version == episode.version,
            )
            session.execute(update(SentenceRow).where(*own).values(clip=""))
        return True

    @transact
    def drop(self, job: Job) -> None:
        """Ends a job whose episode has moved on."""
        with self._database.write() as session:
            finish(session, job, JobState.DROPPED, self._now())

    def _add_sentences(
        self,
        session: Session,
        episode: EpisodeRow,
        sentences: Sequence[Sentence],
        take: int,
    ) -> None:
        """Sentences keep the recordings that were made of the same words; the others are lost."""
        is_bulletin = episode.kind == Kind.BULLETIN
        recordings = {} if is_bulletin else recordings_before(session, episode)
        for sentence in sentences:
            if sentence.story_id:
                # A bulletin plays a story's sentence as it was approved there.
                number = sentence.recording
            else:
                waiting = recordings.get(sentence.written)
                number = waiting.pop(0) if waiting else 0
            session.add(
                sentence_row(episode, replace(sentence, recording=number), take)
            )
        unused = [
            number for waiting in recordings.values() for number in waiting if number
        ]
        lose(session, episode, unused, self._now())

    @transact
    def _save(
        self, job: Job, keep: Callable[[Session, EpisodeRow, RenderingRow], State]
    ) -> bool:
        with self._database.write() as session:
            episode = still_current(session, job, BEGINS_AT[job.step])
            if episode is None:
                finish(session, job, JobState.DROPPED, self._now())
                return False
            if not finish(session, job, JobState.DONE, self._now()):
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
