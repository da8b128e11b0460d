"""The bulletin: when it is broadcast, what goes into it, and the words around its stories. Pure."""

from service.bulletin.fitting import Candidate, Fit, fit
from service.bulletin.hours import Hour, hours, span, turned
from service.bulletin.wording import Words, bed_words, words_for

__all__ = [
    "Candidate",
    "Fit",
    "Hour",
    "Words",
    "bed_words",
    "fit",
    "hours",
    "span",
    "turned",
    "words_for",
]
