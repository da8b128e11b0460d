"""Pages that only look see one state of the database, and load each row once."""

from contextlib import ExitStack

from flask import Flask, g, request

from service.newsroom import Newsroom

LOOKING = ("GET", "HEAD")


def register(app: Flask, newsroom: Newsroom) -> None:
    """A snapshot for each request that only looks; its end gives the connection back."""

    @app.before_request
    def begin() -> None:
        if request.method in LOOKING and request.endpoint != "static":
            g.snapshot = ExitStack()
            g.snapshot.enter_context(newsroom.database.snapshot())

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        snapshot: ExitStack | None = g.pop("snapshot", None)
        if snapshot is not None:
            snapshot.close()
