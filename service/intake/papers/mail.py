"""An e-mail as pasted from a mail program: its headers, greeting,
signature and what it quotes are not news.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.intake.letters import tidy
from service.intake.limits import LONGEST_TITLE_CHARS
from service.intake.lines import is_sentence
from service.intake.page.wrapped import unwrapped
from service.intake.story import LeftOut, Story, Why

MOST_HEADERS = 14
FEWEST_HEADERS = 2
MOST_GREETINGS = 3
HEADER = re.compile(
    r"(from|to|cc|bcc|date|sent|subject|reply-to|attachments?|importance|từ|đến|tới|đã gửi|đính kèm|quan trọng|"
    r"người gửi|người nhận|ngày gửi|chủ đề|tiêu đề|ngày)"
    r" ?[:：] ?(.*)"
)
# “Ngày: 12/11” or “Tiêu đề: …” alone head many a notice: they prove no mail.
SAYS_MAIL = frozenset(
    ("from", "to", "subject", "từ", "đến", "tới", "người gửi", "người nhận", "chủ đề")
)
FORWARDED = re.compile(
    r"-{2,}.{0,60}|(?:bắt đầu )?(?:thư|tin nhắn) (?:được )?chuyển tiếp.{0,40}|begin forwarded.{0,40}"
)
SUBJECTS = ("subject", "chủ đề", "tiêu đề")
GREETING = re.compile(
    r"(?:kính gửi|kính thưa|kính chào|thưa|chào|xin chào|dear|gửi|hi|hello)\b.{0,80}"
)
REQUEST = re.compile(
    r"(?:nhờ|đề nghị|kính đề nghị|kính mong|mong|xin|kính nhờ|em gửi|tôi gửi|xin gửi|gửi)\b.{0,60}"
    r"(?:đài|phát|đọc|đăng|tin|bài|nội dung).{0,60}:"
)
ENDS = re.compile(
    r"-{2,3} ?|_{3,}|(?:trân trọng|thân ái|thân mến|kính thư|best regards|regards|xin (?:trân trọng )?cảm ơn|"
    r"(?:(?:em|tôi|chúng tôi|bên em) )?(?:trân trọng |chân thành |xin )?cảm ơn)(?: [^.]{0,40})?[,.!]{0,3}|"
    r"(?:đồng )?kính gửi[,.!]?|tm\. .{2,60}|"
    r">.{0,500}|(?:vào|on|lúc)\b.{0,120}(?:viết|wrote) ?:|"
    r"-{2,}.{0,10}(?:original|forwarded|thư gốc|chuyển tiếp).{0,40}|"
    r"(?:được gửi từ|sent from|gửi từ)\b.{0,60}"
)


@dataclass(frozen=True, slots=True)
class _Envelope:
    """The headers of an e-mail: what each says by its name,
    and where the letter below them begins.
    """

    begins: int
    values: dict[str, str]

    @property
    def subject(self) -> str:
        """What the sender says the letter is about; "" when he says nothing."""
        return next(
            (self.values[name] for name in SUBJECTS if self.values.get(name)), ""
        )


def read(lines: Sequence[str]) -> Story | None:
    """The story in an e-mail; None when the lines do not begin with the headers of one."""
    envelope = _envelope(lines)
    if envelope is None:
        return None
    begins = _after_greetings(lines, envelope.begins)
    end = _end(lines, begins)
    text = unwrapped(
        [line for line in lines[begins:end] if any(map(str.isalnum, line))]
    )
    # “Fwd: tin phát loa” is a worse title than the headline in the letter, and better than none.
    title = envelope.subject
    if _has_own_title(text):
        title, text = text[0], text[1:]
    if not text or not title:
        return None
    left = [
        LeftOut(tidy(line), Why.MAIL, 0) for line in lines[:begins] if line != title
    ]
    left += [LeftOut(tidy(line), Why.MAIL, len(text)) for line in lines[end:]]
    return Story(title=title, paragraphs=tuple(text), left_out=tuple(left))


def _envelope(lines: Sequence[str]) -> _Envelope | None:
    """The headers above a letter; None for fewer than any mail program shows."""
    values: dict[str, str] = {}
    begins = 0
    for line in lines[:MOST_HEADERS]:
        header = HEADER.fullmatch(line.lower())
        if header:
            values[header[1]] = line[header.start(2) :]
        elif not FORWARDED.fullmatch(line.lower()):
            break
        begins += 1
    is_mail = len(SAYS_MAIL & set(values)) >= FEWEST_HEADERS
    return _Envelope(begins, values) if is_mail else None


def _after_greetings(lines: Sequence[str], begins: int) -> int:
    """Where the news begins: below "Kính gửi Đài xã" and "Nhờ Đài phát giúp tin sau:"."""
    for line in lines[begins : begins + MOST_GREETINGS]:
        if not _greets(line):
            break
        begins += 1
    return begins


def _end(lines: Sequence[str], begins: int) -> int:
    """Where the news ends: at thanks, a signature, or what the letter quotes."""
    ends = (at for at in range(begins, len(lines)) if ENDS.fullmatch(lines[at].lower()))
    return next(ends, len(lines))


def _has_own_title(text: Sequence[str]) -> bool:
    """Whether a headline stands above the news: it says more than the subject of a letter does."""
    if len(text) < 2:
        return False
    return not is_sentence(text[0]) and len(text[0]) <= LONGEST_TITLE_CHARS


def _greets(line: str) -> bool:
    small = line.lower()
    return REQUEST.fullmatch(small) is not None or (
        GREETING.fullmatch(small) is not None and not is_sentence(line)
    )
