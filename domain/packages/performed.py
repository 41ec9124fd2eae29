"""Sessions that are used, as the journal tells of them: their value, and what the branch earns that performs them."""

from collections.abc import Sequence
from datetime import date

from domain.kernel.commands import Work
from domain.ledger.accounts import Performed
from domain.ledger.draft import Movement
from domain.packages.sold import Sold
from domain.settlements import rates_store
from domain.settlements.rates import counting, earned


async def performed(
    work: Work, sold: Sold, service_id: str, branch_id: str, day: date, taken: Sequence[Movement]
) -> Performed:
    """The sessions taken for a visit; at another branch than home it earns by the rate of the visit's day there."""
    return Performed(
        package_id=sold.id,
        service_id=service_id,
        home_id=sold.home_branch_id,
        performing_id=branch_id,
        value_minor=sum(movement.carried.value_minor for movement in taken),
        tax_minor=sum(movement.carried.tax_minor for movement in taken),
        breakage_minor=sum(movement.carried.breakage_minor for movement in taken),
        settlement_minor=await _earned(work, sold, service_id, branch_id, day, taken),
    )


async def _earned(
    work: Work, sold: Sold, service_id: str, branch_id: str, day: date, taken: Sequence[Movement]
) -> int | None:
    """Also of sessions that carry no value: a percentage of the list price is owed for them too."""
    home_id = sold.home_branch_id
    if branch_id == home_id or not taken:
        return None
    rates, list_price_minor = await rates_store.rates_between(work.chain_id, home_id, branch_id, service_id, day)
    sessions = sum(movement.sessions for movement in taken)
    return earned(counting(rates, home_id, branch_id, day), list_price_minor, sessions)
