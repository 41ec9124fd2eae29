"""Redeem: a session is used, its value becomes revenue of the branch that performed it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.catalog.terms import Sharing, ValidityStart
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.errors import NotFound, Refusal
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Performed
from domain.ledger.draft import Draft, Occasion
from domain.ledger.post import Posting, post
from domain.ledger.rules import BonusOrder, Bucket, Lot, in_order_of_use
from domain.packages import rules, store
from domain.packages.errors import BadVisitTime, NotEnoughSessions, PersonMayNotUse
from domain.packages.sold import Place, Sold


@dataclass(frozen=True, slots=True)
class RedeemSession:
    """Use sessions of a service at a branch: of a named package, or of the best one a customer may use."""

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

    A redemption uses one package: the one named, or of the customer's own and then shared packages the first whose
    next lot comes first. Refuses what the terms, the payments or the clock forbid; see `rules.lots_to_use`.
    """
    work.authorise(command.branch_id)
    place = await store.place(work, command.branch_id, command.service_id, command.practitioner_id)
    at = command.visited_at or work.now
    _refuse_visit_time(at, work.now - timedelta(days=place.backdate_days), work.now)
    refusal: Refusal | None = None
    async for sold, lots in _candidates(work, command, at):
        try:
            return await _redeem(work, command, place, sold, lots, at)
        except Refusal as error:
            refusal = refusal or error
    raise refusal or NotEnoughSessions(None, command.sessions, 0)


def _refuse_visit_time(at: datetime, earliest: datetime, latest: datetime) -> None:
    if not earliest <= at <= latest:
        raise BadVisitTime(at, earliest, latest)


async def _candidates(work: Work, command: RedeemSession, at: datetime) -> AsyncIterator[tuple[Sold, list[Lot]]]:
    """The packages to try, each locked with its lots: the one named, or the customer's in the order of their lots."""
    for package_id in await _to_try(work, command, at):
        sold = await store.lock(work, package_id)
        yield sold, await ledger.lots_of([package_id])


async def _to_try(work: Work, command: RedeemSession, at: datetime) -> Sequence[str]:
    if command.package_id is not None:
        return [command.package_id]
    if command.customer_id is None:
        raise NotFound("customer", "", "customerId")
    own = dict(await store.packages_usable_by(work.chain_id, command.customer_id))
    lots = [
        lot
        for lot in await ledger.lots_of(list(own))
        if command.service_id in lot.services and lot.available > 0 and at < lot.lapses_at
    ]
    ordered = in_order_of_use(lots, BonusOrder.LAST)
    return list(dict.fromkeys(lot.package_id for lot in sorted(ordered, key=lambda lot: not own[lot.package_id])))


async def _redeem(
    work: Work, command: RedeemSession, place: Place, sold: Sold, lots: list[Lot], at: datetime
) -> SessionRedeemed:
    await _refuse_stranger(work, command, sold)
    _refuse_visit_time(at, sold.sold_at, work.now)
    first_use = sold.first_used_on is None and sold.terms.validity.starts is ValidityStart.FIRST_USE
    day = local_date(at, sold.home_time_zone)
    taken = rules.lots_to_use(sold, lots, place, command.service_id, command.sessions, at)
    draft = Draft(rules.started(lots, sold.terms, day, sold.home_time_zone) if first_use else lots)
    occasion = Occasion(at, command.service_id, command.branch_id, command.practitioner_id)
    for lot, count in taken:
        draft.move(lot.id, Bucket.AVAILABLE, Bucket.CONSUMED, count, occasion)
    after = list(draft.lots.values())
    rules.refuse_unpaid(sold, after)
    redeemed = _outcome(command, sold, draft, after, at, work.now)
    await post(work, _posting(command, sold, draft, at), _recorded(command, sold, redeemed))
    if first_use:
        dated = after[0]
        await store.start_validity(sold.id, day, dated.last_day, dated.expires_at, dated.lapses_at)
    return redeemed


async def _refuse_stranger(work: Work, command: RedeemSession, sold: Sold) -> None:
    person = command.customer_id
    if person is None or person == sold.holder_id:
        return
    shared = sold.sharing is Sharing.HOUSEHOLD
    if not (shared and await store.share_household(work.chain_id, person, sold.holder_id)):
        raise PersonMayNotUse(sold.id, person)


def _outcome(
    command: RedeemSession, sold: Sold, draft: Draft, after: list[Lot], at: datetime, now: datetime
) -> SessionRedeemed:
    used = tuple(
        LotUsed(
            movement.lot_id,
            movement.sessions,
            draft.lots[movement.lot_id].origin.value,
            draft.lots[movement.lot_id].bonus,
            movement.carried.value_minor,
        )
        for movement in draft.movements
    )
    return SessionRedeemed(
        sold.id,
        command.service_id,
        command.branch_id,
        command.sessions,
        at,
        used,
        rules.remaining(after, now),
        rules.remaining(after, now, command.service_id),
    )


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
