"""Alembic over one connection.

Loaded only where tables are behind or developers compare: it is 11 MB.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from service.newsroom.errors import Conflict


def upgrade(connection: Connection, folder: Path, revision: str) -> None:
    """Brings the tables up to a revision of the folder's.

    Conflict when they are of a newer release.
    """
    config = _config(connection, folder)
    _refuse_newer(connection, config)
    command.upgrade(config, revision)


def check(connection: Connection, folder: Path) -> None:
    """Raises when the tables in the code and the migrations differ (`alembic check`)."""
    command.check(_config(connection, folder))


def revise(connection: Connection, folder: Path, message: str) -> None:
    """Writes the next migration from the difference between code and database."""
    command.revision(_config(connection, folder), message, autogenerate=True)


def _config(connection: Connection, folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    return config


def _refuse_newer(connection: Connection, config: Config) -> None:
    """Conflict, in one line, for tables that a newer release has changed already."""
    known = {
        script.revision
        for script in ScriptDirectory.from_config(config).walk_revisions()
    }
    there = MigrationContext.configure(connection).get_current_heads()
    if newer := sorted(set(there) - known):
        raise Conflict(
            f"these tables are of a newer Loa (schema {newer[-1]}, this release knows {max(known)}):"
            " start that release, or restore a backup made before it",
            "Dữ liệu này đã được mở bằng bản Loa mới hơn. Hãy chạy bản mới đó,"
            " hoặc khôi phục bản sao lưu cũ hơn.",
        )
