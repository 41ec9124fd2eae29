"""Denials: whoever is refused as forbidden leaves one row of it, written when all else has ended; nothing else is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from domain.kernel import clock
from domain.kernel.access import Actor, Principal
from domain.kernel.db import Where, insert, retrying, rows, transaction
from domain.kernel.errors import Forbidden
from domain.kernel.ids import new_id
from domain.kernel.reads import DENIALS

log = structlog.get_logger()

_ATTEMPTS = 3
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class DenialView:
    """What somebody asked for and may not do or read."""

    id: str
    asked: str
    principal: Principal
    principal_id: str
    needs: str
    denied_at: datetime


_DENIAL = f"SELECT {', '.join(DenialView.__slots__)} FROM denial"


async def note(actor: Actor, denied: Sequence[Forbidden]) -> None:
    """Write down what was denied, the same thing asked twice at once only once; never fails, as the answer is given.

    The transaction in which it was denied has ended. What was noted before is not noted again on its way out.
    """
    fresh = {each.act: each for each in denied if not each.noted}
    if not fresh:
        return
    for each in fresh.values():
        each.noted = True
        log.warning("denied", act=each.act, principal=actor.id, chain=actor.chain_id)
    try:
        await _write([_row(actor, each) for each in fresh.values()])
    except Exception:
        log.exception("a denial could not be written down", principal=actor.id, chain=actor.chain_id)


async def _write(records: list[dict[str, Any]]) -> None:
    async def attempt() -> None:
        async with transaction():
            await insert("denial", records)

    await retrying(attempt, _ATTEMPTS)


def _row(actor: Actor, denied: Forbidden) -> dict[str, Any]:
    return {
        "id": new_id("den"),
        "chain_id": actor.chain_id,
        "asked": denied.act,
        "principal": actor.kind.value,
        "principal_id": actor.id,
        "needs": denied.needs[:_LONGEST],
        "denied_at": clock.now(),
    }


async def page(actor: Actor, limit: int, before_id: str | None = None) -> list[DenialView]:
    """The denials of the chain, newest first, before an id; refuses who does not own all of it."""
    if not DENIALS.lets(actor):
        raise Forbidden("read denials", DENIALS.needs)
    where = Where()
    where.add("chain_id = {chain}", chain=actor.chain_id)
    where.add_given("id < {value}", before_id)
    found = await rows(f"{_DENIAL} WHERE {where} ORDER BY id DESC LIMIT {where.value(limit)}", *where.args)
    return [_denial(row) for row in found]


async def by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, DenialView]:
    """Those of the denials that the actor may see, by id."""
    if not DENIALS.lets(actor):
        return {}
    found = await rows(f"{_DENIAL} WHERE chain_id = $1 AND id = ANY($2)", actor.chain_id, list(ids))
    return {row["id"]: _denial(row) for row in found}


def _denial(row: dict[str, Any]) -> DenialView:
    return DenialView(**row | {"principal": Principal(row["principal"])})
