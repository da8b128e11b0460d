"""Lists of news that portals publish: what stands in them, and how to tell one entry from another.

To add a kind: one file with a `read`, one row in `kinds.py`. Nothing else knows kinds.
"""

from service.intake.listings.entry import Entry, Listing, listing_of_json
from service.intake.listings.kinds import KINDS, Kind, read_listing

__all__ = ["KINDS", "Entry", "Kind", "Listing", "listing_of_json", "read_listing"]
