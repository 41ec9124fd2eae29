"""What a refund was reckoned from, as it is stored with it: enough to reckon it anew under another policy."""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter

from domain.catalog.terms import Refunding
from domain.kernel.calendar import local_date
from domain.refunds.rules import WEEKEND, Quote, Standing, is_cooling_off, quote


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where the package stood, and what says whether cooling-off lasted: the sale, the moment, the branch's calendar.

    `weekend` numbers days as Python does. Of `holidays` those from the sale to the moment decide, and those are stored.
    """

    standing: Standing
    sold_at: datetime
    at: datetime
    time_zone: str
    holidays: tuple[date, ...] = ()
    weekend: tuple[int, ...] = WEEKEND
    waived: bool = False

    def cooling_off(self, refunding: Refunding) -> bool:
        """Whether cooling-off lasted under this policy."""
        return is_cooling_off(refunding, self.sold_at, self.at, self.time_zone, self.holidays, self.weekend)

    def quoted(self, refunding: Refunding, in_words: bool = True) -> Quote:
        """What the refund comes to under this policy; every basis with its steps, or only the figures that bind."""
        return quote(self.standing, refunding, self.cooling_off(refunding), self.waived, in_words)


_ADAPTER = TypeAdapter(Grounds)


def to_json(grounds: Grounds) -> dict[str, object]:
    """The grounds as they are stored."""
    stored: dict[str, object] = _ADAPTER.dump_python(grounds, mode="json")
    first, last = local_date(grounds.sold_at, grounds.time_zone), local_date(grounds.at, grounds.time_zone)
    return stored | {"holidays": sorted(day.isoformat() for day in grounds.holidays if first < day <= last)}


def from_json(stored: object) -> Grounds:
    """The grounds as they were stored, whichever version of Carnet stored them."""
    return _ADAPTER.validate_python(stored)
