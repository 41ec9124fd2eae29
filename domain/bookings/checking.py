"""What is checked of visits as they are sent, whoever sends them: how many, how long, when, with what attached."""

from datetime import datetime

from domain.bookings.booked import Attachment
from domain.bookings.rules import Start
from domain.kernel.checks import Checks

MOST_SESSIONS = 100
MOST_DAYS = 3_660
MOST_MINUTES = 1_440
MOST_ATTACHMENTS = 20
EARLIEST_YEAR = 1970


def check_start(checks: Checks, start: Start, latest: datetime, *path: str) -> None:
    """A start that is given in one of the two ways, at a time that calendars and clocks can reckon with."""
    checks.that((start.at is None) != (start.local is None), "Give `at` or `local`.", *path)
    check_time(checks, start.wall, latest, *path)


def check_time(checks: Checks, local: datetime | None, latest: datetime, *path: str) -> None:
    """A time that calendars and clocks can reckon with."""
    if local is not None:
        checks.that(local.year >= EARLIEST_YEAR, f"There were no visits before {EARLIEST_YEAR}.", *path)
        checks.that(local < latest.replace(tzinfo=None), f"Book at most {MOST_DAYS} days ahead.", *path)


def attachments_of(checks: Checks, attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """The attachments without blanks around their parts."""
    checks.that(len(attachments) <= MOST_ATTACHMENTS, f"At most {MOST_ATTACHMENTS} attachments.", "attachments")
    return tuple(
        Attachment(
            each.kind,
            checks.required(each.title, 200, "attachments", str(index), "title"),
            checks.text(each.reference, 500, "attachments", str(index), "reference"),
        )
        for index, each in enumerate(attachments)
    )
