"""Bytes from outside become a Story: news without the page it stood on."""

from service.intake.fetch import fetch
from service.intake.parse import FORMATS, LARGEST_BYTES, Given, decode, paragraphs_of, parse, when
from service.intake.source import open_source
from service.intake.story import Rejected, Story

__all__ = [
    "FORMATS",
    "LARGEST_BYTES",
    "Given",
    "Rejected",
    "Story",
    "decode",
    "fetch",
    "open_source",
    "paragraphs_of",
    "parse",
    "when",
]
