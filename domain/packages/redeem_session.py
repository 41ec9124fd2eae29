"""Redeem: a session is used, its value becomes revenue of the branch that performed it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.catalog.terms import Sharing
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.errors import Refusal
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Performed
from domain.ledger.draft import Draft, Movement, Occasion
from domain.ledger.post import Posting, post
from domain.ledger.rules import Bucket, Lot
from domain.packages import rules, store
from domain.packages.errors import NotEnoughSessions, PersonMayNotUse
from domain.packages.sold import Place, Sold

MOST_SESSIONS = 1000


@dataclass(frozen=True, slots=True)
class RedeemSession:
    """Use sessions of a service at a branch: of a named package, or of the best one a customer may use.

    With a named package the customer is the person who came; without one, whose packages are tried.
    """

    service_id: str
    branch_id: str
    package_id: str | None = None
    customer_id: str | None = None
    sessions: int = 1
    practitioner_id: str | None = None
    visited_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LotUsed:
    """How many sessions were taken from which lot."""

    lot_id: str
    sessions: int
    origin: str
    bonus: bool
    value_minor: int


@dataclass(frozen=True, slots=True)
class SessionRedeemed:
    """What was used, and what remains usable of the service and of the package."""

    package_id: str
    service_id: str
    branch_id: str
    sessions: int
    visited_at: datetime
    lots: tuple[LotUsed, ...]
    remaining: int
    remaining_of_service: int


@act
async def redeem_session(work: Work, command: RedeemSession) -> SessionRedeemed:
    """Take the sessions from the lots in their order of use and recognise their value where they were performed.

    A redemption uses one package: the one named, or of the customer's own and then shared packages the first that
    allows it. Refuses what the terms, the payments or the clock forbid; see `rules.lots_to_use`.
    """
    work.authorise(command.branch_id)
    command = _checked(command)
    place = await store.place(work, command.branch_id, command.service_id, command.practitioner_id, command.customer_id)
    at = command.visited_at or work.now
    rules.refuse_visit_time(at, work.now - timedelta(days=place.backdate_days), work.now)
    rules.refuse_closed(place, at)
    sold, lots = await _chosen(work, command, place, at)
    draft = _used(command, place, sold, lots, at, work.now)
    redeemed = _outcome(command, sold, draft, at, work.now)
    await post(work, _posting(command, sold, draft, at), _recorded(command, sold, redeemed))
    await _start_validity(sold, draft, at)
    return redeemed


def _checked(command: RedeemSession) -> RedeemSession:
    checks = Checks()
    checks.between(command.sessions, 1, MOST_SESSIONS, "sessions")
    named = command.package_id is not None or command.customer_id is not None
    checks.that(named, "Name the package, or the customer whose packages are to be tried.", "packageId")
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)


async def _chosen(work: Work, command: RedeemSession, place: Place, at: datetime) -> tuple[Sold, list[Lot]]:
    """The package to use, locked and with its next version, and its lots."""
    if command.package_id is None:
        return await _best(work, command, place, at)
    sold = await store.lock(work, command.package_id)
    await _refuse_stranger(work, command, sold)
    return sold, await ledger.lots_of([sold.id])


async def _refuse_stranger(work: Work, command: RedeemSession, sold: Sold) -> None:
    person = command.customer_id
    if person is None or person == sold.holder_id:
        return
    shared = sold.sharing is Sharing.HOUSEHOLD
    if not (shared and await store.share_household(work.chain_id, person, sold.holder_id)):
        raise PersonMayNotUse(sold.id, person)


async def _best(work: Work, command: RedeemSession, place: Place, at: datetime) -> tuple[Sold, list[Lot]]:
    """The first of the customer's packages that allows the redemption; none gets a version but the one that is used."""
    assert command.customer_id is not None
    held = await store.lock_usable_by(work, command.customer_id, command.service_id, at)
    lots = await ledger.lots_of([sold.id for sold in held])
    usable = [lot for lot in lots if command.service_id in lot.services and lot.available > 0 and at < lot.lapses_at]
    refusals: list[Refusal] = []
    for sold in rules.packages_in_order(command.customer_id, held, usable):
        own = [lot for lot in lots if lot.package_id == sold.id]
        try:
            _used(command, place, sold, own, at, work.now)
        except Refusal as refusal:
            refusals.append(refusal)
        else:
            return await store.lock(work, sold.id), own
    raise refusals[0] if refusals else NotEnoughSessions(None, command.sessions, 0)


def _used(command: RedeemSession, place: Place, sold: Sold, lots: Sequence[Lot], at: datetime, now: datetime) -> Draft:
    """The sessions taken from the lots, in a draft; refuses what the terms, the payments or the clock forbid."""
    rules.refuse_visit_time(at, max(sold.sold_at, sold.activated_at or sold.sold_at), now)
    taken = rules.lots_to_use(sold, lots, place, command.service_id, command.sessions, at)
    day = rules.first_use(sold, [lot for lot, _ in taken], at)
    draft = Draft(lots if day is None else rules.started(lots, sold.terms, day, sold.home_time_zone))
    occasion = Occasion(at, command.service_id, command.branch_id, command.practitioner_id)
    for lot, count in taken:
        draft.move(lot.id, Bucket.AVAILABLE, Bucket.CONSUMED, count, occasion)
    rules.refuse_unpaid(sold, draft.after)
    return draft


async def _start_validity(sold: Sold, draft: Draft, at: datetime) -> None:
    taken = [draft.lots[movement.lot_id] for movement in draft.movements]
    day = rules.first_use(sold, taken, at)
    if day is not None:
        await store.date_sold_lots(sold.id, day, next(lot for lot in taken if lot.origin in rules.SOLD))


def _outcome(command: RedeemSession, sold: Sold, draft: Draft, at: datetime, now: datetime) -> SessionRedeemed:
    return SessionRedeemed(
        package_id=sold.id,
        service_id=command.service_id,
        branch_id=command.branch_id,
        sessions=command.sessions,
        visited_at=at,
        lots=tuple(_lot_used(draft.lots[movement.lot_id], movement) for movement in draft.movements),
        remaining=rules.remaining(draft.after, now),
        remaining_of_service=rules.remaining(draft.after, now, command.service_id),
    )


def _lot_used(lot: Lot, movement: Movement) -> LotUsed:
    return LotUsed(lot.id, movement.sessions, lot.origin.value, lot.bonus, movement.carried.value_minor)


def _posting(command: RedeemSession, sold: Sold, draft: Draft, at: datetime) -> Posting:
    performed = Performed(
        package_id=sold.id,
        service_id=command.service_id,
        home_id=sold.home_branch_id,
        performing_id=command.branch_id,
        value_minor=sum(movement.carried.value_minor for movement in draft.movements),
        tax_minor=sum(movement.carried.tax_minor for movement in draft.movements),
    )
    return Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=sold.currency,
        posted_on=local_date(at, sold.home_time_zone),
        draft=draft,
        entries=(accounts.session(performed),),
    )


def _recorded(command: RedeemSession, sold: Sold, redeemed: SessionRedeemed) -> Recorded:
    return Recorded(
        redeemed,
        effective_at=redeemed.visited_at,
        branch_id=command.branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=command.customer_id or sold.holder_id,
        reason=command.reason,
    )
