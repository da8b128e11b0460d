"""A platform that is not POSIX, as far as it can be played on one that is.

Python reads a module of this name at every start, so that each process below plays it too. What
Python itself took from the system at its imports it keeps; whoever asks afterwards does not find
it. Of the names with "Availability: Unix" in Python's documentation (unix_only.txt) those stay that
its own modules ask for again and again: SIGKILL, WNOHANG, AF_UNIX, statvfs, uname.
"""

import importlib
import os
import sys
from pathlib import Path

# They choose by what they find at their import.
TAKE_WHAT_THEY_NEED = (
    "asyncio.unix_events",
    "ctypes",
    "logging.handlers",
    "multiprocessing.popen_spawn_posix",
    "multiprocessing.resource_tracker",
    "multiprocessing.util",
    "shutil",
    "signal",
    "socket",
    "subprocess",
    "tempfile",
)
MODULES = ("grp", "pwd", "resource", "syslog", "termios", "tty")

for module in TAKE_WHAT_THEY_NEED:
    importlib.import_module(module)
os.name = "elsewhere"
for row in Path(__file__).with_name("unix_only.txt").read_text().splitlines():
    module, name = row.split()
    if hasattr(sys.modules[module], name):
        delattr(sys.modules[module], name)
for module in MODULES:
    sys.modules[module] = None  # type: ignore[assignment]
