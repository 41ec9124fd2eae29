"""What the graph reads of sessions handed on: by who sees one of both packages, and by both customers."""

from collections.abc import Sequence
from typing import Any

from domain.kernel.access import Actor, Principal
from domain.kernel.db import Where, rows
from domain.ledger.persons import persons
from domain.packages.seen import AT_BRANCHES
from domain.transfers.asked import FeePayer, State
from domain.transfers.view import TransferFilter, TransferView

_OWN = ", ".join(f"t.{name}" for name in TransferView.__slots__ if name != "currency")
_TRANSFERS = f"SELECT {_OWN}, c.currency FROM transfer t JOIN chain c ON c.id = t.chain_id"


def _visible(actor: Actor) -> Where:
    """Their own for customers, what they get once it has moved; for the staff of branches those of packages there.

    Whoever may yet get nothing is not told of it, nor that it was refused them.
    """
    where = Where()
    where.add("t.chain_id = {chain}", chain=actor.chain_id)
    if actor.kind is Principal.CUSTOMER:
        own = persons(where.value([actor.id]))
        where.add(f"t.sender_id IN {own} OR (t.recipient_id IN {own} AND t.state IN ('DONE', 'UNDONE'))")
    elif actor.visible_branches is not None:
        at = AT_BRANCHES.format(ids=where.value(sorted(actor.visible_branches)))
        where.add(
            f"EXISTS (SELECT 1 FROM package p WHERE (p.id = t.package_id OR p.id = t.into_package_id) AND ({at}))"
        )
    return where


async def by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, TransferView]:
    """Those of the transfers that the actor may see, by id."""
    where = _visible(actor)
    where.add("t.id = ANY({ids})", ids=list(ids))
    return {row["id"]: _view(row) for row in await rows(f"{_TRANSFERS} WHERE {where}", *where.args)}


async def page(actor: Actor, chosen: TransferFilter, limit: int, before_id: str | None = None) -> list[TransferView]:
    """At most so many transfers that the actor may see, newest first, before an id."""
    where = _visible(actor)
    if chosen.package_id is not None:
        where.add("t.package_id = {id} OR t.into_package_id = {id}", id=chosen.package_id)
    if chosen.customer_id is not None:
        own = persons(where.value([chosen.customer_id]))
        where.add(f"t.sender_id IN {own} OR t.recipient_id IN {own}")
    if chosen.states:
        where.add("t.state = ANY({states})", states=[state.value for state in chosen.states])
    where.add_given("t.id < {value}", before_id)
    found = await rows(f"{_TRANSFERS} WHERE {where} ORDER BY t.id DESC LIMIT {where.value(limit)}", *where.args)
    return [_view(row) for row in found]


async def of_packages(
    actor: Actor, package_ids: Sequence[str], limit: int, before_id: str | None = None
) -> dict[str, list[TransferView]]:
    """The newest transfers out of each package or into it, before an id: one statement for all."""
    where = _visible(actor)
    where.add_given("t.id < {value}", before_id)
    ids = where.value(list(package_ids))
    sides = " UNION ALL ".join(
        f"SELECT {_OWN}, c.currency, t.{side} AS side FROM transfer t JOIN chain c ON c.id = t.chain_id"
        f" WHERE t.{side} = ANY({ids}) AND {where}"
        for side in ("package_id", "into_package_id")
    )
    found = await rows(
        f"""SELECT * FROM (SELECT s.*, ROW_NUMBER() OVER (PARTITION BY s.side ORDER BY s.id DESC) AS place
            FROM ({sides}) s) ranked WHERE place <= {where.value(limit)} ORDER BY side, place""",
        *where.args,
    )
    grouped: dict[str, list[TransferView]] = {package_id: [] for package_id in package_ids}
    for row in found:
        grouped[row.pop("side")].append(_view(row))
    return grouped


def _view(row: dict[str, Any]) -> TransferView:
    known = {name: row[name] for name in TransferView.__slots__}
    flags = {name: bool(row[name]) for name in ("with_bookings", "opened")}
    return TransferView(**known | flags | {"state": State(row["state"]), "fee_payer": FeePayer(row["fee_payer"])})
