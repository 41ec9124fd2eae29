"""What an upgrade is reckoned from: the package that is closed, and the one that is opened."""

from dataclasses import dataclass

from domain.ledger.rules import BonusValue
from domain.refunds.rules import Bought, BoughtItem, Counted, Standing
from domain.refunds.rules.used_value import Valued, straight_line


@dataclass(frozen=True, slots=True)
class Old:
    """The package that is closed, amounts with tax: its price, what is unpaid of it, and its paid sessions.

    What is no longer there of the paid sessions counts as used: lapsed and handed on ones too. Of `given_back_minor` of
    the price the sessions were given back, or taken away, before: neither these nor that count any more. `used_of_all`
    counts free sessions besides, for usage that is carried; the same unless given. `valued` is what was used is worth
    where several prices make up the price.
    """

    price_minor: int
    outstanding_minor: int
    sessions: int
    used: int
    used_of_all: int | None = None
    valued: Valued | None = None
    given_back_minor: int = 0
    gone: str = ""
    """How many were used, have lapsed or moved on, in words; where it is not said all were used."""

    @property
    def counted_minor(self) -> int:
        """What of the price was not given back."""
        return self.price_minor - self.given_back_minor

    def used_value(self, currency: str) -> Valued:
        """What was used is worth, by the straight line over what each price is for."""
        if self.valued is not None:
            return self.valued
        item = BoughtItem(Counted(self.sessions, self.sessions - self.used, self.sessions - self.used))
        standing = Standing(currency, (Bought(self.price_minor, (item,)),), self.price_minor)
        return straight_line(standing, BonusValue.ZERO)

    def unused_value(self, currency: str) -> int:
        """What is unused, by the straight line over its paid sessions."""
        return max(0, self.counted_minor - self.used_value(currency).amount_minor)

    @property
    def left(self) -> int:
        """The paid sessions that are still there."""
        return self.sessions - self.used

    @property
    def carried_usage(self) -> int:
        """The sessions that stay used in the new package, where usage is carried."""
        return self.used if self.used_of_all is None else self.used_of_all


@dataclass(frozen=True, slots=True)
class New:
    """The package that is opened: its price with tax, and all its sessions."""

    price_minor: int
    sessions: int
