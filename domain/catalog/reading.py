"""Every statement by which the graph reads the catalogue, each limited to what the actor may see.

An outsider, a customer or a key that may not read, does not read the business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.catalog.cost_store import cost_at
from domain.catalog.store import SERVICE, VERSION, BranchPrice, Service, State, Version, service_of, version_of
from domain.kernel import clock
from domain.kernel.access import Actor
from domain.kernel.db import rows
from domain.kernel.ids import is_id


@dataclass(frozen=True, slots=True)
class Definition:
    """A catalogue entry with its current version: the published one, else the newest."""

    id: str
    code: str
    created_at: datetime
    current: Version


@dataclass(frozen=True, slots=True)
class DefinitionFilter:
    """Which definitions; what is left out does not limit."""

    state: State | None = None
    service_id: str | None = None
    recommended: bool | None = None


def _definitions(actor: Actor) -> str:
    """Definitions with their current version, which for outsiders is never a draft."""
    hidden = "" if actor.reads_business else "AND w.state <> 'DRAFT'"
    return f"""SELECT d.id AS definition_id, d.code, d.created_at AS defined_at, {VERSION}
        FROM package_definition d JOIN definition_version v ON v.id = (SELECT w.id FROM definition_version w
        WHERE w.definition_id = d.id {hidden}
        ORDER BY CASE WHEN w.state = 'PUBLISHED' THEN 0 ELSE 1 END, w.version DESC LIMIT 1)"""


async def services_by_ids(actor: Actor, service_ids: Sequence[str]) -> list[Service]:
    """Those of the services that belong to the actor's chain."""
    found = await rows(
        f"SELECT {SERVICE} FROM service s WHERE s.chain_id = $1 AND s.id = ANY($2)", actor.chain_id, list(service_ids)
    )
    return [service_of(row) for row in found]


async def services_page(actor: Actor, after: str | None, limit: int) -> list[Service]:
    """Services of the actor's chain in the order in which they were defined, from the one after this id."""
    found = await rows(
        f"SELECT {SERVICE} FROM service s WHERE s.chain_id = $1 AND s.id > $2 ORDER BY s.id LIMIT $3",
        actor.chain_id,
        after or "",
        limit,
    )
    return [service_of(row) for row in found]


async def prices_of(actor: Actor, service_ids: Sequence[str]) -> list[tuple[str, BranchPrice]]:
    """(service, price) pairs, one for each branch that offers the service; what delivery costs is for the staff."""
    found = await rows(
        f"""SELECT p.service_id, p.branch_id, p.list_price_minor,
        {cost_at("p.service_id", "p.branch_id", "$3")} AS delivery_cost_minor FROM service_price p
        JOIN service s ON s.id = p.service_id WHERE s.chain_id = $1 AND p.service_id = ANY($2) ORDER BY p.branch_id""",
        actor.chain_id,
        list(service_ids),
        clock.now(),
    )
    return [(row["service_id"], _price(actor, row)) for row in found]


def _price(actor: Actor, row: dict[str, Any]) -> BranchPrice:
    cost = row["delivery_cost_minor"] if actor.reads_business else None
    return BranchPrice(row["branch_id"], row["list_price_minor"], cost)


async def definitions_by_ids(actor: Actor, definition_ids: Sequence[str]) -> list[Definition]:
    """Those of the definitions that the actor may see: outsiders, what is on sale or was."""
    found = await rows(
        f"{_definitions(actor)} WHERE d.chain_id = $1 AND d.id = ANY($2)", actor.chain_id, list(definition_ids)
    )
    return [_definition(row) for row in found]


async def definition_coded(actor: Actor, code: str) -> str | None:
    """The id of the chain's definition of this code."""
    found = await rows("SELECT id FROM package_definition WHERE chain_id = $1 AND code = $2", actor.chain_id, code)
    return found[0]["id"] if found else None


async def definitions_page(actor: Actor, which: DefinitionFilter, after: str | None, limit: int) -> list[Definition]:
    """Definitions that the actor may see in the order of their definition, from the one after this id."""
    conditions, args = ["d.chain_id = $1", "d.id > $2"], [actor.chain_id, after or ""]
    for condition, value in _conditions(actor, which):
        args.append(value)
        conditions.append(condition.format(f"${len(args)}"))
    found = await rows(
        f"{_definitions(actor)} WHERE {' AND '.join(conditions)} ORDER BY d.id LIMIT ${len(args) + 1}", *args, limit
    )
    return [_definition(row) for row in found]


def _conditions(actor: Actor, which: DefinitionFilter) -> list[tuple[str, Any]]:
    chosen: list[tuple[str, Any]] = []
    if not actor.reads_business:
        chosen.append(("v.state = {}", State.PUBLISHED.value))
    if which.state is not None:
        chosen.append(("v.state = {}", which.state.value))
    if which.recommended is not None:
        chosen.append(("v.recommended = {}", which.recommended))
    if which.service_id is not None:
        # Ids are unlike anything else in the terms, so the text can be searched on both databases alike.
        known = which.service_id if is_id(which.service_id, "srv") else "no such service"
        chosen.append(("CAST(v.terms AS TEXT) LIKE {}", f'%"{known}"%'))
    return chosen


def _definition(row: dict[str, Any]) -> Definition:
    return Definition(row.pop("definition_id"), row.pop("code"), row.pop("defined_at"), version_of(row))


def _hidden(actor: Actor, version: Version) -> bool:
    return not actor.reads_business and version.state is State.DRAFT


async def versions_by_ids(actor: Actor, version_ids: Sequence[str]) -> list[Version]:
    """Those of the versions that belong to the actor's chain; outsiders see no drafts."""
    found = await rows(
        f"""SELECT {VERSION} FROM definition_version v JOIN package_definition d ON d.id = v.definition_id
        WHERE d.chain_id = $1 AND v.id = ANY($2)""",
        actor.chain_id,
        list(version_ids),
    )
    return [version for version in map(version_of, found) if not _hidden(actor, version)]


async def versions_of(actor: Actor, definition_ids: Sequence[str]) -> list[tuple[str, Version]]:
    """(definition, version) pairs, newest version first; outsiders see no drafts."""
    found = await rows(
        f"""SELECT v.definition_id, {VERSION} FROM definition_version v
        JOIN package_definition d ON d.id = v.definition_id
        WHERE d.chain_id = $1 AND v.definition_id = ANY($2) ORDER BY v.definition_id, v.version DESC""",
        actor.chain_id,
        list(definition_ids),
    )
    pairs = [(row.pop("definition_id"), version_of(row)) for row in found]
    return [(definition_id, version) for definition_id, version in pairs if not _hidden(actor, version)]
