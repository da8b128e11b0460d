"""A passkey in a real browser, with Chromium's own software for one."""

import pytest
from playwright.sync_api import expect

from service.newsroom.values import Event, Role, Station
from tests.system.house import PASSWORD, House
from tests.system.pages import examine, small_targets, too_wide

pytestmark = pytest.mark.browser
# A phone that knows its owner by the finger, which is always there
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def local(tmp_path, migrated):
    """A house where browsers make passkeys: at a name, rather than at a number."""
    found = House(tmp_path, migrated, "localhost")
    found.newsroom.stations.put(Station("suoi-lanh", "Đài Suối Lành"))
    found.newsroom.people.add("duyet", PASSWORD, Role.APPROVER)
    yield found
    found.close()


@pytest.fixture
def page(chromium):
    context = chromium.new_context(
        viewport={"width": 360, "height": 780}, bypass_csp=True, has_touch=True
    )
    page = context.new_page()
    chip = context.new_cdp_session(page)
    chip.send("WebAuthn.enable")
    chip.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    yield page
    context.close()


def looks_well(page):
    return not (examine(page) or too_wide(page) or small_targets(page, 44))


def test_a_passkey_is_added_and_opens_the_desk_and_its_owner_approves(local, page):
    number = local.hand_in("Tin sáng nay")
    page.goto(f"{local.url}/desk/login")
    page.fill("#name", "duyet")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Bàn biên tập")
    page.goto(f"{local.url}/desk/sessions")
    page.click("text=Thêm khóa")
    page.fill("#name", "Điện thoại của tôi")
    assert looks_well(page)
    page.click("button:text-is('Thêm khóa')")
    expect(page.locator("ol.paper li")).to_have_count(10)
    page.goto(f"{local.url}/desk/sessions")
    expect(page.locator("main")).to_contain_text("Điện thoại của tôi")
    page.click("button:text-is('Đăng xuất')")
    assert looks_well(page)
    # Until the page is gone: a second press would ask anew, and spoil the answer on its way
    page.route("**/login/passkey", lambda route: route.fulfill(status=204), times=1)
    button = page.locator("text=Đăng nhập bằng khóa truy cập")
    with page.expect_response("**/login/passkey"):
        button.click()
    expect(button).to_be_disabled()
    page.reload()
    button.click()
    expect(page.locator("h1")).to_have_text("Bàn biên tập")
    page.goto(f"{local.url}/desk/episodes/{number}")
    page.click("text=Duyệt phát bản này")
    expect(page.locator("main")).to_contain_text("Đã duyệt")
    newsroom = local.newsroom
    (approved,) = newsroom.log.lines(events=(Event.APPROVED,))
    assert (approved.who, approved.episode_id) == ("duyet", number)
    assert (
        "khóa Điện thoại của tôi" in newsroom.log.lines(events=(Event.LOGIN,))[0].detail
    )


def test_elsewhere_the_page_says_where_passkeys_are_good(local, page):
    page.goto(local.url.replace("localhost", "127.0.0.1") + "/desk/login")
    words = page.locator("[data-passkey] [data-said]")
    expect(words).to_contain_text(f"chỉ dùng được ở {local.url}")
    expect(page.locator("[data-passkey] button")).to_be_disabled()
