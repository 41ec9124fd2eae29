"""Every statement about chains and branches; branches are no secret inside their chain."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.branches.settings import BreakageMethod, LapseTax, OpenBookings, Settings, Shortfall
from domain.kernel.access import Actor
from domain.kernel.commands import Work
from domain.kernel.db import Where, insert, rows
from domain.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Chain:
    """The tenant and its settings."""

    id: str
    name: str
    currency: str
    settings: Settings
    books_open_from: date | None


@dataclass(frozen=True, slots=True)
class Branch:
    """A location of the chain."""

    id: str
    code: str
    name: str
    time_zone: str
    currency: str
    legal_entity: str
    opened_at: datetime
    closed_at: datetime | None
    weekend: str = "67"
    """The days of the week without business, 1 for Monday."""


_SETTINGS = tuple(Settings.__slots__)
_ENUMS = {
    "shortfall": Shortfall,
    "open_bookings": OpenBookings,
    "lapse_tax": LapseTax,
    "breakage_method": BreakageMethod,
}
_CHAIN = f"SELECT id, name, currency, books_open_from, {', '.join(_SETTINGS)} FROM chain"
_BRANCH = "SELECT id, code, name, time_zone, currency, legal_entity, opened_at, closed_at, weekend FROM branch"


async def chain(chain_id: str) -> Chain:
    """The chain that an actor belongs to."""
    return _chain((await rows(f"{_CHAIN} WHERE id = $1", chain_id))[0])


async def lock_open_from(chain_id: str) -> date | None:
    """The first day whose books are open, None where none ever closed; they do not close before the act has ended."""
    found = await rows("SELECT books_open_from FROM chain WHERE id = $1 FOR KEY SHARE", chain_id)
    open_from: date | None = found[0]["books_open_from"]
    return open_from


async def chain_named(name: str) -> Chain | None:
    """The chain of this name."""
    found = await rows(f"{_CHAIN} WHERE name = $1", name)
    return _chain(found[0]) if found else None


async def chain_names() -> list[str]:
    """The names of all chains, in the order in which they were founded."""
    return [row["name"] for row in await rows("SELECT name FROM chain ORDER BY id")]


def _chain(row: dict[str, Any]) -> Chain:
    return Chain(row["id"], row["name"], row["currency"], _settings(row), row["books_open_from"])


def _settings(row: dict[str, Any]) -> Settings:
    plain = {name: row[name] for name in _SETTINGS}
    return Settings(**plain | {name: kind(row[name]) for name, kind in _ENUMS.items()})


async def change_settings(chain_id: str, given: dict[str, Any], cleared: Collection[str] = ()) -> Settings:
    """Give the chain's settings other values, but for those None or left out; answers all as they are then.

    Those that are cleared have no value any more, where they may have none.
    """
    kept = [name for name in _SETTINGS if name not in cleared]
    changes = [f"{name} = COALESCE(${place}, {name})" for place, name in enumerate(kept, 2)]
    changes += [f"{name} = NULL" for name in cleared]
    found = await rows(
        f"UPDATE chain SET {', '.join(changes)} WHERE id = $1 RETURNING {', '.join(_SETTINGS)}",
        chain_id,
        *(given.get(name) for name in kept),
    )
    return _settings(found[0])


async def insert_chain(work: Work, name: str, currency: str) -> None:
    """The actor's own chain, which did not exist before."""
    await insert(
        "chain",
        [
            {
                "id": work.chain_id,
                "name": name,
                "currency": currency,
                "created_at": work.now,
                "backdate_days": 7,
                "reversal_hours": 48,
            }
        ],
    )


async def with_code(chain_id: str, code: str) -> Branch | None:
    """The chain's branch of this code."""
    found = await rows(f"{_BRANCH} WHERE chain_id = $1 AND code = $2", chain_id, code)
    return Branch(**found[0]) if found else None


async def by_ids(actor: Actor, branch_ids: Sequence[str]) -> list[Branch]:
    """Those of the branches that belong to the actor's chain."""
    found = await rows(f"{_BRANCH} WHERE chain_id = $1 AND id = ANY($2)", actor.chain_id, list(branch_ids))
    return [Branch(**row) for row in found]


async def branch(actor: Actor, branch_id: str, *path: str) -> Branch:
    """A branch of the actor's chain, or the refusal that there is none, for the input field at the path."""
    found = await by_ids(actor, [branch_id])
    if not found:
        raise NotFound("branch", branch_id, *path)
    return found[0]


async def page(actor: Actor, after: str | None, limit: int, only: Collection[str] | None = None) -> list[Branch]:
    """Branches of the chain, or only some of them, in the order in which they opened, from the one after this id."""
    where = Where()
    where.add("chain_id = {chain}", chain=actor.chain_id)
    where.add_given("id > {value}", after)
    where.add_given("id = ANY({value})", None if only is None else sorted(only))
    found = await rows(f"{_BRANCH} WHERE {where} ORDER BY id LIMIT {where.value(limit)}", *where.args)
    return [Branch(**row) for row in found]


async def insert_branch(work: Work, new: Branch) -> None:
    """A branch that opens."""
    names = ("id", "code", "name", "time_zone", "currency", "legal_entity", "opened_at")
    await insert("branch", [{"chain_id": work.chain_id} | {name: getattr(new, name) for name in names}])
