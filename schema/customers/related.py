"""Loaders of what belongs to customers: their households, the members of these, their references."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from domain.customers import reading, store
from domain.customers.store import Household
from domain.customers.view import CustomerView
from domain.kernel.access import Actor
from schema.context import Loader

V = TypeVar("V")


async def _households(actor: Actor, ids: list[str]) -> Mapping[str, Household]:
    return {household.id: household for household in await store.households_by_ids(actor, ids)}


async def _members(actor: Actor, household_ids: list[str]) -> Mapping[str, list[CustomerView]]:
    return _grouped(await reading.members_of(actor, household_ids))


async def _references(actor: Actor, customer_ids: list[str]) -> Mapping[str, list[str]]:
    return _grouped(await reading.references_of(actor, customer_ids))


def _grouped(pairs: Iterable[tuple[str, V]]) -> Mapping[str, list[V]]:
    found: dict[str, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


HOUSEHOLD = Loader(_households)
MEMBERS = Loader(_members)
REFERENCES = Loader(_references)
