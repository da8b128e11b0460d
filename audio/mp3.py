"""MP3 by the frame: frames that stand alone are cut and joined without decoding,
under a header of our own.

A frame stands alone when its encoder keeps no bit reservoir (ffmpeg's `-reservoir 0`): nothing it
needs lies in a frame before it. Layout after ISO 11172-3/13818-3; the header frame after the Xing
and LAME tag descriptions.
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
# Samples that LAME's transform puts before the first one, and what every decoder adds.
ENCODER_DELAY = 576
DECODER_DELAY = 529
# What a Xing header tells: fields of four bytes, and a table of a hundred for seeking.
FRAMES_FLAG, BYTES_FLAG, TABLE_FLAG, QUALITY_FLAG = 1, 2, 4, 8
TABLE_BYTES = 100
# From the beginning of a LAME tag to its delays: twelve bits each.
TO_DELAYS = 21
TWELVE_BITS = 0xFFF
HEADER_BYTES = 4


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
    """Every frame of a layer III stream, in order, without a Xing or Info header.

    An ID3v2 tag is skipped. Mp3Error where there is no frame.
    """
    at = id3_size(data)
    is_first = True
    while at + HEADER_BYTES <= len(data):
        frame = _frame(data, at)
        is_header = is_first and _info_at(data, frame) is not None
        if not is_header:
            yield frame
        at = frame.end
        is_first = False


def torn(data: bytes) -> bool:
    """Whether the bytes end in the middle of a frame.

    What is no MP3 that we know is for a decoder to judge.
    """
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
    # Seven bits in each of four bytes, after a head of ten.
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte
    return 10 + size


def length(data: bytes) -> float:
    """The seconds that a file's own header frame tells players; −1 without one."""
    at = id3_size(data)
    if at + HEADER_BYTES > len(data):
        return -1.0
    frame = _frame(data, at)
    info = _info_at(data, frame)
    if info is None:
        return -1.0
    flags = _number(data, info + 4, 4)
    count = _number(data, info + 8, 4)
    delays = _number(data, info + 8 + _xing_bytes(flags) + TO_DELAYS, 3)
    before = delays >> 12
    after = delays & TWELVE_BITS
    return (count * frame.samples - before - after) / frame.rate


def _xing_bytes(flags: int) -> int:
    """How long the fields are that these flags announce."""
    numbers = flags & (FRAMES_FLAG | BYTES_FLAG | QUALITY_FLAG)
    table = TABLE_BYTES if flags & TABLE_FLAG else 0
    return 4 * numbers.bit_count() + table


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")


def header(first: bytes, count: int, size: int, padding: int) -> bytes:
    """The header frame of a file of `count` frames of constant bit rate,
    `size` bytes, that begins with `first`.

    It is as long as the others: players made for constant frames find nothing else. `padding` is
    the samples after the sound's last one.
    """
    like = _frame(first, 0)
    without_padding = like.header[2] & ~2
    head = bytes((*like.header[:2], without_padding, like.header[3]))
    rest = _frame(head, 0, cut=True).end - len(head)
    frame = bytearray(head + bytes(rest))
    tag = _info_tag(count, size + len(frame), padding)
    at = HEADER_BYTES + like.side
    end = at + len(tag)
    frame[at:end] = tag
    frame[end : end + 2] = _crc16(bytes(frame[:end])).to_bytes(2, "big")
    return bytes(frame)


def _info_tag(count: int, size: int, padding: int) -> bytes:
    """The Info header and the LAME tag but for the checksum:
    `count` frames, `size` bytes in all.
    """
    delays = ENCODER_DELAY << 12 | min(padding, TWELVE_BITS)
    return b"".join(
        (
            b"Info",
            struct.pack(">III", FRAMES_FLAG | BYTES_FLAG, count, size),
            # Players believe delays only under this name.
            b"LAME3.100",
            # Peak and gains are not told.
            bytes(12),
            delays.to_bytes(3, "big"),
            bytes(4),
            struct.pack(">I", size),
            bytes(2),
        )
    )


def _frame(data: bytes, at: int, *, cut: bool = False) -> Frame:
    """The frame at a byte, by its header (ISO/IEC 11172-3, 2.4.2.3); Mp3Error where there is none.

    TornError when the data ends within it, unless it may be `cut`.
    """
    header = data[at : at + HEADER_BYTES]
    if not _begins_layer_three(header):
        raise Mp3Error(f"no frame of layer III at byte {at}")
    version = header[1] >> 3 & 3
    kbps_index = header[2] >> 4
    rate_index = header[2] >> 2 & 3
    if rate_index == RESERVED_RATE:
        raise Mp3Error(f"no rate at byte {at}")
    is_mpeg_1 = version == MPEG_1
    rate = RATES[version][rate_index]
    bits_a_second = KBPS[version][kbps_index - 1] * 1000
    samples = 1152 if is_mpeg_1 else 576
    padding = header[2] >> 1 & 1
    end = at + samples // 8 * bits_a_second // rate + padding
    if end > len(data) and not cut:
        raise TornError(f"the frame at byte {at} is torn")
    is_mono = header[3] >> 6 == MONO
    checksum = 0 if header[1] & NO_CHECKSUM else 2
    borrows = _borrows(data, at + HEADER_BYTES + checksum, is_mpeg_1)
    side = SIDE_BYTES[is_mpeg_1, is_mono] + checksum
    return Frame(at, end, header, rate, samples, side, borrows)


def _begins_layer_three(header: bytes) -> bool:
    """Whether four bytes are the header of a frame of layer III with a bit rate of the table."""
    is_in_step = header[0] == 0xFF and header[1] >= 0xE0
    if not is_in_step:
        return False
    version = header[1] >> 3 & 3
    layer = header[1] >> 1 & 3
    kbps_index = header[2] >> 4
    return version in RATES and layer == LAYER_THREE and 0 < kbps_index < 15


def _borrows(data: bytes, main: int, is_mpeg_1: bool) -> bool:
    """Whether the frame's sound begins in frames before it:
    main_data_begin has nine bits, in MPEG-2 eight.
    """
    begin = data[main : main + 2]
    if not begin:
        return False
    if begin[0]:
        return True
    return is_mpeg_1 and bool(begin[1] & 0x80)


def _info_at(data: bytes, frame: Frame) -> int | None:
    """Where its Xing or Info header begins; None when it is a frame of sound."""
    at = frame.start + HEADER_BYTES + frame.side
    is_header = data[at : at + 4] in (b"Info", b"Xing")
    return at if is_header else None


def _crc16(data: bytes) -> int:
    """CRC-16 (0x8005, reflected), as the LAME tag ends with."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
