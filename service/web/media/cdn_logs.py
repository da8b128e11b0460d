"""Lines of a CDN's log: who took which part of which sound when.

Three formats: the combined log of nginx, Apache and Caddy's exporters, with the answer's
Content-Range after it where docs/proxy/cdn.conf writes it; CloudFront's standard log, whose
`#Fields:` name its columns; and the server access log of S3 and what speaks its protocol.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import unquote

MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
SOUND = re.compile(r"/media/(\d{1,9})/(\d{1,9})/([A-Za-z0-9._-]{1,200})")
SENT = frozenset((200, 206))
CLOCK = re.compile(r"(\d\d)/(\w{3})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
# address, time, method, path, status, bytes, agent; then the range that was sent, if it is told
COMBINED = re.compile(
    r'(?P<address>\S+) \S+ \S+ \[(?P<time>[^\]]+)\] "(?P<method>[A-Z]+) (?P<path>\S+) [^"]*"'
    r' (?P<status>\d{3}) (?P<bytes>\d+|-) "[^"]*" "(?P<agent>[^"]*)"'
    r'(?: "(?P<range>[^"]*)")?'
)
S3 = re.compile(
    r"\S+ \S+ \[(?P<time>[^\]]+)\] (?P<address>\S+) \S+ \S+ REST\.GET\.OBJECT \S+"
    r' "(?P<method>[A-Z]+) (?P<path>\S+) [^"]*" (?P<status>\d{3}) \S+ (?P<bytes>\d+|-)'
    r' \S+ \S+ \S+ "[^"]*" "(?P<agent>[^"]*)"'
)
CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-")


@dataclass(frozen=True, slots=True)
class LoggedSound:
    """That somebody was sent so many bytes of a sound, from `start` on (None: nobody tells)."""

    at: datetime
    address: str
    agent: str
    episode_id: int
    version: int
    name: str
    start: int | None
    size: int


@dataclass(slots=True)
class LogReader:
    """Reads the lines of one log in their order. `strange` counts those that are in no format."""

    strange: int = 0
    first_strange: str = ""
    columns: list[str] = field(default_factory=list)  # as CloudFront names them

    def read(self, lines: Iterator[str]) -> Iterator[LoggedSound | None]:
        """What each line tells, in their order; None of one that tells of no sound sent."""
        for line in lines:
            yield self._taken(line.rstrip("\r\n"))

    def _taken(self, line: str) -> LoggedSound | None:
        if line.startswith("#"):
            if line.startswith("#Fields:"):
                self.columns = line.split()[1:]
            return None
        values = self._values(line)
        if values is None:
            if line.strip():
                self.strange += 1
                self.first_strange = self.first_strange or line
            return None
        return _taken_of(values)

    def _values(self, line: str) -> Mapping[str, str] | None:
        """The line's values by name; None for a line in no format."""
        if self.columns:
            parts = line.split("\t")
            return _of_cloudfront(dict(zip(self.columns, parts, strict=False)))
        match = COMBINED.match(line) or S3.match(line)
        return (
            {name: value or "" for name, value in match.groupdict().items()}
            if match
            else None
        )


def _of_cloudfront(row: Mapping[str, str]) -> Mapping[str, str] | None:
    """Names as in other formats. Its `sc-bytes` count the head too: a few hundred of a sound's."""
    if "cs-uri-stem" not in row or "sc-status" not in row:
        return None
    start = row.get("sc-range-start", "-")
    return {
        "address": row.get("c-ip", ""),
        "time": f"{row.get('date', '')}T{row.get('time', '')}",
        "method": row.get("cs-method", ""),
        "path": row["cs-uri-stem"],
        "status": row["sc-status"],
        "bytes": row.get("sc-bytes", "-"),
        "agent": unquote(row.get("cs(User-Agent)", "")),
        "range": f"bytes {start}-" if start.isdecimal() else "",
    }


def _taken_of(values: Mapping[str, str]) -> LoggedSound | None:
    """The sound that an answer brought; None when it brought none."""
    sound = SOUND.search(values["path"].partition("?")[0])
    at = _time(values["time"])
    brought = int(values["status"]) in SENT and values["method"] == "GET"
    if not (sound and at and brought and values["bytes"].isdecimal()):
        return None
    range_ = CONTENT_RANGE.match(values.get("range", ""))
    start = int(range_[1]) if range_ else None
    if start is None and values["status"] == "200":
        start = 0
    episode, version, name = sound.groups()
    size = int(values["bytes"])
    return LoggedSound(
        at,
        values["address"],
        values["agent"],
        int(episode),
        int(version),
        name,
        start,
        size,
    )


def _time(text: str) -> datetime | None:
    """27/Nov/2026:12:31:03 +0700, or 2026-11-27T12:31:03 in UTC; None for another thing."""
    match = CLOCK.match(text)
    try:
        if match is None:
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        zone = timezone(offset if sign == "+" else -offset)
        numbers = int(year), MONTHS.index(month) + 1, int(day)
        return datetime(*numbers, int(hour), int(minute), int(second), tzinfo=zone)
    except ValueError:
        return None
