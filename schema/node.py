"""Finding anything again by its id."""

from asyncio import gather
from collections.abc import Awaitable, Callable

import strawberry

from domain.kernel.ids import prefix_of
from schema.accounting.accounting_connections import connection_shown
from schema.accounting.breakage_types import run_shown
from schema.accounting.periods import period_shown
from schema.accounting.reconciliations import reconciliation_shown
from schema.accounting.sync_documents import document_shown
from schema.bookings.types import shown as booking_shown
from schema.branch_transfers.closings import closing_shown
from schema.branch_transfers.types import transfer_shown as branch_transfer_shown
from schema.branches.loaders import BRANCH
from schema.catalog.loaders import DEFINITION, VERSION
from schema.catalog.service import SERVICE
from schema.connections import MAX_FIRST
from schema.context import Info, Loader
from schema.customers.loaders import CUSTOMER
from schema.customers.types import household_shown
from schema.denials import denial_shown
from schema.errors import BadUserInput
from schema.expiry.types import extension_shown
from schema.feed.types import reader_shown
from schema.inbox.events import event_shown
from schema.inbox.types import hook_shown
from schema.interfaces import Node
from schema.ledger.entry import entry_shown
from schema.ledger.operation import operation_shown
from schema.packages.types import shown
from schema.people.loaders import API_KEY, STAFF
from schema.refunds.types import refund_shown
from schema.settlements.lines import line_shown
from schema.settlements.rates_types import rate_shown
from schema.settlements.types import settlement_shown
from schema.transfers.types import transfer_shown
from schema.webhooks.deliveries import delivery_shown
from schema.webhooks.types import webhook_shown

Find = Callable[[Info, str], Awaitable[Node | None]]


def _loaded(loader: Loader[str, Node]) -> Find:
    async def find(info: Info, id: str) -> Node | None:
        return await info.context.load(loader, id)

    return find


FIND: dict[str, Find] = {
    "bkg": booking_shown,
    "brn": _loaded(BRANCH),
    "btr": branch_transfer_shown,
    "cls": closing_shown,
    "con": connection_shown,
    "cus": _loaded(CUSTOMER),
    "def": _loaded(DEFINITION),
    "den": denial_shown,
    "dfv": _loaded(VERSION),
    "doc": document_shown,
    "ext": extension_shown,
    "fdr": reader_shown,
    "hsh": household_shown,
    "ihk": hook_shown,
    "ine": event_shown,
    "key": _loaded(API_KEY),
    "jrn": entry_shown,
    "op": operation_shown,
    "pkg": shown,
    "prd": period_shown,
    "rcn": reconciliation_shown,
    "ref": refund_shown,
    "rte": rate_shown,
    "run": run_shown,
    "srv": _loaded(SERVICE),
    "stl": line_shown,
    "stm": settlement_shown,
    "stf": _loaded(STAFF),
    "trf": transfer_shown,
    "whd": delivery_shown,
    "whk": webhook_shown,
}
"""How each kind of thing is found, by the prefix of its id."""


async def found(info: Info, id: str) -> Node | None:
    """The thing with this id; malformed, unknown and hidden ones are alike."""
    find = FIND.get(prefix_of(id))
    return await find(info, id) if find else None


@strawberry.type
class NodeQueries:
    """Mixed into the root query."""

    @strawberry.field(description="Anything by its id; null when there is nothing with it that you may see.")
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        return await found(info, id)

    @strawberry.field(
        description=f"At most {MAX_FIRST} things by their ids, in the order asked for, null where `node` would be null."
    )
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None] | None:
        if len(ids) > MAX_FIRST:
            raise BadUserInput(f"At most {MAX_FIRST} ids can be asked for at once; {len(ids)} were given.")
        return list(await gather(*(found(info, each) for each in ids)))
