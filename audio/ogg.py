"""Ogg Opus by the packet: packets are cut out of pages and put into new ones (RFC 3533, RFC 7845)."""

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence

OPUS_RATE = 48_000  # granules count at this rate, whatever was encoded
PRE_SKIP = 312  # samples at 48 kHz that libopus puts before the first one
HEAD = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, PRE_SKIP, 24_000, 0, 0)  # mono, of 24 kHz
PACKETS_A_PAGE = 50  # a second of sound: seeking is by page
BEGINS, ENDS = 2, 4  # page flags
MIRROR = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class OggError(ValueError):
    """The bytes are no Ogg Opus."""


def packets(data: bytes) -> Iterator[bytes]:
    """Every packet of a stream, headers first."""
    at, begun = 0, b""
    while at < len(data):
        if data[at : at + 4] != b"OggS":
            raise OggError(f"no page at byte {at}")
        lacing = data[at + 27 : at + 27 + data[at + 26]]
        at += 27 + len(lacing)
        for size in lacing:
            begun += data[at : at + size]
            at += size
            if size < 255:
                yield begun
                begun = b""


def opus(sound: Sequence[bytes], samples: int, frame: int, tags: Mapping[str, str]) -> bytes:
    """An Ogg Opus file of these packets: `samples` is its length and `frame` a packet's, both at 48 kHz.

    What the last packets hold beyond `samples` is cut by players: the last page says where the sound ends.
    """
    pages = [_page([HEAD], 0, 0, BEGINS), _page([_comments(tags)], 0, 1, 0)]
    for start in range(0, len(sound), PACKETS_A_PAGE):
        some = sound[start : start + PACKETS_A_PAGE]
        last = start + PACKETS_A_PAGE >= len(sound)
        granule = PRE_SKIP + samples if last else (start + len(some)) * frame
        pages.append(_page(some, granule, len(pages), ENDS if last else 0))
    return b"".join(pages)


def length(data: bytes) -> float:
    """The seconds that an Ogg Opus file's own pages tell players."""
    last = data.rfind(b"OggS")
    head = next(packets(data))
    if last < 0 or not head.startswith(b"OpusHead"):
        raise OggError("no Ogg Opus")
    granule, skip = (
        int.from_bytes(data[last + 6 : last + 14], "little"),
        int.from_bytes(head[10:12], "little"),
    )
    return (granule - skip) / OPUS_RATE


def _comments(tags: Mapping[str, str]) -> bytes:
    listed = [f"{name.upper()}={value}".encode() for name, value in tags.items()]
    fields = [b"Loa", *listed]
    sized = [struct.pack("<I", len(field)) + field for field in fields]
    return b"OpusTags" + sized[0] + struct.pack("<I", len(listed)) + b"".join(sized[1:])


def _page(some: Sequence[bytes], granule: int, number: int, flags: int) -> bytes:
    """One page of whole packets: at most 255 pieces of 255 bytes, which `PACKETS_A_PAGE` keeps far from."""
    lacing = b"".join(bytes([255] * (len(packet) // 255) + [len(packet) % 255]) for packet in some)
    if len(lacing) > 255:
        raise OggError("too much for one page")
    head = (
        struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, 1, number, 0)
        + bytes([len(lacing)])
        + lacing
    )
    body = b"".join(some)
    return head[:22] + struct.pack("<I", _crc32(head + body)) + head[26:] + body


def _crc32(data: bytes) -> int:
    """CRC-32 as Ogg wants it (0x04c11db7, not reflected, from 0): zlib's, seen in a mirror."""
    seen = zlib.crc32(data.translate(MIRROR), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{seen:032b}"[::-1], 2)
