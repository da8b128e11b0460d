"""The desk and the operator’s page in a real browser: found by axe, read on a phone, from draft to
horn.
"""

import base64
import re

import pytest
from playwright.sync_api import expect

from service.actions.corrections import correct
from service.newsroom.values import Group, Listening, Role, State, Station
from service.newsroom.values.hooks import HookEvent, NewHook
from service.newsroom.values.polled import NewSource
from service.newsroom.values.words import Term
from tests.intake.test_crossed_out import paragraph, run
from tests.intake.test_enclosed import drawn, news, picture, word
from tests.system.house import PASSWORD
from tests.system.pages import examine, small_targets, too_wide

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def busy(house):
    """A desk with something on every page: a term, a report, a key, a correction, a warning,
    downloads, a log.
    """
    room = house.newsroom
    room.stations.put(
        Station(
            "rat-xa", "Đài truyền thanh xã có tên rất dài của một huyện miền núi rất xa"
        )
    )
    wrong = house.publish("Giá lúa giống vụ xuân")
    correct(room, wrong.id, "Giá 20.000 đồng.", "Giá 25.000 đồng.", "chị Sen")
    room.misreadings.report(wrong.id, 1, 2, "thôn", "Đọc là thôn, không phải thông")
    room.people.add_key("Cổng thông tin xã", Role.EDITOR)
    room.downloads.take(Listening("một máy", wrong.id, "app", (0, 500_000), 1000))
    room.comments.add(wrong.id, 2, "Ghi rõ ngày giúp", "chị Sen")
    room.groups.put(Group("cum", "Cụm Suối Lành", "", ("suoi-lanh",)))
    room.terms.put(Term("HTX", "hợp tác xã"), "chị Sen")
    portal = "https://suoilanh.example"
    source = NewSource("Cổng xã", "feed", f"{portal}/rss", ("suoi-lanh",))
    room.sources.pause(room.sources.add(source, "admin").id, "admin")
    room.hooks.add(NewHook("Huyện", portal, (HookEvent.PUBLISHED,)), "admin")
    house.work()
    return wrong.id


@pytest.fixture(scope="module")
def desk(house, chromium):
    """An administrator at the desk, on a phone."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, bypass_csp=True, has_touch=True
    )
    page = context.new_page()
    enter(page, house, "admin")
    yield page
    context.close()


def enter(page, house, name):
    page.goto(f"{house.url}/desk/login")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Bàn biên tập")


FILES = re.compile(r"\.(csv|json|wav|tsv)$|/original$")
# A sound while it is made, a recording once there is one, and what the next test looks at.
ELSEWHERE = {
    "/desk/auditions/<int:number>",
    "/desk/bulletins/<int:episode_id>",
    "/desk/recordings/<int:recording_id>",
}


def screens_of(app):
    """The desk's addresses that answer a page."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
    desk = {str(rule) for rule in rules if str(rule).startswith("/desk")}
    return {path for path in desk if not FILES.search(path)} - ELSEWHERE


def too_wide_with_large_letters(page):
    """The same of a phone 320 px wide whose owner reads letters of twice the size."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    wide = too_wide(page)
    page.evaluate("document.documentElement.style.fontSize = ''")
    return wide


def small_in_all(page):
    """What is too small for a thumb, folded parts too; they are open for what is looked
    at after.
    """
    page.evaluate(
        "document.querySelectorAll('details').forEach(each => { each.open = true; })"
    )
    return small_targets(page, 44)


def test_axe_finds_nothing_on_the_desk(house, busy, desk):
    looked_at = set()
    for path in (
        "/desk",
        f"/desk/episodes/{busy}/row",
        "/desk/groups/cum",
        "/desk/hooks",
        "/desk/hooks/1",
        "/desk/login",
        "/desk/machines",
        "/desk/passkeys",
        "/desk/sessions",
        "/desk/sources",
        "/desk/sources/new",
        "/desk/sources/1",
        "/desk/stations/new",
        "/desk/terms/1",
        "/desk/new",
        f"/desk/episodes/{busy}",
        f"/desk/episodes/{busy}/versions?all=1",
        f"/desk/articles/{busy}/edit",
        "/desk/downloads",
        "/desk/log",
        "/desk/people",
        "/desk/people/1",
        "/desk/groups",
        "/desk/board",
        "/desk/password",
        "/desk/factor",
        "/desk/passkeys",
        "/desk/sessions",
        "/desk/again",
        "/desk/bulk/bulletins",
        "/desk/stations",
        "/desk/stations/suoi-lanh",
        "/desk/stations/suoi-lanh/chimes",
        "/desk/recordings/new",
        "/desk/terms",
        "/desk/voices",
        "/desk/bulletins",
        "/desk/urgent",
        "/desk/misreadings",
        "/stations/suoi-lanh/speaker",
    ):
        assert desk.goto(house.url + path).status == 200, path
        desk.set_viewport_size({"width": 390, "height": 844})
        desk.emulate_media(color_scheme="light")
        assert examine(desk) == [], path
        assert too_wide(desk) == [], path
        assert small_in_all(desk) == [], path
        desk.emulate_media(color_scheme="dark")
        assert examine(desk, "color-contrast") == [], path
        assert too_wide_with_large_letters(desk) == [], path
        desk.set_viewport_size({"width": 1280, "height": 844})
        assert too_wide(desk) == [], path
        place = path.partition("?")[0]
        rule, _ = house.app.url_map.bind("x").match(place, "GET", return_rule=True)
        looked_at.add(str(rule))
    assert screens_of(house.app) <= looked_at


def test_a_bulletin_from_draft_to_horn(house, busy, desk):
    desk.goto(f"{house.url}/desk/bulletins?station=suoi-lanh")
    desk.click("text=Soạn bản tin >> nth=0")
    expect(desk.locator("h1")).to_contain_text("Bản tin")
    stories = desk.locator(".running .about a.name")
    first, second = stories.nth(0).text_content(), stories.nth(1).text_content()
    desk.locator("button", has_text=f"↓ Xuống {first}").click()
    expect(stories.nth(0)).to_have_text(second)
    expect(desk.locator("[data-length]")).to_contain_text("Có thay đổi chưa lưu")
    assert examine(desk) == []
    assert too_wide(desk) == []
    assert small_targets(desk, 44) == []
    desk.click("button:text-is('Lưu')")
    house.work()
    desk.click("button:has-text('Duyệt bản tin này')")
    expect(desk.locator(".understood")).to_contain_text("admin")
    house.work()
    desk.goto(f"{house.url}/stations/suoi-lanh/speaker")
    card = desk.locator(".hour", has_text="05:00").first
    expect(card.locator("details li").nth(0)).to_contain_text(second)
    player = card.locator("audio")
    assert player.bounding_box()["width"] > 250, (
        "the operator can hear it before it is broadcast"
    )
    player.evaluate("sound => sound.play()")
    desk.wait_for_function("document.querySelector('.hour audio').currentTime > 0.2")
    desk.focus(".skip")
    for _ in range(20):  # by keyboard alone
        desk.keyboard.press("Tab")
        if "Tải MP3 cho loa" in desk.evaluate("document.activeElement.textContent"):
            break
    with desk.expect_download() as loading:
        desk.keyboard.press("Enter")
    assert loading.value.path().read_bytes()[:3] == b"ID3"
    assert re.fullmatch(r"[\w.-]+\.mp3", loading.value.suggested_filename)
    desk.emulate_media(media="print")
    for key in (".doing", ".try", ".search-day"):
        expect(desk.locator(key).first).to_be_hidden()
    # The whole checksum, which the screen has no room for
    expect(card.locator(".whole")).to_be_visible()
    desk.emulate_media(media="screen")
    card.locator("text=In lời").click()
    expect(desk.locator(".script")).to_contain_text("Đây là Đài Suối Lành.")
    assert examine(desk) == []
    desk.goto(f"{house.url}/desk/log")
    assert {"Soạn bản tin", "Duyệt bài"} <= set(
        desk.locator("table.list td").all_text_contents()
    )


def test_what_was_typed_is_asked_about_and_offered_again(house, busy, desk):
    asked = []
    desk.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.goto(f"{house.url}/desk/new")
    desk.locator("#body").press_sequentially("Bà con ra đồng.")
    desk.click("nav >> text=Từ điển")
    expect(desk.locator("h1")).to_have_text("Từ điển phát âm")
    assert asked == ["beforeunload"]
    desk.goto(f"{house.url}/desk/new")
    desk.click("text=Lấy lại")
    expect(desk.locator("#body")).to_have_value("Bà con ra đồng.")
    desk.fill("#body", "")
    desk.wait_for_function(
        "!Object.keys(localStorage).some(key => key.startsWith('loa-draft '))"
    )


def test_a_sentence_that_was_not_sent_is_offered_where_it_was_typed(house, busy, desk):
    sheet = f"{house.url}/desk/episodes/{busy}"
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.goto(sheet)
    desk.click("text=Sửa câu 2 >> nth=0")
    desk.fill("#spoken-2", "Lời chưa gửi của câu hai.")
    desk.click("nav >> text=Từ điển")
    house.newsroom.episodes.say_otherwise(busy, 2, "Lời của người khác.", "minh")
    house.work()
    desk.goto(sheet)
    desk.click("text=Sửa câu 2 >> nth=0")
    offered = desk.locator(".draft-kept")
    expect(offered).to_have_count(1)
    expect(offered).to_contain_text("Từ lúc đó bài đã được sửa")
    offered.locator("text=Lấy lại").click()
    expect(desk.locator("#spoken-2")).to_have_value("Lời chưa gửi của câu hai.")
    desk.fill("#spoken-2", "Lời của người khác.")
    desk.wait_for_function(
        "!Object.keys(localStorage).some(key => key.startsWith('loa-draft '))"
    )


def test_a_sentences_forms_are_made_when_they_are_opened(house, busy, desk, chromium):
    sheet = f"{house.url}/desk/episodes/{busy}"
    desk.goto(sheet)
    # Hundreds of forms keep a browser busy for half a minute
    expect(desk.locator(".proof textarea")).to_have_count(0)
    desk.click("text=Sửa câu 1 >> nth=0")
    expect(desk.locator("#spoken-1")).to_have_value("Giá lúa giống vụ xuân")
    expect(desk.locator(".proof textarea")).to_have_count(2)
    with chromium.new_context(
        java_script_enabled=False, storage_state=desk.context.storage_state()
    ) as plain:
        page = plain.new_page()
        page.goto(sheet)
        page.click("text=Sửa câu 1 >> nth=0")
        expect(page.locator("#spoken-1")).to_be_visible()


def test_many_stations_are_sifted_without_diacritics(house, busy, desk):
    for n in range(12):
        house.newsroom.stations.put(Station(f"dong-{n}", f"Đài xã Đồng Lân thứ {n}"))
    desk.goto(f"{house.url}/desk/new")
    desk.fill("[data-sift]", "dong lan 11")
    desk.press("[data-sift]", "Enter")  # no form is sent; what is ticked stays in sight
    expect(desk.locator("#dai-phat label:visible")).to_have_text(
        ["Đài Suối Lành", "Đài xã Đồng Lân thứ 11"]
    )
    assert too_wide(desk) == []


# What a file manager does when somebody lets a file go above the form.
DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer });
  document.querySelector("[data-drop] label").dispatchEvent(drop);
}"""


def test_a_word_file_dropped_on_the_form_is_a_preview_and_then_an_episode(house, desk):
    below = paragraph(run("Bà con thôn Nà Hin đổ bê tông", "<w:i/>"))
    data = word(*news(paragraph(picture("a")), below), a=drawn())
    desk.goto(f"{house.url}/desk/new")
    desk.evaluate(DROP, ["tin bài.docx", base64.b64encode(data).decode()])
    understood = desk.locator("#preview .understood")
    expect(understood).to_contain_text("Họp dân thôn")
    expect(understood).to_contain_text("Bà con thôn Nà Hin đổ bê tông")
    expect(desk.locator("#preview .proof li").nth(1)).to_contain_text("120 hộ dân")
    desk.click("#preview button:text-is('Gửi đi đọc')")
    expect(desk.locator("h1")).to_contain_text("Họp dân thôn")
    house.work()
    desk.reload()
    expect(desk.locator("main audio").first).to_be_attached()
    (number,) = re.findall(r"/episodes/(\d+)", desk.url)
    assert house.newsroom.episodes.get(int(number)).state is State.MASTERED


def test_very_many_stations_are_brought_while_somebody_types(house, busy, desk):
    for n in range(70):
        house.newsroom.stations.put(Station(f"lam-{n}", f"Đài xã Lâm Thượng thứ {n}"))
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.goto(f"{house.url}/desk/new")
    desk.fill("[data-find]", "lam thuong thu 44")
    box = desk.get_by_label("Đài xã Lâm Thượng thứ 44")
    box.check()
    desk.fill("[data-find]", "lam thuong thu 45")
    desk.press("[data-find]", "Enter")  # no form is sent
    expect(desk.get_by_label("Đài xã Lâm Thượng thứ 45")).to_be_visible()
    expect(box).to_be_checked()
    assert too_wide(desk) == []
    desk.goto(f"{house.url}/desk/terms")
    desk.type("[data-suggest]", "thuong thu 46")
    offered = desk.locator("#dai-goi-y option")
    expect(offered).to_have_attribute("value", "lam-46")
