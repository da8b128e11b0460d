"""Calls that meet: none may be our fault (5xx), and what is left is what one after the other would
leave.
"""

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tests.fuzz.calls import Answer

if TYPE_CHECKING:
    from tests.chaos.injections import Round

AT_ONCE = 40
FEW = 12
PATIENCE_S = 60.0
READ_WITHIN_S = 90.0


def same_article(at: "Round", pool: ThreadPoolExecutor) -> None:
    """One article, 40 times at once: it is there once."""
    whole = at.portal.text(at.random, sentences=3)
    body = _json(whole | {"stations": ["tin"]})
    answers = _at_once(at, pool, [("POST", "/articles", body)] * AT_ONCE)
    episodes = {
        json.loads(answer.body)["episode"] for answer in answers if answer.status == 202
    }
    if len(episodes) > 1:
        at.faults.append(f"one article became {len(episodes)}")
    if episodes:
        at.portal.send(whole, "tin", patient=PATIENCE_S)


def revisions(at: "Round", pool: ThreadPoolExecutor) -> None:
    """Twelve texts under one name at once: the newest is read, each is kept."""
    whole = at.portal.text(at.random, sentences=3)
    bodies = [
        _json(whole | {"stations": ["tin"], "body": f"{whole['body']}\nLần thứ {n}."})
        for n in range(FEW)
    ]
    _at_once(at, pool, [("POST", "/articles", body) for body in bodies])
    article = at.portal.send(whole, "tin", patient=PATIENCE_S)
    if article is not None:
        article.changed = (
            True  # which one is the newest nobody can say, so it is taken back
        )
        article.withdrawn = _withdraw(at, article.episode)


def new_topic(at: "Round", pool: ThreadPoolExecutor) -> None:
    """Twelve articles with a topic that nobody had before."""
    topic = f"Chủ đề {at.random.randrange(10**9)}"
    wholes = [
        at.portal.text(at.random, sentences=2) | {"topic": topic} for _ in range(FEW)
    ]
    list(
        pool.map(lambda whole: at.portal.send(whole, "tin", patient=PATIENCE_S), wholes)
    )
    at.count += FEW


def new_station(at: "Round", pool: ThreadPoolExecutor) -> None:
    """One new station, twelve times at once."""
    path = f"/stations/thu-{at.random.randrange(10**9)}"
    _at_once(at, pool, [("PUT", path, _json({"name": "Đài Thử"}))] * FEW)


def approve_and_withdraw(at: "Round", pool: ThreadPoolExecutor) -> None:
    """What was withdrawn is not public, whoever approved it meanwhile."""
    article = at.portal.hand_in(at.random, "xa")
    if article is None or not (version := _version(at, article.episode, "mastered")):
        return
    path = f"/episodes/{article.episode}"
    withdraw = ("POST", f"{path}/withdraw", _json({"reason": "Sai ngày."}))
    approve = ("POST", f"{path}/approve", _json({"version": version}))
    answers = _at_once(at, pool, [approve, withdraw], spread_s=0.05)
    article.withdrawn = 0 < answers[1].status < 300


def approve_and_edit(at: "Round", pool: ThreadPoolExecutor) -> None:
    """What is public was approved as it was heard, whoever edited meanwhile."""
    article = at.portal.hand_in(at.random, "xa")
    if article is None or not (version := _version(at, article.episode, "mastered")):
        return
    article.changed = True
    path = f"/episodes/{article.episode}"
    edit = ("PATCH", f"{path}/sentences/2", _json({"spoken": "câu này đã được sửa"}))
    approve = ("POST", f"{path}/approve", _json({"version": version}))
    _at_once(at, pool, [edit, approve], spread_s=0.05)


def bulletin(at: "Round", pool: ThreadPoolExecutor) -> None:
    """The slot's bulletin is drafted anew and approved at once, several times."""
    number = at.house.bulletin()
    if not number or not (
        version := _version(at, number, "mastered", "published", "approved")
    ):
        return
    again = ("POST", f"/bulletins/{number}/draft", b"{}")
    approve = ("POST", f"/episodes/{number}/approve", _json({"version": version}))
    _at_once(at, pool, [approve, again, approve, again, approve], spread_s=0.05)
    version = _version(at, number, "mastered", "published", "approved")
    at.house.call("POST", f"/episodes/{number}/approve", _json({"version": version}))


def _at_once(
    at: "Round",
    pool: ThreadPoolExecutor,
    calls: Sequence[tuple[str, str, bytes]],
    spread_s: float = 0.0,
) -> list[Answer]:
    """The answers; 5xx but 503 is a fault."""
    pauses = [at.random.uniform(0.0, spread_s) for _ in calls]

    def send(call: tuple[str, str, bytes], pause: float) -> Answer:
        time.sleep(pause)
        return at.house.call(*call, patient=PATIENCE_S)

    answers = list(pool.map(send, calls, pauses))
    at.count += len(calls)
    for answer, (method, path, _) in zip(answers, calls, strict=True):
        if answer.status >= 500:
            told = answer.body[-200:].decode("utf-8", "replace")
            at.faults.append(f"{method} {path}: {answer.status}: {told}")
    return answers


def _version(at: "Round", episode: int, *states: str) -> int:
    """The version of an episode once it stands in one of these states; 0 when it does not
    in time.
    """

    def look() -> int:
        answer = at.house.call("GET", f"/episodes/{episode}")
        whole = json.loads(answer.body) if answer.status == 200 else {}
        return int(whole["version"]) if whole.get("state") in states else 0

    return _within(READ_WITHIN_S, look)


def _within(seconds: float, look: Callable[[], int]) -> int:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if seen := look():
            return seen
        time.sleep(0.2)
    return 0


def _withdraw(at: "Round", episode: int) -> bool:
    path, body = f"/episodes/{episode}/withdraw", _json({"reason": "Thử."})
    return bool(
        _within(
            READ_WITHIN_S, lambda: 0 < at.house.call("POST", path, body).status < 300
        )
    )


def _json(body: object) -> bytes:
    return json.dumps(body).encode()
