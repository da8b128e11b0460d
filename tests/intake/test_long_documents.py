"""Long documents: read in proportion to their length, and to their last page."""

import io
import zipfile
from contextlib import suppress

import pytest
from pypdf import PdfReader, PdfWriter

from service.intake.documents import read_file
from service.intake.story import Rejected
from tests import linear
from tests.intake.test_enclosed import opendocument, p


def pdf(pages):
    """A PDF of pages with a line of ASCII each."""
    streams = [f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode() for text in pages]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        f"<</Type /Pages /Kids [{kids}] /Count {len(pages)}>>".encode(),
        b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    ]
    for n, stream in enumerate(streams):
        objects.append(
            f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {5 + 2 * n} 0 R"
            " /Resources <</Font <</F1 3 0 R>>>>>>".encode()
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    data, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%s\nendobj\n" % (number, body)
    xref = b"".join(b"%010d 00000 n \n" % place for place in places)
    count, begins = len(objects) + 1, len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % count + xref
    data += b"trailer<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, begins)
    return bytes(data)


def test_a_pdf_is_read_to_its_last_page():
    titles = ["Lich hop thon"] + [f"Thon {n} hop luc 8 gio sang." for n in range(1, 90)]
    story = read_file(pdf(titles))
    assert story.paragraphs[-1] == "Thon 89 hop luc 8 gio sang."
    assert len(story.paragraphs) == 89


@pytest.mark.parametrize("case", ["too_long", "locked"])
def test_a_pdf_that_is_not_read_says_why(case):
    data = pdf(["Tin cua xa"] + ["Mua to. " * 700] * (30 if case == "too_long" else 1))
    if case == "locked":
        locked, written = PdfWriter(PdfReader(io.BytesIO(data))), io.BytesIO()
        locked.encrypt("bí mật", algorithm="RC4-128")
        locked.write(written)
        data = written.getvalue()
    with pytest.raises(Rejected) as refused:
        read_file(data)
    assert refused.value.reason == case


def table(rows):
    cells = "".join(
        f"<table:table-cell>{p(text)}</table:table-cell>"
        for text in ("12", "Quàng Văn Bốn", "Thôn Một", "5 khẩu", "hộ nghèo")
    )
    row = f"<table:table-row>{cells}</table:table-row>"
    return f"<table:table>{row * rows}</table:table>"


def one_row(cells):
    cell = f"<table:table-cell>{p('Thôn Một')}</table:table-cell>"
    row = f"<table:table-row>{cell * cells}</table:table-row>"
    return f"<table:table>{row}</table:table>"


def word(body):
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    kinds = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", kinds)
        document = f"<w:document {names}><w:body>{body}</w:body></w:document>"
        archive.writestr("word/document.xml", document)
    return data.getvalue()


def word_row(cells):
    cell = "<w:tc><w:p><w:r><w:t>Bốn</w:t></w:r></w:p></w:tc>"
    return f"<w:tbl><w:tr>{cell * cells}</w:tr></w:tbl>"


TITLE = "Danh sách hộ nhận quà"
WORD_TITLE = f"<w:p><w:r><w:t>{TITLE}</w:t></w:r></w:p>"
RUN = "<w:r><w:t>a </w:t></w:r>"
NOTE = f"a <text:note><text:note-body>{p('Theo xã.')}</text:note-body></text:note>"
# Of so many pieces each: what an office's document is made of, again and again.
LONG = {
    "rows": lambda n: opendocument(p(TITLE), table(n)),
    "cells": lambda n: opendocument(p(TITLE), one_row(n)),
    "notes": lambda n: opendocument(p(TITLE), p(NOTE * n)),
    "word's runs": lambda n: word(f"{WORD_TITLE}<w:p>{RUN * n}</w:p>"),
    "word's cells": lambda n: word(WORD_TITLE + word_row(n)),
}


@pytest.mark.parametrize("piece", LONG)
def test_a_long_document_takes_time_in_proportion(piece):
    def read(text):
        with suppress(Rejected):
            read_file(LONG[piece](len(text)))

    assert linear.grows_in_proportion(read, "." * 1_000)
