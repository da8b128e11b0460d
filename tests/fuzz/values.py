"""Values where others were expected: numbers, lists and nesting in JSON; fields of forms; files."""

import json
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.fuzz.words import ORDINARY, nasty

DEEPEST = 3000
MOST_MEMBERS = 3000
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**400,
    0.1,
    float("inf"),
    float("nan"),
    [],
    {},
    [[]],
    {"a": {"b": []}},
    ["x"] * 300,
)
BOUNDARY = "ranh-gioi"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def odd(random: Random) -> Any:
    """A value of any kind."""
    return nasty(random) if random.random() < 0.6 else random.choice(ODD)


def spoiled(random: Random, value: Any) -> Any:
    """A JSON value in which a member or more is another than it should be, or is too much."""
    if not isinstance(value, dict) or not value or random.random() < 0.1:
        return odd(random)
    found = dict(value)
    for _ in range(random.randint(1, 2)):
        name = random.choice(list(found))
        match random.randrange(4):
            case 0:
                found.pop(name)
                found = found or {"": odd(random)}
            case 1:
                found[nasty(random)[:200]] = odd(random)
            case _:
                found[name] = odd(random)
    return found


def as_json(random: Random, value: Any) -> bytes:
    """A value as JSON, now and then cut off, nested too deep, with too many members or in odd
    bytes.
    """
    whole = json.dumps(value)
    match random.randrange(24):
        case 0:
            return whole[: random.randrange(len(whole) + 1)].encode()
        case 1:
            return b"[" * DEEPEST + b"]" * DEEPEST
        case 2:
            return b'{"body":' * DEEPEST + b"1" + b"}" * DEEPEST
        case 3:
            return json.dumps({f"m{n}": n for n in range(MOST_MEMBERS)}).encode()
        case 4:
            return whole.encode("utf-16")
        case 5:
            return random.randbytes(300)
        case _:
            return whole.encode()


def as_form(fields: list[tuple[str, str]]) -> bytes:
    """Fields as a browser sends them; what no text can hold goes as a question mark."""
    return urlencode([(n, v) for n, v in fields], errors="replace").encode()


def as_multipart(
    fields: list[tuple[str, str]], files: list[tuple[str, str, bytes]]
) -> bytes:
    """Fields and files (field, name of the file, bytes) as a browser sends them."""
    parts = []
    for name, value in fields:
        head = f'Content-Disposition: form-data; name="{_quoted(name)}"'
        parts.append(
            f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode()
            + value.encode("utf-8", "replace")
        )
    for name, file, data in files:
        told = f'name="{_quoted(name)}"; filename="{_quoted(file)}"'
        head = f"Content-Disposition: form-data; {told}\r\nContent-Type: application/octet-stream"
        parts.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + data)
    return b"\r\n".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def _quoted(name: str) -> str:
    """A name as it may stand in a header."""
    kept = name.encode("utf-8", "replace").decode()
    return (
        kept.replace('"', "%22")
        .replace("\r", "%0D")
        .replace("\n", "%0A")
        .replace("\0", "")
    )


def fields_spoiled(
    random: Random, fields: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Fields of a form of which some hold what they should not, are missing, doubled or
    too many.
    """
    found = [
        (
            name,
            nasty(random) if name != "csrf_token" and random.random() < 0.4 else value,
        )
        for name, value in fields
    ]
    match random.randrange(12):
        case 0:
            found = [pair for pair in found if random.random() < 0.7]
        case 1:
            found += found
        case 2:
            found += [(f"f{n}", "1") for n in range(MOST_MEMBERS)]
        case 3:
            found.append((nasty(random)[:300], random.choice(ORDINARY)))
    return found
