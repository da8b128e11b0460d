"""Recordings and chimes at the desk and through the API: what is sent, who may, how large, and what
pages say.
"""

import re
from io import BytesIO

import numpy as np
import pytest
from sqlalchemy import update

from audio.chime import CHIMES, Chime
from audio.chimes import pcm
from audio.ffmpeg import decode
from audio.loudness import to_float
from audio.voice import RATE
from service.newsroom.store.tables import RecordingRow
from service.newsroom.stories.sent_files import Sent
from service.newsroom.values import Grant, NewArticle, Role, Standing, Station
from service.web.app import create_app
from service.web.site import ChimeChoice, Site
from tests.house import PASSWORD, Browser


@pytest.fixture
def site(site):
    choices = tuple(
        ChimeChoice(chime.value, CHIMES[chime], lambda chime=chime: pcm(chime))
        for chime in Chime
    )
    return Site(
        **{name: getattr(site, name) for name in site.__slots__} | {"chimes": choices}
    )


def file(data, name="thu.mp3"):
    return (BytesIO(data), name)


def body(data):
    """A large file as the body of a request; the test client would put it into a file that nobody
    closes.
    """
    head = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n\r\n'
    )
    return {
        "input_stream": BytesIO(head + data + b"\r\n--x--\r\n"),
        "content_type": "multipart/form-data; boundary=x",
    }


def test_a_sentence_is_read_by_a_person(
    desk, newsroom, client, hand_in, work_all, voice
):
    episode_id = hand_in(paragraphs=("Bà con ra đồng từ sáng sớm hôm nay.",))
    work_all()
    send = desk(Role.EDITOR)
    page = f"/desk/episodes/{episode_id}"
    was = newsroom.episodes.get(episode_id).sentences[1].written
    form = {"was": was, "announcer": "chị Sen", "file": file(voice)}
    answer = send(f"{page}/sentences/2/recording", page, **form)
    assert "Đang kiểm tra và làm sạch" in answer.text
    assert "data-working" in answer.text
    (card,) = client.get(f"/desk/cards.json?ids={episode_id}").json["cards"]
    assert card["working"]
    work_all()
    text = client.get(page).text
    assert "giọng người: chị Sen" in text
    assert "có câu người đọc: chị Sen" in text
    assert "Dùng lại giọng máy" in text
    assert "thay câu 2 bằng giọng người" in text
    assert client.get(f"{page}/sentences/2.wav").data[:4] == b"RIFF"
    original = client.get("/desk/recordings/1/original")
    assert original.data == voice
    send(f"{page}/sentences/2/recording/remove", page)
    work_all()
    assert newsroom.episodes.get(episode_id).rendering.human == ""


def test_what_cannot_be_used_is_told_with_what_to_do(
    desk, newsroom, client, hand_in, work_all
):
    episode_id = hand_in()
    work_all()
    send, page = desk(Role.EDITOR), f"/desk/episodes/{episode_id}"
    send(
        f"{page}/sentences/2/recording",
        page,
        file=file(b"\x89PNG" + bytes(500), "anh.png"),
    )
    work_all()
    text = client.get(page).text
    assert "không phải tệp âm thanh" in text
    assert "Hãy gửi tệp WAV, MP3, M4A" in text
    told = send(
        f"{page}/sentences/99/recording",
        page,
        file=file(b"RIFF"),
        headers={"Accept": "application/json"},
    )
    assert (told.status_code, told.json["message"]) == (404, "Không có câu 99.")
    taken = send(
        f"{page}/sentences/2/recording",
        page,
        file=file(b"RIFF"),
        headers={"Accept": "application/json"},
    )
    assert taken.json["place"] == f"{page}#cau-2"
    send("/desk/recordings/1/seen", page)
    send("/desk/recordings/2/seen", page)
    assert "không phải tệp âm thanh" not in client.get(page).text
    assert "Hãy chọn một tệp" in send(f"{page}/sentences/2/recording", page).text
    assert (
        "Tệp rỗng" in send(f"{page}/sentences/2/recording", page, file=file(b"")).text
    )


def test_a_recording_alone_from_the_desk(desk, newsroom, client, work_all, voice):
    send = desk(Role.EDITOR)
    form = {
        "title": "Tin tiếng Tày",
        "stations": "suoi-lanh",
        "topic": "Tiếng Tày",
        "announcer": "bà Páo",
    }
    assert "Cần có tiêu đề" in send("/desk/recordings/new", file=file(voice)).text
    answer = send("/desk/recordings/new", file=file(voice), **form)
    assert "Đang kiểm tra" in answer.text
    work_all()
    assert client.get("/desk/recordings/1").status_code == 303
    episode = newsroom.episodes.get(newsroom.recordings.get(1).episode_id)
    newsroom.episodes.approve(
        episode.id, "chị Chi", newsroom.episodes.get(episode.id).version
    )
    work_all()
    public = client.get(f"/articles/{episode.slug}").text
    assert "Giọng đọc: bà Páo (người thật)." in public
    assert "Giọng đọc máy" not in public
    feed = client.get("/feeds/all.xml").text
    assert '<podcast:txt purpose="ai-content">false</podcast:txt>' in feed
    assert (
        '<podcast:person role="narrator" group="cast">bà Páo</podcast:person>' in feed
    )


def test_forms_offer_the_readers_of_one_s_own_stations_alone(
    app, newsroom, work_all, tmp_path
):
    newsroom.stations.put(Station("xa-ben", "Đài Xã Bến"))
    read = {"suoi-lanh": "chị Sen", "xa-ben": "bà Páo"}
    articles = [NewArticle(slug, ("Bà con.",), slug, (slug,)) for slug in read]
    received = [newsroom.articles.receive(each, "test") for each in articles]
    work_all()
    path = tmp_path / "thu.mp3"
    path.write_bytes(b"sound")
    for receipt, reader in zip(received, read.values(), strict=True):
        sent = Sent(path, "thu.mp3", reader, "key portal")
        newsroom.recordings.for_sentence(sent, receipt.episode_id, 1)
    newsroom.people.add("chi", PASSWORD, [Grant(Role.EDITOR, "suoi-lanh")])
    desk = Browser(app, "chi")
    pages = ("/desk/episodes/1", "/desk/episodes/1/row", "/desk/recordings/new")
    offered = '<option value="chị Sen">'
    # What is being checked may yet be refused.
    assert not any(offered in desk.get(page).text for page in pages)
    with newsroom.database.write() as session:
        session.execute(update(RecordingRow).values(state=Standing.READY))
    for page in pages:
        text = desk.get(page).text
        assert offered in text
        assert "bà Páo" not in text


def test_a_machine_is_not_asked_to_read_again_what_a_person_reads_whole(
    desk, newsroom, client, hand_in, work_all, voice
):
    episode_id = hand_in(paragraphs=("Bà con ra đồng từ sáng sớm hôm nay.",))
    work_all()
    send, page = desk(Role.EDITOR), f"/desk/episodes/{episode_id}"
    assert "Đọc lại cả bài" in client.get(page).text
    send(f"{page}/recording", page, announcer="chị Sen", file=file(voice))
    work_all()
    text = client.get(page).text
    assert "Dùng lại giọng máy cho cả bài" in text
    assert "máy không có gì để đọc lại" in text
    for label in (
        "Đọc lại cả bài",
        "Đọc lại câu này",
        "Dùng lại giọng máy</button>",
        "Đổi giọng",
    ):
        assert label not in text
    assert (
        "Cả bài là một bản thu"
        in send(f"{page}/sentences/2/recording/remove", page).text
    )
    headers = {
        "Authorization": f"Bearer {newsroom.people.add_key('portal', Role.EDITOR)}"
    }
    for asked in ({}, {"voice": ""}, {"sentences": [1]}):
        refused = client.post(
            f"/api/v1/episodes/{episode_id}/regenerate", json=asked, headers=headers
        )
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (
            409,
            "episode",
        ), asked
    assert newsroom.episodes.get(episode_id).version == 2


def test_large_sound_is_for_editors_alone(newsroom, site, hand_in, work_all):
    episode_id = hand_in()
    work_all()
    large = bytes(6_000_000)
    small = create_app(
        newsroom,
        Site(
            **{name: getattr(site, name) for name in site.__slots__}
            | {"recording_bytes": 7_000_000}
        ),
    )
    client = small.test_client()
    path = f"/api/v1/episodes/{episode_id}/recording"

    keys = {
        role: newsroom.people.add_key(role, role)
        for role in (Role.EDITOR, Role.OPERATOR)
    }

    def put(role, data):
        key = keys.get(role, "no key")
        return client.put(
            path, headers={"Authorization": f"Bearer {key}"}, **body(data)
        ).status_code

    assert put(Role.EDITOR, large) == 202
    assert put(Role.OPERATOR, large) == 403  # the role comes before the body
    assert put("", large) == 401  # not even looked at
    assert put(Role.EDITOR, bytes(8_000_000)) == 413
    assert put(Role.OPERATOR, b"x") == 403
    newsroom.people.add("an", PASSWORD, Role.EDITOR)
    token = re.search(
        r'name="csrf_token" value="([^"]+)"', client.get("/desk/login").text
    )[1]
    client.post(
        "/desk/login", data={"csrf_token": token, "name": "an", "password": PASSWORD}
    )
    forged = client.post(f"/desk/episodes/{episode_id}/recording", **body(large))
    assert forged.status_code == 400
    assert len(newsroom.episodes.sheet(episode_id).recordings) == 1


def test_the_api_takes_recordings_and_says_who_reads(
    newsroom, client, hand_in, work_all, voice
):
    episode_id = hand_in(paragraphs=("Bà con ra đồng từ sáng sớm hôm nay.",))
    work_all()
    headers = {
        "Authorization": f"Bearer {newsroom.people.add_key('portal', Role.ADMIN)}"
    }
    base = f"/api/v1/episodes/{episode_id}"
    sent = client.put(
        f"{base}/sentences/2/recording",
        data={"file": file(voice), "announcer": "anh Páo"},
        headers=headers,
    )
    assert (sent.status_code, sent.json["state"]) == (202, "checking")
    work_all()
    stands = client.get(sent.json["href"], headers=headers).json
    assert (stands["state"], stands["reason"], stands["episode"]) == (
        "ready",
        None,
        base,
    )
    episode = client.get(base, headers=headers).json
    assert [(line["human"], line["voice"]) for line in episode["sentences"]] == [
        (False, "tone"),
        (True, "human:anh Páo"),
    ]
    assert (episode["voice"]["human"], episode["voice"]["announcers"]) == (
        "some",
        ["anh Páo"],
    )
    assert (
        client.delete(f"{base}/sentences/2/recording", headers=headers).status_code
        == 200
    )
    work_all()
    assert client.get(base, headers=headers).json["voice"]["human"] == ""
    missing = client.put(
        f"{base}/sentences/2/recording",
        data={"announcer": "anh Páo"},
        headers=headers,
        content_type="multipart/form-data",
    )
    assert (missing.status_code, missing.json["errors"][0]["field"]) == (422, "file")
    alone = client.post(
        "/api/v1/recordings",
        data={"file": file(b"nothing"), "title": "Tin"},
        headers=headers,
    )
    work_all()
    told = client.get(alone.json["href"], headers=headers).json
    assert (told["state"], told["reason"]["code"]) == ("refused", "no_sound")
    assert "Invalid data" in told["reason"]["detail"]
    # The folder is the house's own
    assert "/" not in told["reason"]["detail"].replace(" / ", "")


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        ("ffmpeg: /tmp/loa-x1/recording: no sound", "ffmpeg: recording: no sound"),
        (
            "[Errno 28] No space left: '/var/loa/nhà/tmp/a.wav'",
            "[Errno 28] No space left: 'a.wav'",
        ),
        (r"C:\Users\sen\Temp\loa-1\a.wav: torn", "a.wav: torn"),
        ("https://voice.example/v1/say: 503, 3 km/h, 1/2", None),
    ],
)
def test_what_was_kept_of_a_fault_is_shown_without_folders(
    client, newsroom, work_all, fault, shown
):
    headers = {
        "Authorization": f"Bearer {newsroom.people.add_key('portal', Role.ADMIN)}"
    }
    sent = client.post(
        "/api/v1/recordings",
        data={"file": file(b"nothing"), "title": "Tin"},
        headers=headers,
    )
    work_all()
    with newsroom.database.write() as session:  # as earlier versions kept it
        session.execute(update(RecordingRow).values(detail=fault))
    told = client.get(sent.json["href"], headers=headers).json
    assert told["reason"]["detail"] == (shown or fault)


def test_a_sentence_whose_clip_was_let_go_is_heard_out_of_the_finished_file(
    desk, newsroom, client, publish
):
    episode = publish(
        paragraphs=("Bà con ra đồng từ sáng sớm hôm nay.", "Trời nắng đẹp.")
    )
    desk(Role.OPERATOR)
    line = episode.sentences[1]
    app = next(master for master in episode.masters if master.kind == "app")
    whole = to_float(decode(newsroom.files.get(app.key)))
    for key in list(newsroom.files.keys("clips/")):
        newsroom.files.delete(key)
    answer = client.get(f"/desk/episodes/{episode.id}/sentences/2.wav")
    assert answer.mimetype == "audio/mpeg"
    heard = to_float(decode(answer.data))
    assert len(heard) / RATE == pytest.approx(
        (line.end_ms - line.start_ms) / 1000, abs=0.12
    )
    wanted = whole[line.start_ms * RATE // 1000 : line.end_ms * RATE // 1000]
    alike = np.correlate(heard, wanted[: RATE // 2], "valid").max()
    assert alike > 0.9 * np.square(wanted[: RATE // 2]).sum()
    assert int(np.correlate(heard, wanted[: RATE // 2], "valid").argmax()) < 0.08 * RATE


def test_what_a_person_reads_in_a_bulletin_is_not_given_to_a_machine(
    newsroom, client, publish, drafted, work_all, voice, tmp_path
):
    headers = {
        "Authorization": f"Bearer {newsroom.people.add_key('portal', Role.EDITOR)}"
    }
    (path := tmp_path / "thu.mp3").write_bytes(voice)
    story = publish(
        paragraphs=("Bà con ra đồng từ sáng sớm hôm nay.", "Trời nắng đẹp.")
    )
    newsroom.recordings.for_sentence(
        Sent(path, "thu.mp3", "chị Sen", "lan"), story.id, 2
    )
    work_all()
    newsroom.episodes.approve(
        story.id, "chị Chi", newsroom.episodes.get(story.id).version
    )
    work_all()
    number = drafted()
    base = f"/api/v1/episodes/{number}"
    lines = client.get(base, headers=headers).json["sentences"]
    (human,) = [line["n"] for line in lines if line["human"]]
    refused = client.post(
        f"{base}/regenerate", json={"sentences": [1, human]}, headers=headers
    )
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (
        409,
        "sentences",
    )
    assert "Hãy thay giọng ở bài đó" in refused.json["message_vi"]
    assert client.get(base, headers=headers).json["version"] == 1
    assert (
        client.post(
            f"{base}/regenerate", json={"sentences": [human + 1]}, headers=headers
        ).status_code
        == 200
    )


def test_chimes_are_heard_replaced_and_given_back(
    desk, newsroom, client, work_all, voice
):
    send = desk(Role.ADMIN)
    page = "/desk/stations/suoi-lanh/chimes"
    house = client.get(f"{page}/opening.wav").data
    assert len(house) == 44 + len(pcm(Chime.OPENING))
    assert (
        "Đang kiểm tra"
        in send(f"{page}/opening", page, file=file(voice, "hieu.mp3")).text
    )
    work_all()
    text = client.get(page).text
    assert "bản riêng của đài" in text
    assert "hieu.mp3" in text
    assert client.get(f"{page}/opening.wav").data != house
    assert client.get(f"{page}/opening.wav?house=1").data == house
    for key in list(newsroom.files.keys("clips/")):
        newsroom.files.delete(key)  # as after a backup was restored
    assert client.get(f"{page}/opening.wav").data == voice
    send(f"{page}/opening", page, file=file(b"<html>", "hong.mp3"))
    work_all()
    assert "không phải tệp âm thanh" in client.get(page).text
    assert newsroom.recordings.chimes("suoi-lanh")["opening"].state is Standing.READY
    send(f"{page}/opening/remove", page)
    assert client.get(f"{page}/opening.wav").data == house
    assert client.get(f"{page}/nothing.wav").status_code == 404
    headers = {
        "Authorization": f"Bearer {newsroom.people.add_key('portal', Role.ADMIN)}"
    }
    sent = client.put(
        "/api/v1/stations/suoi-lanh/chimes/alert",
        data={"file": file(voice)},
        headers=headers,
    )
    work_all()
    assert client.get(sent.json["href"], headers=headers).json["state"] == "ready"
    own = [
        each["name"]
        for each in client.get(
            "/api/v1/stations/suoi-lanh/chimes", headers=headers
        ).json
        if each["own"]
    ]
    assert own == ["alert"]
    assert (
        client.delete(
            "/api/v1/stations/suoi-lanh/chimes/alert", headers=headers
        ).status_code
        == 204
    )
    assert newsroom.recordings.chimes("suoi-lanh") == {}


@pytest.mark.parametrize("title", ["2025", "true", '"Trong ngoặc"', "[1]", "7" * 250])
def test_text_of_a_form_is_text_whatever_it_looks_like(newsroom, client, voice, title):
    key = newsroom.people.add_key("portal", Role.ADMIN)
    sent = client.post(
        "/api/v1/recordings",
        headers={"Authorization": f"Bearer {key}"},
        data={
            "file": (BytesIO(voice), "a.wav"),
            "title": title,
            "announcer": "5" * 5_000,
        },
    )
    assert sent.status_code == 422  # the announcer's name is too long, and only that
    assert [error["field"] for error in sent.json["errors"]] == ["announcer"]
    sent = client.post(
        "/api/v1/recordings",
        headers={"Authorization": f"Bearer {key}"},
        data={"file": (BytesIO(voice), "a.wav"), "title": title},
    )
    assert sent.status_code == 202
