"""Loader of customers."""

from collections.abc import Mapping

from domain.customers import reading
from domain.kernel.access import Actor
from schema.context import Loader
from schema.customers.types import Customer, customer_of


async def _customers(actor: Actor, ids: list[str]) -> Mapping[str, Customer]:
    return {customer.id: customer_of(customer) for customer in await reading.by_ids(actor, ids)}


CUSTOMER = Loader(_customers)
