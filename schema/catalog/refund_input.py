"""A refund policy as a client writes it: a ready one to adopt, with what is given in its place."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import strawberry
from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from domain.catalog import terms
from domain.refunds.presets import NotAdoptable, adoptable
from schema.catalog.adopted import contradictions
from schema.catalog.amounts import Amounts
from schema.scalars import Decimal

_AMOUNTS = (
    "penalty_fixed",
    "penalty_at_most",
    "penalty_at_least",
    "penalty_unused_at_most",
    "admin_fee",
    "approval_above",
)
_BOUNDS = ("penalty_at_most", "penalty_at_least", "penalty_unused_at_most", "approval_above")
"""What may be null, which says that there is none; null for anything else leaves it as it is."""


@strawberry.input(
    description="What comes back when the package is given back. With a preset, whatever is given here counts in its "
    "place, a zero and a null for no bound too, and all else is as the preset has it; the package keeps what comes of "
    "it, whatever becomes of the preset."
)
class RefundInput:
    """Refund."""

    preset: str | None = strawberry.field(
        default=None, description="The code of a ready policy that is adopted, from `refundPolicyPresets`."
    )
    basis: terms.RefundBasis | None = strawberry.field(
        default=UNSET, description="How used sessions are valued; PAID_SESSIONS unless given."
    )
    penalty_fixed: Decimal | None = strawberry.field(
        default=UNSET, description="The fixed part of the penalty; none unless given."
    )
    penalty_percent: Decimal | None = strawberry.field(
        default=UNSET, description='The part in per cent, such as "10.00"; none unless given.'
    )
    penalty_of: terms.PenaltyOf | None = strawberry.field(
        default=UNSET, description="What the per cent are taken of; REMAINDER unless given."
    )
    penalty_at_most: Decimal | None = strawberry.field(default=UNSET, description="The most the penalty can be.")
    penalty_at_least: Decimal | None = strawberry.field(default=UNSET, description="The least the penalty can be.")
    penalty_unused_at_most: Decimal | None = strawberry.field(
        default=UNSET, description="The most the penalty can be as long as nothing was used, where that is less."
    )
    cooling_off_days: int | None = strawberry.field(
        default=UNSET, description="Days after the sale without any penalty; none unless given."
    )
    cooling_off_business_days: bool | None = strawberry.field(
        default=UNSET, description="Whether only business days count for that; they do not unless given."
    )
    admin_fee: Decimal | None = strawberry.field(
        default=UNSET, description="A fee kept from every refund; none unless given."
    )
    fee_taxed: bool | None = strawberry.field(
        default=UNSET,
        description="Whether what is kept, penalty and fee, has tax in it by the rate of the package; it has not "
        "unless given.",
    )
    approval_above: Decimal | None = strawberry.field(
        default=UNSET,
        description="Refunds above it need approval; none does unless given. What is owed no more is no part of that: "
        "it counts towards no limit.",
    )

    def read(self, amounts: Amounts, currency: str, group: str = "refund") -> terms.Refunding:
        """Refunding as the domain knows it; `group` is where in the input it is."""
        given: dict[str, Any] = dict(self._given(amounts, currency, group))
        adopted = self._adopted(amounts, currency, group)
        read = replace(adopted, **given)
        if self.preset is not None:
            names = {to_camel_case(name) for name in vars(self) if self._is_given(name)}
            for name, message in contradictions(self.preset, adopted, read, names, currency):
                amounts.wrong(message, group, name)
        return read

    def _adopted(self, amounts: Amounts, currency: str, group: str) -> terms.Refunding:
        if self.preset is not None:
            try:
                return adoptable(self.preset, currency).refund
            except NotAdoptable as problem:
                amounts.wrong(f"{problem}.", group, "preset")
        return terms.Refunding()

    def _given(self, amounts: Amounts, currency: str, group: str) -> Iterator[tuple[str, object]]:
        for name, value in vars(self).items():
            if not self._is_given(name):
                continue
            path = (group, to_camel_case(name))
            if name == "penalty_percent":
                yield "penalty_bp", amounts.basis_points(value, *path)
            elif name in _AMOUNTS:
                yield f"{name}_minor", amounts.minor_if_given(value, currency, *path)
            else:
                yield name, value

    def _is_given(self, name: str) -> bool:
        value = getattr(self, name)
        return name != "preset" and value is not UNSET and (value is not None or name in _BOUNDS)
