"""What somebody crossed out is never read, and always listed: on pages, in tables, in every kind of
document.
"""

import io
import zipfile

import pytest

from service.intake import Why, parse
from service.intake.source import parse_bytes

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
STYLES = (
    f'<w:styles {W}><w:style w:type="character" w:styleId="Bo"><w:name w:val="Bo"/>'
    "<w:rPr><w:dstrike/></w:rPr></w:style></w:styles>"
)


def run(text, marks="", tag="t"):
    return f'<w:r><w:rPr>{marks}</w:rPr><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def paragraph(*runs):
    return f"<w:p>{''.join(runs)}</w:p>"


def docx(*body):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS)
        whole = f"<w:document {W}><w:body>{''.join(body)}</w:body></w:document>"
        archive.writestr("word/document.xml", whole)
        archive.writestr("word/styles.xml", STYLES)
    return data.getvalue()


def crossed(story):
    return [line.text for line in story.left_out if line.why is Why.CROSSED_OUT]


TITLE = paragraph(run("Họp dân thôn"))
WAYS = {
    "strike": run("25 ", "<w:strike/>"),
    "dstrike": run("25 ", "<w:dstrike/>"),
    "strike, spelt out": run("25 ", '<w:strike w:val="true"/>'),
    "by a style": run("25 ", '<w:rStyle w:val="Bo"/>'),
    "tracked deletion": f'<w:del w:id="1" w:author="a">{run("25 ", tag="delText")}</w:del>',
    "moved away": f'<w:moveFrom w:id="1" w:author="a">{run("25 ")}</w:moveFrom>',
}


@pytest.mark.parametrize("way", WAYS)
def test_in_a_word_file(way):
    line = paragraph(run("Ngày "), WAYS[way], run("26 tháng 11 họp thôn."))
    story = parse_bytes(docx(TITLE, line), ".docx")
    assert story.paragraphs == ("Ngày 26 tháng 11 họp thôn.",)
    assert crossed(story) == ["25"]


@pytest.mark.parametrize(
    "kept",
    [
        run("26 ", '<w:strike w:val="0"/>'),
        run("26 ", '<w:dstrike w:val="false"/>'),
        run("26 ", '<w:rStyle w:val="Bo"/><w:dstrike w:val="0"/>'),
        f'<w:ins w:id="1" w:author="a">{run("26 ")}</w:ins>',
        f'<w:moveTo w:id="1" w:author="a">{run("26 ")}</w:moveTo>',
    ],
)
def test_what_is_not_crossed_out_in_a_word_file_is_read(kept):
    line = paragraph(run("Ngày "), kept, run("tháng 11 họp thôn."))
    story = parse_bytes(docx(TITLE, line), ".docx")
    assert story.paragraphs == ("Ngày 26 tháng 11 họp thôn.",)
    assert crossed(story) == []


def cells(*texts, deleted=False):
    mark = '<w:trPr><w:del w:id="9" w:author="a"/></w:trPr>' if deleted else ""
    return f"<w:tr>{mark}{''.join(f'<w:tc>{paragraph(text)}</w:tc>' for text in texts)}</w:tr>"


def test_in_a_word_file_s_table():
    table = (
        "<w:tbl>"
        + cells(run("Thôn"), run("Giờ"))
        + cells(run("Nà Hin"), run("7 giờ", "<w:strike/>") + run(" 8 giờ"))
        + cells(run("Nà Lốc"), run("9 giờ"), deleted=True)
        + "</w:tbl>"
    )
    story = parse_bytes(
        docx(TITLE, paragraph(run("Xã họp theo lịch.")), table), ".docx"
    )
    assert story.paragraphs == ("Xã họp theo lịch.", "Thôn; Giờ.", "Nà Hin; 8 giờ.")
    assert crossed(story) == ["7 giờ", "Nà Lốc", "9 giờ"]


PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
    'wordprocessingDrawing"><wp:docPr id="1" name="anh" descr=""/><a:graphic xmlns:a="http://'
    'schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://'
    'schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip xmlns:r="http://'
    'schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="rId9"/></pic:blipFill>'
    "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
)


def test_a_caption_of_a_word_file_is_listed():
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId9" Target="media/a.png" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/image"/></Relationships>'
    )
    whole = docx(
        TITLE,
        paragraph(run("Xã họp theo lịch.")),
        PICTURE,
        paragraph(run("Toàn cảnh buổi họp", "<w:i/>")),
    )
    data = io.BytesIO(whole)
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("word/_rels/document.xml.rels", relations)
        archive.writestr("word/media/a.png", b"\x89PNG")
    story = parse_bytes(data.getvalue(), ".docx")
    assert story.paragraphs == ("Xã họp theo lịch.",)
    assert [(line.text, line.why) for line in story.left_out] == [
        ("Toàn cảnh buổi họp", Why.CAPTION)
    ]


def test_in_an_opendocument():
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    content = (
        f"<office:document-content {names}><office:automatic-styles>"
        '<style:style style:name="T1"><style:text-properties style:text-line-through-style="solid"/>'
        '</style:style><style:style style:name="T2"><style:text-properties '
        'style:text-line-through-style="none"/></style:style></office:automatic-styles>'
        "<office:body><office:text><text:tracked-changes><text:changed-region><text:deletion>"
        "<text:p>Mời bà con ở lại ăn cơm.</text:p></text:deletion></text:changed-region>"
        "</text:tracked-changes><text:p>Họp dân thôn</text:p><text:p>Ngày "
        '<text:span text:style-name="T1">25</text:span> <text:span text:style-name="T2">26</text:span>'
        " tháng 11 họp thôn.</text:p></office:text></office:body></office:document-content>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
    story = parse_bytes(data.getvalue(), ".odt")
    assert story.paragraphs == ("Ngày 26 tháng 11 họp thôn.",)
    assert crossed(story) == ["Mời bà con ở lại ăn cơm.", "25"]


@pytest.mark.parametrize(
    "struck",
    [
        rb"{\strike 25 }26",
        rb"\strike 25 \strike0 26",
        rb"{\b\striked1 25 }26",
        rb"\strike 25 \plain 26",
        rb"{\deleted\revauthdel1 25 }26",
        rb"{{\strike 2{\b 5} }}26",
    ],
)
def test_in_rich_text(struck):
    rtf = rb"{\rtf1\ansi{\stylesheet{\s1\strike Bo;}} Hop thon\par Ngay " + struck
    story = parse_bytes(rtf + rb" thang 11 hop thon.\par}", ".rtf")
    assert story.paragraphs == ("Ngay 26 thang 11 hop thon.",)
    assert crossed(story) == ["25"]


STRUCK = {
    "s": "<s>7 giờ</s> 8 giờ",
    "del": "<del>7 giờ</del> 8 giờ",
    "strike": "<b><strike>7 giờ</strike></b> 8 giờ",
    "style": '<span style="color:red; text-decoration: line-through">7 giờ</span> 8 giờ',
    "paragraph": "<p><s>7 giờ</s></p><p>8 giờ</p>",
    "around a paragraph": "<del><p>7 giờ</p></del><p>8 giờ</p>",
}


@pytest.mark.parametrize("way", STRUCK)
def test_in_a_row_of_a_table(way):
    table = f"<table><tr><th>Thôn</th><th>Giờ</th></tr><tr><td>Nà Hin</td><td>{STRUCK[way]}</td></tr></table>"
    story = parse(f"<h1>Lịch họp</h1><p>Xã họp theo lịch sau.</p>{table}", "html")
    assert story.paragraphs == ("Xã họp theo lịch sau.", "Thôn; Giờ.", "Nà Hin; 8 giờ.")
    assert crossed(story) == ["7 giờ"]


def test_a_row_that_is_crossed_out_whole():
    rows = '<tr><td>Thôn</td><td>Giờ</td></tr><tr style="text-decoration:line-through"><td>A</td><td>7</td></tr>'
    rows += "<tr><td>Nà Hin</td><td>8<sup>2</sup><br>giờ</td></tr>"
    story = parse(
        f"<h1>Lịch</h1><p>Xã họp theo lịch sau.</p><table>{rows}</table>", "html"
    )
    assert story.paragraphs == (
        "Xã họp theo lịch sau.",
        "Thôn; Giờ.",
        "Nà Hin; 8² giờ.",
    )
    assert crossed(story) == ["A", "7"]


def test_a_line_through_by_a_style_on_a_page():
    line = '<p>Ngày <span style="text-decoration-line:line-through">25</span> 26 tháng 11 họp.</p>'
    story = parse(f"<h1>Họp</h1>{line}", "html")
    assert story.paragraphs == ("Ngày 26 tháng 11 họp.",)
    assert crossed(story) == ["25"]
