"""How many clicks the commonest jobs of the desk take, counted in a browser.

Somebody sits at the desk's list with a mouse and a keyboard; what is typed or pasted is no click.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, insert, inspect, select

from service.actions.bulletins import open_bulletin
from service.bulletin import span
from service.newsroom.store.tables import (
    AiringRow,
    ArticleRow,
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    PlanRow,
    RenderingRow,
    RevisionRow,
    SentenceRow,
    StationRow,
)
from service.newsroom.values import State
from tests.system.house import PASSWORD
from tests.system.test_clients import MICROPHONE
from tests.web.press import Press

pytestmark = pytest.mark.browser
PORTAL_PAGE = (
    "<header>Cổng thông tin xã Suối Lành</header><nav><a href='/'>Trang chủ</a>"
    "<a href='/tin'>Tin tức</a></nav><h1>Xã tiêm phòng cho trâu bò</h1>"
    "<p>Sáng nay xã tiêm phòng cho trâu bò ở ba thôn.</p>"
    "<p>Bà con đưa trâu bò ra sân nhà văn hóa lúc bảy giờ.</p>"
)
PORTAL_TEXT = (
    "Cổng thông tin xã Suối Lành\nTrang chủ\nTin tức\n\nXã tiêm phòng cho trâu bò\n\n"
    "Sáng nay xã tiêm phòng cho trâu bò ở ba thôn.\n\n"
    "Bà con đưa trâu bò ra sân nhà văn hóa lúc bảy giờ.\n"
)


class Hand:
    """Somebody with a mouse at a page; counts its presses."""

    def __init__(self, page, house):
        self.page, self.house, self.clicks = page, house, 0
        page.goto(f"{house.url}/desk/login")
        page.fill("#name", "admin")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Bàn biên tập")

    def at_the_list(self):
        """Back at the desk's list, with nothing pressed yet: in a page of its own, for the one
        before may just load itself again.
        """
        before, self.page = self.page, self.page.context.new_page()
        before.close()
        self.page.goto(f"{self.house.url}/desk")
        self.clicks = 0
        return self.page

    def press(self, what, **where):
        found = self.page.locator(what) if isinstance(what, str) else what
        found.first.click(**where)
        self.clicks += 1


@pytest.fixture(scope="module")
def hand(house, chromium):
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, bypass_csp=True
    )
    yield Hand(context.new_page(), house)
    context.close()


@pytest.fixture(scope="module")
def sound(house):
    """The bytes of a sound that a browser plays."""
    master = next(m for m in house.newsroom.episodes.get(1).masters if m.kind == "app")
    return house.newsroom.files.get(master.key)


def test_a_page_is_pasted_and_sent_in_two(hand, house):
    page = hand.at_the_list()
    hand.press("a:text-is('+ Bài mới')")
    page.evaluate(
        """([text, html]) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          data.setData("text/html", html);
          document.body.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [PORTAL_TEXT, PORTAL_PAGE],
    )
    hand.press("button:has-text('Gửi đi đọc')")
    expect(page.locator("h1")).to_have_text("Xã tiêm phòng cho trâu bò")
    assert hand.clicks == 2
    house.work()


def test_a_sentence_is_mended_in_two(hand, house):
    number = house.hand_in(
        "Xã sửa đường", ("Đường dài hai cây số.", "Bà con góp công.")
    )
    page = hand.at_the_list()
    page.goto(f"{house.url}/desk/episodes/{number}")
    hand.press(page.locator("#cau-2 .written"))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Đường dài ba cây số.")
    hand.press("#cau-2 button:text-is('Lưu chữ viết')")
    expect(page.locator("#cau-2 .written")).to_have_text("Đường dài ba cây số.")
    assert hand.clicks == 2
    house.work()


def test_a_word_is_right_for_ever_in_three(hand, house):
    number = house.hand_in("Xã họp HTX", ("Sáng nay HTX chè họp xã viên.",))
    page = hand.at_the_list()
    page.goto(f"{house.url}/desk/episodes/{number}")
    hand.press("#cau-2 summary:has-text('chỗ đọc khác')")
    hand.press("#cau-2 a:text-is('đặt cách đọc')")
    page.fill("#spoken", "hợp tác xã chè ta")
    hand.press("button:has-text('Lưu và đọc lại bài này')")
    expect(page.locator("#cau-2 .spoken")).to_contain_text("hợp tác xã chè ta")
    assert hand.clicks == 3
    house.work()


def test_thirty_articles_are_approved_after_hearing_in_thirty_two(hand, house, sound):
    press = Press(house.newsroom, sound=sound)
    numbers = [press.receive(f"Tin số {n}", f"Tin số {n}.") for n in range(30)]
    press.work()
    page = hand.at_the_list()
    hand.press(f"a[href='/desk/episodes/{numbers[-1]}']")
    hand.press(".sheet audio", position={"x": 24, "y": 27})  # its button to play
    for number in reversed(numbers):
        expect(page).to_have_url(re.compile(rf"/episodes/{number}\b"))
        page.wait_for_function("document.querySelector('.sheet audio').currentTime > 0")
        hand.press("button:has-text('Duyệt phát bản này')")
    assert {house.newsroom.episodes.get(n).state for n in numbers} == {State.APPROVED}
    assert hand.clicks == 32
    press.work()


def test_a_bulletin_is_arranged_and_approved_in_three_and_its_moves(hand, house):
    bulletin = drafted(house)
    page = hand.at_the_list()
    hand.press(page.locator(f".deck a[href='/desk/bulletins/{bulletin}']"))
    stories = page.locator(".running .about a.name")
    first, second = stories.nth(0).text_content(), stories.nth(1).text_content()
    hand.press(page.locator("button", has_text=f"↓ Xuống {first}"))
    expect(stories.nth(0)).to_have_text(second)
    hand.press("button:text-is('Lưu')")
    house.work()
    hand.press("button:has-text('Duyệt bản tin này')")
    expect(page.locator(".understood")).to_contain_text("admin")
    assert hand.clicks == 3 + 1
    house.work()


def drafted(house, days=0):
    """The bulletin of the next hour, or of that of so many days later, put together and not
    approved yet; its number.
    """
    room = house.newsroom
    station = room.stations.get("suoi-lanh")
    slot = station.slots[0]
    day = span(slot.at, slot.weekdays, slot.max_seconds, room.now()).day
    day += timedelta(days=days)
    number = open_bulletin(room, station, slot.at, f"{day}", "chị Sen")
    house.work()
    return number


MANY = 200


def test_two_hundred_stations_bulletins_are_approved_in_ten(hand, house):
    numbers = [drafted(house, days=1)]
    numbers += for_other_stations(house.newsroom, numbers[0], MANY - 1)
    page = hand.at_the_list()
    hand.press("a:has-text('Chờ duyệt')")
    hand.press("a:text-is('Bản tin') >> nth=-1")
    expect(page.locator("label:has-text('bài khớp')")).to_contain_text(f"{MANY}")
    hand.press("label:has-text('bài khớp')")
    hand.press("#many button:has-text('Duyệt')")
    hand.press(f"button:has-text('Duyệt {MANY} bài')")
    expect(page.locator("h1")).to_contain_text(f"xong {MANY} bài")
    states = {house.newsroom.episodes.get(number).state for number in numbers}
    assert states == {State.APPROVED}
    assert hand.clicks <= 10


def for_other_stations(room, number, count):
    """The same bulletin at so many stations more, row by row; their numbers."""
    with room.database.write() as session:
        episode = session.get_one(EpisodeRow, number)
        version = (episode.id, episode.version)
        rendering = session.get_one(RenderingRow, version)
        own = [
            session.get_one(BulletinRow, number),
            session.get_one(PlanRow, (number, rendering.revision)),
            *session.scalars(select(MasterRow).where(MasterRow.episode_id == number)),
            *session.scalars(
                select(SentenceRow).where(SentenceRow.episode_id == number)
            ),
        ]
        article = session.get_one(ArticleRow, episode.article_id)
        texts = session.scalars(
            select(RevisionRow).where(RevisionRow.article_id == article.id)
        ).all()
        station = session.get_one(StationRow, episode.station_id)
        airing = session.get_one(AiringRow, own[0].airing_id)
        first = {
            kind: 1 + session.scalar(select(func.max(kind.id)))
            for kind in (StationRow, ArticleRow, AiringRow, EpisodeRow)
        }

        def add(row, changes):
            columns = {
                each.key: getattr(row, each.key) for each in inspect(row).mapper.columns
            }
            rows = [columns | changes(n) for n in range(count)]
            session.execute(insert(type(row)), rows)

        def numbered(kind, n):
            return first[kind] + n

        add(
            station,
            lambda n: {
                "id": numbered(StationRow, n),
                "slug": f"xa-{n}",
                "name": f"Đài Xã {n}",
            },
        )
        add(
            article,
            lambda n: {"id": numbered(ArticleRow, n), "identity": f"bản tin {n}"},
        )
        for text in texts:
            add(text, lambda n: {"article_id": numbered(ArticleRow, n)})
        add(
            airing,
            lambda n: {
                "id": numbered(AiringRow, n),
                "station_id": numbered(StationRow, n),
            },
        )
        add(
            episode,
            lambda n: {
                "id": numbered(EpisodeRow, n),
                "article_id": numbered(ArticleRow, n),
                "station_id": numbered(StationRow, n),
                "guid": f"xa-{n}",
                "slug": f"ban-tin-xa-{n}",
            },
        )
        add(
            rendering,
            lambda n: {
                "episode_id": numbered(EpisodeRow, n),
                "stations": [numbered(StationRow, n)],
            },
        )
        for row in own:
            place = {"airing_id"} & {each.key for each in inspect(row).mapper.columns}
            add(
                row,
                lambda n, place=place: {
                    "episode_id": numbered(EpisodeRow, n),
                    **{name: numbered(AiringRow, n) for name in place},
                },
            )
        placed = ArticleStationRow(article_id=0, station_id=0, position=0)
        add(
            placed,
            lambda n: {
                "article_id": numbered(ArticleRow, n),
                "station_id": numbered(StationRow, n),
            },
        )
    return [first[EpisodeRow] + n for n in range(count)]


def test_a_sheet_is_gone_through_by_keys(hand, house):
    number = house.hand_in("Xã trồng cây", ("Sáng trồng cây.", "Chiều tưới cây."))
    page = hand.at_the_list()
    page.goto(f"{house.url}/desk/episodes/{number}")
    page.keyboard.press("j")
    page.keyboard.press("j")
    focused = "document.activeElement.id"
    assert page.evaluate(focused) == "cau-2"
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("e")
    assert page.evaluate(focused) == "spoken-2"
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == "cau-2"
    page.keyboard.press("p")
    expect(page.locator("#cau-2 a[data-play]")).to_have_class(re.compile("on"))
    page.keyboard.press("c")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Sáng nay xã trồng cây.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#cau-2 .written")).to_have_text("Sáng nay xã trồng cây.")
    house.work()
    page.goto(f"{house.url}/desk/episodes/{number}")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".flash, [role=status]").first).to_contain_text("Đã duyệt")
    assert house.newsroom.episodes.get(number).state == State.APPROVED
    assert hand.clicks == 0
    house.work()


def test_sentences_are_recorded_in_a_row(hand, house):
    number = house.hand_in("Xã họp chợ", ("Chợ họp sáng nay.", "Bà con đi sớm."))
    page = hand.at_the_list()
    page.add_init_script(MICROPHONE)
    page.goto(f"{house.url}/desk/episodes/{number}/row")
    card = page.locator("[data-row] > li:visible")
    expect(card.locator(".toread")).to_have_text("Xã họp chợ")
    card.locator("[name=announcer]").fill("chị Sen")
    hand.press("[data-row] > li:visible [data-record]")
    page.wait_for_timeout(1200)
    hand.press("[data-row] > li:visible [data-record]")
    hand.press("[data-row] > li:visible button.primary")
    expect(card.locator(".toread")).to_have_text("Chợ họp sáng nay.")
    assert card.locator("[name=announcer]").input_value() == "chị Sen"
    hand.press("[data-row] > li:visible [data-skip]")
    hand.press("[data-row] > li:visible [data-skip]")
    expect(page.locator("[data-over]")).to_be_visible()
