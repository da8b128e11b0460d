"""Ogg Opus by the packet: packets are cut out of pages and put into new ones (RFC 3533,
RFC 7845).
"""

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence

# Granules count at this rate, whatever was encoded.
OPUS_RATE = 48_000
# Samples at 48 kHz that libopus puts before the first one.
PRE_SKIP = 312
# Mono, of 24 kHz.
HEAD = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, PRE_SKIP, 24_000, 0, 0)
# A second of sound: seeking is by page.
PACKETS_A_PAGE = 50
# What a page is: its flags.
BEGINS = 2
ENDS = 4
# Fields of a page's head, by their bytes: where the checksum lies, the number of pieces, the
# pieces.
CHECKSUM, COUNT, LACING = 22, 26, 27
# A piece is at most so long; a packet goes on as long as its pieces are full.
FULL_PIECE = 255
MIRROR = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class OggError(ValueError):
    """The bytes are no Ogg Opus."""


def packets(data: bytes) -> Iterator[bytes]:
    """Every packet of a stream, headers first."""
    at = 0
    begun = b""
    while at < len(data):
        if data[at : at + 4] != b"OggS":
            raise OggError(f"no page at byte {at}")
        pieces = at + LACING
        lacing = data[pieces : pieces + data[at + COUNT]]
        at = pieces + len(lacing)
        for size in lacing:
            begun += data[at : at + size]
            at += size
            if size < FULL_PIECE:
                yield begun
                begun = b""


def opus(
    sound: Sequence[bytes], samples: int, frame: int, tags: Mapping[str, str]
) -> bytes:
    """An Ogg Opus file of these packets: `samples` is its length and `frame` a packet's,
    both at 48 kHz.

    What the last packets hold beyond `samples` is cut by players: the last page says where the
    sound ends.
    """
    pages = [
        _page([HEAD], 0, 0, BEGINS),
        _page([_comments(tags)], 0, 1, 0),
    ]
    for start in range(0, len(sound), PACKETS_A_PAGE):
        end = start + PACKETS_A_PAGE
        some = sound[start:end]
        is_last = end >= len(sound)
        granule = PRE_SKIP + samples if is_last else (start + len(some)) * frame
        flags = ENDS if is_last else 0
        pages.append(_page(some, granule, len(pages), flags))
    return b"".join(pages)


def length(data: bytes) -> float:
    """The seconds that an Ogg Opus file's own pages tell players."""
    last = data.rfind(b"OggS")
    head = next(packets(data))
    if last < 0 or not head.startswith(b"OpusHead"):
        raise OggError("no Ogg Opus")
    granule = int.from_bytes(data[last + 6 : last + 14], "little")
    skip = int.from_bytes(head[10:12], "little")
    return (granule - skip) / OPUS_RATE


def _comments(tags: Mapping[str, str]) -> bytes:
    """The tags as a packet: who encoded it, how many there are, and each with its length."""
    comments = [f"{name.upper()}={value}".encode() for name, value in tags.items()]
    count = struct.pack("<I", len(comments))
    sized = [_sized(comment) for comment in comments]
    return b"".join([b"OpusTags", _sized(b"Loa"), count, *sized])


def _sized(field: bytes) -> bytes:
    return struct.pack("<I", len(field)) + field


def _page(some: Sequence[bytes], granule: int, number: int, flags: int) -> bytes:
    """One page of whole packets: at most 255 pieces of 255 bytes,
    which `PACKETS_A_PAGE` keeps far from.
    """
    lacing = b"".join(_lacing(packet) for packet in some)
    if len(lacing) > 255:
        raise OggError("too much for one page")
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, 1, number, 0)
    head += bytes([len(lacing)]) + lacing
    body = b"".join(some)
    # Counted over the page with nothing in its place.
    checksum = struct.pack("<I", _crc32(head + body))
    return head[:CHECKSUM] + checksum + head[CHECKSUM + 4 :] + body


def _lacing(packet: bytes) -> bytes:
    """The sizes of a packet's pieces: full ones, then one that is not."""
    full, rest = divmod(len(packet), FULL_PIECE)
    return bytes([FULL_PIECE] * full + [rest])


def _crc32(data: bytes) -> int:
    """CRC-32 as Ogg wants it (0x04c11db7, not reflected, from 0): zlib's, seen in a mirror."""
    mirrored = data.translate(MIRROR)
    seen = zlib.crc32(mirrored, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{seen:032b}"[::-1], 2)
