"""The application that comes up later: until then everybody is asked to come back in a moment."""

from collections.abc import Callable, Iterable
from typing import Any

from service.front.exchange import Application, Environ
from service.front.refusals import STARTING

AGAIN_S = 5  # a page that waits asks again by itself
PHRASE = "503 Service Unavailable"


class StartingUp:
    """A WSGI application.

    Loudspeakers do not come here: what lies on the slots' shelf is handed out before it.
    """

    def __init__(self) -> None:
        self._app: Application | None = None

    def open(self, app: Application) -> None:
        """From now on that application answers."""
        self._app = app

    def __call__(
        self, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """What the application says, or that it is coming up."""
        if self._app is not None:
            return self._app(environ, start_response)
        fields, body = STARTING.answer(environ["PATH_INFO"])
        headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in fields
        ]
        start_response(PHRASE, [*headers, ("Refresh", str(AGAIN_S))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
