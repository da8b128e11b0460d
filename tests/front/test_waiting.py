"""Who waits at a slot for what is new: over real sockets, by counts and events, by no clock."""

import asyncio
import hashlib
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from service.front.lanes import THREADS, Lane, Lanes
from service.front.renewals import Renewals
from service.front.resource import Resource
from tests.front.test_front import QUICK, App, ask, connect, served

SLOT = "/stations/suoi-lanh/slots/0500/latest"
KINDS = ("mp3", "json", "m3u")
HANGS_S = 60  # nothing here takes so long: a test that hangs fails


class Told(Resource):
    """A resource that tells when somebody is answered with it."""

    __slots__ = ("answered",)

    def reply(self, question):
        self.answered(question)
        return super().reply(question)


class OneSlot:
    """A shelf on which one thing stands; counts looks and answers by the question's query."""

    def __init__(self):
        self.looks, self.answers = Counter(), Counter()
        self._changed = threading.Condition()
        self.put(b"a bulletin")

    def put(self, words):
        tag = hashlib.sha256(words).hexdigest().encode()
        resource = Told([(b"content-type", b"text/plain")], tag, 0, words)
        resource.answered = lambda question: self._note(self.answers, question)
        self.stands = resource

    def find(self, question):
        self._note(self.looks, question)
        return self.stands

    def is_enough_for(self, _question):
        return True

    def renew(self, _place):
        return dict.fromkeys(KINDS, self.stands)

    def last(self, _question):
        return self.stands

    def _note(self, counts, question):
        with self._changed:
            counts[question.query.decode()] += 1
            self._changed.notify_all()

    def until(self, is_so):
        with self._changed:
            assert self._changed.wait_for(lambda: is_so(self), HANGS_S)


@pytest.fixture
def slot():
    return OneSlot()


@contextmanager
def at_the_door(slot, **limits):
    with served(App(), replace(QUICK, **limits), slots=slot) as port:
        yield port


def send(port, slot, query, source):
    """Asks for something else than what stands there."""
    sock = connect(port, source=source)
    tag = slot.stands.tag.decode()
    head = f"GET {SLOT}.json?{query} HTTP/1.1\r\nHost: loa\r\n"
    sock.sendall(f'{head}If-None-Match: "{tag}"\r\n\r\n'.encode())
    return sock


def wait(port, slot, query, source="127.0.0.1"):
    """The same, from somebody who waits by now: the slot is looked at once more for them."""
    sock = send(port, slot, query, source)
    slot.until(lambda shelf: shelf.looks[query] > 1)
    return sock


def status(sock):
    return int(sock.recv(12)[-3:])


def test_who_waits_hears_of_something_else_as_soon_as_it_stands_there(slot):
    with at_the_door(slot) as port:
        before = f'"{slot.stands.tag.decode()}"'
        box = wait(port, slot, "wait=50")
        slot.put(b"a warning")
        assert status(box) == 200
        # Who does not know it, or does not say for how long, does not wait.
        now = f'"{slot.stands.tag.decode()}"'
        path = f"{SLOT}.json"
        known, other = {"If-None-Match": now}, {"If-None-Match": before}
        assert ask(port, f"{path}?wait=50", headers=other)[0] == 200
        assert ask(port, f"{path}?wait=50")[0] == 200
        assert ask(port, path, headers=known)[0] == 304
        assert ask(port, f"{path}?wait=1", headers=known)[0] == 304


def test_one_household_s_waits_leave_room_for_others(slot):
    """Two fill what there is for all; whoever has none yet waits as if they were not there."""
    with at_the_door(slot, answering_each=3, answering=6) as port:
        sources = ("127.0.0.2", "127.0.0.3")
        queries = {f"wait=50&{s}&{n}": s for s in sources for n in range(3)}
        crowd = [send(port, slot, query, s) for query, s in queries.items()]
        slot.until(lambda shelf: all(shelf.looks[query] > 1 for query in queries))
        for source in sources:
            assert status(send(port, slot, f"wait=50&more&{source}", source)) == 304
        box = wait(port, slot, "wait=50&box")
        slot.put(b"a warning")
        assert [status(sock) for sock in (box, *crowd)] == [200] * 7


def test_behind_a_proxy_each_of_its_clients_waits_for_itself(slot):
    with served(
        App(), replace(QUICK, answering_each=1), slots=slot, trusted_proxies=1
    ) as port:
        tag = slot.stands.tag.decode()
        head = f'GET {SLOT}.json?%s HTTP/1.1\r\nHost: loa\r\nIf-None-Match: "{tag}"\r\n'

        def behind(address, query):
            sock = connect(port)
            named = f"X-Forwarded-For: {address}\r\n\r\n"
            sock.sendall((head % query + named).encode())
            return sock

        one = behind("2001:db8:1:2::1", "wait=50&one")
        slot.until(lambda shelf: shelf.looks["wait=50&one"] > 1)
        # Of the same /64, then of another
        assert status(behind("2001:db8:1:2::9", "wait=50&same")) == 304
        other = behind("2001:db8:1:3::1", "wait=50&other")
        slot.until(lambda shelf: shelf.looks["wait=50&other"] > 1)
        slot.put(b"a warning")
        assert status(one) == status(other) == 200


def test_a_wait_ends_when_who_waits_is_gone(slot):
    """Before that of somebody who came earlier and stays, and their place is free."""
    with at_the_door(slot, answering_each=1) as port:
        box = wait(port, slot, "wait=50&box")
        wait(port, slot, "wait=55&gone", "127.0.0.2").close()
        slot.until(lambda shelf: shelf.answers["wait=55&gone"])
        assert not slot.answers["wait=50&box"]
        back = wait(port, slot, "wait=50&back", "127.0.0.2")
        slot.put(b"a warning")
        assert status(box) == status(back) == 200


def test_who_had_it_compressed_gets_plain_bytes_where_there_are_no_others(slot):
    with at_the_door(slot) as port:
        known = {"If-None-Match": '"before-gz"'}
        status, headers, body = ask(port, f"{SLOT}.json", headers=known)
        assert (status, body) == (200, slot.stands.body)
        assert "Content-Encoding" not in headers


class Ill(OneSlot):
    """Slots that are asked anew each time; of some the asking fails."""

    def __init__(self, ill):
        super().__init__()
        self.asked, self._ill = Counter(), ill
        self.bed = Resource([], b"bed", 0, b"the bed")

    def find(self, question):
        return None

    def renew(self, place):
        self.asked[place] += 1
        if place[0] in self._ill:
            raise ValueError("this one's rows cannot be read")
        return super().renew(place)

    def last(self, _question):
        return self.bed


def test_a_slot_that_cannot_be_told_of_rests_for_itself_alone():
    """Whatever strangers call a slot, and whichever station is ill, the others are asked about."""
    slot = Ill({"khe-da", "x"})
    path = "/stations/{}/slots/{}/latest.mp3"
    with at_the_door(slot) as port:
        for place in (("khe-da", "0500"), ("x", "1700")):
            assert ask(port, path.format(*place))[2] == b"the bed"
            assert ask(port, path.format(*place))[2] == b"the bed"
            assert slot.asked[place] == 1
            well = path.format("suoi-lanh", "0500")
            assert ask(port, well)[2] == slot.stands.body
        # What can be no station's and no hour's name is the application's to refuse.
        before = slot.asked.total()
        for place in (("%00", "0500"), ("%FF", "0500"), ("A_b", "0500"), ("x", "9999")):
            assert b"PATH_INFO" in ask(port, path.format(*place))[2]
        assert slot.asked.total() == before


class Stale(OneSlot):
    """A slot that has to be asked anew for each question; the asking waits at a gate."""

    def __init__(self):
        super().__init__()
        self.gate = threading.Event()
        self.renewals, self.running, self.most_at_once = 0, 0, 0

    def find(self, question):
        self._note(self.looks, question)

    def renew(self, place):
        with self._changed:
            self.renewals += 1
            self.running += 1
            self.most_at_once = max(self.most_at_once, self.running)
        stands = super().renew(place)
        self.gate.wait(HANGS_S)
        with self._changed:
            self.running -= 1
        return stands


def test_of_one_slot_one_renewal_runs_at_a_time_for_all_who_wait():
    """Whichever of its addresses they ask for: the first one's, and one that is shared."""
    slot = Stale()
    boxes = 3 * THREADS[Lane.HORNS]
    paths = [f"{SLOT}.{KINDS[n % 3]}?{n}" for n in range(boxes)]
    with at_the_door(slot) as port, ThreadPoolExecutor(boxes) as pool:
        answers = [pool.submit(ask, port, path) for path in paths]
        slot.until(lambda shelf: len(shelf.looks) == boxes)
        slot.gate.set()
        assert {answer.result()[0] for answer in answers} == {200}
    assert slot.most_at_once == 1
    assert slot.renewals <= 2


def test_who_asks_while_a_slot_is_renewed_is_told_what_was_written_before():
    """The running renewal may have looked already; the next one is shared, and other slots
    wait for neither.
    """
    slot = Stale()
    begun, looked = threading.Event(), []

    def renew(place):
        looked.append(place)
        begun.set()
        return slot.renew(place)

    async def scene():
        renewals = Renewals(Lanes(), renew)
        here, there = ("suoi-lanh", "0500"), ("suoi-lanh", "1700")
        first = asyncio.ensure_future(renewals.share(here))
        await asyncio.to_thread(begun.wait, HANGS_S)
        before = slot.stands
        slot.put(b"a warning")
        later = [asyncio.ensure_future(renewals.share(here)) for _ in range(5)]
        elsewhere = asyncio.ensure_future(renewals.share(there))
        later.pop().cancel()
        slot.gate.set()
        assert (await first)["mp3"] is before
        assert {(await each)["mp3"] for each in later} == {slot.stands}
        assert (await elsewhere)["mp3"] is slot.stands
        assert Counter(looked) == {here: 2, there: 1}
        # Nothing is kept of who has been answered
        assert not renewals._running
        assert not renewals._coming

    asyncio.run(asyncio.wait_for(scene(), HANGS_S))


def test_a_renewal_that_fails_fails_for_all_who_share_it_and_for_nobody_after():
    outcomes = [OSError("the database is away"), dict.fromkeys(KINDS, "a bulletin")]

    def renew(_place):
        outcome = outcomes.pop(0)
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    async def scene():
        renewals = Renewals(Lanes(), renew)
        place = ("suoi-lanh", "0500")
        shared = [renewals.share(place) for _ in range(3)]
        errors = await asyncio.gather(*shared, return_exceptions=True)
        assert [str(error) for error in errors] == ["the database is away"] * 3
        assert (await renewals.share(place))["mp3"] == "a bulletin"

    asyncio.run(asyncio.wait_for(scene(), HANGS_S))
