"""MP3 by the frame: frames that stand alone are cut and joined without decoding, under a header of our own.

A frame stands alone when its encoder keeps no bit reservoir (ffmpeg's `-reservoir 0`): nothing it needs lies in a
frame before it. Layout after ISO 11172-3/13818-3; the header frame after the Xing and LAME tag descriptions.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

RATES = {
    3: (44_100, 48_000, 32_000),
    2: (22_050, 24_000, 16_000),
}  # by version bits: MPEG-1, MPEG-2
KBPS = {
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
ENCODER_DELAY = 576  # samples that LAME's transform puts before the first one
DECODER_DELAY = 529  # and what every decoder adds
FRAMES_FLAG, BYTES_FLAG = 1, 2


class Mp3Error(ValueError):
    """The bytes are no MP3 of whole, independent frames."""


class TornError(Mp3Error):
    """The bytes end in the middle of a frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a frame lies, and what its header says. `samples` it decodes to."""

    start: int
    end: int
    header: bytes
    rate: int
    samples: int
    side: int  # bytes between header and main data
    borrows: bool  # from the frames before it


def frames(data: bytes) -> Iterator[Frame]:
    """Every frame of a layer III stream, in order, without a Xing or Info header; an ID3v2 tag is skipped."""
    at, first = id3_size(data), True
    while at + 4 <= len(data):
        frame = _frame(data, at)
        if not (first and _info_at(data, frame) is not None):
            yield frame
        at, first = frame.end, False


def torn(data: bytes) -> bool:
    """Whether the bytes end in the middle of a frame; what is no MP3 that we know is for a decoder to judge."""
    try:
        for _ in frames(data):
            pass
    except Mp3Error as error:
        return isinstance(error, TornError)
    return False


def id3_size(data: bytes) -> int:
    """Bytes of the ID3v2 tag at the beginning; 0 without one."""
    if not data.startswith(b"ID3"):
        return 0
    return 10 + sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))


def length(data: bytes) -> float:
    """The seconds that a file's own header frame tells players; −1 without one."""
    at = id3_size(data)
    if at + 4 > len(data):
        return -1.0
    frame = _frame(data, at)
    found = _info_at(data, frame)
    if found is None:
        return -1.0
    flags, count = (int.from_bytes(data[found + at : found + at + 4], "big") for at in (4, 8))
    delays = found + 8 + 4 * bin(flags & 0b1011).count("1") + (100 if flags & 4 else 0) + 21
    skipped = int.from_bytes(
        data[delays : delays + 3], "big"
    )  # 12 bits of delay, 12 bits of padding
    return (count * frame.samples - (skipped >> 12) - (skipped & 0xFFF)) / frame.rate


def header(first: bytes, count: int, size: int, padding: int) -> bytes:
    """The header frame of a file of `count` frames of constant bit rate, `size` bytes, that begins with `first`.

    It is as long as the others: players made for constant frames find nothing else. `padding` is the samples after
    the sound's last one.
    """
    like = _frame(first, 0)
    head = bytes((*like.header[:2], like.header[2] & ~2, like.header[3]))  # without a padding byte
    frame = bytearray(head + bytes(_frame(head, 0, cut=True).end - 4))
    at = 4 + like.side
    tag = b"Info" + struct.pack(">III", FRAMES_FLAG | BYTES_FLAG, count, size + len(frame))
    tag += b"LAME3.100" + bytes(
        12
    )  # players believe delays only under this name; peak and gains are not told
    tag += (ENCODER_DELAY << 12 | min(padding, 0xFFF)).to_bytes(3, "big") + bytes(4)
    tag += struct.pack(">I", size + len(frame)) + bytes(2)
    frame[at : at + len(tag)] = tag
    frame[at + len(tag) : at + len(tag) + 2] = _crc16(bytes(frame[: at + len(tag)])).to_bytes(
        2, "big"
    )
    return bytes(frame)


def _frame(data: bytes, at: int, *, cut: bool = False) -> Frame:
    header = data[at : at + 4]
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    index, rate_index, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if (
        header[0] != 0xFF
        or header[1] < 0xE0
        or version not in RATES
        or layer != 1
        or not 0 < index < 15
    ):
        raise Mp3Error(f"no frame of layer III at byte {at}")
    if rate_index == 3:
        raise Mp3Error(f"no rate at byte {at}")
    rate, mono = RATES[version][rate_index], header[3] >> 6 == 3
    samples = 1152 if version == 3 else 576
    side = (17 if mono else 32) if version == 3 else (9 if mono else 17)
    side += 0 if header[1] & 1 else 2
    end = at + samples // 8 * KBPS[version][index - 1] * 1000 // rate + padding
    if end > len(data) and not cut:
        raise TornError(f"the frame at byte {at} is torn")
    main = at + 4 + (0 if header[1] & 1 else 2)
    begin = data[main : main + 2]
    borrows = bool(begin) and (begin[0] != 0 or (version == 3 and bool(begin[1] & 0x80)))
    return Frame(at, end, header, rate, samples, side, borrows)


def _info_at(data: bytes, frame: Frame) -> int | None:
    at = frame.start + 4 + frame.side
    return at if data[at : at + 4] in (b"Info", b"Xing") else None


def _crc16(data: bytes) -> int:
    """CRC-16 (0x8005, reflected), as the LAME tag ends with."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
