"""Outages of the house reach the people on duty: one notice each, once it is more than a blip."""

import logging
from datetime import timedelta

from service.newsroom import Newsroom

log = logging.getLogger("loa.outages")

A_BLIP = timedelta(seconds=30)


def tell_outages(newsroom: Newsroom) -> int:
    """Notes what has not worked for longer than a blip; how many outages that are."""
    now = newsroom.database.clock()
    lasting = [each for each in newsroom.house.troubles() if now - each.since >= A_BLIP]
    for outage in lasting:
        newsroom.notices.note_outage(outage)
    return len(lasting)
