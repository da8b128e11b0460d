# ruff: noqa: F811  (fixtures of other tests are named here as parameters)
"""Nothing unheard goes on the air, by ways that no form leads: rungs of the ladder, a bulletin made
shorter, a copy put back, a file handed in at the command line. Each names who approved what stands
at the address.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from loa.assembly import MIGRATIONS
from loa.commands import app as commands
from service.actions.ladder import Vacancy, plan_of_rung
from service.newsroom import Newsroom
from service.newsroom.store.backup import back_up, restore
from service.newsroom.store.files import Folder
from service.newsroom.store.tables import AiringRow, EpisodeRow, RenderingRow
from service.newsroom.values import LOUDSPEAKER, Approval, House, Role, Rung, State
from tests.web.answers import problem
from tests.web.test_nothing_unheard import (  # noqa: F401 - fixtures
    APPROVERS,
    SENT,
    SLOT,
    heard,
    hour,
    house,
    planned,
    stations,
    unapproved,
    unforged,
)
from tests.web.test_urgent import enter  # noqa: F401 - a fixture
from workers.studio import Studio

OTHER = "Mọi việc đều ổn."
A_DAY = timedelta(days=1)


def by_ladder(newsroom, hour, rung):
    """The episode that a rung makes for an hour, and None when it has nothing to say."""
    station = newsroom.stations.get("suoi-lanh")
    (slot,) = station.slots
    made = tuple(newsroom.bulletins.of(hour.id))
    plan = plan_of_rung(rung, Vacancy(newsroom, station, slot, hour, made))
    return newsroom.bulletins.open(hour.id, rung, plan, LOUDSPEAKER) if plan else None


def on_air(newsroom, hour):
    """What stands at the hour's address; every story in it was approved as it is said, by
    who may.
    """
    serving = newsroom.bulletins.serving("suoi-lanh", SLOT, hour.day, hour.air_at)
    with newsroom.database.read() as session:
        for item in serving.items:
            story = session.get_one(RenderingRow, (item.episode_id, item.version))
            assert story.approved_by in APPROVERS
            assert (
                session.get_one(EpisodeRow, item.episode_id).public_version
                == item.version
            )
        if serving.episode_id is None:
            return serving, None
        key = (serving.episode_id, serving.version)
        return serving, Approval(session.get_one(RenderingRow, key).approved_as)


def approved_hour(newsroom, house, hour, work_all):
    """A bulletin that an approver heard, for that hour."""
    number = planned(newsroom, hour, Rung.PLANNED, LOUDSPEAKER)
    work_all()
    house.post(f"/episodes/{number}/approve", {"version": 1}, role=Role.APPROVER)
    work_all()
    serving, approved_as = on_air(newsroom, hour)
    assert (serving.rung, serving.approved_by) == (Rung.PLANNED, "key approver")
    assert approved_as is Approval.PERSON
    return number


@pytest.fixture
def tomorrow(newsroom, house, hour, clock, work_all):
    """The hour after one that had an approved bulletin; the station lets its stories be
    said again.
    """
    approved_hour(newsroom, house, hour, work_all)
    rules = replace(SLOT, previous=True, repeats=0)
    station = newsroom.stations.get("suoi-lanh")
    newsroom.stations.put(replace(station, slots=(rules,)))
    clock.ahead = hour.air_at - newsroom.now() + clock.ahead + timedelta(hours=1)
    return newsroom.bulletins.airing(
        "suoi-lanh", rules, hour.day + A_DAY, hour.air_at + A_DAY
    )


# Rungs.


def test_the_last_bulletin_s_stories_are_said_again_as_they_were_approved(
    newsroom, house, tomorrow, work_all
):
    house.post("/articles", SENT | {"body": "Lời khác hẳn, chưa ai nghe."})
    work_all()
    number = by_ladder(newsroom, tomorrow, Rung.PREVIOUS)
    work_all()
    serving, approved_as = on_air(newsroom, tomorrow)
    assert (serving.rung, serving.episode_id) == (Rung.PREVIOUS, number)
    assert (serving.approved_by, approved_as) == (House.RULE, Approval.RULE)
    assert [(item.episode_id, item.version) for item in serving.items] == [(1, 1)]
    said = [line.written for line in newsroom.episodes.get(number).sentences]
    assert "Lời khác hẳn, chưa ai nghe." not in said


def test_what_was_withdrawn_is_not_said_again(newsroom, house, tomorrow, work_all):
    house.post("/episodes/1/withdraw", {"reason": "sai"}, role=Role.APPROVER)
    assert by_ladder(newsroom, tomorrow, Rung.PREVIOUS) is None
    assert by_ladder(newsroom, tomorrow, Rung.BED) is not None
    work_all()
    assert on_air(newsroom, tomorrow)[0].items == ()


def test_a_station_that_does_not_allow_it_says_nothing_again(newsroom, house, tomorrow):
    station = newsroom.stations.get("suoi-lanh")
    newsroom.stations.put(
        replace(station, slots=(replace(station.slots[0], previous=False),))
    )
    assert by_ladder(newsroom, tomorrow, Rung.PREVIOUS) is None


def test_the_bed_says_what_an_administrator_set_and_nothing_else(
    newsroom, house, hour, work_all
):
    house.form(
        "/desk/terms", written="đài xã", spoken="mọi việc đều ổn", station="suoi-lanh"
    )
    number = by_ladder(newsroom, hour, Rung.BED)
    work_all()
    serving, approved_as = on_air(newsroom, hour)
    assert (serving.rung, serving.items) == (Rung.BED, ())
    assert (serving.approved_by, approved_as) == (House.RULE, Approval.RULE)
    assert newsroom.episodes.get(number).sentences[0].spoken == "Đây là đài xã."


CHANGES = {
    "spoken": lambda h, n: h.post(
        f"/episodes/{n}/sentences/1", {"spoken": OTHER}, method="PATCH"
    ),
    "written": lambda h, n: h.post(
        f"/episodes/{n}/sentences/1", {"written": OTHER}, method="PATCH"
    ),
    "whole": lambda h, n: h.post(f"/episodes/{n}/regenerate", {}),
    "voice": lambda h, n: h.post(f"/episodes/{n}/regenerate", {"voice": "tone"}),
}


@pytest.mark.parametrize(
    ("rung", "change"),
    [
        *((Rung.PREVIOUS, change) for change in ("spoken", "whole")),
        *((Rung.BED, change) for change in ("written", "voice")),
    ],
)
def test_a_rung_that_a_person_changes_waits(
    newsroom, house, tomorrow, work_all, rung, change
):
    number = by_ladder(newsroom, tomorrow, rung)
    work_all()
    before = on_air(newsroom, tomorrow)
    assert (before[0].rung, before[0].version) == (rung, 1)
    CHANGES[change](house, number)
    work_all()
    assert newsroom.episodes.get(number).version == 2, "the way leads nowhere"
    # Nor does the house let it on the air
    newsroom.episodes.regenerate(number, LOUDSPEAKER)
    work_all()
    assert on_air(newsroom, tomorrow) == before
    assert newsroom.episodes.get(number).state is State.MASTERED


# A bulletin that came out longer than its hour loses a story.


def too_long_now(newsroom, number, hour):
    """Makes the hour so short that what is mastered next does not fit it."""
    seconds = newsroom.bulletins.get(number).seconds
    with newsroom.database.write() as session:
        session.get_one(AiringRow, hour.id).max_seconds = int(seconds) - 1


def test_a_bulletin_made_shorter_waits_like_any_new_version(
    newsroom, house, hour, work_all
):
    number = approved_hour(newsroom, house, hour, work_all)
    too_long_now(newsroom, number, hour)
    before = on_air(newsroom, hour)
    house.post(f"/episodes/{number}/sentences/1", {"written": OTHER}, method="PATCH")
    work_all()
    episode = newsroom.episodes.get(number)
    assert (episode.version, episode.state) == (3, State.MASTERED)
    assert newsroom.bulletins.get(number).items == (), "nothing was taken out"
    assert on_air(newsroom, hour) == before
    problem(house.post(f"/episodes/{number}/approve", {"version": 3}), 403)
    problem(
        house.post(f"/episodes/{number}/approve", {"version": 2}, role=Role.APPROVER),
        409,
        "version",
    )
    house.post(f"/episodes/{number}/approve", {"version": 3}, role=Role.APPROVER)
    work_all()
    serving, approved_as = on_air(newsroom, hour)
    assert (serving.version, serving.approved_by) == (3, "key approver")
    assert approved_as is Approval.PERSON


def test_what_a_person_made_too_long_is_not_let_out_because_the_house_shortened_it(
    newsroom, house, hour, work_all
):
    number = planned(newsroom, hour, Rung.AUTOMATIC, LOUDSPEAKER)
    work_all()
    too_long_now(newsroom, number, hour)
    before = on_air(newsroom, hour)
    assert before[1] is Approval.RULE
    house.post(f"/episodes/{number}/sentences/1", {"written": OTHER}, method="PATCH")
    work_all()
    episode = newsroom.episodes.get(number)
    assert (episode.version, episode.state) == (3, State.MASTERED)
    assert on_air(newsroom, hour) == before


def test_an_unattended_bulletin_made_shorter_by_the_house_alone_is_let_out_by_rule(
    newsroom, house, hour, work_all
):
    number = planned(newsroom, hour, Rung.AUTOMATIC, LOUDSPEAKER)
    too_long_now(newsroom, number, hour)
    work_all()
    serving, approved_as = on_air(newsroom, hour)
    assert (serving.episode_id, serving.items) == (number, ())
    assert (serving.approved_by, approved_as) == (House.RULE, Approval.RULE)


# A copy put back.


def test_a_copy_put_back_has_on_the_air_what_was_approved_and_nothing_more(
    newsroom, house, studio, tmp_path, work_all, clock
):
    house.post("/articles", SENT | {"body": "Lời khác hẳn, chưa ai nghe."})
    house.post("/articles", SENT | {"external_id": "203", "title": "Tin chờ duyệt"})
    before = heard(newsroom)
    back_up(tmp_path, tmp_path / "kept.tar.gz")
    home = tmp_path / "other"
    restore(tmp_path / "kept.tar.gz", home)
    other = Newsroom.open(
        f"sqlite:///{home}/loa.db", Folder(home / "files"), MIGRATIONS, now=clock
    )
    try:
        work_all(Studio(other, studio.voices))
        assert (heard(other), unapproved(other)) == (before, [])
        states = [(card.version, card.state) for card in other.episodes.cards()[0]]
        assert sorted(states) == [(1, State.MASTERED), (2, State.MASTERED)]
        with other.database.read() as session:
            by = session.scalars(
                select(RenderingRow.approved_by).where(
                    RenderingRow.approved_at.is_not(None)
                )
            )
            assert set(by) == {"key approver"}
    finally:
        other.database.close()


# A file handed in at the command line.


@pytest.fixture
def import_(tmp_path):
    """`loa import` on the newsroom's own home, as somebody at the machine runs it."""
    home = {"LOA_HOME": str(tmp_path), "LOA_VOICES": "tone", "LOA_URGENT_VOICE": "tone"}
    home["LOA_TESTS_REQUIRE"] = None  # the suite's own, which is no setting of Loa

    def import_(title, body, *stations):
        file = tmp_path / f"{title}.txt"
        file.write_text(f"{title}\n{body}\n", encoding="utf-8")
        named = [part for slug in stations for part in ("--station", slug)]
        done = CliRunner(env=home).invoke(commands, ["import", *named, str(file)])
        assert done.exit_code == 0, done.output

    return import_


LINES = "Bà con ra đồng từ sáng sớm. Trời nắng đẹp cả ngày, ai cũng vui."


def test_who_imports_at_the_machine_approves_nothing(
    newsroom, house, import_, work_all
):
    before = heard(newsroom)
    import_("Tin nhập", LINES, "suoi-lanh")
    import_("Tin nhập hai nơi", LINES, "xa-tin", "xa-ben")
    # The words of what is public: another article
    import_("Xã làm đường", SENT["body"], "suoi-lanh")
    work_all()
    assert [newsroom.episodes.get(n).state for n in (2, 3, 4)] == [State.MASTERED] * 3
    assert (heard(newsroom), unapproved(newsroom)) == (before, [])


def test_where_imports_are_trusted_what_is_doubtful_waits(newsroom, import_, work_all):
    import_("Tin nhập", LINES, "xa-tin")
    import_(
        "App",
        "You need to enable JavaScript to run this app. Please reload it.",
        "xa-tin",
    )
    work_all()
    assert [newsroom.episodes.get(n).state for n in (1, 2)] == [
        State.PUBLISHED,
        State.MASTERED,
    ]
    assert newsroom.episodes.get(2).rendering.doubts
    assert unapproved(newsroom) == []
