"""Every public page for everybody: contrast and targets as AAA asks, small screens and large text,
forced colours.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from service.actions.corrections import correct
from tests.system.pages import clipped, examine, small_targets, too_wide

pytestmark = pytest.mark.browser
HANOI = timedelta(hours=7)
TWICE = "html { font-size: 225% !important }"  # ours is 112.5 %


@pytest.fixture(scope="module")
def public(house):
    """Every kind of page that the public can meet: {what it is: its path}."""
    room = house.newsroom
    wrong = house.publish(
        "Giá lúa giống vụ xuân",
        topic="Nông nghiệp",
        byline="Lan Anh",
        lead="Giá mới từ hôm nay.",
    )
    made = correct(
        room, wrong.id, "Giá 20.000 đồng.", "Giá 25.000 đồng.", "chị Sen"
    ).episode_id
    house.work()
    room.episodes.approve(made, "chị Sen", room.episodes.get(made).version)
    house.work()
    gone = house.publish("Tin sẽ gỡ")
    room.episodes.withdraw(gone.id, "Đăng nhầm.", "chị Sen")
    bulletin = house.bulletin()
    warning = house.warn()
    house.publish("Tin của ngày hôm ấy")
    edition = room.editions.get(wrong.slug)
    today = room.now() + HANOI
    return {
        "home": "/",
        "commune": "/stations/suoi-lanh",
        "all of a commune": "/stations/suoi-lanh?trang=1",
        "topic": "/topics/nong-nghiep",
        "month": f"/archive/{today:%Y-%m}?dai=suoi-lanh",
        "day": f"/archive/{today:%Y-%m-%d}",
        "search": "/search?q=ban+tin+xa",
        "nothing found": "/search?q=khongcogi",
        "saved": "/saved",
        "settings": "/settings",
        "not there": "/khong-co",
        "gone": f"/articles/{gone.slug}",
        "article": f"/articles/{wrong.slug}",
        "correction": f"/articles/{room.episodes.get(made).slug}",
        "bulletin": f"/articles/{bulletin.slug}",
        "warning": f"/articles/{warning.slug}",
        "misreading": f"/articles/{wrong.slug}/misreading",
        "embedded article": f"/embed/articles/{wrong.slug}",
        "embedded commune": "/embed/stations/suoi-lanh",
        "transcript": f"/media/{edition.master('transcript-page').path}",
        "speaker": "/stations/suoi-lanh/speaker",
        "login": "/desk/login",
    }


@pytest.fixture(scope="module")
def page(chromium):
    with chromium.new_context(
        viewport={"width": 390, "height": 844}, bypass_csp=True
    ) as context:
        yield context.new_page()


def test_axe_contrast_and_targets_on_every_page(house, public, page):
    found = {}
    for name, path in public.items():
        page.emulate_media(color_scheme="light")
        page.goto(house.url + path)
        found[name] = (
            examine(page)
            + examine(page, "color-contrast-enhanced")
            + small_targets(page, 44)
        )
        page.emulate_media(color_scheme="dark")
        found[name] += examine(page, "color-contrast", "color-contrast-enhanced")
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_small_screens_and_large_text_lose_nothing(house, public, page):
    page.emulate_media(color_scheme="light")
    found = {}
    for name, path in public.items():
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(house.url + path)
        found[name] = too_wide(page)
        page.add_style_tag(content=TWICE)
        found[name] += too_wide(page) + clipped(page)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_dock_has_room_on_the_smallest_phone_and_with_large_text(
    house, public, page
):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(house.url + public["article"])
    page.click(".stage [data-play]")
    keys = page.locator(".dock-keys button")
    assert (
        len(
            {
                round(box["y"] + box["height"] / 2)
                for box in [key.bounding_box() for key in keys.all()]
            }
        )
        == 1
    )
    assert small_targets(page, 44) == []
    page.add_style_tag(content=TWICE)
    page.click("[data-do=more]")
    assert too_wide(page) == []
    for key in page.locator(".dock :is(button, select, input, a):visible").all():
        key.scroll_into_view_if_needed()
        expect(key).to_be_in_viewport(ratio=0.9)
    page.click("[data-do=close]")


def test_forced_colours_and_reduced_motion(house, public, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.goto(house.url + public["article"])
    page.click(".stage [data-play]")
    current = page.locator(".line[aria-current]")
    expect(current).to_have_css("outline-style", "solid")
    for key in (".listen", ".main-key"):
        expect(page.locator(key)).to_have_css("border-top-style", "solid")
    moving = "document.getAnimations().length + (getComputedStyle(document.documentElement).scrollBehavior !== 'auto')"
    assert page.evaluate(moving) == 0
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
