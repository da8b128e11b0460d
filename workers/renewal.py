"""What waits for its voice is read again once that voice answers.

The probe is an audition of a few words: while a voice is away it costs one audition in ten minutes, however much waits.
"""

import logging
from datetime import UTC, datetime, timedelta
from itertools import groupby

from service.intake import HANOI
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict
from service.newsroom.values import LOUDSPEAKER
from service.vietnamese import say

log = logging.getLogger("loa.renewal")

LOOK_EVERY = timedelta(seconds=20)
PROBE_EVERY = timedelta(minutes=10)


class Renewal:
    """Looks after episodes that are held for their voice or were read by a provisional one."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._looked = datetime.min.replace(tzinfo=UTC)
        self._probes: dict[str, tuple[int, datetime]] = {}  # voice → its audition, and when that was asked for

    def look(self) -> int:
        """Probes the voices that are waited for, and has read again what waits for one that answers; how many.

        What is read again goes the whole way, approval included; until then the public keeps what it has.
        """
        now = self._newsroom.now()
        if now - self._looked < LOOK_EVERY:
            return 0
        self._looked = now
        renewed = 0
        waiting = sorted(self._newsroom.episodes.awaiting_voice(), key=lambda each: each.voice)
        for voice, episodes in groupby(waiting, key=lambda each: each.voice):
            if self._answers(voice, now):
                renewed += sum(self._read_again(each.episode_id, each.asked) for each in episodes)
        if renewed:
            log.info("%d episodes are read again: their voice answers", renewed)
        return renewed

    def _answers(self, voice: str, now: datetime) -> bool:
        """Whether the last probe was answered; asks for another when there is none or it is old."""
        number, asked_at = self._probes.get(voice, (0, now - PROBE_EVERY))
        if now - asked_at >= PROBE_EVERY:
            # New words each time: an old clip would answer for the voice.
            words = say(f"Thử giọng lúc {now.astimezone(HANOI):%Hh%M ngày %d/%m/%Y}.")
            asked = self._newsroom.auditions.ask(words, voice)
            self._probes[voice] = (asked, now)
            return False
        if not number or self._newsroom.auditions.get(number).state != "ready":
            return False
        self._probes[voice] = (0, asked_at)  # an answer lets through what waits now, and is not asked twice
        return True

    def _read_again(self, episode_id: int, asked: str) -> bool:
        try:
            self._newsroom.episodes.regenerate(episode_id, LOUDSPEAKER, voice=asked)
        except Conflict:  # somebody is at it this moment: it is looked at again later
            return False
        return True
