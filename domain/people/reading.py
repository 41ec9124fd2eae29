"""Every statement by which the graph reads the staff and API keys, each limited to what the actor may see.

An outsider, a customer or a key that may not read, does not read the business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.kernel.access import Actor, Grant, Role
from domain.kernel.db import rows
from domain.kernel.reads import KEYS
from domain.people import store
from domain.people.store import API_KEY, STAFF, ApiKey, Staff, api_key_of


async def staff_by_ids(actor: Actor, staff_ids: Sequence[str]) -> list[Staff]:
    """Those of the people who work for the actor's chain; outsiders see their names."""
    people = await store.staff_by_ids(actor, staff_ids)
    return people if actor.reads_business else [replace(person, email=None) for person in people]


async def staff_page(actor: Actor, after: str | None, limit: int) -> list[Staff]:
    """The staff of the actor's chain in the order in which they joined, from the one after this id."""
    if not actor.reads_business:
        return []
    found = await rows(
        f"{STAFF} WHERE chain_id = $1 AND id > $2 ORDER BY id LIMIT $3", actor.chain_id, after or "", limit
    )
    return [Staff(**row) for row in found]


async def grants_of(actor: Actor, staff_ids: Sequence[str]) -> Mapping[str, tuple[Grant, ...]]:
    """The roles that these people of the actor's chain hold now; nothing for outsiders."""
    if not actor.reads_business:
        return {}
    found = await rows(
        """SELECT staff_id, role, branch_id FROM role_grant WHERE chain_id = $1 AND staff_id = ANY($2)
        AND revoked_at IS NULL ORDER BY id""",
        actor.chain_id,
        list(staff_ids),
    )
    held: dict[str, tuple[Grant, ...]] = dict.fromkeys(staff_ids, ())
    for row in found:
        held[row["staff_id"]] += (Grant(Role(row["role"]), row["branch_id"]),)
    return held


async def api_keys_by_ids(actor: Actor, api_key_ids: Sequence[str]) -> list[ApiKey]:
    """Those of the keys that belong to the actor's chain, if the actor may see keys."""
    if not KEYS.lets(actor):
        return []
    found = await rows(f"{API_KEY} WHERE chain_id = $1 AND id = ANY($2)", actor.chain_id, list(api_key_ids))
    return [api_key_of(row) for row in found]


async def api_keys_page(actor: Actor, after: str | None, limit: int) -> list[ApiKey]:
    """The keys of the actor's chain in the order of their creation, from the one after this id."""
    if not KEYS.lets(actor):
        return []
    found = await rows(
        f"{API_KEY} WHERE chain_id = $1 AND id > $2 ORDER BY id LIMIT $3", actor.chain_id, after or "", limit
    )
    return [api_key_of(row) for row in found]
