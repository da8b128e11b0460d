"""The proof sheet in words: written text cut where it is said otherwise, and the log told in Vietnamese."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from service.newsroom import Newsroom
from service.newsroom.errors import Held
from service.newsroom.values import (
    CHOSEN,
    LOUDSPEAKER,
    Actor,
    ActorKind,
    Cause,
    Change,
    Event,
    Happening,
    Rendering,
    Role,
    Sentence,
    VersionCause,
)
from service.web.words import role_name

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


OF_ROLES = (Event.PERSON_ADDED, Event.ROLE_CHANGED, Event.KEY_ADDED)
RULES_VI = {
    "name": "tên",
    "place": "địa phương",
    "description": "giới thiệu",
    "voice": "giọng đọc",
    "fallback": "cách dự phòng giọng",
    "approval": "cách duyệt",
    "reading": "cách đọc",
    "greeting": "lời chào",
    "speaker_tempo": "tốc độ đọc cho loa",
    "speaker_pauses": "quãng nghỉ cho loa",
    "disclosure": "lời ghi giọng máy",
    "disclosure_spoken": "lời báo giọng máy",
    "slots": "khung giờ",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a written sentence; `change` is None where it is said as written."""

    text: str
    change: Change | None = None

    @property
    def hint(self) -> str:
        """What is said instead, and why."""
        return told(self.change) if self.change else ""


def pieces(sentence: Sentence) -> list[Piece]:
    """The written sentence in pieces. One whose spoken form an editor typed has no marks: they would not be true."""
    if _is_typed(sentence):
        return [Piece(sentence.written)]
    found: list[Piece] = []
    at = 0
    for change in sorted(sentence.changes, key=lambda change: change.start):
        if change.start < at or change.end > len(sentence.written):
            continue
        found += [
            Piece(sentence.written[at : change.start]),
            Piece(sentence.written[change.start : change.end], change),
        ]
        at = change.end
    found.append(Piece(sentence.written[at:]))
    return [piece for piece in found if piece.text]


def doubts(sentence: Sentence) -> list[Change]:
    """What an editor should look at, and what an editor chose and may choose again."""
    if _is_typed(sentence):
        return []
    return [change for change in sentence.changes if change.doubt or change.rule == CHOSEN]


def _is_typed(sentence: Sentence) -> bool:
    """Whether an editor typed what is said, rather than choosing among readings."""
    return sentence.edited and all(change.rule != CHOSEN for change in sentence.changes)


def told(change: Change) -> str:
    """A change in words: what is said, by which rule."""
    said = f"đọc là “{change.spoken}”" if change.spoken else "không đọc"
    return f"{said}; quy tắc: {RULES.get(change.rule, change.rule)}"


def cause_vi(opened: Rendering | VersionCause, voice_name: Callable[[str], str] = str) -> str:
    """Why a version was opened; `voice_name` tells a voice as people know it."""
    is_named_voice = opened.cause is Cause.VOICE and opened.about
    return opened.cause.told_vi(voice_name(opened.about) if is_named_voice else opened.about)


def who_vi(happening: Happening) -> str:
    """Who did it: by a login, by a key, or the house itself."""
    actor = Actor.of(happening.who)
    match actor.kind:
        case ActorKind.KEY:
            return f"khóa {actor.removeprefix('key ')}"
        case ActorKind.MACHINE:
            return "Máy" if str(actor) == LOUDSPEAKER.value else f"Máy ({actor})"
        case ActorKind.STRANGER:
            return "người chưa đăng nhập"
        case ActorKind.UNTYPED:
            return "Máy" if str(actor) == LOUDSPEAKER.value else str(actor)
    return str(actor)


def what_vi(happening: Happening) -> str:
    """What happened."""
    return happening.what.name_vi


def detail_vi(happening: Happening, voice_name: Callable[[str], str] = str) -> str:
    """The rest of a line of the log."""
    detail = happening.detail
    if happening.cause is not None:
        return cause_vi(happening.cause, voice_name)
    if happening.what is Event.HELD:
        reason, _, more = detail.partition(": ")
        why = Held(reason).why if reason in set(Held) else reason
        return f"{why} {more}".strip()
    if happening.what in OF_ROLES:
        return re.sub(r"(?<=[:→] )\w+", _role_vi, detail)
    if happening.what is Event.STATION_CHANGED:
        station, _, rules = detail.partition(": ")
        return f"{station}: {', '.join(RULES_VI.get(rule, rule) for rule in rules.split(', '))}"
    return detail


def _role_vi(match: re.Match[str]) -> str:
    word = match[0]
    return role_name(Role(word)) if word in set(Role) else word


def of_article(newsroom: Newsroom, article_id: int | None) -> dict[str, object]:
    """What the sheet shows of the article behind an episode; nothing of a bulletin, which has none."""
    if article_id is None:
        return {"left_out": (), "alike": ()}
    articles = newsroom.articles
    return {"left_out": articles.get(article_id).left_out, "alike": articles.like(article_id)}
