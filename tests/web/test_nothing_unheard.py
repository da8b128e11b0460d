# ruff: noqa: F811  (fixtures of other tests are named here as parameters)
"""Nothing unheard goes on the air: every way by which something reaches the public, and who
approved it.

Each way is gone by somebody who may not approve. What the public has stays as it was; what stands
at every public address was approved in that version, for the stations where it stands, by somebody
who may.
"""

import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from service.actions.articles import article_of
from service.actions.planning import draft
from service.bulletin import span
from service.intake import Story
from service.intake.story import Doubt
from service.newsroom.errors import Conflict
from service.newsroom.store.tables import (
    ArticleRow,
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    RenderingRow,
    StationRow,
    UrgentRow,
)
from service.newsroom.values import (
    LOUDSPEAKER,
    Approval,
    Role,
    Rung,
    Slot,
    State,
    Station,
)
from tests.web.answers import problem
from tests.web.test_urgent import alert, enter  # noqa: F401 - fixtures

SLOT = Slot("05:00", 300, plan_minutes=600)
PLACES = (("xa-ben",), ("suoi-lanh", "xa-ben"), ("suoi-lanh",))
APPROVERS = {"key approver", "key cap approver", "approver"}
SENT = {
    "title": "Xã làm đường",
    "body": "Kinh phí là 186,4 tỷ đồng. Bà con ra đồng từ sáng sớm.\nTrời nắng đẹp.",
    "external_id": "202",
    "stations": ["suoi-lanh"],
}


@pytest.fixture(autouse=True)
def stations(newsroom):
    for slug, name in (("suoi-lanh", "Đài Suối Lành"), ("xa-ben", "Đài Xã Bên")):
        newsroom.stations.put(
            Station(slug, name, slots=(SLOT,), greeting="Đây là đài xã.")
        )
    newsroom.stations.put(Station("xa-tin", "Đài Xã Tin", approval="trusted"))


@pytest.fixture(autouse=True)
def unforged(app):
    app.config["WTF_CSRF_ENABLED"] = False


def unapproved(newsroom):
    """What stands at a public address, or in a slot, that nobody who may approved as it stands;
    best empty.
    """
    with newsroom.database.read() as session:
        trusting = set(
            session.scalars(
                select(StationRow.id).where(StationRow.approval == "trusted")
            )
        )
        return [
            (episode.id, fault)
            for episode in session.scalars(select(EpisodeRow))
            if (fault := _fault(session, episode, trusting))
        ]


def _fault(session, episode, trusting):
    versions = session.scalars(
        select(RenderingRow)
        .where(RenderingRow.episode_id == episode.id)
        .order_by(RenderingRow.version)
    ).all()
    if episode.public_version is None or episode.withdrawn_why:
        return ""
    public = versions[episode.public_version - 1]
    placed = session.scalars(
        select(ArticleStationRow.station_id)
        .where(ArticleStationRow.article_id == episode.article_id)
        .order_by(ArticleStationRow.position)
    ).all()
    article = session.get_one(ArticleRow, episode.article_id)
    in_force = (list(placed), article.priority, article.evergreen)
    if episode.kind != "bulletin" and in_force != (
        public.stations,
        public.priority,
        public.evergreen,
    ):
        return f"{in_force} is in force, {public.stations} were approved"
    if episode.station_id != public.stations[0]:
        return "its home is another one"
    return _fault_of_approval(session, episode, versions, public, trusting)


def _fault_of_approval(session, episode, versions, public, trusting):
    match public.approved_as:
        case Approval.PERSON:
            return "" if public.approved_by in APPROVERS else f"by {public.approved_by}"
        case Approval.TRUST:
            return (
                ""
                if set(public.stations) <= trusting
                else "not all of its stations trust"
            )
        case Approval.RULE:
            bulletin = session.get_one(BulletinRow, episode.id)
            attended = bulletin.rung == Rung.PLANNED
            changed = any(
                not version.by_house for version in versions[: public.version]
            )
            return "a person changed it" if attended or changed else ""
        case Approval.BEFOREHAND:
            warning = session.get_one(UrgentRow, episode.id)
            changed = any(
                not version.by_house for version in versions[1 : public.version]
            )
            by = warning.approved_by
            return "" if by in APPROVERS and not changed else f"changed, or by {by}"
    return "nobody approved it"


def heard(newsroom):
    """What the public has at each station: versions, their sound, their place in feeds and in spare
    hours.
    """
    hours = {
        slug: newsroom.bulletins.stock(slug, SLOT, newsroom.now(), evergreen=evergreen)
        for slug in ("suoi-lanh", "xa-ben")
        for evergreen in (False, True)
    }
    return {
        slug: [
            (each.episode_id, each.version, each.title, each.master("app").sha256)
            for each in newsroom.editions.latest(station=slug).editions
        ]
        for slug in ("", "suoi-lanh", "xa-ben")
    } | {
        f"{slug} hours": [
            (each.episode_id, each.version, each.priority) for each in offers
        ]
        for slug, offers in hours.items()
    }


@dataclass
class House:
    """The ways of somebody who may write, and may not approve."""

    newsroom: object
    call: object
    client: object
    work_all: object
    voice: bytes

    def recording(self):
        return {"file": (BytesIO(self.voice), "thu.mp3"), "announcer": "chị Sen"}

    def post(self, path, json=None, role=Role.EDITOR, method="POST"):
        return self.call(method, path, json, role=role)

    def form(self, path, **data):
        answer = self.client.post(path, data=data)
        assert answer.status_code in (303, 422), answer.text
        return answer

    def edit(self, **changes):
        article = self.newsroom.articles.get(1)
        typed = {
            "format": "text",
            "title": article.title,
            "body": "\n".join(article.paragraphs),
            "stations": list(article.stations),
            "priority": article.priority.value,
            "revision": article.revision,
        }
        return self.form("/desk/articles/1/edit", **(typed | changes))


@pytest.fixture
def house(newsroom, call, client, work_all, enter, voice):
    """A story that the public has in its first version, and an editor who is logged in."""
    enter(Role.EDITOR)
    found = House(newsroom, call, client, work_all, voice)
    assert found.post("/articles", SENT).status_code == 202
    work_all()
    assert heard(newsroom)["suoi-lanh"] == []  # read, and not heard by anybody who may
    approval = found.post("/episodes/1/approve", {"version": 1}, role=Role.APPROVER)
    assert approval.status_code == 200
    work_all()
    assert unapproved(newsroom) == []
    return found


EDITS = {
    "sent again, other words": lambda h: h.post(
        "/articles", SENT | {"body": "Lời khác hẳn rồi."}
    ),
    "sent again, other stations": lambda h: h.post(
        "/articles", SENT | {"stations": ["xa-ben"]}
    ),
    "sent again, one station more": lambda h: h.post(
        "/articles", SENT | {"stations": ["suoi-lanh", "xa-ben"]}
    ),
    "sent again, to one that trusts": lambda h: h.post(
        "/articles", SENT | {"stations": ["xa-tin", "suoi-lanh"]}
    ),
    "sent again, urgent": lambda h: h.post("/articles", SENT | {"priority": "urgent"}),
    "sent again, for spare hours": lambda h: h.post(
        "/articles", SENT | {"evergreen": True}
    ),
    "sent again, another title": lambda h: h.post(
        "/articles", SENT | {"title": "Tin khác"}
    ),
    "form, other words": lambda h: h.edit(body="Lời khác hẳn rồi."),
    "form, other stations": lambda h: h.edit(stations=["xa-ben"]),
    "form, urgent": lambda h: h.edit(priority="urgent"),
    "form, for spare hours": lambda h: h.edit(evergreen="on"),
    "another reading": lambda h: h.post(
        "/episodes/1/sentences/2", {"spoken": "mọi việc đều ổn"}, method="PATCH"
    ),
    "another sentence": lambda h: h.post(
        "/episodes/1/sentences/2", {"written": "Mọi việc đều ổn."}, method="PATCH"
    ),
    "form, another reading": lambda h: h.form(
        "/desk/episodes/1/sentences/2", spoken="đều ổn"
    ),
    "form, another sentence": lambda h: h.form(
        "/desk/episodes/1/sentences/2", written="Đều ổn."
    ),
    "read again": lambda h: h.post("/episodes/1/regenerate", {}),
    "a sentence read again": lambda h: h.post(
        "/episodes/1/regenerate", {"sentences": [2]}
    ),
    "another voice": lambda h: h.post("/episodes/1/regenerate", {"voice": "tone"}),
    "form, read again": lambda h: h.form("/desk/episodes/1/regenerate"),
    "a person reads a sentence": lambda h: h.form(
        "/desk/episodes/1/sentences/2/recording", **h.recording()
    ),
    "a person reads the whole": lambda h: h.form(
        "/desk/episodes/1/recording", **h.recording()
    ),
    "by the house, with a voice that is back": lambda h: h.newsroom.episodes.regenerate(
        1, LOUDSPEAKER, voice="tone"
    ),
}


@pytest.mark.parametrize("way", EDITS)
def test_what_the_public_has_changes_only_by_approval(house, newsroom, work_all, way):
    before = heard(newsroom)
    EDITS[way](house)
    work_all()
    assert newsroom.episodes.get(1).version == 2, "the way leads nowhere"
    assert (heard(newsroom), unapproved(newsroom)) == (before, [])
    problem(house.post("/episodes/1/approve", {"version": 2}), 403)
    problem(
        house.post("/episodes/1/approve", {"version": 1}, role=Role.APPROVER),
        409,
        "version",
    )
    problem(house.post("/episodes/1/approve", {}, role=Role.APPROVER), 422, "version")
    assert heard(newsroom) == before
    approval = house.post("/episodes/1/approve", {"version": 2}, role=Role.APPROVER)
    assert approval.status_code == 200, approval.text
    work_all()
    episode = newsroom.episodes.get(1)
    assert (episode.state, episode.public_version) == (State.PUBLISHED, 2)
    assert episode.on_air == episode.rendering.placement
    assert unapproved(newsroom) == []


@pytest.mark.parametrize(
    "way", ["sent again, other stations", "form, read again", "form, urgent"]
)
def test_what_was_withdrawn_comes_back_by_a_person_alone(
    house, newsroom, work_all, way
):
    newsroom.stations.put(
        replace(newsroom.stations.get("suoi-lanh"), approval="trusted")
    )
    newsroom.stations.put(replace(newsroom.stations.get("xa-ben"), approval="trusted"))
    house.post("/episodes/1/withdraw", {"reason": "sai"}, role=Role.APPROVER)
    EDITS[way](house)
    work_all()
    assert newsroom.episodes.get(1).state is State.MASTERED
    assert heard(newsroom)[""] == []


def test_the_one_who_approves_decides_for_the_stations_that_were_shown(
    house, newsroom, work_all
):
    """An editor moves the story after the approver opened its page, and before the button is
    pressed.
    """
    house.post("/articles", SENT | {"body": "Lời khác hẳn rồi, đã đọc xong."})
    work_all()
    shown = newsroom.episodes.get(1)
    house.edit(stations=["suoi-lanh", "xa-ben"])
    answer = house.post(
        "/episodes/1/approve", {"version": shown.version}, role=Role.APPROVER
    )
    problem(answer, 409, "version")
    work_all()
    assert heard(newsroom)["xa-ben"] == []


def test_whoever_approves_while_it_is_moved_approves_what_was_shown(
    house, newsroom, work_all
):
    """Approvals and moves at once: each version goes where it was shown to go, whoever
    came first.
    """

    def move():
        for n in range(12):
            house.newsroom.articles.edit(
                1, replace(article, stations=PLACES[n % 3]), "lan"
            )

    def approve():
        while mover.is_alive() or not answers:
            shown = newsroom.episodes.get(1)
            try:
                newsroom.episodes.approve(1, "approver", shown.version)
            except Conflict as error:
                answers.append(error.field)
            else:
                answers.append("approved")

    article = article_of(Story(SENT["title"], ("Lời khác hẳn rồi.",)), ("suoi-lanh",))
    newsroom.articles.edit(1, article, "lan")
    answers = []
    mover, approver = threading.Thread(target=move), threading.Thread(target=approve)
    for thread in (mover, approver):
        thread.start()
    while mover.is_alive() or approver.is_alive():
        work_all()
    work_all()
    assert answers
    assert unapproved(newsroom) == []


def test_a_correction_waits_also_where_news_is_trusted(house, newsroom, work_all):
    newsroom.stations.put(
        replace(newsroom.stations.get("suoi-lanh"), approval="trusted")
    )
    before = heard(newsroom)
    told = {"wrong": "186 tỷ", "right": "187 tỷ"}
    assert house.post("/episodes/1/corrections", told).status_code == 202
    work_all()
    assert newsroom.episodes.get(2).state is State.MASTERED
    assert heard(newsroom) == before


def test_a_recording_of_its_own_waits(house, newsroom, work_all):
    before = heard(newsroom)
    form = {"title": "Tin tiếng Tày", "stations": ["suoi-lanh"]} | house.recording()
    house.form("/desk/recordings/new", **form)
    work_all()
    assert newsroom.episodes.get(2).state is State.MASTERED
    assert heard(newsroom) == before


def test_approvals_of_several_are_answered_each_by_itself(house, newsroom, work_all):
    for n in (2, 3):
        house.post("/articles", SENT | {"external_id": str(n), "title": f"Tin {n}"})
    work_all()
    named = [{"id": 2, "version": 1}, {"id": 3, "version": 7}, {"id": 99, "version": 1}]
    problem(house.post("/episodes/approve", {"episodes": named}), 403)
    answer = house.post("/episodes/approve", {"episodes": named}, role=Role.APPROVER)
    assert answer.status_code == 200
    assert [
        (each["id"], each["approved"], each["status"], each["field"])
        for each in answer.json["episodes"]
    ] == [(2, True, 200, ""), (3, False, 409, "version"), (99, False, 404, "episode")]
    problem(
        house.post("/episodes/approve", {"episodes": [{"id": 3}]}, role=Role.APPROVER),
        422,
        "episodes.0.version",
    )
    work_all()
    assert [each[0] for each in heard(newsroom)["suoi-lanh"]] == [2, 1]


@pytest.mark.parametrize("version", [None, "1", True, 1.0, 0, 2**40])
def test_a_version_is_named_as_a_number(house, version):
    body = {} if version is None else {"version": version}
    problem(house.post("/episodes/1/approve", body, role=Role.APPROVER), 422, "version")


def test_trust_holds_for_the_stations_that_trust(newsroom, work_all):
    for n, stations in enumerate(
        (("xa-tin", "xa-ben"), ("xa-ben", "xa-tin"), ("xa-tin",))
    ):
        story = Story(f"Tin {n}", ("Bà con ra đồng từ sáng sớm.",))
        newsroom.articles.receive(article_of(story, stations), "lan")
    work_all()
    assert [newsroom.episodes.get(n).state for n in (1, 2, 3)] == [
        State.MASTERED,
        State.MASTERED,
        State.PUBLISHED,
    ]
    assert unapproved(newsroom) == []


DOUBTFUL = {
    "soft 404": Story("404", ("Không tìm thấy trang.",), doubts=(Doubt.SOFT_404,)),
    "no date": Story("Tin", ("Bà con ra đồng.",), doubts=(Doubt.NO_DATE,)),
    "no Vietnamese": Story(
        "App",
        (
            "You need to enable JavaScript to run this app. Please reload this page now.",
        ),
    ),
    "another encoding": Story(
        "Tiªm", ("tê hát người bê o vÒ viÖc häp dê nờ ®i tiªm phßng nhÐ",)
    ),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_where_something_is_doubtful_trust_waits_and_says_why(
    newsroom, work_all, client, enter, name
):
    newsroom.articles.receive(article_of(DOUBTFUL[name], ("xa-tin",)), "cms")
    work_all()
    episode = newsroom.episodes.get(1)
    assert episode.state is State.MASTERED
    assert episode.rendering.doubts
    enter(Role.APPROVER)
    page = client.get("/desk/episodes/1").text
    assert "Cần người nghe và duyệt" in page
    client.post("/desk/episodes/1/approve", data={"version": 1})
    work_all()
    assert newsroom.episodes.get(1).state is State.PUBLISHED
    newsroom.episodes.regenerate(1, LOUDSPEAKER, voice="tone")
    work_all()
    assert newsroom.episodes.get(1).public_version == 2, (
        "a person settled what was doubtful"
    )
    assert unapproved(newsroom) == []


def test_a_source_that_suddenly_says_little_waits(newsroom, work_all):
    for text in (
        "Bà con ra đồng từ sáng sớm. Trời nắng đẹp cả ngày.",
        "Bà con ra đồng.",
    ):
        story = Story("Tin", (text,))
        article = article_of(story, ("xa-tin",), external_id="7")
        newsroom.articles.receive(article, "cms")
        work_all()
    episode = newsroom.episodes.get(1)
    assert (episode.state, episode.public_version) == (State.MASTERED, 1)
    assert [doubt.value for doubt in episode.rendering.doubts] == ["shrunk"]


# Bulletins.


@pytest.fixture
def hour(newsroom, clock):
    coming = span(SLOT.at, SLOT.weekdays, SLOT.max_seconds, clock())
    return newsroom.bulletins.airing("suoi-lanh", SLOT, coming.day, coming.air_at)


def planned(newsroom, hour, rung, who):
    station = newsroom.stations.get("suoi-lanh")
    offers = newsroom.bulletins.stock("suoi-lanh", SLOT, hour.air_at)
    return newsroom.bulletins.open(
        hour.id, rung, draft(station, SLOT, hour.day, offers), who
    )


def test_a_planned_bulletin_waits_whoever_plans_it(house, newsroom, work_all, hour):
    for who in (LOUDSPEAKER, "lan"):
        number = planned(newsroom, hour, Rung.PLANNED, who)
    work_all()
    assert newsroom.episodes.get(number).state is State.MASTERED
    serving = newsroom.bulletins.serving("suoi-lanh", SLOT, hour.day, hour.air_at)
    assert serving.rung is Rung.BED


@pytest.mark.parametrize("change", ["spoken", "written", "whole"])
def test_what_a_person_changes_in_an_unattended_bulletin_waits(
    house, newsroom, work_all, hour, clock, change
):
    number = planned(newsroom, hour, Rung.AUTOMATIC, LOUDSPEAKER)
    work_all()
    before = newsroom.bulletins.serving("suoi-lanh", SLOT, hour.day, hour.air_at)
    assert (before.rung, before.version) == (Rung.AUTOMATIC, 1)
    path = f"/episodes/{number}"
    if change == "whole":
        house.post(f"{path}/regenerate", {})
    else:
        house.post(f"{path}/sentences/1", {change: "Mọi việc đều ổn."}, method="PATCH")
    work_all()
    assert newsroom.episodes.get(number).version == 2
    newsroom.episodes.regenerate(number, LOUDSPEAKER)  # and what the house makes of it
    work_all()
    serving = newsroom.bulletins.serving("suoi-lanh", SLOT, hour.day, hour.air_at)
    assert (serving.rung, serving.version) == (Rung.AUTOMATIC, 1)
    assert newsroom.episodes.get(number).state is State.MASTERED


def test_the_dictionary_has_no_say_in_what_nobody_hears_until_it_was_heard(
    house, newsroom, work_all, hour
):
    house.form(
        "/desk/terms", written="đài xã", spoken="mọi việc đều ổn", station="suoi-lanh"
    )
    assert newsroom.terms.of("suoi-lanh"), "the way leads nowhere"
    number = planned(newsroom, hour, Rung.AUTOMATIC, LOUDSPEAKER)
    work_all()
    assert newsroom.episodes.get(number).sentences[0].spoken == "Đây là đài xã."
    heard_first = planned(newsroom, hour, Rung.PLANNED, LOUDSPEAKER)
    work_all()
    spoken = "Đây là mọi việc đều ổn."
    assert newsroom.episodes.get(heard_first).sentences[0].spoken == spoken
    house.post(f"/episodes/{heard_first}/approve", {"version": 1}, role=Role.APPROVER)
    number = planned(newsroom, hour, Rung.EVERGREEN, LOUDSPEAKER)
    work_all()
    assert newsroom.episodes.get(number).sentences[0].spoken == spoken


def test_who_is_called_like_the_house_is_not_the_house(newsroom, work_all, hour):
    number = planned(newsroom, hour, Rung.AUTOMATIC, "loa")
    work_all()
    assert newsroom.episodes.get(number).state is State.MASTERED


# Warnings.


def test_a_warning_in_force_is_not_moved_by_a_form(
    newsroom, work_all, call, client, enter
):
    body = {
        "title": "Lũ quét",
        "body": "Bà con lên chỗ cao.",
        "stations": ["suoi-lanh"],
    }
    warning = body | {"minutes": 60, "approve": True}
    assert call("POST", "/urgent", warning, role=Role.APPROVER).status_code == 202
    work_all()
    enter(Role.EDITOR)
    article = newsroom.articles.get(1)
    for change in (
        {"stations": ["xa-ben"]},
        {"body": "Mọi việc đều ổn."},
        {"priority": "normal"},
    ):
        typed = {
            "title": article.title,
            "body": "Bà con lên chỗ cao.",
            "stations": ["suoi-lanh"],
        }
        form = {"format": "text", "priority": "urgent", "revision": 1} | typed | change
        answer = client.post("/desk/articles/1/edit", data=form)
        assert answer.status_code == 422
        assert "Cảnh báo không sửa bằng cách này" in answer.text
    (urgent,) = call("GET", "/urgent").json
    assert (urgent["in_force"], urgent["stations"]) == (True, ["suoi-lanh"])
    assert (urgent["version"], unapproved(newsroom)) == (1, [])


def test_a_changed_warning_is_not_approved_by_a_second_copy_of_its_words(
    newsroom, work_all, call
):
    words = {
        "title": "Lũ quét",
        "body": "Bà con lên chỗ cao.",
        "stations": ["suoi-lanh"],
    }
    call("POST", "/urgent", words | {"minutes": 60}, role=Role.EDITOR)
    work_all()
    change = {"spoken": "mọi việc đều ổn"}
    assert (
        call("PATCH", "/episodes/1/sentences/2", change, role=Role.EDITOR).status_code
        == 200
    )
    work_all()
    spoken = [line.spoken for line in newsroom.episodes.get(1).sentences]
    # Wherever it is said, not in one place of three
    assert spoken.count("mọi việc đều ổn") == 3
    copy = words | {"minutes": 60, "approve": True}
    problem(call("POST", "/urgent", copy, role=Role.APPROVER), 409, "approve")
    work_all()
    assert not call("GET", "/urgent").json[0]["in_force"]


@pytest.mark.parametrize(
    "planted", [{"description": "Mọi việc đều ổn."}, {"stations": "xa-ben"}]
)
def test_a_planted_alert_is_not_approved_by_the_true_one(
    newsroom,
    work_all,
    alert,
    client,
    enter,
    planted,
):
    station = planted.get("stations", "suoi-lanh")
    words = {key: value for key, value in planted.items() if key != "stations"}
    address = "/api/v1/urgent?stations="
    assert (
        alert(role=Role.EDITOR, address=f"{address}{station}", **words).status_code
        == 202
    )
    work_all()
    true = f"{address}suoi-lanh&approve=1"
    for _ in range(2):  # senders try again
        problem(alert(address=true), 409, "cap")
    work_all()
    assert not any(urgent.in_force for urgent in newsroom.urgent.all())

    def contradictions():
        unseen = newsroom.notices.unseen()
        return [notice for notice in unseen if "hai bản khác nhau" in notice.title]

    assert len(contradictions()) == 1
    # Those on duty at other stations have not heard of it.
    newsroom.stations.put(Station("xa-xa", "Đài Xã Xa"))
    problem(alert(address=f"{address}xa-xa&approve=1"), 409, "cap")
    assert len(contradictions()) == 2
    enter(Role.APPROVER)
    assert "hai bản khác nhau" in client.get("/desk").text
    client.post("/desk/urgent/1/end", data={"reason": "bản giả"})
    assert alert(address=true).status_code == 202
    work_all()
    (in_force,) = [urgent for urgent in newsroom.urgent.all() if urgent.in_force]
    assert (in_force.stations, in_force.episode_id) == (("suoi-lanh",), 2)
    assert unapproved(newsroom) == []


def test_a_warning_that_was_ended_is_not_brought_back_by_reading_it_again(
    newsroom,
    work_all,
    call,
    clock,
):
    words = {
        "title": "Lũ quét",
        "body": "Bà con lên chỗ cao.",
        "stations": ["suoi-lanh"],
    }
    call(
        "POST", "/urgent", words | {"minutes": 60, "approve": True}, role=Role.APPROVER
    )
    work_all()
    call("POST", "/urgent/1/end", {"reason": "báo nhầm"}, role=Role.APPROVER)
    call("POST", "/episodes/1/regenerate", {}, role=Role.EDITOR)
    work_all()
    newsroom.episodes.regenerate(1, LOUDSPEAKER)
    work_all()
    assert not call("GET", "/urgent").json[0]["in_force"]
    clock.ahead += timedelta(minutes=1)
    assert newsroom.episodes.get(1).state is State.MASTERED


# The rest: who may change what is heard without an article.

ADMINS_ALONE = [
    (
        "PUT",
        "/api/v1/stations/suoi-lanh",
        {"json": {"name": "Đài", "greeting": "Lời khác."}},
    ),
    ("DELETE", "/api/v1/stations/suoi-lanh/chimes/opening", {}),
    ("POST", "/desk/stations/suoi-lanh", {"data": {"disclosure_spoken": "Lời khác."}}),
    ("POST", "/desk/stations/suoi-lanh/chimes/bed", {"data": {}}),
]


@pytest.mark.parametrize(("method", "path", "body"), ADMINS_ALONE)
def test_words_and_chimes_of_a_station_are_an_administrator_s(
    newsroom,
    client,
    enter,
    method,
    path,
    body,
):
    enter(Role.APPROVER)
    key = newsroom.people.add_key("portal", Role.APPROVER)
    headers = {"Authorization": f"Bearer {key}"} if path.startswith("/api/") else {}
    assert client.open(path, method=method, headers=headers, **body).status_code == 403
