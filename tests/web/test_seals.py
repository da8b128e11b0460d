"""Approvals are signed: a player box checks them, and `loa verify` finds what was changed since."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import select, update

from service.newsroom.store.doors import SecretRow
from service.newsroom.store.tables import (
    AiringRow,
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    RenderingRow,
    StationRow,
)

LATEST = "/stations/suoi-lanh/slots/0500/latest"


@pytest.fixture
def checked(client):
    """What a box knows of a slot that it fetched, by the key that it keeps; InvalidSignature."""

    def check():
        key = load_pem_public_key(client.get("/approvals.pem").data)
        approval = client.get(f"{LATEST}.json").json["approval"]
        key.verify(base64.b64decode(approval["signature"]), approval["signed"].encode())
        return json.loads(approval["signed"])

    return check


def faults(newsroom, *former):
    """By episode, what is wrong with approvals."""
    return {
        each.episode_id: each.fault
        for each in newsroom.seals.faults(former)
        if each.fault
    }


def change(newsroom, table, number, kind="", **values):
    rows = update(table).where(table.episode_id == number)
    if kind:
        rows = rows.where(table.kind == kind)
    with newsroom.database.write() as session:
        session.execute(rows.values(**values))


def kept(newsroom, table, number, columns):
    """What stands in these columns of an episode, by kind of master."""
    with newsroom.database.read() as session:
        rows = session.scalars(select(table).where(table.episode_id == number)).all()
        return {
            getattr(row, "kind", ""): {name: getattr(row, name) for name in columns}
            for row in rows
        }


@pytest.fixture
def aired(publish):
    """The number of a story that was approved and published."""
    return lambda title: publish(title).id


def test_a_box_knows_what_was_approved_for_it_and_for_this_hour(
    client, bulletin, approve, newsroom, checked
):
    assert client.get(f"{LATEST}.json").json["approval"] is None
    approve(bulletin)
    approved = checked()
    sound = client.get(f"{LATEST}.mp3").data
    about = client.get(f"{LATEST}.json").json
    assert approved["masters"]["speaker"] == hashlib.sha256(sound).hexdigest()
    assert approved["masters"].keys() >= {"app", "lite", "speaker", "transcript"}
    assert approved["stations"] == ["suoi-lanh"]
    assert (approved["version"], approved["approved_as"]) == (1, "person")
    starts = datetime.fromisoformat(about["starts_at"])
    assert datetime.fromisoformat(approved["air_at"]) == starts
    assert approved["expires_at"] is None
    assert approved["key"] == newsroom.seals.public_key()
    assert "chị Sen" not in about["approval"]["signed"], "strangers read this"
    assert faults(newsroom) == {}


def test_a_warning_s_seal_tells_when_it_is_over(
    slot, call, work_all, newsroom, checked, clock
):
    words = {"title": "Lũ", "body": "Bà con lên cao.", "times": 1, "minutes": 60}
    call("POST", "/urgent", words | {"stations": ["suoi-lanh"], "approve": True})
    work_all()
    approved = checked()
    assert approved["approved_as"] == "beforehand"
    over = datetime.fromisoformat(approved["expires_at"])
    assert timedelta(0) < over - clock() <= timedelta(minutes=60)
    assert faults(newsroom) == {}


FORGERIES: tuple[tuple[Any, dict[str, Any], str], ...] = (
    (MasterRow, {"sha256": "0" * 64}, "its masters changed"),
    (RenderingRow, {"stations": []}, "its stations changed"),
    (RenderingRow, {"approved_as": "rule"}, "its approved_as changed"),
    (RenderingRow, {"signature": ""}, "it is not signed, though"),
    (RenderingRow, {"signature": "AAAA"}, "not one of this installation's key"),
    (RenderingRow, {"signed": "{}"}, "not one of this installation's key"),
)


def test_what_was_changed_behind_the_pages_is_found(aired, newsroom):
    _first, second = aired("Xã làm đường"), aired("Lịch tiêm phòng")
    assert faults(newsroom) == {}
    for table, values, fault in FORGERIES:
        before = kept(newsroom, table, second, values)
        change(newsroom, table, second, **values)
        told = faults(newsroom)
        assert list(told) == [second], fault
        assert fault in told[second]
        for kind, old in before.items():
            change(newsroom, table, second, kind, **old)
    assert faults(newsroom) == {}


def test_a_seal_of_another_version_does_not_hold(aired, newsroom):
    first, second = aired("Xã làm đường"), aired("Lịch tiêm phòng")
    with newsroom.database.read() as session:
        seal = session.get(RenderingRow, (first, 1))
        stolen = {"signed": seal.signed, "signature": seal.signature}
    change(newsroom, RenderingRow, second, **stolen)
    assert "episode" in faults(newsroom)[second]


def test_what_was_approved_before_there_were_seals_is_no_fault(aired, newsroom):
    first = aired("Xã làm đường")
    change(newsroom, RenderingRow, first, signed="", signature="")
    aired("Lịch tiêm phòng")
    assert faults(newsroom) == {}


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_an_approval_is_not_older_than_seals_because_its_row_says_so(aired, newsroom):
    _first, second = aired("Xã làm đường"), aired("Lịch tiêm phòng")
    unsigned = {"signature": "", "approved_at": LONG_AGO}
    for dates in ({}, {"opened_at": LONG_AGO}):
        change(newsroom, RenderingRow, second, **unsigned, **dates)
        assert "it is not signed" in faults(newsroom)[second], dates


def test_since_when_approvals_are_signed_is_signed(aired, newsroom):
    first, second = aired("Xã làm đường"), aired("Lịch tiêm phòng")
    with newsroom.database.write() as session:
        row = session.get(SecretRow, "approvals since")
        signed, signature = json.loads(row.value)
        forged = signed.replace('"newest":1', '"newest":9')
        assert forged != signed
        row.value = json.dumps([forged, signature])
    change(newsroom, RenderingRow, second, signature="", approved_at=LONG_AGO)
    assert second in faults(newsroom)
    change(newsroom, RenderingRow, first, signature="")
    assert list(faults(newsroom)) == [first, second]


def test_a_warning_that_was_put_at_another_station_is_found(
    slot, call, work_all, newsroom
):
    words = {"title": "Lũ", "body": "Bà con lên cao.", "times": 1, "minutes": 60}
    call("POST", "/urgent", words | {"stations": ["suoi-lanh"], "approve": True})
    work_all()
    call("PUT", "/stations/ban-xa", {"name": "Bản Xa", "place": "Bản Xa"})
    assert faults(newsroom) == {}
    with newsroom.database.write() as session:
        episode = session.scalars(select(EpisodeRow)).one()
        other = session.scalars(select(StationRow).filter_by(slug="ban-xa")).one()
        session.add(
            ArticleStationRow(
                article_id=episode.article_id, station_id=other.id, position=1
            )
        )
        number = episode.id
    assert "placements" in faults(newsroom)[number]


def test_a_bulletin_that_was_put_at_another_station_s_hour_is_found(
    bulletin, approve, call, newsroom
):
    approve(bulletin)
    call("PUT", "/stations/ban-xa", {"name": "Bản Xa", "place": "Bản Xa"})
    assert faults(newsroom) == {}
    with newsroom.database.write() as session:
        row = session.scalars(select(BulletinRow)).first()
        own = session.get(AiringRow, row.airing_id)
        other = session.scalars(select(StationRow).filter_by(slug="ban-xa")).one()
        theirs = AiringRow(
            station_id=other.id,
            at=own.at,
            day=own.day,
            air_at=own.air_at,
            max_seconds=own.max_seconds,
        )
        session.add(theirs)
        session.flush()
        row.airing_id, number = theirs.id, row.episode_id
    assert "airing's station" in faults(newsroom)[number]


def test_a_key_of_before_is_known_when_it_is_named(aired, newsroom):
    number = aired("Xã làm đường")
    before = newsroom.seals.public_key()
    with newsroom.database.write() as session:
        session.get(SecretRow, "approvals").value = "another"
    assert newsroom.seals.public_key() != before
    assert list(faults(newsroom)) == [number]
    assert faults(newsroom, before) == {}


def test_sound_that_is_made_again_is_sealed_again(aired, newsroom, work_all):
    number = aired("Xã làm đường")
    change(newsroom, MasterRow, number, sha256="0" * 64)
    assert list(faults(newsroom)) == [number]
    newsroom.masters.make_again(number, 1)
    work_all()
    assert faults(newsroom) == {}


def test_sound_that_is_made_again_makes_no_forgery_good(aired, newsroom, work_all):
    _first, number = aired("Xã làm đường"), aired("Lịch tiêm phòng")
    for forged in ({"approved_as": "rule"}, {"signature": ""}):
        change(newsroom, RenderingRow, number, **forged)
        newsroom.masters.make_again(number, 1)
        work_all()
        assert list(faults(newsroom)) == [number]


def test_a_file_that_somebody_swapped_on_the_way_is_found(
    bulletin, approve, client, checked
):
    approve(bulletin)
    signed = client.get(f"{LATEST}.json").json["approval"]["signed"]
    forged = signed.replace("suoi-lanh", "xa-khac-lanh")
    key = load_pem_public_key(client.get("/approvals.pem").data)
    signature = client.get(f"{LATEST}.json").json["approval"]["signature"]
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(signature), forged.encode())
