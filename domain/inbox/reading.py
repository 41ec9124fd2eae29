"""Every statement by which the graph reads hooks and what came to them: for who owns the chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.inbox.rules import EventState
from domain.inbox.view import EVENT, HOOK, EventView, HookView, event_of, hook_of
from domain.kernel.access import Actor
from domain.kernel.db import Where, newest_ids, rows
from domain.kernel.reads import HOOKS


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events; every part that is given must hold."""

    hook_id: str | None = None
    state: EventState | None = None
    event_id: str | None = None


async def page(actor: Actor, after: str | None, limit: int) -> list[HookView]:
    """The hooks of the chain that are open, in the order of their opening, from after this id."""
    if not HOOKS.lets(actor):
        return []
    found = await rows(
        f"{HOOK} WHERE chain_id = $1 AND closed_at IS NULL AND id > $2 ORDER BY id LIMIT $3",
        actor.chain_id,
        after or "",
        limit,
    )
    return [hook_of(row) for row in found]


async def by_ids(actor: Actor, ids: Sequence[str]) -> Mapping[str, HookView]:
    """Those of the hooks that the actor may see, closed ones too, by id."""
    if not HOOKS.lets(actor):
        return {}
    found = await rows(f"{HOOK} WHERE chain_id = $1 AND id = ANY($2)", actor.chain_id, list(ids))
    return {row["id"]: hook_of(row) for row in found}


async def counts_of(actor: Actor, hook_ids: Sequence[str]) -> Mapping[str, Mapping[EventState, int]]:
    """Of each hook that the actor may see, how many events wait, and how many were rejected."""
    seen = await by_ids(actor, hook_ids)
    found = await rows(
        """SELECT hook_id, state, COUNT(*) AS events FROM inbound_event
        WHERE hook_id = ANY($1) AND state IN ('RECEIVED', 'REJECTED') GROUP BY hook_id, state""",
        list(seen),
    )
    counts: dict[str, dict[EventState, int]] = {hook_id: {} for hook_id in seen}
    for row in found:
        counts[row["hook_id"]][EventState(row["state"])] = row["events"]
    return counts


async def events(actor: Actor, chosen: EventFilter, limit: int, before: str | None = None) -> list[EventView]:
    """Events, newest first, before an id."""
    if not HOOKS.lets(actor):
        return []
    known = await rows("SELECT id FROM inbound_hook WHERE chain_id = $1 ORDER BY id DESC", actor.chain_id)
    those = [row["id"] for row in known if chosen.hook_id in (None, row["id"])]
    if not those:
        return []
    where = Where()
    where.add_given("event_id = {value}", chosen.event_id)
    states = [chosen.state] if chosen.state else list(EventState)
    newest = newest_ids("inbound_event", "hook_id", where, those, states, limit, before)
    found = await rows(f"{EVENT} WHERE e.id IN ({newest}) ORDER BY e.id DESC LIMIT {where.value(limit)}", *where.args)
    return [event_of(row) for row in found]


async def events_by_ids(actor: Actor, ids: Sequence[str]) -> Mapping[str, EventView]:
    """Those of the events that the actor may see, by id."""
    if not HOOKS.lets(actor):
        return {}
    where = _of_chain(actor)
    where.add("e.id = ANY({ids})", ids=list(ids))
    return {row["id"]: event_of(row) for row in await rows(f"{_EVENTS} WHERE {where}", *where.args)}


_EVENTS = f"{EVENT} JOIN inbound_hook h ON h.id = e.hook_id"


def _of_chain(actor: Actor) -> Where:
    where = Where()
    where.add("h.chain_id = {chain}", chain=actor.chain_id)
    return where
