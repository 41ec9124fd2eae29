"""Writing a workbook into a chain: person by person, package by package, so that it may stop and go on anywhere."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from domain.customers import store as customers
from domain.imports import store
from domain.imports.import_customer import ImportCustomer
from domain.imports.import_package import FormerLot, FormerUse, FormerVisit, ImportPackage
from domain.imports.read import Progress, Step
from domain.imports.rules.catalogue import Catalogue
from domain.imports.rules.customers import Person
from domain.imports.rules.openings import open_pack
from domain.imports.rules.packs import PackRow, VisitRow
from domain.imports.rules.terms import agreed_terms
from domain.imports.settle import Settled, settle
from domain.imports.workbook import Workbook
from domain.kernel.access import Actor
from domain.kernel.commands import run_command, run_together
from domain.kernel.db import IntegrityError
from domain.packages.errors import ReferenceTaken

T = TypeVar("T")

_AT_ONCE = 20
"""So many are committed together: a commit for each would take most of the time, too many would hold up the others."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many customers and packages an import added to the chain."""

    customers: int
    packages: int


async def write(actor: Actor, workbook: Workbook, progress: Progress) -> Written:
    """Everything good in the workbook that the chain does not have yet; what it has is not touched."""
    settled = await settle(actor, workbook)
    people = await _write_people(actor, workbook, settled, progress)
    return Written(people, await _write_packages(actor, workbook, settled, progress))


async def _write_people(actor: Actor, workbook: Workbook, settled: Settled, progress: Progress) -> int:
    total, written, done = workbook.customer_counts().persons, 0, 0
    for people in _batches(workbook.persons()):
        known = await _customer_ids(actor, [reference for person in people for reference in person.refs])
        strangers = [person for person in people if not known.keys() >= set(person.refs)]
        outcomes = await _import_all(actor, [_customer(person, settled) for person in strangers])
        written += sum(outcome.created for outcome in outcomes)
        done += len(people)
        progress(Step("customers", done, total))
    return written


async def _customer_ids(actor: Actor, references: Sequence[str]) -> dict[str, str]:
    return dict(await customers.with_references(actor.chain_id, references))


def _customer(person: Person, settled: Settled) -> ImportCustomer:
    row = person.row
    return ImportCustomer(
        references=person.refs,
        first_name=row.first_name,
        last_name=row.last_name,
        phone=row.phone or None,
        email=row.email or None,
        country=row.country or None,
        birthday=row.birthday,
        tags=row.tags,
        whatsapp_consent=row.whatsapp_consent,
        home_branch_id=settled.branches[row.home_branch],
        household_reference=row.household_ref or None,
        registered_on=row.created_on,
    )


async def _write_packages(actor: Actor, workbook: Workbook, settled: Settled, progress: Progress) -> int:
    total, written, done = workbook.pack_count(), 0, 0
    for packs in _batches(workbook.packs()):
        known = await store.packages_with(actor.chain_id, [pack.ref for pack, _ in packs])
        holders = await _customer_ids(actor, [pack.customer_ref for pack, _ in packs])
        commands = [
            _package(pack, visits, holders[pack.customer_ref], workbook.catalogue, settled)
            for pack, visits in packs
            if pack.ref not in known
        ]
        written += len(await _import_all(actor, commands))
        done += len(packs)
        progress(Step("packages", done, total))
    return written


async def _import_all(actor: Actor, commands: Sequence[ImportCustomer | ImportPackage]) -> list[Any]:
    """The outcomes of what was imported here and now; the rest was imported elsewhere at the same time."""
    try:
        return await run_together(actor, commands)
    except (ReferenceTaken, IntegrityError):
        return [outcome for command in commands for outcome in await _import_one(actor, command)]


async def _import_one(actor: Actor, command: ImportCustomer | ImportPackage) -> list[Any]:
    try:
        return [(await run_command(actor, command)).outcome]
    except ReferenceTaken:
        return []


def _package(
    pack: PackRow, visits: Sequence[VisitRow], holder: str, catalogue: Catalogue, settled: Settled
) -> ImportPackage:
    opening = open_pack(pack, catalogue.definition(pack.definition), visits)
    definition = settled.definitions[pack.definition]
    return ImportPackage(
        reference=pack.ref,
        definition_id=definition.id,
        definition_version_id=definition.version_id,
        name=definition.name,
        customer_id=holder,
        branch_id=settled.branches[pack.branch],
        sold_on=pack.sold_on,
        expires_on=pack.expires_on,
        terms=agreed_terms(pack, opening.items, catalogue, settled.services),
        paid_minor=pack.paid_minor,
        lots=tuple(
            FormerLot(lot.item, settled.services[lot.service], lot.bonus, lot.sessions, lot.value_minor)
            for lot in opening.lots
        ),
        uses=tuple(
            FormerUse(use.lot, use.sessions, use.value_minor, _visit(use.visit, settled) if use.visit else None)
            for use in opening.uses
        ),
        notes=pack.notes,
    )


def _visit(visit: VisitRow, settled: Settled) -> FormerVisit:
    return FormerVisit(
        visit.starts_at,
        settled.branches[visit.branch],
        settled.services[visit.service],
        settled.practitioners.get(visit.practitioner),
    )


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, _AT_ONCE)):
        yield batch
