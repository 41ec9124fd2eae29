"""Where, by whom and when a visit may take place."""

from datetime import datetime

from domain.catalog.terms import BranchScope, Where
from domain.packages.errors import BadVisitTime, BranchClosed, WrongBranch, WrongPractitioner
from domain.packages.sold import Place, Sold


def usable_at(where: Where, selling_branch_id: str, home_branch_id: str) -> tuple[str, ...] | None:
    """The branches where a package may be used: those of its terms, and always its home; None for every branch."""
    named = {
        BranchScope.SELLING_BRANCH: (selling_branch_id,),
        BranchScope.LISTED: where.branch_ids,
        BranchScope.CHAIN: None,
    }[where.scope]
    return None if named is None else tuple(dict.fromkeys((*named, home_branch_id)))


def refuse_place(sold: Sold, place: Place) -> None:
    """Refuse branches or practitioners that the terms exclude."""
    where = sold.terms.where
    there = usable_at(where, sold.selling_branch_id, sold.home_branch_id)
    if there is not None and place.branch_id not in there:
        raise WrongBranch(sold.id, place.branch_id, there)
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
