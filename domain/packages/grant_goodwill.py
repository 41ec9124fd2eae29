"""Grant goodwill: free sessions that carry no value, given with a reason."""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.errors import FieldProblem, InvalidInput
from domain.ledger import store as ledger
from domain.ledger.draft import Draft, Occasion
from domain.ledger.post import Posting, post
from domain.ledger.rules import Carried
from domain.packages import rules, store
from domain.packages.errors import WrongService

GOODWILL_DAYS = 30


@dataclass(frozen=True, slots=True)
class GrantGoodwill:
    """Give sessions away on a package; for all of its services unless some are named, for 30 days unless dated."""

    package_id: str
    sessions: int
    reason: str
    service_ids: tuple[str, ...] = ()
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class GoodwillGranted:
    """The lot that was given, and what remains usable with it."""

    package_id: str
    lot_id: str
    sessions: int
    last_day: date
    remaining: int


@act
async def grant_goodwill(work: Work, command: GrantGoodwill) -> GoodwillGranted:
    """Issue a GOODWILL lot without value; the journal stays as it is.

    Refuses services the package does not hold, and a last day that has passed.
    """
    sold = await store.lock(work, command.package_id)
    work.authorise(sold.home_branch_id)
    today = local_date(work.now, sold.home_time_zone)
    day = command.last_day or today + timedelta(days=GOODWILL_DAYS)
    if day < today:
        raise InvalidInput(FieldProblem(("lastDay",), f"The last day {day} has passed. Choose a later one."))
    for service in command.service_ids:
        if service not in sold.terms.service_ids:
            raise WrongService(sold.id, service, sold.terms.service_ids)
    draft = Draft(await ledger.lots_of([sold.id]))
    services = frozenset(command.service_ids or sold.terms.service_ids)
    lot = rules.goodwill_lot(sold.id, services, 0, work.now, day, sold.home_time_zone)
    draft.issue(lot, command.sessions, Carried(), Occasion(work.now, branch_id=sold.home_branch_id))
    outcome = GoodwillGranted(
        sold.id, lot.id, command.sessions, day, rules.remaining(list(draft.lots.values()), work.now)
    )
    posting = Posting(sold.id, sold.version, sold.currency, today, draft)
    recorded = Recorded(
        outcome,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
    )
    await post(work, posting, recorded)
    return outcome
