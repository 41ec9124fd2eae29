"""Pure rules of what cannot be given back: packages that are closed or disputed, and more than there is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from domain.bookings.carrying import Carrying
from domain.bookings.errors import BookingStarted
from domain.branches.errors import WrongCurrency
from domain.kernel.money import Money
from domain.ledger.rules import Lot
from domain.packages.errors import PackageDisputed
from domain.packages.rules import disputed, refuse_ended
from domain.packages.sold import Sold
from domain.refunds.asked import Asked
from domain.refunds.deciding_errors import RefundPending
from domain.refunds.errors import Came, GoodwillAboveRest, NothingToRefund, PackageHandedOn, RefundAboveRest
from domain.refunds.reckoning_store import Facts
from domain.refunds.rules import Moment, Quote, Standing


def refuse_state(sold: Sold, facts: Facts, now: datetime) -> None:
    """A package that is frozen, waits to be paid or is in grace may be given back; one that is closed may not.

    What another refund waits to bring back this one does not.
    """
    refuse_ended(sold)
    if facts.waiting_id is not None and facts.waiting_since is not None:
        raise RefundPending(sold.id, facts.waiting_id, facts.waiting_since)
    if sold.disputed_at is not None and disputed(sold, now):
        raise PackageDisputed(sold.id, sold.disputed_at, for_use=False)


def refuse_sessions(
    sold: Sold,
    asked: Asked,
    own: Sequence[Lot],
    given_back: Mapping[str, int],
    released: Carrying,
    moment: Moment,
    opened: bool,
) -> None:
    """Refuse where nothing is left to give back, more than there is, and to call off a visit that has begun.

    Goodwill alone takes no session; how much of it there can be is decided by what was paid.
    """
    begun = next((booked for booked in released.bookings if booked.starts_at <= moment.now), None)
    if begun is not None:
        raise BookingStarted(begun.id, begun.starts_at)
    if asked.keeps_all:
        return
    left = sum(map(moment.left, own))
    held = sum(lot.held - min(lot.held, released.of_lots.get(lot.id, 0)) for lot in own)
    if not left and (opened or any(lot.moved for lot in own)):
        raise PackageHandedOn(sold.id, came=opened)
    if left == held:
        raise NothingToRefund(sold.id, 0, held)
    if asked.sessions is not None and asked.sessions > sum(given_back.values()):
        raise RefundAboveRest(sold.id, asked.sessions, left - held, held)


def refuse_amounts(sold: Sold, asked: Asked, standing: Standing, quote: Quote) -> None:
    """Refuse more than is left of what was paid, and other money."""
    goodwill, refund = asked.goodwill_minor, quote.refund_minor
    if goodwill and asked.currency not in (None, sold.currency):
        raise WrongCurrency(asked.currency or "", sold.currency, "goodwill", "currency")
    left = max(0, standing.net_paid_minor - standing.pending_minor)
    if goodwill and refund + goodwill > left:
        told = (Money(minor, sold.currency) for minor in (goodwill, refund, left))
        raise GoodwillAboveRest(sold.id, *told)


def refuse_nothing(sold: Sold, standing: Standing, quote: Quote, quoted: Callable[[int | None], Quote]) -> None:
    """Refuse where nothing comes back and nothing is owed less; tells from how many sessions on something would.

    `quoted` is the quote of so many sessions, or of all that can be given back.
    """
    if _brings(quote):
        return
    whole = quoted(None)
    free = whole.sessions
    held = sum(kind.left for kind in standing.kinds) - free
    least = _least(quote.sessions, free, quoted)
    came = Came(quote.sessions, least, quote.reckonings, sold.currency, _capped(standing, whole))
    raise NothingToRefund(sold.id, free, held, came)


def _capped(standing: Standing, nothing: Quote) -> bool:
    """Whether it is for the terms of the package before that nothing comes back and nothing is owed less."""
    if standing.brought_minor is None:
        return False
    left = standing.net_paid_minor - nothing.binding.used_value_minor
    clears = standing.outstanding_minor > max(0, -left)
    return clears or left - nothing.binding.penalty_minor - standing.pending_minor > 0


def _least(few: int, free: int, quoted: Callable[[int | None], Quote]) -> int | None:
    """More sessions never bring less; so the fewest that bring something are found by halving."""
    if not _brings(quoted(free)):
        return None
    while free - few > 1:
        middle = (few + free) // 2
        few, free = (few, middle) if _brings(quoted(middle)) else (middle, free)
    return free


def _brings(quote: Quote) -> bool:
    return bool(quote.refund_minor or quote.cleared_minor)
