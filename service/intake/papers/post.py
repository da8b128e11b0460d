"""A post of Facebook or a message of Zalo: marks, hashtags and buttons are not news; no word of its text is lost."""

import re
import unicodedata
from collections.abc import Sequence

from service.intake.letters import tidy
from service.intake.limits import LONGEST_TITLE_CHARS
from service.intake.page.furniture import furniture
from service.intake.page.wrapped import unwrapped
from service.intake.story import LeftOut, Story, Why

REACTIONS = re.compile(r"(?:thích|bình luận|chia sẻ|like|comment|share|gửi)")
BESIDE_REACTIONS = re.compile(r"\b(?:lượt|người|khác|và|k|viết|công khai|cảm xúc)\b")
FORWARDED = re.compile(
    r"\[?(?:đã )?chuyển tiếp(?: từ[^\]]{0,40})?\]?.{0,80}|.{0,60}\bzalo\b.{0,40}\d{1,2}:\d\d.{0,10}"
)
BULLET = re.compile(r"[-–—+*•●▪►] ")
HASHTAGS = re.compile(r"(?:#[^\s#]{1,60} ?){1,30}")
AGO = re.compile(
    r"(?:(?:vừa xong|hôm qua|hôm nay|\d{1,2} (?:giờ|phút|ngày|tuần)(?: trước)?|\d{1,2} tháng \d{1,2})"
    r"(?: lúc \d{1,2}:\d\d)?)(?: ?[·•].{0,20})?"
)
SAID = re.compile(
    r"\[?(?:\d{1,2}:\d\d(?::\d\d)?[, ]{1,2}\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}/\d{1,2}/\d{2,4}[, ]{1,2}\d{1,2}:\d\d)\]?"
    r" ?(?:- ?)?([^:\n]{2,40}): ?(.*)"
)
TO_ALL = re.compile(r"@(?:all|tất cả(?: mọi người)?|mọi người)\b[ :,]{0,3}", re.IGNORECASE)
MORE = re.compile(r"(?:\.{3}|…)? ?(?:xem thêm|ẩn bớt|see more|xem bản dịch)")
PLEA = re.compile(
    r".{0,40}(?:chia sẻ giúp|share giúp|lan tỏa giúp|chia sẻ để|nhấn (?:like|theo dõi)).{0,60}"
)
FEWEST_MARKED_LINES = 2
FEWEST_REACTIONS = 2
LETTERLIKE = range(0x2100, 0x2150)


def read(lines: Sequence[str]) -> Story | None:
    """The story in a post; None when nothing marks the lines as one."""
    bars = {at for at, line in enumerate(lines) if _is_bar(line)}
    tags = {at for at, line in enumerate(lines) if HASHTAGS.fullmatch(line)}
    marked = sum(line[:1] != _plain(line)[:1] for line in lines)
    said = [SAID.fullmatch(line) for line in lines]
    first = lines[0].lower() if lines else ""
    forwarded = bool(FORWARDED.fullmatch(first) or TO_ALL.fullmatch(first))
    if not (bars or tags or any(said) or forwarded or marked >= FEWEST_MARKED_LINES):
        return None
    begins = _begins(lines)
    surely = bool(bars or tags or begins or marked >= FEWEST_MARKED_LINES)
    text: list[str] = []
    left: list[LeftOut] = []
    for at, line in enumerate(lines):
        match = said[at]
        words = _plain(match[2] if match else line)
        if at < begins or at in bars | tags or (surely and _is_beside(line, words)):
            left.append(LeftOut(tidy(line), Why.POST, max(0, len(text) - 1)))
        elif words:
            text.append(BULLET.sub("", words, count=1))
            if match:
                left.append(LeftOut(tidy(line[: match.start(2)]), Why.POST, max(0, len(text) - 1)))
    text = unwrapped(text)
    if len(text) < 2 or len(text[0]) > LONGEST_TITLE_CHARS:
        return None
    return Story(title=text[0], paragraphs=tuple(text[1:]), left_out=tuple(left))


def _plain(line: str) -> str:
    """A line without emoji and without a call to all."""
    letters = "".join(" " if _is_emoji(char) else char for char in line)
    return tidy(TO_ALL.sub("", tidy(letters)))


def _is_emoji(char: str) -> bool:
    code = ord(char)
    picture = (
        unicodedata.category(char) in {"So", "Sk"} and code > 0x2000 and code not in LETTERLIKE
    )
    return picture or 0xFE00 <= code <= 0xFE0F or 0xE0020 <= code <= 0xE007F


def _is_bar(line: str) -> bool:
    """ "👍 Thích 💬 Bình luận ↗️ Chia sẻ": the buttons below a post."""
    small = _plain(line).lower()
    return len(REACTIONS.findall(small)) >= FEWEST_REACTIONS and not _has_other_words(small)


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
    known = row is not None and row.why in {Why.BUTTON, Why.COUNTER, Why.COMMENTS, Why.CAPTION}
    return known or bool(MORE.fullmatch(small) or PLEA.fullmatch(small) or AGO.fullmatch(small))


def _begins(lines: Sequence[str]) -> int:
    """After the page's name and "2 giờ ·", where they were copied too."""
    heads = [
        at + 1
        for at, line in enumerate(lines[:3])
        if AGO.fullmatch(_plain(line).lower()) or FORWARDED.fullmatch(line.lower())
    ]
    return max(heads, default=0)
