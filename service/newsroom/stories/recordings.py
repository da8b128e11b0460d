"""Recordings that people send: kept as they came, checked by a worker, put in the place of what a machine speaks."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, Invalid, NotFound, Refusal
from service.newsroom.jobs import finish
from service.newsroom.stations import station_row
from service.newsroom.store.database import Database
from service.newsroom.store.files import Files
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    JobRow,
    RecordingRow,
    RenderingRow,
    SentenceRow,
    StationRow,
)
from service.newsroom.stories.articles import open_article, stations_of
from service.newsroom.stories.moves import episode_row, reopen, whole_of
from service.newsroom.stories.renderings import known_sentences
from service.newsroom.values import (
    BedFile,
    Cause,
    Event,
    Job,
    Kind,
    Lane,
    NewArticle,
    Receipt,
    Recording,
    Sentence,
    Standing,
    State,
    Step,
    ToRecord,
    Use,
)

LONGEST_NAME = 80  # characters of an announcer's name
SHOWN = (
    Standing.CHECKING,
    Standing.REFUSED,
    Standing.LOST,
)  # what the desk tells of until somebody has seen it
BLOCK = 256 * 1024
A_DAY = timedelta(days=1)
MOST_BYTES_A_DAY = 2_000_000_000  # of one person or key: ten of the largest, or six hours of WAV
MIME = "mime"  # in what is noted about a recording: what its original was found to be
REMOVED_AT = "removed_at"  # in what is noted about a chime


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody sent: where it lies for now, what it was called, who is heard, and who sent it."""

    path: Path
    name: str
    announcer: str
    by: str


class Recordings:
    """The newsroom's door for sound. The original bytes are never thrown away once a recording was used."""

    def __init__(self, database: Database, files: Files, now: Callable[[], datetime]) -> None:
        self._database = database
        self._files = files
        self._now = now

    # Taken in.

    def for_sentence(self, sent: Sent, episode_id: int, n: int, was: str | None = None) -> int:
        """A person reads sentence `n`; gives the recording's number. Conflict when it is not `was` any more."""

        def fill(session: Session, row: RecordingRow) -> None:
            episode = episode_row(session, episode_id)
            known_sentences(session, episode, [n])
            sentence = _own(session.get_one(SentenceRow, (episode.id, episode.version, n)))
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
        """An episode of its own, made once the recording is found good; `article` has its title and maybe its words."""

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

    def _take(self, sent: Sent, use: Use, fill: Callable[[Session, RecordingRow], None]) -> int:
        """Keeps the bytes, then a row and its job; of what is refused nothing stays."""
        announcer = " ".join(sent.announcer.split())
        if len(announcer) > LONGEST_NAME:
            raise Invalid(
                f"at most {LONGEST_NAME} characters",
                f"Tên dài tối đa {LONGEST_NAME} ký tự.",
                "announcer",
            )
        self._check_quota(sent)
        digest, size = _digest(sent.path)
        if not size:
            raise Invalid("the file is empty", "Tệp rỗng, không có gì bên trong.", "file")
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
                lane = Lane.FAST if use in (Use.SENTENCE, Use.CHIME) else Lane.SLOW
                job = JobRow(
                    step=Step.RECORD,
                    recording_id=row.id,
                    version=0,
                    lane=lane,
                    urgency=1,
                    not_before=self._now(),
                    created_at=self._now(),
                )
                session.add(job)
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
            return recording_of(session, _row(session, recording_id))

    def of_episode(self, episode_id: int) -> list[Recording]:
        """What the desk should tell of an episode's recordings: being checked, refused, or lost to another text."""
        query = select(RecordingRow).where(
            RecordingRow.episode_id == episode_id, RecordingRow.state.in_(SHOWN)
        )
        with self._database.read() as session:
            return _recordings(session, query.order_by(RecordingRow.id))

    def alone_waiting(self) -> list[Recording]:
        """Recordings that are to be episodes and are none yet, newest first."""
        query = select(RecordingRow).where(
            RecordingRow.use == Use.ALONE, RecordingRow.state.in_(SHOWN)
        )
        with self._database.read() as session:
            return _recordings(session, query.order_by(RecordingRow.id.desc()))

    def checking(self, episode_ids: Sequence[int]) -> set[int]:
        """Those of the episodes for which a recording is being checked."""
        query = select(RecordingRow.episode_id).where(
            RecordingRow.episode_id.in_(episode_ids), RecordingRow.state == Standing.CHECKING
        )
        with self._database.read() as session:
            return {number for number in session.scalars(query) if number is not None}

    def announcers(self) -> list[str]:
        """Everybody who ever read here, for forms."""
        query = select(RecordingRow.announcer).where(RecordingRow.announcer != "").distinct()
        with self._database.read() as session:
            return sorted(session.scalars(query))

    def chimes(self, station: str) -> dict[str, Recording]:
        """A station's own chimes by their names; the house's sound where it has none."""
        return {row.chime: row for row in self._chimes(station, (Standing.READY,))}

    def chimes_sent(self, station: str) -> dict[str, Recording]:
        """The newest that was sent for a chime and is being checked or was refused."""
        return {
            row.chime: row for row in self._chimes(station, (Standing.CHECKING, Standing.REFUSED))
        }

    def bed(self, station: str) -> tuple[BedFile | None, datetime | None]:
        """A station's own bed as a file, None for the house's; and since when it stands."""
        query = (
            select(RecordingRow)
            .join(StationRow, StationRow.id == RecordingRow.station_id)
            .where(StationRow.slug == station, RecordingRow.chime == "bed", RecordingRow.clip != "")
            .order_by(RecordingRow.id)
        )
        with self._database.read() as session:
            rows = list(session.scalars(query))
        own = next(
            (row.about for row in rows if row.state == Standing.READY and "key" in row.about), None
        )
        times = [row.sent_at for row in rows]
        times += [
            datetime.fromisoformat(row.about[REMOVED_AT]) for row in rows if REMOVED_AT in row.about
        ]
        return (
            BedFile(own["key"], own["bytes"], own["sha256"], own["seconds"]) if own else None,
            max(times, default=None),
        )

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
            return _recordings(session, query)

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
            row = _row(session, job.recording_id)
            if row.state != Standing.CHECKING:
                return None
            spoken: list[str] = []
            if row.episode_id is not None:
                episode = episode_row(session, row.episode_id)
                query = select(SentenceRow.spoken).where(
                    SentenceRow.episode_id == episode.id, SentenceRow.version == episode.version
                )
                spoken = list(
                    session.scalars(
                        query.where(SentenceRow.n == row.sentence) if row.sentence else query
                    )
                )
            return ToRecord(recording_of(session, row), " ".join(spoken))

    def save(
        self, job: Job, clip: str, seconds: float, bed: BedFile | None = None, mime: str = ""
    ) -> bool:
        """It is good: puts it in its place. Conflict when the episode is just being read anew.

        A station's `bed` also comes as a file, for hours that have nothing else. `mime` is what the
        original was found to be.
        """
        with self._database.write() as session:
            row = _row(session, job.recording_id)
            if not finish(session, job, "done", self._now()):
                return False
            row.clip, row.seconds = clip, seconds
            row.about = row.about | {MIME: mime} | (asdict(bed) if bed else {})
            self._put_to_use(session, row, row.sent_by)
        return True

    def refuse(self, job: Job, refusal: Refusal, detail: str) -> bool:
        """It cannot be used: the reason stays, the bytes go."""
        with self._database.write() as session:
            if not finish(session, job, "failed", self._now(), f"{refusal}: {detail}"):
                return False
            row = _row(session, job.recording_id)
            row.state, row.refused, row.detail = Standing.REFUSED, refusal, detail
            digest = row.digest
        self._forget(digest)
        return True

    # Moves.

    def back_to_voice(self, episode_id: int, who: str, n: int | None = None) -> None:
        """The machine reads again: sentence `n`, or the whole."""
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            if n is None:
                rendering = session.get_one(RenderingRow, (episode.id, episode.version))
                if rendering.recording_id is None or episode.kind == Kind.RECORDING:
                    raise Conflict(
                        "no recording of the whole is in use",
                        "Bài này không dùng bản thu cả bài.",
                        "state",
                    )
                _aside(session, rendering.recording_id)
                reopen(
                    session,
                    episode,
                    State.RECEIVED,
                    who,
                    Cause.VOICE_AGAIN,
                    self._now(),
                    recording=0,
                )
            else:
                known_sentences(session, episode, [n])
                row = _own(session.get_one(SentenceRow, (episode.id, episode.version, n)))
                if row.recording_id is None:
                    return
                if row.recording_id == whole_of(session, episode):
                    raise Conflict(
                        "a person reads the whole, not this sentence alone",
                        "Cả bài là một bản thu. Hãy dùng lại giọng máy cho cả bài.",
                        "n",
                    )
                _aside(session, row.recording_id)
                reopen(
                    session,
                    episode,
                    State.WRITTEN,
                    who,
                    Cause.VOICE_AGAIN,
                    self._now(),
                    about=str(n),
                    lane=Lane.FAST,
                )
                session.get_one(SentenceRow, (episode.id, episode.version, n)).recording_id = None

    def use_again(self, recording_id: int, who: str) -> None:
        """A recording that lost its place because a text changed still fits: its place is its again."""
        with self._database.write() as session:
            row = _row(session, recording_id)
            if row.state != Standing.LOST or row.episode_id is None:
                raise Conflict("it was not lost", "Bản thu này không chờ dùng lại.", "state")
            if row.use == Use.SENTENCE:
                episode = episode_row(session, row.episode_id)
                sentence = session.get(SentenceRow, (episode.id, episode.version, row.sentence))
                if sentence is None:
                    raise Conflict("its sentence is gone", "Bài nay không còn câu này.", "state")
                row.written = sentence.written
            self._put_to_use(session, row, who)

    def seen(self, recording_id: int) -> None:
        """Somebody has read why it is not used."""
        with self._database.write() as session:
            row = _row(session, recording_id)
            if row.state in (Standing.REFUSED, Standing.LOST):
                row.state = Standing.ASIDE

    def house_chime(self, station: str, chime: str, who: str) -> None:
        """The house's own chime again."""
        with self._database.write() as session:
            place = station_row(session, station).id
            for row in session.scalars(_of_chime(place, chime)):
                row.state = Standing.ASIDE
                row.about = row.about | {REMOVED_AT: self._now().isoformat()}
            log(session, self._now(), who, Event.CHIME_REMOVED, f"{station}: {chime}", None)

    def _put_to_use(self, session: Session, row: RecordingRow, who: str) -> None:
        row.state = Standing.READY
        match Use(row.use):
            case Use.SENTENCE:
                self._into_sentence(session, row, who)
            case Use.EPISODE:
                episode = episode_row(session, row.episode_id or 0, lock=True)
                before = session.get_one(RenderingRow, (episode.id, episode.version)).recording_id
                if before is not None and before != row.id:
                    _aside(session, before)
                log(session, self._now(), who, Event.RECORDED, row.announcer, episode)
                reopen(
                    session,
                    episode,
                    State.RECEIVED,
                    who,
                    Cause.RECORDING,
                    self._now(),
                    recording=row.id,
                )
            case Use.ALONE:
                receipt = self._into_episode(session, row, who)
                row.episode_id = receipt.episode_id
            case Use.CHIME:
                for old in session.scalars(_of_chime(row.station_id or 0, row.chime)):
                    old.state = Standing.ASIDE if old.id != row.id else Standing.READY
                log(session, self._now(), who, Event.CHIME, row.chime, None)

    def _into_sentence(self, session: Session, row: RecordingRow, who: str) -> None:
        episode = episode_row(session, row.episode_id or 0, lock=True)
        known_sentences(session, episode, [row.sentence])
        sentence = session.get_one(SentenceRow, (episode.id, episode.version, row.sentence))
        if sentence.written != row.written:
            raise Invalid("its sentence was rewritten", Refusal.TEXT_CHANGED.why, "n")
        if sentence.recording_id not in (None, row.id):
            _aside(session, sentence.recording_id or 0)
        reopen(
            session,
            episode,
            State.WRITTEN,
            who,
            Cause.RECORDING,
            self._now(),
            about=str(row.sentence),
            lane=Lane.FAST,
        )
        session.get_one(
            SentenceRow, (episode.id, episode.version, row.sentence)
        ).recording_id = row.id
        log(session, self._now(), who, Event.RECORDED, f"{row.sentence}: {row.announcer}", episode)

    def _into_episode(self, session: Session, row: RecordingRow, who: str) -> Receipt:
        about = row.about
        places, words = tuple(about["stations"]), tuple(about["paragraphs"])
        article = NewArticle(about["title"], words, row.digest, places, topic=about["topic"])
        now, identity = self._now(), f"recording:{row.id}"
        return open_article(
            session,
            article,
            stations_of(session, places),
            who,
            now,
            identity,
            Kind.RECORDING,
            recording=row.id,
        )

    def _forget(self, digest: str) -> None:
        """Bytes that no recording needs leave the store."""
        needed = select(func.count()).where(
            RecordingRow.digest == digest, RecordingRow.state != Standing.REFUSED
        )
        with self._database.read() as session:
            if not session.scalar(needed):
                self._files.delete(key_of(digest))


def key_of(digest: str) -> str:
    """Where the original bytes lie."""
    return f"recordings/{digest[:2]}/{digest}"


def recording_of(session: Session, row: RecordingRow) -> Recording:
    """A row as others see it."""
    station = session.get_one(StationRow, row.station_id).slug if row.station_id else ""
    return Recording(
        id=row.id,
        use=Use(row.use),
        state=Standing(row.state),
        key=key_of(row.digest),
        bytes=row.bytes,
        name=row.name,
        announcer=row.announcer,
        episode_id=row.episode_id or 0,
        sentence=row.sentence,
        written=row.written,
        station=station,
        chime=row.chime,
        clip=row.clip,
        seconds=row.seconds,
        refused=Refusal(row.refused) if row.refused else None,
        detail=row.detail,
        sent_by=row.sent_by,
        sent_at=row.sent_at,
        mime=row.about.get(MIME, ""),
    )


def recording_with(session: Session, number: int | None) -> Recording | None:
    """The recording of that number, or None for none."""
    return recording_of(session, _row(session, number)) if number else None


def recorded_lines(session: Session, sentences: Sequence[Sentence]) -> tuple[Recording | None, ...]:
    """The recordings made for single sentences, line by line."""
    found = [recording_with(session, sentence.recording) for sentence in sentences]
    return tuple(each if each and each.use is Use.SENTENCE else None for each in found)


def _of_chime(station_id: int, chime: str) -> Select[RecordingRow]:
    return select(RecordingRow).where(
        RecordingRow.use == Use.CHIME,
        RecordingRow.station_id == station_id,
        RecordingRow.chime == chime,
        RecordingRow.state.in_((Standing.READY, Standing.REFUSED)),
    )


def _own(row: SentenceRow) -> SentenceRow:
    """A sentence of the episode's own; Conflict for one that a bulletin took from a story."""
    if row.story_id:
        raise Conflict(
            "this sentence is a story's; its voice is changed there",
            "Câu này lấy từ một bài đã duyệt. Hãy thay giọng ở bài đó.",
            "n",
        )
    return row


def _aside(session: Session, recording_id: int) -> None:
    session.execute(
        update(RecordingRow).where(RecordingRow.id == recording_id).values(state=Standing.ASIDE)
    )


def _row(session: Session, recording_id: int) -> RecordingRow:
    row = session.get(RecordingRow, recording_id)
    if row is None:
        raise NotFound(f"no recording {recording_id}", "Không có bản thu này.", "recording")
    return row


def _digest(path: Path) -> tuple[str, int]:
    """SHA-256 hex and size of a file, read in blocks."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return digest, file.tell()


def _recordings(session: Session, query: Select[RecordingRow]) -> list[Recording]:
    """What a query finds, in its order."""
    return readable(session.scalars(query), lambda row: recording_of(session, row), "a recording")
