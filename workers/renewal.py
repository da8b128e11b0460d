"""What waits for its voice is read again once that voice answers.

Whether a voice over a network answers, all workers know together (`newsroom.engines`). While it is
away, the probe that is due is an audition of a few words; a voice nobody knows to be away is tried
in ten minutes, however much waits.
"""

import logging
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import groupby

from service.apart import each_by_itself
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict
from service.newsroom.values import LOUDSPEAKER, Awaiting
from service.vietnamese import say
from service.zone import VIETNAM

log = logging.getLogger("loa.renewal")

LOOK_EVERY = timedelta(seconds=20)
PROBE_EVERY = timedelta(minutes=10)


class Renewal:
    """Looks after episodes that are held for their voice or were read by a provisional one.

    `preferred` is the installation's first voice: the one that stations mean who name none.
    """

    def __init__(self, newsroom: Newsroom, preferred: str = "") -> None:
        self._newsroom = newsroom
        self._preferred = preferred
        self._looked = datetime.min.replace(tzinfo=UTC)
        # Voice → its audition, and when that was asked for
        self._probes: dict[str, tuple[int, datetime]] = {}
        self._renewed: Counter[int] = Counter()  # episode → how often it was read again

    def look(self) -> int:
        """Probes the voices that are waited for,
        and has read again what waits for one that answers; how many.

        What is read again goes the whole way, approval included; until then the public keeps what
        it has.
        """
        now = self._newsroom.now()
        if timedelta(0) <= now - self._looked < LOOK_EVERY:
            return 0
        self._looked = now
        waiting = sorted(
            self._newsroom.episodes.awaiting_voice(), key=lambda each: each.voice
        )
        by_voice = {
            voice: list(episodes)
            for voice, episodes in groupby(waiting, key=lambda each: each.voice)
        }
        renewed = sum(
            each_by_itself(
                by_voice,
                lambda voice: self._renew(voice, by_voice[voice], now),
                log=log,
                doing="renewing what waits for a voice",
                house=self._newsroom.database.ping,
            )
        )
        if renewed:
            log.info("%d episodes are read again: their voice answers", renewed)
        return renewed

    def _renew(self, voice: str, episodes: list[Awaiting], now: datetime) -> int:
        """Has read again what waits for a voice, if it answers; how many."""
        if not self._answers(voice, now):
            episodes = [each for each in episodes if self._came_back(voice, each)]
        return sum(
            each_by_itself(
                [each for each in episodes if self._patient(each, now)],
                self._read_again,
                log=log,
                doing="reading an episode again",
                name=lambda each: each.episode_id,
                house=self._newsroom.database.ping,
            )
        )

    def _answers(self, voice: str, now: datetime) -> bool:
        """Whether the last probe was answered; asks for another when one is due."""
        number, asked_at = self._probes.get(voice, (0, now - PROBE_EVERY))
        if self._due(voice, number, asked_at, now):
            # New words each time: an old clip would answer for the voice. Few: one call is enough
            # to know.
            words = say(
                f"Ngày {now.astimezone(VIETNAM):%d/%m, %H giờ %M phút %S giây}."
            )
            asked = self._newsroom.auditions.ask(words, voice)
            self._probes[voice] = (asked, now)
            return False
        if not number or self._newsroom.auditions.get(number).state != "ready":
            return False
        # An answer lets through what waits now, and is not asked twice
        self._probes[voice] = (
            0,
            asked_at,
        )
        return True

    def _due(self, voice: str, number: int, asked_at: datetime, now: datetime) -> bool:
        """Whether to probe now: when nobody calls before, not until then.

        Else every ten minutes.
        """
        far_end = self._newsroom.engines.get(self._engine(voice))
        if (
            far_end is None
            or far_end.away_since is None
            or far_end.closed_until is None
        ):
            return now - asked_at >= PROBE_EVERY
        pending = number and self._newsroom.auditions.get(number).state == "asked"
        return now >= far_end.closed_until and (
            not pending or now - asked_at >= PROBE_EVERY
        )

    def _came_back(self, voice: str, episode: Awaiting) -> bool:
        """Whether its voice was away when the episode came to wait,
        and has answered somebody since.
        """
        far_end = self._newsroom.engines.get(self._engine(voice))
        return (
            far_end is not None
            and far_end.back_at is not None
            and episode.since < far_end.back_at
        )

    def _patient(self, episode: Awaiting, now: datetime) -> bool:
        """Whether it has waited long enough: twice as long each time,
        where the voice answers all but this episode.
        """
        times: int = 2 ** min(self._renewed[episode.episode_id], 7) - 1
        return now - episode.since >= times * PROBE_EVERY

    def _engine(self, voice: str) -> str:
        return (voice or self._preferred).partition("@")[0].partition(":")[0].strip()

    def _read_again(self, episode: Awaiting) -> bool:
        try:
            self._newsroom.episodes.regenerate(
                episode.episode_id, LOUDSPEAKER, voice=episode.asked
            )
        except Conflict:  # somebody is at it this moment: it is looked at again later
            return False
        self._renewed[episode.episode_id] += 1
        return True
