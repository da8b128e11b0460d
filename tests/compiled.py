"""Statements compiled once a process: each test opens a database of its own, and asks it the same.

A plugin of SQLAlchemy's (`?plugin=compiled_once`): what it compiled for one engine it finds again
for the next, which an engine by itself does not. It is a seventh of what such tests cost.
"""

from typing import ClassVar

from sqlalchemy import URL, Engine
from sqlalchemy.dialects import plugins
from sqlalchemy.engine import CreateEnginePlugin

NAME = "compiled_once"


class CompiledOnce(CreateEnginePlugin):
    """Engines of the same kind share the first one's compiled statements.

    They are found by the dialect that compiled them, so they share that, too.
    """

    first: ClassVar[dict[str, Engine]] = {}

    def update_url(self, url: URL) -> URL:
        """The address without what named this plugin."""
        return url.difference_update_query(["plugin"])

    def engine_created(self, engine: Engine) -> None:
        """Gives an engine what the first one of its kind compiled."""
        first = self.first.setdefault(engine.url.drivername, engine)
        engine.dialect = first.dialect
        engine._compiled_cache = first._compiled_cache


plugins.register(NAME, __name__, "CompiledOnce")
