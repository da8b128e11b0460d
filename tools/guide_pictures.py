"""Makes the pictures of the guide (docs/huong-dan.md), `make guide-pictures`.

A Loa of its own is started in a folder that goes again, with the made-up commune of the samples and
what `furnish` adds; Chromium opens each screen of SHOTS, and what it shows is kept as a small WebP in
docs/pictures/guide. Nothing of a real installation can come into a picture.

    python tools/guide_pictures.py [NAME…]     all of them, or those that are named
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from loa.assembly import open_newsroom
from service.actions.corrections import correct
from service.newsroom import Newsroom
from service.newsroom.values import (
    Card,
    Grant,
    Group,
    Kind,
    NewArticle,
    Role,
    State,
    Station,
)
from service.newsroom.values.hooks import HookEvent, NewHook
from service.newsroom.values.people import Contact
from service.newsroom.values.polled import NewSource
from service.newsroom.values.words import Term
from service.settings import load

FOLDER = Path(__file__).parents[1] / "docs" / "pictures" / "guide"
PHONE, DESK = (390, 780), (1100, 760)
QUALITY = 60
PASSWORD = "cây đa bến nước 17"
LATEST_S = (
    600  # a machine that reads eight articles slower than that is another machine
)
BEHIND = {"LOA_HOST": "127.0.0.1", "LOA_VOICES": "espeak:vi"}


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, the screen's address, how large it is, and what is done there before.

    `{words}` of an address are numbers that `furnish` gives. `opens` are the summaries of folded
    parts, `at` what is scrolled into view; `who` sees it, "" nobody who is logged in.
    """

    name: str
    path: str
    size: tuple[int, int] = DESK
    opens: tuple[str, ...] = ()
    at: str = ""
    who: str = "lan.anh"


SHOTS = (
    # Whoever listens.
    Shot("trang-chu", "/", PHONE, who=""),
    Shot("bai", "/articles/{slug}", PHONE, who=""),
    Shot("tim", "/search?q=duong", PHONE, who=""),
    Shot("tuy-chon", "/settings", PHONE, who=""),
    Shot("bao-doc-sai", "/articles/{slug}/misreading?n=2", PHONE, who=""),
    # Whoever plays it on the horns.
    Shot("phat-loa", "/stations/suoi-lanh/speaker", (1100, 900), who=""),
    # Editors and approvers.
    Shot("dang-nhap", "/desk/login", (800, 520), who=""),
    Shot("danh-sach", "/desk"),
    Shot("bai-moi", "/desk/new"),
    Shot("to-soat", "/desk/episodes/{waiting}", (1100, 900)),
    Shot("sua-cau", "/desk/episodes/{waiting}", opens=("Sửa câu 2",), at="#cau-2"),
    Shot("so-ban", "/desk/episodes/{published}/versions?all=1"),
    Shot("sua-bai", "/desk/articles/{article}/edit"),
    Shot("thu-lien-tiep", "/desk/episodes/{waiting}/row"),
    Shot("ban-ghi-am", "/desk/recordings/new"),
    Shot("ban-tin", "/desk/bulletins?station=suoi-lanh"),
    Shot("sap-xep", "/desk/bulletins/{bulletin}", (1100, 900)),
    Shot("duyet-nhieu", "/desk/bulk/bulletins"),
    Shot("bang-gio", "/desk/board"),
    Shot("tu-dien", "/desk/terms"),
    Shot("mot-tu", "/desk/terms/{term}"),
    Shot("giong-doc", "/desk/voices"),
    Shot("bao-sai", "/desk/misreadings"),
    Shot("khan-cap", "/desk/urgent"),
    Shot("luot-nghe", "/desk/downloads"),
    Shot("nhat-ky", "/desk/log"),
    # Administrators, and everybody's own account.
    Shot("dai", "/desk/stations"),
    Shot("mot-dai", "/desk/stations/suoi-lanh", (1100, 1000)),
    Shot("nhac-hieu", "/desk/stations/suoi-lanh/chimes"),
    Shot("nguoi-dung", "/desk/people"),
    Shot("mot-nguoi", "/desk/people/{person}"),
    Shot("nhom", "/desk/groups"),
    Shot("nguon", "/desk/sources"),
    Shot("mot-nguon", "/desk/sources/{source}"),
    Shot("ket-noi", "/desk/hooks"),
    Shot("may", "/desk/machines", (1100, 540)),
    Shot("tai-khoan", "/desk/sessions"),
    Shot("mat-khau", "/desk/password", (800, 620)),
    Shot("hai-lop", "/desk/factor", (800, 620)),
    Shot("khoa-truy-cap", "/desk/passkeys", (800, 620)),
)


def main(names: list[str]) -> None:
    """Takes the pictures that are named, all of them without names."""
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="loa-guide-") as folder,
        started(Path(folder)) as (url, newsroom),
    ):
        numbers = furnish(newsroom)
        for name, picture in taken(url, numbers, wanted):
            (FOLDER / f"{name}.webp").write_bytes(picture)
            print(f"{name}: {len(picture) / 1000:.0f} kB")
    total = sum(path.stat().st_size for path in FOLDER.glob("*.webp"))
    print(f"together: {total / 1000:.0f} kB")


@contextmanager
def started(folder: Path) -> Iterator[tuple[str, Newsroom]]:
    """A Loa that serves from that folder, and its newsroom; its samples are read."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    # By its name: passkeys do not work at a number.
    url = f"http://localhost:{port}"
    mine = {name: value for name, value in os.environ.items() if name[:4] != "LOA_"}
    told = BEHIND | {
        "LOA_HOME": str(folder),
        "LOA_PORT": str(port),
        "LOA_PUBLIC_URL": url,
    }
    serve = subprocess.Popen(
        [Path(sys.executable).with_name("loa"), "serve"],
        env=mine | told,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait(lambda: is_ready(port))
        newsroom = open_newsroom(load(told), migrated=False)
        wait(lambda: len(published(newsroom)) >= 5)
        wait(lambda: is_quiet(newsroom))
        yield url, newsroom
        newsroom.database.close()
    finally:
        serve.terminate()
        serve.wait(60)


def is_ready(port: int) -> bool:
    """Whether it answers."""
    asked = HTTPConnection("127.0.0.1", port, timeout=5)
    with closing(asked), suppress(OSError, HTTPException):
        asked.request("GET", "/readyz")
        return asked.getresponse().status == HTTPStatus.OK
    return False


def wait(shows: Callable[[], bool]) -> None:
    """Until it does."""
    latest = time.monotonic() + LATEST_S
    while not shows():
        if time.monotonic() > latest:
            raise SystemExit("the samples are not read yet; is the voice there?")
        time.sleep(1)


def cards(newsroom: Newsroom, *states: State) -> list[Card]:
    """Episodes in these states, the newest first."""
    return newsroom.episodes.cards(states=states, limit=100)[0]


def published(newsroom: Newsroom) -> list[Card]:
    """Articles on the air."""
    return [
        card for card in cards(newsroom, State.PUBLISHED) if card.kind is Kind.STORY
    ]


def is_quiet(newsroom: Newsroom) -> bool:
    """Whether no machine has anything to do."""
    return not cards(
        newsroom, State.RECEIVED, State.WRITTEN, State.SPOKEN, State.APPROVED
    )


STAFF = (
    ("lan.anh", Role.ADMIN, Contact("Lò Thị Lan Anh", "Văn hóa – Xã hội xã")),
    ("minh", Role.EDITOR, Contact("Tẩn Văn Minh", "Biên tập viên")),
    ("sen", Role.APPROVER, Contact("Hoàng Thị Sen", "Phó Chủ tịch UBND xã")),
)
STATIONS = (
    Station("ban-mo", "Đài truyền thanh xã Bản Mơ", "Xã Bản Mơ"),
    Station("pac-ngoi", "Đài truyền thanh xã Pác Ngòi", "Xã Pác Ngòi"),
)
ROAD = (
    "Sáng nay, HTX Suối Lành khởi công làm 1,2 km đường vào thôn Khuổi Vài.",
    "Bà con góp 350 ngày công; dự kiến xong trước ngày 20/12/2026.",
    "UBND xã cảm ơn 42 hộ đã hiến đất làm đường.",
)
MEETING = (
    "UBND xã mời bà con thôn Bản Cại họp lúc 19h ngày 02/12/2026.",
    "Địa điểm: nhà văn hóa thôn Bản Cại.",
    "Mọi việc xin gọi 0219.3.555.016.",
)


def furnish(newsroom: Newsroom) -> dict[str, object]:
    """A desk with something on every screen; the numbers that addresses need."""
    for station in STATIONS:
        newsroom.stations.put(station)
    newsroom.groups.put(
        Group("suoi-lanh", "Cụm Suối Lành", "", ("suoi-lanh", "ban-mo", "pac-ngoi"))
    )
    for name, role, contact in STAFF:
        place = Grant(role) if role is Role.ADMIN else Grant(role, "suoi-lanh")
        newsroom.people.add(name, PASSWORD, [place], contact=contact)
    story = published(newsroom)[0]
    waiting = tell(newsroom, "Khởi công đường vào thôn Khuổi Vài", ROAD)
    returned = tell(newsroom, "Giấy mời họp thôn Bản Cại", MEETING)
    correct(newsroom, story.id, "Họp lúc 7 giờ.", "Họp lúc 8 giờ.", "minh")
    wait(lambda: is_quiet(newsroom))
    newsroom.comments.add(waiting, 3, "Ghi rõ tổng chiều dài được không?", "sen")
    newsroom.episodes.say_otherwise(
        waiting, 4, "Ủy ban nhân dân xã cảm ơn bốn mươi hai hộ đã hiến đất.", "minh"
    )
    version = newsroom.episodes.get(returned).version
    newsroom.episodes.send_back(returned, "sen", version, "Ghi rõ họp về việc gì")
    term = newsroom.terms.put(Term("HTX", "hợp tác xã"), "minh")
    word = newsroom.episodes.get(story.id).sentences[1].written.split()[0]
    newsroom.misreadings.report(story.id, story.version, 2, word, "Đọc chưa rõ")
    numbers = {"waiting": waiting, "published": story.id, "term": term.id}
    wait(lambda: is_quiet(newsroom))
    return numbers | connect(newsroom) | found(newsroom, story.id)


def tell(newsroom: Newsroom, title: str, paragraphs: tuple[str, ...]) -> int:
    """An article; its episode."""
    article = NewArticle(title, paragraphs, title, ("suoi-lanh",))
    return newsroom.articles.receive(article, "minh").episode_id


def connect(newsroom: Newsroom) -> dict[str, object]:
    """What is outside: a source, a hook, a key, a warning that is over."""
    portal = "https://suoilanh.example"
    source = newsroom.sources.add(
        NewSource("Cổng xã Suối Lành", "feed", f"{portal}/rss", ("suoi-lanh",)),
        "lan.anh",
    )
    newsroom.sources.pause(source.id, "lan.anh")
    events = (HookEvent.PUBLISHED, HookEvent.WITHDRAWN)
    newsroom.hooks.add(NewHook("Trang của huyện", f"{portal}/loa", events), "lan.anh")
    newsroom.people.add_key("Cổng thông tin xã", Role.EDITOR)
    return {"source": source.id}


def found(newsroom: Newsroom, story: int) -> dict[str, object]:
    """What the house made by itself."""
    episode = newsroom.episodes.get(story)
    bulletins = [card.id for card in newsroom.episodes.cards(kind=Kind.BULLETIN)[0]]
    person = newsroom.people.named("sen")
    return {
        "slug": episode.slug,
        "article": episode.article_id,
        "bulletin": bulletins[0],
        "person": person.id if person else 0,
    }


def taken(
    url: str, numbers: dict[str, object], shots: list[Shot]
) -> Iterator[tuple[str, bytes]]:
    """Each picture, by its name."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        pages = {"": opened(browser, url, "")}
        for shot in shots:
            if shot.who not in pages:
                pages[shot.who] = opened(browser, url, shot.who)
            page = pages[shot.who]
            path = shot.path.format(**numbers)
            yield shot.name, small(pictured(page, url, replace(shot, path=path)))
        browser.close()


def opened(browser: Browser, url: str, who: str) -> Page:
    """A browser's page of somebody."""
    page = browser.new_context(locale="vi-VN", color_scheme="light").new_page()
    if who:
        page.goto(f"{url}/desk/login")
        page.fill("#name", who)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{url}/desk")
    return page


def pictured(page: Page, url: str, shot: Shot) -> bytes:
    """The screen as PNG."""
    page.set_viewport_size({"width": shot.size[0], "height": shot.size[1]})
    answer = page.goto(url + shot.path, wait_until="load")
    if answer is None or not answer.ok:
        raise SystemExit(f"{shot.name}: {shot.path} answers {answer and answer.status}")
    for summary in shot.opens:
        page.locator("summary", has_text=summary).first.click()
    if shot.at:
        page.locator(shot.at).evaluate("each => each.scrollIntoView()")
    page.evaluate("document.fonts.ready")
    return page.screenshot()


def small(png: bytes) -> bytes:
    """The same as WebP."""
    with BytesIO() as data:
        Image.open(BytesIO(png)).convert("RGB").save(
            data, "WEBP", quality=QUALITY, method=6
        )
        return data.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
