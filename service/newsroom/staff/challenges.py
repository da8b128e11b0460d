"""Challenges for passkeys: each is signed once, within minutes, by the browser that asked for it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from service.newsroom.errors import Invalid
from service.newsroom.staff.ceremonies import Asked
from service.newsroom.staff.person_rows import digest_of_secret
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.doors import ChallengeRow
from service.newsroom.values.passkeys import Ceremony

# From the question to the answer: a phone is fetched, a code is scanned, a finger is put on it.
GOOD_FOR = timedelta(minutes=5)
STALE_VI = "Đã quá năm phút, hoặc lần hỏi này đã dùng rồi. Hãy bấm lại nút dùng khóa."


class Challenges:
    """What was asked, until it is answered; `holder` is whoever asked: a session, a browser."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @transact
    def keep(self, ceremony: Ceremony, holder: str, asked: Asked) -> dict[str, Any]:
        """Notes what is asked, and gives what the browser gets.

        What the same holder was asked for the same before is not open any more.
        """
        options, state = asked
        now, whose = self._now(), digest_of_secret(holder)
        is_again = (ChallengeRow.holder == whose) & (ChallengeRow.ceremony == ceremony)
        is_late = ChallengeRow.until <= now
        with self._database.write() as session:
            session.execute(delete(ChallengeRow).where(is_late | is_again))
            session.add(
                ChallengeRow(
                    digest=digest_of_secret(options["challenge"]),
                    ceremony=ceremony,
                    holder=whose,
                    state={name: str(value) for name, value in state.items()},
                    until=now + GOOD_FOR,
                )
            )
        return options

    @transact
    def take(
        self, ceremony: Ceremony, holder: str, challenge: str
    ) -> Mapping[str, Any]:
        """What is needed to check the answer to a challenge, which nobody gets again.

        Invalid for one that was answered, is too old, or was asked of another or for something
        else.
        """
        with self._database.write() as session:
            state: dict[str, Any] | None = session.execute(
                delete(ChallengeRow)
                .where(
                    ChallengeRow.digest == digest_of_secret(challenge),
                    ChallengeRow.ceremony == ceremony,
                    ChallengeRow.holder == digest_of_secret(holder),
                    ChallengeRow.until > self._now(),
                )
                .returning(ChallengeRow.state)
            ).scalar_one_or_none()
        if state is None:
            raise Invalid("this challenge is not open", STALE_VI, "passkey")
        return state
