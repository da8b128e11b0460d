"""The desk through a browser's eyes: logins, roles, the form, the proof sheet."""

import io
import re
import shutil
import wave
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html

from service.newsroom import Newsroom
from service.newsroom.errors import Held
from service.newsroom.store.files import Folder
from service.newsroom.values import (
    Cause,
    Change,
    Event,
    Happening,
    Lane,
    MadeMaster,
    NewArticle,
    Role,
    Sentence,
    State,
    Station,
    Step,
    ToWrite,
)
from service.web.app import create_app
from service.web.desk import proof
from service.web.site import Site, VoiceChoice
from tests.conftest import COMPILED, QUICK, WrittenAtOnce
from tests.house import PASSWORD, Browser

ROOT = Path(__file__).parents[2]
BOTH = (Lane.FAST, Lane.SLOW)
PAGE = """Trang chủ
Tin tức
UBND xã họp bàn phòng chống lụt bão
05/11/2026 08:15
Sáng 05/11/2026, UBND xã Suối Lành tổ chức họp bàn về công tác phòng chống lụt bão năm 2026 tại hội trường.
Đồng chí Chủ tịch UBND xã yêu cầu các thôn kiểm tra 23điểm xung yếu trước ngày 15/11.
Tác giả: Lan Anh
"""


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one station and a person of each role, made once: passwords are slow
    to hash.
    """
    path = tmp_path_factory.mktemp("seed")
    room = open_room(path)
    room.database.migrate()
    room.stations.put(Station("suoi-lanh", "Đài Suối Lành"))
    for role in Role:
        room.people.add(role.value, PASSWORD, role)
    return path


@pytest.fixture
def room(seed: Path, tmp_path: Path) -> Newsroom:
    """A newsroom of the test's own."""
    return open_room(Path(shutil.copytree(seed, tmp_path / "room")))


def open_room(path: Path) -> Newsroom:
    files = Folder(path / "files")
    return Newsroom.open(
        f"sqlite:///{path}/loa.db", files, ROOT / "migrations", hasher=QUICK
    )


@pytest.fixture
def desk(room: Newsroom) -> Flask:
    """The web of that newsroom."""
    voices = (
        VoiceChoice("espeak:vi", "Giọng máy"),
        VoiceChoice("tone:vi", "Giọng thử"),
    )
    site = Site(
        "http://localhost",
        "Loa",
        ROOT / "templates",
        "bí mật",
        bed=ROOT / "audio/chimes/bed.mp3",
        voices=voices,
    )
    app = create_app(room, site, WrittenAtOnce(room))
    app.testing = True
    app.jinja_env.bytecode_cache = COMPILED
    return app


def receive(room: Newsroom, title: str = "Tin mới", digest: str = "d1") -> int:
    article = NewArticle(
        title, ("UBND xã có 23 điểm.", "Hai câu."), digest, ("suoi-lanh",)
    )
    return room.articles.receive(article, "lan").episode_id


def work(room: Newsroom, until: Step = Step.PUBLISH) -> None:
    """Does the line's jobs by hand, the step `until` included."""
    steps = list(Step)
    while job := room.jobs.claim("hand", BOTH):
        match job.step:
            case Step.WRITE:
                story = room.steps.load_writing(job)
                assert isinstance(story, ToWrite)
                change = Change(
                    0, 4, "UBND", "ủy ban nhân dân", "abbreviation", doubt=True
                )
                sentences = [
                    Sentence(
                        n,
                        text,
                        text.replace("UBND", change.spoken),
                        300,
                        changes=(change,) * ("UBND" in text),
                    )
                    for n, text in enumerate([story.title, *story.paragraphs], start=1)
                ]
                assert room.steps.save_written(job, sentences)
            case Step.SPEAK:
                lines = room.steps.load_speaking(job)
                assert lines
                clips = [f"clip{n}" for n in range(len(lines.lines))]
                for clip in clips:
                    room.clips.put(clip, b"\1\0" * 240)
                assert room.steps.save_spoken(
                    job,
                    clips,
                    voice="espeak:vi",
                    build="1",
                    provisional=False,
                    engine_calls=3,
                    clips_reused=0,
                )
            case Step.MASTER:
                key = f"masters/{job.episode_id}/{job.version}/app.mp3"
                room.files.put(key, b"mp3")
                cues = ((0, 1), (2, 3), (4, 5))
                made = MadeMaster(
                    "app",
                    "app.mp3",
                    key,
                    "audio/mpeg",
                    3,
                    "00",
                    61.0,
                    -16.0,
                    -1.0,
                    cues,
                )
                assert room.steps.save_mastered(job, [made])
            case Step.PUBLISH:
                assert room.steps.save_published(job)
        if steps.index(job.step) >= steps.index(until):
            break


@pytest.fixture
def episode(room: Newsroom) -> int:
    """An episode that waits for an approver."""
    number = receive(room)
    work(room)
    assert room.episodes.get(number).state is State.MASTERED
    return number


# Logins.


def test_the_desk_asks_for_a_login_and_comes_back_to_where_one_was(desk: Flask) -> None:
    browser = Browser(desk)
    asked = browser.get("/desk/log")
    assert (asked.status_code, asked.location) == (303, "/desk/login?next=/desk/log")
    assert browser.login("editor", to="/desk/log").location == "/desk/log"
    assert browser.get("/desk").status_code == 200
    assert browser.get("/desk/").status_code == 200
    assert browser.post("/desk/logout").status_code == 303
    assert browser.get("/desk").status_code == 303


def test_unknown_name_and_wrong_password_read_the_same(desk: Flask) -> None:
    browser = Browser(desk)
    wrong, unknown = browser.login("editor", "sai"), browser.login("nobody", "sai")
    assert wrong.status_code == unknown.status_code == 401
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in wrong.text
    # But for the form's token, which tells the second it was made in.
    without_token = [
        re.sub(r'name="csrf_token" value="[^"]+"', "", page.text)
        for page in (wrong, unknown)
    ]
    assert without_token[0].replace("editor", "nobody") == without_token[1]
    assert 'value="editor"' in wrong.text


def test_the_eleventh_attempt_of_a_minute_waits(desk: Flask) -> None:
    browser = Browser(desk)
    assert {browser.login("editor", "sai").status_code for _ in range(10)} == {401}
    limited = browser.login("editor")
    assert limited.status_code == 429
    assert limited.headers["Retry-After"] == "60"
    assert "chờ một phút" in limited.text


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "x",
    ],
)
def test_a_login_never_leads_elsewhere(desk: Flask, to: str) -> None:
    assert Browser(desk).login("editor", to=to).location == "/desk"


def test_a_form_without_its_token_is_refused(
    room: Newsroom, desk: Flask, episode: int
) -> None:
    browser = Browser(desk, "admin")
    refused = browser.client.post(
        f"/desk/episodes/{episode}/approve", data={"version": 1}
    )
    assert refused.status_code == 400
    assert "tải lại trang" in refused.text
    assert room.episodes.get(episode).state is State.MASTERED


@pytest.mark.parametrize(
    ("role", "method", "path", "status"),
    [
        ("operator", "get", "/desk", 200),
        ("operator", "get", "/desk/episodes/1", 200),
        ("operator", "get", "/desk/episodes/1/sentences/1.wav", 200),
        ("operator", "get", "/desk/log", 200),
        ("operator", "get", "/desk/new", 403),
        ("operator", "post", "/desk/episodes/1/regenerate", 403),
        ("operator", "post", "/desk/episodes/1/sentences/1", 403),
        ("editor", "get", "/desk/new", 200),
        ("editor", "get", "/desk/articles/1/edit", 200),
        ("editor", "post", "/desk/episodes/1/approve", 403),
        ("editor", "post", "/desk/episodes/1/withdraw", 403),
        ("approver", "get", "/desk/people", 403),
        ("approver", "post", "/desk/people/keys", 403),
        ("admin", "get", "/desk/people", 200),
    ],
)
@pytest.mark.usefixtures("episode")
def test_each_role_may_do_its_own(
    desk: Flask, role: str, method: str, path: str, status: int
) -> None:
    assert getattr(Browser(desk, role), method)(path).status_code == status


def test_an_operator_is_shown_no_forms(desk: Flask, episode: int) -> None:
    page = Browser(desk, "operator").get(f"/desk/episodes/{episode}").text
    assert "UBND" in page
    assert page.count('method="post"') == 1  # the logout


# The form.


def test_a_new_article_becomes_an_episode(room: Newsroom, desk: Flask) -> None:
    browser = Browser(desk, "editor")
    assert 'value="suoi-lanh" checked' in browser.get("/desk/new").text
    sent = browser.post(
        "/desk/new",
        format="text",
        title="Lịch tiêm chủng",
        body="Sáng mai trạm y tế xã tiêm chủng.",
        stations="suoi-lanh",
        priority="urgent",
        published_at="2026-11-24T17:00",
        topic="Y tế",
        picture="https://xa.example/anh.jpg",
    )
    assert (sent.status_code, sent.location) == (303, "/desk/episodes/1")
    article = room.articles.get(1)
    assert article.picture == "https://xa.example/anh.jpg"
    assert (article.title, article.topic, article.priority) == (
        "Lịch tiêm chủng",
        "Y tế",
        "urgent",
    )
    assert article.published_at
    assert article.published_at.isoformat().startswith("2026-11-24T")
    assert room.log.lines(episode_id=1)[0].who == "editor"
    assert "Đã nhận bài" in browser.get(sent.location).text


def test_a_pasted_page_is_shown_as_it_was_understood_before_it_is_sent(
    room: Newsroom, desk: Flask
) -> None:
    browser = Browser(desk, "editor")
    seen = browser.post(
        "/desk/new",
        format="page",
        body=PAGE,
        stations="suoi-lanh",
        priority="normal",
        preview="1",
    )
    assert seen.status_code == 200
    page = unescape(seen.text)
    assert "<dd>UBND xã họp bàn phòng chống lụt bão</dd>" in page
    assert "<dd>Lan Anh</dd>" in page
    assert "ủy ban nhân dân xã Suối Lành" in page
    assert 'title="đọc là “hai mươi ba”; quy tắc: con số"' in page
    # What was typed is still in the form
    assert "Trang chủ\nTin tức" in page.replace("\r", "")
    assert room.episodes.cards()[1] == 0


@pytest.mark.parametrize(
    ("form", "field", "message"),
    [
        ({"body": ""}, "body", "Chưa có nội dung bài"),
        ({"published_at": "hôm qua"}, "published_at", "Thời gian đăng không đúng dạng"),
        ({"stations": []}, "stations", "Chọn ít nhất một đài"),
        ({"stations": "khong-co"}, "stations", "Không có đài"),
        ({"priority": "vội"}, "priority", "Mức ưu tiên không hợp lệ"),
        ({"title": "x" * 3000}, "title", "Quá dài"),
        ({"picture": "javascript:alert(1)"}, "picture", "Địa chỉ không hợp lệ"),
        ({"picture": "https://xa℀.vn/1"}, "picture", "Địa chỉ không hợp lệ"),
    ],
)
def test_a_bad_input_is_named_and_nothing_typed_is_lost(
    room: Newsroom, desk: Flask, form: dict[str, Any], field: str, message: str
) -> None:
    browser = Browser(desk, "editor")
    good = {
        "format": "text",
        "title": "Tin",
        "body": "Một câu dài.",
        "stations": "suoi-lanh",
        "byline": "Bà Lan",
    }
    refused = browser.post("/desk/new", **({**good, "priority": "normal"} | form))
    assert refused.status_code == 422
    assert re.search(rf'id="{field}-loi">✗ [^<]*{message}', refused.text)
    assert "Bà Lan" in refused.text
    assert "body" in form or "Một câu dài." in refused.text
    assert room.episodes.cards()[1] == 0


def test_an_edited_article_is_a_new_revision(
    room: Newsroom, desk: Flask, episode: int
) -> None:
    browser = Browser(desk, "editor")
    page = browser.get("/desk/articles/1/edit").text
    assert "UBND xã có 23 điểm.\n\nHai câu." in page
    form = {
        "format": "text",
        "title": "Tin sửa",
        "body": "Ba câu.",
        "stations": "suoi-lanh",
        "priority": "normal",
    }
    assert (
        browser.post("/desk/articles/1/edit", **form, revision="1").status_code == 303
    )
    assert (room.articles.get(1).revision, room.episodes.get(episode).version) == (2, 2)
    stale = browser.post(
        "/desk/articles/1/edit", **(form | {"title": "Của người khác"}), revision="1"
    )
    assert stale.status_code == 422
    assert "người khác sửa" in stale.text
    assert "Của người khác" in stale.text
    assert room.articles.get(1).revision == 2


def form_of(page: str, path: str) -> dict[str, str]:
    """What a browser sends of the page's form for that address ("": its own)."""
    root: Any = html.fromstring(page)
    form = next(
        each
        for each in root.forms
        if (each.action or "") == path and len(each.inputs) > 2
    )
    return {name: value or "" for name, value in form.form_values()}


def test_who_edits_what_another_placed_meanwhile_is_told(
    room: Newsroom, desk: Flask, episode: int
) -> None:
    """Stations, priority, a byline: not the words alone are somebody's work."""
    room.stations.put(Station("xa-ben", "Đài Xã Bến"))
    browser, edit = Browser(desk, "editor"), "/desk/articles/1/edit"
    form = form_of(browser.get(edit).text, "")
    for change in ({"stations": "xa-ben"}, {"byline": "Bà Lan"}, {"topic": "Mùa vụ"}):
        opened = form_of(browser.get(edit).text, "")
        assert browser.post(edit, **opened | change).status_code == 303
        late = browser.post(edit, **form | {"body": "Lời của người đến sau."})
        assert late.status_code == 422
        assert "người khác sửa" in late.text
        assert "Lời của người đến sau." in late.text
    article = room.articles.get(1)
    assert (article.stations, article.byline) == (("xa-ben",), "Bà Lan")


# The proof sheet.


def test_two_who_mend_one_sentence_are_told_of_each_other(
    room: Newsroom, desk: Flask, episode: int
) -> None:
    browser = Browser(desk, "editor")
    sheet, path = f"/desk/episodes/{episode}", f"/desk/episodes/{episode}/sentences/2"
    form = form_of(browser.get(sheet).text, path)
    assert browser.post(path, **form | {"spoken": "lời thứ nhất"}).status_code == 303
    for typed in ({"spoken": "lời thứ hai"}, {"written": "Chữ thứ hai."}):
        was = {name: form[name] for name in ("was", "was_spoken")}
        late = browser.post(path, **was | typed)
        assert late.status_code == 422
        assert "nay đọc là “lời thứ nhất”" in late.text
        (words,) = typed.values()
        assert f"{words}</textarea>" in late.text
    assert browser.post(path, **form | {"spoken": "lời thứ nhất"}).status_code == 303
    found = room.episodes.get(episode)
    assert (found.version, found.sentences[1].spoken) == (2, "lời thứ nhất")


def test_the_proof_sheet_marks_what_is_said_otherwise(
    desk: Flask, episode: int
) -> None:
    page = unescape(Browser(desk, "editor").get(f"/desk/episodes/{episode}").text)
    assert (
        '<mark class="rule-abbreviation doubt" title="đọc là “ủy ban nhân dân”; quy tắc: chữ viết tắt">UBND'
        in page
    )
    assert "Cần xem: <b>UBND</b>" in page
    assert f"/media/{episode}/1/app.mp3" in page
    assert "−16,0 LUFS" in page
    assert "chờ người duyệt" in page


def test_a_sentence_edit_is_spoken_again_as_a_new_version(
    room: Newsroom, desk: Flask, episode: int
) -> None:
    browser = Browser(desk, "editor")
    saved = browser.post(
        f"/desk/episodes/{episode}/sentences/2",
        spoken="ủy ban xã có mấy điểm",
        was="UBND xã có 23 điểm.",
    )
    assert (saved.status_code, saved.location) == (
        303,
        f"/desk/episodes/{episode}#cau-2",
    )
    found = room.episodes.get(episode)
    assert (found.state, found.version, found.sentences[1].spoken) == (
        State.WRITTEN,
        2,
        "ủy ban xã có mấy điểm",
    )
    page = browser.get(f"/desk/episodes/{episode}").text
    assert "đã sửa tay" in page
    assert "<mark class" not in page
    browser.post(f"/desk/episodes/{episode}/sentences/3", written="Xã có 15 câu.")
    found = room.episodes.get(episode)
    assert (found.version, found.sentences[2].spoken) == (3, "Xã có mười lăm câu.")
    assert found.sentences[2].changes[0].rule == "number"


def test_an_edit_that_is_refused_keeps_what_was_typed(
    room: Newsroom, desk: Flask, episode: int
) -> None:
    browser = Browser(desk, "editor")
    other = browser.post(
        f"/desk/episodes/{episode}/sentences/2",
        spoken="chữ đã gõ",
        was="Câu đã thành câu khác.",
    )
    assert other.status_code == 422
    room.episodes.regenerate(episode, "lan")
    waiting = browser.post(f"/desk/episodes/{episode}/sentences/2", spoken="chữ đã gõ")
    assert waiting.status_code == 422
    for answer in (other, waiting):
        assert re.search(r"<textarea[^>]*readonly>\s*chữ đã gõ", answer.text)


def test_a_sentence_is_heard_once_it_is_spoken(room: Newsroom, desk: Flask) -> None:
    number = receive(room)
    work(room, Step.WRITE)
    browser = Browser(desk, "operator")
    assert browser.get(f"/desk/episodes/{number}/sentences/1.wav").status_code == 404
    work(room)
    heard = browser.get(f"/desk/episodes/{number}/sentences/1.wav")
    assert heard.mimetype == "audio/wav"
    with wave.open(io.BytesIO(heard.data)) as sound:
        assert (
            sound.getframerate(),
            sound.getnchannels(),
            sound.getsampwidth(),
            sound.getnframes(),
        ) == (
            24_000,
            1,
            2,
            240,
        )
    assert browser.get(f"/desk/episodes/{number}/sentences/99.wav").status_code == 404


def test_only_the_version_that_was_listened_to_is_approved(
    room: Newsroom, desk: Flask, episode: int
) -> None:
    browser = Browser(desk, "approver")
    assert 'name="version" value="1"' in browser.get(f"/desk/episodes/{episode}").text
    room.episodes.say_otherwise(episode, 1, "khác", "lan")
    work(room)
    for version in ({"version": "1"}, {}):
        sent = browser.post(f"/desk/episodes/{episode}/approve", **version)
        assert "phiên bản mới hơn" in browser.get(sent.location).text
        assert room.episodes.get(episode).state is State.MASTERED
    browser.post(f"/desk/episodes/{episode}/approve", version="2")
    assert room.episodes.get(episode).rendering.approved_by == "approver"
    work(room)
    assert (
        f"/articles/{room.episodes.get(episode).slug}"
        in browser.get(f"/desk/episodes/{episode}").text
    )


def test_a_held_episode_tells_why_and_is_read_again(
    room: Newsroom, desk: Flask
) -> None:
    number = receive(room)
    work(room, Step.WRITE)
    job = room.jobs.claim("hand", BOTH)
    assert job
    assert room.steps.hold(job, Held.VOICE_UNREACHABLE, "câu 2")
    browser = Browser(desk, "editor")
    page = browser.get(f"/desk/episodes/{number}").text
    assert Held.VOICE_UNREACHABLE.why in page
    assert Held.VOICE_UNREACHABLE.remedy in page
    assert "câu 2" in page
    listed = browser.get("/desk?tab=bi-giu").text
    assert Held.VOICE_UNREACHABLE.why in listed
    assert "1 bài đang chờ giọng đọc trả lời" in listed
    assert "không trả lời từ" not in listed
    assert room.engines.leave("espeak", 60, 5, 10) == 0.0
    room.engines.failed("espeak", "slow", "no answer within 10 s", 4, None)
    assert "<b>Giọng máy</b> không trả lời từ" in browser.get("/desk").text
    assert (
        browser.post(f"/desk/episodes/{number}/regenerate", voice="").status_code == 303
    )
    # Its sentences, and clips, are kept
    assert room.episodes.get(number).state is State.WRITTEN


def test_a_master_that_is_not_as_loud_as_promised_is_told_before_approval(
    room: Newsroom, desk: Flask
) -> None:
    number = receive(room)
    browser = Browser(desk, "editor")
    work(room, Step.SPEAK)
    job = room.jobs.claim("hand", BOTH)
    assert job
    masters = [
        MadeMaster(
            kind,
            kind,
            f"masters/{kind}",
            "audio/mpeg",
            3,
            "00",
            61.0,
            lufs,
            -1.2,
            ((0, 1), (2, 3), (4, 5)),
            label,
            target_lufs,
            band_lu,
        )
        for kind, lufs, label, target_lufs, band_lu in (
            ("app", -16.4, "podcast", -16.0, 0.5),
            ("speaker", -15.2, "loa", -13.0, 1.0),
            ("transcript", 0.0, "", None, 0.0),
        )
    ]
    assert room.steps.save_mastered(job, masters)
    page = browser.get(f"/desk/episodes/{number}").text
    assert page.count("hơn bình thường") == 1
    assert "Bản cho loa nhỏ hơn bình thường khoảng 2,2 dB" in page


def test_another_voice_and_another_take(
    room: Newsroom, desk: Flask, episode: int
) -> None:
    browser = Browser(desk, "editor")
    sent = browser.post(f"/desk/episodes/{episode}/regenerate", voice="nobody:x")
    assert "Không có giọng đọc này" in browser.get(sent.location).text
    browser.post(f"/desk/episodes/{episode}/regenerate", voice="tone:vi")
    assert room.episodes.get(episode).rendering.voice == "tone:vi"
    # In both lists of the page
    assert (
        browser.get(f"/desk/episodes/{episode}").text.count("đổi giọng: Giọng thử") == 2
    )
    sent = browser.post(f"/desk/episodes/{episode}/regenerate", sentences="2")
    assert sent.location.endswith("#cau-2")
    assert room.episodes.get(episode).sentences[1].take == 1
    browser.post(f"/desk/episodes/{episode}/regenerate")
    assert room.episodes.get(episode).state is State.RECEIVED


def test_withdrawing_needs_a_reason(room: Newsroom, desk: Flask, episode: int) -> None:
    browser = Browser(desk, "approver")
    sent = browser.post(f"/desk/episodes/{episode}/withdraw", reason=" ")
    assert "lý do" in browser.get(sent.location).text
    browser.post(f"/desk/episodes/{episode}/withdraw", reason="Sai ngày họp")
    assert room.episodes.get(episode).state is State.WITHDRAWN
    assert "Sai ngày họp" in browser.get(f"/desk/episodes/{episode}").text


# The list.


def test_the_list_is_sieved_by_state_and_by_words_without_diacritics(
    room: Newsroom, desk: Flask
) -> None:
    receive(room, "Phòng chống lụt bão", "a")
    work(room)
    receive(room, "Lịch cắt điện", "b")
    browser = Browser(desk, "operator")
    assert "Lịch cắt điện" not in browser.get("/desk?q=lut+bao").text
    waiting = browser.get("/desk?tab=cho-duyet").text
    assert "Phòng chống lụt bão" in waiting
    assert "Lịch cắt điện" not in waiting
    assert "1 câu cần xem" in waiting
    assert "Lịch cắt điện" in browser.get("/desk?page=abc").text


def test_a_page_can_look_how_far_the_work_is(room: Newsroom, desk: Flask) -> None:
    number = receive(room)
    browser = Browser(desk, "operator")
    (card,) = browser.get(f"/desk/cards.json?ids={number},x,99999999999999").get_json()[
        "cards"
    ]
    assert (card["id"], card["state"], card["working"]) == (number, "received", True)
    work(room)
    (card,) = browser.get(f"/desk/cards.json?ids={number}").get_json()["cards"]
    assert (card["state"], card["working"]) == ("mastered", False)
    assert 'class="tag mastered"' in card["html"]
    assert browser.get("/desk/cards.json").get_json() == {"cards": []}
    assert Browser(desk).get("/desk/cards.json").status_code == 401


def test_html_in_an_article_is_text(room: Newsroom, desk: Flask) -> None:
    number = receive(room, "<script>alert(1)</script>")
    work(room)
    browser = Browser(desk, "editor")
    for path in (
        "/desk",
        "/desk?q=%3Cscript%3E",
        "/desk/log",
        f"/desk/episodes/{number}",
        "/desk/articles/1/edit",
    ):
        page = browser.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
    card = browser.get(f"/desk/cards.json?ids={number}").get_json()["cards"][0]
    assert "<script" not in card["html"]


@pytest.mark.parametrize(
    "path", ["/desk/episodes/99", f"/desk/episodes/{10**30}", "/desk/articles/99/edit"]
)
def test_what_is_not_there_is_told_kindly(desk: Flask, path: str) -> None:
    assert Browser(desk, "admin").get(path).status_code == 404


# People and words.


def test_an_admin_adds_people_and_keys(room: Newsroom, desk: Flask) -> None:
    browser = Browser(desk, "admin")
    assert (
        browser.post(
            "/desk/people", name="Hoa", password=PASSWORD, role="approver"
        ).status_code
        == 303
    )
    assert room.people.login("Hoa", PASSWORD)
    short = browser.post("/desk/people", name="Minh", password="ngắn", role="editor")
    assert short.status_code == 422
    assert 'value="Minh"' in short.text
    assert "ít nhất 10 ký tự" in short.text
    assert (
        browser.post(
            "/desk/people", name="Minh", password=PASSWORD, role="king"
        ).status_code
        == 422
    )
    assert (
        browser.post(
            "/desk/people/password", name="Hoa", password="mật khẩu mới tinh"
        ).status_code
        == 303
    )
    assert room.people.login("Hoa", "mật khẩu mới tinh")
    made = browser.post("/desk/people/keys", name="Cổng", role="editor")
    secret = re.search(r"loa_[\w-]{20,}", made.text)
    assert secret
    assert room.people.key(secret[0])
    assert secret[0] not in browser.get("/desk/people").text
    browser.post(f"/desk/people/keys/{room.people.keys()[0].id}/revoke")
    assert room.people.key(secret[0]) is None


def test_a_new_password_ends_the_sessions_of_the_one_before(
    room: Newsroom, desk: Flask
) -> None:
    here, elsewhere, other = (
        Browser(desk, "admin"),
        Browser(desk, "admin"),
        Browser(desk, "editor"),
    )
    changed = here.post("/desk/password", old=PASSWORD, password="mật khẩu mới tinh")
    assert changed.status_code == 303
    assert "phải đăng nhập lại" in here.get("/desk").text
    assert elsewhere.get("/desk/people").location == "/desk/login?next=/desk/people"
    assert (
        here.post(
            "/desk/people/password", name="editor", password="mật khẩu khác hẳn"
        ).status_code
        == 303
    )
    assert here.get("/desk/people").status_code == 200, (
        "another's new password is not one's own"
    )
    assert other.get("/desk").status_code == 303
    room.people.set_password("admin", PASSWORD)  # as `loa user password` does
    assert here.get("/desk/people").status_code == 303
    assert elsewhere.login("admin").status_code == 303


def test_an_administrator_s_desk_left_open_gives_nobody_its_password(
    room: Newsroom, desk: Flask
) -> None:
    here = Browser(desk, "admin")
    assert "/desk/password" in here.get("/desk/people").text
    for name in ("admin", "ADMIN", "Ádmin", " admin"):
        for typed in ("", "mật khẩu mới tinh"):
            refused = here.post("/desk/people/password", name=name, password=typed)
            assert refused.status_code == 422, name
    assert "đổi ở trang" in here.post("/desk/people/password", name="admin").text
    assert room.people.login("admin", PASSWORD)
    assert here.get("/desk/people").status_code == 200


def test_everyone_changes_their_own_password(room: Newsroom, desk: Flask) -> None:
    here, elsewhere = Browser(desk, "operator"), Browser(desk, "operator")
    assert "/desk/password" in here.get("/desk").text
    wrong = here.post("/desk/password", old="không phải", password="mật khẩu mới tinh")
    assert wrong.status_code == 422
    assert "Mật khẩu hiện nay không đúng" in wrong.text
    assert (
        "ít nhất 10 ký tự"
        in here.post("/desk/password", old=PASSWORD, password="ngắn").text
    )
    assert elsewhere.get("/desk").status_code == 200
    assert (
        here.post(
            "/desk/password", old=PASSWORD, password="mật khẩu mới tinh"
        ).status_code
        == 303
    )
    assert "Đã đổi mật khẩu" in here.get("/desk").text
    assert elsewhere.get("/desk").status_code == 303
    assert room.people.login("operator", "mật khẩu mới tinh")
    tries = [
        here.post("/desk/password", old="không phải", password=PASSWORD).status_code
        for _ in range(10)
    ]
    assert 429 in tries, "a session left open is no way to guess a password"


def test_a_refused_password_ends_nothing(desk: Flask) -> None:
    browser, other = Browser(desk, "admin"), Browser(desk, "editor")
    assert (
        browser.post(
            "/desk/people/password", name="editor", password="ngắn"
        ).status_code
        == 422
    )
    assert other.get("/desk").status_code == 200


def test_changes_that_overlap_or_lie_outside_do_not_break_the_text() -> None:
    changes = (
        Change(0, 4, "UBND", "a", "abbreviation"),
        Change(2, 6, "ND x", "b", "code"),
        Change(5, 99, "", "", "x"),
    )
    sentence = Sentence(1, "UBND xã", "", 0, changes=changes)
    assert [(piece.text, piece.hint) for piece in proof.stretches(sentence)] == [
        ("UBND", "đọc là “a”; quy tắc: chữ viết tắt"),
        (" xã", ""),
    ]
    assert proof.stretches(replace(sentence, edited=True)) == [proof.Stretch("UBND xã")]


def test_every_cause_has_a_vietnamese_name_with_and_without_what_it_is_about() -> None:
    for cause in Cause:
        for about in ("", "7"):
            name = cause.told_vi(about)
            assert name
            assert "{" not in name
            assert cause.value not in name
    assert Cause.REGENERATED.told_vi("1, 2") == "đọc lại câu 1, 2"
    assert Cause.VOICE.told_vi() == "đọc bằng giọng của đài"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("loa", "Máy"),
        ("trusted", "đài tin nguồn gửi"),
        ("tự động theo quy định của đài", "tự động theo quy định của đài"),
        ("key cổng thông tin", "khóa cổng thông tin"),
        ("chị-sen", "chị-sen"),
    ],
)
def test_who_did_it_is_told_in_vietnamese_where_only_the_name_is_kept(
    name: str, shown: str
) -> None:
    assert proof.actor_vi(name) == shown


def test_a_text_that_equals_an_approved_one_says_so(
    room: Newsroom, desk: Flask
) -> None:
    """On the form that sends it, on the proof sheet until it is approved, and among
    the versions.
    """
    browser = Browser(desk, "approver")
    number = receive(room)
    work(room)
    room.episodes.approve(number, "chị Chi", 1)
    work(room)
    article = room.episodes.get(number).article_id
    form = {
        "format": "text",
        "title": "Tin mới",
        "stations": "suoi-lanh",
        "priority": "normal",
    }
    edit = f"/desk/articles/{article}/edit"
    browser.post(edit, revision="1", body="Lời khác hẳn.\n\nHai câu.", **form)
    work(room)
    assert "giống bản đã duyệt" not in browser.get(f"/desk/episodes/{number}").text
    browser.post(edit, revision="2", body="UBND xã có 23 điểm.\n\nHai câu.", **form)
    sheet = browser.get(f"/desk/episodes/{number}").text
    assert "Máy đang đọc lại. Nội dung giống bản đã duyệt v1." in sheet
    assert '<p class="notice">Nội dung giống bản đã duyệt v1.</p>' in sheet
    work(room)
    room.episodes.approve(number, "chị Chi", 3)
    sheet = browser.get(f"/desk/episodes/{number}").text
    assert '<p class="notice">Nội dung giống bản' not in sheet
    assert "nội dung bài được sửa, giống bản đã duyệt v1" in sheet


def test_the_log_says_why_a_version_was_opened(room: Newsroom) -> None:
    number = receive(room)
    work(room)
    room.episodes.regenerate(number, "lan", sentences=[1, 2])
    line = room.log.lines(episode_id=number)[0]
    assert proof.detail_vi(line) == "đọc lại câu 1, 2"


@pytest.mark.parametrize(
    ("what", "detail", "told"),
    [
        (Event.HELD, "storage: đĩa đầy", f"{Held.STORAGE.why} đĩa đầy"),
        (Event.APPROVED, "", ""),
        (
            Event.ROLE_CHANGED,
            "minh: editor → operator",
            "minh: biên tập viên → phụ trách loa",
        ),
        (Event.KEY_ADDED, "editor: admin", "editor: quản trị"),
        (
            Event.STATION_CHANGED,
            "xa-tin: slots, approval",
            "xa-tin: khung giờ, cách duyệt",
        ),
        (
            Event.PLACED,
            "xa-tin normal → xa-tin, ban-mo urgent evergreen",
            "xa-tin · thường → xa-tin, ban-mo · khẩn cấp · thông báo dùng lâu dài",
        ),
        (
            Event.METADATA,
            "byline: – → CTV xã; published_at: – → 2026-11-24 10:00:00+00:00",
            "tác giả: – → CTV xã; thời gian đăng: – → 17:00, 24/11/2026",
        ),
    ],
)
def test_the_log_is_told_in_vietnamese(
    room: Newsroom, what: Event, detail: str, told: str
) -> None:
    assert proof.detail_vi(Happening(room.now(), "lan", what, detail, 1, 1)) == told
