"""The portal that hands news in, and remembers what was accepted."""

import json
import threading
from dataclasses import dataclass, field
from random import Random

from tests.chaos.faults import POISON
from tests.chaos.houses import House

VERBS = (
    "làm đường",
    "đắp đập",
    "trồng chè",
    "gieo lúa",
    "họp thôn",
    "tiêm phòng",
    "dọn vệ sinh",
)
PLACES = (
    "thôn Nà Luông",
    "bản Mồ",
    "xóm Đồng Cạn",
    "thôn Bó Mạ",
    "khu chợ",
    "ngầm tràn",
)
ACCEPTED = 202
GONE = 0


@dataclass
class Article:
    """One that was answered 202: its number at the portal, its episode, and what it is about."""

    name: str
    episode: int
    station: str
    poison: bool = False
    withdrawn: bool = False
    changed: bool = False  # somebody made another version of it


@dataclass
class Portal:
    """Hands in, again and again until it is taken, as portals do that hear 503 or nothing."""

    house: House
    accepted: list[Article] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._count = 0
        self._lock = threading.Lock()

    def text(
        self, random: Random, *, sentences: int, poison: bool = False
    ) -> dict[str, str]:
        """An article that nobody has sent before."""
        with self._lock:
            self._count += 1
            number = self._count
        what, where = random.choice(VERBS), random.choice(PLACES)
        title = f"Tin số {number} về việc {what} ở {where}" + (
            f" {POISON}" if poison else ""
        )
        lines = [
            f"Câu thứ {n} của tin số {number} kể việc {what} ở {where}."
            for n in range(sentences)
        ]
        return {
            "format": "text",
            "title": title,
            "body": "\n".join(lines),
            "external_id": f"x-{number}",
        }

    def hand_in(
        self,
        random: Random,
        station: str = "tin",
        *,
        poison: bool = False,
        sentences: int = 0,
        patient: float = 8.0,
    ) -> Article | None:
        """Sends one; None when it was not taken now. What is refused for good is our fault."""
        whole = self.text(
            random, sentences=sentences or random.randint(2, 6), poison=poison
        )
        return self.send(whole, station, poison=poison, patient=patient)

    def send(
        self,
        whole: dict[str, str],
        station: str,
        *,
        poison: bool = False,
        patient: float = 8.0,
    ) -> Article | None:
        """Sends that text once."""
        body = json.dumps(whole | {"stations": [station]}).encode()
        answer = self.house.call("POST", "/articles", body, patient=patient)
        if answer.status == ACCEPTED:
            episode = int(json.loads(answer.body)["episode"].rpartition("/")[2])
            article = Article(whole["external_id"], episode, station, poison)
            with self._lock:
                if all(each.name != article.name for each in self.accepted):
                    self.accepted.append(article)
            return article
        # 0: the connection ended. 503: ask again later. Anything else is told to a person at the
        # portal.
        if answer.status not in (GONE, 503):
            told = answer.body[-200:].decode("utf-8", "replace")
            self.refused.append(f"{whole['external_id']}: {answer.status}: {told}")
        return None
