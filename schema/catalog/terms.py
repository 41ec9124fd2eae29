"""The complete rules of a package as the graph shows them."""

import strawberry

from domain.catalog import policies, terms
from schema.catalog import terms_groups as groups
from schema.percent import percent_of
from schema.scalars import Money, money_of


@strawberry.type(description="A rule of the package in a sentence that a customer can read before buying.")
class Policy:
    """One sentence and what it is about."""

    topic: policies.Topic = strawberry.field(description="What the sentence is about.")
    text: str = strawberry.field(description="The sentence.")


@strawberry.type(description="The complete rules of a package; copied into it at sale, never changed by later edits.")
class Terms:
    """All the groups."""

    paid_sessions: int = strawberry.field(description="Sessions that the price is for.")
    bonus_sessions: int = strawberry.field(description="Sessions that come free with them.")
    sessions: int = strawberry.field(description="All the sessions.")
    items: list[groups.TermsItem] = strawberry.field(description="What the sessions are for.")
    price: groups.TermsPrice = strawberry.field(description="What it costs.")
    validity: groups.TermsValidity = strawberry.field(description="How long it may be used.")
    where: groups.TermsWhere = strawberry.field(description="Where and with whom it may be used.")
    who: groups.TermsWho = strawberry.field(description="Sharing and transfer.")
    cancellation: groups.TermsCancellation = strawberry.field(description="What cancelling a booking costs.")
    change: groups.TermsChange = strawberry.field(description="Top-ups and upgrades.")
    refund: groups.TermsRefund = strawberry.field(description="What comes back when it is given back.")
    use: groups.TermsUse = strawberry.field(description="When it may be used.")
    source: strawberry.Private[terms.Terms]

    @strawberry.field(description="The same rules in sentences, to be shown before purchase.")
    def policies(self) -> list[Policy]:
        return policies_of(self.source)


def policies_of(of: terms.Terms) -> list[Policy]:
    """Terms in sentences as the graph shows them."""
    return sentences_of(policies.policies(of))


def sentences_of(found: list[policies.Policy]) -> list[Policy]:
    """Sentences as the graph shows them."""
    return [Policy(topic=policy.topic, text=policy.text) for policy in found]


def terms_of(of: terms.Terms) -> Terms:
    """Terms as the graph shows them."""
    currency = of.price.currency
    return Terms(
        paid_sessions=of.paid_sessions,
        bonus_sessions=of.bonus_sessions,
        sessions=of.sessions,
        items=[groups.TermsItem(paid=item.paid, bonus=item.bonus, service_ids=item.service_ids) for item in of.items],
        price=_price(of.price),
        validity=_validity(of.validity),
        where=groups.TermsWhere(
            scope=of.where.scope, branch_ids=of.where.branch_ids, practitioner_ids=of.where.practitioner_ids
        ),
        who=_who(of.who, currency),
        cancellation=_cancellation(of.cancellation),
        change=_change(of.change, currency),
        refund=refund_terms_of(of.refund, currency),
        use=_use(of.use),
        source=of,
    )


def _amount(amount_minor: int | None, currency: str) -> Money | None:
    return None if amount_minor is None else money_of(amount_minor, currency)


def _price(price: terms.Price) -> groups.TermsPrice:
    return groups.TermsPrice(
        amount=money_of(price.amount_minor, price.currency),
        tax_rate=percent_of(price.tax_rate_bp),
        tax_code=price.tax_code,
        tax_included=price.tax_included,
        branch_taxes=[
            groups.BranchTax(branch_id=groups.ID(tax.branch_id), tax_rate=percent_of(tax.rate_bp), tax_code=tax.code)
            for tax in price.branch_taxes
        ],
        tax_point=price.tax_point,
        bonus_value=price.bonus_value,
        bonus_order=price.bonus_order,
    )


def _validity(validity: terms.Validity) -> groups.TermsValidity:
    return groups.TermsValidity(
        days=validity.days,
        months=validity.months,
        until=validity.until,
        starts=validity.starts,
        start_within_days=validity.start_within_days,
        expiry=validity.expiry,
        grace_days=validity.grace_days,
        grace_allows=validity.grace_allows,
        renewal_in_grace=validity.renewal_in_grace,
    )


def _who(who: terms.Who, currency: str) -> groups.TermsWho:
    return groups.TermsWho(
        sharing=who.sharing,
        transfer=who.transfer,
        partial_transfer=who.partial_transfer,
        maximum_transfers=who.maximum_transfers,
        transfer_fee=money_of(who.transfer_fee_minor, currency),
        transfer_needs_approval=who.transfer_needs_approval,
    )


def _cancellation(cancellation: terms.Cancellation) -> groups.TermsCancellation:
    return groups.TermsCancellation(
        free_until_hours=cancellation.free_until_hours,
        late=cancellation.late,
        no_show=cancellation.no_show,
        reschedules=cancellation.reschedules,
    )


def _change(change: terms.Change, currency: str) -> groups.TermsChange:
    return groups.TermsChange(
        top_up=change.top_up,
        top_up_minimum=change.top_up_minimum,
        top_up_maximum=change.top_up_maximum,
        top_up_price=change.top_up_price,
        top_up_fixed_price=_amount(change.top_up_fixed_minor, currency),
        top_up_days=change.top_up_days,
        upgrade_to=[groups.ID(definition) for definition in change.upgrade_to],
        upgrade_method=change.upgrade_method,
    )


def refund_terms_of(refund: terms.Refunding, currency: str) -> groups.TermsRefund:
    """A refund policy with prices in a currency as the graph shows it."""
    return groups.TermsRefund(
        basis=refund.basis,
        penalty_fixed=money_of(refund.penalty_fixed_minor, currency),
        penalty_percent=percent_of(refund.penalty_bp),
        penalty_of=refund.penalty_of,
        penalty_at_most=_amount(refund.penalty_at_most_minor, currency),
        penalty_at_least=_amount(refund.penalty_at_least_minor, currency),
        penalty_unused_at_most=_amount(refund.penalty_unused_at_most_minor, currency),
        cooling_off_days=refund.cooling_off_days,
        cooling_off_business_days=refund.cooling_off_business_days,
        admin_fee=money_of(refund.admin_fee_minor, currency),
        fee_taxed=refund.fee_taxed,
        approval_above=_amount(refund.approval_above_minor, currency),
    )


def _use(use: terms.Use) -> groups.TermsUse:
    return groups.TermsUse(
        activation=use.activation,
        up_to_paid=use.up_to_paid,
        limit_per_customer=use.limit_per_customer,
        freeze_days=use.freeze_days,
        freeze_times=use.freeze_times,
    )
