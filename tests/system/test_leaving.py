"""How a process that serves ends: none of its threads can keep it."""

import subprocess
import sys

import pytest

from tests.system.servers import HANGS_AFTER_S

# Python waits at its end for the threads of every pool; this one's never comes back.
WITH_A_THREAD_THAT_HANGS = """
import atexit
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from loa.leaving import leave, leave_within
ThreadPoolExecutor(1).submit(Event().wait)
atexit.register(print, "put away")
"""


@pytest.mark.parametrize(
    ("end", "said"), [("leave()", "put away\n"), ("leave_within(0.1)", "")]
)
def test_a_thread_that_hangs_does_not_keep_a_process(end, said):
    ended = subprocess.run(
        [sys.executable, "-c", f"{WITH_A_THREAD_THAT_HANGS}{end}"],
        capture_output=True,
        text=True,
        timeout=HANGS_AFTER_S,
        check=False,
    )
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", said)
