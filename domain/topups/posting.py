"""What a top-up posts: the new lot, the entry of what is owed for it, and what is paid with it."""

from collections.abc import Iterator, Sequence

from domain.catalog.terms import TaxPoint
from domain.kernel.ids import new_id
from domain.ledger import accounts
from domain.ledger.accounts import Entry, PaymentMethod, Received, Settled
from domain.ledger.draft import Draft, Occasion
from domain.ledger.post import Posting
from domain.ledger.rules import Lot, Origin
from domain.packages import rules as packages_rules
from domain.topups.situation import Situation


def posting(situation: Situation, lot: Lot, payments: Sequence[Received]) -> Posting:
    """Issue the lot and enter what is owed for it, where the package is at home, and what is paid where it came in."""
    sold, added = situation.sold, situation.added
    draft = Draft(situation.lots)
    draft.issue(lot, added.sessions, added.carried, Occasion(situation.now, branch_id=situation.branch_id))
    return Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=sold.currency,
        posted_on=sold.posted_on(situation.now),
        draft=draft,
        entries=tuple(_entries(situation, payments)),
        owed_minor=added.amount_minor,
        payments=tuple(payments),
        paid_at_branch_id=situation.branch_id,
        customer_id=sold.holder_id,
    )


def new_lot(situation: Situation) -> Lot:
    """The empty lot, with the grace of the package's terms, and what of it is expected to lapse as in a sale."""
    sold, now = situation.sold, situation.now
    empty = Lot(
        id=new_id("lot"),
        package_id=sold.id,
        origin=Origin.TOP_UP,
        bonus=False,
        item=situation.item,
        services=frozenset(sold.terms.items[situation.item].service_ids),
        issued_at=now,
        last_day=situation.added.last_day,
        expires_at=now,
        lapses_at=now,
        breakage_bp=sold.breakage_bp,
    )
    return packages_rules.dated(empty, situation.added.last_day, sold.terms, sold.home_time_zone)


def _entries(situation: Situation, payments: Sequence[Received]) -> Iterator[Entry | None]:
    """The top-up, with what the provider collected for the home branch in it; other payments one by one."""
    sold, added = situation.sold, situation.added
    home = sold.home_branch_id
    inside = [each for each in payments if each.method is PaymentMethod.ONLINE_LINK and situation.branch_id == home]
    at_sale = sold.terms.price.tax_point is TaxPoint.AT_SALE
    yield accounts.top_up(
        home,
        sold.id,
        added.carried.value_minor,
        added.tax_at_sale_minor,
        sum(each.amount_minor for each in inside),
        sold.selling_branch_id if at_sale else None,
    )
    for each in payments:
        if each not in inside:
            branch_id = each.branch_id or situation.branch_id
            yield accounts.payment(branch_id, each, [Settled(home, each.amount_minor, sold.id)])
