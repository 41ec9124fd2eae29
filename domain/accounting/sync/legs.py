"""Pure: what documents are made of, before anything is called as it is called elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from domain.accounting.plain_text.chart import NARRATIONS
from domain.ledger.accounts import Account, Event

LONGEST_MEMO = 500


@dataclass(frozen=True, slots=True)
class Leg:
    """One side: a positive amount is a debit, a negative one a credit; with all that a mapping can choose by."""

    account: Account
    branch_id: str
    branch: str
    amount_minor: int
    counterparty: str | None = None
    service_id: str | None = None
    service: str | None = None
    tax_code: str | None = None


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry with its place in the sealed order, the day on the wall of what it tells, and its legs."""

    id: str
    position: int
    event: Event
    posted_on: date
    effective_on: date
    currency: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that is to be made of these entries; without a branch it tells of several."""

    branch_id: str | None
    day: date
    currency: str
    memo: str
    legs: tuple[Leg, ...]
    entry_ids: tuple[str, ...]
    first_position: int
    last_position: int


def of_entry(entry: SealedEntry) -> Draft:
    """The document of one entry."""
    branches = {leg.branch_id for leg in entry.legs}
    told = NARRATIONS[entry.event]
    if entry.effective_on != entry.posted_on:
        told = f"{told}, of {entry.effective_on}"
    return Draft(
        branch_id=branches.pop() if len(branches) == 1 else None,
        day=entry.posted_on,
        currency=entry.currency,
        memo=f"{told}, {_branches(entry.legs)}",
        legs=entry.legs,
        entry_ids=(entry.id,),
        first_position=entry.position,
        last_position=entry.position,
    )


def of_day(branch_id: str, day: date, entries: Iterable[SealedEntry]) -> list[Draft]:
    """The documents of what a branch posted on a day, one for each currency."""
    by_currency: dict[str, list[SealedEntry]] = defaultdict(list)
    for entry in entries:
        by_currency[entry.currency].append(entry)
    return [_summary(branch_id, day, currency, its) for currency, its in sorted(by_currency.items())]


def _summary(branch_id: str, day: date, currency: str, entries: list[SealedEntry]) -> Draft:
    legs = summed(leg for entry in entries for leg in entry.legs if leg.branch_id == branch_id)
    count = "one entry" if len(entries) == 1 else f"{len(entries)} entries"
    positions = [entry.position for entry in entries]
    return Draft(
        branch_id=branch_id,
        day=day,
        currency=currency,
        memo=f"{day}, {_branches(legs)}, {count}",
        legs=legs,
        entry_ids=tuple(entry.id for entry in entries),
        first_position=min(positions),
        last_position=max(positions),
    )


def summed(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """What differs in nothing but the amount added up, debits and credits apart."""
    sums: dict[tuple[Leg, bool], int] = defaultdict(int)
    for leg in legs:
        sums[replace(leg, amount_minor=0), leg.amount_minor > 0] += leg.amount_minor
    added = [replace(leg, amount_minor=amount) for (leg, _), amount in sums.items()]
    return tuple(sorted(added, key=_order))


def _order(leg: Leg) -> tuple[object, ...]:
    parts = (leg.branch, leg.account.value, leg.counterparty, leg.service, leg.tax_code)
    return (*(part or "" for part in parts), leg.amount_minor < 0)


def _branches(legs: Iterable[Leg]) -> str:
    return ", ".join(dict.fromkeys(leg.branch for leg in legs))


def to_json(legs: Iterable[Leg]) -> list[dict[str, object]]:
    """As the database keeps them."""
    return [{name: getattr(leg, name) for name in Leg.__slots__} for leg in legs]


def from_json(rows: Iterable[Mapping[str, object]]) -> tuple[Leg, ...]:
    """As the database has kept them."""
    return tuple(Leg(**{**row, "account": Account(str(row["account"]))}) for row in rows)  # type: ignore[arg-type]
