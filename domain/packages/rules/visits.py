"""Where, by whom and when a visit may take place."""

from datetime import datetime

from domain.catalog.terms import BranchScope
from domain.packages.errors import BadVisitTime, BranchClosed, WrongBranch, WrongPractitioner
from domain.packages.sold import Place, Sold


def refuse_place(sold: Sold, place: Place) -> None:
    """Refuse branches or practitioners that the terms exclude."""
    where = sold.terms.where
    usable_at = {
        BranchScope.SELLING_BRANCH: (sold.selling_branch_id,),
        BranchScope.LISTED: where.branch_ids,
        BranchScope.CHAIN: (place.branch_id,),
    }[where.scope]
    if place.branch_id not in usable_at:
        raise WrongBranch(sold.id, place.branch_id, usable_at)
    if where.practitioner_ids and place.practitioner_id not in where.practitioner_ids:
        raise WrongPractitioner(sold.id, where.practitioner_ids)


def refuse_closed(place: Place, at: datetime) -> None:
    """Refuse a branch that had been closed by then."""
    if place.closed_at is not None and at >= place.closed_at:
        raise BranchClosed(place.branch_id, place.closed_at)


def refuse_visit_time(at: datetime, earliest: datetime, latest: datetime) -> None:
    """Refuse a visit outside the time in which it can have taken place."""
    if not earliest <= at <= latest:
        raise BadVisitTime(at, earliest, latest)
