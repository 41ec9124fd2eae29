"""What the graph reads of freezes and of extensions of many packages, always scoped by the actor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.expiry.bulk_store import Failure
from domain.kernel.access import Actor
from domain.kernel.db import Where, rows


class Cause(StrEnum):
    """Why a package was frozen."""

    MANUAL = "MANUAL"
    DISPUTE = "DISPUTE"


@dataclass(frozen=True, slots=True)
class FreezeView:
    """A time in which a package could not be used; without an end while a dispute lasts."""

    id: str
    package_id: str
    cause: Cause
    starts_on: date
    thaws_on: date | None
    frozen_from: datetime
    thaws_at: datetime | None
    days_added: int


@dataclass(frozen=True, slots=True)
class BulkExtensionView:
    """An extension of many packages, and how far it has come."""

    id: str
    operation_id: str
    branch_id: str | None
    definition_id: str | None
    days: int
    reason: str
    as_of: datetime
    packages: int
    extended: int
    failed: int
    finished_at: datetime | None


async def freezes(package_ids: Sequence[str]) -> dict[str, list[FreezeView]]:
    """The freezes of packages, oldest first. The caller has made sure that the actor may see the packages."""
    found = await rows(
        f"""SELECT {", ".join(FreezeView.__slots__)} FROM "freeze" WHERE package_id = ANY($1)
        ORDER BY package_id, frozen_from, id""",
        list(package_ids),
    )
    grouped: dict[str, list[FreezeView]] = {package_id: [] for package_id in package_ids}
    for row in found:
        grouped[row["package_id"]].append(FreezeView(**row | {"cause": Cause(row["cause"])}))
    return grouped


def _visible(actor: Actor) -> Where:
    """Those of their branches for branch staff; those of the whole chain for who sees all of it; none for customers."""
    where = Where()
    where.add("chain_id = {chain}", chain=actor.chain_id)
    if actor.visible_branches is not None:
        where.add("branch_id = ANY({ids})", ids=sorted(actor.visible_branches))
    return where


_EXTENSION = f"SELECT {', '.join(BulkExtensionView.__slots__)} FROM bulk_extension"


async def extensions_by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, BulkExtensionView]:
    """Those of the extensions that the actor may see, by id."""
    where = _visible(actor)
    where.add("id = ANY({ids})", ids=list(ids))
    return {row["id"]: BulkExtensionView(**row) for row in await rows(f"{_EXTENSION} WHERE {where}", *where.args)}


async def extensions_page(actor: Actor, limit: int, before_id: str | None = None) -> list[BulkExtensionView]:
    """The extensions that the actor may see, newest first, before an id."""
    where = _visible(actor)
    where.add_given("id < {value}", before_id)
    found = await rows(f"{_EXTENSION} WHERE {where} ORDER BY id DESC LIMIT {where.value(limit)}", *where.args)
    return [BulkExtensionView(**row) for row in found]


async def failures(extension_ids: Sequence[str], limit: int) -> dict[str, list[Failure]]:
    """The first packages that each extension could not extend. The caller has made sure that the actor may see it."""
    found = await rows(
        """SELECT bulk_extension_id, package_id, code, message FROM (SELECT f.*, ROW_NUMBER() OVER
            (PARTITION BY bulk_extension_id ORDER BY id) AS place FROM extension_failure f
            WHERE bulk_extension_id = ANY($1)) ranked
        WHERE place <= $2 ORDER BY bulk_extension_id, place""",
        list(extension_ids),
        limit,
    )
    grouped: dict[str, list[Failure]] = {extension_id: [] for extension_id in extension_ids}
    for row in found:
        grouped[row.pop("bulk_extension_id")].append(Failure(**row))
    return grouped
