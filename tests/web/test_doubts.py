# ruff: noqa: F811  (fixtures of other tests are named here as parameters)
"""A source that is trusted publishes what is beyond doubt; the rest waits for a person, who is told
why.
"""

from io import BytesIO

import pytest
from lxml import html

from service.newsroom.values import Role, State
from tests.intake.test_papers import TCVN3, VNI
from tests.web.answers import problem
from tests.web.test_nothing_unheard import (  # noqa: F401 - fixtures
    stations,
    unapproved,
    unforged,
)
from tests.web.test_urgent import enter  # noqa: F401 - a fixture

P = "Sáng nay, bà con trong xã ra đồng từ sớm để gieo mạ cho kịp lịch vụ đông xuân năm nay."
Q = "Ủy ban nhân dân xã mời mỗi hộ cử một người dự họp tại nhà văn hóa thôn vào tối mai."
PAGE = f"<!doctype html><title>Xã làm đường</title><h1>Xã làm đường</h1><p>{P}</p><p>{Q}</p>"
DATED = '<meta property="article:published_time" content="2026-11-10T08:00:00+07:00">'
ENGLISH = "The people of the commune went to the fields early this morning, said the head of the village."
SENT = {
    "title": "Xã làm đường",
    "body": f"{P}\n{Q}",
    "external_id": "7",
    "stations": ["xa-tin"],
}
TRUSTED = {
    "typed": {"body": f"{P}\n{Q}"},
    "a page with its date": {
        "format": "html",
        "body": PAGE.replace("<h1>", f"{DATED}<h1>"),
    },
    "names of other languages": {
        "body": f"{P} Ông Krông Hdơk, bà H'Bia Êban và đoàn UNICEF dự."
    },
}
DOUBTED = {
    "encoding, TCVN3": ({"title": "", "body": TCVN3}, "encoding"),
    "encoding, VNI": ({"title": "", "body": VNI}, "encoding"),
    "letters lost": (
        {"title": "Th?ng b?o", "body": "L?ch c?t ?i?n ng?y mai ? th?n."},
        "lost_letters",
    ),
    "wall": (
        {"title": "", "body": "App\nBạn cần bật JavaScript để dùng trang này."},
        "script_wall",
    ),
    "wall, another": (
        {"body": "Please enable cookies and verify you are human."},
        "script_wall",
    ),
    "no such page": (
        {"title": "404", "body": "Trang bạn tìm không tồn tại."},
        "soft_404",
    ),
    "gone": ({"title": "Lỗi", "body": "Bài viết này hiện không khả dụng."}, "soft_404"),
    "a page without a date": ({"format": "html", "body": PAGE}, "no_date"),
    "another language": ({"title": "News", "body": ENGLISH}, "unknown_syllables"),
    "half of it another language": ({"body": f"{P}\n{ENGLISH}"}, "unknown_syllables"),
    "no language": (
        {"title": "Aa", "body": "xq zzkw ptk wrrt qqx bcdf ghjk lmnp zxcv bnmm kjh"},
        "unknown_syllables",
    ),
}
REFUSED = {
    "wall": (
        "html",
        "<!doctype html><title>A</title><noscript>Please enable JavaScript</noscript>",
    ),
    "no such page": (
        "html",
        "<!doctype html><title>404</title><p>Không tìm thấy trang bạn cần.</p>",
    ),
    "gone": ("html", "<h1>Thông báo</h1><p>Nội dung này không còn khả dụng.</p>"),
}


@pytest.mark.parametrize("kind", TRUSTED)
def test_what_is_beyond_doubt_is_published_by_a_trusted_key(
    newsroom, call, work_all, kind
):
    assert (
        call("POST", "/articles", SENT | TRUSTED[kind], role=Role.EDITOR).status_code
        == 202
    )
    work_all()
    episode = newsroom.episodes.get(1)
    assert (episode.state, episode.rendering.doubts) == (State.PUBLISHED, ())


@pytest.mark.parametrize("kind", DOUBTED)
def test_what_is_doubtful_waits_and_the_desk_says_why(
    newsroom, call, client, enter, work_all, kind
):
    sent, doubt = DOUBTED[kind]
    answer = call("POST", "/articles", SENT | sent, role=Role.EDITOR)
    assert answer.status_code == 202, answer.text
    work_all()
    episode = newsroom.episodes.get(1)
    assert episode.state is State.MASTERED
    assert doubt in [each.value for each in episode.rendering.doubts]
    enter(Role.APPROVER)
    assert "Cần người nghe và duyệt" in client.get("/desk/episodes/1").text
    assert unapproved(newsroom) == []


@pytest.mark.parametrize("kind", REFUSED)
def test_a_page_that_says_nothing_else_is_refused(call, kind):
    format, body = REFUSED[kind]
    answer = call(
        "POST", "/articles", SENT | {"format": format, "body": body}, role=Role.EDITOR
    )
    problem(answer, 422, "body")


def test_a_text_that_shrank_waits_and_so_does_what_is_sent_after_it(
    newsroom, call, work_all
):
    """The short one was heard by nobody: another short one is no less doubtful."""
    for body in (f"{P}\n{Q}", "Bà con ra đồng.", "Bà con ra đồng từ sớm."):
        call("POST", "/articles", SENT | {"body": body}, role=Role.EDITOR)
        work_all()
    episode = newsroom.episodes.get(1)
    assert (episode.state, episode.version, episode.public_version) == (
        State.MASTERED,
        3,
        1,
    )
    assert [each.value for each in episode.rendering.doubts] == ["shrunk"]
    call(
        "POST",
        "/articles",
        SENT | {"body": f"{P}\n{Q}\nTrời nắng đẹp."},
        role=Role.EDITOR,
    )
    work_all()
    assert newsroom.episodes.get(1).public_version == 4


def test_what_people_here_change_settles_no_doubt_until_one_approves(
    newsroom, call, client, enter, work_all
):
    """Neither an editor's correction of something else, nor a line taken back, is a hearing."""
    enter(Role.EDITOR)
    page = PAGE.replace("<p>", "<p><s>Hôm qua.</s> ", 1)
    call("POST", "/articles", SENT | {"format": "html", "body": page}, role=Role.EDITOR)
    work_all()
    client.post("/desk/episodes/1/take-back", data={"text": "Hôm qua."})
    work_all()
    episode = newsroom.episodes.get(1)
    assert (episode.version, episode.state) == (2, State.MASTERED)
    article = newsroom.articles.get(1)
    typed = {
        "format": "text",
        "title": "Xã làm đường",
        "body": f"{P}\n{Q}",
        "stations": ["xa-tin"],
    }
    typed |= {"priority": "normal"}
    client.post("/desk/articles/1/edit", data=typed | {"revision": article.revision})
    work_all()
    episode = newsroom.episodes.get(1)
    assert (episode.version, episode.state) == (3, State.MASTERED)
    assert [each.value for each in episode.rendering.doubts] == ["no_date"]
    call("POST", "/episodes/1/approve", {"version": 3}, role=Role.APPROVER)
    work_all()
    typed |= {
        "revision": newsroom.articles.get(1).revision,
        "body": f"{P}\n{Q}\nTrời nắng.",
    }
    client.post("/desk/articles/1/edit", data=typed)
    work_all()
    assert newsroom.episodes.get(1).public_version == 4, (
        "a person settled what was doubtful"
    )


def test_what_is_doubted_about_a_file_survives_the_form_s_preview(
    newsroom, client, enter, work_all
):
    enter(Role.EDITOR)
    file = (BytesIO(TCVN3.encode("latin-1")), "hop.txt")
    preview = client.post(
        "/desk/new", data={"stations": "xa-tin", "priority": "normal", "file": file}
    )
    assert "Cần xem" in preview.text
    form = html_form(preview.text)
    assert form["doubts"] == "encoding"
    client.post("/desk/new", data=form | {"stations": "xa-tin", "send": "1"})
    work_all()
    episode = newsroom.episodes.get(1)
    assert (episode.state, [each.value for each in episode.rendering.doubts]) == (
        State.MASTERED,
        ["encoding"],
    )


def html_form(text):
    """What a browser would send of the draft's form."""
    (form,) = html.document_fromstring(text).xpath("//form[@id='draft']")
    return {name: value for name, value in form.form_values() if name != "file"}
