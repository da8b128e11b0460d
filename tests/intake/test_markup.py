"""HTML: what a page says of itself, and what a reader of it sees."""

import pytest

from service.intake import Doubt, Rejected, Why, parse

P1 = "Sáng 11/11, hơn 120 hộ dân ba thôn của xã đã góp ngày công đổ bê tông tuyến đường vào khu sản xuất."
P2 = "Tuyến đường rộng 3 m, tổng kinh phí 840 triệu đồng, phần còn lại do bà con đóng góp."
HEAD = "<!doctype html><html><head><title>Xã làm đường - Cổng xã</title>"


def page(body, head=""):
    return parse(f"{HEAD}{head}</head><body>{body}</body></html>", "html")


def texts(story):
    return [*filter(None, [story.lead]), *story.paragraphs]


def test_what_json_ld_says_comes_before_any_guess():
    head = (
        '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Xã làm đường",'
        '"datePublished": "2025-11-11T08:20:00+00:00", "author": {"name": "Thu Hoài"}}]}</script>'
    )
    story = page(f"<h1>Xã làm đường</h1><p>{P1}</p><p>{P2}</p>", head)
    assert (story.title, story.byline) == ("Xã làm đường", "Thu Hoài")
    assert story.published_at.isoformat() == "2025-11-11T08:20:00+00:00"


def test_the_day_of_an_event_is_never_that_of_the_news():
    event = "Đêm văn nghệ diễn ra vào tối ngày 30/12/2025 tại sân vận động xã, mời bà con tới dự."
    story = page(f"<h1>Xã sẽ có đêm văn nghệ</h1><p>{event}</p><p>{P2}</p>")
    assert story.published_at is None
    assert Doubt.NO_DATE in story.doubts


def test_rows_of_a_table_are_sentences_and_items_of_a_list_are_read():
    table = "<table><tr><th>Thôn</th><th>Giờ</th></tr><tr><td>Nà Hin</td><td>7 giờ 30</td></tr></table>"
    story = page(
        f"<h1>Lịch tiêm phòng</h1><p>{P1}</p>{table}<ul><li>Mang theo sổ tiêm.</li></ul><p>{P2}</p>"
    )
    assert texts(story) == [
        P1,
        "Thôn; Giờ.",
        "Nà Hin; 7 giờ 30.",
        "Mang theo sổ tiêm.",
        P2,
    ]


@pytest.mark.parametrize("name", ["s", "del", "strike"])
def test_what_is_crossed_out_is_not_read_and_listed(name):
    story = parse(
        f"<h1>Họp</h1><p>Ngày <{name}>25</{name}> <ins>26</ins> tháng 11 họp thôn.</p>",
        "html",
    )
    assert story.paragraphs == ("Ngày 26 tháng 11 họp thôn.",)
    assert ("25", Why.CROSSED_OUT) in [(line.text, line.why) for line in story.left_out]


def test_raised_figures_are_powers():
    story = parse(
        "<h1>Nước</h1><p>Hồ chứa 10<sup>3</sup> m<sup>3</sup> nước CO<sub>2</sub>.</p>",
        "html",
    )
    assert story.paragraphs == ("Hồ chứa 10³ m³ nước CO2.",)


def test_a_fragment_is_read_whole():
    story = parse(
        "<h2>Họp thôn</h2><p>Chia sẻ: tối nay họp.</p><p>Tin khác</p>", "html"
    )
    assert (story.title, story.paragraphs) == (
        "Họp thôn",
        ("Chia sẻ: tối nay họp.", "Tin khác"),
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>",
            "script_wall",
        ),
        (
            "<h1>404</h1><p>Trang bạn yêu cầu không tồn tại hoặc đã bị xóa.</p>",
            "soft_404",
        ),
        ("<p>Không tìm thấy trang bạn cần.</p>", "soft_404"),
        (
            "<ul><li><a href=/>Trang chủ</a></li><li><a href=/a>Liên hệ</a></li></ul>",
            "no_article",
        ),
    ],
)
def test_walls_and_pages_without_an_article_are_refused(body, reason):
    with pytest.raises(Rejected) as refusal:
        page(body)
    assert refusal.value.reason == reason


def test_a_caption_is_left_out_and_listed():
    story = page(
        f"<h1>Xã làm đường</h1><p>{P1}</p><p><img src=a.jpg></p><p><em>Bà con gùi cát</em></p><p>{P2}</p>"
    )
    assert texts(story) == [P1, P2]
    assert ("Bà con gùi cát", Why.CAPTION) in [
        (line.text, line.why) for line in story.left_out
    ]
