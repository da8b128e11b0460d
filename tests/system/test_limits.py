"""Limits hold for an installation, however many processes serve it and though one of them starts
again.
"""

from dataclasses import replace

import pytest

from service.web.app import create_app
from tests.system.servers import free_port

ATTEMPTS = 10


def refused(newsroom, site, counters):
    """Wrong passwords, one more than are allowed, in two processes one after the other: what they
    answered.
    """
    answers = []
    for times in (ATTEMPTS, 1):
        app = create_app(newsroom, replace(site, counters=counters))
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        answers += [
            client.post("/desk/login", data={"name": "ai", "password": "x"}).status_code
            for _ in range(times)
        ]
    return answers


@pytest.mark.servers
def test_processes_count_together_in_redis(newsroom, site, redis):
    assert refused(newsroom, site, redis) == [401] * ATTEMPTS + [429]


def test_a_process_counts_for_itself_while_redis_is_away(newsroom, site):
    away = f"redis://127.0.0.1:{free_port()}/0"
    app = create_app(newsroom, replace(site, counters=away))
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    statuses = [
        client.post("/desk/login", data={"name": "ai", "password": "x"}).status_code
        for _ in range(11)
    ]
    assert statuses == [401] * ATTEMPTS + [429]
