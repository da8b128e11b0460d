"""What all tables share."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from service.newsroom.store.columns import Day, Json, Utc


class Table(DeclarativeBase):
    """What all tables share: names for constraints, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: Utc,
        date: Day,
        dict[str, Any]: Json,
        list[str]: Json,
        list[list[str]]: Json,
        list[int]: Json,
        list[dict[str, Any]]: Json,
    }
