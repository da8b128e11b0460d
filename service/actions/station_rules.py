"""A station's rules are kept when bulletins can be made by them."""

from service.actions.planning import refuse_wordy
from service.newsroom import Newsroom
from service.newsroom.values import Station


def checked_station(newsroom: Newsroom, station: Station) -> Station:
    """The station as it would be kept; Invalid names the field at fault."""
    station = newsroom.stations.checked(station)
    refuse_wordy(station)
    return station


def put_station(newsroom: Newsroom, station: Station, who: str) -> Station:
    """Makes or replaces a station; Invalid names the field at fault and nothing changes."""
    return newsroom.stations.put(checked_station(newsroom, station), who)
