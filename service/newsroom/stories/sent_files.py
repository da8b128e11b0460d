"""What people send as a recording: whose it is, its digest, and the job that listens to it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.newsroom.errors import Invalid
from service.newsroom.store.tables import JobRow, RecordingRow
from service.newsroom.values import Lane, Step, Use

# Characters of an announcer's name.
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody sent: where it lies for now, what it was called,
    who is heard, and who sent it.
    """

    path: Path
    name: str
    announcer: str
    by: str


def announcer_name(typed: str) -> str:
    """A name as it is kept; Invalid when it is too long."""
    name = " ".join(typed.split())
    if len(name) > LONGEST_NAME:
        raise Invalid(
            f"at most {LONGEST_NAME} characters",
            f"Tên dài tối đa {LONGEST_NAME} ký tự.",
            "announcer",
        )
    return name


def checking_job(row: RecordingRow, now: datetime) -> JobRow:
    """The job that checks a recording; somebody waits at the page for a short one."""
    is_short = row.use in (Use.SENTENCE, Use.CHIME)
    return JobRow(
        step=Step.RECORD,
        recording_id=row.id,
        version=0,
        lane=Lane.FAST if is_short else Lane.SLOW,
        urgency=1,
        created_at=now,
    )


def digest_of_file(path: Path) -> tuple[str, int]:
    """SHA-256 hex and size of a file, read in blocks."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return digest, file.tell()
