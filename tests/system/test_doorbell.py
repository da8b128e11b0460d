"""Who hands work in on one machine rings, and lanes that would not look for an hour begin it."""

import socket
import threading
import time

from loa.assembly import MIGRATIONS
from loa.doorbell import LOOPBACK, Doorbell, nudge_at
from service.newsroom import Newsroom
from service.newsroom.values import Lane, NewArticle, State
from workers.lanes import Lanes

PATIENCE_S = 60.0


def test_a_ring_is_heard_and_a_stranger_s_is_not():
    doorbell, rings = Doorbell(), threading.Semaphore(0)
    address = doorbell.address
    nudge_at(address)(1, Lane.SLOW)  # before anybody listens
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for said in (b"", b"ring", bytes(len(address.token)), address.token + b"!"):
            stranger.sendto(said, (LOOPBACK, address.port))
    nudge_at(address)(2, Lane.FAST)
    doorbell.listen(rings.release)
    for _ in range(2):
        assert rings.acquire(timeout=PATIENCE_S)
    assert not rings.acquire(blocking=False)
    doorbell.close()


def test_nobody_who_rings_waits_or_fails():
    doorbell = Doorbell()
    nudge = nudge_at(doorbell.address)
    doorbell.close()
    for number in range(3):
        nudge(number, Lane.SLOW)


def test_work_of_another_process_is_begun_when_it_rings(newsroom, studio, tmp_path):
    doorbell = Doorbell()
    lanes = Lanes(studio, "embedded", 1, ask_every_s=3600.0)
    doorbell.listen(lanes.bell.ring)
    lanes.start()
    # What the web's process does.
    web = Newsroom.open(
        f"sqlite:///{tmp_path}/loa.db",
        newsroom.files,
        MIGRATIONS,
        nudge=nudge_at(doorbell.address),
    )
    article = NewArticle("Tin", ("Bà con ra đồng.",), "tin", ("suoi-lanh",))
    episode = web.articles.receive(article, "test").episode_id
    ends = time.monotonic() + PATIENCE_S
    while (
        newsroom.episodes.get(episode).state is State.RECEIVED
        and time.monotonic() < ends
    ):
        time.sleep(0.01)
    assert newsroom.episodes.get(episode).state is not State.RECEIVED
    lanes.stop()
    web.database.close()
