"""What goes between us and a child: frames of u32 length + JSON, then u32 length + bytes."""

import json
import struct
from typing import IO, Any

LARGEST_ANSWER_BYTES = 8 * 1024 * 1024
LENGTHS = struct.Struct("<II")


def write(pipe: IO[bytes], message: dict[str, Any], data: bytes = b"") -> None:
    """One frame. OSError when the other side is gone."""
    head = json.dumps(message).encode()
    pipe.write(LENGTHS.pack(len(head), len(data)) + head + data)
    pipe.flush()


def read(pipe: IO[bytes], largest: int) -> tuple[dict[str, Any], bytes]:
    """One frame; EOFError when the other side is gone, ValueError when it says too much."""
    head, data = LENGTHS.unpack(_exactly(pipe, LENGTHS.size))
    if head + data > largest:
        raise ValueError(f"a frame of {head + data} bytes")
    message = json.loads(_exactly(pipe, head))
    if not isinstance(message, dict):
        raise ValueError("a frame that is no object")
    return message, _exactly(pipe, data)


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) != count:
        raise EOFError
    return data
