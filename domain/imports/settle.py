"""Settles the catalogue of the spreadsheets in a chain: what it lacks is made by the acts that the desk uses."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.branches import store as branches
from domain.branches.errors import WrongCurrency
from domain.branches.open_branch import OpenBranch
from domain.catalog.define_package import DefinePackage
from domain.catalog.define_service import DefineService
from domain.catalog.publish_package_definition import PublishPackageDefinition
from domain.catalog.store import BranchPrice, State
from domain.imports import store
from domain.imports.errors import BranchesMissing
from domain.imports.rules.catalogue import Catalogue
from domain.imports.rules.terms import terms_of
from domain.imports.store import DefinitionFound
from domain.imports.workbook import Workbook
from domain.kernel.access import Actor, Role
from domain.kernel.commands import run_command
from domain.people.grant_role import GrantRole
from domain.people.store import grant_held


@dataclass(frozen=True, slots=True)
class Settled:
    """What the codes and names of the spreadsheets stand for in the chain."""

    branches: Mapping[str, str]
    services: Mapping[str, str]
    definitions: Mapping[str, DefinitionFound]
    practitioners: Mapping[str, str]


async def settle(actor: Actor, workbook: Workbook) -> Settled:
    """Open, define and publish what the chain does not have under these codes; what it has stays as it is.

    Each act has a key made from the code, so that two imports at once do not double it. Refuses BranchesMissing and
    WrongCurrency.
    """
    catalogue = workbook.catalogue
    await refuse_currency(actor, catalogue)
    places = await _open_branches(actor, catalogue)
    services = await _define_services(actor, catalogue, places)
    definitions = await _publish_definitions(actor, catalogue, services)
    return Settled(places, services, definitions, await _grant_practitioners(actor, workbook, places))


async def refuse_currency(actor: Actor, catalogue: Catalogue) -> None:
    """Refuse spreadsheets without a branch, or in another currency than the chain's."""
    if not catalogue.branches:
        raise BranchesMissing
    chain = await branches.chain(actor.chain_id)
    if catalogue.currency != chain.currency:
        raise WrongCurrency(catalogue.currency, chain.currency)


async def _done(actor: Actor, command: Any, *key: str) -> Any:
    done = await run_command(actor, command, " ".join(("import", *key)))
    return done.outcome


async def _open_branches(actor: Actor, catalogue: Catalogue) -> dict[str, str]:
    found = await store.branches(actor.chain_id)
    for code, row in catalogue.branches.items():
        if code not in found:
            opened = await _done(actor, OpenBranch(code, row.name, row.time_zone, row.currency), "branch", code)
            found[code] = opened.branch_id
    return found


async def _define_services(actor: Actor, catalogue: Catalogue, places: Mapping[str, str]) -> dict[str, str]:
    found = await store.services(actor.chain_id)
    for code, row in catalogue.services.items():
        if code not in found:
            prices = tuple(BranchPrice(places[branch], price) for branch, price in row.list_prices.items())
            service = DefineService(code, row.name, row.duration_minutes, prices, row.category, row.group_class)
            found[code] = (await _done(actor, service, "service", code)).service_id
    return found


async def _publish_definitions(
    actor: Actor, catalogue: Catalogue, services: Mapping[str, str]
) -> dict[str, DefinitionFound]:
    found = await store.definitions(actor.chain_id)
    for code, row in catalogue.definitions.items():
        if code not in found:
            terms = terms_of(row, services)
            command = DefinePackage(code, row.name, terms)
            defined = await _done(actor, command, "definition", code)
            found[code] = DefinitionFound(defined.definition_id, defined.version_id, State.DRAFT, row.name, 1, terms)
        if found[code].state is State.DRAFT:
            await _done(actor, PublishPackageDefinition(found[code].id), "publication", found[code].version_id)
    return found


async def _grant_practitioners(actor: Actor, workbook: Workbook, places: Mapping[str, str]) -> dict[str, str]:
    """Everybody who performed a visit is a practitioner where they did; they are known by nothing but the name."""
    worked_at = list(workbook.practitioners())
    found = await store.practitioners(actor.chain_id, [name for name, _ in worked_at])
    for name, branch in worked_at:
        place, known = places[branch], found.get(name)
        if known is None:
            newcomer = GrantRole(Role.PRACTITIONER, place, name=name)
            found[name] = (await _done(actor, newcomer, "practitioner", _digest(name))).staff_id
        elif not await grant_held(known, Role.PRACTITIONER, place):
            await _done(actor, GrantRole(Role.PRACTITIONER, place, staff_id=known), "grant", branch, known)
    return found


def _digest(name: str) -> str:
    """A name may hold what a key may not."""
    return hashlib.sha256(name.encode()).hexdigest()
