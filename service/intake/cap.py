"""Alerts in the Common Alerting Protocol (CAP 1.2) become warnings that can be read aloud in
Vietnamese.

Source: OASIS Standard CAP-V1.2, 1 July 2010,
https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lxml import etree

from service.intake import apart
from service.intake.letters import lines_of, tidy
from service.intake.limits import LONGEST_TITLE_CHARS
from service.intake.story import Rejected
from service.zone import VIETNAM

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
LARGEST_ALERT_BYTES = 256 * 1024
LONGEST_WARNING_CHARS = 6_000  # seven minutes of speech, before it is repeated
MOST_INFOS, MOST_AREAS, MOST_REFERENCES = 20, 100, 50
DRILL = "Đây là diễn tập."
TOLD = ("description", "instruction")  # in the order in which they are read
SEVERITIES = {  # as listeners hear them; "Unknown" is not said
    "Extreme": "đặc biệt nghiêm trọng",
    "Severe": "nghiêm trọng",
    "Moderate": "trung bình",
    "Minor": "nhẹ",
    "Unknown": "",
}


class AlertKind(StrEnum):
    """What an alert is for (msgType)."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


@dataclass(frozen=True, slots=True)
class Alert:
    """A CAP alert: what it is called (`cap_id`), what it replaces or ends, and what listeners hear.

    `title` and `paragraphs` are empty when a Cancel has nothing to say; `expires_at` is None when
    it names no end.
    """

    cap_id: str  # "sender,identifier,sent", as other alerts refer to it
    kind: AlertKind
    references: tuple[str, ...]
    title: str = ""
    paragraphs: tuple[str, ...] = ()
    severity: str = "Unknown"
    expires_at: datetime | None = None


def parse_cap(data: bytes) -> Alert:
    """The alert in a CAP 1.2 document; Rejected names the element at fault, as in `info.expires`.

    It is read apart, in a child process: anybody may write what a sender passes on.
    """
    if len(data) > LARGEST_ALERT_BYTES:
        raise _too_large()
    values = apart.call("cap", data)
    ends = values.pop("expires_at")
    return Alert(
        **values
        | {
            "kind": AlertKind(values["kind"]),
            "references": tuple(values["references"]),
            "paragraphs": tuple(values["paragraphs"]),
            "expires_at": datetime.fromisoformat(ends) if ends else None,
        }
    )


def alert_to_json(alert: Alert) -> dict[str, Any]:
    """All fields in values that JSON knows."""
    ends = alert.expires_at
    return asdict(alert) | {"expires_at": ends.isoformat() if ends else None}


def read_cap(data: bytes) -> Alert:
    """The same as `parse_cap`, in this very process."""
    alert = _root(data)
    sender = _name(alert, "sender")
    identifier = _name(alert, "identifier")
    sent = _text(alert, "sent", needed=True)
    _when(sent, "sent")
    status = _one_of(alert, "status", ("Actual", "Exercise", "System", "Test", "Draft"))
    if status not in ("Actual", "Exercise"):
        raise Rejected(
            "status",
            "not_actual",
            f"an alert of status {status} is not for listeners; only Actual and Exercise are broadcast",
            f"Bản tin CAP có trạng thái {status}, không dành cho người nghe nên không phát.",
        )
    kind = _one_of(alert, "msgType", ("Alert", "Update", "Cancel", "Ack", "Error"))
    if kind in ("Ack", "Error"):
        raise Rejected(
            "msgType",
            "not_an_alert",
            f"{kind} answers another message; only Alert, Update and Cancel are taken",
            "Bản tin CAP này chỉ là hồi đáp, không phải cảnh báo.",
        )
    scope = _one_of(alert, "scope", ("Public", "Restricted", "Private"))
    if scope != "Public":
        raise Rejected(
            "scope",
            "not_public",
            f"an alert of scope {scope} must not be broadcast",
            "Bản tin CAP này không dành cho công chúng nên không được phát.",
        )
    references = _references(alert)
    if kind != "Alert" and not references:
        raise Rejected(
            "references",
            "missing",
            f"{kind} must name the alerts it is about: sender,identifier,sent",
            "Bản tin cập nhật hoặc hủy phải nêu bản tin trước đó (references).",
        )
    found = Alert(f"{sender},{identifier},{sent}", AlertKind(kind), references)
    infos = alert.findall(_tag("info"))
    if kind == "Cancel":
        return found
    return _with_words(found, _in_vietnamese(infos), drill=status == "Exercise")


def _too_large() -> Rejected:
    return Rejected(
        "cap",
        "too_large",
        f"an alert has at most {LARGEST_ALERT_BYTES // 1024} kB",
        f"Bản tin CAP quá lớn (trên {LARGEST_ALERT_BYTES // 1024} kB).",
    )


def _root(data: bytes) -> etree._Element:
    # Nothing outside the document is looked at, and what it declares is not expanded.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Rejected(
            "cap",
            "not_xml",
            f"this is no XML: {error}",
            "Nội dung không phải XML hợp lệ.",
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Rejected(
            "cap",
            "doctype",
            "a document type is not allowed",
            "Bản tin CAP không được khai báo DOCTYPE.",
        )
    if root.tag != _tag("alert"):
        raise Rejected(
            "cap",
            "not_cap",
            f"this is {root.tag}, not an alert of CAP 1.2 ({NAMESPACE})",
            "Nội dung không phải bản tin CAP 1.2.",
        )
    return root


def _with_words(alert: Alert, infos: Sequence[etree._Element], *, drill: bool) -> Alert:
    """The alert with what is read of it: a drill is called one first, and its end is said last."""
    ends = [
        end for info in infos if (end := _when(_text(info, "expires"), "info.expires"))
    ]
    severities = [
        _one_of(info, "severity", tuple(SEVERITIES), "info.severity") for info in infos
    ]
    paragraphs = [text for info in infos for text in _paragraphs(info)]
    heading = (
        tidy(_text(infos[0], "headline"))
        or f"Cảnh báo: {tidy(_text(infos[0], 'event', needed=True))}"
    )
    if len(heading) > LONGEST_TITLE_CHARS:
        raise Rejected(
            "info.headline",
            "too_long",
            f"at most {LONGEST_TITLE_CHARS} characters",
            "Tiêu đề của cảnh báo quá dài.",
        )
    if sum(map(len, paragraphs)) > LONGEST_WARNING_CHARS:
        raise Rejected(
            "info.description",
            "too_long",
            f"a warning has at most {LONGEST_WARNING_CHARS} characters",
            f"Cảnh báo dài quá {LONGEST_WARNING_CHARS} ký tự; hãy rút gọn.",
        )
    if drill:
        heading = f"{DRILL} {heading}"
    return Alert(
        cap_id=alert.cap_id,
        kind=alert.kind,
        references=alert.references,
        title=heading,
        paragraphs=tuple(paragraphs),
        severity=min(severities, key=list(SEVERITIES).index),
        expires_at=max(ends) if len(ends) == len(infos) else None,
    )


def _paragraphs(info: etree._Element) -> list[str]:
    """What is read of one info: where, how bad, what, what to do, and until when."""
    words = [
        _closed(line)
        for name in TOLD
        for line in map(tidy, lines_of(_text(info, name)))
        if line
    ]
    parts = [_where(info), _how_bad(info), *words, _how_long(info)]
    return [part for part in parts if part]


def _where(info: etree._Element) -> str:
    """ "Khu vực: …; …."; "" when no area is named. Beyond `MOST_AREAS` it says how many more."""
    texts = (area.findtext(_tag("areaDesc")) for area in info.iterfind(_tag("area")))
    areas = [area for text in texts if (area := tidy(text or ""))]
    listed = "; ".join(areas[:MOST_AREAS]).rstrip(".")
    if len(areas) > MOST_AREAS:
        listed += f"; và {len(areas) - MOST_AREAS} khu vực khác"
    return f"Khu vực: {listed}." if listed else ""


def _how_bad(info: etree._Element) -> str:
    """ "Mức độ: …."; "" where the sender does not know."""
    severity = SEVERITIES[_one_of(info, "severity", tuple(SEVERITIES), "info.severity")]
    return f"Mức độ: {severity}." if severity else ""


def _how_long(info: etree._Element) -> str:
    """From when until when it holds, "" when no end is named.

    Rejected when it ends before it begins.
    """
    onset = _when(_text(info, "onset"), "info.onset")
    begins = onset or _when(_text(info, "effective"), "info.effective")
    ends = _when(_text(info, "expires"), "info.expires")
    if not ends:
        return ""
    if not begins:
        return f"Cảnh báo có hiệu lực đến {said(ends)}."
    # Read out, it would be in force never; a sender's mistake must come back to the sender.
    if begins >= ends:
        raise Rejected(
            "info.expires",
            "ends_before",
            "it ends before it begins",
            "Giờ hết hiệu lực sớm hơn giờ bắt đầu.",
        )
    return f"Cảnh báo có hiệu lực từ {said(begins)} đến {said(ends)}."


def said(time: datetime) -> str:
    """A time as it is written to be read aloud: "17h30 ngày 24/11/2026"."""
    local = time.astimezone(VIETNAM)
    return f"{local.hour}h{f'{local.minute:02}' if local.minute else ''} ngày {local.day}/{local.month}/{local.year}"


def _in_vietnamese(infos: Sequence[etree._Element]) -> list[etree._Element]:
    """The infos in Vietnamese; else those that do not say in which language they are."""
    if not infos:
        raise Rejected(
            "info",
            "missing",
            "an alert needs an info",
            "Bản tin CAP không có phần nội dung (info).",
        )
    if len(infos) > MOST_INFOS:
        raise Rejected(
            "info",
            "too_many",
            f"at most {MOST_INFOS} infos",
            "Bản tin CAP có quá nhiều phần nội dung.",
        )
    named = [(_text(info, "language").lower(), info) for info in infos]
    found = [info for language, info in named if re.match(r"vi\b", language)]
    found = found or [info for language, info in named if not language]
    if not found:
        languages = ", ".join(language for language, _ in named)
        raise Rejected(
            "info.language",
            "not_vietnamese",
            f"no info is in Vietnamese, only {languages}: our voices would garble it",
            "Bản tin CAP không có nội dung tiếng Việt.",
        )
    return found


def _references(alert: etree._Element) -> tuple[str, ...]:
    found = tuple(_text(alert, "references").split())
    if len(found) > MOST_REFERENCES or any(each.count(",") != 2 for each in found):
        raise Rejected(
            "references",
            "not_references",
            f"references are at most {MOST_REFERENCES} of sender,identifier,sent, parted by spaces",
            "Phần references không đúng dạng người gửi,mã,thời gian.",
        )
    return found


def _name(alert: etree._Element, name: str) -> str:
    """A sender or identifier: no spaces, commas, < or & (CAP 1.2, 3.2.1)."""
    found = _text(alert, name, needed=True)
    if len(found) > 200 or re.search(r"[\s,<&]", found):
        raise Rejected(
            name,
            "not_a_name",
            f"{name} has at most 200 characters and no spaces, commas, < or &",
            f"Phần {name} không hợp lệ.",
        )
    return found


def _one_of(
    element: etree._Element, name: str, choices: Sequence[str], field: str = ""
) -> str:
    found = _text(element, name, needed=True)
    if found not in choices:
        raise Rejected(
            field or name,
            "unknown_value",
            f"{field or name} is one of {', '.join(choices)}, not {found[:60]!r}",
            f"Phần {field or name} không hợp lệ.",
        )
    return found


def _text(element: etree._Element, name: str, *, needed: bool = False) -> str:
    """The text of an element that CAP 1.2 has at most once.

    What stands twice, or is in pieces, may be read otherwise by another reader: it is refused.
    """
    field = name if element.tag == _tag("alert") else f"info.{name}"
    elements = element.findall(_tag(name))
    if len(elements) > 1 or any(len(each) for each in elements):
        raise Rejected(
            field,
            "ambiguous",
            f"{field} stands in the alert more than once, or has something inside it",
            f"Phần {field} của bản tin CAP bị lặp lại hoặc có phần khác lồng vào.",
        )
    found = (elements[0].text or "").strip() if elements else ""
    if needed and not found:
        raise Rejected(
            field,
            "missing",
            f"the alert has no {field}",
            f"Bản tin CAP thiếu phần {field}.",
        )
    return found


def _when(text: str, field: str) -> datetime | None:
    """A time of the alert; it must name its zone (CAP 1.2, 3.3.2)."""
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise Rejected(
            field,
            "not_a_time",
            f"{field} {text[:60]!r} is no time such as 2026-11-24T17:00:00+07:00",
            f"Thời gian ở phần {field} không đúng dạng.",
        )
    return time


def _closed(line: str) -> str:
    return line if line.endswith((".", "!", "?", ":", ";", "…")) else f"{line}."


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
