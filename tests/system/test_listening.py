"""The player as people use it, in a real browser: in bed, on the lock screen, without a network,
with a full phone.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.system.house import PARAGRAPHS
from tests.system.servers import wait_for

pytestmark = pytest.mark.browser

SOUND = "document.querySelector('[data-sound]')"
PHONE = {"viewport": {"width": 390, "height": 844}}
LONG = tuple(
    f"Câu thứ {n} của bài dài nói về đường liên thôn. Đoạn {n} đã khô ráo."
    for n in range(1, 9)
)
# What the page tells the lock screen to do when its keys are pressed.
LISTEN_IN = """window.lock = {}; const set = navigator.mediaSession.setActionHandler.bind(navigator.mediaSession);
navigator.mediaSession.setActionHandler = (name, act) => { window.lock[name] = act; set(name, act); };"""
SHARED = "window.shared = []; navigator.share = async (what) => { window.shared.push(what); };"
FOLLOW = """window.marked = []; new MutationObserver(all => all.forEach(({target}) => {
  if (target.hasAttribute("aria-current")) marked.push(target.dataset.n);
})).observe(document.querySelector("main"), { subtree: true, attributeFilter: ["aria-current"] });"""
REFUSED = """const no = () => Promise.reject(new DOMException("not in private windows", "SecurityError"));
navigator.serviceWorker.register = no; caches.open = no;"""


@pytest.fixture(scope="module")
def long(house):
    """An article of more than half a minute, the newest of the day."""
    return house.publish("Đường liên thôn Nà Luông", LONG)


@pytest.fixture
def page(chromium, house, long):
    """A phone of its own, on today's news; what its pages let go wrong fails the test."""
    with chromium.new_context(**PHONE) as context:
        page = context.new_page()
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(house.url)
        yield page
        assert wrong == []


def until(page, expression):
    """Once that is true on the page; its policy forbids Playwright's own way of waiting, which
    evaluates text.
    """
    wait_for(lambda: page.evaluate(expression), every=0.05)


def at(page):
    return page.evaluate(f"{SOUND}.currentTime")


def passed(page, second):
    until(page, f"{SOUND}.currentTime > {second} && !{SOUND}.paused")


def paused(page):
    until(page, f"{SOUND}.paused")


def listen(page, house, long):
    """The long article's page, and its sound."""
    page.goto(f"{house.url}/articles/{long.slug}")
    page.click(".stage [data-play]")
    passed(page, 0)


def test_sleep_comes_after_ten_minutes(page, house, long):
    page.clock.install()
    listen(page, house, long)
    page.click("[data-do=more]")
    page.select_option("[data-sleep]", "10")
    page.clock.fast_forward("09:50")
    before = at(page)
    passed(page, before + 0.3)
    page.clock.fast_forward("00:20")
    paused(page)
    expect(page.locator("[data-told]")).to_have_text("Đã tắt theo hẹn giờ.")
    expect(page.locator("[data-sleep]")).to_have_value("")


def test_sleep_at_the_end_of_this_article(page, house, long):
    listen(page, house, long)
    page.click("[data-do=more]")
    page.select_option("[data-sleep]", "end")
    page.evaluate(f"{SOUND}.currentTime = {SOUND}.duration - 0.4")
    expect(page.locator("[data-told]")).to_have_text("Đã tắt theo hẹn giờ.")
    expect(page.locator(".dock [data-title]")).to_have_text(long.title)


def test_the_lock_screen_knows_what_is_heard_and_its_keys_work(page, house, long):
    page.add_init_script(LISTEN_IN)
    page.goto(house.url)
    page.click("[data-listen]")
    passed(page, 0)
    told = page.evaluate(
        "(m => [m.title, m.artist, m.artwork.length])(navigator.mediaSession.metadata)"
    )
    assert told == [long.title, "Đài Suối Lành", 2]
    page.evaluate("lock.seekto({seekTime: 15})")
    passed(page, 15)
    page.evaluate("lock.seekbackward({})")
    passed(page, 5)
    assert at(page) < 14
    page.evaluate("lock.pause()")
    paused(page)
    assert page.evaluate("navigator.mediaSession.playbackState") == "paused"
    stopped = at(page)
    page.evaluate("lock.seekforward({seekOffset: 5})")
    assert at(page) == pytest.approx(stopped + 5, abs=0.2)
    page.evaluate("lock.play()")
    passed(page, stopped + 5)
    page.evaluate("lock.nexttrack()")
    until(page, "navigator.mediaSession.metadata.title !== " + repr(long.title))
    page.evaluate("lock.previoustrack()")
    until(page, "navigator.mediaSession.metadata.title === " + repr(long.title))


def test_keys_of_the_dock_and_a_speed_that_stays(page, house, long):
    listen(page, house, long)
    page.click("[data-do=forward]")
    passed(page, 10)
    page.click("[data-do=back]")
    until(page, f"{SOUND}.currentTime < 8")
    page.click("[data-do=more]")
    page.select_option("[data-rate]", "0.75")
    page.click("[data-do=next]")
    expect(page.locator("[data-count]")).to_contain_text("bài 2/")
    passed(page, 0)
    assert page.evaluate(f"[{SOUND}.playbackRate, {SOUND}.preservesPitch]") == [
        0.75,
        True,
    ]
    page.focus("[data-seek]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    until(page, f"{SOUND}.currentTime > 1.5")


def test_one_goes_on_where_one_stopped(page, house, long):
    listen(page, house, long)
    page.click("[data-do=forward]")
    passed(page, 10)
    page.click("[data-do=toggle]")
    paused(page)
    stopped = at(page)
    page.click("[data-do=more]")
    page.click("[data-do=close]")
    expect(page.locator(".dock")).to_be_hidden()
    page.goto(f"{house.url}/articles/{long.slug}")
    expect(page.locator("[data-say]")).to_contain_text("Nghe tiếp từ 0:1")
    page.click(".stage [data-play]")
    passed(page, stopped)
    assert at(page) < stopped + 5


def test_the_text_is_followed_and_read_by_keyboard(page, house, long):
    page.goto(f"{house.url}/articles/{long.slug}")
    page.evaluate(FOLLOW)
    page.locator(".line >> nth=1").click()
    # One was chosen, to the others the voice came by itself
    until(page, "marked.join() === '2,3,4'")
    assert page.locator(".line[aria-current]").count() == 1
    page.locator(".line[tabindex]").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.evaluate("marked.length = 0")
    page.keyboard.press("Enter")
    until(page, "marked[0] === '3'")
    assert page.evaluate("document.activeElement.dataset.n") == "3"
    assert page.locator(".line[tabindex]").count() == 1


def test_a_reported_word_reaches_the_desk(page, house, long):
    page.goto(f"{house.url}/articles/{long.slug}")
    page.locator(".line >> nth=1").dblclick(position={"x": 12, "y": 12})
    page.click(".tools [data-misread]")
    expect(page.locator("dialog .word input:checked + span")).to_have_text("Câu")
    page.fill("dialog textarea", "Nghe không rõ")
    page.click("dialog .button.primary")
    expect(page.locator("dialog")).to_contain_text("Cảm ơn")
    (report,) = house.newsroom.misreadings.page(settled=False, limit=9, offset=0)[0]
    assert (report.title, report.n, report.word, report.remarks) == (
        long.title,
        2,
        "Câu",
        ("Nghe không rõ",),
    )


def test_sharing(page, house, long):
    page.context.grant_permissions(
        ["clipboard-read", "clipboard-write"], origin=house.url
    )
    page.add_init_script(SHARED)
    own = f"{house.url}/articles/{long.slug}"
    page.goto(own)
    page.click("[data-share] summary")
    until(page, "document.querySelector('img.code').naturalWidth > 0")
    page.click("[data-share] [data-copy]")
    expect(page.locator("[data-told]")).to_have_text("Đã sao chép.")
    assert page.evaluate("navigator.clipboard.readText()") == own
    page.click("[data-share-sheet]")
    assert page.evaluate("window.shared[0].url") == own
    zalo = page.get_attribute("a:has-text('Zalo')", "href")
    assert zalo.endswith(
        re.sub("[:/]", lambda mark: f"%{ord(mark[0]):02X}", own).replace("%2F", "/")
    ), zalo


@pytest.mark.parametrize("estimates", [True, False])
def test_a_full_phone_says_so_and_keeps_nothing_half(page, house, long, estimates):
    if not estimates:  # then the browser finds out while it writes
        page.add_init_script("navigator.storage.estimate = undefined")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.goto(f"{house.url}/articles/{long.slug}")
    expect(page.locator("[data-keep]")).to_contain_text("Lưu nghe sau")
    phone = page.context.new_cdp_session(page)
    phone.send(
        "Storage.overrideQuotaForOrigin", {"origin": house.url, "quotaSize": 40_000}
    )
    page.click("[data-keep]")
    expect(page.locator("[data-told]")).to_contain_text("Điện thoại hết chỗ")
    expect(page.locator("[data-keep]")).to_be_enabled()
    page.goto(f"{house.url}/saved")
    expect(page.locator("[data-saved-none]")).to_be_visible()
    kept = page.evaluate(
        "caches.open('loa-shelf-1').then(c => c.keys()).then(all => all.map(one => one.url))"
    )
    assert [url for url in kept if "/media/" in url or "/shelf/" in url] == []


def test_what_was_heard_goes_by_itself_after_half_a_day(page, house, long):
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.goto(f"{house.url}/articles/{long.slug}")
    page.click("[data-keep]")
    expect(page.locator("[data-keep]")).to_have_text("✓ Đã lưu trên máy")
    page.click(".stage [data-play]")
    passed(page, 0)
    page.click("[data-do=more]")
    page.select_option("[data-sleep]", "end")
    page.evaluate(f"{SOUND}.currentTime = {SOUND}.duration - 0.3")
    expect(page.locator("[data-told]")).to_have_text("Đã tắt theo hẹn giờ.")
    page.goto(f"{house.url}/saved")
    expect(page.locator("[data-forget]")).to_have_count(1)
    later = page.context.new_page()
    later.clock.set_system_time(datetime.now(UTC) + timedelta(hours=13))
    later.goto(f"{house.url}/saved")
    expect(later.locator("[data-saved-none]")).to_be_visible()


def test_a_new_release_takes_the_place_of_the_old_worker_and_leaves_the_shelf(
    page, house, long
):
    new = page.evaluate("fetch('/sw.js').then(answer => answer.text())")
    version = re.search(r'VERSION = "(\w+)"', new)[1]
    with page.context.browser.new_context(**PHONE) as context:
        phone = context.new_page()
        house.other["/sw.js"] = ("text/javascript", new.replace(version, "cu"))
        phone.goto(f"{house.url}/articles/{long.slug}")
        phone.evaluate("navigator.serviceWorker.ready.then(() => 1)")
        phone.click("[data-keep]")
        expect(phone.locator("[data-keep]")).to_have_text("✓ Đã lưu trên máy")
        assert "loa-shell-cu" in phone.evaluate("caches.keys()")
        house.other.clear()
        phone.reload()
        phone.evaluate(
            "navigator.serviceWorker.getRegistration().then(one => one.update())"
        )
        until(phone, "caches.keys().then(names => !names.includes('loa-shell-cu'))")
        assert f"loa-shell-{version}" in phone.evaluate("caches.keys()")
        expect(phone.locator("[data-keep]")).to_have_text("✓ Đã lưu trên máy")


def test_a_private_window_plays_and_says_that_it_keeps_nothing(page, house, long):
    page.add_init_script(REFUSED)
    listen(page, house, long)
    expect(page.locator("[data-keep]")).to_be_hidden()
    page.goto(f"{house.url}/saved")
    expect(page.locator("[data-saved-cannot]")).to_be_visible()


def test_the_light_file_is_played_to_who_asks_for_it(page, house, long):
    page.goto(f"{house.url}/settings")
    page.check("[name=nhe][value='1']")
    page.click("main form .button")
    listen(page, house, long)
    assert page.evaluate(f"{SOUND}.currentSrc").endswith(".opus")
    page.click("[data-do=forward]")
    passed(page, 10)


def test_search_needs_no_diacritics(page):
    page.click(".to-search")
    page.fill("#tim", "ban tin xa")
    page.keyboard.press("Enter")
    expect(page.locator(".item h2")).to_have_text(["Bản tin xã về vụ đông"])


def test_all_is_there_without_javascript(chromium, house, long):
    with chromium.new_context(**PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(house.url)
        page.click("text=Nghe tin hôm nay")
        expect(page.locator(".item audio").first).to_be_in_viewport()
        page.click(f"h3 a:text-is('{long.title}')")
        for key in page.locator("[data-keep], [data-copy], [data-share-sheet]").all():
            expect(key).to_be_hidden()  # what needs JavaScript is not offered
        sound = page.locator(".stage audio")
        expect(sound).to_be_visible()
        with page.expect_request(
            lambda asked: "/media/" in asked.url and asked.resource_type == "media"
        ):
            sound.focus()
            page.keyboard.press("Space")
        page.click("text=Đọc sai?")
        page.check("input[name=word] >> nth=1", force=True)
        page.click("text=Gửi ban biên tập")
        expect(page.locator("h1")).to_have_text("Cảm ơn bà con")
        page.goto(f"{house.url}/search?q={PARAGRAPHS[0][:20]}")
        expect(page.locator(".item").first).to_be_visible()
