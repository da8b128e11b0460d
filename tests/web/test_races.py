"""The same thing asked for many times at once, on both databases: each is answered, and one comes
of it.
"""

import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from loa.assembly import MIGRATIONS
from service.guard import Guard
from service.newsroom import Newsroom
from service.newsroom.staff.passkey_door import Caller
from service.newsroom.values import Lane, Role, State, Station, Visitor
from service.newsroom.values.passkeys import Realm
from tests.conftest import QUICK, Unsynced
from tests.house import PASSWORD
from tests.system.servers import empty_database
from tests.web.authenticator import ORIGIN, Authenticator
from workers.line import work

BODY = "Bà con ra đồng từ sáng sớm. Trời nắng đẹp."
MOST_ASKED = 5  # times, before "come back later" is an error
ALONE = 2  # stations that one may warn alone
AT_ONCE = 20  # threads: more than a pool of connections gives out without waiting


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)],
)
def address(request, tmp_path_factory):
    if request.param == "postgres":
        return empty_database(request.getfixturevalue("postgres"))
    path = tmp_path_factory.mktemp("races") / "loa.db"
    path.write_bytes(request.getfixturevalue("migrated"))
    return f"sqlite:///{path}"


@pytest.fixture
def newsroom(address, tmp_path, clock):
    found = Newsroom.open(
        address,
        Unsynced(tmp_path / "files"),
        MIGRATIONS,
        now=clock,
        hasher=QUICK,
        guard=Guard.parse("127.0.0.1"),
        alone=ALONE,
    )
    found.database.migrate()
    found.stations.put(Station("suoi-lanh", "Đài Suối Lành", approval="required"))
    yield found
    found.database.close()


@pytest.fixture
def race(app, newsroom):
    """Calls to the API, all begun at one moment; what each answered. No answer is an error of the
    house.

    Whoever waited too long behind the others is told when to come back (`Retry-After`), and does.
    """
    key = newsroom.people.add_key(secrets.token_hex(8), Role.ADMIN)

    def ask(method, path, body):
        headers = {"Authorization": f"Bearer {key}"}
        return app.test_client().open(
            f"/api/v1{path}", method=method, json=body, headers=headers
        )

    def race(*calls):
        start = Barrier(min(AT_ONCE, len(calls)))

        def call(numbered):
            number, (method, path, body) = numbered
            if number < start.parties:
                start.wait()
            for _ in range(MOST_ASKED):
                answer = ask(method, path, body)
                if "Retry-After" not in answer.headers:
                    break
            return answer

        with ThreadPoolExecutor(AT_ONCE) as threads:
            answers = list(threads.map(call, enumerate(calls)))
        assert all(answer.status_code < 500 for answer in answers), Counter(
            (answer.status_code, answer.text) for answer in answers
        )
        return answers

    return race


@pytest.fixture
def until(newsroom, studio):
    """Works until the episode stands there, or nothing is left to do; what other tests
    left waits.
    """

    def until(number, *states):
        while newsroom.episodes.get(number).state not in states:
            job = newsroom.jobs.claim("test", (Lane.FAST,))
            if job is None:
                return
            work(job, studio)

    return until


@pytest.fixture
def mastered(race, until, tmp_path):
    """The address of an episode that waits for approval."""
    body = {
        "title": f"Tin {tmp_path.name}",
        "body": f"{BODY} {tmp_path}",
        "priority": "urgent",
    }
    (answer,) = race(("POST", "/articles", body))
    address = answer.json["episode"].removeprefix("/api/v1")
    until(number_in(address), State.MASTERED)
    return address


def number_in(address):
    return int(address.rpartition("/")[2])


def test_the_same_article_is_one(race):
    answers = race(*[("POST", "/articles", {"title": "Tin", "body": BODY})] * 40)
    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len({answer.json["episode"] for answer in answers}) == 1


def test_every_text_of_one_article_is_a_revision(race, newsroom):
    texts = [
        {"external_id": "x-1", "title": "Tin", "body": f"{BODY} Lần {n}."}
        for n in range(40)
    ]
    answers = race(*[("POST", "/articles", text) for text in texts])
    article = newsroom.articles.get(number_in(answers[0].json["article"]))
    assert article.revision == 40
    assert len(newsroom.episodes.renderings(article.episode_id)) == 40


def test_articles_of_one_new_topic_are_all_taken_in(race, newsroom):
    texts = [
        {
            "external_id": f"t-{n}",
            "title": f"Tin {n}",
            "body": BODY,
            "topic": "Chủ đề chưa ai nêu",
        }
        for n in range(20)
    ]
    answers = race(*[("POST", "/articles", text) for text in texts])
    assert len({answer.json["episode"] for answer in answers}) == 20
    topics = [topic.name for topic in newsroom.stations.topics()]
    assert topics.count("Chủ đề chưa ai nêu") == 1


def test_a_new_station_put_twenty_times_is_one(race, newsroom):
    race(*[("PUT", "/stations/moi", {"name": f"Đài Mới {n}"}) for n in range(20)])
    assert [station.slug for station in newsroom.stations.all()].count("moi") == 1


def test_a_bulletin_asked_for_twenty_times_is_one(race, newsroom, clock):
    slot = {"at": "05:00", "max_seconds": 900}
    race(("PUT", "/stations/ban-tin", {"name": "Đài Bản Tin", "slots": [slot]}))
    day = f"{clock():%Y}-12-31" if clock().month < 12 else f"{clock().year + 1}-01-31"
    asked = {"station": "ban-tin", "at": "05:00", "day": day}
    answers = race(*[("POST", "/bulletins", asked)] * 20)
    assert len({answer.text for answer in answers}) == 1, answers[0].text


def test_a_hundred_regenerates_are_a_hundred_versions(race, newsroom, mastered):
    race(*[("POST", f"{mastered}/regenerate", None)] * 100)
    assert newsroom.episodes.get(number_in(mastered)).version == 101


def test_of_fifty_forms_of_a_sentence_one_stays(race, newsroom, mastered):
    forms = [{"spoken": f"bà con ra đồng lần {n}"} for n in range(50)]
    race(*[("PATCH", f"{mastered}/sentences/2", form) for form in forms])
    said = newsroom.episodes.get(number_in(mastered)).sentences[1].spoken
    assert {"spoken": said} in forms


def test_what_is_approved_is_what_was_heard(race, newsroom, until, mastered):
    """Approved against edited: whichever comes first, no text is on the air that
    nobody approved.
    """
    number = number_in(mastered)
    approve, edit = race(
        ("POST", f"{mastered}/approve", {"version": 1}),
        ("PATCH", f"{mastered}/sentences/2", {"spoken": "bà con đi chợ"}),
    )
    assert (approve.status_code, edit.status_code) in (
        (200, 200),
        (202, 200),
        (409, 200),
    )
    until(number, State.PUBLISHED)
    episode = newsroom.episodes.get(number)
    approved = [
        each.version
        for each in newsroom.episodes.renderings(number)
        if each.approved_by
    ]
    assert episode.public_version in (None, *approved)


def test_what_is_withdrawn_stays_off_the_air(race, newsroom, until, mastered):
    number = number_in(mastered)
    race(
        ("POST", f"{mastered}/approve", {"version": 1}),
        ("POST", f"{mastered}/withdraw", {"reason": "Sai số liệu"}),
    )
    until(number, State.PUBLISHED)
    # Approved after it was withdrawn: refused. Withdrawn after it was approved: gone.
    assert newsroom.episodes.get(number).state is State.WITHDRAWN


def test_many_small_warnings_at_one_moment_are_a_large_one(race, newsroom):
    """Approvals by one hand take turns, or each would count none of the others."""
    warning = {"body": BODY, "minutes": 60, "approve": True}
    calls = []
    for place in [f"xa-{n}" for n in range(20)]:
        newsroom.stations.put(Station(place, f"Đài {place}"))
        more = {"title": f"Lũ ở {place}", "stations": [place]}
        calls.append(("POST", "/urgent", warning | more))
    race(calls[0])
    race(*calls[1:])
    let_out = [each for each in newsroom.urgent.all() if each.approved_by]
    assert len(let_out) == ALONE


def test_one_answer_of_a_passkey_lets_one_in(newsroom):
    name, visitor = f"co-khoa-{secrets.token_hex(4)}", Visitor("203.0.113.9")
    newsroom.people.add(name, PASSWORD, Role.EDITOR)
    admission = newsroom.sessions.enter(name, PASSWORD, visitor)
    here = newsroom.sessions.find(admission.token)
    realm, device = Realm.of(ORIGIN, "Loa"), Authenticator()
    made = device.create(newsroom.passkeys.begin(here, realm))
    assert len(newsroom.passkeys.add(here, realm, "máy", made)) == 10
    door, caller = newsroom.passkey_door, Caller(realm, "a browser", visitor)
    answer, start = device.get(door.ask_anybody(caller)), Barrier(4)

    def come(_):
        start.wait()
        return door.enter(caller, answer)

    with ThreadPoolExecutor(4) as threads:
        came = list(threads.map(come, range(4)))
    (admitted,) = filter(None, came)
    assert admitted.person.name == name


def test_of_edits_made_of_one_look_one_is_kept_and_the_others_are_told(
    race, newsroom, until, mastered
):
    number = number_in(mastered)
    for kind in ("spoken", "written"):
        until(number, State.MASTERED)
        seen = newsroom.episodes.get(number).sentences[1]
        was = {"was_written": seen.written, "was_spoken": seen.spoken}
        forms = [{kind: f"Bà con đi chợ lần {n}."} | was for n in range(10)]
        answers = race(*[("PATCH", f"{mastered}/sentences/2", form) for form in forms])
        codes = Counter(answer.status_code for answer in answers)
        assert codes == {200: 1, 409: 9}
        kept = next(
            form[kind]
            for form, answer in zip(forms, answers, strict=True)
            if answer.status_code == 200
        )
        assert getattr(newsroom.episodes.get(number).sentences[1], kind) == kept
