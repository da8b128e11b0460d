"""Letters in the encodings that Vietnamese offices used before Unicode become Unicode,
and are doubted.
"""

from service.intake.encodings.files import Decoded, decode, decoded
from service.intake.encodings.texts import mended

__all__ = ["Decoded", "decode", "decoded", "mended"]
