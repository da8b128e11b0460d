"""Natural voices that can be added: which files make each,
where these come from, and which of them are here.
"""

from audio.catalogue.fetch import (
    CutOff,
    Download,
    FetchError,
    NoRoom,
    Stick,
    Supply,
    WrongFile,
    bring,
)
from audio.catalogue.offers import (
    CATALOGUE,
    CatalogueError,
    NaturalVoice,
    VoiceFile,
    read_catalogue,
)
from audio.catalogue.shelf import VoiceShelf

__all__ = [
    "CATALOGUE",
    "CatalogueError",
    "CutOff",
    "Download",
    "FetchError",
    "NaturalVoice",
    "NoRoom",
    "Stick",
    "Supply",
    "VoiceFile",
    "VoiceShelf",
    "WrongFile",
    "bring",
    "read_catalogue",
]
