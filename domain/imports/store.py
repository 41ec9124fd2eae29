"""Every statement by which an import finds what the chain has already: by code, reference or name."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.catalog.store import State
from domain.catalog.terms import Terms, from_json
from domain.kernel.db import rows


@dataclass(frozen=True, slots=True)
class DefinitionFound:
    """A definition of the chain, with the version that is on sale, or else was last, or else is drafted."""

    id: str
    version_id: str
    state: State
    name: str
    version: int
    terms: Terms


async def branches(chain_id: str) -> dict[str, str]:
    """Code → id of every branch of the chain."""
    found = await rows("SELECT code, id FROM branch WHERE chain_id = $1", chain_id)
    return {row["code"]: row["id"] for row in found}


async def services(chain_id: str) -> dict[str, str]:
    """Code → id of every service of the chain."""
    found = await rows("SELECT code, id FROM service WHERE chain_id = $1", chain_id)
    return {row["code"]: row["id"] for row in found}


async def definitions(chain_id: str) -> dict[str, DefinitionFound]:
    """Code → definition, of every one of the chain."""
    found = await rows(
        """SELECT d.code, d.id, v.id AS version_id, v.state, v.name, v.version, v.terms FROM package_definition d
        JOIN definition_version v ON v.definition_id = d.id WHERE d.chain_id = $1
        ORDER BY CASE v.state WHEN 'PUBLISHED' THEN 2 WHEN 'RETIRED' THEN 1 ELSE 0 END, v.version""",
        chain_id,
    )
    return {
        row["code"]: DefinitionFound(
            row["id"], row["version_id"], State(row["state"]), row["name"], row["version"], from_json(row["terms"])
        )
        for row in found
    }


async def practitioners(chain_id: str, names: Sequence[str]) -> dict[str, str]:
    """Name → id of the people on the staff with these names; of namesakes, the one who came first."""
    found = await rows(
        "SELECT name, id FROM staff WHERE chain_id = $1 AND name = ANY($2) ORDER BY id DESC", chain_id, list(names)
    )
    return {row["name"]: row["id"] for row in found}


async def household(chain_id: str, reference: str) -> str | None:
    """The id of the chain's household of this reference."""
    found = await rows("SELECT id FROM household WHERE chain_id = $1 AND reference = $2", chain_id, reference)
    return found[0]["id"] if found else None


async def packages_with(chain_id: str, references: Sequence[str]) -> set[str]:
    """Those of the references under which the chain has a package."""
    found = await rows(
        "SELECT reference FROM package WHERE chain_id = $1 AND reference = ANY($2)", chain_id, list(references)
    )
    return {row["reference"] for row in found}
