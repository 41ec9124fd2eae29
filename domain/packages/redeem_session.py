"""Redeem: a session is used, its value becomes revenue of the branch that performed it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.branches.rules import refuse_closed_books
from domain.catalog import store as catalog
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.errors import Refusal
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Charged, Performed
from domain.ledger.draft import Draft, Movement, Occasion
from domain.ledger.post import Posting, post
from domain.ledger.rules import Bucket, Lot
from domain.packages import handed_on, rules, store
from domain.packages.blocked_then import refuse_blocked_then
from domain.packages.errors import NotEnoughSessions
from domain.packages.freezes import freezes_if_first
from domain.packages.lapsed import Lapsed, as_they_were, bring_back, lapsed_of, lapsed_since, reinstated
from domain.packages.performed import performed
from domain.packages.sharers import sharers_of
from domain.packages.sold import Frozen, Place, Shortfall, Sold

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
    """What was used, what remains usable of the service and of the package, and what of it was charged instead."""

    package_id: str
    service_id: str
    branch_id: str
    sessions: int
    visited_at: datetime
    lots: tuple[LotUsed, ...]
    remaining: int
    remaining_of_service: int
    charged: int = 0
    charged_minor: int = 0
    currency: str = ""


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
    refuse_closed_books(local_date(at, place.time_zone), place.books_open_from, "visitedAt")
    sold, lots = await _chosen(work, command, place, at)
    freezes = await freezes_if_first(sold, at)
    known = await handed_on.known(sold, lots)
    used = _used(command, place, known, lots, await lapsed_of(lots), freezes, at, work.now)
    charges = await _charges(command, sold, used.lacking)
    redeemed = _outcome(command, sold, used, charges, at, work.now)
    day = local_date(at, place.time_zone)
    earned = await performed(work, sold, command.service_id, command.branch_id, day, used.taken)
    await post(work, _posting(sold, used, earned, charges, at, work.now), _recorded(command, sold, redeemed))
    if used.started_on is not None:
        await store.note_first_use(sold.id, used.started_on)
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
    person = command.customer_id or sold.holder_id
    (await sharers_of(work.chain_id, [sold], [person])).refuse(sold, {person: command.sessions})
    await refuse_blocked_then(sold, at, work.now)
    return sold, await ledger.lots_of([sold.id])


async def _best(work: Work, command: RedeemSession, place: Place, at: datetime) -> tuple[Sold, list[Lot]]:
    """The first of the customer's packages that allows the redemption; none gets a version but the one that is used."""
    assert command.customer_id is not None
    found = await store.lock_usable_by(work, command.customer_id, command.service_id, at)
    sharers = await sharers_of(work.chain_id, found, [command.customer_id])
    held = [sold for sold in found if sharers.may_use(sold, command.customer_id)]
    lots = await ledger.lots_of([sold.id for sold in held])
    usable = [lot for lot in lots if command.service_id in lot.services and at < lot.lapses_at]
    lapsed = await lapsed_of(lots)
    refusals: list[Refusal] = []
    # One that has everything comes before one with which a part is charged.
    for policy in dict.fromkeys((Shortfall.REFUSE, place.shortfall)):
        for sold in rules.packages_in_order(command.customer_id, held, usable):
            own = [lot for lot in lots if lot.package_id == sold.id]
            try:
                sharers.refuse(sold, {command.customer_id: command.sessions})
                await refuse_blocked_then(sold, at, work.now)
                freezes, known = await freezes_if_first(sold, at), await handed_on.known(sold, own)
                _used(command, replace(place, shortfall=policy), known, own, lapsed, freezes, at, work.now)
            except Refusal as refusal:
                refusals.append(refusal)
            else:
                return await store.lock(work, sold.id), own
    raise refusals[0] if refusals else NotEnoughSessions(None, command.sessions, 0)


@dataclass(frozen=True, slots=True)
class _Used:
    """The sessions taken, in a draft, what is lacking, and the day from which validity now runs."""

    draft: Draft
    taken: tuple[Movement, ...]
    lacking: int
    started_on: date | None


def _used(
    command: RedeemSession,
    place: Place,
    sold: Sold,
    lots: Sequence[Lot],
    lapsed: Lapsed,
    freezes: Sequence[Frozen],
    at: datetime,
    now: datetime,
) -> _Used:
    """Take the sessions from the lots; refuses what the terms, the payments or the clock forbid."""
    rules.refuse_visit_time(at, max(sold.sold_at, sold.activated_at or sold.sold_at), now)
    there_then = lapsed_since(lots, lapsed, at)
    were = as_they_were(lots, there_then)
    chosen, lacking = rules.lots_and_shortfall(sold, were, place, command.service_id, command.sessions, at)
    day = rules.first_use(sold, [lot for lot, _ in chosen], at)
    draft = Draft(lots)
    needed = {lot.id for lot, _ in chosen} | {lot.id for lot in lots if day and lot.origin in rules.STARTED}
    bring_back(draft, sold, needed, there_then, now)
    occasion = Occasion(at, command.service_id, command.branch_id, command.practitioner_id)
    taken = tuple(draft.move(lot.id, Bucket.AVAILABLE, Bucket.CONSUMED, count, occasion) for lot, count in chosen)
    if day is not None:
        draft.redate(rules.started(draft.after, sold, day, freezes))
    rules.refuse_unpaid(sold, draft.after)
    return _Used(draft, taken, lacking, day)


async def _charges(command: RedeemSession, sold: Sold, lacking: int) -> tuple[Charged, ...]:
    """What the package lacked, where the chain charges that and the branch has a price for it."""
    if not lacking:
        return ()
    prices = await catalog.list_prices([command.service_id], command.branch_id)
    if command.service_id not in prices:
        raise NotEnoughSessions(sold.id, command.sessions, command.sessions - lacking)
    customer = command.customer_id or sold.holder_id
    at = (customer, command.branch_id, command.service_id)
    return (rules.charged(*at, lacking, prices[command.service_id], sold.terms.price),)


def _outcome(
    command: RedeemSession, sold: Sold, used: _Used, charges: Sequence[Charged], at: datetime, now: datetime
) -> SessionRedeemed:
    return SessionRedeemed(
        package_id=sold.id,
        service_id=command.service_id,
        branch_id=command.branch_id,
        sessions=command.sessions,
        visited_at=at,
        lots=tuple(_lot_used(used.draft.lots[movement.lot_id], movement) for movement in used.taken),
        remaining=rules.remaining(used.draft.after, now),
        remaining_of_service=rules.remaining(used.draft.after, now, command.service_id),
        charged=used.lacking,
        charged_minor=sum(each.amount_minor for each in charges),
        currency=sold.currency,
    )


def _lot_used(lot: Lot, movement: Movement) -> LotUsed:
    return LotUsed(lot.id, movement.sessions, lot.origin.value, lot.bonus, movement.carried.value_minor)


def _posting(
    sold: Sold, used: _Used, earned: Performed, charges: tuple[Charged, ...], at: datetime, now: datetime
) -> Posting:
    return Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=sold.currency,
        posted_on=sold.posted_on(at),
        draft=used.draft,
        entries=(
            *reinstated(sold, used.draft, now),
            accounts.session(earned),
            *map(accounts.charge, charges),
        ),
        charges=charges,
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
