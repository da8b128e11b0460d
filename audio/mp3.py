"""MP3 by the frame: frames that stand alone are cut and joined without decoding, under a header of our own.

A frame stands alone when its encoder keeps no bit reservoir (ffmpeg's `-reservoir 0`): nothing it needs lies in a
frame before it. Layout after ISO 11172-3/13818-3; the header frame after the Xing and LAME tag descriptions.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

# Fields of a frame's header, by their bits.
MPEG_1, MPEG_2 = 3, 2
LAYER_THREE = 1
MONO = 3
RESERVED_RATE = 3
NO_CHECKSUM = 1
# Samples a second and kilobits a second, by version and the header's index.
RATES = {
    MPEG_1: (44_100, 48_000, 32_000),
    MPEG_2: (22_050, 24_000, 16_000),
}
KBPS = {
    MPEG_1: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    MPEG_2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
# Bytes of side information, by (is MPEG-1, is mono).
SIDE_BYTES = {(True, True): 17, (True, False): 32, (False, True): 9, (False, False): 17}
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
    """The frame at a byte, by its header (ISO/IEC 11172-3, 2.4.2.3); Mp3Error where there is none.

    TornError when the data ends within it, unless it may be `cut`.
    """
    header = data[at : at + 4]
    version, index, rate_index = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if not _begins_layer_three(header):
        raise Mp3Error(f"no frame of layer III at byte {at}")
    if rate_index == RESERVED_RATE:
        raise Mp3Error(f"no rate at byte {at}")
    is_mpeg_1 = version == MPEG_1
    rate, samples = RATES[version][rate_index], 1152 if is_mpeg_1 else 576
    checksum = 0 if header[1] & NO_CHECKSUM else 2
    padding = header[2] >> 1 & 1
    end = at + samples // 8 * KBPS[version][index - 1] * 1000 // rate + padding
    if end > len(data) and not cut:
        raise TornError(f"the frame at byte {at} is torn")
    is_mono = header[3] >> 6 == MONO
    side = SIDE_BYTES[is_mpeg_1, is_mono] + checksum
    return Frame(at, end, header, rate, samples, side, _borrows(data, at + 4 + checksum, is_mpeg_1))


def _begins_layer_three(header: bytes) -> bool:
    """Whether four bytes are the header of a frame of layer III with a bit rate of the table."""
    is_in_step = header[0] == 0xFF and header[1] >= 0xE0
    version, layer, index = header[1] >> 3 & 3, header[1] >> 1 & 3, header[2] >> 4
    return is_in_step and version in RATES and layer == LAYER_THREE and 0 < index < 15


def _borrows(data: bytes, main: int, is_mpeg_1: bool) -> bool:
    """Whether the frame's sound begins in frames before it: main_data_begin has nine bits, in MPEG-2 eight."""
    begin = data[main : main + 2]
    if not begin:
        return False
    return begin[0] != 0 or (is_mpeg_1 and bool(begin[1] & 0x80))


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
