"""Preconditions and ranges of requests, as RFC 9110 (13.2.2, 14.2) has them,
over plain bytes: no framework is asked.

Names of headers are in lower case. Times are whole seconds since 1970; 0 is no time.
"""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from functools import lru_cache

Headers = Mapping[bytes, bytes]
NOT_MODIFIED, FAILED = 304, 412
TAGS = re.compile(rb'(W/)?"([^"]*)"')
RANGE = re.compile(rb"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII)


def outcome(headers: Headers, tag: bytes, modified: int) -> int:
    """What a reader's preconditions make of a resource: 304, 412, or 0 when it is to be sent."""
    if not _still_the_same(headers, tag, modified):
        return FAILED
    known = headers.get(b"if-none-match")
    if known is not None:
        return NOT_MODIFIED if known.strip() == b"*" or tag in _tags(known) else 0
    since = seconds_of(headers.get(b"if-modified-since"))
    return NOT_MODIFIED if since and modified and modified <= since else 0


def span_of(
    headers: Headers, size: int, tag: bytes, modified: int
) -> tuple[int, int] | None:
    """The one stretch asked for, its end not in it; None for the whole.

    ValueError when it lies outside (416).

    Several ranges, other units, and a range of another file than this (If-Range) are answered with
    the whole.
    """
    wanted = RANGE.fullmatch(headers.get(b"range", b""))
    if wanted is None or not _same_for_range(headers, tag, modified):
        return None
    first, last = wanted.groups()
    if not first and not last:
        return None
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1 if last else size, size)
        if last and int(last) < start:
            return None
    if start >= end:
        raise ValueError(f"no byte of {size} is asked for")
    return start, end


@lru_cache(maxsize=256)
def seconds_of(date: bytes | None) -> int:
    """A date of a header in seconds; 0 when it is none: then it is ignored (13.1.3)."""
    if not date:
        return 0
    try:
        return int(parsedate_to_datetime(date.decode("latin-1")).timestamp())
    except (ValueError, TypeError, OverflowError):
        return 0


def _tags(field: bytes) -> set[bytes]:
    return {tag for _, tag in TAGS.findall(field)}


def _still_the_same(headers: Headers, tag: bytes, modified: int) -> bool:
    """If-Match; where there is none, If-Unmodified-Since."""
    given = headers.get(b"if-match")
    if given is not None:
        return given.strip() == b"*" or (b"", tag) in TAGS.findall(given)
    since = seconds_of(headers.get(b"if-unmodified-since"))
    return not since or not modified or modified <= since


def _same_for_range(headers: Headers, tag: bytes, modified: int) -> bool:
    """Whether a part fits to what the reader has (13.1.5): the very same, not alike."""
    condition = headers.get(b"if-range", b"").strip()
    if not condition:
        return True
    if condition.startswith((b'"', b"W/")):
        return condition == b'"%b"' % tag
    return modified > 0 and seconds_of(condition) == modified
