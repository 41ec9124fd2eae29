"""Pure rules of expiry: when a lot has lapsed, how its last day moves, and how what is due leaves the books."""

from domain.expiry.rules.last_days import LotDated, dated, lapsed, moved_to

__all__ = ["LotDated", "dated", "lapsed", "moved_to"]
