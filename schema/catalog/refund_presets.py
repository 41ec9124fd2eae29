"""The query refundPolicyPresets: ready refund policies with where they come from."""

from typing import Annotated

import strawberry

from domain.branches import store as branches
from domain.catalog import policies
from domain.refunds import presets
from schema.catalog.terms import Policy, refund_terms_of, sentences_of
from schema.catalog.terms_groups import TermsRefund
from schema.context import Info
from schema.scalars import CurrencyCode


@strawberry.type(description="Where the rule stands that a ready policy follows.")
class PresetSource:
    """A source."""

    title: str = strawberry.field(description="The law or the scheme.")
    place: str = strawberry.field(description="Where in it.")
    page: str | None = strawberry.field(description="A page that tells of it, where one was read.")


@strawberry.type(
    description="A ready refund policy, to be adopted by its code in `definePackage` and adjusted there. It helps to "
    "write terms and is no legal advice: its note says where the rule it stands for says more."
)
class RefundPolicyPreset:
    """A preset."""

    code: str = strawberry.field(description="Its name in `refund.preset`.")
    name: str = strawberry.field(description="What it is called.")
    note: str = strawberry.field(description="What it does, and what terms cannot say of it.")
    country: str | None = strawberry.field(description="The country (ISO 3166) whose rule it is; null for any.")
    sector: str | None = strawberry.field(description="The line of business that the rule is for; null for any.")
    currency: CurrencyCode | None = strawberry.field(
        description="The currency that prices must have, as its amounts are in it; null for any."
    )
    sources: list[PresetSource] = strawberry.field(description="Where the rule stands.")
    refund: TermsRefund = strawberry.field(
        description="The policy; without a currency of its own in the one that was asked for, or else the chain's."
    )
    policies: list[Policy] = strawberry.field(description="The same in sentences, as buyers would read them.")


Country = Annotated[
    str | None, strawberry.argument(description="The country (ISO 3166), such as JP; any when left out.")
]
Currency = Annotated[
    CurrencyCode | None, strawberry.argument(description="The currency of the prices; any when left out.")
]


async def resolve(info: Info, country: Country = None, currency: Currency = None) -> list[RefundPolicyPreset] | None:
    """Show those that fit."""
    found = presets.fitting_presets(country, currency)
    shown_in = currency or (await branches.chain(info.context.actor.chain_id)).currency
    return [_preset_of(preset, preset.currency or shown_in) for preset in found]


def _preset_of(preset: presets.Preset, currency: str) -> RefundPolicyPreset:
    return RefundPolicyPreset(
        code=preset.code,
        name=preset.name,
        note=preset.note,
        country=preset.country,
        sector=preset.sector,
        currency=None if preset.currency is None else CurrencyCode(preset.currency),
        sources=[PresetSource(title=each.title, place=each.place, page=each.page) for each in preset.sources],
        refund=refund_terms_of(preset.refund, currency),
        policies=sentences_of(policies.refund_policies(preset.refund, currency)),
    )


QUERY = strawberry.field(
    resolver=resolve,
    description="Ready refund policies with their sources, by code. Those of a country come with those of none, those "
    "in a currency with those that have no amounts; all come when nothing is given.",
)
