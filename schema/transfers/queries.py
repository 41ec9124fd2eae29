"""Reading transfers, and what one would come to."""

import strawberry

from domain.kernel.access import Actor
from domain.transfers import reading
from domain.transfers.asked import State
from domain.transfers.view import TransferFilter, TransferView
from schema.connections import Connection, connection, page
from schema.context import Info, Loader
from schema.transfers import quote
from schema.transfers.types import Transfer, transfer_of, transfer_shown

Key = tuple[int, str | None, str]


@strawberry.input(description="Which transfers; every part that is given must hold.")
class TransferFilterInput:
    """The filter of transfers."""

    package_id: strawberry.ID | None = strawberry.field(default=None, description="Out of this package or into it.")
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="By this customer or to them.")
    states: list[State] = strawberry.field(default_factory=list, description="In one of these states.")

    def chosen(self) -> TransferFilter:
        """The filter as the domain knows it."""
        return TransferFilter(self.package_id, self.customer_id, tuple(dict.fromkeys(self.states)))


async def _of_packages(actor: Actor, keys: list[Key]) -> dict[Key, list[TransferView]]:
    """One statement for each page asked for."""
    found: dict[Key, list[TransferView]] = {}
    for size, behind in dict.fromkeys((size, behind) for size, behind, _ in keys):
        ids = [package_id for *asked, package_id in keys if asked == [size, behind]]
        each = await reading.of_packages(actor, ids, size, behind)
        found |= {(size, behind, package_id): transfers for package_id, transfers in each.items()}
    return found


OF_PACKAGE: Loader[Key, list[TransferView]] = Loader(_of_packages)


async def transfers_of_package(
    info: Info, package_id: str, first: int | None, after: str | None
) -> Connection[Transfer]:
    """A page of the transfers of a package; many packages take one statement together."""
    asked = page(first, after, "transfers", package_id)
    behind = asked.after[0] if asked.after else None
    found = await info.context.load(OF_PACKAGE, (asked.size + 1, behind, package_id)) or []
    return connection(found, asked, transfer_of, lambda view: [view.id])


@strawberry.type
class TransferQueries:
    """Mixed into the root query."""

    transfer_quote: quote.TransferQuoteResult | None = quote.QUERY

    @strawberry.field(description="One transfer; null when there is none that you may see.")
    async def transfer(self, info: Info, id: strawberry.ID) -> Transfer | None:
        return await transfer_shown(info, id)

    @strawberry.field(
        description="Sessions handed on from one customer to another, newest first: for customers what they gave, or "
        "asked for, and what they got once it has moved, for the staff of single branches what packages gave and got "
        "that concern these."
    )
    async def transfers(
        self, info: Info, first: int | None = None, after: str | None = None, filter: TransferFilterInput | None = None
    ) -> Connection[Transfer] | None:
        chosen = filter.chosen() if filter else TransferFilter()
        asked = page(first, after, "transfers", chosen)
        behind = asked.after[0] if asked.after else None
        found = await reading.page(info.context.actor, chosen, asked.size + 1, behind)
        return connection(found, asked, transfer_of, lambda view: [view.id])
