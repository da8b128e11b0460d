"""The player that is kept: it says where one stopped, goes on without a net, and is heard by those
who do not see it and worked by those who touch nothing.
"""

import io
import json

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.system.pages import examine, too_wide
from tests.system.servers import wait_for

pytestmark = pytest.mark.browser

SOUND = "document.querySelector('[data-sound]')"
# axe is a script of ours in their pages, which their policy forbids.
SMALL = {"viewport": {"width": 360, "height": 740}, "bypass_csp": True}
A5_PT = (419.5, 595.3)
LINES = """element => { const range = document.createRange(); range.selectNodeContents(element);
return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size; }"""


@pytest.fixture
def page(chromium, house):
    """A cheap phone of its own, on today's news; what its pages let go wrong fails the test."""
    with chromium.new_context(**SMALL) as context:
        page = context.new_page()
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(house.url)
        yield page
        assert wrong == []


def until(page, expression):
    wait_for(lambda: page.evaluate(expression), every=0.05)


def plays(page):
    until(page, f"{SOUND}.currentTime > 0 && !{SOUND}.paused")


def to_the_end(page):
    """The sound of what plays now is nearly over."""
    until(page, f"{SOUND}.duration > 0")
    page.evaluate(f"{SOUND}.currentTime = {SOUND}.duration - 0.3")


def titles(page):
    return page.locator("[data-queue=today] h3").all_inner_texts()


def test_the_big_button_says_where_to_go_on(page):
    button = page.get_by_role("button", name="Nghe tin hôm nay")
    button.focus()
    page.keyboard.press("Space")
    plays(page)
    all_of_them = titles(page)
    expect(page.get_by_role("button", name="Tạm dừng").first).to_be_visible()
    expect(page.locator("[data-said]")).to_have_text(
        f"Đang phát bài 1/{len(all_of_them)}: {all_of_them[0]}"
    )
    to_the_end(page)
    expect(page.locator("[data-count]")).to_contain_text("bài 2/")
    plays(page)
    page.click("[data-listen]")
    expect(page.locator("[data-said]")).to_have_text("Đã tạm dừng.")
    page.reload()
    again = page.get_by_role("button", name=f"Nghe tiếp: bài 2/{len(all_of_them)}")
    expect(again).to_contain_text(all_of_them[1])
    assert page.locator(".heard").count() == 1
    expect(page.locator(".item.next-up h3")).to_have_text(all_of_them[2])
    page.click("[data-do=more]")
    expect(page.locator("[data-up-next-title]")).to_have_text(all_of_them[2])
    assert examine(page) == []
    assert too_wide(page) == []


def test_nothing_breaks_in_two_on_the_commonest_phone(page):
    page.evaluate(
        "document.fonts.ready.then(() => 1)"
    )  # what stands there before is wider
    for element in page.locator(".roads a, [data-listen] b, .facts time").all():
        assert element.evaluate(LINES) == 1, element.inner_text()
    tops = page.locator(".roads a").evaluate_all("all => all.map(a => a.offsetTop)")
    assert len(set(tops)) == 1


def test_keys_of_the_whole_page_which_can_be_switched_off(page, house):
    page.keyboard.press("k")
    plays(page)
    page.keyboard.press("n")
    expect(page.locator("[data-count]")).to_contain_text("bài 2/")
    page.keyboard.press("p")
    expect(page.locator("[data-count]")).to_contain_text("bài 1/")
    page.keyboard.press("k")
    until(page, f"{SOUND}.paused")
    page.click(".to-search")
    page.fill("#tim", "")
    page.type("#tim", "kn")  # somebody types: no keys of ours
    assert page.input_value("#tim") == "kn"
    assert page.evaluate(f"{SOUND}.paused")
    page.goto(f"{house.url}/settings")
    page.uncheck("[data-keys]")
    page.keyboard.press("k")
    page.reload()
    expect(page.locator("[data-keys]")).not_to_be_checked()
    page.goto(house.url)
    page.keyboard.press("k")
    assert page.evaluate(f"{SOUND}.paused")


def test_the_player_is_two_stops_from_the_top(page):
    page.click("[data-listen]")
    plays(page)
    page.reload()
    expect(page.locator("#may-nghe")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Đến máy nghe")
    page.keyboard.press("Enter")
    expect(page.locator("#may-nghe")).to_be_focused()


@pytest.fixture
def saved(page):
    """All of today but the second, which is not saved and is not heard; the phone's own order."""
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.reload()
    wait_for(lambda: page.evaluate("navigator.serviceWorker.controller !== null"))
    page.click("[data-keep-all]")
    expect(page.locator("[data-keep-all]")).to_have_text("✓ Đã lưu trên máy")
    order = titles(page)
    page.goto(page.url.rstrip("/") + "/saved")
    expect(page.locator("[data-forget]")).to_have_count(len(order))
    return order


def test_what_is_saved_stands_in_the_days_order(page, saved):
    assert page.locator("[data-queue=saved] h2").all_inner_texts() == saved


def test_without_a_net_what_is_saved_is_heard_and_the_rest_when_it_is_back(
    page, saved, house
):
    page.click("[data-forget] >> nth=1")
    expect(page.locator("[data-forget]")).to_have_count(len(saved) - 1)
    page.goto(house.url)
    page.click("[data-listen]")
    plays(page)
    page.context.set_offline(True)
    to_the_end(page)
    title = page.locator(".dock [data-title]")
    expect(title).to_have_text(saved[2])
    plays(page)
    page.context.set_offline(False)
    for _ in saved[3:]:
        page.click("[data-do=next]")
    to_the_end(page)
    expect(title).to_have_text(saved[1])  # what was passed over
    plays(page)


def test_what_stopped_for_want_of_a_net_goes_on_by_itself(page, house):
    page.click("[data-listen]")
    plays(page)
    page.context.set_offline(True)
    page.click("[data-do=next]")
    expect(page.locator("[data-told]")).to_contain_text("Có mạng lại sẽ tự phát tiếp")
    page.context.set_offline(False)
    plays(page)


def test_a_bulletin_has_its_parts_in_the_page(page, house):
    episode = house.bulletin()
    page.goto(f"{house.url}/articles/{episode.slug}")
    part = page.locator("[data-chapter] >> nth=1")
    part.click()
    plays(page)
    start = page.evaluate(
        "document.getElementById(document.querySelectorAll('[data-chapter]')[1].hash.slice(1)).dataset.start / 1000"
    )
    assert start > 1
    assert page.evaluate(f"{SOUND}.currentTime") >= start - 0.1
    assert examine(page) == []


def test_the_size_of_the_text_is_kept_without_javascript(chromium, house):
    with chromium.new_context(**SMALL, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{house.url}/settings")
        before = page.locator("h1").evaluate("e => getComputedStyle(e).fontSize")
        page.check("[name=co][value=rat-to]")
        page.click("main form .button")
        page.goto(f"{house.url}/settings")
        after = page.locator("h1").evaluate("e => getComputedStyle(e).fontSize")
        assert float(after[:-2]) > 1.2 * float(before[:-2])
        for path in ("/", "/search?q=tin", "/settings"):
            page.goto(house.url + path)
            assert too_wide(page) == [], path


def test_the_sheet_is_one_page_of_a5(page, house):
    for path in ("/sheet", "/stations/suoi-lanh/sheet"):
        page.goto(house.url + path)
        paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        assert len(paper.pages) == 1
        box = paper.pages[0].mediabox
        assert (float(box.width), float(box.height)) == pytest.approx(A5_PT, abs=1)
        assert examine(page) == []


def test_what_the_server_tells_is_shown(page, house):
    page.context.grant_permissions(["notifications"], origin=house.url)
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    phone = page.context.new_cdp_session(page)
    registrations = []
    phone.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(event["registrations"]),
    )
    phone.send("ServiceWorker.enable")
    while not registrations:
        page.wait_for_timeout(50)
    told = {"title": "Khẩn cấp: Lũ quét", "body": "Đài", "path": "/", "tag": "a"}
    phone.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": house.url,
            "registrationId": registrations[0]["registrationId"],
            "data": json.dumps(told | {"warning": True}),
        },
    )
    until(
        page,
        "navigator.serviceWorker.ready.then(one => one.getNotifications())"
        ".then(all => all.map(one => one.title + one.data).join() === 'Khẩn cấp: Lũ quét/')",
    )


def test_choices_of_being_told_are_offered(page, house):
    page.goto(f"{house.url}/settings")
    expect(page.get_by_label("Cảnh báo và tin mới")).to_be_visible()
    expect(page.get_by_label("Không báo")).to_be_checked()
    assert examine(page) == []
    assert too_wide(page) == []
