"""An e-mail as pasted from a mail program: its headers, greeting, signature and what it quotes are not news."""

import re
from collections.abc import Sequence

from service.intake.letters import tidy
from service.intake.limits import LONGEST_TITLE_CHARS
from service.intake.lines import is_sentence
from service.intake.page.wrapped import unwrapped
from service.intake.story import LeftOut, Story, Why

MOST_HEADERS = 14
FEWEST_HEADERS = 2
MOST_GREETINGS = 3
HEADER = re.compile(
    r"(from|to|cc|bcc|date|sent|subject|reply-to|từ|đến|tới|người gửi|người nhận|ngày gửi|chủ đề|tiêu đề|ngày)"
    r" ?[:：] ?(.*)"
)
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
    r"trân trọng cảm ơn|chân thành cảm ơn|cảm ơn)(?: [^.]{0,40})?[,.!]{0,3}|"
    r"(?:đồng )?kính gửi[,.!]?|tm\. .{2,60}|"
    r">.{0,500}|(?:vào|on|lúc)\b.{0,120}(?:viết|wrote) ?:|"
    r"-{2,}.{0,10}(?:original|forwarded|thư gốc|chuyển tiếp).{0,40}|"
    r"(?:được gửi từ|sent from|gửi từ)\b.{0,60}"
)


def read(lines: Sequence[str]) -> Story | None:
    """The story in an e-mail; None when the lines do not begin with the headers of one."""
    headers = _headers(lines)
    if headers is None:
        return None
    begins, told = headers
    greetings = 0
    while begins < len(lines) and greetings < MOST_GREETINGS and _greets(lines[begins]):
        begins, greetings = begins + 1, greetings + 1
    end = next(
        (at for at in range(begins, len(lines)) if ENDS.fullmatch(lines[at].lower())), len(lines)
    )
    text = unwrapped([line for line in lines[begins:end] if any(map(str.isalnum, line))])
    title = next((told[name] for name in SUBJECTS if told.get(name)), "")
    if text and not is_sentence(text[0]) and len(text[0]) <= LONGEST_TITLE_CHARS and len(text) > 1:
        title, text = text[0], text[1:]
    if not text or not title:
        return None
    left = [LeftOut(tidy(line), Why.MAIL, 0) for line in lines[:begins] if line != title]
    left += [LeftOut(tidy(line), Why.MAIL, len(text)) for line in lines[end:]]
    return Story(title=title, paragraphs=tuple(text), left_out=tuple(left))


def _headers(lines: Sequence[str]) -> tuple[int, dict[str, str]] | None:
    told: dict[str, str] = {}
    at = 0
    while at < min(len(lines), MOST_HEADERS):
        small = lines[at].lower()
        if match := HEADER.fullmatch(small):
            told[match[1]] = lines[at][match.start(2) :]
        elif not FORWARDED.fullmatch(small):
            break
        at += 1
    return (at, told) if len(SAYS_MAIL & set(told)) >= FEWEST_HEADERS else None


def _greets(line: str) -> bool:
    small = line.lower()
    return REQUEST.fullmatch(small) is not None or (
        GREETING.fullmatch(small) is not None and not is_sentence(line)
    )
