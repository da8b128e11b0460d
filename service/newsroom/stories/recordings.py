"""Recordings that people send: kept as they came, checked by a worker,
put in the place of what a machine speaks.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, Invalid, Refusal
from service.newsroom.jobs import finish
from service.newsroom.stations import station_row
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.files import Files
from service.newsroom.store.joins import episodes_within
from service.newsroom.store.log import log
from service.newsroom.store.tables import (
    EpisodeRow,
    RecordingRow,
    SentenceRow,
    StationRow,
)
from service.newsroom.stories.chimes import REMOVED_AT, beds_of, chimes_in_use
from service.newsroom.stories.moves import episode_row
from service.newsroom.stories.opening import stations_of
from service.newsroom.stories.recording_places import (
    own_sentence,
    put_to_use,
    sentence_by_voice,
    whole_by_voice,
)
from service.newsroom.stories.recording_values import (
    MIME,
    key_of,
    recording_of,
    recording_row,
    recordings_where,
)
from service.newsroom.stories.renderings import known_sentences, newest_sentence
from service.newsroom.stories.sent_files import (
    LONGEST_NAME,
    Sent,
    announcer_name,
    checking_job,
    digest_of_file,
)
from service.newsroom.values import (
    BedFile,
    Event,
    Job,
    JobState,
    Kind,
    NewArticle,
    Reach,
    Recording,
    Standing,
    ToRecord,
    Use,
)

A_DAY = timedelta(days=1)
# Of one person or key: ten of the largest, or six hours of WAV.
MOST_BYTES_A_DAY = 2_000_000_000


class Recordings:
    """The newsroom's door for sound.

    The original bytes are never thrown away once a recording was used.
    """

    def __init__(
        self, database: Database, files: Files, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._files = files
        self._now = now

    # Taken in.

    def for_sentence(
        self, sent: Sent, episode_id: int, n: int, was: str | None = None
    ) -> int:
        """A person reads sentence `n`; gives the recording's number.

        Conflict when it is not `was` any more.
        """

        def fill(session: Session, row: RecordingRow) -> None:
            episode = episode_row(session, episode_id)
            known_sentences(session, episode, [n])
            sentence = own_sentence(newest_sentence(session, episode, n))
            if was is not None and sentence.written != was:
                raise Conflict(
                    f"sentence {n} is another one by now",
                    "Câu này vừa được sửa. Hãy xem lại rồi thu.",
                    "n",
                )
            row.episode_id, row.sentence, row.written = episode_id, n, sentence.written

        return self._take(sent, Use.SENTENCE, fill)

    def for_episode(self, sent: Sent, episode_id: int) -> int:
        """A person reads the whole of an episode."""

        def fill(session: Session, row: RecordingRow) -> None:
            episode = episode_row(session, episode_id)
            if episode.kind == Kind.BULLETIN:
                raise Conflict(
                    "a bulletin is made of stories; people read those",
                    "Bản tin ghép từ các bài. Hãy thay giọng ở từng bài, hoặc đăng một bản ghi âm riêng.",
                    "episode",
                )
            row.episode_id = episode.id

        return self._take(sent, Use.EPISODE, fill)

    def alone(self, sent: Sent, article: NewArticle) -> int:
        """An episode of its own, made once the recording is found good.

        `article` has its title and maybe its words.
        """

        def fill(session: Session, row: RecordingRow) -> None:
            stations_of(session, article.stations)
            row.about = {
                "title": article.title,
                "paragraphs": list(article.paragraphs),
                "topic": article.topic,
                "stations": list(article.stations),
            }

        return self._take(sent, Use.ALONE, fill)

    def for_chime(self, sent: Sent, station: str, chime: str) -> int:
        """A station's own chime, instead of the house's."""

        def fill(session: Session, row: RecordingRow) -> None:
            row.station_id, row.chime = station_row(session, station).id, chime

        return self._take(sent, Use.CHIME, fill)

    @transact
    def _take(
        self, sent: Sent, use: Use, fill: Callable[[Session, RecordingRow], None]
    ) -> int:
        """Keeps the bytes, then a row and its job; of what is refused nothing stays."""
        announcer = announcer_name(sent.announcer)
        self._check_quota(sent)
        digest, size = digest_of_file(sent.path)
        if not size:
            raise Invalid(
                "the file is empty", "Tệp rỗng, không có gì bên trong.", "file"
            )
        self._files.put_file(key_of(digest), sent.path)
        try:
            with self._database.write() as session:
                row = RecordingRow(
                    use=use,
                    state=Standing.CHECKING,
                    digest=digest,
                    bytes=size,
                    name=Path(sent.name).name[:LONGEST_NAME],
                    announcer=announcer,
                    sent_by=sent.by,
                    sent_at=self._now(),
                )
                fill(session, row)
                session.add(row)
                session.flush()
                session.add(checking_job(row, self._now()))
                session.flush()
                number = row.id
        except BaseException:
            self._forget(digest)
            raise
        return number

    # Looked at.

    def get(self, recording_id: int) -> Recording:
        """How it stands; NotFound when there is none of that number."""
        with self._database.read() as session:
            return recording_of(session, recording_row(session, recording_id))

    def checking(self, episode_ids: Sequence[int]) -> set[int]:
        """Those of the episodes for which a recording is being checked."""
        query = select(RecordingRow.episode_id).where(
            RecordingRow.episode_id.in_(episode_ids),
            RecordingRow.state == Standing.CHECKING,
        )
        with self._database.read() as session:
            return {number for number in session.scalars(query) if number is not None}

    def announcers(self, among: Reach) -> list[str]:
        """Who is heard in the news of these stations, for forms; by name."""
        heard = (
            select(RecordingRow.announcer)
            .join(EpisodeRow, EpisodeRow.id == RecordingRow.episode_id)
            .where(
                RecordingRow.announcer != "",
                RecordingRow.state == Standing.READY,
                episodes_within(among),
            )
        )
        with self._database.read() as session:
            return sorted(session.scalars(heard.distinct()))

    def chimes(self, station: str) -> dict[str, Recording]:
        """A station's own chimes by their names; the house's sound where it has none."""
        return {row.chime: row for row in self._chimes(station, (Standing.READY,))}

    def chimes_sent(self, station: str) -> dict[str, Recording]:
        """The newest that was sent for a chime and is being checked or was refused."""
        return {
            row.chime: row
            for row in self._chimes(station, (Standing.CHECKING, Standing.REFUSED))
        }

    def bed(self, station: str) -> tuple[BedFile | None, datetime | None]:
        """A station's own bed as a file, None for the house's; and since when it stands."""
        return self.beds([station])[station]

    def beds(
        self, stations: Collection[str]
    ) -> dict[str, tuple[BedFile | None, datetime | None]]:
        """The same of many stations, in one question."""
        with self._database.read() as session:
            return beds_of(session, stations)

    def _chimes(self, station: str, states: Sequence[Standing]) -> list[Recording]:
        query = (
            select(RecordingRow)
            .join(StationRow, StationRow.id == RecordingRow.station_id)
            .where(
                StationRow.slug == station,
                RecordingRow.use == Use.CHIME,
                RecordingRow.state.in_(states),
            )
            .order_by(RecordingRow.id)
        )
        with self._database.read() as session:
            return recordings_where(session, query)

    def _check_quota(self, sent: Sent) -> None:
        """Conflict when a person or a key sent more in a day than anybody's voice needs."""
        since = self._now() - A_DAY
        query = select(func.sum(RecordingRow.bytes)).where(
            RecordingRow.sent_by == sent.by, RecordingRow.sent_at > since
        )
        with self._database.read() as session:
            before = session.scalar(query) or 0
        if before + sent.path.stat().st_size > MOST_BYTES_A_DAY:
            raise Conflict(
                f"{sent.by} sent {before / 1e9:.1f} GB in 24 hours, the most one may; wait, or send less",
                "Trong 24 giờ qua đã gửi quá nhiều tệp âm thanh. Hãy chờ đến mai rồi gửi tiếp.",
                "file",
            )

    # The worker's side.

    def load(self, job: Job) -> ToRecord | None:
        """What to check; None when that was done."""
        with self._database.read() as session:
            row = recording_row(session, job.recording_id)
            if row.state != Standing.CHECKING:
                return None
            spoken: list[str] = []
            if row.episode_id is not None:
                episode = episode_row(session, row.episode_id)
                query = select(SentenceRow.spoken).where(
                    SentenceRow.episode_id == episode.id,
                    SentenceRow.version == episode.version,
                )
                spoken = list(
                    session.scalars(
                        query.where(SentenceRow.n == row.sentence)
                        if row.sentence
                        else query
                    )
                )
            return ToRecord(recording_of(session, row), " ".join(spoken))

    @transact
    def save(
        self,
        job: Job,
        clip: str,
        seconds: float,
        bed: BedFile | None = None,
        mime: str = "",
    ) -> bool:
        """It is good: puts it in its place. Conflict when the episode is just being read anew.

        A station's `bed` also comes as a file, for hours that have nothing else. `mime` is what the
        original was found to be.
        """
        with self._database.write() as session:
            row = recording_row(session, job.recording_id)
            if not finish(session, job, JobState.DONE, self._now()):
                return False
            row.clip, row.seconds = clip, seconds
            row.about = row.about | {MIME: mime} | (asdict(bed) if bed else {})
            put_to_use(session, row, row.sent_by, self._now())
        return True

    @transact
    def refuse(self, job: Job, refusal: Refusal, detail: str) -> bool:
        """It cannot be used: the reason stays, the bytes go."""
        with self._database.write() as session:
            if not finish(
                session, job, JobState.FAILED, self._now(), f"{refusal}: {detail}"
            ):
                return False
            row = recording_row(session, job.recording_id)
            row.state, row.refused, row.detail = Standing.REFUSED, refusal, detail
            digest = row.digest
        self._forget(digest)
        return True

    # Moves.

    @transact
    def back_to_voice(self, episode_id: int, who: str, n: int | None = None) -> None:
        """The machine reads again: sentence `n`, or the whole."""
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            if n is None:
                whole_by_voice(session, episode, who, self._now())
            else:
                sentence_by_voice(session, episode, n, who, self._now())

    @transact
    def use_again(self, recording_id: int, who: str) -> None:
        """A recording that lost its place because a text changed still fits:
        its place is its again.
        """
        with self._database.write() as session:
            row = recording_row(session, recording_id)
            if row.state != Standing.LOST or row.episode_id is None:
                raise Conflict(
                    "it was not lost", "Bản thu này không chờ dùng lại.", "state"
                )
            if row.use == Use.SENTENCE:
                episode = episode_row(session, row.episode_id)
                sentence = session.get(
                    SentenceRow, (episode.id, episode.version, row.sentence)
                )
                if sentence is None:
                    raise Conflict(
                        "its sentence is gone", "Bài nay không còn câu này.", "state"
                    )
                row.written = sentence.written
            put_to_use(session, row, who, self._now())

    @transact
    def seen(self, recording_id: int) -> None:
        """Somebody has read why it is not used."""
        with self._database.write() as session:
            row = recording_row(session, recording_id)
            if row.state in (Standing.REFUSED, Standing.LOST):
                row.state = Standing.ASIDE

    @transact
    def house_chime(self, station: str, chime: str, who: str) -> None:
        """The house's own chime again."""
        with self._database.write() as session:
            place = station_row(session, station).id
            for row in session.scalars(chimes_in_use(place, chime)):
                row.state = Standing.ASIDE
                row.about = row.about | {REMOVED_AT: self._now().isoformat()}
            log(
                session,
                self._now(),
                who,
                Event.CHIME_REMOVED,
                f"{station}: {chime}",
                None,
            )

    def _forget(self, digest: str) -> None:
        """Bytes that no recording needs leave the store."""
        needed = select(func.count()).where(
            RecordingRow.digest == digest, RecordingRow.state != Standing.REFUSED
        )
        with self._database.read() as session:
            if not session.scalar(needed):
                self._files.delete(key_of(digest))
