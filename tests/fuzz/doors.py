"""The doors: how an input at each of them is made from its random numbers."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.fuzz import files
from tests.fuzz.alerts import alert
from tests.fuzz.calls import FORM, Call
from tests.fuzz.place import Place
from tests.fuzz.schemas import example
from tests.fuzz.values import (
    MULTIPART,
    as_form,
    as_json,
    as_multipart,
    fields_spoiled,
    odd,
    spoiled,
)
from tests.fuzz.words import ORDINARY, counted, nasty, typed

A_DAY = "2026-11-20T08:00:00+07:00"
PAGES = (
    "/",
    "/search",
    "/archive",
    "/topics/",
    "/articles/",
    "/stations/",
    "/stations/suoi-lanh/airings/",
    "/stations/suoi-lanh/reports/",
    "/stations/suoi-lanh/slots/",
    "/feeds/station/",
    "/media/1/1/",
    "/embed/articles/",
    "/covers/topic/",
    "/qr/",
    "/player/",
    "/sitemaps/",
    "/desk/episodes/",
    "/api/v1/episodes/",
)
ENDS = (
    "",
    "latest.mp3",
    "0500/latest.json",
    "1",
    "1.xml",
    "2026-02-31-0500.zip",
    "2026-13.csv",
)


@dataclass(frozen=True, slots=True)
class Input:
    """A call, and the words that somebody typed in it: once it is taken, all of them have to be
    read.
    """

    call: Call
    words: Counter[str] | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """A way in. `share` is how many of a hundred inputs go there."""

    name: str
    share: int
    make: Callable[[Random, Place], Input]


def text_of_a_program(random: Random, place: Place) -> Input:
    """`format: text` by a program: nothing of it may be lost."""
    title, lines = typed(random)
    whole = {"format": "text", "title": title, "body": "\n".join(lines)}
    call = Call(
        "POST", "/api/v1/articles", json.dumps(whole).encode(), place.with_key()
    )
    return Input(call, counted(title, *lines))


def text_of_a_person(random: Random, place: Place) -> Input:
    """The same, typed at the desk's form."""
    title, lines = typed(random)
    form = place.form("/desk/new")
    values = {"title": title, "body": "\r\n".join(lines), "format": "text", "send": "1"}
    fields = [*form.named(**values, stations=place.watched)]
    kind, body = (
        (MULTIPART, as_multipart(fields, []))
        if form.file_fields
        else (FORM, as_form(fields))
    )
    call = Call("POST", form.action, body, {"Content-Type": kind}, with_session=True)
    return Input(call, counted(title, *lines))


def article(random: Random, place: Place) -> Input:
    """An article of a program that is not as it should be."""
    whole = {
        "format": random.choice(("text", "html", "page")),
        "title": random.choice(ORDINARY),
        "body": random.choice(
            (nasty(random), "\n".join(random.choices(ORDINARY, k=5)))
        ),
        "published_at": random.choice((A_DAY, A_DAY, nasty(random))),
        "external_id": str(random.randrange(30)),
        "stations": [place.spare],
    }
    return _json(random, place, "POST", "/api/v1/articles", whole)


def warning(random: Random, place: Place) -> Input:
    """A warning typed by a program."""
    whole = {
        "title": random.choice(ORDINARY),
        "body": random.choice((nasty(random), "Bà con lên chỗ cao ngay.")),
        "stations": [random.choice((place.spare, place.watched, "all", nasty(random)))],
        "minutes": random.choice((1, 180, 180, odd(random))),
        "times": random.choice((1, 2, 3, odd(random))),
    }
    return _json(random, place, "POST", "/api/v1/urgent", whole)


def cap(random: Random, place: Place) -> Input:
    """A warning as CAP."""
    path = f"/api/v1/urgent?stations={place.spare}&times={random.choice((1, 1, 1, 2, 3, 'x'))}"
    kind = random.choice(("application/xml", "application/cap+xml", "text/xml"))
    return Input(Call("POST", path, alert(random), place.with_key(kind)))


def recording(random: Random, place: Place) -> Input:
    """A recording of its own, or for a sentence or chime."""
    n = random.choice(place.numbers)
    method, path = random.choice(
        (
            ("POST", "/api/v1/recordings"),
            ("PUT", f"/api/v1/episodes/{n}/recording"),
            ("PUT", f"/api/v1/episodes/{n}/sentences/{random.randrange(4)}/recording"),
            ("PUT", f"/api/v1/stations/{place.spare}/chimes/opening"),
        )
    )
    told = [
        ("title", random.choice(ORDINARY)),
        ("announcer", "chị Sen"),
        ("stations", place.spare),
    ]
    told = fields_spoiled(random, told)
    sent = [("file", files.name_of_file(random), files.sound(random))]
    return Input(
        Call(method, path, as_multipart(told, sent), place.with_key(MULTIPART))
    )


def station(random: Random, place: Place) -> Input:
    """The rules of a station."""
    slot = {
        "at": random.choice(("05:00", "17:30", "24:00", nasty(random))),
        "max_seconds": 900,
    }
    whole = {
        "name": random.choice(ORDINARY),
        "slots": [spoiled(random, slot) if random.random() < 0.5 else slot],
        "duty": [random.choice(("a@b.example", "https://c.example/", nasty(random)))],
        "speaker_tempo": random.choice((0.9, odd(random))),
    }
    return _json(random, place, "PUT", f"/api/v1/stations/{place.spare}", whole)


def any_call(random: Random, place: Place) -> Input:
    """A call of the API's document, with what the document says or with something else."""
    operation = random.choice(place.operations)
    own = (
        place.spare
        if operation.method == "PUT"
        else random.choice((place.spare, place.watched))
    )
    values = {"slug": own, "hhmm": "0500", "name": "opening"}
    path = operation.path
    for part in _names_in(path):
        value = values.get(part) or str(random.choice((*place.numbers, 0, 2**31, "x")))
        path = path.replace("{" + part + "}", value)
    whole = example(random, operation.schema, place.schemas)
    if operation.media.startswith("multipart"):
        told = [
            (name, str(value)) for name, value in dict(whole).items() if name != "file"
        ]
        body = as_multipart(told, [("file", "a.wav", files.sound(random))])
        return Input(Call(operation.method, path, body, place.with_key(MULTIPART)))
    return _json(random, place, operation.method, path, whole)


def any_form(random: Random, place: Place) -> Input:
    """A form of some page, filled in wrongly."""
    form = random.choice(place.forms)
    fields = fields_spoiled(random, list(form.fields))
    if form.method == "GET":
        return Input(
            Call("GET", f"{form.action}?{as_form(fields).decode()}", with_session=True)
        )
    if form.file_fields or random.random() < 0.1:
        sent = [
            (n, files.name_of_file(random), files.document(random))
            for n in form.file_fields
        ]
        kind, body = MULTIPART, as_multipart(fields, sent)
    else:
        kind, body = FORM, as_form(fields)
    return Input(
        Call("POST", form.action, body, {"Content-Type": kind}, with_session=True)
    )


def dictionary(random: Random, place: Place) -> Input:
    """A table of terms at the desk."""
    return _table(place, "/desk/terms/import", "tu-dien.tsv", files.terms(random))


def sheet(random: Random, place: Place) -> Input:
    """A table of stations at the desk, looked at or kept."""
    data = files.stations(random)
    pressed = random.choice(({}, {"save": "1"}))
    return _table(place, "/desk/stations/sheet.csv", "dai.csv", data, **pressed)


def login(random: Random, place: Place) -> Input:
    """Somebody who has no login, with or without the page's token."""
    fields = [
        ("name", nasty(random)),
        ("password", nasty(random)),
        ("next", nasty(random)),
    ]
    body = as_form(fields_spoiled(random, fields))
    return Input(Call("POST", "/desk/login", body, {"Content-Type": FORM}))


def address(random: Random, place: Place) -> Input:
    """A page that is there or not, asked in some way or other."""
    tail = random.choice(ENDS) if random.random() < 0.6 else nasty(random)[:1500]
    query = (
        f"?q={nasty(random)[:1500]}&page={odd(random)}" if random.random() < 0.3 else ""
    )
    path = (random.choice(PAGES) + tail + query).encode("utf-8", "replace").decode()
    headers = {
        "Range": random.choice(
            ("bytes=0-", "bytes=5-2", "bytes=-0", "x", "bytes=0-1,2-3")
        )
    }
    method = random.choice(("GET", "GET", "GET", "HEAD", "OPTIONS", "DELETE"))
    return Input(Call(method, path, b"", headers, with_session=random.random() < 0.3))


DOORS = (
    Door("API: text, words counted", 12, text_of_a_program),
    Door("desk: text, words counted", 12, text_of_a_person),
    Door("API: articles", 13, article),
    Door("API: warnings", 6, warning),
    Door("API: CAP", 8, cap),
    Door("API: recordings", 7, recording),
    Door("API: stations", 6, station),
    Door("API: any call", 10, any_call),
    Door("desk: any form", 11, any_form),
    Door("desk: terms.tsv", 3, dictionary),
    Door("desk: stations.csv", 3, sheet),
    Door("desk: login", 4, login),
    Door("any address", 5, address),
)


def _table(place: Place, action: str, name: str, data: bytes, **values: str) -> Input:
    """A table, sent by the form that asks for it."""
    form = place.form(action)
    body = as_multipart(form.named(**values), [(form.file_fields[0], name, data)])
    headers = {"Content-Type": MULTIPART}
    return Input(Call("POST", form.action, body, headers, with_session=True))


def _json(
    random: Random, place: Place, method: str, path: str, whole: dict[str, Any]
) -> Input:
    if random.random() < 0.4:
        whole = spoiled(random, whole)
    kind = (
        "application/json"
        if random.random() < 0.95
        else random.choice(("text/plain", ""))
    )
    return Input(Call(method, path, as_json(random, whole), place.with_key(kind)))


def _names_in(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]
