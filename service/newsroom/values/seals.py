"""Seals of approvals, as they leave the newsroom."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seal:
    """A signed approval: the text that was signed (JSON), and its signature (base64)."""

    signed: str
    signature: str


@dataclass(frozen=True, slots=True)
class SealFault:
    """An approved version, and what is wrong with its seal; "" for nothing."""

    episode_id: int
    version: int
    fault: str
