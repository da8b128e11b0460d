"""A post of Facebook or a message of Zalo: marks, hashtags and buttons are not news.

No word of its text is lost.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.intake.letters import tidy
from service.intake.limits import LONGEST_TITLE_CHARS
from service.intake.lines import is_capitals, is_name, is_sentence
from service.intake.lines import words as count_of_words
from service.intake.page.bylines import alone
from service.intake.page.furniture import furniture
from service.intake.page.wrapped import unwrapped
from service.intake.story import LeftOut, Story, Why

REACTIONS = re.compile(r"(?:thích|bình luận|chia sẻ|like|comment|share|gửi)")
BESIDE_REACTIONS = re.compile(
    r"\b(?:lượt|người|khác|và|k|viết|công khai|tất cả|cảm xúc|bạn|tin|theo dõi)\b"
)
BUTTON = re.compile(
    r"(?:\d[\d.,k]{0,6} (?:lượt )?)?(?:thích|bình luận|chia sẻ|like|comment|share|gửi|phản hồi|trả lời)"
    r"(?: ?[:：]? ?\d[\d.,k]{0,6})?"
)
FEELINGS = re.compile(
    r"(?:tất cả )?cảm xúc ?:?.{0,20}|phù hợp nhất|tất cả bình luận|mới nhất|fan cứng|tác giả|theo dõi|"
    r"đã xem(?: bởi.{0,40})?|xem chi tiết|nhấn (?:nút )?quan tâm.{0,60}|"
    r"(?:[\d.,k]{1,6} ){0,3}(?:bạn|[^\W\d_]{2,12}(?: [^\W\d_]{1,12}){1,4}"
    r"(?:, [^\W\d_]{2,12}(?: [^\W\d_]{1,12}){1,4})?) và \d[\d.,k]{0,8} người khác|"
    r"\d[\d.,]{0,6} ?[kn]?|"
    r"\+ ?\d{1,4}(?: ảnh| video)?(?: khác)?"
)
SEEN_BY = re.compile(r"đã xem bởi \d[\d.]{0,6} (?:người|thành viên)")
CLOCK = re.compile(
    r"(?:hôm (?:nay|qua),? )?\d{1,2}:\d\d(?:,? \d{1,2}/\d{1,2}(?:/\d{2,4})?)?(?: đã (?:xem|nhận|gửi))?|"
    r"\d{1,2}/\d{1,2}/\d{2,4},? \d{1,2}:\d\d"
)
# "Vâng ạ", "👍": what is said to a message and is none.
ANSWER = re.compile(
    r"(?:(?:dạ|vâng|ok|oke|okie|nhất trí|đã nhận|cảm ơn|cám ơn|rõ|đồng ý|hay quá|tuyệt)\b.{0,40}|[\W_]{1,10}|"
    r".{1,30} ạ)[.! ]*"
)
ROLE = re.compile(
    r"(?:zalo|oa|nhóm|group|fanpage|trang|page|kênh|tổ|khu phố|xóm|ấp|khóm|thôn|bản|ban|hội|chi hội|trưởng|phó|"
    r"bí thư|chị|anh|bác|cô|chú|ông|bà|admin)\b.*"
)
# Whom a post is shown to, below its time; and what its sender is to the group, below the name.
AUDIENCE = re.compile(
    r"(?:đã chia sẻ với )?(?:công khai|bạn bè|mọi người|nhóm công khai|nhóm riêng tư|thành viên nhóm)"
)
PLACE_IN_GROUP = re.compile(
    r"(?:trưởng|phó|chủ) nhóm|phó cộng đồng|trưởng cộng đồng|quản trị viên|admin|người kiểm duyệt|"
    r"thành viên(?: mới| tích cực)?|tác giả"
)
# How to reach a page's owner, as pages hang it below each of their posts.
CONTACT = re.compile(
    r"(?:địa chỉ|điện thoại|đt|sđt|hotline|email|e-mail|website|web|fanpage|facebook|zalo|trang chủ|cổng thông tin)"
    r" ?: ?.{3,120}|(?:https?://|www\.)\S{3,120}"
)
RULE = re.compile(r"[-–—_=*~. ]{5,80}")
FORWARDED = re.compile(
    r"(?:được )?gửi từ zalo.{0,40}|"
    r"\[?(?:đã )?chuyển tiếp(?: từ[^\]]{0,40})?\]?.{0,80}|.{0,60}\bzalo\b.{0,40}\d{1,2}:\d\d.{0,10}"
)
BULLET = re.compile(r"\A[-–—+*•●▪►] ")
HASHTAGS = re.compile(r"(?:#[^\s#]{1,60} ?){1,30}")
AGO = re.compile(
    r"(?:(?:yêu thích|theo dõi|được tài trợ|quản trị viên|người kiểm duyệt|tác giả) ?[·•] ?)?"
    r"(?:(?:vừa xong|hôm qua|hôm nay|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|t[2-7]|cn|"
    r"\d{1,2} (?:giờ|phút|ngày|tuần)(?: trước)?|\d{1,2} tháng \d{1,2}(?:, \d{4})?)"
    r"(?: lúc \d{1,2}:\d\d)?)(?: ?[·•][^·•]{0,20}){0,4}"
)
SAID = re.compile(
    r"\[?(?:\d{1,2}:\d\d(?::\d\d)?[, ]{1,2}\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}/\d{1,2}/\d{2,4}[, ]{1,2}\d{1,2}:\d\d)\]?"
    r" ?(?:- ?)?([^:\n]{2,40}): ?(.*)"
)
TO_ALL = re.compile(
    r"@(?:all|tất cả(?: mọi người)?|mọi người)\b[ :,]{0,3}", re.IGNORECASE
)
MORE = re.compile(r"(?:\.{3}|…)? ?(?:xem thêm|ẩn bớt|see more|xem bản dịch)")
PLEA = re.compile(
    r".{0,40}(?:chia sẻ giúp|share giúp|lan tỏa giúp|chia sẻ để|nhấn (?:like|theo dõi)).{0,60}|"
    r".{0,60}\b(?:chia sẻ|share|lan tỏa|chuyển tiếp)\b.{0,40}\b(?:nhiều|mọi|mỗi|những) "
    r"(?:người|nhà|bà con|hộ|gia đình|bạn bè)\b.{0,60}|"
    r".{0,60}\b(?:thả tim|thả like|bấm like|like giúp|tim giúp)\b.{0,40}"
)
MOST_HEAD_LINES = 6  # of a post that hands on another
MOST_OFFICE_WORDS = 6  # behind it: "Nguyễn Thị Hạt - Tổ trưởng TDP 7"
SENDER_WORDS = 2  # of a name at the end of who sent it
FEWEST_MARKED_LINES = 2
FEWEST_WAYS = 2  # to reach a page's owner
SENT = re.compile(r"(?:bạn|.{2,30}) đã (?:gửi|trả lời|thích|bày tỏ|thả)\b.{0,40}")
FEWEST_NEWS_LINES = 3
FEWEST_REACTIONS = 2
MOST_ANSWER_WORDS = 8  # "Đã nhận ạ": what others say below a message
LETTERLIKE = range(0x2100, 0x2150)


@dataclass(frozen=True, slots=True)
class _Signs:
    """What marks lines as a post: each by the places of the lines that bear it."""

    bars: frozenset[int]  # of buttons
    hashtags: frozenset[int]
    emoji: frozenset[int]  # at the head of the line
    messages: dict[int, re.Match[str]]  # "[09:10, 3/11/2025] Chị Hoa: …"
    begins: int  # the first line below the page's name and "2 giờ ·"
    ends: int  # where the buttons are, and below them what others say
    contacts: frozenset[int]  # "📍 Địa chỉ: …" below the text, of who keeps the page
    clocks: frozenset[int]  # "15:32" alone, as Zalo shows it below a message
    forwarded: bool

    @classmethod
    def of(cls, lines: Sequence[str]) -> "_Signs":
        matches = {at: SAID.fullmatch(line) for at, line in enumerate(lines)}
        first = lines[0].lower() if lines else ""
        return cls(
            bars=_places(lines, _is_bar),
            hashtags=_places(lines, lambda line: HASHTAGS.fullmatch(line) is not None),
            emoji=_places(lines, lambda line: line[:1] != _plain(line)[:1]),
            messages={at: match for at, match in matches.items() if match},
            begins=_begins(lines),
            ends=_ends(lines)
            or _answers_from(lines)
            or _comments_from(lines)
            or _seen_from(lines),
            contacts=_contacts(lines),
            clocks=_clocks(lines),
            forwarded=bool(FORWARDED.fullmatch(first) or TO_ALL.fullmatch(first)),
        )

    @property
    def surely(self) -> bool:
        """Whether they can only be of a post: then counts and calls below the text go too."""
        many = len(self.emoji) >= FEWEST_MARKED_LINES
        return bool(self.bars or self.hashtags or self.begins or self.ends or many)

    @property
    def any(self) -> bool:
        """Whether the lines may be taken for a post at all."""
        many = len(self.emoji) >= FEWEST_MARKED_LINES
        marked = self.bars or self.hashtags or self.messages or self.clocks
        return bool(marked or self.ends or self.forwarded or many)


def read(lines: Sequence[str]) -> Story | None:
    """The story in a post; None when nothing marks the lines as one."""
    signs = _Signs.of(lines)
    if not signs.any:
        return None
    text: list[str] = []
    left: list[LeftOut] = []
    for at, line in enumerate(lines):
        sender, words = _parts(line, signs.messages.get(at))
        answers = at in signs.messages and _is_answer(words, signs.messages, at)
        if answers or _is_frame(at, line, words, signs):
            sender, words = line, ""
        if any(map(str.isalnum, words)):
            text.append(BULLET.sub("", words, count=1))
        if sender:
            left.append(LeftOut(tidy(sender), Why.POST, max(0, len(text) - 1)))
    # Phones break no lines, but what was copied out of a browser's window is broken.
    text = unwrapped(text)
    if len(text) < 2 or len(text[0]) > LONGEST_TITLE_CHARS:
        return None
    return Story(title=text[0], paragraphs=tuple(text[1:]), left_out=tuple(left))


def _parts(line: str, message: re.Match[str] | None) -> tuple[str, str]:
    """Who wrote a line and when ("" where it does not say), and its words without emoji."""
    if message is None:
        return "", _plain(line)
    words = _plain(message[2])
    return (line[: message.start(2)] if words else ""), words


def _is_frame(at: int, line: str, words: str, signs: _Signs) -> bool:
    """Whether a line is of the network's page and not of what was posted there."""
    if _only_calls(words) or at < signs.begins or (signs.ends and at >= signs.ends):
        return True
    marked = signs.bars | signs.hashtags | signs.clocks
    if at in marked or (signs.surely and at in signs.contacts):
        return True
    return signs.surely and _is_beside(line, words)


def _only_calls(words: str) -> bool:
    """ "LOA LOA LOA": one word again and again."""
    called = words.lower().strip(" !.,").split()
    return len(called) > 1 and len(set(called)) == 1


def _places(lines: Sequence[str], holds: Callable[[str], bool]) -> frozenset[int]:
    return frozenset(at for at, line in enumerate(lines) if holds(line))


def _plain(line: str) -> str:
    """A line without emoji and without a call to all."""
    letters = "".join(" " if _is_emoji(char) else char for char in line)
    return tidy(TO_ALL.sub("", tidy(letters)))


def _is_emoji(char: str) -> bool:
    code = ord(char)
    # Marks such as № and ℃ are category So too, and are read.
    picture = (
        unicodedata.category(char) in {"So", "Sk"}
        and code > 0x2000
        and code not in LETTERLIKE
    )
    return picture or 0xFE00 <= code <= 0xFE0F or 0xE0020 <= code <= 0xE007F


def _clocks(lines: Sequence[str]) -> frozenset[int]:
    """Where Zalo shows when a message came: below its sender or below its text.
    A time that stands elsewhere is one of a programme.
    """
    places = {at for at in (1, len(lines) - 1) if 0 < at < len(lines)}
    places |= {
        at
        for at in range(1, min(MOST_HEAD_LINES, len(lines)))
        if _is_sender(lines[at - 1])
    }
    return frozenset(at for at in places if CLOCK.fullmatch(lines[at].lower()))


def _answers_from(lines: Sequence[str]) -> int:
    """Where what others say to a message begins: below its clock, or at the name of the first,
    each in a few words with a clock of their own. 0 where nothing is said, and in a programme,
    which has no sender.
    """
    if not any(map(_is_sender, lines[:MOST_HEAD_LINES])):
        return 0
    clocks = [at for at, line in enumerate(lines) if CLOCK.fullmatch(line.lower())]
    last = clocks[-1] if clocks else 0
    names = [
        at
        for at in range(len(lines) - 1)
        if is_name(lines[at])
        and (at < last - 1 or ANSWER.fullmatch(lines[at + 1].lower()))
    ]
    starts = (at for at in sorted((*clocks[:-1], *names)) if _are_answers(lines, at))
    return next(starts, 0)


def _are_answers(lines: Sequence[str], at: int) -> bool:
    """Whether from a line on only few words follow, below what is news."""
    above, below = lines[:at], lines[at + 1 :]
    short = all(len(line.split()) <= MOST_ANSWER_WORDS for line in below)
    # Hours of a programme are short too, but nobody is named there.
    named = any(map(is_name, lines[at:]))
    return at >= FEWEST_NEWS_LINES and any(map(is_sentence, above)) and short and named


def _is_answer(words: str, messages: dict[int, re.Match[str]], at: int) -> bool:
    """Whether a message is what somebody else says to it: "Đã nhận ạ"."""
    first = messages[min(messages)]
    return messages[at][1] != first[1] and len(words.split()) <= MOST_ANSWER_WORDS


def _seen_from(lines: Sequence[str]) -> int:
    """Where Zalo says how many saw a message, or when it came above that; 0 where it does not."""
    seen = (
        at
        for at in range(FEWEST_NEWS_LINES, len(lines))
        if SEEN_BY.fullmatch(lines[at].lower())
    )
    at = next(seen, 0)
    return at - 1 if at and CLOCK.fullmatch(lines[at - 1].lower()) else at


def _ends(lines: Sequence[str]) -> int:
    """Where the buttons below a post begin: one below another, as browsers copy them;
    0 where there are none. Below them are comments.
    """
    for at in range(1, len(lines) - 1):
        if at >= FEWEST_NEWS_LINES and SENT.fullmatch(lines[at].lower()):
            return at
        pair = (_plain(line).lower() for line in lines[at : at + 2])
        if all(BUTTON.fullmatch(line) for line in pair):
            return at
    return 0


def _comments_from(lines: Sequence[str]) -> int:
    """Where others speak below the buttons of a post, which stand in one line; 0 without buttons."""
    bars = (at for at in range(FEWEST_NEWS_LINES, len(lines)) if _is_bar(lines[at]))
    return next(bars, 0)


def _is_sender(line: str) -> bool:
    """ "Khu phố trưởng Nguyễn Văn Bình", "Chị Hoa": who sent a message."""
    name = " ".join(line.split()[-SENDER_WORDS:])
    in_office = ROLE.fullmatch(line.lower()) is not None and is_name(name)
    first, parted, office = line.replace(" (", " - ", 1).partition(" - ")
    with_office = (
        bool(parted) and is_name(first) and count_of_words(office) <= MOST_OFFICE_WORDS
    )
    return alone(line) is not None or in_office or with_office


def _is_bar(line: str) -> bool:
    """ "👍 Thích 💬 Bình luận ↗️ Chia sẻ": the buttons below a post."""
    small = _plain(line).lower()
    return len(REACTIONS.findall(small)) >= FEWEST_REACTIONS and not _has_other_words(
        small
    )


def _has_other_words(small: str) -> bool:
    left = BESIDE_REACTIONS.sub(" ", REACTIONS.sub(" ", small))
    return any(map(str.isalpha, left))


def _is_beside(line: str, words: str) -> bool:
    """Counts, buttons and calls below a post; only asked once it is known to be one."""
    small = words.lower()
    counts = any(map(_is_emoji, line)) or REACTIONS.search(small) is not None
    if counts and any(map(str.isdigit, small)) and not _has_other_words(small):
        return True
    row = furniture(words)
    known = row is not None and row.why in {
        Why.BUTTON,
        Why.COUNTER,
        Why.COMMENTS,
        Why.CAPTION,
    }
    return known or any(form.fullmatch(small) for form in (MORE, PLEA, AGO, FEELINGS))


def _contacts(lines: Sequence[str]) -> frozenset[int]:
    """The lines below a rule that say whose page it is and how to reach it; empty where there are
    fewer than two such: a notice tells its own place and telephone number in its text.
    """
    rules = (
        at for at in range(FEWEST_NEWS_LINES, len(lines)) if RULE.fullmatch(lines[at])
    )
    rule = next(rules, len(lines))
    end = rule + 1
    while end < len(lines) and _is_contact(lines[end]):
        end += 1
    ways = _places(lines[rule + 1 : end], _is_way)
    return frozenset(range(rule, end)) if len(ways) >= FEWEST_WAYS else frozenset()


def _is_way(line: str) -> bool:
    return CONTACT.fullmatch(_plain(line).lower()) is not None


def _is_contact(line: str) -> bool:
    """ "Điện thoại: …", or the name of who is reached so, in capitals."""
    plain = _plain(line)
    return _is_way(line) or is_capitals(plain) or alone(plain) is not None


def _begins(lines: Sequence[str]) -> int:
    """After the page's name and "2 giờ ·", or the sender and "15:32",
    where they were copied too.
    """
    clocks = _clocks(lines)
    senders = [
        at for at in range(min(MOST_HEAD_LINES, len(lines))) if _is_sender(lines[at])
    ]
    below = [at + 2 for at in senders if at + 1 in clocks]
    signed = max(below, default=1 if clocks and 0 in senders else 0)
    heads = _times_or_senders(lines)
    in_group = [at + 2 for at in senders if _is(PLACE_IN_GROUP, lines[at + 1 : at + 2])]
    begins = max(heads, default=signed)
    begins += bool(heads) and _names_sender(lines[begins:])
    begins = max([begins, *in_group])
    return begins + (bool(heads) and _is(AUDIENCE, lines[begins : begins + 1]))


def _times_or_senders(lines: Sequence[str]) -> list[int]:
    """The lines below "2 giờ ·" and "Gửi từ Zalo"."""
    return [
        at + 1
        for at, line in enumerate(lines[:MOST_HEAD_LINES])
        if AGO.fullmatch(_plain(line).lower()) or FORWARDED.fullmatch(line.lower())
    ]


def _is(form: re.Pattern[str], lines: Sequence[str]) -> bool:
    return any(form.fullmatch(line.lower()) for line in lines)


def _names_sender(lines: Sequence[str]) -> bool:
    """Whether below "Gửi từ Zalo" stands whose message it was, and then the message."""
    return len(lines) > FEWEST_MARKED_LINES and _is_sender(lines[0])
