"""Names in addresses, as of stations, groups and topics. Every room may know it."""

import re

LONGEST_SLUG = 60  # characters
SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
_WHOLE = re.compile(SLUG)


def is_slug(text: str) -> bool:
    """Whether something can have that name: where it cannot, nobody need be asked for it."""
    return len(text) <= LONGEST_SLUG and _WHOLE.fullmatch(text) is not None
