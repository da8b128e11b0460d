"""A story that is withdrawn leaves the bulletins that the public has with it."""

from datetime import timedelta

import pytest
from lxml import etree

from service.newsroom.values import Role, State

FEED = "/feeds/stations/suoi-lanh.xml"
WHY = "sai số liệu"


@pytest.fixture
def stories(publish):
    """Two stories, of which the first is wrong."""
    return publish("Xã làm đường").id, publish("Tiêm phòng").id


@pytest.fixture
def public(newsroom, stories, drafted, approve, clock, work_all):
    """A bulletin of the two that was broadcast, and has been in the feed since."""
    number = drafted()
    approve(number)
    airing = newsroom.bulletins.get(number).airing
    clock.ahead += airing.air_at + timedelta(hours=1) - clock()
    work_all()
    assert newsroom.episodes.get(number).state is State.PUBLISHED
    return number


@pytest.fixture
def feed(client):
    """The titles in the station's feed."""

    def feed():
        channel = etree.fromstring(client.get(FEED).data)
        return [item.findtext("title") for item in channel.iter("item")]

    return feed


def sound_of(newsroom, number):
    episode = newsroom.episodes.get(number)
    (app,) = [each for each in episode.masters if each.kind == "app"]
    return f"/media/{app.path}"


def test_its_bulletins_leave_the_feed_the_pages_and_the_media_with_it(
    client, newsroom, public, stories, feed
):
    sound, slug = sound_of(newsroom, public), newsroom.episodes.get(public).slug
    assert client.get(sound).status_code == client.get(f"/articles/{slug}").status_code
    title = newsroom.episodes.get(public).rendering.title
    assert title in feed()
    before = client.get(FEED).headers["ETag"]
    newsroom.episodes.withdraw(stories[0], WHY, "chị Sen")
    assert client.get(FEED, headers={"If-None-Match": before}).status_code == 200
    assert feed() == ["Tiêm phòng"]
    for address in (sound, f"/articles/{slug}"):
        gone = client.get(address)
        assert gone.status_code == 410
        assert f"Trong bản tin có tin đã gỡ: {WHY}" in gone.text


def test_it_is_made_anew_without_the_story_by_one_press(
    client, newsroom, public, stories, feed, desk, work_all, approve
):
    old = sound_of(newsroom, public)
    newsroom.episodes.withdraw(stories[0], WHY, "chị Sen")
    send = desk(Role.APPROVER)
    page = client.get(f"/desk/episodes/{public}").text
    assert "Trong bản tin có tin đã gỡ" in page
    send(f"/desk/episodes/{public}/regenerate", f"/desk/episodes/{public}")
    work_all()
    assert newsroom.episodes.get(public).state is State.MASTERED
    assert client.get(old).status_code == 410  # until somebody has heard the new one
    approve(public)
    episode = newsroom.episodes.get(public)
    assert (episode.state, episode.public_version) == (State.PUBLISHED, 3)
    assert {line.story_id for line in episode.sentences} == {None, stories[1]}
    assert episode.rendering.title in feed()
    assert client.get(old).headers["Location"] == sound_of(newsroom, public)
    # The log tells what was broadcast then.
    (aired,) = newsroom.airlog.record(
        "suoi-lanh", newsroom.now() - timedelta(days=1), newsroom.now()
    )
    assert (aired.episode_id, aired.version) == (public, 1)


def test_of_what_is_all_withdrawn_nothing_is_made(newsroom, public, stories, desk):
    for story in stories:
        newsroom.episodes.withdraw(story, WHY, "chị Sen")
    send = desk(Role.APPROVER)
    page = f"/desk/episodes/{public}"
    assert "đều đã gỡ" in send(f"{page}/regenerate", page).text
    assert newsroom.episodes.get(public).state is State.WITHDRAWN


def test_programs_are_told_of_each(newsroom, public, stories, call):
    call("POST", f"/episodes/{stories[0]}/withdraw", {"reason": WHY})
    told = call("GET", f"/episodes/{public}").json
    assert told["state"] == "withdrawn"
    call("POST", f"/episodes/{public}/regenerate", {})
    plan = call("GET", f"/bulletins/{public}").json
    assert [story["episode"] for story in plan["stories"]] == [stories[1]]


def test_what_lost_a_story_before_its_hour_never_comes_out(
    newsroom, stories, drafted, approve, clock, work_all, feed
):
    """Nothing reopens it: the clock is away until its hour is over."""
    number = drafted()
    approve(number)
    newsroom.episodes.withdraw(stories[0], WHY, "chị Sen")
    airing = newsroom.bulletins.get(number).airing
    clock.ahead += airing.air_at + timedelta(hours=1) - clock()
    work_all()
    assert newsroom.episodes.get(number).state is State.WITHDRAWN
    assert newsroom.episodes.get(number).public_version is None
    assert feed() == ["Tiêm phòng"]
    assert newsroom.log.standing()


def test_who_took_a_bulletin_for_later_is_told_what_it_lost(
    client, newsroom, stories, drafted, approve
):
    number = drafted()
    approve(number)
    airing = newsroom.bulletins.get(number).airing
    taken = f"/stations/suoi-lanh/airings/{airing.day:%Y%m%d}-0500.mp3?download=1"
    assert client.get(taken).data
    page = "/stations/suoi-lanh/speaker"
    assert "đã gỡ" not in client.get(page).text
    newsroom.episodes.withdraw(stories[0], WHY, "chị Sen")
    told = client.get(page).text.partition('id="thay-doi"')[2]
    assert "xin xóa tệp và không phát nữa. Lý do: Trong bản tin có tin đã gỡ." in told
