"""Programs of many threads, each kept on one processor.

ffmpeg's threads (nine, where an encoder is heard as it writes) hand each frame of 20 to 26 ms on to
one another. Spread over processors, each hand wakes another one up, which costs as much as the work
of the lighter threads. On one processor, where who is woken waits for its turn (SCHED_BATCH), they
take what has gathered: a seventh of the processor's time less, and two lanes share two processors.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

# Which of the fields of /proc/PID/stat after the program's name tells its processor (proc(5)).
PROCESSOR = 36


class Processors:
    """Which processors the programs of this process are on."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._programs = Counter[int]()

    @contextmanager
    def one_for(self, pid: int) -> Iterator[None]:
        """Keeps a program that has just begun on one processor.

        It is one that has the fewest of ours; of several, that on which the kernel began it.
        Nothing happens where a system has no such calls or forbids them: it is thrift, no duty.
        """
        if not hasattr(os, "sched_setaffinity"):
            yield
            return
        processor = self._taken(pid)
        try:
            with suppress(OSError):
                os.sched_setaffinity(pid, {processor})
                os.sched_setscheduler(pid, os.SCHED_BATCH, os.sched_param(0))
            yield
        finally:
            with self._lock:
                self._programs[processor] -= 1

    def _taken(self, pid: int) -> int:
        began = _processor_of(pid)
        with self._lock:
            processor = min(
                os.sched_getaffinity(0),
                key=lambda each: (self._programs[each], each != began),
            )
            self._programs[processor] += 1
        return processor


def _processor_of(pid: int) -> int | None:
    """The one that a program runs on just now; None when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    return int(fields.rpartition(")")[2].split()[PROCESSOR])
