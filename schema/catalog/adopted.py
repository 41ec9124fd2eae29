"""What a ready refund policy brings along that cannot go with what is given in its place."""

from collections.abc import Collection, Iterator

from domain.catalog.impossible import impossible_refund
from domain.catalog.terms import Refunding

_GOES_WITH = {"coolingOffDays": "coolingOffBusinessDays", "penaltyAtMost": "penaltyAtLeast"}
"""What a field that is given may contradict."""
_SET = {
    "penaltyFixed": ("penalty_fixed_minor", "0"),
    "penaltyPercent": ("penalty_bp", "0"),
    "penaltyAtMost": ("penalty_at_most_minor", "null"),
    "penaltyAtLeast": ("penalty_at_least_minor", "null"),
    "penaltyUnusedAtMost": ("penalty_unused_at_most_minor", "null"),
    "coolingOffBusinessDays": ("cooling_off_business_days", "false"),
    "adminFee": ("admin_fee_minor", "0"),
    "feeTaxed": ("fee_taxed", "false"),
}
"""Each field as terms have it, and what to give for none of it."""


def contradictions(
    preset: str, adopted: Refunding, refund: Refunding, given: Collection[str], currency: str
) -> Iterator[tuple[str, str]]:
    """Fields, each with what is wrong and what the preset has set of it; leaving that out would change nothing."""
    for problem in impossible_refund(refund, currency):
        name = problem.path[-1]
        for each in (name, _GOES_WITH.get(name, name)):
            attribute, none = _SET.get(each, ("", ""))
            if attribute and each not in given and getattr(adopted, attribute) != getattr(Refunding(), attribute):
                yield name, f"{problem.message} {each} comes from the preset {preset}: give {none} to have none."
                break
