"""What a chain may decide for itself, where the rule book leaves it open."""

from dataclasses import dataclass
from enum import StrEnum


class Shortfall(StrEnum):
    """What a chain does when a package has fewer sessions than are asked for."""

    REFUSE = "REFUSE"
    CHARGE = "CHARGE"


class OpenBookings(StrEnum):
    """What a chain does with bookings that are still confirmed after their end."""

    FLAG = "FLAG"
    COMPLETE = "COMPLETE"


class LapseTax(StrEnum):
    """What a lapse does with tax that would have fallen due with the use of the sessions."""

    NONE = "NONE"
    DUE = "DUE"


class BreakageMethod(StrEnum):
    """When value that is never going to be used becomes revenue: as it lapses, or along with what is used."""

    AT_LAPSE = "AT_LAPSE"
    PROPORTIONAL = "PROPORTIONAL"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of a chain."""

    shortfall: Shortfall
    open_bookings: OpenBookings
    reinstatement_days: int
    desk_extension_days: int
    backdate_days: int
    reversal_hours: int
    lapse_tax: LapseTax = LapseTax.NONE
    breakage_method: BreakageMethod = BreakageMethod.AT_LAPSE
    duplicate_sale_minutes: int = 10
    largest_payment_minor: int | None = None


NUMBERS = {
    "reinstatement_days": ("reinstatementDays", 3_660),
    "desk_extension_days": ("deskExtensionDays", 3_660),
    "backdate_days": ("backdateDays", 365),
    "reversal_hours": ("reversalHours", 8_784),
    "duplicate_sale_minutes": ("duplicateSaleMinutes", 1_440),
}
"""The settings that are numbers: what an input calls them, and the most they may be."""
