"""Grant goodwill: free sessions that carry no value, given with a reason."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.ledger import store as ledger
from domain.ledger.draft import Draft, Occasion
from domain.ledger.post import Posting, post
from domain.ledger.rules import Carried
from domain.packages import rules, store
from domain.packages.errors import WrongService
from domain.packages.sold import Sold

GOODWILL_DAYS = 30
MOST_DAYS = 3_660
MOST_SESSIONS = 1000


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
    rules.refuse_ended(sold)
    today = local_date(work.now, sold.home_time_zone)
    command = _checked(command, today)
    _refuse_services(command, sold)
    draft = Draft(await ledger.lots_of([sold.id]))
    granted = _grant(draft, command, sold, today, work.now)
    posting = Posting(sold.id, sold.version, sold.currency, today, draft)
    await post(work, posting, _recorded(command, sold, granted))
    return granted


def _checked(command: GrantGoodwill, today: date) -> GrantGoodwill:
    checks = Checks()
    checks.between(command.sessions, 1, MOST_SESSIONS, "sessions")
    reason = checks.required(command.reason, 500, "reason")
    latest = today + timedelta(days=MOST_DAYS)
    in_time = command.last_day is None or today <= command.last_day <= latest
    checks.that(in_time, f"The last day lies between {today} and {latest}.", "lastDay")
    checks.passed()
    return replace(command, reason=reason)


def _refuse_services(command: GrantGoodwill, sold: Sold) -> None:
    for service in command.service_ids:
        if service not in sold.terms.service_ids:
            raise WrongService(sold.id, service, sold.terms.service_ids)


def _grant(draft: Draft, command: GrantGoodwill, sold: Sold, today: date, now: datetime) -> GoodwillGranted:
    day = command.last_day or today + timedelta(days=GOODWILL_DAYS)
    services = frozenset(command.service_ids or sold.terms.service_ids)
    lot = rules.goodwill_lot(sold.id, services, 0, now, day, sold.home_time_zone)
    draft.issue(lot, command.sessions, Carried(), Occasion(now, branch_id=sold.home_branch_id))
    return GoodwillGranted(sold.id, lot.id, command.sessions, day, rules.remaining(draft.after, now))


def _recorded(command: GrantGoodwill, sold: Sold, granted: GoodwillGranted) -> Recorded:
    return Recorded(
        granted,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
    )
