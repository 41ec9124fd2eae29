"""Imports a package that was sold before Carnet, with what was used of it."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.catalog import terms as terms_of
from domain.catalog.store import definitions
from domain.catalog.terms import Terms
from domain.kernel.calendar import local_date, start_of_day
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.ledger import accounts
from domain.ledger.draft import Draft, Occasion
from domain.ledger.post import Posting, post
from domain.ledger.rules import Bucket, Carried, Lot, Origin
from domain.packages import rules, store
from domain.packages.errors import ReferenceTaken
from domain.packages.sold import Place

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class FormerLot:
    """Sessions of one service with the value that all of them, used or not, were sold for."""

    item: int
    service_id: str
    bonus: bool
    sessions: int
    value_minor: int


@dataclass(frozen=True, slots=True)
class FormerVisit:
    """When, where and with whom a session was used."""

    at: datetime
    branch_id: str
    service_id: str
    practitioner_id: str | None


@dataclass(frozen=True, slots=True)
class FormerUse:
    """Sessions of a lot that were used; without a visit nobody knows when and where."""

    lot: int
    sessions: int
    value_minor: int
    visit: FormerVisit | None


@dataclass(frozen=True, slots=True)
class ImportPackage:
    """A package as the old system knew it, under the reference it had there; the terms hold what was agreed."""

    reference: str
    definition_id: str
    definition_version_id: str
    name: str
    customer_id: str
    branch_id: str
    sold_on: date
    expires_on: date
    terms: Terms
    paid_minor: int
    lots: tuple[FormerLot, ...]
    uses: tuple[FormerUse, ...]
    notes: str = ""


@dataclass(frozen=True, slots=True)
class PackageImported:
    """The package as it goes on in Carnet."""

    package_id: str
    reference: str
    sessions_left: int
    value_left_minor: int
    outstanding_minor: int
    currency: str


@act
async def import_package(work: Work, command: ImportPackage) -> PackageImported:
    """Issue the lots, tell their use as history, and open the books with the value left and what is unpaid.

    History posts no revenue: that was the old books' business. Refuses NotFound (branch, customer, definition) and
    ReferenceTaken, so that nothing is imported twice.
    """
    work.authorise(command.branch_id)
    place = await store.place(work, command.branch_id)
    await _refuse_strangers(work, command)
    package_id = new_id("pkg")
    draft = _draft(command, package_id, place.time_zone, work.now)
    imported = _outcome(command, package_id, draft)
    await store.insert_packages([_record(work, command, package_id, place)])
    posting = _posting(command, imported, draft, local_date(work.now, place.time_zone))
    await post(work, posting, _recorded(command, imported))
    return imported


async def _refuse_strangers(work: Work, command: ImportPackage) -> None:
    other = await store.with_reference(work.chain_id, command.reference)
    if other is not None:
        raise ReferenceTaken(command.reference, other)
    if not await store.customer_exists(work.chain_id, command.customer_id):
        raise NotFound("customer", command.customer_id, "customerId")
    if not await definitions(work.chain_id, [command.definition_id]):
        raise NotFound("package definition", command.definition_id, "definitionId")


def _draft(command: ImportPackage, package_id: str, time_zone: str, now: datetime) -> Draft:
    """All lots as they were sold, then every use; what is left carries the value left."""
    sold_at = start_of_day(command.sold_on, time_zone)
    lots = [_lot(command, lot, package_id, sold_at, time_zone) for lot in command.lots]
    draft = Draft()
    for lot, former in zip(lots, command.lots, strict=True):
        draft.issue(lot, former.sessions, Carried(former.value_minor), Occasion(sold_at, branch_id=command.branch_id))
    for use in command.uses:
        occasion = _occasion(use.visit) if use.visit else Occasion(now, service_id=command.lots[use.lot].service_id)
        lot_id, value = lots[use.lot].id, Carried(use.value_minor)
        draft.move(lot_id, Bucket.AVAILABLE, Bucket.CONSUMED, use.sessions, occasion, value)
    return draft


def _lot(command: ImportPackage, former: FormerLot, package_id: str, sold_at: datetime, time_zone: str) -> Lot:
    lot = Lot(
        id=new_id("lot"),
        package_id=package_id,
        origin=Origin.IMPORT,
        bonus=former.bonus,
        item=former.item,
        services=frozenset({former.service_id}),
        issued_at=sold_at,
        last_day=command.expires_on,
        expires_at=sold_at,
        lapses_at=sold_at,
    )
    return rules.dated(lot, command.expires_on, command.terms, time_zone)


def _occasion(visit: FormerVisit) -> Occasion:
    return Occasion(visit.at, visit.service_id, visit.branch_id, visit.practitioner_id)


def _outcome(command: ImportPackage, package_id: str, draft: Draft) -> PackageImported:
    price = command.terms.price
    return PackageImported(
        package_id,
        command.reference,
        sum(lot.left for lot in draft.lots.values()),
        sum(lot.value_left_minor for lot in draft.lots.values()),
        price.amount_minor - command.paid_minor,
        price.currency,
    )


def _record(work: Work, command: ImportPackage, package_id: str, place: Place) -> dict[str, object]:
    sold_at = start_of_day(command.sold_on, place.time_zone)
    return {
        "id": package_id,
        "chain_id": work.chain_id,
        "reference": command.reference,
        "definition_id": command.definition_id,
        "definition_version_id": command.definition_version_id,
        "name": command.name,
        "holder_id": command.customer_id,
        "home_branch_id": command.branch_id,
        "selling_branch_id": command.branch_id,
        "currency": command.terms.price.currency,
        "price_minor": command.terms.price.amount_minor,
        "tax_minor": 0,
        "paid_minor": command.paid_minor,
        "terms": terms_of.to_json(command.terms),
        "sharing": command.terms.who.sharing.value,
        "sold_at": sold_at,
        "activated_at": sold_at,
        "version": 1,
    }


def _posting(command: ImportPackage, imported: PackageImported, draft: Draft, today: date) -> Posting:
    value_left, unpaid = imported.value_left_minor, imported.outstanding_minor
    return Posting(
        package_id=imported.package_id,
        package_version=1,
        currency=imported.currency,
        posted_on=today,
        draft=draft,
        entries=(accounts.opening(command.branch_id, imported.package_id, value_left, unpaid),),
        owed_minor=unpaid,
    )


def _recorded(command: ImportPackage, imported: PackageImported) -> Recorded:
    return Recorded(
        imported,
        branch_id=command.branch_id,
        package_id=imported.package_id,
        package_version=1,
        customer_id=command.customer_id,
        reason=command.notes[:LONGEST_REASON],
    )
