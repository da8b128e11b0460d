"""The pronunciation dictionary: how editors want words said, everywhere or at one station."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Invalid, NotFound
from service.newsroom.stations import station_row
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.joins import (
    episodes_within,
    newest_sentences,
    newest_version,
    text_of_version,
)
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    EpisodeRow,
    RenderingRow,
    RevisionRow,
    SentenceRow,
    StationRow,
    TermRow,
)
from service.newsroom.stories.renderings import sentences_of
from service.newsroom.text import fold
from service.newsroom.values import (
    EVERYWHERE,
    Event,
    MendedSentence,
    Mention,
    Reach,
    State,
    Term,
)
from service.newsroom.values.words import said_by

# Characters.
LONGEST_WRITTEN = 100
LONGEST_SPOKEN = 300
LONGEST_NOTE = 500
# Episodes looked at for one entry, the newest.
MOST_MENTIONS = 200


class Terms:
    """Entries are by their written form: one for everywhere (station ""),
    and one more for each station; of each, one more for each engine.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def all(self, words: str = "", among: Reach = EVERYWHERE) -> list[Term]:
        """The entries for everywhere and for these stations, by written form.

        `words` without diacritics.
        """
        with self._database.read() as session:
            rows = session.scalars(
                select(TermRow).order_by(TermRow.written, TermRow.station)
            )
            terms = readable(rows, _term, "an entry of the dictionary")
        wanted = fold(words).split()
        own = (
            term for term in terms if not term.station or among.touches([term.station])
        )
        return [term for term in own if _has(term, wanted)]

    def of(self, station: str, engine: str = "") -> list[Term]:
        """What holds at a station: the entries for everywhere, but its own where it has one.

        Those for one engine only where that is the one that reads.
        """
        with self._database.read() as session:
            return said_by(engine, terms_of(session, station))

    def get(self, term_id: int) -> Term:
        """NotFound when there is none of that number."""
        with self._database.read() as session:
            return _term(_row(session, term_id))

    @transact
    def put(self, term: Term, who: str) -> Term:
        """Adds an entry, or replaces the one for the same written form, station and engine.

        Invalid names the field.
        """
        with self._database.write() as session:
            return self._put(session, term, who)

    @transact
    def put_all(self, terms: Sequence[Term], who: str) -> None:
        """As `put`, all of them or none: Invalid (`file`) tells which entry is at fault,
        by its number from 1.
        """
        with self._database.write() as session:
            for number, term in enumerate(terms, start=1):
                try:
                    self._put(session, term, who)
                except (Invalid, NotFound) as error:
                    raise Invalid(
                        f"entry {number} ({term.written[:40]!r}): {error}; nothing was taken",
                        f"Mục thứ {number} (“{term.written[:40]}”): {error.message_vi}"
                        " Chưa mục nào được nhận.",
                        "file",
                    ) from error

    def _put(self, session: Session, term: Term, who: str) -> Term:
        written, spoken, note = (
            " ".join(text.split()) for text in (term.written, term.spoken, term.note)
        )
        _check(written, "written", LONGEST_WRITTEN)
        _check(spoken, "spoken", LONGEST_SPOKEN)
        if len(note) > LONGEST_NOTE:
            raise Invalid(
                f"note is longer than {LONGEST_NOTE}", "Ghi chú quá dài.", "note"
            )
        if term.station:
            station_row(session, term.station)
        row = session.scalar(
            select(TermRow).where(
                TermRow.written == written,
                TermRow.station == term.station,
                TermRow.engine == term.engine,
            )
        )
        if row is None:
            row = TermRow(written=written, station=term.station, engine=term.engine)
            session.add(row)
        row.spoken, row.match_case, row.note = spoken, term.match_case, note
        row.changed_by, row.changed_at = who, self._now()
        log(session, self._now(), who, Event.TERM, f"{written} → {spoken}", None)
        session.flush()
        return _term(row)

    @transact
    def remove(self, term_id: int, who: str) -> Term:
        """Forgets an entry; gives back what it was."""
        with self._database.write() as session:
            row = _row(session, term_id)
            term = _term(row)
            session.delete(row)
            entry = f"{term.written} → {term.spoken}"
            log(session, self._now(), who, Event.TERM_REMOVED, entry, None)
            return term

    def mended(self) -> list[MendedSentence]:
        """Every sentence that editors had said otherwise,
        in the newest version of its episode, oldest first.
        """
        query = (
            select(StationRow.slug, SentenceRow.written, SentenceRow.spoken)
            .join(EpisodeRow, newest_sentences())
            .join(StationRow, StationRow.id == EpisodeRow.station_id)
            .where(SentenceRow.edited)
            .order_by(SentenceRow.episode_id, SentenceRow.n)
        )
        with self._database.read() as session:
            return [MendedSentence(*row) for row in session.execute(query)]

    def mentions(
        self, written: str, station: str = "", among: Reach = EVERYWHERE
    ) -> list[Mention]:
        """Episodes whose newest version holds the text in sentences nobody edited, newest first.

        Those being written anew are left out: they will be read by the dictionary as it is then.
        """
        query = (
            select(EpisodeRow, RenderingRow.title, StationRow.slug)
            .join(RenderingRow, newest_version())
            .join(RevisionRow, text_of_version())
            .join(StationRow, StationRow.id == EpisodeRow.station_id)
            .where(
                EpisodeRow.state.not_in((State.RECEIVED, State.WITHDRAWN)),
                _holds(written),
                episodes_within(among),
            )
            .order_by(EpisodeRow.id.desc())
            .limit(MOST_MENTIONS)
        )
        if station:
            query = query.where(StationRow.slug == station)
        with self._database.read() as session:
            mentions = [
                Mention(episode.id, title, slug, _holding(session, episode, written))
                for episode, title, slug in session.execute(query)
            ]
        return [mention for mention in mentions if mention.sentences]


def terms_of(session: Session, station: str) -> list[Term]:
    """What holds at a station, for whatever engine, in the order of the written forms."""
    rows = session.scalars(
        select(TermRow)
        .where(TermRow.station.in_(("", station)))
        .order_by(TermRow.station, TermRow.written)
    )
    return [_term(row) for row in rows]


def is_said_by_engines(session: Session, station: str) -> bool:
    """Whether the dictionary says something otherwise to one engine at a station."""
    own = select(TermRow.id).where(
        TermRow.station.in_(("", station)), TermRow.engine != ""
    )
    return session.scalar(own.limit(1)) is not None


def _holding(session: Session, episode: EpisodeRow, written: str) -> tuple[int, ...]:
    lower = written.lower()
    sentences = sentences_of(session, episode.id, episode.version)
    return tuple(
        line.n
        for line in sentences
        if not line.edited and lower in line.written.lower()
    )


def _has(term: Term, words: Sequence[str]) -> bool:
    """Whether an entry holds all these folded words, in either form."""
    forms = fold(f"{term.written} {term.spoken}")
    return all(word in forms for word in words)


def _row(session: Session, term_id: int) -> TermRow:
    row = session.get(TermRow, term_id)
    if row is None:
        raise NotFound(f"no term {term_id}", "Không có mục từ này.", "term")
    return row


def _check(text: str, field: str, longest: int) -> None:
    if not any(char.isalnum() for char in text):
        raise Invalid(
            f"{field} needs a letter or a digit",
            "Cần có ít nhất một chữ hoặc số.",
            field,
        )
    if len(text) > longest:
        raise Invalid(
            f"{field} is longer than {longest}", f"Dài tối đa {longest} ký tự.", field
        )


def _term(row: TermRow) -> Term:
    return Term(
        row.written,
        row.spoken,
        row.station,
        row.match_case,
        row.note,
        row.id,
        row.changed_by,
        row.changed_at,
        row.engine,
    )


def _holds(written: str) -> ColumnElement[bool]:
    """Whether an episode has these words in its text, or in a sentence of its newest version."""
    in_sentence = (
        select(SentenceRow.n)
        .where(
            newest_sentences(), SentenceRow.written.icontains(written, autoescape=True)
        )
        .exists()
    )
    # SQLite folds only ASCII itself, so that the folded text is looked at, too.
    in_text = RevisionRow.folded.contains(fold(written), autoescape=True)
    return or_(in_text, in_sentence)
