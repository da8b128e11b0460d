"""What stands where the doors are: numbers and names to put into calls, forms of pages, calls of
the API.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import html

from tests.fuzz.calls import FORM, Call, Sender
from tests.fuzz.values import as_form

MOST_PAGES = 60
FIRST_PAGES = (
    "/desk",
    "/desk/new",
    "/desk/people",
    "/desk/terms",
    "/desk/stations",
    "/",
    "/desk/urgent",
)
# Forms that would put the fuzz itself out: its session, its key, the slot that is watched.
SPARED = re.compile(
    r"/(login|logout|password|revoke|sessions?|two-factor|totp)|/people\b.*/\d|/stations/suoi-lanh"
)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a page, as it would be sent untouched."""

    page: str
    action: str
    method: str
    kind: str
    fields: tuple[tuple[str, str], ...]
    file_fields: tuple[str, ...]

    def named(self, **values: str) -> list[tuple[str, str]]:
        """Its fields with some of them filled in."""
        kept = [(name, value) for name, value in self.fields if name not in values]
        return [*kept, *values.items()]


@dataclass(frozen=True, slots=True)
class Operation:
    """A call of the API's own document."""

    method: str
    path: str
    media: str
    schema: dict[str, Any]


@dataclass(frozen=True)
class Place:
    """An installation with news in it. `numbers` are of episodes that may be changed by anybody's
    input.
    """

    sender: Sender
    key: str
    watched: str
    spare: str
    numbers: range
    forms: tuple[Form, ...]
    operations: tuple[Operation, ...]
    schemas: dict[str, Any]  # the document's components, by name

    def with_key(self, kind: str = "application/json") -> dict[str, str]:
        """The headers of a program's call."""
        return {"Authorization": f"Bearer {self.key}", "Content-Type": kind}

    def form(self, action: str) -> Form:
        """The form that is sent to an address."""
        return next(form for form in self.forms if form.action == action)


def explored(
    sender: Sender, key: str, watched: str, spare: str, numbers: range
) -> Place:
    """The place as its pages and its API's document tell of it; the sender is logged in already."""
    document = json.loads(sender.send(Call("GET", "/api/v1/openapi.json")).body)
    schemas = document.get("components", {}).get("schemas", {})
    forms = tuple(_forms(sender))
    return Place(
        sender,
        key,
        watched,
        spare,
        numbers,
        forms,
        tuple(_operations(document)),
        schemas,
    )


def logged_in(sender: Sender, name: str, password: str) -> None:
    """Gives the sender a person's session."""
    _filled_in(sender, "/desk/login", name=name, password=password)


def settled(sender: Sender, one_time: str, password: str) -> None:
    """Changes the one-time password of who is logged in: before that no other page is open
    to them.
    """
    _filled_in(sender, "/desk/password", old=one_time, password=password)


def _filled_in(sender: Sender, page: str, **values: str) -> None:
    (form,) = (form for form in _forms_of(sender, page, []) if form.action == page)
    body = as_form(form.named(**values))
    answer = sender.send(
        Call("POST", page, body, {"Content-Type": FORM}, with_session=True)
    )
    assert answer.status == 303, f"{page} answered the fuzz {answer.status}"


def _operations(document: dict[str, Any]) -> list[Operation]:
    found = []
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            content = told.get("requestBody", {}).get("content", {"": {}})
            for media, body in content.items():
                found.append(
                    Operation(method.upper(), path, media, body.get("schema", {}))
                )
    return found


def _forms(sender: Sender) -> list[Form]:
    """One form of each kind, from pages that are linked from one another."""
    seen: set[str] = set()
    kinds: dict[str, Form] = {}
    ahead = list(FIRST_PAGES)
    while ahead and len(seen) < MOST_PAGES:
        page = ahead.pop(0)
        if _kind(page) in seen:
            continue
        seen.add(_kind(page))
        for form in _forms_of(sender, page, ahead):
            if not SPARED.search(form.action):
                kinds.setdefault(f"{form.method} {_kind(form.action)}", form)
    return list(kinds.values())


def _kind(path: str) -> str:
    return re.sub(r"\d+", "#", path)


def _forms_of(sender: Sender, page: str, ahead: list[str]) -> list[Form]:
    """The forms of a page; links of it to pages of ours are added to `ahead`."""
    answer = sender.send(Call("GET", page, with_session=True))
    if answer.status != 200 or b"<html" not in answer.body:
        return []
    tree: Any = html.document_fromstring(answer.body)
    for link in tree.xpath("//a/@href"):
        parts = urlsplit(urljoin(page, link))
        if (
            not parts.netloc
            and parts.path.startswith("/")
            and not SPARED.search(parts.path)
        ):
            ahead.append(parts.path)
    found = []
    for form in tree.forms:
        action = urlsplit(urljoin(page, form.action or page)).path
        files = tuple(form.xpath(".//input[@type='file']/@name"))
        fields = tuple((n, v) for n, v in form.form_values() if n not in files)
        outside = tuple(
            (n, "") for n in form.xpath(".//textarea/@name") if n not in dict(fields)
        )
        kind = form.get("enctype", FORM)
        found.append(
            Form(page, action, form.method.upper(), kind, fields + outside, files)
        )
    return found
