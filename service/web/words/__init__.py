"""How pages speak: times in Vietnam, lengths, sizes, and the newsroom's words in Vietnamese."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from babel.dates import format_datetime
from babel.numbers import format_decimal
from flask import Flask, url_for

from service.intake import Why
from service.newsroom.values import (
    ApprovalRule,
    ArticleDoubt,
    Edition,
    Kind,
    Priority,
    Role,
    Rung,
    State,
)
from service.newsroom.values.names import name_vi
from service.web.site import Site
from service.zone import VIETNAM

LEFT_OUT = {
    Why.MENU: "menu của trang",
    Why.DATELINE: "dòng ngày giờ",
    Why.COUNTER: "lượt xem, đánh giá",
    Why.BUTTON: "nút bấm của trang",
    Why.CAPTION: "chú thích ảnh",
    Why.ATTACHMENT: "tệp đính kèm",
    Why.BYLINE: "tên tác giả, nguồn tin",
    Why.TOPIC: "tên chuyên mục",
    Why.RELATED: "tin khác",
    Why.COMMENTS: "bình luận",
    Why.WIDGET: "tiện ích của trang",
    Why.FOOTER: "chân trang",
    Why.LETTERHEAD: "phần đầu văn bản",
    Why.SIGNATURE: "nơi nhận, chữ ký",
    Why.MAIL: "phần đầu, phần cuối thư",
    Why.POST: "dấu và nút của mạng xã hội",
    Why.CROSSED_OUT: "chữ bị gạch bỏ",
    Why.COUNT: "số thứ tự trong bảng",
    Why.CUE: "lời nhắc cho phòng thu",
    Why.REPEATED: "nhắc lại tiêu đề",
    Why.OUTSIDE: "nằm ngoài bài",
}
NO_BREAK = "\N{NO-BREAK SPACE}"


def register(app: Flask, site: Site) -> None:
    """Gives the templates their filters and the globals `site` and `asset`."""
    voices = _Voices(site)
    filters: dict[str, Callable[..., str]] = {
        word.__name__: word
        for word in (
            clock,
            date_iso,
            duration,
            member_name,
            whole,
            why_left_out,
            *NAMES,
        )
    }
    # Files that are searched and sorted keep plain spaces.
    filters |= {figure.__name__: _unbroken(figure) for figure in (minutes, megabytes)}
    filters |= {time.__name__: _parted(time) for time in (day, when)}
    filters |= {
        "voice_name": voices.name,
        "engine_name": voices.of_engine,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(site=site, asset=_Assets(app).address)


class _Voices:
    """Voices and engines as people know them."""

    def __init__(self, site: Site) -> None:
        self._labels = {choice.spec: choice.label for choice in site.voices}

    def name(self, spec: str) -> str:
        """A voice's name; its spec when it is not offered any more."""
        engine, _, name = spec.partition(":")
        if engine == "human":
            return f"{name} (người thật)" if name else "người thật"
        without_rate = spec.partition("@")[0]
        return self._labels.get(spec) or self._labels.get(without_rate) or spec

    def of_engine(self, engine: str) -> str:
        """An engine by the names of its voices."""
        labels = [
            label
            for spec, label in self._labels.items()
            if spec.partition(":")[0] == engine
        ]
        return " · ".join(labels) or engine


class _Assets:
    """Static files under addresses that change with their content: they may be kept for a year."""

    def __init__(self, app: Flask) -> None:
        self._folder = Path(app.static_folder or "")
        self._prints: dict[str, str] = {}

    def address(self, name: str) -> str:
        """Where a file is to be had."""
        if name not in self._prints:
            data = (self._folder / name).read_bytes()
            self._prints[name] = hashlib.sha256(data).hexdigest()[:8]
        return url_for("static", filename=name, v=self._prints[name])


def local(time: datetime) -> datetime:
    """A time as clocks in Vietnam show it."""
    return time.astimezone(VIETNAM)


def day(time: datetime) -> str:
    """ "Thứ Ba, 24/11/2026"."""
    return format_datetime(local(time), "EEEE, dd/MM/yyyy", locale="vi")


def clock(time: datetime) -> str:
    """ "17:00"."""
    return local(time).strftime("%H:%M")


def when(time: datetime) -> str:
    """ "17:00, 24/11/2026"."""
    return local(time).strftime("%H:%M, %d/%m/%Y")


def date_iso(time: datetime) -> str:
    """For machines: "2026-11-24T17:00:00+07:00"."""
    return local(time).isoformat(timespec="seconds")


def whole(text: str) -> str:
    """The same, in which no line breaks: a figure and its unit are read as one."""
    return text.replace(" ", NO_BREAK)


def minutes(seconds: float) -> str:
    """ "4 phút 16 giây"."""
    count, rest = divmod(round(seconds), 60)
    parts = [f"{count} phút"] * bool(count) + [f"{rest} giây"] * bool(rest or not count)
    return " ".join(parts)


def duration(seconds: float) -> str:
    """ "4:16"."""
    count, rest = divmod(round(seconds), 60)
    return f"{count}:{rest:02}"


def total_seconds(editions: Sequence[Edition]) -> float:
    """How long it takes to hear them all."""
    return sum(edition.master("app").seconds for edition in editions)


def megabytes(size: int) -> str:
    """ "1,2 MB"."""
    return f"{format_decimal(max(size / 1e6, 0.1), format='0.0', locale='vi')} MB"


def kind_name(kind: Kind) -> str:
    """What is listened to, as people call it: "bản tin"."""
    return name_vi(kind)


def state_name(state: State) -> str:
    """A state as the desk calls it."""
    return name_vi(state)


def doubt_name(doubt: ArticleDoubt) -> str:
    """Why somebody should look at an article before it is heard."""
    return name_vi(doubt)


def why_left_out(why: str) -> str:
    """Why a line that came with an article is not read."""
    return LEFT_OUT[Why(why)]


def priority_name(priority: Priority) -> str:
    """As Circular 39/2020 names them."""
    return name_vi(priority)


def rung_name(rung: Rung) -> str:
    """What stands at a slot's address."""
    return rung.name_vi


def role_name(role: Role) -> str:
    """What somebody may do."""
    return role.name_vi


def approval_rule_name(rule: ApprovalRule) -> str:
    """Who lets a station's news on the air."""
    return name_vi(rule)


def _unbroken(word: Callable[..., str]) -> Callable[..., str]:
    return lambda value: whole(word(value))


def _parted(word: Callable[..., str]) -> Callable[..., str]:
    """Figures stay together; a line may break after the weekday or the clock's time."""
    return lambda time: whole(word(time)).replace(f",{NO_BREAK}", ", ")


def member_name(member: StrEnum) -> str:
    """Whatever the house counts or names, as people read it."""
    return name_vi(member)


NAMES = (
    approval_rule_name,
    doubt_name,
    kind_name,
    state_name,
    priority_name,
    role_name,
    rung_name,
)
