"""Masters that are gone or spoilt are found, and made again where they were."""

from dataclasses import replace
from urllib.parse import urlsplit

import feedparser

from audio.master import make
from workers.verify import spoilt_masters


def faults(newsroom):
    return [each for each in spoilt_masters(newsroom) if each is not None]


def test_what_is_gone_or_spoilt_is_made_again_under_its_own_address(
    newsroom, publish, client, work_all
):
    first, second = publish("Một"), publish("Hai")
    assert faults(newsroom) == []
    app = {master.kind: master for master in first.masters}["app"]
    (entry,) = [
        e
        for e in feedparser.parse(client.get("/feeds/all.xml").data).entries
        if e.title == "Một"
    ]
    address = urlsplit(entry.enclosures[0].href).path
    before = client.get(address)
    assert before.status_code == 200
    newsroom.files.delete(app.key)
    torn = {master.kind: master for master in second.masters}["speaker"]
    newsroom.files.put(torn.key, newsroom.files.get(torn.key)[:-1] + b"?")
    spoilt = faults(newsroom)
    assert [(each.master.episode_id, each.master.kind) for each in spoilt] == [
        (first.id, "app"),
        (second.id, "speaker"),
    ]
    assert not any(each.again for each in faults(newsroom)), "asked for once"
    work_all()
    assert faults(newsroom) == []
    after = client.get(address)
    assert (after.status_code, after.data) == (200, before.data)
    assert newsroom.episodes.get(first.id).version == first.version


def test_what_cannot_be_made_again_is_not_said_to_be(
    newsroom, studio, publish, work_all
):
    episode = publish("Một")
    for folder in ("masters/", "clips/", "passages/"):
        for key in list(newsroom.files.keys(folder)):
            newsroom.files.delete(key)
    assert faults(newsroom)
    work_all(replace(studio, make=make))
    assert faults(newsroom)
    assert newsroom.episodes.get(episode.id).state == "published"
