"""Rows of branches.csv, services.csv and package_definitions.csv, and all that is good of them together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.branches.rules import is_time_zone
from domain.imports.rules.cells import Cells
from domain.imports.rules.faults import Fault, RowRefused
from domain.kernel.money import is_currency

MAX_SESSIONS = 10_000
MAX_DAYS = 36_500
MAX_GRACE_DAYS = 3_660
NAME = 120
_ITEM = re.compile(r"([^:;]+):([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class BranchRow:
    """A branch of the chain."""

    code: str
    name: str
    time_zone: str
    currency: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service and what one session costs at each branch that offers it."""

    code: str
    name: str
    category: str
    duration_minutes: int
    group_class: bool
    list_prices: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Item:
    """So many paid and bonus sessions of one service."""

    service: str
    paid: int
    bonus: int

    @property
    def sessions(self) -> int:
        """Paid and bonus together."""
        return self.paid + self.bonus


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """A package definition as the chain sells it."""

    code: str
    name: str
    kind: str
    items: tuple[Item, ...]
    price_minor: int
    currency: str
    single_price_minor: int | None
    validity_days: int
    grace_days: int
    selling_branch_only: bool
    household_sharing: bool
    refund_basis: str
    per_customer_limit: int | None

    @property
    def is_bundle(self) -> bool:
        """Whether it holds sessions of more than one service."""
        return len(self.items) > 1


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The good branches, services and definitions, by code, in the order of their rows."""

    branches: Mapping[str, BranchRow]
    services: Mapping[str, ServiceRow]
    definitions: Mapping[str, DefinitionRow]

    @property
    def currency(self) -> str:
        """The one currency of the chain's branches; empty while there is no good branch."""
        return next((branch.currency for branch in self.branches.values()), "")

    def branch(self, code: str) -> BranchRow:
        """The branch of that code."""
        if code not in self.branches:
            raise RowRefused(Fault.UNKNOWN_BRANCH)
        return self.branches[code]

    def definition(self, code: str) -> DefinitionRow:
        """The definition of that code."""
        if code not in self.definitions:
            raise RowRefused(Fault.UNKNOWN_DEFINITION)
        return self.definitions[code]


def parse_branch(cells: Cells, catalogue: Catalogue) -> BranchRow:
    """A branch; all branches of a chain that is imported have the currency of the first."""
    time_zone = cells.required("timezone", 64)
    if not is_time_zone(time_zone):
        raise RowRefused(Fault.BAD_TIME_ZONE)
    currency = cells.required("currency", 3)
    if not is_currency(currency) or currency != (catalogue.currency or currency):
        raise RowRefused(Fault.BAD_CURRENCY)
    return BranchRow(
        code=cells.code("code"),
        name=cells.required("name", NAME),
        time_zone=time_zone,
        currency=currency,
        city=cells.text("city", NAME),
        country=cells.text("country", 2),
    )


def parse_service(cells: Cells, catalogue: Catalogue) -> ServiceRow:
    """A service; a blank list price means that the branch does not offer it."""
    prices = {
        code: cells.price(f"list_price_{code}", branch.currency)
        for code, branch in catalogue.branches.items()
        if cells.texts[f"list_price_{code}"]
    }
    return ServiceRow(
        code=cells.code("code"),
        name=cells.required("name", NAME),
        category=cells.text("category", 60),
        duration_minutes=cells.number("duration_min", 1, 1440),
        group_class=cells.choice("group_class", "yes", "no") == "yes",
        list_prices=prices,
    )


def parse_definition(cells: Cells, catalogue: Catalogue) -> DefinitionRow:
    """A package definition, in the currency of the chain."""
    currency = cells.required("currency", 3)
    if currency != catalogue.currency:
        raise RowRefused(Fault.BAD_CURRENCY)
    single, limit = cells.texts["single_price"], cells.texts["per_customer_limit"]
    return DefinitionRow(
        code=cells.code("code"),
        name=cells.required("name", NAME),
        kind=cells.choice("kind", "pack", "bonus", "trial", "bundle"),
        items=_items(cells, catalogue),
        price_minor=cells.price("price", currency),
        currency=currency,
        single_price_minor=cells.price("single_price", currency) if single else None,
        validity_days=cells.number("validity_days", 1, MAX_DAYS),
        grace_days=cells.number("grace_days", 0, MAX_GRACE_DAYS),
        selling_branch_only=cells.choice("branch_scope", "all", "selling") == "selling",
        household_sharing=cells.choice("household_sharing", "yes", "no") == "yes",
        refund_basis=cells.choice("refund_basis", "pro_rata", "list_price", "paid_sessions_only", "none"),
        per_customer_limit=cells.number("per_customer_limit", 1, MAX_SESSIONS) if limit else None,
    )


def _items(cells: Cells, catalogue: Catalogue) -> tuple[Item, ...]:
    """`MAS60:4;FAC50:2` with the bonus sessions taken out; the three session columns must agree with it."""
    counts = [_item(text, catalogue) for text in cells.required("services", 500).split(";")]
    total = cells.number("sessions_total", 1, MAX_SESSIONS)
    paid = cells.number("paid_sessions", 1, MAX_SESSIONS)
    bonus = cells.number("bonus_sessions", 0, MAX_SESSIONS)
    if total != paid + bonus or total != sum(sessions for _, sessions in counts):
        raise RowRefused(Fault.BAD_NUMBER)
    if bonus and len(counts) > 1:
        raise RowRefused(Fault.BONUS_IN_BUNDLE)
    if bonus:
        return (Item(counts[0][0], paid, bonus),)
    return tuple(Item(service, sessions, 0) for service, sessions in counts)


def _item(text: str, catalogue: Catalogue) -> tuple[str, int]:
    match = _ITEM.fullmatch(text.strip())
    if match is None or int(match[2]) == 0:
        raise RowRefused(Fault.BAD_NUMBER)
    if match[1] not in catalogue.services:
        raise RowRefused(Fault.UNKNOWN_SERVICE)
    if not catalogue.services[match[1]].list_prices:
        raise RowRefused(Fault.SERVICE_NOT_PRICED)
    return match[1], int(match[2])
