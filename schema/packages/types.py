"""The package as the graph shows it: status, balance, lots, money, and where each of them comes from."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.catalog.terms import Sharing
from domain.kernel.access import Principal
from domain.kernel.calendar import local_date
from domain.packages import rules
from domain.packages.rules import Status
from domain.packages.sold import Closing
from domain.packages.view import PackageView, PaymentState
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.loaders import DEFINITION
from schema.catalog.terms import Terms, terms_of
from schema.catalog.types import PackageDefinition
from schema.connections import Connection
from schema.context import Info
from schema.customers.loaders import CUSTOMER
from schema.customers.types import Customer
from schema.expiry.freezes import PackageFreeze, freezes_of
from schema.interfaces import Node
from schema.ledger.operation import Operation
from schema.loading import load_all
from schema.packages.explanation import Explanation, explained
from schema.packages.history import history_of
from schema.packages.instalments import Instalment, instalment_of, plan_of
from schema.packages.loaders import PACKAGE, TERMS
from schema.packages.lots import Balance, Lot, balance_of, lot_of
from schema.scalars import Money, money_of

if TYPE_CHECKING:
    from schema.bookings.types import Booking
    from schema.branch_transfers.types import BranchTransfer
    from schema.payments.payment import Payment
    from schema.refunds.types import Refund
    from schema.sharing.types import Share
    from schema.topups.types import TopUp
    from schema.transfers.types import Transfer
    from schema.upgrades.types import Upgrade


@strawberry.type(description="One package that was sold: what its holder has, may still use, and why.")
class Package(Node):
    """A sold package."""

    reference: str | None = strawberry.field(description="The reference another system or the desk gave it.")
    name: str = strawberry.field(description="Its name at the time of sale.")
    status: Status = strawberry.field(description="What it is now, by the clock.")
    balance: Balance = strawberry.field(description="Its sessions by where they are.")
    expires_on: date = strawberry.field(
        description="The last day, without grace, on which something left can be used; by the home branch's clock."
    )
    sold_at: datetime = strawberry.field(description="When it was sold.")
    activated_at: datetime | None = strawberry.field(description="From when it could be used; null while PENDING.")
    start_by: date | None = strawberry.field(
        description="The last day to start, where validity starts with the first use; by the home branch's clock."
    )
    frozen_from: datetime | None = strawberry.field(
        description="When its freeze began or will begin; null when none holds and none is planned."
    )
    thaws_at: datetime | None = strawberry.field(description="The instant from which that freeze lets it be used.")
    disputed_at: datetime | None = strawberry.field(description="Since when a payment for it is disputed.")
    closed_at: datetime | None = strawberry.field(description="When it was closed for good, if it was.")
    closed_as: Closing | None = strawberry.field(description="What closed it for good, if something did.")
    sharing: Sharing = strawberry.field(
        description="Who besides the holder may use it now; what its terms allow, or NONE after that was revoked."
    )
    price: Money = strawberry.field(description="What the customer agreed to pay, with tax.")
    tax: Money = strawberry.field(description="The tax in it.")
    paid: Money = strawberry.field(description="What was paid so far.")
    outstanding: Money = strawberry.field(description="What is still to be paid.")
    payment_state: PaymentState = strawberry.field(description="How far it is paid.")
    value_left: Money = strawberry.field(description="The part of the price still owed to the holder as sessions.")
    version: int = strawberry.field(description="Rises with every act on it.")
    view: strawberry.Private[PackageView]

    @strawberry.field(description="Its lots, oldest first.")
    def lots(self) -> list[Lot]:
        return [lot_of(lot, self.view.currency) for lot in self.view.lots]

    @strawberry.field(
        description="When what is owed for it is due, by the plan that counts; empty without a plan, and for a "
        "customer outside of the holder's household."
    )
    async def instalments(self, info: Info) -> list[Instalment]:
        if not await _tells_payments(info, self.view):
            return []
        followed = self.view.followed(await plan_of(info, self.view))
        return [instalment_of(each, self.view.currency) for each in followed]

    @strawberry.field(
        description="What is outstanding and no instalment covers, because a payment was taken back, or sessions were "
        "added, after the plan was agreed: due at once, and overdue until it is paid or another plan is agreed; 0 "
        "without a plan."
    )
    async def beyond_instalments(self, info: Info) -> Money:
        return money_of(self.view.beyond_minor(await plan_of(info, self.view)), self.view.currency)

    @strawberry.field(
        description="Whether the day of an instalment is over and something of it is open, or more is outstanding than "
        "the instalments cover."
    )
    async def overdue(self, info: Info) -> bool:
        return self.view.overdue_minor(await plan_of(info, self.view)) > 0

    @strawberry.field(
        description="What is open of the instalments whose day is over, and what is outstanding that none covers."
    )
    async def overdue_amount(self, info: Info) -> Money:
        return money_of(self.view.overdue_minor(await plan_of(info, self.view)), self.view.currency)

    @strawberry.field(
        description="What was paid for it, in the order in which it was recorded; empty for a customer outside of the "
        "holder's household."
    )
    async def payments(self, info: Info) -> list[Annotated["Payment", strawberry.lazy("schema.payments.payment")]]:
        from schema.payments.payment import payments_shown

        return await payments_shown(info, self.view.id) if await _tells_payments(info, self.view) else []

    @strawberry.field(description="The first day on which it can be used again, by the home branch's clock.")
    async def thaws_on(self, info: Info) -> date | None:
        home = await info.context.load(BRANCH, self.view.home_branch_id) if self.thaws_at else None
        return local_date(self.thaws_at, home.time_zone) if self.thaws_at and home else None

    @strawberry.field(description="Every time in which it was, is or will be frozen, oldest first.")
    async def freezes(self, info: Info) -> list[PackageFreeze]:
        return await freezes_of(info, self.view.id)

    @strawberry.field(description="The home branch, which owes the sessions.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.home_branch_id)

    @strawberry.field(description="Every time it moved, or was to move, to another home branch, oldest first.")
    async def branch_transfers(
        self, info: Info
    ) -> list[Annotated["BranchTransfer", strawberry.lazy("schema.branch_transfers.types")]]:
        from schema.branch_transfers.types import transfers_of_package

        return await transfers_of_package(info, self.view.id)

    @strawberry.field(description="The branch that sold it.")
    async def selling_branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.selling_branch_id)

    @strawberry.field(
        description="The branches where it may be used by its terms, but for closed ones; its home branch is always "
        "one of them. Null where it may be used at every branch of the chain; empty where all of them have closed."
    )
    async def usable_at(self, info: Info) -> list[Branch] | None:
        terms = await info.context.load(TERMS, self.view.id)
        assert terms is not None, "whoever sees a package sees its terms"
        ids = rules.usable_at(terms.where, self.view.selling_branch_id, self.view.home_branch_id)
        if ids is None:
            return None
        found = await load_all(info, BRANCH, ids)
        return [branch for branch in found if branch.closed_at is None or branch.closed_at > self.view.read_at]

    @strawberry.field(description="Who holds it; null when you may not see that customer.")
    async def holder(self, info: Info) -> Customer | None:
        return await info.context.load(CUSTOMER, self.view.holder_id)

    @strawberry.field(
        description="Persons named to share it, or members of the household for whom there is a limit: those for whom "
        "that holds, or with `revoked` for whom it held too, oldest first, the newest 100. A customer outside of the "
        "holder's household sees of them themselves only."
    )
    async def shares(
        self, info: Info, revoked: bool = False
    ) -> list[Annotated["Share", strawberry.lazy("schema.sharing.types")]]:
        from schema.sharing.types import shares_shown

        return await shares_shown(info, self.view.id, revoked)

    @strawberry.field(description="The catalogue entry it was sold from.")
    async def definition(self, info: Info) -> PackageDefinition | None:
        return await info.context.load(DEFINITION, self.view.definition_id)

    @strawberry.field(description="The rules it is bound by: the definition's at the moment of sale, never changed.")
    async def terms(self, info: Info) -> Terms | None:
        found = await info.context.load(TERMS, self.view.id)
        return terms_of(found) if found else None

    @strawberry.field(
        description="Every act on it, in the order they were carried out; with `first` from the oldest, with `last` "
        "up to the newest."
    )
    async def history(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Operation]:
        return await history_of(info, self.view.id, first, after, last, before)

    @strawberry.field(
        description="Every step from the sale to now, or to a past instant as it was recorded then, and how each "
        "figure came about."
    )
    async def explanation(self, info: Info, at: datetime | None = None) -> Explanation | None:
        return await explained(info, self.view.id, at)

    @strawberry.field(description="Sessions that were added to it for money, oldest first.")
    async def top_ups(self, info: Info) -> list[Annotated["TopUp", strawberry.lazy("schema.topups.types")]]:
        from schema.topups.types import top_ups_of_package

        return await top_ups_of_package(info, self.view.id)

    @strawberry.field(description="Sessions handed on out of it or into it, as far as you may see them, newest first.")
    async def transfers(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Annotated["Transfer", strawberry.lazy("schema.transfers.types")]]:
        from schema.transfers.queries import transfers_of_package

        return await transfers_of_package(info, self.view.id, first, after)

    @strawberry.field(description="What was given back of it, or asked to be, as far as you may see it, newest first.")
    async def refunds(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Annotated["Refund", strawberry.lazy("schema.refunds.types")]]:
        from schema.refunds.queries import refunds_of_package

        return await refunds_of_package(info, self.view.id, first, after)

    @strawberry.field(
        description="How it was closed for another package; null when it was not, and for a customer outside of the "
        "holder's household."
    )
    async def upgraded_to(self, info: Info) -> Annotated["Upgrade", strawberry.lazy("schema.upgrades.types")] | None:
        from schema.upgrades.types import upgraded_to

        return await upgraded_to(info, self.view.id) if await _tells_payments(info, self.view) else None

    @strawberry.field(
        description="How it was opened for a package that was closed; null when it was not, and for a customer outside "
        "of the holder's household."
    )
    async def upgraded_from(self, info: Info) -> Annotated["Upgrade", strawberry.lazy("schema.upgrades.types")] | None:
        from schema.upgrades.types import upgraded_from

        return await upgraded_from(info, self.view.id) if await _tells_payments(info, self.view) else None

    @strawberry.field(description="The visits held on it, as far as you may see them, the latest first.")
    async def bookings(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Annotated["Booking", strawberry.lazy("schema.bookings.types")]]:
        from schema.bookings.queries import bookings_of_package

        return await bookings_of_package(info, self.view.id, first, after)


async def _tells_payments(info: Info, view: PackageView) -> bool:
    """Whether when and how it is paid is told: of customers only to those who may see the holder."""
    actor = info.context.actor
    if actor.kind is not Principal.CUSTOMER or view.holder_id == actor.id:
        return True
    return await info.context.load(CUSTOMER, view.holder_id) is not None


def package_of(view: PackageView) -> Package:
    """A package as the graph shows it."""
    currency = view.currency
    frozen_from, thaws_at = view.freeze or (None, None)
    return Package(
        id=strawberry.ID(view.id),
        reference=view.reference,
        name=view.name,
        status=view.status,
        balance=balance_of(view.lots),
        expires_on=view.expires_on,
        sold_at=view.sold_at,
        activated_at=view.activated_at,
        start_by=view.start_by,
        frozen_from=frozen_from,
        thaws_at=thaws_at,
        disputed_at=view.disputed_at,
        closed_at=view.closed_at,
        closed_as=view.closed_as,
        sharing=view.sharing,
        price=money_of(view.price_minor, currency),
        tax=money_of(view.tax_minor, currency),
        paid=money_of(view.paid_minor, currency),
        outstanding=money_of(view.outstanding.amount_minor, currency),
        payment_state=view.payment_state,
        value_left=money_of(sum(lot.value_left_minor for lot in view.lots), currency),
        version=view.version,
        view=view,
    )


async def shown(info: Info, package_id: str) -> Package | None:
    """A package as the actor may see it now."""
    view = await info.context.load(PACKAGE, package_id)
    return package_of(view) if view else None


@strawberry.type
class OfPackage:
    """Mixed into the outcomes of acts on a package, which is read only when it is asked for."""

    package_id: strawberry.ID = strawberry.field(description="The package's id.")

    @strawberry.field(description="The package, as it is now; null when you may act on it but not see it.")
    async def package(self, info: Info) -> Package | None:
        return await shown(info, self.package_id)
