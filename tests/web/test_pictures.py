"""Pictures of articles: fetched once under the guard, made small, shown where nobody pays who does
not want to.
"""

import io
import re
import threading
from datetime import timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from service.actions.pictures import take_waiting
from service.newsroom.stories import pictures
from service.newsroom.values import NewArticle, PictureState, Role, Source, SourceKind
from tests.intake.test_crossed_out import paragraph, run
from tests.intake.test_enclosed import news, picture, word

MINUTES_2 = timedelta(minutes=2)
TEXT = ("Bà con ra đồng từ sáng sớm. Trời nắng đẹp.",)
CAPTION = "Bà con đổ bê tông đường thôn"


def jpeg(colour="#2a6", size=(800, 600)):
    kept = io.BytesIO()
    Image.new("RGB", size, colour).save(kept, "JPEG")
    return kept.getvalue()


@pytest.fixture
def portal():
    """A server of pictures by path; what it has none for is 404. `asked` tells its paths."""
    files, asked = {"/a.jpg": jpeg(), "/b.jpg": jpeg("#a26")}, []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            data = files.get(self.path, b"")
            moved = self.path == "/moved.jpg"
            self.send_response(302 if moved else 200 if data else 404)
            if moved:
                self.send_header("Location", "http://169.254.169.254/latest/meta-data")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.url, server.files, server.asked = (
        f"http://127.0.0.1:{server.server_port}",
        files,
        asked,
    )
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def illustrated(publish, newsroom, portal):
    """A published story whose picture was fetched."""
    episode = publish(picture=f"{portal.url}/a.jpg", picture_caption=CAPTION)
    take_waiting(newsroom)
    return episode


def picture_of(page):
    return re.search(r'<figure class="photo"><img src="([^"]+)"([^>]*)>', page)


def test_a_story_s_picture_is_on_its_page_in_lists_in_feeds_and_in_previews(
    client, illustrated
):
    page = client.get(f"/articles/{illustrated.slug}").text
    address, attributes = picture_of(page).groups()
    # Its place is there before it comes
    assert 'width="800" height="600"' in attributes
    assert f'alt="{CAPTION}"' in attributes
    assert f'<figcaption class="quiet">{CAPTION}</figcaption>' in page
    assert f'property="og:image" content="https://loa.example{address}"' in page
    assert f'property="og:image:alt" content="{CAPTION}"' in page
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(answer.data)).size == (800, 600)
    assert (
        client.get(
            address, headers={"If-None-Match": answer.headers["ETag"]}
        ).status_code
        == 304
    )
    card = re.search(
        r'<img class="thumb" src="([^"]+)"[^>]*alt=""', client.get("/").text
    )[1]
    assert len(client.get(card).data) < 10_000
    feed = client.get("/feeds/stations/suoi-lanh.xml").text
    cover = re.search(
        r"<item>.*<itunes:image href=\"https://loa.example([^\"]+)\"", feed, re.S
    )[1]
    assert Image.open(io.BytesIO(client.get(cover).data)).size == (1400, 1400)


def test_whoever_saves_data_gets_a_link_and_no_picture(client, illustrated):
    saving = {"Save-Data": "on"}
    page = unescape(client.get(f"/articles/{illustrated.slug}", headers=saving).text)
    assert "/pictures/" not in re.sub(r"<(meta|script)[^>]*>|\{.*\}", "", page).replace(
        re.search(r'<a href="(/pictures/[^"]+)">Xem ảnh', page)[1], ""
    )
    assert 'class="thumb"' not in client.get("/", headers=saving).text


def test_a_picture_is_fetched_once_and_by_its_host_s_turns(
    newsroom, hand_in, portal, clock
):
    for title, name in (("Một", "a"), ("Hai", "a"), ("Ba", "b")):
        hand_in(title, picture=f"{portal.url}/{name}.jpg")
    take_waiting(newsroom)
    take_waiting(newsroom)
    assert portal.asked == ["/a.jpg"]
    clock.ahead += MINUTES_2
    take_waiting(newsroom)
    assert portal.asked == ["/a.jpg", "/b.jpg"]


def test_what_cannot_be_had_is_tried_later_and_what_is_no_picture_never(
    newsroom, hand_in, portal, clock
):
    portal.files["/text.jpg"] = b"<html>"
    names = {name: f"{portal.url}/{name}.jpg" for name in ("none", "text", "moved")}
    for name, address in names.items():
        hand_in(name, picture=address)
        clock.ahead += MINUTES_2
        take_waiting(newsroom)
    states = {name: newsroom.pictures.at(address) for name, address in names.items()}
    assert states["none"].state is PictureState.WAITING
    assert states["none"].tries >= 1
    assert "JPEG" in states["text"].why
    # A redirect is guarded like an address: the metadata of a cloud is nobody's picture.
    assert states["moved"].state is PictureState.REFUSED
    clock.ahead += MINUTES_2 * 700
    portal.files["/none.jpg"] = jpeg()
    take_waiting(newsroom)
    assert newsroom.pictures.at(names["none"]).state is PictureState.KEPT


def sent(picture, words=TEXT):
    return NewArticle(
        "Xã làm đường",
        words,
        f"{words}",
        ("suoi-lanh",),
        external_id="7",
        picture=picture,
    )


@pytest.mark.parametrize(
    ("source", "version"),
    [(Source(SourceKind.KEY, "portal"), 2), (Source(SourceKind.FEED, "portal"), 1)],
)
def test_another_picture_of_what_is_public_waits_for_an_approval(
    newsroom, app, client, work_all, portal, clock, source, version
):
    receipt = newsroom.articles.receive(sent(f"{portal.url}/a.jpg"), "portal", source)
    work_all()
    newsroom.episodes.approve(receipt.episode_id, "chị Sen", 1)
    work_all()
    take_waiting(newsroom)
    episode = newsroom.episodes.get(receipt.episode_id)
    before = picture_of(client.get(f"/articles/{episode.slug}").text)[1]
    newsroom.articles.receive(sent(f"{portal.url}/b.jpg"), "portal", source)
    clock.ahead += MINUTES_2
    take_waiting(newsroom)
    # A polled portal's new address alone is no news; who sends the article anew means it.
    assert newsroom.episodes.get(receipt.episode_id).version == version
    assert picture_of(client.get(f"/articles/{episode.slug}").text)[1] == before
    if version == 2:
        assert work_all() == ["speak", "master"]  # not a word is read anew
        newsroom.episodes.approve(receipt.episode_id, "chị Sen", 2)
        work_all()
        assert picture_of(client.get(f"/articles/{episode.slug}").text)[1] != before
        # Feeds and apps keep the one before, until the news itself is withdrawn.
        assert app.test_client().get(before).status_code == 200
        newsroom.episodes.withdraw(receipt.episode_id, "Sai.", "chị Sen")
        assert app.test_client().get(before).status_code == 404


def test_a_picture_that_nothing_public_shows_is_the_desk_s_alone(
    newsroom, client, app, desk, hand_in, portal
):
    hand_in(picture=f"{portal.url}/a.jpg")
    take_waiting(newsroom)
    digest = newsroom.pictures.at(f"{portal.url}/a.jpg").digest
    address = f"/pictures/{digest}/large.jpg"
    assert client.get(address).status_code == 404
    desk(Role.OPERATOR)
    assert client.get(address).status_code == 200
    assert "no-store" in client.get(address).headers["Cache-Control"]
    assert client.get(f"/pictures/{'0' * 64}/large.jpg").status_code == 404
    assert client.get(f"/pictures/{digest}/huge.jpg").status_code == 404


def test_a_picture_is_sent_with_the_form_and_seen_on_the_proof_sheet(
    newsroom, editor, client
):
    form = {
        "title": "Tin",
        "body": "Một câu dài.",
        "stations": "suoi-lanh",
        "format": "text",
        "priority": "normal",
    }
    photo = (io.BytesIO(jpeg()), "anh.jpg")
    sheet = editor(
        "/desk/new", page="/desk/new", **form, photo=photo, picture_caption=CAPTION
    )
    assert CAPTION in sheet.text
    assert (
        client.get(re.search(r"/pictures/[^\"]+card.jpg", sheet.text)[0]).status_code
        == 200
    )
    text = (io.BytesIO(b"xin chao"), "anh.jpg")
    refused = editor("/desk/new", page="/desk/new", **form, photo=text)
    assert refused.status_code == 422
    assert "không phải ảnh" in refused.text


def test_programs_send_a_picture_and_name_it(client, newsroom, work_all):
    key = {"Authorization": f"Bearer {newsroom.people.add_key('cms', Role.EDITOR)}"}
    answer = client.post(
        "/api/v1/pictures", data={"file": (io.BytesIO(jpeg()), "a.jpg")}, headers=key
    )
    assert answer.status_code == 201
    body = {"body": "Tin xã\nMột câu dài ở đây.", "picture": answer.json["picture"]}
    assert client.post("/api/v1/articles", json=body, headers=key).status_code == 202
    assert newsroom.pictures.at(answer.json["picture"]).state is PictureState.KEPT
    bad = client.post(
        "/api/v1/pictures", data={"file": (io.BytesIO(b"x"), "a")}, headers=key
    )
    assert (bad.status_code, bad.json["errors"][0]["field"]) == (422, "picture")


def test_nobody_fills_the_disk_with_pictures(client, newsroom):
    def send(key, colour):
        data = {"file": (io.BytesIO(jpeg(colour)), "a.jpg")}
        headers = {"Authorization": f"Bearer {key}"}
        return client.post("/api/v1/pictures", data=data, headers=headers)

    ours, other = [newsroom.people.add_key(n, Role.EDITOR) for n in ("cms", "khác")]
    assert send(ours, "#123").status_code == 201
    with newsroom.database.write() as session:
        many = pictures.MOST_BYTES_A_DAY + 1
        session.connection().exec_driver_sql(f"UPDATE picture SET bytes = {many}")
    refused = send(ours, "#456")
    assert refused.status_code == 409
    assert "24 giờ" in refused.json["message_vi"]
    assert send(other, "#456").status_code == 201


@pytest.fixture
def document():
    """A Word file with a picture, and what stands below that."""
    body = news(paragraph(picture("a")), paragraph(run(CAPTION, "<w:i/>")))
    return word(*body, a=jpeg())


def value_of(page, name):
    """What stands in a field of a form."""
    return re.search(rf'name="{name}" type="\w+" value="([^"]*)"', page)[1]


def test_a_word_file_s_picture_comes_with_it_on_the_form(editor, newsroom, document):
    form = {"stations": "suoi-lanh", "priority": "normal", "format": "text"}
    file = (io.BytesIO(document), "tin.docx")
    shown = editor("/desk/new", page="/desk/new", **form, file=file).text
    address = unescape(value_of(shown, "picture"))
    assert re.fullmatch(r"https://loa.example/pictures/\w{64}/large.jpg", address)
    assert value_of(shown, "picture_caption") == CAPTION
    assert newsroom.pictures.at(address).state is PictureState.KEPT
    # An editor's own photo comes first, without the other's caption.
    own = (io.BytesIO(jpeg("#a26")), "anh.jpg")
    file = (io.BytesIO(document), "tin.docx")
    shown = editor("/desk/new", page="/desk/new", **form, file=file, photo=own).text
    assert address not in shown
    assert value_of(shown, "picture_caption") == ""


def test_a_word_file_s_picture_comes_with_it_from_a_program(client, newsroom, document):
    key = {"Authorization": f"Bearer {newsroom.people.add_key('cms', Role.EDITOR)}"}
    form = {"file": (io.BytesIO(document), "tin.docx"), "stations": "suoi-lanh"}
    sent = client.post("/api/v1/articles", data=form, headers=key)
    article = client.get(sent.json["article"], headers=key).json
    assert newsroom.pictures.at(article["picture"]).state is PictureState.KEPT
    assert article["picture_caption"] == CAPTION
    assert {"text": CAPTION, "why": "caption"} in sent.json["left_out"]
