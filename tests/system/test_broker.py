"""Workers beside a real Redis: whatever it does and whatever comes through it, they work on."""

import os
import signal
from datetime import timedelta

import pytest
from redis import Redis

from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.values import NewArticle, ProcessKind, State, Station
from tests.conftest import Unsynced
from tests.system.servers import Installation, empty_database, start_redis, wait_for
from workers.celery_app import TASK, open_broker
from workers.presence import alive

pytestmark = [pytest.mark.servers, pytest.mark.long]


class Shop:
    """Two workers, a database and a broker; articles are handed in here, and nudge the broker if
    told to.
    """

    def __init__(self, folder, postgres):
        self.folder = folder
        self.redis, self.broker_url = start_redis(folder)
        self.port = self.broker_url.rpartition(":")[2].partition("/")[0]
        self.broker = open_broker(self.broker_url)
        url = empty_database(postgres)
        self.installation = Installation(
            folder,
            broker_url=self.broker_url,
            database_url=url,
            files_url=folder / "files",
            voices="tone",
            lanes=1,
            lease_seconds=3,
        )
        self.newsroom = Newsroom.open(url, Unsynced(folder / "files"), MIGRATIONS)
        self.newsroom.database.migrate()
        self.newsroom.stations.put(Station("suoi-lanh", "Đài"))
        self.handed_in = 0
        for name in ("worker-1", "worker-2"):
            self.installation.start("worker", name)
        self.listening(2)

    def hand_in(self):
        self.handed_in += 1
        article = NewArticle(
            f"Tin {self.handed_in}", ("Một câu.",), f"{self.handed_in}", ("suoi-lanh",)
        )
        return self.newsroom.articles.receive(article, "test").episode_id

    def read(self, *numbers):
        """Waits until these are read: by workers that nobody told of them."""
        wait_for(
            lambda: all(
                self.newsroom.episodes.get(number).state is State.MASTERED
                for number in numbers
            )
        )

    def listening(self, count):
        """Waits until so many workers wait at the broker for a message."""
        client = Redis(port=int(self.port))
        wait_for(
            lambda: (
                sum(each["cmd"] in ("brpop", "BRPOP") for each in client.client_list())
                >= count
            )
        )

    def workers(self):
        return [
            self.installation.processes[name].process
            for name in ("worker-1", "worker-2")
        ]

    def close(self):
        self.installation.__exit__()
        self.newsroom.database.close()
        self.redis.kill()


@pytest.fixture(scope="module")
def shop(tmp_path_factory, postgres):
    found = Shop(tmp_path_factory.mktemp("shop"), postgres)
    yield found
    found.close()


def push(client, *values):
    for queue in ("slow", "fast"):
        for value in values:
            client.lpush(queue, value)


def test_no_message_ends_a_worker_or_makes_it_deaf(shop):
    client = Redis(port=int(shop.port))
    push(
        client,
        "garbage",
        "[]",
        "5",
        "null",
        '{"body": 5}',
        '{"body": "W10=", "headers": {}}',
    )
    for arguments in ((), ("x",), (2**80,), ({"a": 1},), ("x" * 1_000_000,)):
        shop.broker.send_task(TASK, arguments, queue="slow")
    shop.broker.send_task("loa.unknown", (1,), queue="slow")
    shop.broker.send_task(TASK, (1,), queue="slow", serializer="pickle")
    shop.broker.send_task(TASK, (1,), queue="slow", countdown=3e7)
    wait_for(lambda: not client.exists("slow", "fast"))
    shop.read(shop.hand_in())
    shop.listening(2)
    for queue in ("slow", "fast"):
        client.set(queue, "oops")
    shop.read(shop.hand_in())
    client.delete("slow", "fast")
    shop.listening(2)
    assert [worker.poll() for worker in shop.workers()] == [None, None]
    assert "listening to the broker ended" in shop.installation.log(), (
        "workers say what they met"
    )


def test_while_the_broker_is_away_hangs_or_reads_only_workers_work(shop):
    numbers = []
    client = Redis(port=int(shop.port))
    client.replicaof("127.0.0.1", 1)
    numbers.append(shop.hand_in())
    shop.read(*numbers)
    client.replicaof("NO", "ONE")
    os.kill(shop.redis.process.pid, signal.SIGSTOP)
    numbers.append(shop.hand_in())
    shop.read(*numbers)
    os.kill(shop.redis.process.pid, signal.SIGCONT)
    shop.listening(2)
    shop.redis.kill()
    numbers += [shop.hand_in() for _ in range(3)]
    shop.read(*numbers)
    assert [worker.poll() for worker in shop.workers()] == [None, None]


def test_a_worker_that_is_killed_is_replaced_and_tells_of_itself(shop):
    well = shop.installation.run("alive", "worker")
    assert (well.returncode, well.stdout.strip()) == (0, "worker: ok"), well.stderr
    first, second = shop.workers()
    first.kill()
    first.wait()
    number = shop.hand_in()
    shop.read(number)
    assert alive(shop.newsroom, ProcessKind.WORKER) == []
    os.kill(second.pid, signal.SIGSTOP)
    wait_for(lambda: alive(shop.newsroom, ProcessKind.WORKER, timedelta(seconds=6)))
    os.kill(second.pid, signal.SIGCONT)
    os.kill(second.pid, signal.SIGTERM)
    assert second.wait(60) == 0
