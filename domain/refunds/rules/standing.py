"""Where a package stands when it is given back, in counts and amounts; every amount with tax, as customers pay it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counted:
    """Sessions of one kind: how many were bought, went back before, are left, and are given back now.

    What is neither left nor went back before was used, or is lost as though it had been: `lapsed`, or `moved` on.
    """

    sessions: int = 0
    left: int = 0
    giving_back: int = 0
    refunded: int = 0
    lapsed: int = 0
    moved: int = 0

    def __post_init__(self) -> None:
        assert 0 <= self.giving_back <= self.left and 0 <= self.refunded <= self.sessions - self.left, f"{self}"

    @property
    def used(self) -> int:
        """Sessions used, or lost as though they had been."""
        return self.sessions - self.left - self.refunded

    @property
    def kept(self) -> int:
        """Sessions left that the customer does not give back."""
        return self.left - self.giving_back

    @property
    def spent(self) -> int:
        """What has to be paid for: sessions used, and those kept as though they were used already."""
        return self.used + self.kept


@dataclass(frozen=True, slots=True)
class BoughtItem:
    """The paid and the bonus sessions of an item, and what one of them costs alone.

    `list_used_minor` is what those used cost by the service that each was used for, where an item lets choose.
    """

    paid: Counted
    bonus: Counted = Counted()
    list_price_minor: int = 0
    list_used_minor: int | None = None

    @property
    def listed_minor(self) -> int:
        """What is spent of it costs at list price."""
        used, kept = self.paid.used + self.bonus.used, self.paid.kept + self.bonus.kept
        by_price = used * self.list_price_minor
        return (by_price if self.list_used_minor is None else self.list_used_minor) + kept * self.list_price_minor


@dataclass(frozen=True, slots=True)
class Bought:
    """Items that were bought for one price: the package itself, or a top-up, which is refunded by its own price."""

    price_minor: int
    items: tuple[BoughtItem, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A package that is given back, whole or in part, with what came in for it and went back.

    `pending_minor` is asked for and not yet agreed; `kept_before_minor` was kept as penalty of earlier refunds;
    `free_before_minor` went back, or was owed no more, while cooling-off lasted, and bears no penalty later either;
    `outstanding_minor` is still owed. Of a package that an upgrade opened, paid is its price less what is outstanding.
    Then `brought_minor` is what the terms of the package before would have left of what was paid for that; below zero
    it is what they would have asked for. `brought_kept_minor` of it they would not have kept in hardship, and
    `paid_since_minor` was paid for this one: all refunds of it together bring no more than what there is of these.
    """

    currency: str
    bought: tuple[Bought, ...]
    paid_minor: int
    outstanding_minor: int = 0
    refunded_minor: int = 0
    pending_minor: int = 0
    kept_before_minor: int = 0
    free_before_minor: int = 0
    brought_minor: int | None = None
    brought_kept_minor: int = 0
    paid_since_minor: int = 0

    def left_minor(self, *, waived: bool) -> int | None:
        """What may still come back of a package that an upgrade opened; below zero it stays owed. None of others."""
        if self.brought_minor is None:
            return None
        brought = self.brought_minor + (self.brought_kept_minor if waived else 0)
        return brought + self.paid_since_minor - self.refunded_minor - self.pending_minor

    @property
    def price_minor(self) -> int:
        """What all of it costs."""
        return sum(each.price_minor for each in self.bought)

    @property
    def items(self) -> tuple[BoughtItem, ...]:
        """Everything that was bought."""
        return tuple(item for each in self.bought for item in each.items)

    @property
    def kinds(self) -> tuple[Counted, ...]:
        """The paid and the bonus sessions of every item."""
        return tuple(kind for item in self.items for kind in (item.paid, item.bonus))

    @property
    def giving_back(self) -> int:
        """How many sessions are given back."""
        return sum(kind.giving_back for kind in self.kinds)

    @property
    def net_paid_minor(self) -> int:
        """What came in less what went back."""
        return self.paid_minor - self.refunded_minor
