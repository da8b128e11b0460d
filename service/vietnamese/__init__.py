"""Written Vietnamese becomes what an announcer says,
sentence by sentence, with every change told.
"""

from service.vietnamese.reading import read, reread, say
from service.vietnamese.sentence import Change, Options, Passage, Role, Sentence, Term

__all__ = [
    "Change",
    "Options",
    "Passage",
    "Role",
    "Sentence",
    "Term",
    "read",
    "reread",
    "say",
]
