"""How busy the machine is with other work, and what it is."""

import os
import platform
import time


def busyness(look_s: float = 0.5) -> float:
    """How much of a processor's time others take while one thread of ours wants all of it,
    in percent.
    """
    began, used = time.perf_counter(), time.process_time()
    while (passed := time.perf_counter() - began) < look_s:
        pass
    return max(0.0, 100 * (1 - (time.process_time() - used) / passed))


def machine() -> str:
    """Processors and system, and which Python."""
    cores = os.cpu_count() or 1
    python = platform.python_version()
    return f"{cores} processors, {platform.system()}, Python {python}"
