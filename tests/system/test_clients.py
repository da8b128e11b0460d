"""Browsers that are not ours: the player with and without JavaScript, the desk with
a microphone.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.system.servers import need

# Chromium's own pretended microphone beeps once a second, and on a busy machine not even that: this
# one speaks on, a hum of a man's pitch that rises and falls three times a second.
MICROPHONE = """
navigator.mediaDevices.getUserMedia = async () => {
  const sound = new AudioContext(), stream = sound.createMediaStreamDestination();
  const voice = new OscillatorNode(sound, { type: "sawtooth", frequency: 120 });
  const syllables = new OscillatorNode(sound, { frequency: 3 });
  const loudness = new GainNode(sound, { gain: 0.3 });
  syllables.connect(new GainNode(sound, { gain: 0.2 })).connect(loudness.gain);
  voice.connect(loudness).connect(stream);
  voice.start();
  syllables.start();
  return stream.stream;
};
"""


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    path = need("chromium", "chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    found = context.new_page()
    faults = []
    found.on("pageerror", lambda error: faults.append(str(error)))
    found.on(
        "console",
        lambda message: (
            faults.append(message.text) if message.type == "error" else None
        ),
    )
    yield found
    assert faults == []
    context.close()


@pytest.mark.browser
def test_everything_is_there_without_javascript(embedded, chromium):
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    page.goto(embedded.url)
    assert page.locator("audio[controls]:visible").count() >= 6
    page.click(".item a[href^='/articles/'] >> nth=0")
    assert page.locator(".stage audio[controls]:visible").count() == 1
    page.click("text=Tải về")
    with page.expect_download() as download:
        page.click("text=Tải MP3")
    assert download.value.suggested_filename.endswith(".mp3")
    page.goto(f"{embedded.url}/stations/suoi-lanh/speaker")
    singles = page.locator("details:has(> summary:text('Phát lẻ từng bài'))")
    if singles.get_attribute("open") is None:  # a bulletin's button is the big one
        singles.locator("summary").click()
    with page.expect_download() as download:
        page.click("text=Tải riêng bài này >> visible=true >> nth=0")
    assert download.value.suggested_filename.isascii()
    context.close()


@pytest.fixture
def desk(embedded, page):
    """A page whose reader may do everything."""
    name, first = (embedded.folder / "var" / "first-login.txt").read_text().split()
    password = getattr(embedded, "password", first)
    page.goto(f"{embedded.url}/desk")
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    if password == first:  # it opens nothing but the page that changes it
        page.fill("[name=old]", first)
        embedded.password = "bốn con mèo mun"
        page.fill("[name=password]", embedded.password)
        page.keyboard.press("Enter")
    page.wait_for_selector(".desk-bar")
    return page


@pytest.mark.browser
def test_an_announcer_reads_a_sentence_into_the_microphone_and_a_wrong_file_is_told(
    embedded, desk, tmp_path
):
    desk.add_init_script(MICROPHONE)
    desk.goto(f"{embedded.url}/desk/episodes/7")

    def place(n):
        found = desk.locator(f"#cau-{n}")
        found.get_by_text(f"Sửa câu {n}", exact=True).click()
        found.locator("details.human > summary").click()
        return found

    (wrong := tmp_path / "van-ban.mp3").write_text("Đây là chữ.")
    sentence = place(2)
    sentence.locator("input[type=file]").set_input_files(wrong)
    sentence.get_by_role("button", name="Gửi bản thu").click()
    expect(sentence).to_contain_text("không phải tệp âm thanh")
    sentence = place(1)  # nothing is worked on any more, so that the page stays
    button = sentence.locator("[data-record]")
    button.click()
    expect(sentence.locator("[data-clock]")).to_have_text(re.compile(r"0:0[3-9]"))
    # Still recording, and no file yet
    sentence.get_by_role("button", name="Gửi bản thu").click()
    button.click()
    expect(sentence.locator("[data-said]")).to_contain_text("Đã thu xong")
    expect(sentence.locator("[data-heard]")).to_be_visible()
    sentence.locator("[name=announcer]").fill("chị Sen")
    sentence.get_by_role("button", name="Gửi bản thu").click()
    expect(sentence).to_contain_text("giọng người: chị Sen")


@pytest.mark.browser
def test_an_editor_corrects_listens_and_approves(embedded, desk):
    page = desk
    page.goto(f"{embedded.url}/desk/episodes/8")
    main = page.locator("main")
    expect(main).to_contain_text("Chờ duyệt")
    page.locator("details.otherwise > summary").first.click()
    with page.expect_response(
        lambda it: "/desk/auditions/" in it.url and it.status == 200
    ) as heard:
        page.locator("details.otherwise[open] [data-audition]").first.click()
    assert heard.value.headers["content-type"] == "audio/wav"
    page.click("summary:has-text('Sửa câu 3')")
    page.fill("#spoken-3", "sáng từ bảy giờ rưỡi")
    page.click("form:has(#spoken-3) button")
    expect(main).to_contain_text("sáng từ bảy giờ rưỡi")
    expect(main).to_contain_text("Chờ duyệt")
    with page.expect_navigation():  # the next one that waits opens itself
        page.click("text=Duyệt phát bản này")
    page.goto(f"{embedded.url}/desk/episodes/8")
    expect(main).to_contain_text("Đã phát")
