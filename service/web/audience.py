"""The audience: who counts as a listener of a day. Addresses are mixed with a secret that is forgotten at midnight."""

import secrets
import threading
from datetime import date
from hashlib import blake2b
from math import ceil

from cachetools import LRUCache
from crawleruseragents import is_crawler

MOST_LISTENERS = 200_000  # remembered at once
ENOUGH_S = 60  # of sound: the podcast measurement guidelines (IAB) count a download from a minute on
APPS = ("Overcast/",)  # which the list of robots takes for one
COUNTED = -1


class Audience:
    """Counts a listener once a day for each episode, however many ranges were asked for. Kept in memory only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day: date | None = None
        self._salt = b""
        self._sent: LRUCache[bytes, int] = LRUCache(MOST_LISTENERS)

    def took(self, day: date, address: str, agent: str, episode_id: int, sent: int, enough: int) -> bool:
        """Notes bytes sent to somebody; True when they make a download that was not counted yet."""
        if not agent.startswith(APPS) and (not agent or is_crawler(agent)):
            return False
        with self._lock:
            if day != self._day:
                self._day, self._salt = day, secrets.token_bytes(32)
                self._sent.clear()
            listener = blake2b(f"{address}\0{agent}\0{episode_id}".encode(), key=self._salt, digest_size=16).digest()
            before = self._sent.get(listener, 0)
            if before == COUNTED:
                return False
            counts = before + sent >= enough
            self._sent[listener] = COUNTED if counts else before + sent
            return counts


def enough_of(size: int, seconds: float) -> int:
    """How many bytes make a download: a minute of sound, or the whole of what is shorter."""
    return min(size, ceil(size * ENOUGH_S / seconds)) if seconds > 0 else size
