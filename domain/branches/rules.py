"""Pure rules of branches: which clocks there are."""

from zoneinfo import ZoneInfo


def is_time_zone(name: str) -> bool:
    """Whether the name is a time zone of the IANA database, such as Europe/Lisbon."""
    try:
        return ZoneInfo(name).key == name
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, or a directory of names
        return False
