"""What a top-up depends on: the package and its lots, what was added before, the branches and today's list price."""

from dataclasses import dataclass
from datetime import datetime

from domain.catalog import store as catalog
from domain.catalog.terms import TopUpPrice
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Work
from domain.kernel.money import MAX_MINOR
from domain.ledger import store as ledger
from domain.ledger.rules import Lot
from domain.packages import rules as packages_rules
from domain.packages.errors import BranchClosed
from domain.packages.sold import Sold
from domain.topups import rules, store
from domain.topups.asked import Asked
from domain.topups.errors import ServiceNotInPackage, TopUpBelowMinimum, TopUpBeyondMaximum, TopUpNotAllowed
from domain.topups.rules import Added, Bounds
from domain.topups.store import Standing


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that decides, as it is now, and what the sessions come to; locked where it was read for an act.

    `version` is the package's as whoever asks for a quote reads it; an act that locks gives it the next one.
    """

    now: datetime
    sold: Sold
    version: int
    lots: tuple[Lot, ...]
    branch_id: str
    standing: Standing
    item: int
    bounds: Bounds
    each_minor: int
    added: Added


async def judged(work: Work, sold: Sold, asked: Asked, *, locked: bool) -> Situation:
    """The situation of a package, unless something keeps the sessions from being added."""
    packages_rules.refuse_blocked(sold, work.now)
    if not sold.terms.change.top_up:
        raise TopUpNotAllowed(sold.id)
    branch_id = asked.branch_id or sold.home_branch_id
    standing = await store.standing(sold.id, branch_id)
    _refuse_closed(sold, branch_id, standing, work.now)
    item = _item(sold, asked)
    bounds = rules.bounds(sold.terms.change, standing.added_before)
    _refuse_number(sold, asked, bounds, standing)
    lots = await ledger.lots_of([sold.id])
    list_price = await _list_price(sold, item, branch_id)
    added = _added(work, sold, asked, lots, list_price)
    return Situation(
        now=work.now,
        sold=sold,
        version=sold.version - 1 if locked else sold.version,
        lots=tuple(lots),
        branch_id=branch_id,
        standing=standing,
        item=item,
        bounds=bounds,
        each_minor=rules.session_price(sold.terms, list_price),
        added=added,
    )


def _refuse_closed(sold: Sold, branch_id: str, standing: Standing, now: datetime) -> None:
    """Nothing is sold at a branch that has closed, or for the books of one."""
    ends = {branch_id: standing.branch_closed_at, sold.home_branch_id: standing.home_closed_at}
    for each, closed_at in ends.items():
        if closed_at is not None and now >= closed_at:
            raise BranchClosed(each, closed_at)


def _item(sold: Sold, asked: Asked) -> int:
    item = rules.item_of(sold.terms, asked.service_id)
    if item is None:
        raise ServiceNotInPackage(sold.id, asked.service_id, sold.terms.service_ids)
    return item


def _refuse_number(sold: Sold, asked: Asked, bounds: Bounds, standing: Standing) -> None:
    if bounds.hold(asked.sessions):
        return
    beyond = bounds.most is not None and (asked.sessions > bounds.most or bounds.most < bounds.least)
    refusal = TopUpBeyondMaximum if beyond else TopUpBelowMinimum
    raise refusal(sold.id, asked.sessions, bounds.least, bounds.most, standing.added_before)


async def _list_price(sold: Sold, item: int, branch_id: str) -> int:
    """Today's price of a session at the branch, of the dearest service it may be used for; 0 where it does not count.

    Refuses sessions that none of the services has a price for: they would cost nothing.
    """
    if sold.terms.change.top_up_price is not TopUpPrice.LIST:
        return 0
    prices = await catalog.list_prices(sold.terms.items[item].service_ids, branch_id)
    if not prices:
        raise TopUpNotAllowed(sold.id, by_terms=True)
    return max(prices.values())


def _added(work: Work, sold: Sold, asked: Asked, lots: list[Lot], list_price: int) -> Added:
    today = local_date(work.now, sold.home_time_zone)
    last_day, lapsed = rules.until(lots, work.now)
    added = rules.added(sold.terms, asked.sessions, list_price, last_day, lapsed, today)
    checks = Checks()
    kept = sold.price_minor + added.amount_minor < MAX_MINOR
    checks.that(kept, "So many sessions cost more than any amount Carnet keeps.", "sessions")
    checks.passed()
    return added
