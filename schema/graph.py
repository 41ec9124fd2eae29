"""The whole graph: what can be asked and done, assembled from its nouns."""

import strawberry
from starlette.requests import Request
from strawberry.schema.config import StrawberryConfig

from domain.kernel.access import Actor, Principal
from schema.accounting.breakage_mutations import BreakageMutations
from schema.accounting.breakage_queries import BreakageQueries
from schema.accounting.mutations import PeriodMutations
from schema.accounting.periods import PeriodQueries
from schema.accounting.sync_mutations import SyncMutations
from schema.accounting.sync_queries import SyncQueries
from schema.bookings.mutations import BookingMutations
from schema.bookings.queries import BookingQueries
from schema.branch_transfers.mutations import BranchTransferMutations
from schema.branch_transfers.queries import BranchTransferQueries
from schema.branches.mutations import BranchMutations
from schema.branches.queries import BranchQueries
from schema.catalog.mutations import CatalogMutations
from schema.catalog.queries import CatalogQueries
from schema.context import Context
from schema.customers.duplicates import DuplicateQueries
from schema.customers.mutations import CustomerMutations
from schema.customers.queries import CustomerQueries
from schema.denials import DenialQueries
from schema.descriptions import describe_arguments, describe_readers
from schema.documents import GraphSchema
from schema.execution import Execution, find_leaves
from schema.expiry.mutations import ExpiryMutations
from schema.expiry.queries import ExpiryQueries
from schema.feed.mutations import FeedMutations
from schema.feed.queries import FeedQueries
from schema.imports.mutations import ImportMutations
from schema.inbox.mutations import InboxMutations
from schema.inbox.queries import InboxQueries
from schema.ledger.queries import LedgerQueries
from schema.links import Download, Link, Links
from schema.node import NodeQueries
from schema.packages.mutations import PackageMutations
from schema.packages.queries import PackageQueries
from schema.payments.mutations import PaymentMutations
from schema.people.mutations import PeopleMutations
from schema.people.queries import PeopleQueries
from schema.refunds.limits import RefundLimitQueries
from schema.refunds.mutations import RefundMutations
from schema.refunds.queries import RefundQueries
from schema.refusals import exception_handlers
from schema.reports.business import BusinessQueries
from schema.reports.download import DownloadQueries
from schema.reports.queries import ReportQueries
from schema.scalars import SCALARS
from schema.settlements.mutations import SettlementMutations
from schema.settlements.queries import SettlementQueries
from schema.settlements.rates_mutations import SettlementRateMutations
from schema.settlements.rates_queries import SettlementRateQueries
from schema.sharing.mutations import SharingMutations
from schema.topups.quote import TopUpQueries
from schema.topups.top_up_package import TopUpMutations
from schema.transfers.mutations import TransferMutations
from schema.transfers.queries import TransferQueries
from schema.upgrades.quote import UpgradeQueries
from schema.upgrades.upgrade_package import UpgradeMutations
from schema.viewer import ViewerQueries
from schema.webhooks.mutations import WebhookMutations
from schema.webhooks.queries import WebhookQueries


@strawberry.type(description="Everything that can be read. What you may not see is null or left out.")
class Query(
    ViewerQueries,
    NodeQueries,
    BranchQueries,
    BranchTransferQueries,
    PeopleQueries,
    CustomerQueries,
    DuplicateQueries,
    CatalogQueries,
    PackageQueries,
    BookingQueries,
    TransferQueries,
    TopUpQueries,
    UpgradeQueries,
    RefundQueries,
    RefundLimitQueries,
    ExpiryQueries,
    DenialQueries,
    BreakageQueries,
    LedgerQueries,
    FeedQueries,
    SyncQueries,
    BusinessQueries,
    ReportQueries,
    PeriodQueries,
    SettlementRateQueries,
    SettlementQueries,
    DownloadQueries,
    WebhookQueries,
    InboxQueries,
):
    """The root of reading."""


@strawberry.type(description="Every act that can be carried out. A refused act writes nothing.")
class Mutation(
    BranchMutations,
    BranchTransferMutations,
    PeopleMutations,
    CustomerMutations,
    CatalogMutations,
    PackageMutations,
    PaymentMutations,
    BookingMutations,
    TransferMutations,
    RefundMutations,
    TopUpMutations,
    UpgradeMutations,
    ExpiryMutations,
    BreakageMutations,
    FeedMutations,
    SyncMutations,
    ImportMutations,
    PeriodMutations,
    SharingMutations,
    SettlementRateMutations,
    SettlementMutations,
    WebhookMutations,
    InboxMutations,
):
    """The root of acting."""


def _assembled() -> GraphSchema:
    whole = GraphSchema(
        Query,
        mutation=Mutation,
        config=StrawberryConfig(scalar_map=SCALARS),
        exception_handlers=exception_handlers(),
        execution_context_class=Execution,
    )
    describe_arguments(whole)
    describe_readers(whole)
    find_leaves(whole)
    return whole


schema = _assembled()

NOBODY = Actor(Principal.CUSTOMER, "nobody", "nobody")
"""Stands in where only the schema itself is read: a customer of no chain."""


def sdl() -> str:
    """The schema in GraphQL's own language, as it is committed."""
    return schema.as_str() + "\n"


def make_context(links: Links, request: Request, actor: Actor | None) -> Context:
    """What an operation knows; who only reads the schema itself is nobody, and sees nothing of any chain."""

    def link(download: Download) -> Link:
        return links.made(download, str(request.base_url))

    return Context(actor or NOBODY, link)
