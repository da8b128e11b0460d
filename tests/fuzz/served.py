"""A Loa that really serves, to be fuzzed: its home, a login, a key, and what was typed until it is
read.
"""

import json
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.calls import Answer, Call, Sender, Wire
from tests.fuzz.place import Place, explored, logged_in, settled
from tests.fuzz.words import counted
from tests.system.servers import Installation

NAME, PASSWORD = "nguoi-la", "mật khẩu của người lạ 8283"
ONE_TIME = "thuyền giấy 8471 trên suối"
# Episodes of the sample commune: they may be changed by any input
SAMPLES = range(1, 6)
READ_WITHIN_S = 300
UNREAD = "received"


def installed(folder: Path) -> Installation:
    """A home of its own, with a voice that only hums: sound is not what is tried here."""
    return Installation(folder, voices="tone", urgent_voice="tone")


def served(found: Installation) -> Place:
    """`loa serve` in that home, with a login and a key."""
    found.start("serve")
    found.ready()
    found.add_key()
    done = found.run("user", "add", NAME, "--role", "admin", "--password", ONE_TIME)
    assert done.returncode == 0, done.stdout + done.stderr
    wire = Wire(found.port)
    logged_in(wire, NAME, ONE_TIME)
    settled(wire, ONE_TIME, PASSWORD)
    return furnished(wire, found.key)


def furnished(sender: Sender, key: str) -> Place:
    """The place with a station more, whose rules any input may change."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    body = json.dumps({"name": "Đài Thử"}).encode()
    answer = sender.send(Call("PUT", "/api/v1/stations/dai-thu", body, headers))
    assert answer.status < 300, answer.body.decode()
    return explored(sender, key, "suoi-lanh", "dai-thu", SAMPLES)


def episode_of(answer: Answer) -> str:
    """The API's path of the episode that an answer tells of; "" when it was not taken."""
    if answer.status == 202:
        return str(json.loads(answer.body)["episode"])
    if answer.status == 303 and "/desk/episodes/" in answer.location:
        return (
            "/api/v1/episodes/"
            + answer.location.partition("/desk/episodes/")[2].split("#")[0]
        )
    return ""


def read_words(place: Place, episode: str) -> Counter[str]:
    """The words of an episode's sentences, once it has some; none when it is not read in time."""
    ends = time.monotonic() + READ_WITHIN_S
    while time.monotonic() < ends:
        answer = place.sender.send(Call("GET", episode, headers=place.with_key()))
        told = json.loads(answer.body) if answer.status == 200 else {}
        if told.get("state", UNREAD) != UNREAD:
            return counted(*(sentence["written"] for sentence in told["sentences"]))
        time.sleep(0.5)
    return Counter()
