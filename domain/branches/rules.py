"""Pure rules of branches: which clocks there are, and which days their books are open for."""

from datetime import date
from zoneinfo import ZoneInfo

from domain.branches.errors import BooksClosed


def is_time_zone(name: str) -> bool:
    """Whether the name is a time zone of the IANA database, such as Europe/Lisbon."""
    try:
        return ZoneInfo(name).key == name
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, or a directory of names
        return False


def refuse_closed_books(day: date, open_from: date | None, *path: str) -> None:
    """Refuse a day that somebody names and whose books are closed; `open_from` is None as long as none ever were."""
    if open_from is not None and day < open_from:
        raise BooksClosed(day, open_from, *path)
