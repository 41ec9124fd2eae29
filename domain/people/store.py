"""Every statement about the staff, their roles and API keys, and the one that makes a principal an actor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.kernel.access import Actor, Grant, Principal, Role, Scope
from domain.kernel.commands import Work
from domain.kernel.db import execute, insert, rows


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who works for the chain."""

    id: str
    name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of an integration, without its secret."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    revoked_at: datetime | None


STAFF = "SELECT id, name, email FROM staff"
_INTEGRATION = "SELECT id, chain_id, name, scopes FROM api_key WHERE revoked_at IS NULL AND"
API_KEY = "SELECT id, name, scopes, created_at, revoked_at FROM api_key"


async def load_staff(chain_id: str, staff_id: str) -> Actor | None:
    """The person with the roles held now; nobody when there is none left."""
    found = await rows(
        """SELECT s.name, g.role, g.branch_id FROM staff s JOIN role_grant g ON g.staff_id = s.id
        WHERE s.chain_id = $1 AND s.id = $2 AND g.revoked_at IS NULL ORDER BY g.id""",
        chain_id,
        staff_id,
    )
    if not found:
        return None
    grants = tuple(Grant(Role(row["role"]), row["branch_id"]) for row in found)
    return Actor(Principal.STAFF, staff_id, chain_id, found[0]["name"], grants)


async def load_customer(chain_id: str, customer_id: str) -> Actor | None:
    """The customer, with the household whose packages may be shared: whom they were merged into, and nobody erased."""
    found = await rows(
        """SELECT p.id, p.first_name, p.last_name, p.household_id FROM customer c
        JOIN customer p ON p.id = COALESCE(c.merged_into_id, c.id)
        WHERE c.chain_id = $1 AND c.id = $2 AND p.erased_at IS NULL""",
        chain_id,
        customer_id,
    )
    if not found:
        return None
    name = f"{found[0]['first_name']} {found[0]['last_name']}".strip()
    return Actor(Principal.CUSTOMER, found[0]["id"], chain_id, name, household_id=found[0]["household_id"])


async def load_integration(secret_hash: str) -> Actor | None:
    """The integration whose key has this hash, unless it was revoked."""
    return _integration(await rows(f"{_INTEGRATION} secret_hash = $1", secret_hash))


async def load_api_key(chain_id: str, api_key_id: str) -> Actor | None:
    """The integration of this key, unless it was revoked."""
    return _integration(await rows(f"{_INTEGRATION} chain_id = $1 AND id = $2", chain_id, api_key_id))


def _integration(found: Sequence[dict[str, Any]]) -> Actor | None:
    if not found:
        return None
    scopes = frozenset(Scope(scope) for scope in found[0]["scopes"])
    return Actor(Principal.INTEGRATION, found[0]["id"], found[0]["chain_id"], found[0]["name"], scopes=scopes)


async def chain_of(principal_id: str) -> str | None:
    """The chain that a person on the staff or a customer belongs to."""
    found = await rows(
        """SELECT chain_id FROM staff WHERE id = $1
        UNION ALL SELECT chain_id FROM customer WHERE id = $1""",
        principal_id,
    )
    return found[0]["chain_id"] if found else None


async def owner_of(chain: str) -> tuple[str, str] | None:
    """The first owner of the whole chain of this name, and the chain's id."""
    found = await rows(
        """SELECT g.staff_id, g.chain_id FROM role_grant g JOIN chain c ON c.id = g.chain_id
        WHERE c.name = $1 AND g.role = $2 AND g.branch_id IS NULL AND g.revoked_at IS NULL ORDER BY g.id LIMIT 1""",
        chain,
        Role.OWNER.value,
    )
    return (found[0]["staff_id"], found[0]["chain_id"]) if found else None


async def staff_by_ids(actor: Actor, staff_ids: Sequence[str]) -> list[Staff]:
    """Those of the people who work for the actor's chain."""
    found = await rows(f"{STAFF} WHERE chain_id = $1 AND id = ANY($2)", actor.chain_id, list(staff_ids))
    return [Staff(**row) for row in found]


async def lock_staff(work: Work, staff_id: str) -> Staff | None:
    """A person of the chain, whose roles stay as they are until the act ends."""
    found = await rows(f"{STAFF} WHERE chain_id = $1 AND id = $2 FOR UPDATE", work.chain_id, staff_id)
    return Staff(**found[0]) if found else None


async def staff_with_email(chain_id: str, email: str) -> Staff | None:
    """The chain's person with this e-mail address."""
    found = await rows(f"{STAFF} WHERE chain_id = $1 AND email = $2", chain_id, email)
    return Staff(**found[0]) if found else None


async def insert_staff(work: Work, person: Staff) -> None:
    """A person who joins the staff."""
    await insert(
        "staff",
        [
            {
                "id": person.id,
                "chain_id": work.chain_id,
                "name": person.name,
                "email": person.email,
                "created_at": work.now,
            }
        ],
    )


async def grant_held(staff_id: str, role: Role, branch_id: str | None) -> str | None:
    """The id of the grant by which a person holds this very role there now."""
    found = await rows(
        """SELECT id FROM role_grant WHERE staff_id = $1 AND role = $2 AND COALESCE(branch_id, '') = $3
        AND revoked_at IS NULL""",
        staff_id,
        role.value,
        branch_id or "",
    )
    return found[0]["id"] if found else None


async def insert_grant(work: Work, grant_id: str, staff_id: str, grant: Grant) -> None:
    """A role that a person holds from now on."""
    await insert(
        "role_grant",
        [
            {
                "id": grant_id,
                "chain_id": work.chain_id,
                "staff_id": staff_id,
                "role": grant.role.value,
                "branch_id": grant.branch_id,
                "granted_at": work.now,
            }
        ],
    )


async def lock_api_key(work: Work, api_key_id: str) -> ApiKey | None:
    """A key of the chain, which nobody else can revoke until the act ends."""
    found = await rows(f"{API_KEY} WHERE chain_id = $1 AND id = $2 FOR UPDATE", work.chain_id, api_key_id)
    return api_key_of(found[0]) if found else None


def api_key_of(row: dict[str, Any]) -> ApiKey:
    """The key in a row of `API_KEY`."""
    return ApiKey(**{**row, "scopes": tuple(Scope(scope) for scope in row["scopes"])})


async def insert_api_key(work: Work, key: ApiKey, secret_hash: str) -> None:
    """A key that may be used from now on."""
    await insert(
        "api_key",
        [
            {
                "id": key.id,
                "chain_id": work.chain_id,
                "name": key.name,
                "secret_hash": secret_hash,
                "scopes": [scope.value for scope in key.scopes],
                "created_at": key.created_at,
            }
        ],
    )


async def revoke(work: Work, api_key_id: str) -> None:
    """A key that may be used no more."""
    await execute("UPDATE api_key SET revoked_at = $2 WHERE id = $1", api_key_id, work.now)
