"""Files to send: sound and what pretends to be sound, documents, tables, archives."""

import gzip
import io
import struct
import tarfile
import wave
import zipfile
from random import Random

from tests.fuzz.words import ORDINARY, nasty

ESCAPES = (
    "../out.txt",
    "/tmp/loa-fuzz-out.txt",
    "a/../../out.txt",
    "..\\out.txt",
    "C:/out.txt",
)
PLANTED = (
    "sitecustomize.py",
    ".bashrc",
    "first-login.txt",
    "loa.db",
    "files/x",
    "loa.db-wal",
)
LARGE_CELL = 140_000  # characters; Python's own reader takes 131,072
NAMES = (
    "thu.wav",
    "x.html",
    "x.js",
    "",
    "..",
    "a" * 300 + ".mp3",
    "\u202egpj.wav",
    "con.mp3",
)


def name_of_file(random: Random) -> str:
    """A name that a file comes with."""
    return random.choice(NAMES)


def sound(random: Random) -> bytes:
    """A recording, short and right at times; else cut, bent, or another thing."""
    whole = _wave(random)
    match random.randrange(8):
        case 0:
            return whole[: random.randrange(len(whole))]
        case 1:
            at = random.randrange(44)
            return whole[:at] + random.randbytes(4) + whole[at + 4 :]
        case 2:
            return b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + random.randbytes(500)
        case 3:
            return b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
        case 4:
            return b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
        case 5:
            return random.randbytes(2000)
        case 6:
            return b"ffconcat version 1.0\nfile /etc/passwd\n"
        case _:
            return whole


def document(random: Random) -> bytes:
    """What somebody saves and drops on the form: text, page, table, letter, or nothing of it."""
    text = "\n".join(random.choices(ORDINARY, k=6))
    match random.randrange(9):
        case 0:
            return text.encode("utf-16")
        case 1:
            return f"<html><title>{text[:40]}</title><p>{text}</p></html>".encode()
        case 2:
            return b"%PDF-1.7\n" + random.randbytes(300)
        case 3:
            return b"{\\rtf1\\ansi " + b"{" * 2000 + text.encode()
        case 4:
            return _zip({"word/document.xml": f"<w:p>{text}</w:p>".encode()})
        case 5:
            return _zip({"word/document.xml": b"a" * 3_000_000})
        case 6:
            return text.encode("cp1258", "replace")
        case 7:
            return nasty(random).encode("utf-8", "replace")
        case _:
            return text.encode()


def terms(random: Random) -> bytes:
    """A dictionary as a table: right, or with lines at fault."""
    columns = ["written", "spoken", "station", "match_case", "note"]
    rows = [[f"TỪ{n}", "từ", "", "yes", ""] for n in range(random.randint(0, 30))]
    return table(random, columns, rows, "\t")


def stations(random: Random) -> bytes:
    """A sheet of stations as a table: right, or with lines at fault."""
    columns = ["Mã", "Tên đài", "Địa bàn", "Giờ phát", "Duyệt", "Như đài"]
    rows = [
        [f"dai-bang-{n}", "Đài thử", "Xã thử", "05:00 (15)", "", ""]
        for n in range(random.randint(0, 8))
    ]
    return table(random, columns, rows, random.choice(",;\t"))


def table(
    random: Random, columns: list[str], rows: list[list[str]], delimiter: str
) -> bytes:
    """Rows under their titles, of which some cells, lines or the whole are not as they should be:
    cells that no reader takes, open quotation marks, ends of lines of old systems.
    """
    lines = [columns, *rows]
    for cells in lines:
        if random.random() < 0.3:
            cells[random.randrange(len(cells))] = random.choice(
                (nasty(random), "=1+1", '"', "\0", "x" * LARGE_CELL)
            )
    if random.random() < 0.2:
        lines[0] = [nasty(random)]
    kept = (random.choice((1, 2, 9, 9, 9)) for _ in lines)
    text = random.choice(("\n", "\n", "\r\n", "\r")).join(
        delimiter.join(cells[:most]) for cells, most in zip(lines, kept, strict=True)
    )
    code = random.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16"))
    return text.encode(code, "replace")


def archive(random: Random) -> bytes:
    """A backup that is none: members that climb out, link, or lie about what they are; or no
    archive.
    """
    match random.randrange(6):
        case 0:
            return random.randbytes(500)
        case 1:
            return gzip.compress(b"\0" * 5_000_000)
        case 2:
            return _zip({"loa.db": b"x"})
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        if random.random() < 0.8:
            _add(
                tar,
                "loa.db",
                random.choice((b"", b"SQLite format 3\0", random.randbytes(900))),
            )
        for _ in range(random.randint(0, 4)):
            _add(tar, random.choice(ESCAPES + PLANTED), b"planted")
        if random.random() < 0.4:
            link = tarfile.TarInfo("files/masters")
            link.type = random.choice(
                (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE)
            )
            link.linkname = random.choice(("/etc", "../..", "loa.db"))
            tar.addfile(link)
    whole = out.getvalue()
    return whole if random.random() < 0.8 else whole[: len(whole) // 2]


def _wave(random: Random) -> bytes:
    rate, channels = random.choice(((24000, 1), (8000, 2), (48000, 2), (1, 1)))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        loud = [random.randint(-5000, 5000) for _ in range(4800)]
        file.writeframes(struct.pack(f"<{len(loud)}h", *loud))
    return out.getvalue()


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return out.getvalue()


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    member.mode = 0o4755
    tar.addfile(member, io.BytesIO(data))
