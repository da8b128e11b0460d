"""A few words that an editor wants to hear before deciding:
asked for here, spoken in the fast lane.
"""

from collections.abc import Callable
from datetime import datetime

from service.newsroom.errors import Invalid, NotFound
from service.newsroom.jobs import finish
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.tables import AuditionRow, JobRow
from service.newsroom.values import (
    LOUDSPEAKER,
    Actor,
    Audition,
    AuditionState,
    Job,
    JobState,
    Lane,
    Step,
)

LONGEST = 300  # characters
BEFORE_ALL = 1  # as urgent as priority news: somebody sits and waits


class Auditions:
    """Auditions, asked for and answered."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @transact
    def ask(self, spoken: str, voice: str, who: str = LOUDSPEAKER) -> int:
        """Asks for the words in a voice ("" is the installation's); gives the audition's number."""
        spoken = " ".join(spoken.split())
        if not any(char.isalnum() for char in spoken) or len(spoken) > LONGEST:
            raise Invalid(
                f"1 to {LONGEST} characters", f"Cần từ 1 đến {LONGEST} ký tự.", "spoken"
            )
        with self._database.write() as session:
            row = AuditionRow(
                spoken=spoken,
                voice=voice,
                asked_by=Actor.of(who).id,
                asked_at=self._now(),
            )
            session.add(row)
            session.flush()
            job = JobRow(
                step=Step.AUDITION,
                audition_id=row.id,
                version=0,
                lane=Lane.FAST,
                urgency=BEFORE_ALL,
                created_at=self._now(),
            )
            session.add(job)
            session.flush()
            return row.id

    def get(self, audition_id: int, who: str | None = None) -> Audition:
        """How it stands.

        NotFound when there is none of that number, or it is another's than `who`'s.
        """
        with self._database.read() as session:
            row = session.get(AuditionRow, audition_id)
            owner = row.asked_by if row is not None else None
            is_another_s = None not in (owner, who) and owner != Actor.of(who or "").id
            if row is None or is_another_s:
                raise NotFound(
                    f"no audition {audition_id}",
                    "Không có bản nghe thử này.",
                    "audition",
                )
            return Audition(
                row.spoken, row.voice, AuditionState(row.state), row.clip, row.error
            )

    def load(self, job: Job) -> Audition | None:
        """What to speak; None when it was answered."""
        found = self.get(job.audition_id)
        return found if found.state is AuditionState.ASKED else None

    @transact
    def save(self, job: Job, *, clip: str = "", error: str = "") -> bool:
        """The clip's key, or why there is none."""
        with self._database.write() as session:
            if not finish(session, job, JobState.DONE, self._now(), error):
                return False
            row = session.get_one(AuditionRow, job.audition_id)
            row.state = AuditionState.READY if clip else AuditionState.FAILED
            row.clip, row.error = clip, error
            return True
