"""Every master's bytes beside its row: what is not as it was made is made again."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from service.newsroom import Newsroom
from service.newsroom.store.files import FilesError
from service.newsroom.values import KeptMaster


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A file that is not what its row says, and whether it is made again now."""

    master: KeptMaster
    fault: str
    again: bool


def spoilt_masters(newsroom: Newsroom) -> Iterator[Spoilt | None]:
    """For each file of a version that somebody may ask for:
    None when it is well, else what is wrong.

    A version's files are made again together, by a job of the line.
    """
    for master in newsroom.masters.kept():
        fault = fault_of(newsroom, master)
        if not fault:
            yield None
            continue
        again = newsroom.masters.make_again(master.episode_id, master.version)
        yield Spoilt(master, fault, again)


def fault_of(newsroom: Newsroom, master: KeptMaster) -> str:
    """What is wrong with a file in the store; "" when its bytes are those that were made."""
    digest, size = hashlib.sha256(), 0
    try:
        for block in newsroom.files.stream(master.key, 0, master.bytes):
            digest.update(block)
            size += len(block)
    except FilesError as error:
        return str(error)
    if size != master.bytes or digest.hexdigest() != master.sha256:
        return f"{master.key} has other bytes than were made"
    return ""
