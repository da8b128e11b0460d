"""A feed reader that knows only times must still hear of a withdrawal."""

from datetime import timedelta

import feedparser


def test_a_withdrawal_changes_last_modified(client, publish, newsroom, clock):
    episode = publish("Tin sai")
    first = client.get("/feeds/all.xml").headers["Last-Modified"]
    clock.ahead += timedelta(minutes=5)
    newsroom.episodes.withdraw(episode.id, "Sai số liệu", "chị Sen")
    answer = client.get("/feeds/all.xml", headers={"If-Modified-Since": first})
    assert answer.status_code == 200
    assert feedparser.parse(answer.data).entries == []
    known = {"If-Modified-Since": answer.headers["Last-Modified"]}
    assert client.get("/feeds/all.xml", headers=known).status_code == 304
