"""CAP 1.2 alerts: right ones, and ones in which something is missing, doubled, nasty or a trap."""

from datetime import UTC, datetime, timedelta
from random import Random
from xml.sax.saxutils import escape

from tests.fuzz.words import nasty

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
BOMB = (
    '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">'
    + "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 9))
    + "]>"
).replace("&b0;", "&b;")
FILE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def alert(random: Random) -> bytes:
    """One alert, as bytes."""
    head = {
        "identifier": f"VN-{random.randrange(40)}",
        "sender": "canhbao@kttv.example",
        "sent": "2026-11-24T15:00:00+07:00",
        "status": random.choice(("Actual", "Actual", "Exercise", "Test")),
        "msgType": random.choice(("Alert", "Update", "Cancel")),
        "scope": "Public",
        "references": "canhbao@kttv.example,VN-1,2026-11-24T15:00:00+07:00",
    }
    info = {
        "language": "vi-VN",
        "category": "Met",
        "event": "Lũ quét",
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Likely",
        "expires": random.choice((_soon(), _soon(), _soon(), "2199-01-01T00:00:00Z")),
        "headline": "Cảnh báo lũ quét",
        "description": "Nước suối đang lên nhanh.",
    }
    body = (
        _elements(random, head) + f"<info>{_elements(random, info)}<area></area></info>"
    )
    whole = f'<alert xmlns="{NAMESPACE}">{body}</alert>'
    match random.randrange(16):
        case 0:
            whole = BOMB + whole.replace("Nước", "&b8;")
        case 1:
            whole = FILE + whole.replace("Nước", "&x;")
        case 2:
            whole = "<a>" * 4000 + whole
        case 3:
            whole = whole.replace("<info>", f"<info {'a1=1 ' * 300}>")
        case 4:
            whole = whole[: random.randrange(len(whole))]
    encoding = random.choice((*["utf-8"] * 8, "utf-16", "cp1258"))
    return whole.encode(encoding, "replace")


def _soon() -> str:
    return (datetime.now(UTC) + timedelta(hours=3)).isoformat(timespec="seconds")


def _elements(random: Random, values: dict[str, str]) -> str:
    lines = []
    for name, value in values.items():
        if random.random() < 0.02:
            value = nasty(random)
        line = f"<{name}>{escape(value)}</{name}>"
        lines.append(line * random.choice((0, 2, *[1] * 80)))
    return "".join(lines)
