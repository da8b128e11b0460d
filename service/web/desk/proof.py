"""The proof sheet in words: written text cut where it is said otherwise,
and the log told in Vietnamese.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Flask

from service.newsroom.errors import Held
from service.newsroom.values import (
    CHOSEN,
    SHOWN_BESIDE,
    Actor,
    ActorKind,
    Cause,
    Change,
    Event,
    Happening,
    House,
    Priority,
    Rendering,
    Role,
    Sentence,
    VersionCause,
)
from service.newsroom.values.names import name_vi
from service.web.site import Site
from service.web.words import priority_name, role_name, when

RULES = {
    "abbreviation": "chữ viết tắt",
    "address": "địa chỉ mạng",
    "capitals": "chữ in hoa",
    "chosen": "cách đọc đã chọn",
    "code": "số hiệu văn bản",
    "coordinate": "tọa độ",
    "date": "ngày tháng",
    "digits": "đọc từng số",
    "end": "hết văn bản",
    "foreign": "từ nước ngoài",
    "gloss": "vừa nói xong, không nhắc lại",
    "introduced": "theo chính bài viết",
    "glued": "hai từ viết liền",
    "list": "dấu đầu dòng",
    "mark": "dấu câu",
    "number": "con số",
    "ordinal": "số thứ tự",
    "phone": "số điện thoại",
    "plate": "biển số xe",
    "range": "khoảng",
    "ratio": "tỷ lệ",
    "road": "tên đường",
    "roman": "số La Mã",
    "spelled": "đánh vần",
    "symbol": "ký hiệu",
    "tag": "tên báo, đài ở đầu bài",
    "term": "từ điển phát âm",
    "time": "giờ phút",
    "unit": "đơn vị đo",
    "unlisted": "từ nước ngoài chưa có trong bảng: phiên âm theo quy tắc",
}
OF_A_KEY = "key "  # how the log writes a program's name
HOUSE_VI: dict[str, str] = {
    **{house.value: name_vi(house) for house in House},
    # It begins a line of the log, and a cell.
    House.LOUDSPEAKER: "Máy",
}
PLACEMENT_VI = {
    **{priority.value: f"· {priority_name(priority)}" for priority in Priority},
    "evergreen": "· thông báo dùng lâu dài",
}
TIME = re.compile(r"\d{4}-\d\d-\d\d[ T][\d:.]+(?:[+-]\d\d:\d\d)?")
RULES_VI = {
    "name": "tên",
    "place": "địa phương",
    "description": "giới thiệu",
    "voice": "giọng đọc",
    "second_voice": "giọng thứ hai",
    "announcements_twice": "đọc thông báo hai lần",
    "fallback": "cách dự phòng giọng",
    "approval": "cách duyệt",
    "reading": "cách đọc",
    "greeting": "lời chào",
    "speaker_tempo": "tốc độ đọc cho loa",
    "speaker_pauses": "quãng nghỉ cho loa",
    "speaker_lead_in": "tiếng mồi cho loa",
    "disclosure": "lời ghi giọng máy",
    "disclosure_spoken": "lời báo giọng máy",
    "slots": "khung giờ",
}


def register(app: Flask, site: Site) -> None:
    """Gives the templates the filters that tell of sentences, versions and the log."""
    filters = app.jinja_env.filters
    for word in (stretches, doubts, reading_vi, what_vi, who_vi, actor_vi):
        filters[word.__name__] = word
    chimes = {choice.name: choice.label for choice in site.chimes}
    filters["cause_vi"] = partial(cause_vi, voice_name=filters["voice_name"])
    filters["detail_vi"] = partial(
        detail_vi,
        voice_name=filters["voice_name"],
        chime_name=lambda name: chimes.get(name, name),
    )


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a written sentence; `change` is None where it is said as written."""

    text: str
    change: Change | None = None

    @property
    def hint(self) -> str:
        """What is said instead, and why."""
        return reading_vi(self.change) if self.change else ""


def stretches(sentence: Sentence) -> list[Stretch]:
    """The written sentence cut where it is said otherwise.

    One whose spoken form an editor typed has no marks: they would not be true.
    """
    written = sentence.written
    if _is_typed(sentence):
        return [Stretch(written)]
    cut: list[Stretch] = []
    end = 0
    for change in sorted(sentence.changes, key=lambda change: change.start):
        # Changes that an older release kept may overlap, or tell of a text that is shorter now.
        if change.start < end or change.end > len(written):
            continue
        cut.append(Stretch(written[end : change.start]))
        cut.append(Stretch(written[change.start : change.end], change))
        end = change.end
    cut.append(Stretch(written[end:]))
    return [stretch for stretch in cut if stretch.text]


def doubts(sentence: Sentence) -> list[Change]:
    """What an editor should look at, and what an editor chose and may choose again."""
    if _is_typed(sentence):
        return []
    return [
        change for change in sentence.changes if change.doubt or change.rule == CHOSEN
    ]


def _is_typed(sentence: Sentence) -> bool:
    """Whether an editor typed what is said, rather than choosing among readings."""
    return sentence.edited and all(change.rule != CHOSEN for change in sentence.changes)


def reading_vi(change: Change) -> str:
    """A change in words: what is said, by which rule."""
    reading = f"đọc là “{change.spoken}”" if change.spoken else "không đọc"
    return f"{reading}; quy tắc: {RULES.get(change.rule, change.rule)}"


def cause_vi(
    opened: Rendering | VersionCause, voice_name: Callable[[str], str] = str
) -> str:
    """Why a version was opened; `voice_name` tells a voice as people know it."""
    is_named_voice = opened.cause is Cause.VOICE and opened.about
    return opened.cause.told_vi(
        voice_name(opened.about) if is_named_voice else opened.about
    )


def who_vi(happening: Happening) -> str:
    """Who did it: by a login, by a key, or the house itself."""
    actor = Actor.of(happening.who)
    match actor.kind:
        case ActorKind.KEY:
            return f"khóa {actor.removeprefix(OF_A_KEY)}"
        case ActorKind.MACHINE:
            return HOUSE_VI.get(actor) or f"Máy ({actor})"
        case ActorKind.STRANGER:
            return "người chưa đăng nhập"
        case ActorKind.UNTYPED:
            # Lines of old logs do not tell which kind of actor it was.
            return HOUSE_VI.get(actor) or str(actor)
    return str(actor)


def actor_vi(name: str) -> str:
    """Who that was, where only the name is kept: with a version, a recording.

    A login's holds no space.
    """
    if name.startswith(OF_A_KEY):
        return f"khóa {name.removeprefix(OF_A_KEY)}"
    return HOUSE_VI.get(name) or name


def what_vi(happening: Happening) -> str:
    """What happened."""
    return happening.what.name_vi


def detail_vi(
    happening: Happening,
    voice_name: Callable[[str], str] = str,
    chime_name: Callable[[str], str] = str,
) -> str:
    """The rest of a line of the log; voices and chimes are named as people know them."""
    if happening.cause is not None:
        return cause_vi(happening.cause, voice_name)
    match happening.what:
        case Event.PROVISIONAL_VOICE:
            return voice_name(happening.detail)
        case Event.CHIME | Event.CHIME_REMOVED:
            station, _, chime = happening.detail.rpartition(": ")
            return f"{station}: {chime_name(chime)}" if station else chime_name(chime)
    in_words = DETAILS_VI.get(happening.what, str)
    return in_words(happening.detail)


def _held_vi(detail: str) -> str:
    """Why an episode is held, and what the machine said: "gave_up: KeyError"."""
    reason, _, more = detail.partition(": ")
    why = Held(reason).why if reason in set(Held) else reason
    return f"{why} {more}".strip()


def _roles_vi(detail: str) -> str:
    """ "chị Sen: editor → approver"."""
    return re.sub(r"(?<=[:→] )\w+", _role_vi, detail)


def _role_vi(match: re.Match[str]) -> str:
    word = match[0]
    return role_name(Role(word)) if word in set(Role) else word


def _rules_vi(detail: str) -> str:
    """ "suoi-lanh: voice, slots"."""
    station, _, rules = detail.partition(": ")
    names = [RULES_VI.get(rule, rule) for rule in rules.split(", ")]
    return f"{station}: {', '.join(names)}"


def _metadata_vi(detail: str) -> str:
    """ "byline: – → CTV xã; published_at: – → 2026-11-24 10:00:00+00:00"."""
    changes = [change.partition(": ") for change in detail.split("; ")]
    return "; ".join(
        f"{SHOWN_BESIDE[name]}: {TIME.sub(_time_vi, values)}"
        if name in SHOWN_BESIDE
        else f"{name}{colon}{values}"
        for name, colon, values in changes
    )


def _time_vi(match: re.Match[str]) -> str:
    return when(datetime.fromisoformat(match[0]))


def _placement_vi(detail: str) -> str:
    """ "suoi-lanh normal → suoi-lanh, ban-mo urgent evergreen".

    Slugs hold no such word by themselves.
    """
    return " ".join(PLACEMENT_VI.get(word, word) for word in detail.split(" "))


DETAILS_VI: dict[Event, Callable[[str], str]] = {
    Event.HELD: _held_vi,
    Event.PERSON_ADDED: _roles_vi,
    Event.ROLE_CHANGED: _roles_vi,
    Event.KEY_ADDED: _roles_vi,
    Event.STATION_CHANGED: _rules_vi,
    Event.METADATA: _metadata_vi,
    Event.PLACED: _placement_vi,
}
