"""A newsroom's web behind its front, on a real socket in this process, as `loa web` serves it."""

import multiprocessing
import threading
from contextlib import closing, contextmanager
from http.client import HTTPConnection

from loa.web_app import Front
from service.front import open_socket, run
from service.web.operators.pulse import Pulse


@contextmanager
def served(newsroom, site, folder):
    """The port at which it stands."""
    listening = open_socket("127.0.0.1", 0)
    ours, theirs = multiprocessing.Pipe()
    pulse = Pulse(newsroom)
    front = Front(newsroom, site.public_url, folder, pulse, site.trusted_proxies)
    front.open(site)
    thread = threading.Thread(
        target=run, args=(front.gateway, listening, theirs), daemon=True
    )
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        ours.close()
        thread.join(30)
        pulse.stop()


@contextmanager
def fronted(newsroom, site, folder):
    """A function that asks: status, headers and body of a path."""
    with served(newsroom, site, folder) as port:

        def ask(path, method="GET", timeout=60, **headers):
            with closing(
                HTTPConnection("127.0.0.1", port, timeout=timeout)
            ) as connection:
                named = {
                    name.replace("_", "-"): value for name, value in headers.items()
                }
                connection.request(method, path, headers=named)
                answer = connection.getresponse()
                return answer.status, answer.headers, answer.read()

        yield ask
