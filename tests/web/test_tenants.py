"""Two communes on one installation: nobody of the one looks at or changes what is the other's, by
any address.
"""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.actions.articles import article_of
from service.actions.bulletins import open_bulletin
from service.actions.telling import public_key
from service.actions.warnings import Rights, Typed, take
from service.intake import Story
from service.newsroom.errors import Conflict, Invalid
from service.newsroom.staff.person_rows import actor_of
from service.newsroom.store.tables import Table
from service.newsroom.stories.sent_files import Sent
from service.newsroom.values import (
    Grant,
    Group,
    HookEvent,
    KeyScope,
    NewHook,
    NewPush,
    NewSource,
    Role,
    Rung,
    Slot,
    Station,
    Term,
)
from tests.house import PASSWORD, Browser

HOME, THEIRS = "suoi-lanh", "xa-ben"
SECRET = "kinxaben"
TEXT = "Xã làm đường\n\nBà con ra đồng từ sáng sớm. Trời nắng đẹp, lúa tốt."
LOOKING = {"GET", "HEAD", "OPTIONS"}
# What anybody may ask for: these answer people of the desk as they answer strangers.
PUBLIC = {
    *(
        "choices",
        "feeds",
        "following",
        "health",
        "links",
        "media",
        "memos",
        "misreading",
        "openapi",
        "player",
        "push",
        "pwa",
        "search",
    ),
    "pushed",
    *("pictures", "slots", "speaker", "static"),
}
# One's own login, and who may come in at all: no station's.
OWN = {"auth", "account", "factor", "passkeys"}
# Public blueprints with pages that are not.
GUARDED = {"speaker.played"}
# Addresses that name nothing: what is sent there of the other commune, and by which field.
SENT = {
    "desk.take_new": {"stations": THEIRS, "title": "Tin", "body": TEXT},
    "recordings.make": {
        "stations": THEIRS,
        "title": "Tin",
        "file": (io.BytesIO(b"x"), "x.mp3"),
    },
    "urgent.warn": {
        "stations": THEIRS,
        "title": "Lũ",
        "body": "Nước lên.",
        "minutes": "60",
    },
    "bulletins.make": {"station": THEIRS, "at": "05:00", "day": "2026-11-25"},
    "lexicon.save": {"station": THEIRS, "written": "HTX", "spoken": "hợp tác xã"},
    "lexicon.take_file": {
        "file": (
            io.BytesIO(
                f"written\tspoken\tstation\nHTX\thợp tác xã\t{THEIRS}\n".encode()
            ),
            "t.tsv",
        )
    },
    "sources.make": {
        "station": THEIRS,
        "name": "Cổng",
        "kind": "feed",
        "url": "https://example.org/rss",
        "minutes": "30",
    },
    "rules.make": {"slug": "moi", "name": "Đài Mới"},
    "voices.choose": {"place": THEIRS, "use": "", "voice": "tone", "rate": "1"},
    "api.put_voice_choice": {"place": THEIRS, "use": "", "voice": "tone"},
    "groups.make": {"name": "Huyện", "stations": THEIRS},
    "people.add_person": {"name": "moi", "role": "admin"},
    "people.set_password": {"name": "ben"},
    "people.add_key": {"name": "moi", "role": "admin"},
    "api.post_article": {"body": TEXT, "stations": [THEIRS]},
    "api.post_article_file": {
        "stations": THEIRS,
        "file": (io.BytesIO(TEXT.encode()), "x.txt"),
    },
    "api.post_bulletin": {"station": THEIRS, "at": "05:00", "day": "2026-11-25"},
    "api.approve_many": {"episodes": [{"id": 0, "version": 1}]},
    "api.post_recording": {
        "title": "Tin",
        "stations": THEIRS,
        "file": (io.BytesIO(b"x"), "x.mp3"),
    },
    "api.post_source": {
        "name": "Cổng",
        "kind": "feed",
        "url": "https://example.org/rss",
        "stations": [THEIRS],
    },
    "api.post_trial": {
        "name": "Cổng",
        "kind": "feed",
        "url": "https://example.org/rss",
        "stations": [THEIRS],
    },
    "api.post_urgent": {
        "stations": [THEIRS],
        "title": "Lũ",
        "body": "Nước lên.",
        "minutes": 60,
    },
}
# Their sender's own, at no station: words to be heard before they are saved, a picture that no
# article names yet.
HARMLESS = {"auditions.ask", "api.post_picture", "voices.measure"}
FILES = {"api.post_article_file", "api.post_recording"}


@pytest.fixture
def names(newsroom, publish, work_all, clock, tmp_path):
    """The other commune's things, each with a word that nobody else has; by the parts
    of addresses.
    """
    newsroom.stations.put(Station(THEIRS, "Đài Xã Bến", slots=(Slot("05:00", 300),)))
    ben = newsroom.people.add("ben", PASSWORD, [Grant(Role.ADMIN, THEIRS)])
    key = newsroom.people.add_key("cổng Bến", [Grant(Role.EDITOR, THEIRS)])
    assert key

    def article(title):
        story = Story(title, ("Bà con ra đồng từ sáng sớm.",))
        return article_of(story, (THEIRS,), external_id=title)

    heard = newsroom.articles.receive(article("Tin đã phát"), "ben").episode_id
    work_all()
    newsroom.episodes.approve(heard, "ben", 1)
    work_all()
    newsroom.misreadings.report(heard, 1, 1, "", f"Đọc sai {SECRET}")
    receipt = newsroom.articles.receive(article(f"Nháp {SECRET}"), "ben")
    number = open_bulletin(
        newsroom,
        newsroom.stations.get(THEIRS),
        "05:00",
        f"{(clock() + timedelta(days=2)).date()}",
        "ben",
    )
    warning = Typed((THEIRS,), f"Lũ {SECRET}", "Nước lên nhanh.", minutes=60)
    take(newsroom, "tone", warning, "ben", Rights())
    sound = tmp_path / "x.mp3"
    sound.write_bytes(b"ID3")
    recording = newsroom.recordings.alone(
        Sent(sound, f"{SECRET}.mp3", "", "ben"), article(f"Thu {SECRET}")
    )
    work_all()
    newsroom.comments.add(receipt.episode_id, 1, f"Xem lại {SECRET}", "ben")
    (comment,) = newsroom.comments.of(receipt.episode_id)
    term = newsroom.terms.put(Term(SECRET, "kín xã bến", THEIRS), "ben")
    source = newsroom.sources.add(
        NewSource(
            name=f"Cổng {SECRET}",
            kind="feed",
            url="https://example.org/rss",
            stations=(THEIRS,),
        ),
        "ben",
    )
    bulletin = newsroom.bulletins.get(number)
    newsroom.notices.note(bulletin.airing, Rung.BED)
    notices = newsroom.notices.unseen()
    misreadings, _ = newsroom.misreadings.page(settled=False)
    hook = NewHook(
        f"Hook {SECRET}", "https://example.org/loa", (HookEvent.HELD,), (THEIRS,)
    )
    return {
        "hook_id": newsroom.hooks.add(hook, "ben")[0].id,
        "push_id": newsroom.pushes.add(NewPush(SECRET, (THEIRS,)), "ben").id,
        "article_id": receipt.article_id,
        "episode_id": receipt.episode_id,
        "episode": receipt.episode_id,
        "recording_id": recording,
        "term_id": term.id,
        "source_id": source.id,
        "notice_id": notices[0].id,
        "misreading_id": misreadings[0].id,
        "person_id": ben.id,
        "key_id": newsroom.people.keys()[0].id,
        "number": newsroom.auditions.ask("mấy chữ", "", actor_of(ben)),
        "slug": THEIRS,
        "n": 1,
        "name": "opening",
        "group": "huyen",
        "hhmm": "0500",
        "when": f"{bulletin.airing.day:%Y%m%d}-0500",
        "month": f"{clock():%Y-%m}",
        "version": 1,
        "comment_id": comment.id,
        "session_id": 999,
        "passkey_id": 999,
    }


def kept(newsroom):
    """Every row but those of the door, the log and the line's own."""
    moving = {
        "login_session",
        "guess",
        "happening",
        "log_head",
        "person",
        "api_key",
        "audition",
    }
    moving |= {"job", "show", "serial", "salt", "listener", "taking"}
    rows = {}
    with newsroom.database.read() as session:
        for table in Table.metadata.sorted_tables:
            if table.name not in moving:
                rows[table.name] = sorted(
                    map(repr, session.execute(select(table)).all())
                )
    return rows


def questions(app, names):
    """Every address of the house with the other commune's numbers in it: rule, method, path.

    Lists are asked for as they are, and for the other commune by name.
    """
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if rule.arguments <= names.keys():
            path = adapter.build(
                rule.endpoint, {name: names[name] for name in rule.arguments}
            )
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield rule, method, path
            if not rule.arguments and "GET" in rule.methods:
                if rule.endpoint == "api.get_articles":
                    yield rule, "GET", f"{path}?external_id=Nháp {SECRET}"
                else:
                    yield (
                        rule,
                        "GET",
                        f"{path}?station={THEIRS}&ids={names['episode_id']}",
                    )
        else:
            assert rule.endpoint.partition(".")[0] in PUBLIC, (
                f"what is {rule} asked with?"
            )


def is_public(rule):
    return rule.endpoint.partition(".")[0] in PUBLIC and rule.endpoint not in GUARDED


def answer_to(client, rule, method, path, names, headers):
    """The answer, with what is sent to an address that names nothing."""
    body = SENT.get(rule.endpoint, {})
    files = {name for name, value in body.items() if isinstance(value, tuple)}
    body = {
        name: (io.BytesIO(value[0].getvalue()), value[1]) if name in files else value
        for name, value in body.items()
    }
    if rule.endpoint == "api.approve_many":
        body = {"episodes": [{"id": names["episode_id"], "version": 1}]}
    if rule.endpoint.startswith("bulk."):
        move = "topic" if rule.endpoint == "bulk.undo" else "approve"
        body = {"move": move, "episodes": f"{names['episode_id']}.1"}
    program = rule.endpoint.startswith("api.") and rule.endpoint not in FILES
    sent = {} if method == "GET" else {"json": body} if program else {"data": body}
    return client.open(path, method=method, headers=headers, **sent)


def test_no_address_opens_what_is_another_commune_s(app, newsroom, names):
    app.config["WTF_CSRF_ENABLED"] = False
    public_key(newsroom)  # is made when somebody first asks, and is nobody's
    before = kept(newsroom)
    stranger = app.test_client()
    for role in Role:
        newsroom.people.add(f"la.{role}", PASSWORD, [Grant(role, HOME)])
        key = newsroom.people.add_key(f"cổng {role}", [Grant(role, HOME)])
        desk, program = Browser(app, f"la.{role}").client, app.test_client()
        asked = 0
        for rule, method, path in questions(app, names):
            room = rule.endpoint.partition(".")[0]
            if room in OWN or rule.endpoint in HARMLESS:
                continue
            by_key = (
                {"Authorization": f"Bearer {key}"}
                if room == "api" or is_public(rule)
                else {}
            )
            client = program if room == "api" else desk
            answer = answer_to(client, rule, method, path, names, by_key)
            what = f"{role} {method} {path}: {answer.status}"
            if is_public(rule):
                others = answer_to(stranger, rule, method, path, names, {})
                assert answer.status_code == others.status_code, what
            elif rule.arguments or method not in LOOKING:
                assert is_refused(rule, answer), f"{what} {answer.text[:300]}"
                asked += 1
            assert SECRET.encode() not in answer.data, what
        assert asked > 90
    assert kept(newsroom) == before


def is_refused(rule, answer):
    """Whether it was refused for the station's sake, not for something that was missing in what was
    sent.
    """
    if rule.endpoint == "api.approve_many" and answer.status_code == 200:
        return not any(each["approved"] for each in answer.json["episodes"])
    if rule.endpoint == "bulk.choose" and answer.status_code == 303:
        return answer.location.endswith("/desk")  # nothing was chosen
    if rule.endpoint in ("bulk.do", "bulk.undo") and answer.status_code == 200:
        return "xong 0 bài" in answer.text
    return answer.status_code in (403, 404) or (
        answer.status_code == 422 and THEIRS in answer.text
    )


def test_a_grant_for_a_group_holds_for_all_stations_below_it(app, newsroom):
    newsroom.stations.put(Station(THEIRS, "Đài Xã Bến"))
    newsroom.stations.put(Station("xa-xa", "Đài Xã Xa"))
    newsroom.groups.put(Group("huyen", "Huyện"))
    newsroom.groups.put(Group("cum", "Cụm", "huyen", (THEIRS,)))
    newsroom.groups.put(Group("huyen", "Huyện", stations=(HOME,)))
    grants = [Grant(Role.APPROVER, "group:huyen"), Grant(Role.OPERATOR, "xa-xa")]
    reach = newsroom.access.reach
    assert reach(grants, Role.EDITOR).stations == {HOME, THEIRS}
    assert reach(grants, Role.OPERATOR).stations == {HOME, THEIRS, "xa-xa"}
    assert not reach(grants, Role.ADMIN).stations
    with pytest.raises(Invalid):
        newsroom.groups.put(Group("huyen", "Huyện", "cum"))
    with pytest.raises(Conflict):
        newsroom.groups.remove("huyen")
    newsroom.groups.remove("cum")
    assert reach(grants, Role.EDITOR).stations == {HOME}


def test_no_right_in_a_group_outlives_it(newsroom, clock):
    """Or another group of that name, months later, would give it to whoever had it."""
    newsroom.stations.put(Station(THEIRS, "Đài Xã Bến"))
    cluster, people = Group("cum", "Cụm", stations=(HOME,)), newsroom.people
    newsroom.groups.put(cluster)
    rights = [Grant(Role.APPROVER, "group:cum")]
    people.add("chi.Páo", PASSWORD, rights)
    people.add_key("cổng", rights)
    people.add_key("cũ", rights, expires_at=clock() + timedelta(days=1))
    with pytest.raises(Conflict, match=r"cũ, cổng$"):
        newsroom.groups.remove("cum")
    newsroom.groups.put(replace(cluster, name="Cụm một"))
    people.set_grants("chi.Páo", [Grant(Role.OPERATOR, HOME)])
    clock.ahead += timedelta(days=2)
    with pytest.raises(Conflict, match=r"from: cổng$"):
        newsroom.groups.remove("cum")
    (portal,) = [key.id for key in people.keys() if key.name == "cổng"]  # noqa: SIM118
    people.revoke(portal)
    newsroom.groups.remove("cum")
    newsroom.groups.put(replace(cluster, stations=(THEIRS,)))
    reach = newsroom.access.reach
    assert reach(people.named("chi.Páo").grants, Role.OPERATOR).stations == {HOME}


def test_a_group_of_an_earlier_release_leaves_its_name_to_nobody(newsroom):
    """Until then a group could be removed while somebody had rights for it."""
    newsroom.groups.put(Group("cum", "Cụm", stations=(HOME,)))
    newsroom.people.add("chi", PASSWORD, [Grant(Role.APPROVER, "group:cum")])
    with newsroom.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE station SET group_id = NULL")
        connection.exec_driver_sql("DELETE FROM station_group")
    with pytest.raises(Conflict, match="chi"):
        newsroom.groups.put(Group("cum", "Cụm khác"))
    newsroom.groups.put(Group("cum-2", "Cụm khác"))


def test_who_works_at_one_of_its_stations_looks_at_news_and_only_who_works_at_all_changes_it(
    app, newsroom, work_all
):
    app.config["WTF_CSRF_ENABLED"] = False
    newsroom.stations.put(Station(THEIRS, "Đài Xã Bến"))
    shared = article_of(Story("Tin chung", ("Trời nắng đẹp.",)), (HOME, THEIRS))
    number = newsroom.articles.receive(shared, "test").episode_id
    work_all()
    newsroom.people.add("mot", PASSWORD, [Grant(Role.APPROVER, HOME)])
    newsroom.people.add(
        "hai", PASSWORD, [Grant(Role.APPROVER, HOME), Grant(Role.APPROVER, THEIRS)]
    )
    one, both = Browser(app, "mot"), Browser(app, "hai")
    page = one.get(f"/desk/episodes/{number}")
    assert page.status_code == 200
    assert "Tin chung" in one.get("/desk").text
    assert "Duyệt phát bản này" not in page.text
    assert one.post(f"/desk/episodes/{number}/approve", version=1).status_code == 403
    assert "Duyệt phát bản này" in both.get(f"/desk/episodes/{number}").text
    assert both.post(f"/desk/episodes/{number}/approve", version=1).status_code == 303
    assert newsroom.episodes.get(number).state == "approved"


def test_a_key_changes_what_its_scopes_name_and_calls_so_often_and_so_long(
    client, newsroom, clock
):
    def ask(key, path, **body):
        method = client.post if body else client.get
        more = {"json": body} if body else {}
        return method(
            f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"}, **more
        )

    portal = newsroom.people.add_key(
        "cổng", Role.APPROVER, scopes=[KeyScope.ARTICLES], calls_per_minute=3
    )
    assert ask(portal, "/articles", body=TEXT).status_code == 202
    assert ask(portal, "/episodes/1/approve", version=1).status_code == 403
    assert ask(portal, "/episodes/1").status_code == 200
    assert ask(portal, "/stations").status_code == 200
    slow_down = ask(portal, "/stations")
    assert slow_down.status_code == 429
    assert slow_down.headers["Retry-After"]
    week = newsroom.people.add_key(
        "tuần", Role.OPERATOR, expires_at=clock() + timedelta(days=7)
    )
    assert ask(week, "/stations").status_code == 200
    clock.ahead += timedelta(days=7)
    assert ask(week, "/stations").status_code == 401
