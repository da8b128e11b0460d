"""How much a stranger may ask of the front. Seconds and bytes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for every request; the defaults are what an installation runs with."""

    head_s: float = (
        10.0  # for the request line and the headers; so long may a connection be idle
    )
    head_bytes: int = 64 * 1024
    body_s: float = 10.0  # for the whole body ...
    least_rate: int = (
        4096  # ... and a second more for so many bytes: a recording over a poor 3G link
    )
    # An article; what may be larger, the application says
    body_bytes: int = 4 * 1024 * 1024
    kept_in_memory: int = 512 * 1024  # of a body; the rest lies on disk
    stalled_s: float = 120.0  # a reader that takes nothing of what was written to it
    receiving_each: int = (
        64  # unfinished requests of one address: the oldest of more is dropped
    )
    answering_each: int = (
        256  # answers under way to one address: a mobile network shares one
    )
    answering: int = 2000  # to all together

    def body_ends_after(self, received: int) -> float:
        """Seconds after its beginning at which a body of which so much has come must be whole."""
        return self.body_s + received / self.least_rate
