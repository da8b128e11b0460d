"""Bytes from outside become a Story: news without the page it stood on."""

from service.intake.encodings import decode
from service.intake.limits import LARGEST_BYTES
from service.intake.parse import FORMATS, paragraphs_of, parse
from service.intake.source import open_source
from service.intake.story import Doubt, Given, LeftOut, Rejected, Story, Why
from service.intake.times import when

__all__ = [
    "FORMATS",
    "LARGEST_BYTES",
    "Doubt",
    "Given",
    "LeftOut",
    "Rejected",
    "Story",
    "Why",
    "decode",
    "open_source",
    "paragraphs_of",
    "parse",
    "when",
]
