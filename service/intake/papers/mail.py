"""An e-mail as pasted from a mail program: its headers, greeting,
signature and what it quotes are not news.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.intake.letters import tidy
from service.intake.limits import LONGEST_TITLE_CHARS
from service.intake.lines import is_item, is_open, is_sentence
from service.intake.page.bylines import alone
from service.intake.page.wrapped import unwrapped
from service.intake.papers.signature import OFFICE
from service.intake.story import LeftOut, Story, Why

MOST_HEADERS = 14
FEWEST_HEADERS = 2
MOST_GREETINGS = 4
MOST_NOTE_LINES = 8  # what somebody writes above a letter that he hands on
FEWEST_NEWS_SENTENCES = 3
HEADER = re.compile(
    r"[*> ]{0,4}(from|to|cc|bcc|date|sent|subject|reply-to|attachments?|importance|"
    r"từ|đến|tới|đã gửi|đính kèm|quan trọng|"
    r"người gửi|người nhận|ngày gửi|thời gian gửi|vào ngày|gửi lúc|gửi vào|chủ đề|tiêu đề|ngày|tệp đính kèm|"
    r"gửi|gửi từ|kính gửi|mức độ quan trọng|độ ưu tiên)"
    r" ?\*? ?[:：]\*? ?(.*)"
)
# “Ngày: 12/11” or “Tiêu đề: …” alone head many a notice: they prove no mail.
SAYS_MAIL = frozenset(
    ("from", "to", "subject", "từ", "đến", "tới", "người gửi", "người nhận", "chủ đề")
)
FORWARDED = re.compile(
    r"-{2,}.{0,60}|(?:bắt đầu )?(?:thư|tin nhắn) (?:được )?chuyển tiếp.{0,40}|begin forwarded.{0,40}|"
    r"_{5,}|on .{5,80} wrote:|vào .{5,120} (?:đã )?viết:"
)
SUBJECTS = ("subject", "chủ đề", "tiêu đề")
# What mail programs and offices put before what a letter is about.
PREFIXES = re.compile(
    r"(?:(?:re|fwd?|tr|rv|chuyển tiếp|trả lời|chuyển|kính chuyển) ?: ?|"
    r"(?:v/v|về việc)? ?(?:phát thanh|phát loa|đăng tin|đưa tin|gửi tin|gửi bài|tin bài|tin|bài|tin phát thanh) ?: ?|"
    r"v/v ?: ?|[\[(][^\])]{1,24}[\])] ?)+",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"(?:kính gửi|kính thưa|kính chào|thưa|chào|xin chào|dear|gửi|hi|hello|kính|em chào|chị|anh|các anh)\b.{0,80}|"
    r"(?!bà con).{2,40} thân mến ?[,!.:]?"
)
# Nobody says “ạ” to a whole commune, but for those who write as they speak to it.
POLITE = re.compile(r".{5,200}\b(?:ạ|nhé|nha|nghen)[.! ]{0,4}")
TO_ALL = re.compile(
    r"\b(?:bà con|mọi người|cả nhà|quý vị|quý khách|phụ huynh|các hộ|nhân dân|cô bác|cả thôn|cả xóm)\b"
)
TO_STATION = re.compile(
    r"\b(?:đài|ban biên tập|quý ban|loa|phát thanh|truyền thanh|bản tin|giùm|dùm|nhé|ạ|anh|chị)\b"
)
# What is said to the station, and not on the air: who asks, what for, and as one asks one person.
REQUESTS = (
    re.compile(
        r".{0,60}\b(?:nhờ|đề nghị|kính mong|xin gửi|gửi)\b.{0,80}"
        r"\b(?:đài|phát giúp|đọc giúp|đăng giúp|phát thanh|truyền thanh|loa)\b.{0,60}:"
    ),
    re.compile(
        r"(?:nhờ|đề nghị|kính đề nghị|kính mong|mong|xin|kính nhờ|em gửi|tôi gửi|xin gửi|gửi)\b.{0,60}"
        r"(?:đài|phát|đọc|đăng|tin|bài|nội dung).{0,60}:"
    ),
    re.compile(
        r"(?:dạ |kính )?(?:em|cháu|mình|tôi|bên em|chúng tôi)(?: xin)?(?: phép)? (?:gửi|chuyển|nhờ)\b.{0,160}|"
        r"(?:kính |xin )?gửi (?:tới )?(?:đài|anh|chị|các bạn|ban biên tập|bộ phận)\b.{0,120}"
    ),
    re.compile(
        r"(?:dạ |kính )?(?:nhờ|đề nghị|mong|xin|em|cháu|anh|chị|các anh|mình|tôi|chúng tôi|bên em|phiền|bạn)\b"
        r".{0,40}\b(?:gửi|chuyển|phát|đăng|đọc|đưa|duyệt|cho|thông báo)\b.{0,160}"
        r"(?:nhé|nha|ạ|giúp(?: \w{1,6}){0,2}|(?:giùm|dùm)(?: \w{1,6}){0,2}|hộ \w{1,6}|dưới đây|bên dưới|kèm theo|"
        r"đính kèm|sau đây|như sau)[.:! ]{0,3}"
    ),
)
# The same in a whole sentence, where it stands above the news.
ASKS_ABOVE = re.compile(
    r".{0,120}\b(?:nhờ|đề nghị|mong|xin)\b.{0,30}\b(?:đài|anh|chị|em|ban biên tập|tổ|bộ phận)\b.{0,40}"
    r"\b(?:phát|đăng|đọc|đưa|chuyển)\b.{0,80}"
)
MOST_LINES_ABOVE = (
    6  # what is written above the news, when its subject stands over it again
)
CLOSES = re.compile(
    r"(?:(?:(?:xin |kính )?trân trọng|thân ái|thân mến|thân|kính thư|"
    r"(?:thanks ?(?:&|and|,)? ?)?(?:best |kind |warm )?regards|many thanks|thanks(?: you)?|"
    r"(?:(?:em|tôi|chúng tôi|bên em|cháu|mình) )?(?:xin )?(?:rất )?(?:trân trọng |chân thành )?c[ảá]m ơn)"
    r"(?: (?!kính mời|thông báo)[^.]{0,40})?|(?:đồng )?kính gửi)[,.!/… ]{0,6}"
)
# “Chúc Đài nhiều sức khỏe!”: still said to the station, above the regards.
FAREWELL = re.compile(
    r"(?:kính |xin |thân )?chúc\b.{3,80}|"
    r".{0,30}\bmong\b.{0,40}\b(?:quý (?:ban|đài|cơ quan|anh)|đài|ban biên tập|anh/chị|hợp tác)\b.{0,60}|"
    r".{0,80}\bgiúp (?:mình|em|tôi|chúng tôi|bên em)\b.{0,20}|"
    r"(?:có gì|nếu|cần gì)\b.{0,60}\b(?:gọi|nhắn|báo|alo|liên hệ)(?: lại)?(?: cho)? (?:em|chị|anh|mình)\b.{0,30}|"
    r".{2,40}\bc[ảá]m ơn\b.{0,30}\b(?:đài|quý (?:ban|đài|anh)|anh|chị|ban biên tập)\b.{0,30}"
)
ENDS = re.compile(
    r"-{2,} ?|_{3,}|tm\. .{2,60}|"
    r">.{0,500}|(?:vào|on|lúc)\b.{0,120}(?:viết|wrote) ?:|"
    r"-{2,}.{0,10}(?:original|forwarded|thư gốc|chuyển tiếp).{0,40}|"
    r"(?:đã gửi từ|được gửi từ|sent from|gửi từ|tải outlook|get outlook)\b.{0,60}"
)
SIGNED_AS = re.compile(
    r"(?:kính|em|cháu|tôi|chị|anh|mình),? [^\W\d_]{1,10}(?: [^\W\d_]{1,10}){0,3}"
)
POST = re.compile(
    r"(?:công chức|cán bộ|chuyên viên|kế toán|văn thư|nhân viên|phụ trách|cộng tác viên|biên tập viên|phóng viên)"
    r"(?: [^.!?:]{1,60})?"
)
REACHED = re.compile(
    r"(?:di động|điện thoại|đt|sđt|tel|mobile|hotline|zalo|email|e-mail|m|e|t|p|địa chỉ|website|web|fax|phone)"
    r" ?[./]?\w{0,6} ?[:：].{4,160}|[\w.+-]{2,60}@[\w.-]{2,60}|[\d .()+-]{8,20}"
)


@dataclass(frozen=True, slots=True)
class _Envelope:
    """The headers of an e-mail: what each says by its name, where they begin,
    and where the letter below them does.
    """

    starts: int
    begins: int
    values: dict[str, str]

    @property
    def subject(self) -> str:
        """What the sender says the letter is about; "" when he says nothing."""
        return next(
            (about_of(self.values[name]) for name in SUBJECTS if self.values.get(name)),
            "",
        )


def about_of(subject: str) -> str:
    """A letter's subject without what mail programs put before it: "Fwd: [TT] Họp thôn"."""
    return PREFIXES.sub("", subject, count=1) or subject


def read(lines: Sequence[str]) -> Story | None:
    """The story in an e-mail; None when the lines do not begin with the headers of one,
    or with a few words above them.
    """
    envelope = _innermost(lines) or _without_headers(lines)
    if envelope is None:
        return None
    begins = _after_greetings(lines, envelope.begins)
    end = _end(lines, begins)
    whole = unwrapped(
        [line for line in lines[begins:end] if any(map(str.isalnum, line))]
    )
    # “Fwd: tin phát loa” is a worse title than the headline in the letter, and better than none.
    title = envelope.subject
    text, above = _below_subject(whole, title)
    if _has_own_title(text):
        title, text = text[0], text[1:]
    if not text or not title:
        return None
    left = [
        LeftOut(tidy(line), Why.MAIL, 0) for line in lines[:begins] if line != title
    ]
    left += [LeftOut(line, Why.MAIL, 0) for line in above]
    left += [LeftOut(tidy(line), Why.MAIL, len(text)) for line in lines[end:]]
    return Story(title=title, paragraphs=tuple(text), left_out=tuple(left))


def _below_subject(
    text: Sequence[str], subject: str
) -> tuple[Sequence[str], Sequence[str]]:
    """The news below its own headline, where that is the letter's subject again, and what is above.

    Whatever stands between a letter's head and the headline is said to who gets the letter.
    """
    names = [line.casefold().rstrip(" .:") for line in text[: MOST_LINES_ABOVE + 1]]
    if subject.casefold().rstrip(" .:") not in names:
        return text, ()
    at = names.index(subject.casefold().rstrip(" .:"))
    return text[at:], text[:at]


def _innermost(lines: Sequence[str]) -> _Envelope | None:
    """The headers of the letter that was handed on: below those of who handed it on,
    and below what he wrote above it.
    """
    found: _Envelope | None = None
    at = 0
    while (envelope := _next_envelope(lines, at)) is not None:
        found, at = envelope, envelope.begins
    return found


def _without_headers(lines: Sequence[str]) -> _Envelope | None:
    """The letter of which only the body was copied:
    somebody is asked in it to put its news on the air.
    """
    begins = _after_greetings(lines, 0)
    asks = any(_asks(line) and _is_to_station(line) for line in lines[:begins])
    return _Envelope(0, 0, {}) if asks and _has_own_title(lines[begins:]) else None


def _is_to_station(line: str) -> bool:
    small = line.lower()
    return TO_STATION.search(small) is not None and not TO_ALL.search(small)


def _next_envelope(lines: Sequence[str], first: int) -> _Envelope | None:
    """The first headers from line `first` on, with no more than a note above them."""
    for at in range(first, min(len(lines), first + MOST_NOTE_LINES + 1)):
        envelope = _envelope(lines, at)
        if envelope is not None:
            # Below an answer stands the letter that it answers: that is old news.
            return envelope if not _is_answered(lines[first:at]) else None
    return None


def _is_answered(note: Sequence[str]) -> bool:
    """Whether lines above some headers are news of their own, and no note:
    three sentences say more than "Nhờ đài phát giúp".
    """
    return sum(map(is_sentence, note)) >= FEWEST_NEWS_SENTENCES


def _envelope(lines: Sequence[str], starts: int) -> _Envelope | None:
    """The headers that begin at a line; None for fewer than any mail program shows."""
    values: dict[str, str] = {}
    begins = starts
    for line in lines[starts : starts + MOST_HEADERS]:
        header = HEADER.fullmatch(line.lower())
        if header:
            values[header[1]] = line[header.start(2) :]
        elif not FORWARDED.fullmatch(line.lower()):
            break
        begins += 1
    # No notice in Vietnamese says "From", with whatever else.
    says = len(values) if "from" in values else len(SAYS_MAIL & set(values))
    is_mail = says >= FEWEST_HEADERS
    return _Envelope(starts, begins, values) if is_mail else None


def _after_greetings(lines: Sequence[str], begins: int) -> int:
    """Where the news begins: below "Kính gửi Đài xã" and "Nhờ Đài phát giúp tin sau:"."""
    for line in lines[begins : begins + MOST_GREETINGS]:
        if not _greets(line):
            break
        begins += 1
    return begins


def _end(lines: Sequence[str], begins: int) -> int:
    """Where the news ends: at thanks, a signature, a request, or what the letter quotes."""
    ends = (
        at
        for at in range(begins, len(lines))
        if _closes(lines[at])
        or (at > begins and (_asks(lines[at]) or _envelope(lines, at) is not None))
    )
    end = next(ends, len(lines))
    # Who sends no regards still signs: name, office, telephone.
    while end > begins + 1 and _is_of_letter(lines[end - 1]):
        end -= 1
    return end


def _closes(line: str) -> bool:
    """Whether a letter ends at a line; thanks that go to all are part of the news."""
    small = line.lower()
    thanks = CLOSES.fullmatch(small) is not None and not TO_ALL.search(small)
    return thanks or ENDS.fullmatch(small) is not None


def _is_of_letter(line: str) -> bool:
    """Whether a line right above a letter's end belongs to it, and not to the news."""
    small = line.lower()
    # “Hải”, above the office: friends sign so.
    if len(line.split()) == 1 and line.isalpha() and line.istitle():
        return True
    is_farewell = FAREWELL.fullmatch(small) is not None and not TO_ALL.search(small)
    return is_farewell or _is_signature(line)


def _is_signature(line: str) -> bool:
    small = line.lower().strip("()")
    if SIGNED_AS.fullmatch(small) and line.split()[-1].istitle():
        return True
    if REACHED.fullmatch(small) or OFFICE.fullmatch(small) or POST.fullmatch(small):
        return True
    return not is_sentence(line) and alone(line) is not None


def _has_own_title(text: Sequence[str]) -> bool:
    """Whether a headline stands above the news: it says more than the subject of a letter does."""
    if len(text) < 2:
        return False
    is_part = is_sentence(text[0]) or is_open(text[0]) or is_item(text[0])
    return not is_part and len(text[0]) <= LONGEST_TITLE_CHARS


def _greets(line: str) -> bool:
    small = line.lower()
    if FORWARDED.fullmatch(small):
        return True
    greeting = GREETING.fullmatch(small) is not None and not is_sentence(line)
    asks = ASKS_ABOVE.fullmatch(small) is not None and not TO_ALL.search(small)
    return greeting or asks or _asks(line)


def _asks(line: str) -> bool:
    """ "Anh cho phát thông báo dưới đây giúp em nhé.": what is said to the station,
    and not on the air.
    """
    small = line.lower()
    is_polite = POLITE.fullmatch(small) and not TO_ALL.search(small)
    return bool(is_polite) or any(request.fullmatch(small) for request in REQUESTS)
