"""The picture of an article: which one of a page, and what is made of it."""

import io
import zlib

import pytest
from PIL import Image

from service.intake import Rejected, parse
from service.intake.parse import absolute
from service.intake.pictures import made_small
from service.intake.source import parse_bytes
from service.intake.story import Given

P1 = "Sáng 11/11, hơn 120 hộ dân ba thôn của xã đã góp ngày công đổ bê tông tuyến đường vào khu sản xuất."
P2 = "Tuyến đường rộng 3 m, tổng kinh phí 840 triệu đồng, phần còn lại do bà con đóng góp."
HEAD = "<!doctype html><html><head><title>Xã làm đường</title>"
LOGO = '<div class="header"><img src="/dau-trang.png" width="900" height="200"></div>'
FIGURE = '<figure><img src="{}"><figcaption>Bà con đổ bê tông. Ảnh: Thu Hoài</figcaption></figure>'


def page(body, head=""):
    footer = "<div class='footer'><img src='/chan.jpg'></div>"
    whole = f"<body>{LOGO}<h1>Xã làm đường</h1>{body}{footer}</body></html>"
    markup = f"{HEAD}{head}</head>{whole}"
    return parse_bytes(
        markup.encode(), ".html", Given(url="https://xa.example/tin/1.html")
    )


# Fmt: skip
@pytest.mark.parametrize(
    ("body", "head", "address"),
    [
        (
            f"<p>{P1}</p>{FIGURE.format('/anh/1.jpg')}<p>{P2}</p>",
            "",
            "https://xa.example/anh/1.jpg",
        ),
        (
            f"<img src='a.jpg'><p>{P1}</p><img src='b.jpg'><p>{P2}</p>",
            "",
            "https://xa.example/tin/a.jpg",
        ),
        (
            f"<p>{P1}</p><img src='data:image/gif;base64,R0' data-src='/x.jpg'><p>{P2}</p>",
            "",
            "https://xa.example/x.jpg",
        ),
        # Signs, buttons and the portal's own pictures are none of the article.
        (
            f"<p>{P1}</p><img src='/icons/in.png'><img src='/p.jpg' width='32'><p>{P2}</p>",
            "",
            "",
        ),
        (
            f"<p>{P1}</p><p>{P2}</p>",
            '<meta property="og:image" content="/og.jpg">',
            "https://xa.example/og.jpg",
        ),
        (
            f"<p>{P1}</p><p>{P2}</p>",
            '<meta property="og:image" content="/logo-xa.png">',
            "",
        ),
        (
            f"<p>{P1}</p><p>{P2}</p>",
            '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2025-11-11", '
            '"image": [{"url": "https://cdn.example/ld.jpg"}]}</script>',
            "https://cdn.example/ld.jpg",
        ),
    ],
)
def test_the_first_large_picture_of_the_article_is_its_picture(body, head, address):
    assert page(body, head).picture == address


def test_a_caption_stays_with_its_picture_and_is_not_read():
    story = page(f"<p>{P1}</p>{FIGURE.format('/anh/1.jpg')}<p>{P2}</p>")
    assert story.picture_caption == "Bà con đổ bê tông. Ảnh: Thu Hoài"
    assert not any("Thu Hoài" in text for text in (story.lead, *story.paragraphs))
    # A sentence below a picture is text.
    assert page(f"<p>{P1}</p><img src='/a.jpg'><p>{P2}</p>").picture_caption == ""


def test_what_a_sender_says_of_the_picture_counts_more():
    given = Given(picture="https://xa.example/ảnh đẹp.jpg", picture_caption="Đường mới")
    with pytest.raises(Rejected) as refused:
        parse(f"<h1>Tin</h1><p>{P1}</p>", "html", given)
    assert refused.value.field == "picture"
    given = Given(picture="https://xa.example/ảnh-đẹp.jpg", picture_caption="Đường mới")
    story = parse(f"<h1>Tin</h1><img src='/k.jpg'><p>{P1}</p>", "html", given)
    assert story.picture == "https://xa.example/%E1%BA%A3nh-%C4%91%E1%BA%B9p.jpg"
    assert story.picture_caption == "Đường mới"


@pytest.mark.parametrize(
    ("address", "base", "whole"),
    [
        ("a.jpg", "", ""),
        (
            "//cdn.example/a.jpg?w=1#x",
            "https://xa.example/t",
            "https://cdn.example/a.jpg?w=1",
        ),
        ("javascript:alert(1)", "https://xa.example/t", ""),
        ("http://[::1", "https://xa.example/t", ""),
        ("/" + "a" * 3000, "https://xa.example/t", ""),
        ("https://xã.example/a%20b.jpg", "", "https://xn--x-yfa.example/a%20b.jpg"),
    ],
)
def test_an_address_is_whole_and_in_ascii_or_none(address, base, whole):
    assert absolute(address, base) == whole


@pytest.mark.parametrize(
    ("line", "views"),
    [
        ("<span>Lượt xem: 1.024</span>", 1024),
        ("<span>7331 lượt xem</span>", 7331),
        ("<span>Đã xem: 45</span>", 45),
        ("<span>Lượt xem: 1,2K</span>", None),
        ("<span>Lượt xem: 3 nghìn</span>", None),
        ("<span>Trong xã</span>", None),
    ],
)
def test_the_portal_s_own_count_is_kept(line, views):
    story = page(f"<div>11/11/2025 08:20</div><div>{line}</div><p>{P1}</p><p>{P2}</p>")
    assert story.views == views


def drawn(size=(1200, 900), kind="JPEG", mode="RGB", **how):
    kept = io.BytesIO()
    Image.new(mode, size, "#2a6").save(kept, kind, **how)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB"), ("GIF", "P")]
)
def test_a_picture_of_any_kind_becomes_small_jpegs_without_what_a_camera_noted(
    kind, mode
):
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    how = {"exif": exif} if kind == "JPEG" else {}
    small = made_small(drawn(kind=kind, mode=mode, **how))
    sizes = {name: Image.open(io.BytesIO(data)) for name, data in small.sizes.items()}
    assert {name: each.size for name, each in sizes.items()} == {
        "large": (1024, 768),
        "card": (192, 144),
        "cover": (1400, 1400),
    }
    assert (small.width, small.height) == (1024, 768)
    assert all(each.format == "JPEG" and not each.getexif() for each in sizes.values())


def bomb():
    """A PNG that says it is 50,000 pixels square."""
    data = bytearray(drawn((300, 300), "PNG"))
    data[16:24] = (50_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no_picture"),
        (b"", "no_picture"),
        (drawn()[:400], "no_picture"),
        (drawn((64, 64), "PNG"), "too_small"),
        (bomb(), "too_many_pixels"),
        (b"\xff" * (9 << 20), "too_large"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 500 500\n", "no_picture"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_reason(data, reason):
    with pytest.raises(Rejected) as refused:
        made_small(data)
    assert refused.value.reason == reason
