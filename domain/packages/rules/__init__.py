"""Pure rules of packages: what they are worth selling for, whether they may be used, what their status is."""

from domain.packages.rules.blocks import (
    Blockable,
    Status,
    disputed,
    frozen,
    refuse_blocked,
    refuse_ended,
    refuse_frozen,
    status,
)
from domain.packages.rules.charging import charged
from domain.packages.rules.dates import SOLD, STARTED, dated, first_use, may_start, not_started, start_by, started
from domain.packages.rules.instalments import (
    Followed,
    Instalment,
    Planned,
    agreed,
    beyond_plan,
    check_plan,
    followed,
    overdue_minor,
    refuse_plan,
)
from domain.packages.rules.lapses import by_the_clock, is_due, lapsed_by
from domain.packages.rules.paid import activated, refuse_above_limit, refuse_unpaid, used_beyond_paid
from domain.packages.rules.sale import goodwill_lot, new_lots, valued_lots
from domain.packages.rules.sharing import Sharer, may_use, refuse_sharer, shares
from domain.packages.rules.use import last_instant, lots_and_shortfall, lots_to_use, packages_in_order, remaining
from domain.packages.rules.visits import refuse_closed, refuse_place, refuse_visit_time, usable_at

__all__ = [
    "SOLD",
    "STARTED",
    "Blockable",
    "Followed",
    "Instalment",
    "Planned",
    "Sharer",
    "Status",
    "activated",
    "agreed",
    "beyond_plan",
    "by_the_clock",
    "charged",
    "check_plan",
    "dated",
    "disputed",
    "first_use",
    "followed",
    "frozen",
    "goodwill_lot",
    "is_due",
    "lapsed_by",
    "last_instant",
    "lots_and_shortfall",
    "lots_to_use",
    "may_start",
    "may_use",
    "new_lots",
    "not_started",
    "overdue_minor",
    "packages_in_order",
    "refuse_above_limit",
    "refuse_blocked",
    "refuse_closed",
    "refuse_ended",
    "refuse_frozen",
    "refuse_place",
    "refuse_plan",
    "refuse_sharer",
    "refuse_unpaid",
    "refuse_visit_time",
    "remaining",
    "shares",
    "start_by",
    "started",
    "status",
    "usable_at",
    "used_beyond_paid",
    "valued_lots",
]
