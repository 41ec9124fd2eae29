"""Every statement that the acts of the catalogue and of the sale need; what the graph reads stands in `reading.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.catalog import terms as terms_of
from domain.catalog.terms import Terms
from domain.kernel.commands import Work
from domain.kernel.db import execute, insert, rows


class State(StrEnum):
    """DRAFT may be replaced, PUBLISHED is sold, RETIRED is sold no more."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    RETIRED = "RETIRED"


@dataclass(frozen=True, slots=True)
class Service:
    """What a session buys."""

    id: str
    code: str
    name: str
    category: str
    duration_minutes: int
    group_class: bool
    tax_code: str


@dataclass(frozen=True, slots=True)
class BranchPrice:
    """What one session costs at a branch, and what it costs the branch to deliver it."""

    branch_id: str
    list_price_minor: int
    delivery_cost_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a definition."""

    id: str
    version: int
    state: State
    name: str
    recommended: bool
    terms: Terms
    created_at: datetime
    published_at: datetime | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A definition as it can be sold now; without a version it cannot."""

    definition_id: str
    version_id: str | None
    name: str
    terms: Terms | None
    breakage_bp: int = 0


EXPECTED_BREAKAGE = """CASE c.breakage_method WHEN 'PROPORTIONAL' THEN COALESCE((SELECT e.rate_bp
    FROM breakage_estimate e WHERE e.definition_id = {definition} ORDER BY e.id DESC LIMIT 1), 0) ELSE 0 END"""
"""The share of a definition's sessions that is expected to lapse, in statements where `c` is its chain."""

SERVICE = ", ".join(f"s.{name}" for name in Service.__slots__)
VERSION = ", ".join(f"v.{name}" for name in Version.__slots__)


def service_of(row: dict[str, Any]) -> Service:
    """The service in a row of the columns `SERVICE`."""
    return Service(**{**row, "group_class": bool(row["group_class"])})


def version_of(row: dict[str, Any]) -> Version:
    """The version in a row of the columns `VERSION`."""
    known = {
        "state": State(row["state"]),
        "recommended": bool(row["recommended"]),
        "terms": terms_of.from_json(row["terms"]),
    }
    return Version(**{**row, **known})


async def lock_service(work: Work, code: str) -> str | None:
    """The id of the chain's service of this code, which stays as it is until the act ends."""
    found = await rows("SELECT id FROM service WHERE chain_id = $1 AND code = $2 FOR UPDATE", work.chain_id, code)
    return found[0]["id"] if found else None


async def services(chain_id: str, service_ids: Sequence[str]) -> list[Service]:
    """Those of the services that belong to the chain."""
    found = await rows(
        f"SELECT {SERVICE} FROM service s WHERE s.chain_id = $1 AND s.id = ANY($2)", chain_id, list(service_ids)
    )
    return [service_of(row) for row in found]


async def put_service(work: Work, service: Service) -> None:
    """The service as it is from now on, new or not."""
    names = Service.__slots__
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in ("id", "code"))
    await execute(
        f"INSERT INTO service (chain_id, {', '.join(names)}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        f" ON CONFLICT (id) DO UPDATE SET {changes}",
        work.chain_id,
        *(getattr(service, name) for name in names),
    )


async def put_prices(service_id: str, prices: Sequence[BranchPrice]) -> None:
    """The prices of a locked service as they are from now on; where none is given it is not offered."""
    await execute("DELETE FROM service_price WHERE service_id = $1", service_id)
    await insert(
        "service_price",
        [
            {
                "service_id": service_id,
                "branch_id": price.branch_id,
                "list_price_minor": price.list_price_minor,
            }
            for price in prices
        ],
    )


async def list_prices(service_ids: Sequence[str], branch_id: str) -> dict[str, int]:
    """What one session of each service costs at the branch; where it is not offered there, the chain's lowest price."""
    found = await rows(
        """SELECT service_id, COALESCE(MAX(CASE WHEN branch_id = $2 THEN list_price_minor END), MIN(list_price_minor))
        AS price FROM service_price WHERE service_id = ANY($1) GROUP BY service_id""",
        list(service_ids),
        branch_id,
    )
    return {row["service_id"]: row["price"] for row in found}


async def priced_at(service_ids: Sequence[str], branch_ids: Sequence[str]) -> set[str]:
    """Those of the services that one of the branches offers; no branches means any."""
    found = await rows(
        "SELECT DISTINCT service_id, branch_id FROM service_price WHERE service_id = ANY($1)", list(service_ids)
    )
    return {row["service_id"] for row in found if not branch_ids or row["branch_id"] in branch_ids}


async def lock_definition(work: Work, definition_id: str) -> bool:
    """Whether the chain has this definition, whose versions stay as they are until the act ends."""
    return bool(
        await rows(
            "SELECT id FROM package_definition WHERE chain_id = $1 AND id = $2 FOR UPDATE",
            work.chain_id,
            definition_id,
        )
    )


async def lock_definition_coded(work: Work, code: str) -> str | None:
    """The id of the chain's definition of this code, whose versions stay as they are until the act ends."""
    found = await rows(
        "SELECT id FROM package_definition WHERE chain_id = $1 AND code = $2 FOR UPDATE", work.chain_id, code
    )
    return found[0]["id"] if found else None


async def definitions(chain_id: str, definition_ids: Sequence[str]) -> set[str]:
    """Those of the definitions that belong to the chain."""
    found = await rows(
        "SELECT id FROM package_definition WHERE chain_id = $1 AND id = ANY($2)", chain_id, list(definition_ids)
    )
    return {row["id"] for row in found}


async def insert_definition(work: Work, definition_id: str, code: str) -> None:
    """A definition, still without versions."""
    await insert(
        "package_definition",
        [{"id": definition_id, "chain_id": work.chain_id, "code": code, "created_at": work.now}],
    )


async def versions(definition_id: str) -> list[Version]:
    """The versions of a definition that this act has locked, newest first."""
    found = await rows(
        f"SELECT {VERSION} FROM definition_version v WHERE v.definition_id = $1 ORDER BY v.version DESC", definition_id
    )
    return [version_of(row) for row in found]


async def put_draft(definition_id: str, draft: Version) -> None:
    """The draft as it is from now on, new or not."""
    await execute(
        """INSERT INTO definition_version (definition_id, id, version, state, name, recommended, terms, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET name = excluded.name,
        recommended = excluded.recommended, terms = excluded.terms, created_at = excluded.created_at""",
        definition_id,
        draft.id,
        draft.version,
        draft.state.value,
        draft.name,
        draft.recommended,
        terms_of.to_json(draft.terms),
        draft.created_at,
    )


async def publish(work: Work, version_id: str) -> None:
    """A version is sold from now on."""
    await execute(
        "UPDATE definition_version SET state = 'PUBLISHED', published_at = $2 WHERE id = $1", version_id, work.now
    )


async def retire(work: Work, version_id: str) -> None:
    """A version is sold no more."""
    await execute(
        "UPDATE definition_version SET state = 'RETIRED', retired_at = $2 WHERE id = $1", version_id, work.now
    )


async def published(chain_id: str, definition_id: str) -> Offer | None:
    """What a definition of the chain offers for sale; None when the chain has no such definition."""
    found = await rows(
        f"""SELECT d.id AS definition_id, d.code, v.id AS version_id, v.name, v.terms,
        {EXPECTED_BREAKAGE.format(definition="d.id")} AS breakage_bp
        FROM package_definition d JOIN chain c ON c.id = d.chain_id
        LEFT JOIN definition_version v ON v.definition_id = d.id AND v.state = 'PUBLISHED'
        WHERE d.chain_id = $1 AND d.id = $2""",
        chain_id,
        definition_id,
    )
    if not found:
        return None
    row = found[0]
    terms = None if row["terms"] is None else terms_of.from_json(row["terms"])
    return Offer(row["definition_id"], row["version_id"], row["name"] or row["code"], terms, row["breakage_bp"])
