"""Commits of a change: a subject of at most 72 characters, and a body that says why (`make check`).

Only what is not on main yet is looked at; without git, without a main, or on main itself there is
nothing to see.

    python tools/commits.py [BASE]   commits after BASE (default: where this branch left origin/main or main)
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SUBJECT = 72
MAINS = ("origin/main", "main")
# Between commits, and between a commit's name and its message: neither stands in a message.
NEXT, FIELD = "\x1e", "\x1f"


def main(arguments: list[str]) -> int:
    """Prints what is wrong with a commit's message; the exit status."""
    base = arguments[0] if arguments else where_it_left()
    commits = list(after(base)) if base else []
    complaints = [
        f"{name}: {fault}" for name, message in commits for fault in faults(message)
    ]
    print(*complaints, sep="\n", end="\n" if complaints else "")
    print(f"commits: {len(commits)} of this change")
    return 1 if complaints else 0


def faults(message: str) -> Iterator[str]:
    """What a message lacks, a sentence each."""
    subject, _, rest = message.strip().partition("\n")
    if len(subject) > LONGEST_SUBJECT:
        yield f"the subject has {len(subject)} characters, at most {LONGEST_SUBJECT}: {subject}"
    if subject.endswith("."):
        yield f"a subject ends without a full stop: {subject}"
    if rest and not rest.startswith("\n"):
        yield f"an empty line stands between subject and body: {subject}"
    if not rest.strip():
        yield f"the body is missing, which says why: {subject}"


def where_it_left() -> str:
    """The newest commit that main has too; "" when there is no main, or no git."""
    for name in MAINS:
        base = git("merge-base", "HEAD", name)
        if base:
            return base
    return ""


def after(base: str) -> Iterator[tuple[str, str]]:
    """Short name and message of each commit since, merges aside; newest first."""
    log = git("log", "--no-merges", f"--format=%h{FIELD}%B{NEXT}", f"{base}..HEAD")
    for entry in log.split(NEXT):
        name, _, message = entry.strip().partition(FIELD)
        if name:
            yield name, message


def git(*arguments: str) -> str:
    """What git answers; "" when it cannot."""
    command = ["git", "-C", str(ROOT), *arguments]
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
