"""The front: what stands between the network and the WSGI application.

A thread is given to a request only when all of it is here. Bodies have a deadline and a size,
connections an address that may hold so many, and the loudspeakers a lane of their own. Knows
nothing of Flask or of news.
"""

from service.front.gateway import Gateway
from service.front.limits import Limits
from service.front.opening import StartingUp
from service.front.server import run
from service.port import open_socket

__all__ = ["Gateway", "Limits", "StartingUp", "open_socket", "run"]
