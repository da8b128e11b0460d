"""Text, HTML or a whole page becomes a Story, or is turned away with a reason."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from lxml import html as lxml_html

from service.intake.page import LONGEST_TITLE_CHARS, split, without_noise
from service.intake.story import Rejected, Story
from service.zone import VIETNAM

LARGEST_BYTES = 4 * 1024 * 1024  # of a body, a file or a fetched page
LONGEST_STORY_CHARS = 60_000  # an hour and a half of speech
FORMATS = ("text", "html", "page")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass(frozen=True, slots=True)
class Given:
    """What the sender says about the news; it wins over what the text seems to say. Times are ISO 8601."""

    title: str = ""
    lead: str = ""
    topic: str = ""
    byline: str = ""
    url: str = ""
    published_at: str = ""


def parse(body: str, format: str = "text", given: Given | None = None) -> Story:
    """The Story in a body of one of FORMATS. Rejected names the field at fault."""
    given = given or Given()
    if format not in FORMATS:
        raise Rejected(
            "format",
            "unknown_format",
            f"format is one of {', '.join(FORMATS)}, not {format!r}",
            "Dạng nội dung không hợp lệ.",
        )
    _check_text(body)
    story = {"text": _text, "html": _html, "page": _page}[format](body, given)
    title = _line(given.title, "title") or story.title
    found = Story(
        title=title,
        paragraphs=tuple(filter(None, map(tidy, story.paragraphs))),
        lead=_line(given.lead, "lead") or story.lead,
        byline=_line(given.byline, "byline") or story.byline,
        topic=_line(given.topic, "topic") or story.topic,
        published_at=when(given.published_at) or story.published_at,
        url=_address(given.url),
    )
    _check_story(found)
    return found


def decode(data: bytes, field: str = "body") -> str:
    """Text of bytes from a file or the network: UTF-8, or UTF-16 with its mark."""
    if len(data) > LARGEST_BYTES:
        raise too_large(field)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in data[:4096] or data.startswith(
        (b"%PDF", b"PK\x03\x04", b"\xff\xd8", b"\x89PNG", b"ID3")
    ):
        raise Rejected(
            field,
            "binary",
            "this is no text file; save the article as text or HTML first",
            "Đây không phải tệp văn bản. Hãy lưu bài ở dạng văn bản (.txt) hoặc trang web (.html).",
        )
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Rejected(
            field,
            "not_utf8",
            f"the text is not valid UTF-8 (at byte {error.start}); save it as UTF-8",
            "Văn bản không đúng bảng mã UTF-8. Hãy lưu lại bằng bảng mã UTF-8 (Unicode).",
        ) from error


def when(text: str) -> datetime | None:
    """An ISO 8601 time, in Vietnam's zone when it names none; None for ""."""
    if not text.strip():
        return None
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Rejected(
            "published_at",
            "not_a_time",
            f"{text!r} is no time such as 2026-11-24T17:00:00+07:00",
            "Thời gian đăng không đúng dạng, ví dụ: 2026-11-24T17:00.",
        ) from error
    return time if time.tzinfo else time.replace(tzinfo=VIETNAM)


def tidy(text: str) -> str:
    """NFC, single spaces, nothing invisible."""
    text = unicodedata.normalize("NFC", text.translate(INVISIBLE))
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def too_large(field: str) -> Rejected:
    """More bytes than any article has."""
    return Rejected(
        field,
        "too_large",
        f"more than {LARGEST_BYTES // 1024 // 1024} MB is no article",
        f"Nội dung quá lớn (trên {LARGEST_BYTES // 1024 // 1024} MB), không phải một bài viết.",
    )


def _text(body: str, given: Given) -> Story:
    """Plain text: the first line is the title unless one is given; blank lines or line ends part paragraphs."""
    lines, byline = without_noise(_lines(body))
    title = given.title
    if not title.strip() and lines:
        title, lines = lines[0], lines[1:]
        if len(title) > LONGEST_TITLE_CHARS:
            raise Rejected(
                "title",
                "missing",
                "name a title: the first line of the text is too long to be one",
                "Hãy nhập tiêu đề: dòng đầu của nội dung quá dài.",
            )
    return Story(title=tidy(title), paragraphs=tuple(lines), byline=tidy(byline))


def _page(body: str, _given: Given) -> Story:
    """A whole page as copied from a portal."""
    parts = split([tidy(line) for line in _lines(body)])
    if not parts.paragraphs:
        raise _no_article("no article was found on this page; paste its title and text instead")
    return Story(
        parts.title, parts.paragraphs, parts.lead, parts.byline, parts.topic, parts.published_at
    )


def _html(body: str, given: Given) -> Story:
    """HTML, a fragment or a page: trafilatura finds the article, we find what the newsroom needs in it."""
    try:
        tree = lxml_html.document_fromstring(body)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise _no_article(f"this is no HTML: {error}") from error
    found = _extract(body)
    text = found.text
    lines = text.split("\n") if text.strip() else _blocks(tree)
    if len(lines) < 2 and len(_blocks(tree)) > len(lines):
        lines = _blocks(tree)  # a fragment: nothing marks its article, because it is nothing else
    lines, byline = without_noise([tidy(line) for line in lines])
    title = given.title or _first(tree, "//meta[@property='og:title']/@content", "//h1", "//title")
    title = tidy(title) or found.title or (lines[0] if lines else "")
    description = tidy(
        _first(
            tree,
            "//meta[@property='og:description']/@content",
            "//meta[@name='description']/@content",
        )
    )
    lines = [line for line in lines if line != title]
    if not lines:
        raise _no_article("no article was found in this HTML")
    lead = (
        description
        if description and lines[0].startswith(description[:60]) and len(lines) > 1
        else ""
    )
    if lead:
        lead, lines = lines[0], lines[1:]
    return Story(
        title=title,
        paragraphs=tuple(lines),
        lead=lead,
        byline=tidy(byline or found.author),
        topic=tidy(_first(tree, "//meta[@property='article:section']/@content")),
        published_at=_published(tree, found.date),
    )


@dataclass(frozen=True, slots=True)
class _Extracted:
    """What trafilatura found; "" where it found nothing."""

    text: str = ""
    title: str = ""
    author: str = ""
    date: str = ""


def _extract(body: str) -> _Extracted:
    import trafilatura  # half a second of imports, which only HTML needs

    document = trafilatura.bare_extraction(
        body, include_comments=False, include_tables=False, with_metadata=True
    )
    if document is None:
        return _Extracted()
    found = document if isinstance(document, dict) else document.as_dict()
    return _Extracted(*(str(found.get(name) or "") for name in ("text", "title", "author", "date")))


def _blocks(tree: lxml_html.HtmlElement) -> list[str]:
    """Text by block elements, as a reader sees it."""
    for gone in tree.xpath("//script|//style|//noscript|//template"):
        gone.drop_tree()
    found = tree.xpath(
        "//p|//h1|//h2|//h3|//h4|//li|//blockquote[not(p)]|//div[not(.//div or .//p)]"
    )
    return [text for text in (tidy(element.text_content()) for element in found) if text] or _lines(
        tree.text_content()
    )


def _published(tree: lxml_html.HtmlElement, found: str) -> datetime | None:
    said = _first(tree, "//meta[@property='article:published_time']/@content", "//time/@datetime")
    for text in (said, found):
        try:
            if time := when(text):
                return time
        except Rejected:
            continue  # the page's own metadata is a hint, not an input of the sender
    return None


def _first(tree: lxml_html.HtmlElement, *paths: str) -> str:
    for path in paths:
        for found in tree.xpath(path):
            text = found if isinstance(found, str) else found.text_content()
            if text.strip():
                return str(text).strip()
    return ""


def _lines(body: str) -> list[str]:
    return re.split(r"\r\n|[\r\n\u2028\u2029\v\f]", body)


def _line(text: str, field: str) -> str:
    if len(text) > 2_000:
        raise Rejected(field, "too_long", f"{field} is longer than 2000 characters", "Quá dài.")
    return tidy(text)


def _address(url: str) -> str:
    """Where the news stood, for people to follow: nothing but the web."""
    url = url.strip()
    if url and not re.fullmatch(r"https?://[^\s<>\"']{3,2000}", url):
        raise Rejected(
            "url",
            "unsafe_url",
            f"{url[:100]!r} is no http(s) address",
            "Địa chỉ bài gốc không hợp lệ.",
        )
    return url


def _check_text(body: str) -> None:
    if len(body.encode("utf-8", "surrogatepass")) > LARGEST_BYTES:
        raise too_large("body")
    if not body.strip():
        raise Rejected("body", "empty", "there is no text in it", "Chưa có nội dung bài.")
    odd = sum(
        char == "\ufffd" or (not char.isprintable() and not char.isspace())
        for char in body[:20_000]
    )
    surrogates = any("\ud800" <= char <= "\udfff" for char in body)
    if surrogates or "\0" in body or odd > max(3, len(body[:20_000]) // 50):
        raise Rejected(
            "body",
            "binary",
            "this is no readable text; it may be a file of another kind, or have lost its encoding",
            "Nội dung không phải văn bản đọc được (có thể sai bảng mã hoặc nhầm tệp).",
        )


def _check_story(story: Story) -> None:
    if not story.title:
        raise Rejected("title", "missing", "name a title", "Hãy nhập tiêu đề.")
    if len(story.title) > LONGEST_TITLE_CHARS:
        raise Rejected(
            "title",
            "too_long",
            f"a title has at most {LONGEST_TITLE_CHARS} characters",
            "Tiêu đề quá dài.",
        )
    text = " ".join([story.lead, *story.paragraphs])
    if not re.search(r"[^\W\d_]{2,}", text):
        raise _no_article("there is a title, but no sentence to read")
    if len(text) > LONGEST_STORY_CHARS:
        raise Rejected(
            "body",
            "too_long",
            f"an article has at most {LONGEST_STORY_CHARS} characters; this one has {len(text)}",
            f"Bài dài quá {LONGEST_STORY_CHARS} ký tự; hãy chia thành nhiều bài.",
        )


def _no_article(message: str) -> Rejected:
    return Rejected(
        "body",
        "no_article",
        message,
        "Không tìm thấy nội dung bài viết. Hãy dán tiêu đề và nội dung bài.",
    )


def paragraphs_of(text: str) -> Sequence[str]:
    """The paragraphs of a text that an editor typed."""
    return [line for line in map(tidy, _lines(text)) if line]
