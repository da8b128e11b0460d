"""Groups of stations: districts, clusters, as trees; grants are given for them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, Invalid, NotFound
from service.newsroom.stations import station_numbers
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.doors import KeyRow, PersonRow
from service.newsroom.store.log import log
from service.newsroom.store.tables import GroupRow, StationRow, VoiceChoiceRow
from service.newsroom.text import alphabetical
from service.newsroom.values import GROUP, LOUDSPEAKER, Event, Group
from service.slugs import LONGEST_SLUG, is_slug

LONGEST_NAME = 100  # characters


class Groups:
    """The groups of the installation. A station is in one group at most, a group below one."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def all(self) -> list[Group]:
        """Every group with the stations right in it, by name."""
        with self._database.read() as session:
            rows = session.scalars(select(GroupRow)).all()
            slugs: dict[int | None, str] = {row.id: row.slug for row in rows}
            members: defaultdict[int | None, list[str]] = defaultdict(list)
            placed = select(StationRow.group_id, StationRow.slug).where(
                StationRow.group_id.is_not(None)
            )
            for number, slug in session.execute(placed.order_by(StationRow.slug)):
                members[number].append(slug)
            groups = [
                Group(
                    row.slug,
                    row.name,
                    slugs.get(row.parent_id, ""),
                    tuple(members[row.id]),
                    row.strict,
                )
                for row in rows
            ]
        return sorted(groups, key=lambda group: alphabetical(group.name))

    def stations(self, slugs: Collection[str]) -> frozenset[str]:
        """The stations of these groups and of all below them.

        A group that is not there has none.
        """
        with self._database.read() as session:
            return stations_below(session, slugs)

    @transact
    def put(self, group: Group, by: str = LOUDSPEAKER) -> None:
        """Makes or replaces a group with its stations, which leave the groups they were in.

        Invalid names the field at fault: `slug`, `name`, `parent` (unknown, or below the group
        itself) or `stations`. Conflict while a new one would give somebody the rights that they
        had in a former group of that name.
        """
        name = " ".join(group.name.split())
        _check(group.slug, name)
        with self._database.write() as session:
            row = session.scalar(select(GroupRow).where(GroupRow.slug == group.slug))
            if row is None:
                _refuse_while_granted(session, group.slug, self._now())
                row = GroupRow(slug=group.slug, parent_id=None)
                session.add(row)
            row.name, row.strict = name, group.strict
            session.flush()
            row.parent_id = _parent(session, row, group.parent)
            _place(session, row.id, group.stations)
            detail = f"{group.slug}: {len(group.stations)} đài"
            if group.strict:
                detail += ", người duyệt phải xác thực hai lớp"
            log(session, self._now(), by, Event.GROUP_CHANGED, detail)

    @transact
    def remove(self, slug: str, by: str = LOUDSPEAKER) -> None:
        """Forgets a group; its stations are in none.

        NotFound; Conflict while there are groups below it, or somebody has rights for it: they
        would have them again in another group of that name.
        """
        with self._database.write() as session:
            row = session.scalar(select(GroupRow).where(GroupRow.slug == slug))
            if row is None:
                raise NotFound(f"no group {slug!r}", "Không có nhóm đài này.", "group")
            if session.scalar(
                select(GroupRow.id).where(GroupRow.parent_id == row.id).limit(1)
            ):
                raise Conflict(
                    f"there are groups below {slug!r}",
                    "Nhóm này còn nhóm con; hãy chuyển hoặc bỏ các nhóm con trước.",
                    "group",
                )
            _refuse_while_granted(session, slug, self._now())
            _place(session, row.id, ())
            # Another group of that name chooses its voices anew.
            session.execute(
                delete(VoiceChoiceRow).where(VoiceChoiceRow.place == f"{GROUP}{slug}")
            )
            session.delete(row)
            log(session, self._now(), by, Event.GROUP_REMOVED, slug)


def stations_below(session: Session, slugs: Collection[str]) -> frozenset[str]:
    """The stations of these groups and of all groups below them."""
    rows = session.execute(select(GroupRow.id, GroupRow.slug, GroupRow.parent_id)).all()
    below: defaultdict[int | None, list[int]] = defaultdict(list)
    for number, _, parent in rows:
        below[parent].append(number)
    inside: set[int] = set()
    waiting = [number for number, slug, _ in rows if slug in slugs]
    while waiting:
        number = waiting.pop()
        # A ring, which a hand may have made in the database, ends too.
        if number not in inside:
            inside.add(number)
            waiting += below[number]
    stations = select(StationRow.slug).where(StationRow.group_id.in_(inside))
    return frozenset(session.scalars(stations))


def group_slugs(session: Session) -> set[str]:
    """The names of all groups."""
    return set(session.scalars(select(GroupRow.slug)))


def _refuse_while_granted(session: Session, slug: str, now: datetime) -> None:
    """Conflict names the people and the valid keys that have rights for a group of that name."""
    people = session.scalars(select(PersonRow)).all()
    keys = session.scalars(select(KeyRow).where(KeyRow.revoked.is_(False)))
    valid = [key for key in keys if key.expires_at is None or key.expires_at > now]
    place = f"{GROUP}{slug}"
    rows: list[PersonRow | KeyRow] = [*people, *valid]
    holders = [row.name for row in rows if place in (pair[1] for pair in row.grants)]
    if holders:
        names = ", ".join(sorted(holders))
        raise Conflict(
            f"take the rights for {place} away first from: {names}",
            f"Hãy bỏ quyền ở nhóm này của tài khoản, hoặc thu hồi khóa, trước: {names}.",
            "slug",
        )


def _check(slug: str, name: str) -> None:
    if not is_slug(slug):
        raise Invalid(
            f"{slug!r}: use a-z, 0-9 and single hyphens, at most {LONGEST_SLUG}",
            "Mã nhóm chỉ gồm chữ thường không dấu, số và dấu gạch nối.",
            "slug",
        )
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(
            f"a group's name has 1 to {LONGEST_NAME} characters",
            f"Tên nhóm dài từ 1 đến {LONGEST_NAME} ký tự.",
            "name",
        )


def _parent(session: Session, row: GroupRow, slug: str) -> int | None:
    """The number of the group above; Invalid when there is none such, or it lies below."""
    if not slug:
        return None
    above = session.scalar(select(GroupRow).where(GroupRow.slug == slug))
    if above is None:
        raise Invalid(f"no group {slug!r}", "Không có nhóm cấp trên này.", "parent")
    step: GroupRow | None = above
    while step is not None:
        if step.id == row.id:
            raise Invalid(
                f"{slug!r} is {row.slug!r} itself, or below it",
                "Nhóm cấp trên không thể là chính nhóm này hay nhóm con của nó.",
                "parent",
            )
        step = session.get(GroupRow, step.parent_id) if step.parent_id else None
    return above.id


def _place(session: Session, number: int, slugs: Iterable[str]) -> None:
    """These stations are in the group, and no others."""
    numbers = _known(session, tuple(slugs))
    session.execute(
        update(StationRow).where(StationRow.group_id == number).values(group_id=None)
    )
    into = update(StationRow).where(StationRow.id.in_(numbers))
    session.execute(into.values(group_id=number))


def _known(session: Session, slugs: Collection[str]) -> list[int]:
    try:
        return list(station_numbers(session, slugs).values())
    except NotFound as error:
        raise Invalid(str(error), error.message_vi, "stations") from error
