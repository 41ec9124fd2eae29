"""Pure arithmetic of delivery costs: so many sessions at so much each."""

from collections.abc import Mapping

from domain.kernel.money import to_decimal_string

_TERMS = 6
"""A formula of more terms than these is no help to anybody."""


def costed(sessions: Mapping[int | None, int], currency: str) -> tuple[int, str]:
    """What sessions cost in all, given by what one of them costs, and how: `2 x 18.00 + 1 x 25.00 = 61.00`.

    Those whose cost is not known are left out.
    """
    known = sorted((cost, count) for cost, count in sessions.items() if cost is not None and count)
    total = to_decimal_string(sum(cost * count for cost, count in known), currency)
    terms = [f"{count} \u00d7 {to_decimal_string(cost, currency)}" for cost, count in known]
    if len(terms) > _TERMS:
        terms = [f"{sum(count for _, count in known)} sessions at {len(known)} different costs"]
    return sum(cost * count for cost, count in known), f"{' + '.join(terms)} = {total}" if terms else total
