"""Hooks out: who is told, what is still untold, and what became of each telling."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from service.guard import Guard, Unsafe
from service.newsroom.errors import Conflict, Invalid, NotFound
from service.newsroom.staff.signing import new_secret
from service.newsroom.store.again import transact
from service.newsroom.store.announcing import add_delivery
from service.newsroom.store.database import Database
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import DeliveryRow, HookRow
from service.newsroom.values.hooks import (
    Delivery,
    DeliveryState,
    Hook,
    HookEvent,
    NewHook,
    Outgoing,
)
from service.newsroom.values.log import Event

LONGEST_NAME_CHARS = 100
LONGEST_ADDRESS_CHARS = 2_000
# Between tries, as Standard Webhooks advises; after the last one nobody is told any more.
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400)
)
LEASE = timedelta(minutes=3)  # while one sweep tells, no other does
MOST, MOST_OF_ONE = 200, 4  # of one look, so that no hook holds up the others
KEPT = timedelta(days=14)


class Hooks:
    """What administrators do with hooks, and what those who tell load and save."""

    def __init__(
        self, database: Database, guard: Guard, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._guard = guard
        self._now = now

    @transact
    def add(self, hook: NewHook, who: str) -> tuple[Hook, str]:
        """A new hook, and its secret, which is told this once. Invalid names the field at fault."""
        self._check(hook)
        now = self._now()
        with self._database.write() as session:
            row = HookRow(
                secret=new_secret(),
                active=True,
                trouble="",
                created_by=who,
                created_at=now,
            )
            _describe(row, hook)
            session.add(row)
            session.flush()
            log(session, now, who, Event.HOOK_ADDED, hook.name)
            return _value(row), row.secret

    @transact
    def change(self, hook_id: int, hook: NewHook, who: str) -> Hook:
        """Another description; it is active again."""
        self._check(hook)
        with self._database.write() as session:
            row = _row(session, hook_id)
            _describe(row, hook)
            row.active = True
            log(session, self._now(), who, Event.HOOK_CHANGED, hook.name)
            return _value(row)

    @transact
    def renew(self, hook_id: int, who: str) -> str:
        """Another secret, which is told this once; the one before signs nothing any more."""
        with self._database.write() as session:
            row = _row(session, hook_id)
            row.secret = new_secret()
            log(session, self._now(), who, Event.HOOK_CHANGED, f"{row.name}: secret")
            return row.secret

    @transact
    def remove(self, hook_id: int, who: str) -> Hook:
        """Forgets a hook, and what it was not told yet."""
        with self._database.write() as session:
            row = _row(session, hook_id)
            gone = _value(row)
            session.execute(delete(DeliveryRow).where(DeliveryRow.hook_id == row.id))
            session.execute(delete(HookRow).where(HookRow.id == row.id))
            log(session, self._now(), who, Event.HOOK_REMOVED, gone.settings.name)
            return gone

    @transact
    def test(self, hook_id: int, who: str) -> None:
        """A telling of nothing, to see whether it arrives.

        Conflict when there is no secret to sign it with.
        """
        with self._database.write() as session:
            row = _row(session, hook_id)
            if not row.secret:
                raise Conflict(
                    "this hook has no secret since the last restore; renew it",
                    "Kết nối này chưa có khóa ký (mất sau khi khôi phục). Hãy tạo khóa mới.",
                    "secret",
                )
            add_delivery(session, row, HookEvent.TEST, self._now(), {"by": str(who)})

    def all(self) -> list[Hook]:
        """Every hook, by name."""
        with self._database.read() as session:
            rows = session.scalars(select(HookRow).order_by(HookRow.name, HookRow.id))
            return readable(rows, _value, "a hook")

    def get(self, hook_id: int) -> Hook:
        """A hook; NotFound when there is none of that number."""
        with self._database.read() as session:
            return _value(_row(session, hook_id))

    def deliveries(self, hook_id: int, most: int = 100) -> list[Delivery]:
        """What a hook was told, and is to be told, the newest first."""
        with self._database.read() as session:
            rows = session.scalars(
                select(DeliveryRow)
                .where(DeliveryRow.hook_id == hook_id)
                .order_by(DeliveryRow.id.desc())
                .limit(most)
            )
            return readable(rows, _delivery, "a delivery")

    @transact
    def take(self) -> list[Outgoing]:
        """Tellings that are due, a few of each hook; they are the taker's for `LEASE`.

        First of hooks that took the last one: who does not answer keeps nobody waiting.
        """
        now = self._now()
        # Chosen hook by hook: a thousand tellings for one that is dead are four rows here.
        in_turn = func.row_number().over(
            partition_by=DeliveryRow.hook_id,
            order_by=(DeliveryRow.tries, DeliveryRow.id),
        )
        ranked = (
            select(DeliveryRow.id, in_turn.label("place"))
            .join(HookRow, HookRow.id == DeliveryRow.hook_id)
            .where(_is_due(now))
            .subquery()
        )
        due = (
            select(DeliveryRow, HookRow)
            .join(HookRow, HookRow.id == DeliveryRow.hook_id)
            .join(ranked, ranked.c.id == DeliveryRow.id)
            # Asked once more whether they are due: another sweep may have been quicker.
            .where(_is_due(now), ranked.c.place <= MOST_OF_ONE)
            .order_by(HookRow.trouble != "", ranked.c.place, DeliveryRow.id)
            .limit(MOST)
            .with_for_update(skip_locked=True, of=DeliveryRow)
        )
        taken: list[Outgoing] = []
        with self._database.write() as session:
            for row, hook in session.execute(due):
                row.try_after = now + LEASE
                taken.append(Outgoing(_delivery(row), hook.url, hook.secret))
        return taken

    def anything_due(self) -> bool:
        """Whether there is something to tell now.

        A read, so that who looks in vain writes nothing.
        """
        with self._database.read() as session:
            waiting = (
                select(DeliveryRow.id)
                .join(HookRow, HookRow.id == DeliveryRow.hook_id)
                .where(_is_due(self._now()))
            )
            return session.scalar(waiting.limit(1)) is not None

    @transact
    def delivered(self, delivery: Delivery, answer: str) -> None:
        """It was taken."""
        with self._database.write() as session:
            row = session.get_one(DeliveryRow, delivery.id)
            row.state = DeliveryState.DELIVERED
            row.tries = row.tries + 1
            row.told_at = self._now()
            row.answer = answer
            session.execute(
                update(HookRow).where(HookRow.id == row.hook_id).values(trouble="")
            )

    @transact
    def failed(self, delivery: Delivery, answer: str, *, gone: bool = False) -> None:
        """It was not taken: tried again later, in the end no more.

        `gone` when its receiver says so for ever.
        """
        now = self._now()
        with self._database.write() as session:
            row = session.get_one(DeliveryRow, delivery.id)
            hook = session.get_one(HookRow, row.hook_id)
            if row.tries >= len(WAITS) or gone:
                row.state = DeliveryState.GIVEN_UP
            else:
                row.try_after = now + WAITS[row.tries]
            row.tries, row.told_at, row.answer = row.tries + 1, now, answer
            hook.trouble, hook.active = answer, hook.active and not gone

    @transact
    def untried(self, delivery: Delivery) -> None:
        """There was no time to try, or the one before it failed: due again at once."""
        with self._database.write() as session:
            row = session.get_one(DeliveryRow, delivery.id)
            row.try_after = self._now()

    @transact
    def forget(self) -> None:
        """What was told, or given up, long ago."""
        with self._database.write() as session:
            session.execute(
                delete(DeliveryRow).where(
                    DeliveryRow.made_at < self._now() - KEPT,
                    DeliveryRow.state != DeliveryState.WAITING,
                )
            )

    def _check(self, hook: NewHook) -> None:
        if not 0 < len(hook.name.strip()) <= LONGEST_NAME_CHARS:
            raise Invalid(
                f"a name has 1 to {LONGEST_NAME_CHARS} characters",
                f"Tên cần từ 1 đến {LONGEST_NAME_CHARS} ký tự.",
                "name",
            )
        if not hook.events:
            raise Invalid(
                "name at least one event", "Chọn ít nhất một sự kiện.", "events"
            )
        try:
            if len(hook.url) > LONGEST_ADDRESS_CHARS:
                raise Unsafe("it is too long")
            self._guard.check_secret(hook.url)
        except Unsafe as error:
            raise Invalid(
                f"a hook cannot be called there: {error}",
                "Địa chỉ phải là https, công khai, không kèm tên và mật khẩu. Địa chỉ trong mạng nội bộ thì"
                " người quản trị máy phải mở bằng LOA_LAN_ALLOW.",
                "url",
            ) from error


def _is_due(now: datetime) -> ColumnElement[bool]:
    """DeliveryRow is to be told now, and its hook, HookRow, is told anything."""
    # Later than any wait: it was set before the clock went back.
    never = DeliveryRow.try_after > now + 2 * WAITS[-1]
    is_waiting = DeliveryRow.state == DeliveryState.WAITING
    return is_waiting & ((DeliveryRow.try_after <= now) | never) & HookRow.active


def _describe(row: HookRow, hook: NewHook) -> None:
    row.name, row.url = hook.name.strip(), hook.url
    row.events = [event.value for event in hook.events]
    row.stations = list(hook.stations)


def _row(session: Session, hook_id: int) -> HookRow:
    row = session.get(HookRow, hook_id)
    if row is None:
        raise NotFound(f"no hook {hook_id}", "Không có kết nối này.", "hook")
    return row


def _value(row: HookRow) -> Hook:
    return Hook(
        row.id,
        NewHook(
            row.name, row.url, tuple(map(HookEvent, row.events)), tuple(row.stations)
        ),
        row.active,
        row.trouble,
        bool(row.secret),
        row.created_by,
        row.created_at,
    )


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        row.id,
        row.hook_id,
        row.message,
        HookEvent(row.event),
        dict(row.data),
        row.made_at,
        DeliveryState(row.state),
        row.tries,
        row.told_at,
        row.answer,
    )
