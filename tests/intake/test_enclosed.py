"""Pictures within documents: the first large one is kept with what stands below it, which is never
read.
"""

import io
import random
import zipfile

import pytest
from PIL import Image

from service.intake import Why
from service.intake.source import parse_bytes
from service.intake.story import Given
from tests.intake.test_crossed_out import TITLE, docx, paragraph, run
from tests.intake.test_pictures import bomb

P1 = "Sáng 11/11, hơn 120 hộ dân ba thôn của xã đã góp ngày công đổ bê tông đường."
P2 = "Tuyến đường rộng 3 m, tổng kinh phí 840 triệu đồng, dân góp một phần ba."
CAPTION = "Bà con thôn Nà Hin đổ bê tông tuyến đường vào khu sản xuất"
MAIN = "http://schemas.openxmlformats.org"
RELATION = f"{MAIN}/officeDocument/2006/relationships"
TYPES = (
    f'<Types xmlns="{MAIN}/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="jpg" ContentType="image/jpeg"/>'
    '<Default Extension="emf" ContentType="image/x-emf"/></Types>'
)


def drawn(size=(640, 480), colour="#2a6"):
    kept = io.BytesIO()
    Image.new("RGB", size, colour).save(kept, "JPEG")
    return kept.getvalue()


def picture(name):
    """A picture in a paragraph of a Word file, by its relation's name."""
    drawing = f"{MAIN}/drawingml/2006"
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{drawing}/wordprocessingDrawing">'
        '<wp:docPr id="1" name="a" descr="mô tả của máy"/>'
        f'<a:graphic xmlns:a="{drawing}/main"><a:graphicData>'
        f'<pic:pic xmlns:pic="{drawing}/picture"><pic:blipFill>'
        f'<a:blip xmlns:r="{RELATION}" r:embed="{name}"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def word(*body, outside="", **pictures):
    """A Word file with pictures by their relations' names; `outside` lies elsewhere."""
    relations = [
        f'<Relationship Id="{name}" Target="media/{name}.jpg" Type="{RELATION}/image"/>'
        for name in pictures
    ]
    if outside:
        relations.append(
            f'<Relationship Id="far" Target="{outside}" TargetMode="External" '
            f'Type="{RELATION}/image"/>'
        )
    whole = f'<Relationships xmlns="{MAIN}/package/2006/relationships">{"".join(relations)}</Relationships>'
    plain = zipfile.ZipFile(io.BytesIO(docx(*body)))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in plain.namelist():
            if name != "[Content_Types].xml":
                archive.writestr(name, plain.read(name))
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/_rels/document.xml.rels", whole)
        for name, content in pictures.items():
            archive.writestr(f"word/media/{name}.jpg", content)
    return data.getvalue()


def centred(text):
    return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{run(text)}</w:p>'


def news(*middle):
    return (TITLE, paragraph(run(P1)), *middle, paragraph(run(P2)))


def captions(story):
    return [line.text for line in story.left_out if line.why is Why.CAPTION]


BELOW = {
    "slanted": paragraph(run(CAPTION, "<w:i/>")),
    "in the middle": centred(CAPTION),
    "by its words": paragraph(run(f"Ảnh: {CAPTION}")),
    "by its looks alone": paragraph(run(CAPTION)),
}


@pytest.mark.parametrize("way", BELOW)
def test_a_word_file_s_picture_is_kept_small_with_its_caption(way):
    body = news(paragraph(picture("a")), BELOW[way])
    story = parse_bytes(word(*body, a=drawn((2000, 1500))), ".docx")
    assert story.paragraphs == (P1, P2)
    assert CAPTION in story.picture_caption
    assert captions(story) == [story.picture_caption]
    assert (story.enclosed.width, story.enclosed.height) == (1024, 768)
    assert set(story.enclosed.sizes) == {"large", "card", "cover"}
    large = Image.open(io.BytesIO(story.enclosed.sizes["large"]))
    assert (large.format, large.size) == ("JPEG", (1024, 768))


def test_a_sentence_below_a_picture_is_text():
    body = news(
        paragraph(picture("a")), paragraph(run("Bà con rất phấn khởi hôm nay."))
    )
    story = parse_bytes(word(*body, a=drawn()), ".docx")
    assert story.paragraphs == (P1, "Bà con rất phấn khởi hôm nay.", P2)
    assert story.enclosed is not None
    assert (story.picture_caption, captions(story)) == ("", [])


def test_a_sign_above_the_title_takes_neither_its_place_nor_the_title():
    body = (paragraph(picture("sign")), centred("Họp dân thôn"), paragraph(run(P1)))
    pictures = {"sign": drawn(colour="#a00"), "a": drawn(colour="#0a0")}
    story = parse_bytes(word(*body, paragraph(picture("a")), **pictures), ".docx")
    assert (story.title, story.paragraphs) == ("Họp dân thôn", (P1,))
    shown = Image.open(io.BytesIO(story.enclosed.sizes["large"])).getpixel((9, 9))
    assert shown[1] > shown[0]


LARGE = drawn()
NONE = {
    "a small one": {"a": drawn((90, 90))},
    "no picture at all": {"a": b"\x01\0\0\0 EMF"},
    "a broken one": {"a": LARGE[:300]},
    "larger than a telephone takes": {"a": LARGE + random.Random(1).randbytes(9 << 20)},
    "elsewhere": {},
}


@pytest.mark.parametrize("kind", NONE)
def test_a_picture_that_is_not_kept_costs_nothing_of_the_text(kind):
    body = news(paragraph(picture("a" if NONE[kind] else "far")), BELOW["slanted"])
    where = "" if NONE[kind] else "file:///etc/passwd"
    story = parse_bytes(word(*body, outside=where, **NONE[kind]), ".docx")
    assert story.paragraphs == (P1, P2)
    assert story.enclosed is None
    assert captions(story) == [CAPTION]


def test_the_first_large_one_of_many_is_kept():
    places = [paragraph(picture(name)) for name in ("sign", "a", "b")]
    pictures = {"sign": drawn((40, 40)), "a": LARGE, "b": drawn((300, 300))}
    story = parse_bytes(word(*news(*places), **pictures), ".docx")
    assert (story.enclosed.width, story.enclosed.height) == (640, 480)
    # One file, named again and again, is read no oftener than twenty times.
    places = [paragraph(picture("a"))] * 500
    assert parse_bytes(word(*news(*places), a=LARGE), ".docx").paragraphs == (P1, P2)


def test_a_sender_s_own_picture_counts_more_and_has_no_other_s_caption():
    body = news(paragraph(picture("a")), BELOW["slanted"])
    given = Given(picture="https://xa.example/a.jpg")
    story = parse_bytes(word(*body, a=LARGE), ".docx", given)
    assert (story.enclosed, story.picture_caption) == (None, "")
    assert story.picture == "https://xa.example/a.jpg"


def test_a_word_file_s_notes_are_listed_and_not_read():
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    note = paragraph(run("Theo báo cáo của xã."))
    names = f'xmlns:w="{MAIN}/wordprocessingml/2006/main"'
    data = io.BytesIO(
        word(*news(paragraph(run("Đường dài 2 km"), reference, run("."))))
    )
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr(
            "word/footnotes.xml",
            f'<w:footnotes {names}><w:footnote w:id="2">{note}</w:footnote></w:footnotes>',
        )
    story = parse_bytes(data.getvalue(), ".docx")
    assert story.paragraphs == (P1, "Đường dài 2 km.", P2)
    assert [line.text for line in story.left_out] == ["Theo báo cáo của xã."]


OASIS = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    f'xmlns:{short}="{OASIS}:{name}:1.0"'
    for short, name in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "svg": "svg-compatible",
        "fo": "xsl-fo-compatible",
    }.items()
)
STYLES = (
    '<style:style style:name="P3" style:family="paragraph">'
    '<style:paragraph-properties fo:text-align="center"/></style:style>'
    '<style:style style:name="fr1" style:parent-style-name="Illustration"/>'
)
IMAGE = (
    '<draw:frame><draw:image xlink:href="Pictures/a.jpg" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"/>'
    "<svg:title>một ảnh</svg:title><svg:desc>mô tả của máy</svg:desc></draw:frame>"
)


def opendocument(*body, picture=LARGE):
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{STYLES}"
        f"</office:automatic-styles><office:body><office:text>{''.join(body)}"
        "</office:text></office:body></office:document-content>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
        archive.writestr("Pictures/a.jpg", picture)
    return data.getvalue()


def p(text, style="P1"):
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def box(text, style="P1"):
    return f"<draw:frame><draw:text-box>{p(text, style)}</draw:text-box></draw:frame>"


def row(*cells):
    inside = "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in cells)
    return f"<table:table><table:table-row>{inside}</table:table-row></table:table>"


OPEN = {
    "in a box of its own": (p(box(IMAGE + CAPTION, "fr1")),),
    "in the middle below it": (p(IMAGE), p(CAPTION, "P3")),
    "by its looks alone": (p(IMAGE), p(CAPTION)),
    "in a table": (row(p(IMAGE) + p(CAPTION, "P3")),),
}


@pytest.mark.parametrize("way", OPEN)
def test_an_opendocument_s_picture_is_kept_with_its_caption(way):
    file = opendocument(p("Họp dân thôn"), p(P1), *OPEN[way], p(P2))
    story = parse_bytes(file, ".odt")
    assert (story.title, story.paragraphs) == ("Họp dân thôn", (P1, P2))
    assert (story.picture_caption, captions(story)) == (CAPTION, [CAPTION])
    assert story.enclosed.width == 640


def test_boxes_comments_notes_and_tables_of_an_opendocument_are_read_once_or_listed():
    comment = f"<office:annotation>{p('Xem lại câu này nhé')}</office:annotation>"
    body = f"<text:note-body>{p('Theo xã.')}</text:note-body>"
    note = f"<text:note><text:note-citation>1</text:note-citation>{body}</text:note>"
    outer = row(p("Lịch họp các thôn như sau:") + row(p("Nà Hin"), p("8 giờ")))
    first = p(f"{P1}{box('Mời bà con đến dự.')}{comment}{note}")
    file = opendocument(p("Họp dân thôn"), first, outer, p(P2))
    story = parse_bytes(file, ".odt")
    assert story.paragraphs == (
        P1,
        "Mời bà con đến dự.",
        "Lịch họp các thôn như sau:",
        "Nà Hin; 8 giờ.",
        P2,
    )
    assert [line.text for line in story.left_out] == ["Theo xã."]


def test_a_bomb_of_pixels_within_a_document_is_none():
    story = parse_bytes(
        opendocument(p("Họp dân thôn"), p(P1), p(IMAGE), p(P2), picture=bomb()), ".odt"
    )
    assert (story.enclosed, story.paragraphs) == (None, (P1, P2))
