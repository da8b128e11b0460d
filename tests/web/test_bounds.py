"""Whatever is sent, the answer is ours: never a fault of the house, and never late because of its
size.
"""

import io
import json
import re
import time

import pytest
from werkzeug.exceptions import BadRequest

from loa.assembly import BED, MIGRATIONS, TEMPLATES
from service.newsroom import Newsroom
from service.newsroom.values import NewArticle, Role, Slot, Station
from service.web.app import create_app
from service.web.inputs.bounds import (
    DEEPEST,
    MOST_ERRORS,
    MOST_FIELDS,
    MOST_VALUES,
    check_json,
)
from service.web.site import Site
from tests.conftest import QUICK, SENTENCES, Unsynced

DEEP = b"[" * 100_000
WIDE = json.dumps({f"m{n}": 1 for n in range(250_000)}).encode()
TEXTS = {
    "nothing": "",
    "NUL": "a\0b",
    "half a surrogate pair": "\ud800",
    "the other half": "a\udfff",
    "turned around": "\u202eđảo",
    "only marks": "\u0301" * 500,
    "not a character": "\uffff",
    "beyond the plane": "\U0010ffff" * 50,
    "a long word": "đ" * 100_000,
    "slashes": "http://a.b/" + "c/" * 500,
    "spaces": " " * 10_000,
    "lines": "\n" * 10_000,
    "quotes": "'; DROP TABLE station; --\"",
    "format": "%s%n{0}{{}}${x}",
    "markup": "<svg/onload=alert(1)>" * 100,
    "an entity": "&#x110000; &#0; &#xD800;",
    "a number": "9" * 400,
    "year 0": "0000-01-01T00:00:00",
    "year 1, east": "0001-01-01T00:00:00+14:00",
    "year 9999, west": "9999-12-31T23:59:59-14:00",
    "year 10000": "10000-01-01",
    "month 13": "2026-13-45T25:61:61",
    "a date of Mars": "2026-11-24T17:00:00+99:99",
    "leap second": "2016-12-31T23:59:60Z",
    "hour": "24:00",
    "Arabic digits": "٠٥:٠٠",
    "a path": "../../etc/passwd",
    "a scheme": "javascript:alert(1)",
    "a bad address": "http://[::1",
    "a port": "http://a:99999999/",
    "no host": "https://xa℀.vn/1",
}
VALUES: dict[str, object] = {
    "null": None,
    "true": True,
    "zero": 0,
    "minus": -1,
    "huge": 10**30,
    "float": 1e308,
    "nearly one": 0.9999999999999999,
    "empty list": [],
    "list of null": [None],
    "list of lists": [[[]]],
    "empty object": {},
    "object": {"": ""},
    "list of objects": [{"a": 1}] * 50,
    "many": ["a"] * 5_000,
}
RAW = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a number": b"1",
    "a string": b'"a"',
    "JSON in a string": b'"{}"',
    "half": b'{"body": "a',
    "deep": DEEP,
    "deep, closed": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "deep, one level too many": b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
    "wide": WIDE,
    "NaN": b'{"body": NaN, "rate": Infinity}',
    "a digit too many": b'{"rate": 1' + b"0" * 5_000 + b"}",
    "beyond floats": b'{"rate": 1e999999}',
    "twice": b'{"body": "a", "body": "b"}',
    "UTF-16": '{"body": "a"}'.encode("utf-16"),
    "no UTF-8": b'{"body": "\xff\xfe"}',
    "BOM": b"\xef\xbb\xbf{}",
    "NUL": b"\0" * 100,
    "XML": b"<a/>",
}
FORMS = {
    "too many": b"&".join(b"a%d=1" % n for n in range(300_000)),
    "only ampersands": b"&" * 100_000,
    "bad escapes": b"name=%zz%&password=%ff%fe",
    "no UTF-8": b"name=\xff\xfe",
    "NUL": b"name=a%00b&password=%00",
    "no equals": b"name",
    "long": b"name=" + b"a" * 1_000_000,
}
QUERIES = [
    "page=-1",
    "page=99999999999999999999",
    "page=0",
    "page=a",
    "q=%00",
    "q=%ff%fe",
    "q=" + "a" * 5_000,
    "q=%25%5f%22%27*()",
    "month=0000-00",
    "month=9999-12",
    "month=0001-01",
    "day=9999-12-31",
    "day=0001-01-01",
    "date=2026-02-30",
    "from=0001-01-01&to=9999-12-31",
    "ngay=9999-12-31",
    "ngay=0001-01-01",
    "state=nonsense",
    "station=nonsense",
    "limit=-5",
    "before=1e5",
    "next=//evil.example",
    "next=%0d%0aX:1",
    "n=" + "9" * 400,
    "trang=2&q=tin&page=2&endpoint=x&_method=POST&_scheme=x&_external=",
    "=",
    "a" * 3_000,
]
NUMBERS = ("0", "1", "999999999", "99999999999999999999")
WORDS = (
    "suoi-lanh",
    "khong-co",
    "%ff",
    "a" * 300,
    "..",
    "%2e%2e%2f",
    "0500",
    "9999",
    "A.mp3",
)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory, migrated):
    """One for all tests here: what they leave behind is part of the strangeness."""
    folder = tmp_path_factory.mktemp("bounds")
    (folder / "loa.db").write_bytes(migrated)
    files = Unsynced(folder / "files")
    found = Newsroom.open(f"sqlite:///{folder}/loa.db", files, MIGRATIONS, hasher=QUICK)
    slots = (Slot("05:00", 900),)
    found.stations.put(
        Station("suoi-lanh", "Đài Suối Lành", approval="required", slots=slots)
    )
    article = NewArticle("Xã làm đường", (SENTENCES,), "1", ("suoi-lanh",))
    found.articles.receive(article, "test")
    yield found
    found.database.close()


@pytest.fixture(scope="module")
def app(newsroom):
    site = Site(
        "https://loa.example", "Loa", TEMPLATES, "bí mật", bed=BED, urgent_voice="tone"
    )
    return create_app(newsroom, site)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def keys(newsroom):
    return {role: newsroom.people.add_key(role.value, role) for role in Role}


@pytest.fixture(scope="module")
def routes(app):
    """Every rule with each of its methods, and addresses for it: right ones and strange ones."""
    return [
        (method, address)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"})
        for address in addresses(rule)
    ]


def addresses(rule):
    built = [""]
    for is_name, part in rule._trace:
        values = [part]
        if is_name:
            numeric = "Number" in type(rule._converters[part]).__name__
            values = NUMBERS if numeric else WORDS
        built = [f"{start}{value}" for start in built for value in values]
    return [address.lstrip("|") for address in built[:: max(1, len(built) // 9)]]


def api_calls(routes):
    """One address of each call that changes something."""
    calls = {}
    for method, address in routes:
        if address.startswith("/api/v1/") and method != "GET":
            calls.setdefault(
                (method, address.count("/"), address.rpartition("/")[2]), address
            )
    return [(method, address) for (method, *_), address in calls.items()]


def ours(answer):
    assert answer.status_code < 500, (
        f"{answer.request.method} {answer.request.path[:200]}"
    )
    return answer


@pytest.mark.parametrize("name", RAW)
def test_a_strange_body_of_a_call(client, keys, routes, name):
    headers = {
        "Authorization": f"Bearer {keys[Role.ADMIN]}",
        "Content-Type": "application/json",
    }
    for method, address in api_calls(routes):
        if method in ("POST", "PUT", "PATCH"):
            ours(client.open(address, method=method, data=RAW[name], headers=headers))


@pytest.mark.parametrize("name", [*TEXTS, *VALUES])
def test_a_strange_value_of_a_member(client, keys, routes, name):
    value = TEXTS.get(name, VALUES.get(name))
    headers = {"Authorization": f"Bearer {keys[Role.ADMIN]}"}
    members = {
        "POST /api/v1/articles": (
            "body",
            "title",
            "lead",
            "published_at",
            "url",
            "stations",
        ),
        "PUT /api/v1/stations/suoi-lanh": (
            "name",
            "place",
            "voice",
            "slots",
            "duty",
            "rules",
        ),
        "POST /api/v1/urgent": ("body", "title", "expires_at", "stations"),
        "PATCH /api/v1/episodes/1": ("voice", "title", "sentences"),
        "PATCH /api/v1/episodes/1/sentences/1": ("spoken", "written"),
        "POST /api/v1/episodes/1/withdraw": ("reason",),
        "POST /api/v1/episodes/1/approve": ("version",),
        "POST /api/v1/episodes/1/corrections": ("wrong", "right", "sentence"),
        "POST /api/v1/bulletins": ("station", "slot", "date", "items"),
    }
    usual = {
        "body": "Bà con ra đồng từ sáng sớm. Trời nắng đẹp.",
        "title": "Tin",
        "name": "Đài",
    }
    for call, names in members.items():
        method, address = call.split()
        for member in names:
            body = usual | {member: value}
            ours(client.open(address, method=method, json=body, headers=headers))


@pytest.mark.parametrize("name", FORMS)
def test_a_strange_form(client, routes, name):
    forms = [
        address
        for method, address in routes
        if method == "POST" and "/api/" not in address
    ]
    for address in forms:
        kind = "application/x-www-form-urlencoded"
        ours(client.post(address, data=FORMS[name], content_type=kind))


NO_TEXTS = {"NUL": "a\0b", "half of a pair": "\ud800", "the other": "b\udfff"}
ENDPOINT = "https://push.example/"


@pytest.mark.parametrize("text", NO_TEXTS.values(), ids=NO_TEXTS)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_json_that_is_no_text_is_refused_before_any_login(client, method, text):
    for sent in (
        {"endpoint": ENDPOINT + text, "keys": {"p256dh": "A", "auth": "A"}},
        {"endpoint": ENDPOINT, "keys": {"p256dh": text, "auth": "A"}},
        {"endpoint": ENDPOINT, "keys": {}, text: 1},
        {"endpoint": ENDPOINT, "keys": {}, "more": [{"deep": [text]}]},
    ):
        answer = client.open("/push/phones", method=method, json=sent)
        assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["multipart/form-data", None])
@pytest.mark.parametrize("field", ["%s", "xa"])
def test_no_form_with_a_nul_reaches_a_page(client, routes, kind, field):
    forms = {
        address
        for method, address in routes
        if method == "POST" and not re.search("/api/|%|/push/|/hooks/[^/]+$", address)
    }
    name, value = field.replace("%s", "a\0"), "suoi-lanh\0"
    assert len(forms) > 50
    for address in forms:
        answer = client.post(address, data={name: value}, content_type=kind)
        assert answer.status_code in (400, 404, 405), address


def test_the_name_of_a_file_is_text(client):
    sent = {"file": (io.BytesIO(b"a"), "a\0.mp3")}
    assert client.post("/settings", data=sent).status_code == 400


@pytest.mark.parametrize("query", ["q=a%00", "%00=a", "q=a&q=%00"])
def test_no_query_with_a_nul_is_answered(client, query):
    for path in ("/", "/search", "/oembed", "/stations", "/embed"):
        assert client.get(f"{path}?{query}").status_code == 400


def test_a_cookie_that_is_no_text_is_none(app):
    header = {"Cookie": 'xa="suoi\\000lanh"; co=to'}
    with app.test_request_context("/", headers=header) as asked:
        assert dict(asked.request.cookies) == {"co": "to"}


@pytest.mark.parametrize("text", NO_TEXTS.values(), ids=NO_TEXTS)
def test_what_a_login_carries_is_text_or_nothing(app, newsroom, text):
    app.config["WTF_CSRF_ENABLED"], before = False, app.config["WTF_CSRF_ENABLED"]
    try:
        carried = json.dumps({"path": "/desk/a", "fields": [["a", text]]})
        form = {"name": "ai đó", "password": "sai", "carried": carried}
        assert app.test_client().post("/desk/login", data=form).status_code == 401
    finally:
        app.config["WTF_CSRF_ENABLED"] = before


@pytest.mark.parametrize("query", QUERIES)
def test_a_strange_query(client, keys, routes, query):
    headers = {"Authorization": f"Bearer {keys[Role.ADMIN]}"}
    plain = [
        address
        for method, address in routes
        if method == "GET"
        and "9999" not in address
        and "%" not in address
        and "aaa" not in address
    ]
    for address in plain:
        ours(client.get(f"{address}?{query}", headers=headers))


def test_strange_addresses(client, keys, routes):
    headers = {"Authorization": f"Bearer {keys[Role.ADMIN]}"}
    for method, address in routes:
        ours(client.open(address, method=method, headers=headers))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("If-None-Match", "\x80"),
        ("If-None-Match", '"' * 500),
        ("If-Match", "*,*"),
        ("If-Modified-Since", "Thu, 99 Jan 99999 99:99:99 GMT"),
        ("If-Unmodified-Since", "nonsense"),
        ("If-Range", "W/"),
        ("Range", "bytes=-0"),
        ("Range", "bytes=5-1"),
        ("Range", "bytes=" + "0-1," * 1000),
        ("Range", "bytes=99999999999999999999-"),
        ("Range", "seconds=1-2"),
        ("Accept", "*/*;q=9,,;"),
        ("Accept-Encoding", "gzip;q=nan"),
        ("Accept-Language", "\xff"),
        ("Authorization", "Bearer \xff\xfe"),
        ("Authorization", "Basic " + "A" * 5000),
        ("Cookie", "session=" + "." * 5000),
        ("Cookie", "=;=;" * 500),
        ("Host", "[::1"),
        ("Host", "a b"),
        ("Origin", "null"),
        ("Referer", "http://[::1"),
        ("Content-Type", "multipart/form-data"),
        ("Content-Type", "multipart/form-data; boundary=" + "a" * 500),
        ("Content-Type", "application/json; charset=klingon"),
        ("X-Requested-With", "\x01"),
        ("User-Agent", "\xff" * 500),
    ],
)
def test_a_strange_header(client, name, value):
    sound = "/stations/suoi-lanh/slots/0500/latest.mp3"
    for path in (
        "/",
        "/feeds/all.xml",
        "/desk/login",
        "/api/v1/episodes",
        "/healthz",
        sound,
    ):
        for method in ("GET", "HEAD", "POST"):
            ours(client.open(path, method=method, headers={name: value}))


def test_too_deep_and_too_wide_are_said_so_in_a_moment(client, keys):
    headers = {
        "Authorization": f"Bearer {keys[Role.EDITOR]}",
        "Content-Type": "application/json",
    }
    began = time.process_time()
    plain = len(json.loads(WIDE))
    parsed = time.process_time() - began
    assert plain == 250_000
    for body, said in ((DEEP + b"]" * 100_000, "nested deeper"), (WIDE, "more than")):
        began = time.process_time()
        answer = client.post("/api/v1/articles", data=body, headers=headers)
        assert answer.status_code == 400
        assert said in answer.json["detail"]
        assert len(answer.data) < 2_000
        # Of the processor: parsing, no more
        assert time.process_time() - began < 20 * parsed + 0.2


def test_a_form_of_too_many_fields_is_too_large(client):
    kind = "application/x-www-form-urlencoded"
    fields = [f"f{n}=1" for n in range(MOST_FIELDS - 1)]
    assert (
        client.post("/desk/login", data="&".join(fields), content_type=kind).status_code
        == 400
    )
    fields += ["a=1", "b=2"]
    assert (
        client.post("/desk/login", data="&".join(fields), content_type=kind).status_code
        == 413
    )


def test_only_the_first_errors_are_told(client, keys):
    body = {f"la{n}": "x" * 1000 for n in range(1000)} | {"y" * 5000: 1}
    headers = {"Authorization": f"Bearer {keys[Role.EDITOR]}"}
    answer = client.post("/api/v1/articles", json=body, headers=headers)
    assert answer.status_code == 422
    assert len(answer.json["errors"]) == MOST_ERRORS
    assert "more" in answer.json["detail"]
    assert len(answer.data) < 10_000


def test_a_key_of_too_low_a_role_learns_nothing_of_the_schema(
    client, keys, routes, app
):
    """Security H20: the role comes before the body, in every call."""
    calls = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"OPTIONS", "HEAD"}
        if rule.rule.startswith("/api/v1/") and rule.endpoint.startswith("api.")
    }
    refused = 0
    headers = {"Authorization": f"Bearer {keys[Role.OPERATOR]}"}
    for method, address in routes:
        if (
            address.startswith("/api/v1/")
            and method != "GET"
            and "99999" not in address
        ):
            answer = client.open(address, method=method, data=b"{", headers=headers)
            assert answer.status_code in (308, 403, 404)
            refused += answer.status_code == 403
    assert refused >= len([call for call in calls if call[0] != "GET"])


@pytest.mark.parametrize(
    "value",
    [[[]] * 10_000, {"a": [1] * MOST_VALUES}, {str(n): {} for n in range(MOST_VALUES)}],
)
def test_what_is_just_within_bounds_is_taken(value):
    if isinstance(value, list):
        check_json(value)
    else:
        key = next(iter(value))
        if len(value) == 1:
            value[key].pop()
        check_json(value)
        value["one more"] = 1
        with pytest.raises(BadRequest):
            check_json(value)
