"""Stations' own chimes, and the bed: what is heard at an hour that has nothing else."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.newsroom.store.tables import RecordingRow, StationRow
from service.newsroom.values import BedFile, Standing, Use

# In what is noted about a chime: when the house's own took its place again.
REMOVED_AT = "removed_at"


def chimes_in_use(station_id: int, chime: str) -> Select[RecordingRow]:
    """What a station sent for a chime and has not put aside."""
    return select(RecordingRow).where(
        RecordingRow.use == Use.CHIME,
        RecordingRow.station_id == station_id,
        RecordingRow.chime == chime,
        RecordingRow.state.in_((Standing.READY, Standing.REFUSED)),
    )


def bed_in_force(rows: Sequence[RecordingRow]) -> BedFile | None:
    """The bed that a station plays, of all it ever sent; None for the house's."""
    for row in rows:
        # Before there were files of beds, a bed was a clip only.
        if row.state == Standing.READY and "key" in row.about:
            bed = row.about
            return BedFile(bed["key"], bed["bytes"], bed["sha256"], bed["seconds"])
    return None


def bed_changed_at(rows: Sequence[RecordingRow]) -> datetime | None:
    """When a station's bed last became another one, its own or the house's.

    None before it sent any.
    """
    sent = [row.sent_at for row in rows]
    removed = [
        datetime.fromisoformat(row.about[REMOVED_AT])
        for row in rows
        if REMOVED_AT in row.about
    ]
    return max(sent + removed, default=None)


def beds_of(
    session: Session, stations: Collection[str]
) -> dict[str, tuple[BedFile | None, datetime | None]]:
    """By station, its own bed as a file, None for the house's; and since when that stands.

    In one question.
    """
    query = (
        select(StationRow.slug, RecordingRow)
        .join(StationRow, StationRow.id == RecordingRow.station_id)
        .where(
            StationRow.slug.in_(stations),
            RecordingRow.chime == "bed",
            RecordingRow.clip != "",
        )
        .order_by(RecordingRow.id)
    )
    rows: dict[str, list[RecordingRow]] = {slug: [] for slug in stations}
    for slug, row in session.execute(query):
        rows[slug].append(row)
    return {
        slug: (bed_in_force(each), bed_changed_at(each)) for slug, each in rows.items()
    }
