"""The child: reads requests from standard input until it ends, and parses what is foreign.

Run by `pool.py` as a module of its own. Whatever fails here fails for one request.
"""

import sys
from collections.abc import Callable
from typing import IO, Any

from service.intake.apart import frames
from service.intake.codec import refusal
from service.intake.limits import LARGEST_BYTES, LARGEST_DOCUMENT_BYTES
from service.intake.story import Rejected

MOST_MEMORY_BYTES = 1024 * 1024 * 1024
# Letters of a text may take four bytes each; what is asked stands before it.
LARGEST_REQUEST_BYTES = max(4 * LARGEST_BYTES, LARGEST_DOCUMENT_BYTES) + 64 * 1024


def main() -> None:
    """Answers until the pipe ends."""
    # No library may print into our frames
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr
    _limit_memory()
    serve(sys.stdin.buffer, answers)


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answers each request: what a task makes of it, or its refusal."""
    from service.intake.apart.tasks import TASKS

    while True:
        try:
            message, data = frames.read(requests, LARGEST_REQUEST_BYTES)
        except EOFError:
            return
        frames.write(answers, answer(TASKS[message.pop("task")], data, message))


def answer(
    task: Callable[..., dict[str, Any]], data: bytes, options: dict[str, Any]
) -> Any:
    """What a task gives, or why it refused."""
    try:
        return task(data, **options)
    except Rejected as error:
        return refusal(error)


def _limit_memory() -> None:
    """Where the system knows limits.

    Elsewhere the deadline and the size of what comes in are all.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = (
        MOST_MEMORY_BYTES
        if hard == resource.RLIM_INFINITY
        else min(hard, MOST_MEMORY_BYTES)
    )
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
